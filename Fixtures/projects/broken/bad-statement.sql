CREATE SCHEMA billing;

CREATE TABLE billing.invoices (id bigint PRIMARY KEY, total bigint NOT NULL);

-- 一文だけ壊れている
CREATE TABEL billing.payments (id bigint PRIMARY KEY);

ALTER TABLE billing.invoices ENABLE ROW LEVEL SECURITY;
ALTER TABLE billing.payments ENABLE ROW LEVEL SECURITY;
COMMENT ON TABLE billing.invoices IS '@blea classification=internal';
