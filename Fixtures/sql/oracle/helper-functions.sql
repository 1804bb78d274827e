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

-- Of two functions of a name the arguments' kinds choose.
CREATE FUNCTION allow(what text, relation text, who text, home text DEFAULT 'public') RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('GRANT %s ON %I.%I TO %I', what, home, relation, who);
END
$$;
CREATE FUNCTION allow(what text, relation text, who text, fields text[], home text DEFAULT 'public')
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  field text;
BEGIN
  FOREACH field IN ARRAY fields LOOP
    EXECUTE format('GRANT %s (%I) ON %I.%I TO %I', what, field, home, relation, who);
  END LOOP;
END
$$;
CREATE ROLE helper_clerk;
CREATE TABLE helper_letter (id int, body text, sent timestamptz) WITH (oids = false, fillfactor = 70);
SELECT allow('SELECT', 'helper_letter', 'helper_clerk');
SELECT allow('UPDATE', 'helper_letter', 'helper_clerk', ARRAY['body', 'sent']);
SELECT allow('INSERT', 'helper_letter', 'helper_clerk', '{id,body}'::text[]);
SELECT allow('DELETE', 'helper_letter', 'helper_clerk', 'public');
