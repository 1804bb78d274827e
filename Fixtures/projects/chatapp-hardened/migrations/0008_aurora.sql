-- ここだけはAuroraでしか動かない（rds_iam、rds_pgaudit、pgauditはAuroraが用意する）
GRANT rds_iam TO chatapp_app;

CREATE EXTENSION IF NOT EXISTS pgaudit SCHEMA extensions;
-- 個人情報の読み取りを記録する（pgaudit.role = rds_pgaudit）
GRANT SELECT ON chat.users, audit.audit_logs TO rds_pgaudit;
