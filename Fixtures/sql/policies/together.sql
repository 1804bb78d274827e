-- Policies of one table together: permissive ones are joined by OR, restrictive ones by AND, and without WITH CHECK the
-- condition of USING holds for new rows. Each was run on PostgreSQL 15.
CREATE ROLE app;

CREATE TABLE own_and_all (id integer PRIMARY KEY, tenant text NOT NULL);
ALTER TABLE own_and_all ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON own_and_all USING (tenant = current_setting('app.tenant', true));
CREATE POLICY everything ON own_and_all USING (true);
GRANT SELECT, INSERT, UPDATE ON own_and_all TO app;

CREATE TABLE own_and_restricted (id integer PRIMARY KEY, tenant text NOT NULL);
ALTER TABLE own_and_restricted ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON own_and_restricted USING (tenant = current_setting('app.tenant', true));
CREATE POLICY everything ON own_and_restricted AS RESTRICTIVE USING (true);
GRANT SELECT, INSERT, UPDATE ON own_and_restricted TO app;

CREATE TABLE all_but_restricted (id integer PRIMARY KEY, tenant text NOT NULL);
ALTER TABLE all_but_restricted ENABLE ROW LEVEL SECURITY;
CREATE POLICY everything ON all_but_restricted USING (true);
CREATE POLICY own ON all_but_restricted AS RESTRICTIVE USING (tenant = current_setting('app.tenant', true));
GRANT SELECT, INSERT, UPDATE ON all_but_restricted TO app;

CREATE TABLE only_restricted (id integer PRIMARY KEY, tenant text NOT NULL);
ALTER TABLE only_restricted ENABLE ROW LEVEL SECURITY;
CREATE POLICY everything ON only_restricted AS RESTRICTIVE USING (true);
GRANT SELECT, INSERT, UPDATE ON only_restricted TO app;

-- Reading and changing are closed, what is written is not.
CREATE TABLE open_check (id integer PRIMARY KEY, tenant text NOT NULL);
ALTER TABLE open_check ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON open_check USING (tenant = current_setting('app.tenant', true)) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON open_check TO app;

-- Inserts have no USING, so nothing stands in for the missing WITH CHECK.
CREATE TABLE insert_without_check (id integer PRIMARY KEY, tenant text NOT NULL);
ALTER TABLE insert_without_check ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON insert_without_check FOR SELECT USING (tenant = current_setting('app.tenant', true));
CREATE POLICY writing ON insert_without_check FOR INSERT;
GRANT SELECT, INSERT, UPDATE ON insert_without_check TO app;

CREATE TABLE open_insert (id integer PRIMARY KEY, tenant text NOT NULL);
ALTER TABLE open_insert ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON open_insert FOR SELECT USING (tenant = current_setting('app.tenant', true));
CREATE POLICY writing ON open_insert FOR INSERT WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON open_insert TO app;

CREATE TABLE for_others (id integer PRIMARY KEY, tenant text NOT NULL);
ALTER TABLE for_others ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON for_others USING (tenant = current_setting('app.tenant', true));
GRANT SELECT, INSERT, UPDATE, TRUNCATE ON for_others TO app;
