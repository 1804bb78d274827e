CREATE FUNCTION audit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE SCHEMA s;
CREATE TABLE one (id int); CREATE TABLE two (id int); CREATE TABLE audit_log (id int); CREATE TABLE s.three (id int);
DO $$
DECLARE r record; name text;
BEGIN
  FOR r IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename NOT IN ('audit_log') ORDER BY 1 LOOP
    EXECUTE format('CREATE TRIGGER %I AFTER INSERT OR UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION audit()', 'audit_' || r.tablename, r.tablename);
  END LOOP;
  FOR r IN SELECT table_schema, table_name FROM information_schema.tables WHERE table_schema IN ('public', 's') AND table_type = 'BASE TABLE' AND table_name LIKE 't%' LOOP
    EXECUTE 'ALTER TABLE ' || quote_ident(r.table_schema) || '.' || quote_ident(r.table_name) || ' ENABLE ROW LEVEL SECURITY';
  END LOOP;
  FOR name IN SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public' AND c.relkind = 'r' AND c.relname ~ '^o' LOOP
    EXECUTE 'ALTER TABLE ' || name || ' FORCE ROW LEVEL SECURITY';
  END LOOP;
END $$;
CREATE TABLE later (id int);
