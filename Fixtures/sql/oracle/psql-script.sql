\set ON_ERROR_STOP 0
\echo starting
SET client_min_messages = warning;
CREATE TABLE data (id int, name text);
COPY data (id, name) FROM stdin;
1	CREATE TABLE not_this (id int);
2	it's; data
\.
CREATE TABLE after_copy (id int) \g
/* a /* nested */ comment; */
CREATE TABLE "odd;name" (id int); -- CREATE TABLE neither
CREATE FUNCTION tricky() RETURNS text LANGUAGE sql AS $outer$ SELECT $inner$ ; $inner$; $outer$;
SELECT 'a;b' AS x; CREATE TABLE last_one (id int)
