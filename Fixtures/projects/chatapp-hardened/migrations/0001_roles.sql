-- ロール。所有者はログインできず、アプリケーションは何も所有しない
CREATE ROLE chatapp_owner NOLOGIN NOBYPASSRLS;
CREATE ROLE audit_owner NOLOGIN NOBYPASSRLS;
CREATE ROLE authenticated_users NOLOGIN NOBYPASSRLS;
CREATE ROLE auditors NOLOGIN NOBYPASSRLS;
CREATE ROLE chatapp_retention NOLOGIN NOBYPASSRLS;

-- IAM認証で接続するアプリケーションのユーザー（rds_iamは0008で与える）
CREATE ROLE chatapp_app LOGIN NOBYPASSRLS IN ROLE authenticated_users;
