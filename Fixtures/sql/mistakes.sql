CREATE TABLE first (id int)
CREATE TABLE second (id int);
CREATE TABEL third (id int);
CREATE TABLE fourth (id int;
CREATE TABLE fifth (id int);
ALTER TABLE second ENABEL ROW LEVEL SECURITY;
CREATE POLICY p ON nowhere TO nobody USING (tenant = 1);
DO $$ BEGIN EXECUTE 'ALTER TABLE ' || name || ' ENABLE ROW LEVEL SECURITY'; END $$
CREATE TABLE sixth (id int);
