DROP FUNCTION orders.record_change() CASCADE;
DROP TABLE orders.audit_log;
