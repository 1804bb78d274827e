DROP TABLE orders.payments;
