-- Policies that show rows to a role that has not said whose it is. Each was run on PostgreSQL 15.
CREATE ROLE app;

CREATE TABLE missing_is_null (id integer PRIMARY KEY, tenant text NOT NULL);
ALTER TABLE missing_is_null ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenants ON missing_is_null USING (tenant = current_setting('app.tenant', true) OR current_setting('app.tenant', true) IS NULL);
GRANT SELECT ON missing_is_null TO app;

CREATE TABLE missing_is_empty (id integer PRIMARY KEY, tenant text NOT NULL);
ALTER TABLE missing_is_empty ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenants ON missing_is_empty USING (tenant = current_setting('app.tenant', true) OR current_setting('app.tenant', true) = '');
GRANT SELECT ON missing_is_empty TO app;

CREATE TABLE own_tenant_by_default (id integer PRIMARY KEY, tenant text NOT NULL);
ALTER TABLE own_tenant_by_default ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenants ON own_tenant_by_default USING (tenant = coalesce(current_setting('app.tenant', true), tenant));
GRANT SELECT ON own_tenant_by_default TO app;

CREATE TABLE own_tenant_by_default_for_empty (id integer PRIMARY KEY, tenant text NOT NULL);
ALTER TABLE own_tenant_by_default_for_empty ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenants ON own_tenant_by_default_for_empty USING (tenant = coalesce(nullif(current_setting('app.tenant', true), ''), tenant));
GRANT SELECT ON own_tenant_by_default_for_empty TO app;

CREATE TABLE not_false (id integer PRIMARY KEY, tenant text NOT NULL);
ALTER TABLE not_false ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenants ON not_false USING ((current_setting('app.role', true) <> 'guest') IS NOT FALSE);
GRANT SELECT ON not_false TO app;

CREATE TABLE not_a_guest (id integer PRIMARY KEY, tenant text NOT NULL);
ALTER TABLE not_a_guest ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenants ON not_a_guest USING (current_setting('app.role', true) <> 'guest');
GRANT SELECT ON not_a_guest TO app;

CREATE TABLE not_among_guests (id integer PRIMARY KEY, tenant text NOT NULL);
ALTER TABLE not_among_guests ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenants ON not_among_guests USING (current_setting('app.role', true) NOT IN ('guest', 'partner'));
GRANT SELECT ON not_among_guests TO app;

CREATE TABLE distinct_from_guest (id integer PRIMARY KEY, tenant text NOT NULL);
ALTER TABLE distinct_from_guest ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenants ON distinct_from_guest USING (current_setting('app.role', true) IS DISTINCT FROM 'guest');
GRANT SELECT ON distinct_from_guest TO app;

CREATE TABLE case_when_missing (id integer PRIMARY KEY, tenant text NOT NULL);
ALTER TABLE case_when_missing ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenants ON case_when_missing USING (CASE WHEN nullif(current_setting('app.tenant', true), '') IS NULL THEN true ELSE tenant = current_setting('app.tenant', true) END);
GRANT SELECT ON case_when_missing TO app;

CREATE TABLE case_with_else (id integer PRIMARY KEY, tenant text NOT NULL);
ALTER TABLE case_with_else ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenants ON case_with_else USING (CASE current_setting('app.tenant', true) WHEN 'none' THEN false ELSE current_setting('app.tenant', true) IS NULL OR tenant = current_setting('app.tenant', true) END);
GRANT SELECT ON case_with_else TO app;

CREATE TABLE not_equal (id integer PRIMARY KEY, tenant text NOT NULL);
ALTER TABLE not_equal ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenants ON not_equal USING (NOT (tenant <> current_setting('app.tenant', true) AND current_setting('app.tenant', true) <> ''));
GRANT SELECT ON not_equal TO app;

CREATE TABLE like_prefix (id integer PRIMARY KEY, tenant text NOT NULL);
ALTER TABLE like_prefix ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenants ON like_prefix USING (tenant LIKE current_setting('app.tenant', true) || '%');
GRANT SELECT ON like_prefix TO app;

CREATE TABLE blocked (tenant text NOT NULL, person text NOT NULL);
INSERT INTO blocked VALUES ('a', 'guest');
GRANT SELECT ON blocked TO app;
CREATE TABLE not_in_query (id integer PRIMARY KEY, tenant text NOT NULL);
ALTER TABLE not_in_query ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenants ON not_in_query USING (tenant NOT IN (SELECT b.tenant FROM blocked AS b WHERE b.person = current_setting('app.tenant', true)));
GRANT SELECT ON not_in_query TO app;

CREATE TABLE not_exists (id integer PRIMARY KEY, tenant text NOT NULL);
ALTER TABLE not_exists ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenants ON not_exists USING (NOT EXISTS (SELECT 1 FROM blocked AS b WHERE b.person = current_setting('app.tenant', true)));
GRANT SELECT ON not_exists TO app;

CREATE FUNCTION main_tenant() RETURNS text LANGUAGE sql STABLE AS $$
  SELECT coalesce(nullif(current_setting('app.tenant', true), ''), 'a')
$$;
CREATE TABLE default_tenant (id integer PRIMARY KEY, tenant text NOT NULL);
ALTER TABLE default_tenant ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenants ON default_tenant USING (tenant = main_tenant());
GRANT SELECT ON default_tenant TO app;

CREATE FUNCTION is_admin() RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN coalesce(current_setting('app.admin', true), 'on') = 'on';
END $$;
CREATE TABLE is_admin_by_default (id integer PRIMARY KEY, tenant text NOT NULL);
ALTER TABLE is_admin_by_default ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenants ON is_admin_by_default USING (is_admin() OR tenant = current_setting('app.tenant', true));
GRANT SELECT ON is_admin_by_default TO app;

CREATE TABLE bypass_switch (id integer PRIMARY KEY, tenant text NOT NULL);
ALTER TABLE bypass_switch ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenants ON bypass_switch USING (coalesce(nullif(current_setting('app.bypass', true), '')::boolean, true));
GRANT SELECT ON bypass_switch TO app;

CREATE TABLE all_of_nothing (id integer PRIMARY KEY, tenant text NOT NULL);
ALTER TABLE all_of_nothing ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenants ON all_of_nothing USING (tenant <> ALL (string_to_array(current_setting('app.hidden', true), ',')));
GRANT SELECT ON all_of_nothing TO app;

CREATE TABLE starts_anywhere (id integer PRIMARY KEY, tenant text NOT NULL);
ALTER TABLE starts_anywhere ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenants ON starts_anywhere USING (tenant >= current_setting('app.tenant', true));
GRANT SELECT ON starts_anywhere TO app;

CREATE TABLE null_uuid (id integer PRIMARY KEY, tenant uuid NOT NULL);
ALTER TABLE null_uuid ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenants ON null_uuid USING (nullif(current_setting('app.tenant', true), '')::uuid IS NULL OR tenant = nullif(current_setting('app.tenant', true), '')::uuid);
GRANT SELECT ON null_uuid TO app;
