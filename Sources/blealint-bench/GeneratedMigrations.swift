/// Migrations of a project that has grown for years: new tables with all that belongs to them, changes of earlier
/// ones, functions written anew, blocks that look into the catalogue, and data.
enum GeneratedMigrations {
  /// Files in the order in which they run; the same size always means the same files.
  static func files(bytes: Int) -> [(name: String, text: String)] {
    var files = [(name: "20150101000000_start.sql", text: start)]
    var size = start.utf8.count
    while size < bytes {
      let number = files.count
      let text = number % 3 == 0 ? change(number) : creation(number)
      let name = "\(20_150_101_000_000 + number * 1_000_000)_\(number % 3 == 0 ? "change" : "create")_\(number).sql"
      files.append((name, text))
      size += text.utf8.count
    }
    return files
  }

  private static let start = """
    CREATE ROLE app LOGIN;
    CREATE ROLE reader NOLOGIN;
    CREATE SCHEMA app;
    CREATE SCHEMA audit;
    CREATE TABLE audit.log (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      at timestamptz NOT NULL DEFAULT now(),
      actor text NOT NULL DEFAULT current_user,
      operation text NOT NULL,
      relation text NOT NULL,
      old_row jsonb,
      new_row jsonb
    );
    CREATE FUNCTION audit.attach(target regclass) RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
      EXECUTE format('CREATE TRIGGER record AFTER INSERT OR UPDATE OR DELETE ON %s '
        'FOR EACH ROW EXECUTE FUNCTION audit.record()', target);
    END
    $$;
    ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO reader;

    """

  private static func table(_ number: Int) -> String {
    "app.\(["order", "invoice", "member", "document", "payment"][number % 5])_\(number)"
  }

  private static func creation(_ number: Int) -> String {
    let table = table(number)
    let name = table.dropFirst(4)
    var text = """
      -- What tenants have of kind \(number), and who may see it.
      BEGIN;

      CREATE TABLE IF NOT EXISTS \(table) (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        tenant_id uuid NOT NULL,
        name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
        state text NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'open', 'closed', 'lost')),
        amount numeric(12, 2) NOT NULL DEFAULT 0,
        details jsonb NOT NULL DEFAULT '{}'::jsonb,
        created_by text NOT NULL DEFAULT current_user,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(), -- kept by the trigger below
        UNIQUE (tenant_id, name)
      );

      CREATE INDEX ON \(table) (tenant_id, created_at DESC);
      CREATE INDEX \(name)_open ON \(table) (lower(name)) WHERE state = 'open';
      COMMENT ON TABLE \(table) IS 'What tenants have of kind \(number)';
      COMMENT ON COLUMN \(table).created_by IS 'the role that wrote it first';

      CREATE OR REPLACE FUNCTION app.touch_\(number)() RETURNS trigger LANGUAGE plpgsql AS $function$
      DECLARE
        previous text := coalesce(OLD.state, 'none');
      BEGIN
        NEW.updated_at := now();
        IF previous = 'closed' AND NEW.state <> previous THEN
          RAISE EXCEPTION '\(name) % is closed', NEW.id;
        END IF;
        RETURN NEW;
      END
      $function$;

      CREATE TRIGGER touch BEFORE UPDATE ON \(table) FOR EACH ROW EXECUTE FUNCTION app.touch_\(number)();
      ALTER TABLE \(table) ENABLE ROW LEVEL SECURITY;
      CREATE POLICY tenant ON \(table) FOR ALL TO app
        USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
        WITH CHECK (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
      CREATE POLICY reading ON \(table) FOR SELECT TO reader
        USING (EXISTS (SELECT 1 FROM audit.log l WHERE l.relation = '\(name)' AND l.actor = current_user));
      GRANT SELECT, INSERT, UPDATE, DELETE ON \(table) TO app;
      REVOKE ALL ON \(table) FROM PUBLIC;

      """
    if number % 4 == 1 {
      text += """
        CREATE OR REPLACE FUNCTION audit.record_\(number)() RETURNS trigger
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = audit, pg_temp AS $$
        BEGIN
          IF TG_OP = 'DELETE' THEN
            INSERT INTO audit.log (operation, relation, old_row) VALUES (TG_OP, TG_TABLE_NAME, to_jsonb(OLD));
            RETURN OLD;
          ELSIF TG_OP = 'UPDATE' AND OLD IS DISTINCT FROM NEW THEN
            INSERT INTO audit.log (operation, relation, old_row, new_row)
            VALUES (TG_OP, TG_TABLE_NAME, to_jsonb(OLD), to_jsonb(NEW));
          ELSIF TG_OP = 'INSERT' THEN
            INSERT INTO audit.log (operation, relation, new_row) VALUES (TG_OP, TG_TABLE_NAME, to_jsonb(NEW));
          END IF;
          RETURN NEW;
        END
        $$;
        CREATE TRIGGER record AFTER INSERT OR UPDATE OR DELETE ON \(table)
          FOR EACH ROW EXECUTE FUNCTION audit.record_\(number)();

        """
    } else if number % 4 == 2 {
      text += "SELECT audit.attach('\(table)');\n"
    } else if number % 8 == 3 {
      text += """
        DO $$
        BEGIN
          IF NOT EXISTS (SELECT 1 FROM pg_policies WHERE schemaname = 'app' AND tablename = '\(name)'
            AND policyname = 'writing') THEN
            CREATE POLICY writing ON \(table) AS RESTRICTIVE FOR UPDATE TO app USING (state <> 'closed');
          END IF;
        END
        $$;

        """
    }
    if number % 5 == 0 {
      text += """
        CREATE VIEW \(table)_open WITH (security_invoker) AS
          SELECT o.id, o.tenant_id, o.name, count(l.id) AS changes
          FROM \(table) o LEFT JOIN audit.log l ON l.relation = '\(name)' AND l.new_row ->> 'id' = o.id::text
          WHERE o.state = 'open' GROUP BY o.id, o.tenant_id, o.name;
        GRANT SELECT ON \(table)_open TO reader;

        """
    }
    for row in 0..<number % 6 {
      text += """
        INSERT INTO \(table) (tenant_id, name, state) VALUES
          ('5f0c1f9e-0000-4000-8000-00000000000\(row)', 'first of \(row)', 'draft'),
          ('5f0c1f9e-0000-4000-8000-00000000001\(row)', 'second of \(row)', 'open');

        """
    }
    return text + "\nCOMMIT;\n"
  }

  private static func change(_ number: Int) -> String {
    let (table, other) = (table(number - 1), table(number - 2))
    return """
      -- Second thoughts about \(table) and \(other)
      ALTER TABLE \(table) ADD COLUMN closed_at timestamptz, ADD COLUMN other_id uuid;
      ALTER TABLE \(table) ADD CONSTRAINT other_fk FOREIGN KEY (other_id) REFERENCES \(other) (id) ON DELETE SET NULL;
      ALTER TABLE \(table) ALTER COLUMN amount TYPE numeric(14, 2), ALTER COLUMN details DROP NOT NULL;
      CREATE INDEX CONCURRENTLY IF NOT EXISTS by_other_\(number) ON \(table) (other_id);
      UPDATE \(table) SET closed_at = updated_at WHERE state = 'closed' AND closed_at IS NULL;
      DROP POLICY IF EXISTS reading ON \(other);
      CREATE POLICY reading ON \(other) FOR SELECT TO reader USING (created_by = current_user OR state = 'open');
      ALTER TABLE \(other) RENAME COLUMN details TO extra;
      COMMENT ON COLUMN \(other).extra IS 'whatever else there is to say; @blea classification=internal';
      CREATE OR REPLACE FUNCTION app.touch_\(number - 1)() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        NEW.updated_at := clock_timestamp();
        NEW.closed_at := CASE WHEN NEW.state = 'closed' THEN now() ELSE NULL END;
        RETURN NEW;
      END
      $$;
      REVOKE DELETE ON \(table) FROM app;

      """
  }
}
