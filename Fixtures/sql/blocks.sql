-- What DO blocks, helpers and loops define.
CREATE SCHEMA audit;
CREATE TABLE audit.log (id bigserial PRIMARY KEY, at timestamptz DEFAULT now(), tbl text, op text, row_data jsonb);
CREATE TABLE customers (id int PRIMARY KEY, name text);
CREATE TABLE invoices (id int PRIMARY KEY, customer_id int REFERENCES customers, amount numeric(10));
CREATE FUNCTION audit.record() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = audit, pg_temp AS $$
DECLARE
  payload jsonb;
BEGIN
  IF TG_OP = 'DELETE' THEN
    payload := to_jsonb(OLD);
  ELSE
    payload := to_jsonb(NEW);
  END IF;
  INSERT INTO log (tbl, op, row_data) VALUES (TG_TABLE_NAME, TG_OP, payload);
  RETURN NULL;
END;
$$;
CREATE FUNCTION audit.watch(tbl text, kind text DEFAULT 'row') RETURNS void LANGUAGE plpgsql AS $fn$
BEGIN
  EXECUTE 'CREATE TRIGGER ' || quote_ident(tbl || '_audit') || ' AFTER INSERT OR UPDATE OR DELETE ON ' || quote_ident(tbl)
    || ' FOR EACH ROW EXECUTE FUNCTION audit.record()';
END $fn$;
SELECT audit.watch('customers');
DO $$
BEGIN
  PERFORM audit.watch('invoices');
  IF EXISTS (SELECT 1 FROM information_schema.columns WHERE table_name = 'customers' AND column_name = 'email') THEN
    ALTER TABLE customers RENAME COLUMN email TO mail;
  ELSIF NOT EXISTS (SELECT 1 FROM pg_class WHERE relname = 'invoices') THEN
    DROP TABLE customers;
  ELSE
    ALTER TABLE customers ADD COLUMN mail text;
  END IF;
END $$;
DO $do$
DECLARE
  t text;
  suffix text := 'rooms';
BEGIN
  FOREACH t IN ARRAY ARRAY['customers', 'invoices'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format($q$CREATE POLICY %I ON public.%I FOR SELECT USING (%L = current_user)$q$, t || '_read', t, 'it''s');
  END LOOP;
  CREATE TABLE IF NOT EXISTS notes (id int);
  BEGIN
    CREATE TYPE mood AS ENUM ('sad', 'ok');
  EXCEPTION WHEN duplicate_object THEN
    NULL;
  END;
END
$do$;
