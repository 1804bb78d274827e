-- 全テーブルで行レベルセキュリティを有効にし、所有者にも強制する
ALTER TABLE chat.users ENABLE ROW LEVEL SECURITY;
ALTER TABLE chat.users FORCE ROW LEVEL SECURITY;
ALTER TABLE chat.rooms ENABLE ROW LEVEL SECURITY;
ALTER TABLE chat.rooms FORCE ROW LEVEL SECURITY;
ALTER TABLE chat.room_members ENABLE ROW LEVEL SECURITY;
ALTER TABLE chat.room_members FORCE ROW LEVEL SECURITY;
ALTER TABLE chat.messages ENABLE ROW LEVEL SECURITY;
ALTER TABLE chat.messages FORCE ROW LEVEL SECURITY;
ALTER TABLE audit.audit_logs ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit.audit_logs FORCE ROW LEVEL SECURITY;

-- 設定がないとき（NULL、またはSET LOCALの後に残る''）は一行も見えない
CREATE POLICY users_self ON chat.users
  FOR ALL TO authenticated_users
  USING (id = (SELECT NULLIF(current_setting('app.current_user_id', true), '')::uuid))
  WITH CHECK (id = (SELECT NULLIF(current_setting('app.current_user_id', true), '')::uuid));

-- 参加者は自分の行だけを見て、抜けられる。加えるのはルームの所有者だけ（自分から他人のルームには入れない）
CREATE POLICY room_members_read ON chat.room_members
  FOR SELECT TO authenticated_users
  USING (user_id = (SELECT NULLIF(current_setting('app.current_user_id', true), '')::uuid));
CREATE POLICY room_members_insert ON chat.room_members
  FOR INSERT TO authenticated_users
  WITH CHECK (room_owner_id = (SELECT NULLIF(current_setting('app.current_user_id', true), '')::uuid));
CREATE POLICY room_members_delete ON chat.room_members
  FOR DELETE TO authenticated_users
  USING (user_id = (SELECT NULLIF(current_setting('app.current_user_id', true), '')::uuid));

CREATE POLICY rooms_read ON chat.rooms
  FOR SELECT TO authenticated_users
  USING (
    owner_id = (SELECT NULLIF(current_setting('app.current_user_id', true), '')::uuid)
    OR id IN (SELECT m.room_id FROM chat.room_members AS m)
  );
CREATE POLICY rooms_insert ON chat.rooms
  FOR INSERT TO authenticated_users
  WITH CHECK (owner_id = (SELECT NULLIF(current_setting('app.current_user_id', true), '')::uuid));
CREATE POLICY rooms_update ON chat.rooms
  FOR UPDATE TO authenticated_users
  USING (owner_id = (SELECT NULLIF(current_setting('app.current_user_id', true), '')::uuid))
  WITH CHECK (owner_id = (SELECT NULLIF(current_setting('app.current_user_id', true), '')::uuid));
CREATE POLICY rooms_delete ON chat.rooms
  FOR DELETE TO authenticated_users
  USING (owner_id = (SELECT NULLIF(current_setting('app.current_user_id', true), '')::uuid));

CREATE POLICY messages_read ON chat.messages
  FOR SELECT TO authenticated_users
  USING (room_id IN (SELECT m.room_id FROM chat.room_members AS m));
CREATE POLICY messages_insert ON chat.messages
  FOR INSERT TO authenticated_users
  WITH CHECK (
    user_id = (SELECT NULLIF(current_setting('app.current_user_id', true), '')::uuid)
    AND room_id IN (SELECT m.room_id FROM chat.room_members AS m)
  );
CREATE POLICY messages_update ON chat.messages
  FOR UPDATE TO authenticated_users
  USING (user_id = (SELECT NULLIF(current_setting('app.current_user_id', true), '')::uuid))
  WITH CHECK (user_id = (SELECT NULLIF(current_setting('app.current_user_id', true), '')::uuid));
CREATE POLICY messages_delete ON chat.messages
  FOR DELETE TO authenticated_users
  USING (user_id = (SELECT NULLIF(current_setting('app.current_user_id', true), '')::uuid));
CREATE POLICY messages_retention ON chat.messages
  FOR ALL TO chatapp_retention
  USING (created_at < CURRENT_TIMESTAMP - make_interval(days => data_retention_days))
  WITH CHECK (false);

-- 監査関数だけが書き、監査人だけが読む
CREATE POLICY audit_append ON audit.audit_logs
  FOR INSERT TO audit_owner
  WITH CHECK (db_user = session_user);
CREATE POLICY audit_read ON audit.audit_logs
  FOR SELECT TO auditors
  USING (table_schema = 'chat');
