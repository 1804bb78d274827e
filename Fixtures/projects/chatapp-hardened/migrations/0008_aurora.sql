-- ここだけはAuroraでしか動かない（rds_iam、rds_pgaudit、pgauditはAuroraが用意する）
GRANT rds_iam TO chatapp_app;

CREATE EXTENSION IF NOT EXISTS pgaudit SCHEMA extensions;
-- 個人情報の読み取りを記録する（pgaudit.role = rds_pgaudit）
GRANT SELECT ON chat.users TO rds_pgaudit;
GRANT SELECT ON audit.audit_logs TO rds_pgaudit;

-- 保持期間の過ぎたメッセージを毎日3時（日本時間）に消す
CREATE EXTENSION IF NOT EXISTS pg_cron;
SELECT cron.schedule('purge-expired-messages', '0 18 * * *', 'SELECT chat.purge_expired()');
