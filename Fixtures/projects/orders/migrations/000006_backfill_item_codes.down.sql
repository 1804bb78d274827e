ALTER TABLE orders.order_lines ENABLE TRIGGER order_lines_audit;
