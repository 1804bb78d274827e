CREATE TABLE orders (id bigint, region text, amount numeric(10,2) CHECK (amount > 0), PRIMARY KEY (id, region)) PARTITION BY LIST (region);
CREATE TABLE orders_eu PARTITION OF orders FOR VALUES IN ('eu');
CREATE INDEX ON orders (amount);
CREATE TABLE orders_us PARTITION OF orders FOR VALUES IN ('us');
CREATE UNIQUE INDEX orders_u ON orders (region, id);
CREATE TABLE orders_as (id bigint NOT NULL, region text NOT NULL, amount numeric(10,2), CONSTRAINT orders_amount_check CHECK (amount > 0));
ALTER TABLE orders ATTACH PARTITION orders_as FOR VALUES IN ('as');
