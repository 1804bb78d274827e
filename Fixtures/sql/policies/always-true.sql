-- Policies whose condition holds for every row. Each was run on PostgreSQL 15.
CREATE ROLE app;

CREATE TABLE constant (id integer PRIMARY KEY, tenant text NOT NULL);
ALTER TABLE constant ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenants ON constant USING (true);
GRANT SELECT ON constant TO app;

CREATE TABLE equal_constants (id integer PRIMARY KEY, tenant text NOT NULL);
ALTER TABLE equal_constants ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenants ON equal_constants USING (1 = 1);
GRANT SELECT ON equal_constants TO app;

CREATE TABLE equal_strings (id integer PRIMARY KEY, tenant text NOT NULL);
ALTER TABLE equal_strings ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenants ON equal_strings USING ('a' = 'a');
GRANT SELECT ON equal_strings TO app;

CREATE TABLE or_true (id integer PRIMARY KEY, tenant text NOT NULL);
ALTER TABLE or_true ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenants ON or_true USING (tenant = current_setting('app.tenant', true) OR true);
GRANT SELECT ON or_true TO app;

CREATE TABLE same_column (id integer PRIMARY KEY, tenant text NOT NULL);
ALTER TABLE same_column ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenants ON same_column USING (tenant = tenant);
GRANT SELECT ON same_column TO app;

CREATE TABLE not_null_column (id integer PRIMARY KEY, tenant text NOT NULL);
ALTER TABLE not_null_column ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenants ON not_null_column USING (tenant IS NOT NULL);
GRANT SELECT ON not_null_column TO app;

CREATE TABLE not_false (id integer PRIMARY KEY, tenant text NOT NULL);
ALTER TABLE not_false ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenants ON not_false USING (NOT false);
GRANT SELECT ON not_false TO app;

CREATE TABLE coalesced (id integer PRIMARY KEY, tenant text NOT NULL);
ALTER TABLE coalesced ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenants ON coalesced USING (coalesce(NULL, true));
GRANT SELECT ON coalesced TO app;

CREATE TABLE chosen (id integer PRIMARY KEY, tenant text NOT NULL);
ALTER TABLE chosen ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenants ON chosen USING (CASE WHEN 1 = 2 THEN false ELSE true END);
GRANT SELECT ON chosen TO app;

CREATE TABLE selected (id integer PRIMARY KEY, tenant text NOT NULL);
ALTER TABLE selected ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenants ON selected USING ((SELECT true));
GRANT SELECT ON selected TO app;

CREATE TABLE not_distinct (id integer PRIMARY KEY, tenant text NOT NULL);
ALTER TABLE not_distinct ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenants ON not_distinct USING (tenant IS NOT DISTINCT FROM tenant);
GRANT SELECT ON not_distinct TO app;

CREATE TABLE true_or_not (id integer PRIMARY KEY, tenant text NOT NULL);
ALTER TABLE true_or_not ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenants ON true_or_not USING ((tenant = current_setting('app.tenant', true)) IS NOT NULL OR (tenant = current_setting('app.tenant', true)) IS NULL OR 2 > 1 OR true);
GRANT SELECT ON true_or_not TO app;

CREATE FUNCTION everyone() RETURNS boolean LANGUAGE sql STABLE AS 'SELECT true';
CREATE TABLE from_function (id integer PRIMARY KEY, tenant text NOT NULL);
ALTER TABLE from_function ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenants ON from_function USING (everyone());
GRANT SELECT ON from_function TO app;
