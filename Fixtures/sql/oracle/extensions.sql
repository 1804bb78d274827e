CREATE SCHEMA ext;
CREATE EXTENSION IF NOT EXISTS citext WITH SCHEMA ext;
CREATE EXTENSION hstore;
CREATE EXTENSION IF NOT EXISTS "uuid-ossp";
CREATE TABLE t (id uuid DEFAULT uuid_generate_v4(), mail ext.citext NOT NULL, tags hstore);
CREATE EXTENSION pgcrypto; DROP EXTENSION pgcrypto;
