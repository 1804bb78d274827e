-- Loans of a library, with a defect of nearly every kind.
CREATE EXTENSION aws_s3 CASCADE;
CREATE EXTENSION pgcrypto;
CREATE ROLE app_users NOLOGIN;
CREATE ROLE loans_app LOGIN SUPERUSER BYPASSRLS PASSWORD 'correct horse';
GRANT app_users TO loans_app WITH ADMIN OPTION;
CREATE SCHEMA shared;
GRANT CREATE ON SCHEMA shared TO PUBLIC;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO PUBLIC;
ALTER DEFAULT PRIVILEGES GRANT SELECT, TRUNCATE ON TABLES TO app_users;

CREATE TABLE members (
  id bigint, room bigint, name text, email text, phone text, user_password text, card_number text,
  created_at timestamp DEFAULT now(), security_classification text DEFAULT 'secret'
);
CREATE TABLE loans (
  id bigint PRIMARY KEY, tenant text NOT NULL, member_id bigint REFERENCES books (id), amount money,
  created_at timestamp NOT NULL DEFAULT now(), updated_by text
);
CREATE TABLE books (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), tenant text NOT NULL, title varchar(20));
CREATE TABLE rush_loans (deadline timestamptz) INHERITS (loans);
ALTER TABLE loans ENABLE ROW LEVEL SECURITY;
ALTER TABLE members ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON rush_loans TO app_users;
GRANT ALL PRIVILEGES ON loans TO app_users WITH GRANT OPTION;

CREATE POLICY readers ON loans FOR SELECT USING (1 = 1);
CREATE POLICY tenants ON loans USING ((current_setting('app.role', true) <> 'guest') IS NOT FALSE);
CREATE POLICY own ON loans USING (tenant = current_user);
CREATE POLICY same_room ON members USING (room IN (SELECT m.room FROM members AS m WHERE m.name = current_user));
CREATE VIEW recent AS SELECT * FROM loans;
CREATE MATERIALIZED VIEW totals AS SELECT tenant FROM recent;

CREATE TABLE audit_log (
  id bigserial PRIMARY KEY, operation text NOT NULL, user_id uuid, client_ip text, email text,
  old_row jsonb, new_row jsonb, created_at timestamp
);
ALTER TABLE audit_log ADD COLUMN loan_id bigint;
ALTER TABLE audit_log ADD CONSTRAINT told FOREIGN KEY (loan_id) REFERENCES loans (id) ON DELETE CASCADE;
GRANT ALL ON audit_log TO app_users;
CREATE FUNCTION audit() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  IF current_setting('app.skip_audit', true) = 'on' THEN
    RETURN NULL;
  END IF;
  IF OLD.updated_by <> NEW.updated_by THEN
    INSERT INTO audit_log (operation, new_row) VALUES (TG_OP, to_jsonb(NEW));
  END IF;
  RETURN NULL;
EXCEPTION
  WHEN OTHERS THEN
    RETURN NULL;
END $$;
CREATE TRIGGER audit AFTER INSERT OR UPDATE ON loans FOR EACH ROW EXECUTE FUNCTION audit();
CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO audit_log (record_id, note) VALUES (NEW.id, TG_OP);
  RETURN NULL;
END $$;
CREATE TRIGGER note AFTER INSERT ON books FOR EACH ROW EXECUTE FUNCTION note();
ALTER TABLE loans DISABLE TRIGGER audit;
CREATE FUNCTION seal(plain bytea, k bytea) RETURNS bytea LANGUAGE sql AS $$
  SELECT encrypt(plain, k, 'bf')
$$;
CREATE FUNCTION purge() RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  DELETE FROM audit_log WHERE created_at < now() - interval '1 day';
END $$;

CREATE EXTENSION "uuid-ossp";
CREATE TABLE borrowers (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), email text, phone text, source_ip inet, tenant text NOT NULL,
  classification text DEFAULT 'internal', created_by text, updated_by uuid, created_at timestamptz,
  updated_at timestamptz DEFAULT now(), data_retention_days integer DEFAULT 2555
);
CREATE TABLE rooms (id uuid PRIMARY KEY, created_by uuid, security_classification text);
CREATE TABLE room_log (row_data jsonb, security_classification text);
CREATE FUNCTION log_rooms() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO room_log (row_data) VALUES (to_jsonb(NEW));
  RETURN NULL;
END $$;
CREATE TRIGGER log_rooms AFTER INSERT OR UPDATE ON rooms FOR EACH ROW EXECUTE FUNCTION log_rooms();
CREATE TRIGGER log_borrowers AFTER INSERT OR UPDATE ON borrowers FOR EACH ROW EXECUTE FUNCTION log_rooms();
CREATE TABLE desks (id bigint PRIMARY KEY, tenant text NOT NULL);
ALTER TABLE desks ENABLE ROW LEVEL SECURITY;
CREATE TABLE lockers (id bigint PRIMARY KEY, tenant text NOT NULL);
ALTER TABLE lockers ENABLE ROW LEVEL SECURITY;
CREATE POLICY reading ON lockers FOR SELECT TO app_users USING (tenant = current_setting('app.tenant', false));
GRANT ALL PRIVILEGES ON rooms TO app_users;
CREATE TABLE keys (id bigint PRIMARY KEY, tenant text NOT NULL);
CREATE ROLE porters NOLOGIN;
ALTER TABLE keys ENABLE ROW LEVEL SECURITY;
CREATE POLICY porters ON keys TO porters USING (tenant = current_user);
ALTER TABLE keys OWNER TO keepers;
CREATE ROLE reader LOGIN;
GRANT rds_iam TO reader;
