-- Partitioned tables, inheritance and what their children get.
CREATE SCHEMA sales;
CREATE TABLE sales.orders (
  id bigint GENERATED ALWAYS AS IDENTITY,
  placed_at timestamptz NOT NULL,
  customer text NOT NULL,
  total numeric(12, 2) DEFAULT 0 CHECK (total >= 0),
  PRIMARY KEY (id, placed_at)
) PARTITION BY RANGE (placed_at);
CREATE TABLE sales.orders_2024 PARTITION OF sales.orders FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE FUNCTION sales.log_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO sales.order_log (operation, before, after) VALUES (TG_OP, to_jsonb(OLD), to_jsonb(NEW));
  RETURN NULL;
END $$;
CREATE TABLE sales.order_log (id bigserial PRIMARY KEY, operation text NOT NULL, before jsonb, after jsonb);
CREATE TRIGGER orders_log AFTER INSERT OR UPDATE OR DELETE ON sales.orders
  FOR EACH ROW EXECUTE FUNCTION sales.log_order();
CREATE TABLE sales.orders_2025 PARTITION OF sales.orders FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE sales.orders_old (LIKE sales.orders INCLUDING ALL);
ALTER TABLE sales.orders ATTACH PARTITION sales.orders_old FOR VALUES FROM (MINVALUE) TO ('2024-01-01');
ALTER TABLE sales.orders ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_orders ON sales.orders USING (customer = current_user);
ALTER TABLE sales.orders_2024 ENABLE ROW LEVEL SECURITY;
CREATE TABLE sales.notes (note text, noted_at date DEFAULT CURRENT_DATE);
CREATE TABLE sales.order_notes (order_id bigint) INHERITS (sales.notes);
ALTER TABLE sales.notes ADD COLUMN author varchar(40) NOT NULL DEFAULT 'nobody';
