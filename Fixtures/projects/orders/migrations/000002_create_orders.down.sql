DROP TABLE orders.shipping_rates;
DROP TABLE orders.order_lines;
DROP TABLE orders.orders;
DROP TABLE orders.customers;
