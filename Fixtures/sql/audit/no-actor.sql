-- The column for the actor is never filled.
CREATE ROLE app;
CREATE TABLE people (id integer PRIMARY KEY, name text, nick text);
GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON people TO app;
CREATE TABLE audit_log (
  id bigserial PRIMARY KEY, operation text NOT NULL, actor text, old_row jsonb, new_row jsonb, fields text[]
);

CREATE FUNCTION audit() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO public.audit_log (operation, actor, old_row, new_row, fields) VALUES (
    TG_OP, NULL, to_jsonb(OLD), to_jsonb(NEW),
    ARRAY(
      SELECT key FROM jsonb_each_text(to_jsonb(NEW)) WHERE value IS DISTINCT FROM to_jsonb(OLD) ->> key)
  );
  RETURN NULL;
END $$;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON people FOR EACH ROW EXECUTE FUNCTION audit();
