CREATE ROLE hf_app;
CREATE TABLE a (id int); CREATE TABLE b (id int); CREATE TABLE c (id int);
CREATE FUNCTION protect(t regclass, force boolean DEFAULT false) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', t);
  IF force THEN
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', t);
  END IF;
END $$;
SELECT protect('a');
SELECT protect('b', force => true);
CREATE FUNCTION add_policy(schema_name text, table_name text, role_name text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE policy_name text := role_name || '_' || table_name;
BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_policies WHERE schemaname = schema_name AND tablename = table_name AND policyname = policy_name) THEN
    EXECUTE 'CREATE POLICY ' || quote_ident(policy_name) || ' ON ' || quote_ident(schema_name) || '.' || quote_ident(table_name) || ' TO ' || role_name || ' USING (true)';
  END IF;
END $$;
DO $$ BEGIN PERFORM add_policy('public', 'a', 'hf_app'); PERFORM add_policy('public', 'a', 'hf_app'); END $$;
CREATE PROCEDURE grant_all(t text) LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'GRANT ALL ON ' || t || ' TO hf_app'; END $$;
CALL grant_all('c');
