-- A good schema among broken ones.
CREATE SCHEMA ledger;

CREATE TABLE ledger.accounts (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  holder text NOT NULL
);
COMMENT ON TABLE ledger.accounts IS '@blea classification=internal';
ALTER TABLE ledger.accounts ENABLE ROW LEVEL SECURITY;
