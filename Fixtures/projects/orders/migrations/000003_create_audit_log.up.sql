CREATE TABLE orders.audit_log (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    table_name text NOT NULL,
    operation text NOT NULL,
    old_row jsonb,
    new_row jsonb,
    changed_by text NOT NULL DEFAULT session_user,
    changed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE orders.audit_log IS '@blea classification=internal';

CREATE FUNCTION orders.record_change() RETURNS trigger AS $body$
BEGIN
    IF TG_OP = 'DELETE' THEN
        INSERT INTO orders.audit_log (table_name, operation, old_row)
        VALUES (TG_TABLE_NAME, TG_OP, to_jsonb(OLD));
        RETURN OLD;
    ELSIF TG_OP = 'UPDATE' THEN
        INSERT INTO orders.audit_log (table_name, operation, old_row, new_row)
        VALUES (TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW));
    ELSE
        INSERT INTO orders.audit_log (table_name, operation, new_row)
        VALUES (TG_TABLE_NAME, TG_OP, to_jsonb(NEW));
    END IF;
    RETURN NEW;
END;
$body$ LANGUAGE plpgsql SECURITY DEFINER SET search_path = orders, pg_temp;
REVOKE EXECUTE ON FUNCTION orders.record_change() FROM PUBLIC;

CREATE TRIGGER customers_audit AFTER INSERT OR UPDATE OR DELETE ON orders.customers
    FOR EACH ROW EXECUTE FUNCTION orders.record_change();
CREATE TRIGGER orders_audit AFTER INSERT OR UPDATE OR DELETE ON orders.orders
    FOR EACH ROW EXECUTE FUNCTION orders.record_change();
CREATE TRIGGER order_lines_audit AFTER INSERT OR UPDATE OR DELETE ON orders.order_lines
    FOR EACH ROW EXECUTE FUNCTION orders.record_change();
CREATE TRIGGER shipping_rates_audit AFTER INSERT OR UPDATE OR DELETE ON orders.shipping_rates
    FOR EACH ROW EXECUTE FUNCTION orders.record_change();
