DROP SCHEMA orders CASCADE;
DROP ROLE orders_auditor;
DROP ROLE orders_app;
DROP ROLE orders_owner;
