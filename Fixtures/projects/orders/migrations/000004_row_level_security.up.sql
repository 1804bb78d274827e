ALTER TABLE orders.customers ENABLE ROW LEVEL SECURITY;
ALTER TABLE orders.customers FORCE ROW LEVEL SECURITY;
ALTER TABLE orders.orders ENABLE ROW LEVEL SECURITY;
ALTER TABLE orders.orders FORCE ROW LEVEL SECURITY;
ALTER TABLE orders.order_lines ENABLE ROW LEVEL SECURITY;
ALTER TABLE orders.order_lines FORCE ROW LEVEL SECURITY;
ALTER TABLE orders.audit_log ENABLE ROW LEVEL SECURITY;

CREATE POLICY customers_tenant ON orders.customers FOR ALL TO orders_app
    USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid)
    WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
CREATE POLICY orders_tenant ON orders.orders FOR ALL TO orders_app
    USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid)
    WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
CREATE POLICY order_lines_tenant ON orders.order_lines FOR ALL TO orders_app
    USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid)
    WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
CREATE POLICY audit_log_read ON orders.audit_log FOR SELECT TO orders_auditor
    USING (changed_at > now() - interval '1 year');

GRANT SELECT, INSERT, UPDATE, DELETE ON orders.customers, orders.orders, orders.order_lines TO orders_app;
GRANT SELECT ON orders.shipping_rates TO orders_app;
GRANT SELECT ON orders.audit_log TO orders_auditor;
