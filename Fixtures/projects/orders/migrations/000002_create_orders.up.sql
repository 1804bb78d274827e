-- 顧客
CREATE TABLE orders.customers (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id uuid NOT NULL,
    name text NOT NULL,
    email text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE orders.customers IS '@blea classification=internal';

-- 注文と明細
CREATE TABLE orders.orders (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id uuid NOT NULL,
    customer_id bigint NOT NULL REFERENCES orders.customers (id),
    ordered_at timestamptz NOT NULL DEFAULT now(),
    total_yen bigint NOT NULL CHECK (total_yen >= 0)
);
CREATE INDEX orders_customer_id_idx ON orders.orders (customer_id);
COMMENT ON TABLE orders.orders IS '@blea classification=internal';

CREATE TABLE orders.order_lines (
    order_id bigint NOT NULL REFERENCES orders.orders (id) ON DELETE CASCADE,
    line_number integer NOT NULL,
    tenant_id uuid NOT NULL,
    item_code text NOT NULL,
    quantity integer NOT NULL CHECK (quantity > 0),
    PRIMARY KEY (order_id, line_number)
);
COMMENT ON TABLE orders.order_lines IS '@blea classification=internal';

-- 送料。全テナント共通
CREATE TABLE orders.shipping_rates (
    prefecture text PRIMARY KEY,
    yen integer NOT NULL
);
COMMENT ON TABLE orders.shipping_rates IS '@blea classification=public';

ALTER TABLE orders.customers OWNER TO orders_owner;
ALTER TABLE orders.orders OWNER TO orders_owner;
ALTER TABLE orders.order_lines OWNER TO orders_owner;
ALTER TABLE orders.shipping_rates OWNER TO orders_owner;
