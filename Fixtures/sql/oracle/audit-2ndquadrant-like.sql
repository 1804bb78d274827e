CREATE SCHEMA audit;
CREATE FUNCTION audit.if_modified() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE FUNCTION audit.audit_table(target regclass, rows boolean, query_text boolean) RETURNS void LANGUAGE plpgsql AS $body$
DECLARE
  stm_targets text = 'INSERT OR UPDATE OR DELETE OR TRUNCATE';
  _q_txt text;
BEGIN
  EXECUTE 'DROP TRIGGER IF EXISTS audit_trigger_row ON ' || target;
  EXECUTE 'DROP TRIGGER IF EXISTS audit_trigger_stm ON ' || target;
  IF rows THEN
    _q_txt = 'CREATE TRIGGER audit_trigger_row AFTER INSERT OR UPDATE OR DELETE ON ' || target || ' FOR EACH ROW EXECUTE PROCEDURE audit.if_modified(' || quote_literal(query_text) || ');';
    EXECUTE _q_txt;
    stm_targets = 'TRUNCATE';
  END IF;
  _q_txt = 'CREATE TRIGGER audit_trigger_stm AFTER ' || stm_targets || ' ON ' || target || ' FOR EACH STATEMENT EXECUTE PROCEDURE audit.if_modified(' || quote_literal(query_text) || ');';
  EXECUTE _q_txt;
END $body$;
CREATE FUNCTION audit.audit_table(target regclass) RETURNS void LANGUAGE sql AS $$ SELECT audit.audit_table($1, true, true); $$;
CREATE TABLE first (id int); CREATE TABLE second (id int);
SELECT audit.audit_table('first');
SELECT audit.audit_table('second', false, true);
