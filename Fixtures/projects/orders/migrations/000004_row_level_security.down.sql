REVOKE ALL ON ALL TABLES IN SCHEMA orders FROM orders_app, orders_auditor;

DROP POLICY audit_log_read ON orders.audit_log;
DROP POLICY order_lines_tenant ON orders.order_lines;
DROP POLICY orders_tenant ON orders.orders;
DROP POLICY customers_tenant ON orders.customers;

ALTER TABLE orders.audit_log DISABLE ROW LEVEL SECURITY;
ALTER TABLE orders.order_lines NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY;
ALTER TABLE orders.orders NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY;
ALTER TABLE orders.customers NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY;
