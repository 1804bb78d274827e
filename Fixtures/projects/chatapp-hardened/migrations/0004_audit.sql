-- 監査ログ。追記のみ
CREATE TABLE audit.audit_logs (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  table_schema text NOT NULL,
  table_name text NOT NULL,
  operation text NOT NULL,
  old_values jsonb,
  new_values jsonb,
  changed_fields text[],
  actor text NOT NULL,
  db_user text NOT NULL,
  client_addr inet,
  request_id text,
  security_classification chat.classification NOT NULL DEFAULT 'confidential',
  data_retention_days integer NOT NULL DEFAULT 2555 CHECK (data_retention_days BETWEEN 365 AND 3653),
  created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX audit_logs_created_at_idx ON audit.audit_logs (created_at);
ALTER TABLE audit.audit_logs OWNER TO audit_owner;
COMMENT ON TABLE audit.audit_logs IS '@blea classification=confidential retention=2555d retention_job="archived and emptied by the auditors"';
COMMENT ON COLUMN audit.audit_logs.client_addr IS '@blea pii=ip exempt="needed to trace an incident"';

CREATE FUNCTION audit.log_change() RETURNS trigger
  LANGUAGE plpgsql
  SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  old_row jsonb := CASE WHEN TG_OP IN ('UPDATE', 'DELETE') THEN to_jsonb(OLD) END;
  new_row jsonb := CASE WHEN TG_OP IN ('INSERT', 'UPDATE') THEN to_jsonb(NEW) END;
BEGIN
  INSERT INTO audit.audit_logs (
    table_schema, table_name, operation, old_values, new_values, changed_fields,
    actor, db_user, client_addr, request_id, security_classification
  ) VALUES (
    TG_TABLE_SCHEMA,
    TG_TABLE_NAME,
    TG_OP,
    old_row,
    new_row,
    CASE WHEN TG_OP = 'UPDATE' THEN
      ARRAY(SELECT k FROM jsonb_object_keys(new_row) AS k WHERE new_row -> k IS DISTINCT FROM old_row -> k)
    END,
    COALESCE(NULLIF(current_setting('app.current_user_id', true), ''), '(none)'),
    session_user,
    inet_client_addr(),
    NULLIF(current_setting('app.request_id', true), ''),
    -- TRUNCATEでは行がない
    COALESCE(new_row ->> 'security_classification', old_row ->> 'security_classification', 'confidential')
  );
  RETURN NULL;
END;
$$;
ALTER FUNCTION audit.log_change() OWNER TO audit_owner;
REVOKE EXECUTE ON FUNCTION audit.log_change() FROM PUBLIC;

CREATE FUNCTION audit.block_change() RETURNS trigger
  LANGUAGE plpgsql
  SET search_path = pg_catalog
AS $$
BEGIN
  RAISE EXCEPTION 'audit.audit_logs is append-only';
END;
$$;
ALTER FUNCTION audit.block_change() OWNER TO audit_owner;

CREATE TRIGGER audit_logs_no_change
  BEFORE UPDATE OR DELETE ON audit.audit_logs
  FOR EACH ROW EXECUTE FUNCTION audit.block_change();
CREATE TRIGGER audit_logs_no_truncate
  BEFORE TRUNCATE ON audit.audit_logs
  FOR EACH STATEMENT EXECUTE FUNCTION audit.block_change();

-- 監査トリガー
CREATE TRIGGER users_audit
  AFTER INSERT OR UPDATE OR DELETE ON chat.users
  FOR EACH ROW EXECUTE FUNCTION audit.log_change();
CREATE TRIGGER users_audit_truncate
  AFTER TRUNCATE ON chat.users
  FOR EACH STATEMENT EXECUTE FUNCTION audit.log_change();

CREATE TRIGGER rooms_audit
  AFTER INSERT OR UPDATE OR DELETE ON chat.rooms
  FOR EACH ROW EXECUTE FUNCTION audit.log_change();
CREATE TRIGGER rooms_audit_truncate
  AFTER TRUNCATE ON chat.rooms
  FOR EACH STATEMENT EXECUTE FUNCTION audit.log_change();

CREATE TRIGGER room_members_audit
  AFTER INSERT OR UPDATE OR DELETE ON chat.room_members
  FOR EACH ROW EXECUTE FUNCTION audit.log_change();
CREATE TRIGGER room_members_audit_truncate
  AFTER TRUNCATE ON chat.room_members
  FOR EACH STATEMENT EXECUTE FUNCTION audit.log_change();

CREATE TRIGGER messages_audit
  AFTER INSERT OR UPDATE OR DELETE ON chat.messages
  FOR EACH ROW EXECUTE FUNCTION audit.log_change();
CREATE TRIGGER messages_audit_truncate
  AFTER TRUNCATE ON chat.messages
  FOR EACH STATEMENT EXECUTE FUNCTION audit.log_change();
