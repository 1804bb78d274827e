CREATE SCHEMA orders;

CREATE ROLE orders_owner NOLOGIN;
CREATE ROLE orders_app LOGIN NOBYPASSRLS;
CREATE ROLE orders_auditor NOLOGIN;

GRANT USAGE ON SCHEMA orders TO orders_app, orders_auditor;
