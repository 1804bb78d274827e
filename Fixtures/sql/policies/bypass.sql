-- Ways around policies: FORCE that is missing, views and functions with their owners' rights, an owner with BYPASSRLS,
-- membership in the owner. Each was run on PostgreSQL 15. Everything named `around…` shows all rows to the role app.
CREATE ROLE app;
CREATE ROLE keeper;
CREATE ROLE clerk;
CREATE ROLE inspector BYPASSRLS;
CREATE ROLE steward IN ROLE keeper;
CREATE ROLE guest NOINHERIT IN ROLE keeper;
GRANT CREATE ON SCHEMA public TO keeper, clerk, inspector, steward, guest;

SET ROLE keeper;
CREATE TABLE forced (id integer PRIMARY KEY, tenant text NOT NULL);
ALTER TABLE forced ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenants ON forced USING (tenant = current_setting('app.tenant', true));
CREATE TABLE unforced (id integer PRIMARY KEY, tenant text NOT NULL);
ALTER TABLE unforced ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenants ON unforced USING (tenant = current_setting('app.tenant', true));
GRANT SELECT ON forced, unforced TO app, clerk, inspector, steward, guest;

CREATE VIEW of_forced AS SELECT * FROM forced;
CREATE VIEW around_unforced AS SELECT * FROM unforced;
CREATE VIEW as_invoker WITH (security_invoker) AS SELECT * FROM unforced;
-- OR REPLACE without the option takes it away.
CREATE VIEW around_by_replacing WITH (security_invoker = true) AS SELECT * FROM unforced;
CREATE OR REPLACE VIEW around_by_replacing AS SELECT * FROM unforced;
CREATE VIEW around_through_a_view AS SELECT * FROM around_unforced;
CREATE FUNCTION as_definer() RETURNS SETOF forced LANGUAGE sql STABLE SECURITY DEFINER AS 'SELECT * FROM public.forced';
CREATE FUNCTION around_as_definer() RETURNS SETOF unforced LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
BEGIN
  RETURN QUERY SELECT * FROM public.unforced;
END $$;
CREATE FUNCTION around_by_a_condition() RETURNS SETOF integer LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
DECLARE
  other integer := (SELECT max(id) FROM public.unforced);
BEGIN
  IF other = 2 THEN RETURN NEXT 1; RETURN NEXT 2; END IF;
END $$;
CREATE FUNCTION as_caller() RETURNS SETOF unforced LANGUAGE sql STABLE AS 'SELECT * FROM public.unforced';
SET ROLE clerk;
CREATE VIEW of_a_clerk AS SELECT * FROM unforced;
CREATE FUNCTION as_clerk() RETURNS SETOF unforced LANGUAGE sql STABLE SECURITY DEFINER AS 'SELECT * FROM public.unforced';
SET ROLE inspector;
CREATE VIEW around_of_an_inspector AS SELECT * FROM forced;
CREATE FUNCTION around_as_inspector() RETURNS SETOF forced LANGUAGE sql STABLE SECURITY DEFINER
  AS 'SELECT * FROM public.forced';
SET ROLE steward;
CREATE VIEW around_of_a_steward AS SELECT * FROM unforced;
CREATE VIEW of_a_steward AS SELECT * FROM forced;
SET ROLE guest;
CREATE VIEW of_a_guest AS SELECT * FROM unforced;
RESET ROLE;
GRANT SELECT ON of_forced, around_unforced, as_invoker, around_by_replacing, around_through_a_view, of_a_clerk,
  around_of_an_inspector, around_of_a_steward, of_a_steward, of_a_guest TO app;
