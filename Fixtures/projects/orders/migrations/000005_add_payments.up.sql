-- 決済。カード番号はトークンだけを持つが、分類は最上位
CREATE TABLE orders.payments (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id uuid NOT NULL,
    order_id bigint NOT NULL REFERENCES orders.orders (id),
    card_token text NOT NULL,
    paid_at timestamptz
);
CREATE INDEX payments_order_id_idx ON orders.payments (order_id);
COMMENT ON TABLE orders.payments IS 'Payments by card. @blea classification=restricted retention=3653d';
ALTER TABLE orders.payments OWNER TO orders_owner;

ALTER TABLE orders.payments ENABLE ROW LEVEL SECURITY;
ALTER TABLE orders.payments FORCE ROW LEVEL SECURITY;
CREATE POLICY payments_tenant ON orders.payments FOR ALL TO orders_app
    USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid)
    WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);

-- UPDATEとDELETEが漏れている
CREATE TRIGGER payments_audit AFTER INSERT ON orders.payments
    FOR EACH ROW EXECUTE FUNCTION orders.record_change();

GRANT SELECT, INSERT, UPDATE ON orders.payments TO orders_app;
