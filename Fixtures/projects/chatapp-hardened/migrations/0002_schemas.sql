REVOKE CREATE ON SCHEMA public FROM PUBLIC;

CREATE SCHEMA extensions;
CREATE EXTENSION IF NOT EXISTS pgcrypto SCHEMA extensions;

CREATE SCHEMA chat AUTHORIZATION chatapp_owner;
CREATE SCHEMA audit AUTHORIZATION audit_owner;

CREATE DOMAIN chat.classification AS text
  CHECK (VALUE IN ('public', 'internal', 'confidential', 'restricted'));
ALTER DOMAIN chat.classification OWNER TO chatapp_owner;
