/// A database as pg_dump writes it: types, functions, tables with owners, data, then constraints, indexes, triggers,
/// policies and privileges, each kind in one place.
enum GeneratedDump {
  /// The dump of a size; the same size always means the same dump.
  static func text(bytes: Int) -> String {
    // One table takes some 3,300 bytes over all sections.
    let count = max(1, bytes / 3_300)
    var sections = [String](repeating: "", count: 7)
    for number in 0..<count { add(number, to: &sections) }
    return header + sections.joined() + "\n--\n-- PostgreSQL database dump complete\n--\n"
  }

  private static let header = """
    --
    -- PostgreSQL database dump
    --

    SET statement_timeout = 0;
    SET lock_timeout = 0;
    SET client_encoding = 'UTF8';
    SET standard_conforming_strings = on;
    SELECT pg_catalog.set_config('search_path', '', false);
    SET check_function_bodies = false;
    SET row_security = off;

    CREATE SCHEMA app;
    ALTER SCHEMA app OWNER TO owner;
    CREATE SCHEMA audit;
    ALTER SCHEMA audit OWNER TO owner;
    CREATE EXTENSION IF NOT EXISTS pgcrypto WITH SCHEMA public;
    COMMENT ON EXTENSION pgcrypto IS 'cryptographic functions';
    CREATE TABLE audit.log (
        id bigint NOT NULL, at timestamp with time zone DEFAULT now() NOT NULL, actor text NOT NULL,
        operation text NOT NULL, relation text NOT NULL, old_row jsonb, new_row jsonb
    );
    CREATE FUNCTION audit.record() RETURNS trigger
        LANGUAGE plpgsql SECURITY DEFINER
        SET search_path TO ''
        AS $$
    BEGIN
      INSERT INTO audit.log (actor, operation, relation, old_row, new_row)
      VALUES (session_user, TG_OP, TG_TABLE_NAME, to_jsonb(OLD), to_jsonb(NEW));
      RETURN COALESCE(NEW, OLD);
    END;
    $$;

    SET default_tablespace = '';
    SET default_table_access_method = heap;

    """

  private static func heading(_ name: String, _ kind: String) -> String {
    "\n--\n-- Name: \(name); Type: \(kind); Schema: app; Owner: owner\n--\n\n"
  }

  private static func add(_ number: Int, to sections: inout [String]) {
    let table = "\(["orders", "invoices", "members", "documents", "payments"][number % 5])_\(number)"
    if number % 4 == 0 {
      sections[0] += heading("state_\(number)", "TYPE")
      sections[0] += """
        CREATE TYPE app.state_\(number) AS ENUM (
            'draft',
            'open',
            'closed'
        );
        ALTER TYPE app.state_\(number) OWNER TO owner;

        """
    }
    sections[1] += heading("touch_\(number)()", "FUNCTION")
    sections[1] += """
      CREATE FUNCTION app.touch_\(number)() RETURNS trigger
          LANGUAGE plpgsql
          AS $$
      BEGIN
        NEW.updated_at := now();
        IF NEW.name IS NULL OR length(NEW.name) > 200 THEN
          RAISE EXCEPTION 'name of \(table) % is wrong', NEW.id USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
      END;
      $$;
      ALTER FUNCTION app.touch_\(number)() OWNER TO owner;

      """
    sections[2] += heading(table, "TABLE")
    sections[2] += """
      CREATE TABLE app.\(table) (
          id bigint NOT NULL,
          tenant_id uuid NOT NULL,
          parent_id bigint,
          name character varying(200) NOT NULL,
          state \(number % 4 == 0 ? "app.state_\(number) DEFAULT 'draft'::app.state_\(number)" : "text") NOT NULL,
          amount numeric(12,2) DEFAULT 0.00,
          details jsonb DEFAULT '{}'::jsonb NOT NULL,
          created_at timestamp with time zone DEFAULT now() NOT NULL,
          updated_at timestamp with time zone DEFAULT now() NOT NULL,
          CONSTRAINT \(table)_amount_check CHECK ((amount >= (0)::numeric))
      );
      ALTER TABLE app.\(table) OWNER TO owner;
      COMMENT ON TABLE app.\(table) IS 'What tenants have of kind \(number)';
      COMMENT ON COLUMN app.\(table).name IS 'the tenant''s own name for it';
      CREATE SEQUENCE app.\(table)_id_seq
          START WITH 1
          INCREMENT BY 1
          NO MINVALUE
          NO MAXVALUE
          CACHE 1;
      ALTER TABLE app.\(table)_id_seq OWNER TO owner;
      ALTER SEQUENCE app.\(table)_id_seq OWNED BY app.\(table).id;
      ALTER TABLE ONLY app.\(table) ALTER COLUMN id SET DEFAULT nextval('app.\(table)_id_seq'::regclass);

      """
    sections[3] += heading(table, "TABLE DATA") + "COPY app.\(table) (id, tenant_id, name, state) FROM stdin;\n"
    for row in 1...5 { sections[3] += "\(row)\t5f0c1f9e-0000-4000-8000-00000000000\(row)\tname \(row)\tdraft\n" }
    sections[3] += "\\.\n\n"
    sections[4] += heading("\(table)_pkey", "CONSTRAINT")
    sections[4] += """
      ALTER TABLE ONLY app.\(table)
          ADD CONSTRAINT \(table)_pkey PRIMARY KEY (id);
      ALTER TABLE ONLY app.\(table)
          ADD CONSTRAINT \(table)_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES app.\(table)(id) ON DELETE CASCADE;
      CREATE INDEX \(table)_tenant_idx ON app.\(table) USING btree (tenant_id, created_at DESC);
      CREATE UNIQUE INDEX \(table)_name_idx ON app.\(table) USING btree (tenant_id, lower((name)::text)) WHERE (state <> 'closed');

      """
    sections[5] += heading("touch", "TRIGGER")
    sections[5] += """
      CREATE TRIGGER touch BEFORE INSERT OR UPDATE ON app.\(table) FOR EACH ROW EXECUTE FUNCTION app.touch_\(number)();
      CREATE TRIGGER record AFTER INSERT OR DELETE OR UPDATE ON app.\(table) FOR EACH ROW EXECUTE FUNCTION audit.record();
      ALTER TABLE app.\(table) ENABLE ROW LEVEL SECURITY;
      CREATE POLICY tenant ON app.\(table) USING ((tenant_id = (current_setting('app.tenant_id'::text))::uuid)) WITH CHECK ((tenant_id = (current_setting('app.tenant_id'::text))::uuid));

      """
    sections[6] += """
      GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE app.\(table) TO app;
      GRANT SELECT ON TABLE app.\(table) TO reader;
      GRANT SELECT,USAGE ON SEQUENCE app.\(table)_id_seq TO app;

      """
  }
}
