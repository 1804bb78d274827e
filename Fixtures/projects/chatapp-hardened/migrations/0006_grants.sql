GRANT USAGE ON SCHEMA chat TO authenticated_users, chatapp_retention, audit_owner;
GRANT USAGE ON SCHEMA audit TO chatapp_owner, auditors;

GRANT SELECT, INSERT, DELETE ON chat.users, chat.rooms, chat.room_members, chat.messages TO authenticated_users;
-- 分類や保持期間など、統制のための列は利用者に変えさせない
GRANT UPDATE (display_name, updated_at, last_modified_by) ON chat.users TO authenticated_users;
GRANT UPDATE (name, updated_at, last_modified_by) ON chat.rooms TO authenticated_users;
GRANT UPDATE (content_encrypted, updated_at, last_modified_by) ON chat.messages TO authenticated_users;
GRANT SELECT, DELETE ON chat.messages TO chatapp_retention;

GRANT EXECUTE ON FUNCTION audit.log_change() TO chatapp_owner;
GRANT SELECT ON audit.audit_logs TO auditors;
REVOKE UPDATE, DELETE, TRUNCATE ON audit.audit_logs FROM audit_owner;
