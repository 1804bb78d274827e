SET statement_timeout = 0;
SET client_encoding = 'UTF8';
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
CREATE SCHEMA app;
ALTER SCHEMA app OWNER TO postgres;
CREATE TYPE app.kind AS ENUM ('a', 'b');
CREATE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql AS $$
begin new.updated_at = now(); return new; end $$;
SET default_tablespace = '';
SET default_table_access_method = heap;
CREATE TABLE app.users (
    id integer NOT NULL,
    kind app.kind DEFAULT 'a'::app.kind NOT NULL,
    updated_at timestamp without time zone
);
ALTER TABLE ONLY app.users FORCE ROW LEVEL SECURITY;
CREATE SEQUENCE app.users_id_seq AS integer START WITH 1 INCREMENT BY 1 NO MINVALUE NO MAXVALUE CACHE 1;
ALTER SEQUENCE app.users_id_seq OWNED BY app.users.id;
ALTER TABLE ONLY app.users ALTER COLUMN id SET DEFAULT nextval('app.users_id_seq'::regclass);
ALTER TABLE ONLY app.users ADD CONSTRAINT users_pkey PRIMARY KEY (id);
CREATE INDEX users_kind ON app.users USING btree (kind);
CREATE TRIGGER touch BEFORE UPDATE ON app.users FOR EACH ROW EXECUTE FUNCTION app.touch();
ALTER TABLE app.users ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON app.users USING ((kind = 'a'::app.kind));
REVOKE USAGE ON SCHEMA public FROM PUBLIC;
GRANT ALL ON SCHEMA public TO PUBLIC;
