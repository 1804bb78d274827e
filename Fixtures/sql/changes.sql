-- What renames, drops, replaces and grants leave behind.
CREATE ROLE app LOGIN;
CREATE ROLE reader NOLOGIN;
GRANT reader TO app;
CREATE TABLE accounts (id serial PRIMARY KEY, email text UNIQUE, tenant_id int NOT NULL, note varchar(20));
CREATE TABLE "Audit Log" (id int, "When" timestamp(3) DEFAULT now());
CREATE TABLE items (
  id int PRIMARY KEY, account_id int REFERENCES accounts ON DELETE CASCADE, a int, b int,
  CHECK (a < b), CONSTRAINT positive CHECK (a > 0), UNIQUE (a, b)
);
CREATE INDEX ON items (account_id);
CREATE INDEX ON items (lower(a::text));
CREATE INDEX items_account_id_idx1 ON items (account_id, a) WHERE a > 3;
CREATE INDEX ON items (account_id);
ALTER TABLE accounts RENAME TO users;
ALTER TABLE users RENAME COLUMN email TO mail;
ALTER TABLE users ALTER COLUMN note TYPE text, ALTER note SET NOT NULL, ALTER COLUMN note SET DEFAULT 'none';
ALTER TABLE users ADD COLUMN created timestamptz DEFAULT now(), ADD CONSTRAINT note_short CHECK (length(note) < 100) NOT VALID;
ALTER TABLE users VALIDATE CONSTRAINT note_short;
ALTER TABLE users ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON users FOR SELECT TO app USING (tenant_id = current_setting('app.tenant')::int);
CREATE POLICY by_note ON users AS RESTRICTIVE USING (note <> 'hidden') WITH CHECK (true);
ALTER TABLE users DROP COLUMN note CASCADE;
ALTER POLICY tenant ON users TO app, reader;
CREATE VIEW active WITH (security_invoker = true) AS SELECT * FROM users;
CREATE OR REPLACE VIEW active AS SELECT * FROM users;
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.created := now(); RETURN NEW; END';
CREATE TRIGGER touch BEFORE UPDATE OF mail ON users FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE PROCEDURE touch();
ALTER TABLE users DISABLE TRIGGER touch;
CREATE OR REPLACE TRIGGER touch BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION touch();
ALTER TABLE users ENABLE ALWAYS TRIGGER touch;
GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA public TO app;
REVOKE INSERT ON users FROM app;
GRANT UPDATE (mail) ON users TO reader WITH GRANT OPTION;
REVOKE EXECUTE ON FUNCTION touch() FROM PUBLIC;
COMMENT ON TABLE users IS 'People. @blea classification=restricted pii=email';
BEGIN;
DROP TABLE items;
ROLLBACK;
DROP TABLE "Audit Log";
CREATE UNLOGGED TABLE scratch AS SELECT 1 AS one;
DO $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'worker') THEN
    CREATE ROLE worker LOGIN NOINHERIT;
  END IF;
  EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', 'items');
END $$;
