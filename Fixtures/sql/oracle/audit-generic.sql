CREATE SCHEMA audit;
CREATE TABLE audit.log (id bigserial PRIMARY KEY, at timestamptz NOT NULL DEFAULT now(), actor text, op text NOT NULL, old_row jsonb, new_row jsonb);
CREATE FUNCTION audit.record() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = audit, pg_temp AS $$
BEGIN
  INSERT INTO audit.log (actor, op, old_row, new_row) VALUES (session_user, TG_OP, to_jsonb(OLD), to_jsonb(NEW));
  RETURN NULL;
END $$;
REVOKE ALL ON audit.log FROM PUBLIC;
CREATE TABLE account (id int PRIMARY KEY);
CREATE TRIGGER audit_account AFTER INSERT OR UPDATE OR DELETE ON account FOR EACH ROW EXECUTE FUNCTION audit.record();
CREATE TRIGGER audit_account_truncate AFTER TRUNCATE ON account FOR EACH STATEMENT EXECUTE FUNCTION audit.record();
