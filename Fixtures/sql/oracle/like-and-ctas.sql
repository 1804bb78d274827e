CREATE ROLE lc_app;
CREATE TABLE src (id serial PRIMARY KEY, a int NOT NULL DEFAULT 3 CHECK (a > 0), b text UNIQUE, tenant text);
ALTER TABLE src ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON src USING (true);
GRANT SELECT ON src TO lc_app;
CREATE INDEX src_ab ON src (a, b);
COMMENT ON COLUMN src.a IS 'a comment';
CREATE TABLE bare (LIKE src);
CREATE TABLE everything (LIKE src INCLUDING ALL);
CREATE TABLE some_of_it (LIKE src INCLUDING DEFAULTS INCLUDING CONSTRAINTS, extra int);
CREATE TABLE copy AS SELECT * FROM src;
CREATE TABLE named (x, y) AS SELECT id, b FROM src;
CREATE TABLE typed AS SELECT 1 AS one, 'a'::text AS two, now() AS three, a FROM src WITH NO DATA;
SELECT id, tenant INTO into_it FROM src;
CREATE TEMP TABLE scratch (id int);
CREATE UNLOGGED TABLE fast (id int);
CREATE TABLE opts (id int) WITH (fillfactor = 70, autovacuum_enabled = false);
ALTER TABLE fast SET LOGGED;

-- Tables made from set operations, subqueries and groups.
CREATE TABLE liked (reader int, book int, score smallint, at timestamptz);
CREATE TABLE saved (reader int, book int, at timestamptz);
CREATE TABLE actions AS
SELECT max(liked_at) AS liked_at, max(saved_at) AS saved_at, reader, book, max(score) = 1 AS is_up
FROM (
  SELECT reader, book, score, at AS liked_at, NULL::timestamptz AS saved_at FROM liked
  UNION ALL
  SELECT reader, book, NULL::smallint, NULL::timestamptz, at FROM saved) AS both_kinds
GROUP BY reader, book;
CREATE TABLE timeline AS
SELECT at, NULL::int AS book, reader, coalesce(at, now()) AS shown, reader IS NULL AS is_lost FROM liked
UNION ALL SELECT at, book, NULL, at, false FROM saved;
CREATE TABLE nothing AS SELECT NULL AS one, n.two FROM (SELECT NULL AS two) AS n;
