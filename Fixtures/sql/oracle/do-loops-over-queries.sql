-- Loops over queries with WITH, GROUP BY and HAVING, loops by WHILE and LOOP, EXIT and CONTINUE.
CREATE TABLE area_one (id int PRIMARY KEY, tenant_id uuid);
CREATE TABLE area_two (id int PRIMARY KEY, tenant_id uuid);
CREATE TABLE plain (id int PRIMARY KEY);

DO $$
DECLARE
  r record;
  i int := 1;
BEGIN
  FOR r IN
    WITH tenants AS (
      SELECT c.table_schema, c.table_name FROM information_schema.columns c WHERE c.column_name = 'tenant_id'
    ), named (home, name) AS (SELECT table_schema, table_name FROM tenants WHERE table_schema = 'public')
    SELECT home, name FROM named ORDER BY name
  LOOP
    EXECUTE format('ALTER TABLE %I.%I ENABLE ROW LEVEL SECURITY', r.home, r.name);
  END LOOP;

  FOR r IN
    SELECT table_name, count(*) AS columns FROM information_schema.columns WHERE table_schema = 'public'
    GROUP BY table_name HAVING count(*) > 1 ORDER BY 1
  LOOP
    EXECUTE format('CREATE TABLE %I (id int, columns int DEFAULT %s)', r.table_name || '_history', r.columns);
  END LOOP;

  WHILE i < 4 LOOP
    i := i + 1;
    CONTINUE WHEN i = 3;
    EXECUTE format('CREATE TABLE part_%s (id int)', i);
  END LOOP;

  LOOP
    EXIT WHEN i > 5;
    EXECUTE format('CREATE ROLE reader_%s', i);
    i := i + 1;
  END LOOP;
END
$$;
