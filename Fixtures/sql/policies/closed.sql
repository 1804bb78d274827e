-- Policies that show nothing to a role that has not said whose it is, or raise an error. Each was run on PostgreSQL 15.
CREATE ROLE app;

CREATE TABLE equal (id integer PRIMARY KEY, tenant text NOT NULL);
ALTER TABLE equal ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenants ON equal USING (tenant = current_setting('app.tenant', true));
GRANT SELECT ON equal TO app;

CREATE TABLE equal_nullif (id integer PRIMARY KEY, tenant text NOT NULL);
ALTER TABLE equal_nullif ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenants ON equal_nullif USING (tenant = nullif(current_setting('app.tenant', true), ''));
GRANT SELECT ON equal_nullif TO app;

CREATE TABLE one_argument (id integer PRIMARY KEY, tenant text NOT NULL);
ALTER TABLE one_argument ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenants ON one_argument USING (tenant = current_setting('app.tenant'));
GRANT SELECT ON one_argument TO app;

CREATE TABLE cast_without_nullif (id integer PRIMARY KEY, tenant uuid NOT NULL);
ALTER TABLE cast_without_nullif ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenants ON cast_without_nullif USING (tenant = current_setting('app.tenant', true)::uuid);
GRANT SELECT ON cast_without_nullif TO app;

CREATE TABLE scalar_subquery (id integer PRIMARY KEY, tenant uuid NOT NULL);
ALTER TABLE scalar_subquery ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenants ON scalar_subquery USING (tenant = (SELECT nullif(current_setting('app.tenant', true), '')::uuid));
GRANT SELECT ON scalar_subquery TO app;

CREATE TABLE one_of (id integer PRIMARY KEY, tenant text NOT NULL);
ALTER TABLE one_of ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenants ON one_of USING (tenant IN (current_setting('app.tenant', true), lower(current_setting('app.tenant', true))));
GRANT SELECT ON one_of TO app;

CREATE TABLE any_of_list (id integer PRIMARY KEY, tenant text NOT NULL);
ALTER TABLE any_of_list ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenants ON any_of_list USING (tenant = ANY (string_to_array(current_setting('app.tenant', true), ',')));
GRANT SELECT ON any_of_list TO app;

CREATE TABLE samples_are_open (id integer PRIMARY KEY, tenant text NOT NULL, is_sample boolean NOT NULL DEFAULT false);
ALTER TABLE samples_are_open ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenants ON samples_are_open USING (is_sample OR tenant = current_setting('app.tenant', true));
GRANT SELECT ON samples_are_open TO app;

CREATE TABLE members (tenant text NOT NULL, person text NOT NULL);
INSERT INTO members VALUES ('a', 'p'), ('b', 'q');
GRANT SELECT ON members TO app;
CREATE TABLE member (id integer PRIMARY KEY, tenant text NOT NULL);
ALTER TABLE member ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenants ON member USING (tenant IN (SELECT m.tenant FROM members AS m WHERE m.person = current_setting('app.tenant', true)));
GRANT SELECT ON member TO app;

CREATE TABLE member_exists (id integer PRIMARY KEY, tenant text NOT NULL);
ALTER TABLE member_exists ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenants ON member_exists USING (EXISTS (SELECT 1 FROM members AS m WHERE m.tenant = member_exists.tenant AND m.person = current_setting('app.tenant', true)));
GRANT SELECT ON member_exists TO app;

CREATE TABLE off_by_default (id integer PRIMARY KEY, tenant text NOT NULL);
ALTER TABLE off_by_default ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenants ON off_by_default USING (coalesce(current_setting('app.bypass', true), 'off') = 'on' OR tenant = current_setting('app.tenant', true));
GRANT SELECT ON off_by_default TO app;

CREATE FUNCTION own_tenant() RETURNS uuid LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN nullif(current_setting('app.tenant', true), '')::uuid;
END $$;
CREATE TABLE through_a_function (id integer PRIMARY KEY, tenant uuid NOT NULL);
ALTER TABLE through_a_function ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenants ON through_a_function USING (tenant = (SELECT own_tenant()));
GRANT SELECT ON through_a_function TO app;

CREATE TABLE from_json (id integer PRIMARY KEY, tenant text NOT NULL);
ALTER TABLE from_json ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenants ON from_json USING (tenant = nullif(current_setting('app.claims', true), '')::jsonb ->> 'tenant');
GRANT SELECT ON from_json TO app;

CREATE TABLE case_that_requires_it (id integer PRIMARY KEY, tenant text NOT NULL);
ALTER TABLE case_that_requires_it ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenants ON case_that_requires_it USING (CASE WHEN nullif(current_setting('app.tenant', true), '') IS NULL THEN false ELSE tenant = current_setting('app.tenant', true) END);
GRANT SELECT ON case_that_requires_it TO app;

CREATE TABLE and_not_null (id integer PRIMARY KEY, tenant text NOT NULL);
ALTER TABLE and_not_null ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenants ON and_not_null USING (current_setting('app.tenant', true) IS NOT NULL AND tenant = current_setting('app.tenant', true));
GRANT SELECT ON and_not_null TO app;
