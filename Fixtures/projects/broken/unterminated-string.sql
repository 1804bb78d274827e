CREATE SCHEMA shipping;
CREATE TABLE shipping.parcels (id bigint PRIMARY KEY, note text);
COMMENT ON TABLE shipping.parcels IS '@blea classification=internal;
ALTER TABLE shipping.parcels ENABLE ROW LEVEL SECURITY;
ALTER TABLE shipping.parcels FORCE ROW LEVEL SECURITY;
