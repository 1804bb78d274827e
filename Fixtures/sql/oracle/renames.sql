CREATE SCHEMA s;
CREATE TABLE t (id int PRIMARY KEY, a text UNIQUE);
CREATE TABLE ref (t_id int REFERENCES t);
CREATE INDEX t_idx ON t (a);
CREATE POLICY p ON t USING (a = 'x');
CREATE VIEW v AS SELECT a FROM t;
ALTER TABLE t RENAME TO people;
ALTER TABLE people RENAME COLUMN a TO name;
ALTER TABLE people RENAME CONSTRAINT t_pkey TO people_pkey;
ALTER INDEX t_idx RENAME TO people_idx;
ALTER TABLE people SET SCHEMA s;
ALTER TABLE v RENAME TO v2;
CREATE TABLE t (id int PRIMARY KEY);
ALTER VIEW v2 RENAME COLUMN a TO b;

-- Foreign keys follow the columns that they point to.
CREATE TABLE line (number int PRIMARY KEY, colour text UNIQUE);
CREATE TABLE stop (id int PRIMARY KEY, line int REFERENCES line, colour text REFERENCES line (colour), before int);
ALTER TABLE stop ADD FOREIGN KEY (before) REFERENCES stop (id);
ALTER TABLE line RENAME COLUMN number TO id;
ALTER TABLE line RENAME COLUMN colour TO paint;
ALTER TABLE stop RENAME COLUMN id TO key;
