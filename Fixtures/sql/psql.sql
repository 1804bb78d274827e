\set ON_ERROR_STOP on
\restrict abcdef
SELECT pg_catalog.set_config('search_path', '', false);
CREATE TABLE public.people (id integer NOT NULL, name text DEFAULT 'semi;colon', note text DEFAULT E'it\'s; fine');
COPY public.people (id, name) FROM stdin;
1	DROP TABLE public.people;
2	'unbalanced
\.
/* a comment; /* nested; */ still; */
CREATE FUNCTION public.twice(n int) RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT CASE WHEN n > 0 THEN n * 2 ELSE 0 END; END;
CREATE RULE people_log AS ON INSERT TO public.people DO ALSO (NOTIFY people; NOTIFY people);
ALTER TABLE ONLY public.people ADD CONSTRAINT people_pkey PRIMARY KEY (id);
