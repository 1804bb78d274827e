-- 問い合わせ窓口には、伏せ字にしたビューだけを見せる。ビューの所有者にもポリシーが効き、restrictedの行は見えない
CREATE ROLE chatapp_masking NOLOGIN NOBYPASSRLS;
CREATE ROLE support_staff NOLOGIN NOBYPASSRLS;

GRANT USAGE ON SCHEMA chat TO chatapp_masking, support_staff;
GRANT SELECT (id, username, display_name, created_at) ON chat.users TO chatapp_masking;

CREATE POLICY users_masking ON chat.users
  FOR SELECT TO chatapp_masking
  USING (security_classification <> 'restricted');

CREATE VIEW chat.users_masked WITH (security_barrier = true) AS
  SELECT
    u.id,
    left(u.username, 1) || '***' AS username,
    left(u.display_name, 1) || '***' AS display_name,
    u.created_at
  FROM chat.users AS u;
ALTER VIEW chat.users_masked OWNER TO chatapp_masking;
GRANT SELECT ON chat.users_masked TO support_staff;
