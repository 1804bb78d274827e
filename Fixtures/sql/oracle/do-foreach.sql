CREATE TABLE a (id int); CREATE TABLE b (id int); CREATE TABLE c (id int);
DO $$
DECLARE t text; tables text[] := ARRAY['a', 'b'];
BEGIN
  FOREACH t IN ARRAY ARRAY['a', 'b'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
  END LOOP;
  FOREACH t IN ARRAY tables LOOP
    EXECUTE 'ALTER TABLE ' || quote_ident(t) || ' FORCE ROW LEVEL SECURITY';
  END LOOP;
  EXECUTE format('CREATE POLICY %1$I ON %2$I.%3$I USING (true)', 'p_' || 'c', 'public', 'c');
  FOR t IN SELECT unnest(ARRAY['a', 'c']) LOOP
    EXECUTE concat('CREATE INDEX ON ', t, ' (id)');
  END LOOP;
  FOR t IN VALUES ('b'), ('c') LOOP
    EXECUTE format('COMMENT ON TABLE %I IS %L', t, 'it''s ' || t);
  END LOOP;
END $$;
