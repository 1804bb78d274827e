import SourceText
import Testing
import Values

@testable import PostgresSchema

struct ReplayTests {
  @Test func placesAreTheSmallest() {
    let fixture = CatalogueFixture(
      """
      -- people
      CREATE TABLE app.users (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(), -- key
        email varchar(255) UNIQUE NOT NULL,
        days integer DEFAULT 2555 CHECK (days > 0)
      );
      CREATE POLICY own ON app.users FOR ALL TO app USING (id = current_setting('x')::uuid) WITH CHECK (true);
      ALTER TABLE app.users ENABLE ROW LEVEL SECURITY;
      """)
    let table = fixture.table("app.users")
    #expect(fixture.text(table?.origin.span) == "app.users")
    #expect(table?.statement.lower == 10)
    #expect(fixture.text(table?.column(named: "email")?.origin.span) == "email varchar(255) UNIQUE NOT NULL")
    #expect(fixture.text(table?.column(named: "email")?.nameSpan) == "email")
    #expect(fixture.text(table?.column(named: "email")?.typeSpan) == "varchar(255)")
    #expect(fixture.text(table?.column(named: "email")?.isNotNull.origin.span) == "NOT NULL")
    #expect(fixture.text(table?.column(named: "days")?.defaultExpression?.span) == "2555")
    #expect(fixture.text(table?.column(named: "id")?.defaultExpression?.span) == "gen_random_uuid()")
    #expect(fixture.text(table?.constraint(named: "users_days_check")?.origin.span) == "CHECK (days > 0)")
    let policy = table?.policies.first
    #expect(fixture.text(policy?.origin.span) == "own")
    #expect(policy?.using?.text == "id = current_setting('x')::uuid")
    #expect(policy?.withCheck?.constant == "true")
    #expect(fixture.text(policy?.roles.first?.span) == "app")
    #expect(policy?.functions.map(\.name) == ["current_setting"])
    #expect(fixture.text(table?.rowSecurity.origin.span) == "ALTER TABLE app.users ENABLE ROW LEVEL SECURITY")
  }

  @Test func whatIsMissingIsAssumed() {
    let fixture = CatalogueFixture(
      "CREATE POLICY p ON rooms TO members USING (id IN (SELECT room FROM seats));"
        + "CREATE TRIGGER t AFTER INSERT ON rooms FOR EACH ROW EXECUTE FUNCTION log();")
    #expect(fixture.tableNames == ["public.rooms", "public.seats"])
    #expect(fixture.catalogue.tables.allSatisfy { $0.isAssumed })
    #expect(fixture.text(fixture.table("public.seats")?.origin.span) == "seats")
    #expect(fixture.catalogue.role(named: "members")?.isAssumed == true)
    #expect(fixture.catalogue.functions.map(\.isAssumed) == [true])
    #expect(fixture.catalogue.functions.first?.isAuditFunction.known == nil)
    #expect(fixture.table("public.rooms")?.rowSecurity.truth.known == nil)
  }

  @Test func whatIsCreatedLaterKeepsWhatWasDoneToIt() {
    let fixture = CatalogueFixture(
      "ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON t USING (true); CREATE TABLE t (id int);")
    let table = fixture.table("public.t")
    #expect(table?.isAssumed == false)
    #expect(table?.rowSecurity.truth == .yes)
    #expect(table?.policies.count == 1)
    #expect(fixture.text(table?.usedBeforeCreation?.span) == "t")
    #expect(table?.usedBeforeCreation?.span.lower == 12)
  }

  @Test(arguments: [
    ("CREATE TABEL t (id int)", "TABEL"),
    ("CREATE TABLE t (id int", "int"),
    ("SELECT 1; -- ü\nALTER TABLE é ENABEL ROW LEVEL SECURITY", "ENABEL"),
    ("CREATE TABLE t (é int,)", ")"),
  ])
  func syntaxErrorsHaveTheirPlace(_ sql: String, _ text: String) {
    let fixture = CatalogueFixture(sql)
    #expect(fixture.diagnostics.map(\.id) == ["sql-syntax"])
    #expect(fixture.text(fixture.diagnostics.first?.span) == text)
    #expect(fixture.catalogue.unparsedStatements.count == 1)
  }

  @Test func unparsedStatementsMakeUnknowns() {
    let fixture = CatalogueFixture(
      "CREATE TABLE a (id int); CREATE TABLE b (id int); CREATE TRIGER t AFTER INSERT ON a EXECUTE FUNCTION f();"
        + "CREATE POLICY p ON b TO TO x;")
    #expect(fixture.table("public.a")?.uncertainty[.triggers] != nil)
    #expect(fixture.table("public.b")?.uncertainty[.policies] != nil)
    #expect(fixture.table("public.b")?.uncertainty[.triggers] == nil)
  }

  @Test func recoversFromMissingSemicolons() {
    let fixture = CatalogueFixture(
      "CREATE TABLE a (id int)\nCREATE TABLE b (id int);\nCREATE TABLE c (id int;\nCREATE TABLE d (id int);\n"
        + "CREATE TABLE e (id int);"
    )
    #expect(fixture.diagnostics.count == 2)
    #expect(fixture.tableNames == ["public.a", "public.b", "public.d", "public.e"])
  }

  @Test func annotations() {
    let fixture = CatalogueFixture(
      """
      -- @blea classification=confidential retention=2555d
      CREATE TABLE t ( -- @blea exempt="tested elsewhere"
        a text, -- @blea pii=email,phone
        -- @blea pii=name
        b text
      );
      COMMENT ON COLUMN t.a IS 'The address. @blea classification=restricted';
      COMMENT ON COLUMN t.b IS '@blea =x';
      """)
    let table = fixture.table("public.t")
    #expect(table?.annotations.map(\.key) == ["classification", "retention", "exempt"])
    #expect(table?.annotation("exempt")?.value == "tested elsewhere")
    #expect(table?.column(named: "a")?.annotations.map(\.value) == ["restricted", "email,phone"])
    #expect(fixture.text(table?.column(named: "a")?.annotation("classification")?.span) == "restricted")
    #expect(table?.column(named: "b")?.annotation("pii")?.value == "name")
    #expect(fixture.diagnostics.map(\.id) == ["sql-annotation"])
  }

  @Test func annotationsBehindAndAboveOtherStatements() {
    let fixture = CatalogueFixture(
      """
      CREATE TABLE a (x int, y int); -- @blea classification=public
      CREATE TABLE b (x int);
      -- @blea pii=name
      ALTER TABLE b ADD COLUMN y text;
      """)
    #expect(fixture.table("public.a")?.annotations.map(\.value) == ["public"])
    #expect(fixture.table("public.b")?.annotations.isEmpty == true)
    #expect(fixture.table("public.b")?.column(named: "y")?.annotations.map(\.value) == ["name"])
  }

  @Test func aNulByteIsAnError() {
    let fixture = CatalogueFixture("CREATE TABLE a (x int); ALTER TABLE a ENABLE ROW LEVEL SECURITY \u{0} x;")
    #expect(fixture.diagnostics.map(\.id) == ["sql-syntax"])
    #expect(fixture.table("public.a")?.rowSecurity.value == false)
  }

  @Test func blocksAreFollowed() {
    let fixture = CatalogueFixture(
      """
      CREATE TABLE a (id int); CREATE TABLE b (id int); CREATE TABLE c (id int);
      CREATE FUNCTION protect(name text) RETURNS void LANGUAGE plpgsql AS $f$
      BEGIN EXECUTE 'ALTER TABLE ' || quote_ident(name) || ' FORCE ROW LEVEL SECURITY'; END $f$;
      SELECT protect('b');
      DO $$
      DECLARE t text;
      BEGIN
        IF NOT EXISTS (SELECT 1 FROM pg_policies WHERE tablename = 'a' AND policyname = 'p') THEN
          CREATE POLICY p ON a USING (true);
        ELSE
          DROP TABLE a;
        END IF;
        FOREACH t IN ARRAY ARRAY['a', 'b'] LOOP
          EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        END LOOP;
        IF current_user = 'x' THEN CREATE POLICY q ON c USING (true); END IF;
      EXCEPTION WHEN duplicate_object THEN NULL;
      END $$;
      """)
    #expect(fixture.catalogue.tables.map(\.rowSecurity.truth) == [.yes, .yes, .no])
    #expect(fixture.catalogue.tables.map(\.forceRowSecurity.truth) == [.no, .yes, .no])
    #expect(fixture.table("public.a")?.policies.map(\.name) == ["p"])
    #expect(fixture.text(fixture.table("public.a")?.policies.first?.origin.span) == "p")
    #expect(fixture.table("public.a")?.uncertainty[.policies] == nil)
    #expect(fixture.table("public.c")?.policies.map(\.name) == ["q"])
    #expect(fixture.table("public.c")?.uncertainty[.policies] != nil)
  }

  @Test func loopsOverTheCatalogueRun() {
    let fixture = CatalogueFixture(
      """
      CREATE TABLE a (id int);
      DO $$ DECLARE r record; BEGIN
        FOR r IN SELECT tablename FROM pg_tables LOOP
          EXECUTE format('CREATE TRIGGER audit AFTER INSERT ON %I FOR EACH ROW EXECUTE FUNCTION log()', r.tablename);
        END LOOP;
      END $$;
      CREATE TABLE b (id int);
      """)
    #expect(fixture.table("public.a")?.triggers.map(\.name) == ["audit"])
    #expect(fixture.table("public.a")?.uncertainty.isEmpty == true)
    #expect(fixture.table("public.b")?.triggers.isEmpty == true)
    #expect(fixture.catalogue.dynamicSQL.isEmpty)
  }

  @Test func whatIsAddedBeforeTheTableIsMadeStays() throws {
    let fixture = CatalogueFixture(
      """
      ALTER TABLE a ADD CONSTRAINT a_pk PRIMARY KEY (id);
      CREATE INDEX a_name ON a (name);
      CREATE TABLE a (id int, name text CHECK (name <> ''));
      """)
    let table = try #require(fixture.table("public.a"))
    #expect(table.constraints.map(\.name).contains("a_pk") && table.constraints.count == 2)
    #expect(table.indexes.map(\.name).contains("a_name"))
  }

  @Test func loopsOverRowsMakeUnknowns() {
    let fixture = CatalogueFixture(
      """
      CREATE TABLE a (id int, name text);
      DO $$ DECLARE r record; BEGIN
        FOR r IN SELECT name FROM a LOOP
          EXECUTE format('CREATE TRIGGER audit AFTER INSERT ON %I FOR EACH ROW EXECUTE FUNCTION log()', r.name);
        END LOOP;
      END $$;
      CREATE TABLE b (id int);
      """)
    #expect(fixture.table("public.a")?.uncertainty[.triggers] != nil)
    #expect(fixture.table("public.a")?.rowSecurity.truth == .no)
    #expect(fixture.table("public.b")?.uncertainty.isEmpty == true)
    #expect(fixture.catalogue.dynamicSQL.count == 1)
  }

  @Test(arguments: [
    ("INSERT INTO log VALUES (TG_OP, to_jsonb(NEW)); RETURN NULL;", "log"),
    ("IF TG_OP = 'DELETE' THEN INSERT INTO \"Log\" SELECT OLD.*; END IF; RETURN OLD;", "Log"),
    ("EXECUTE format('INSERT INTO %I.history SELECT $1.*', 'x') USING OLD; RETURN OLD;", nil),
    ("PERFORM write(OLD); RETURN NULL;", "log"),
    ("NEW.updated_at := now(); RETURN NEW;", "none"),
    ("INSERT INTO log VALUES (1); RETURN NULL;", "none"),
    ("this is no PL/pgSQL but INSERT INTO log VALUES (NEW.id)", "log"),
  ])
  func auditFunctions(_ body: String, _ target: String?) {
    let fixture = CatalogueFixture(
      "CREATE TABLE log (a int); CREATE TABLE \"Log\" (a int);"
        + "CREATE FUNCTION write(x record) RETURNS void LANGUAGE plpgsql AS $$ BEGIN INSERT INTO log VALUES (x);"
        + " END $$;"
        + "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \(body) END $$;")
    let function = fixture.catalogue.functions.last
    if target == "none" {
      #expect(function?.isAuditFunction == .no)
    } else {
      #expect(function?.isAuditFunction == .yes)
      if let target {
        #expect(function?.auditTables.map(\.name) == [target])
        #expect(function?.auditTables.first?.table != nil)
      }
    }
  }

  @Test func eventTriggersRun() {
    let fixture = CatalogueFixture(
      """
      CREATE TABLE a (id int);
      CREATE FUNCTION secure() RETURNS event_trigger LANGUAGE plpgsql AS $$ DECLARE r record; BEGIN
        FOR r IN SELECT * FROM pg_event_trigger_ddl_commands() LOOP
          EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', r.object_identity);
        END LOOP; END $$;
      CREATE EVENT TRIGGER secure ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION secure();
      CREATE TABLE b (id int);
      """)
    #expect(fixture.table("public.a")?.rowSecurity.truth == .no)
    #expect(fixture.table("public.b")?.rowSecurity.truth == .yes)
    #expect(fixture.table("public.b")?.uncertainty[.triggers] == nil)
  }

  @Test func tablesOfQueries() {
    let fixture = CatalogueFixture(
      "CREATE TABLE a (id int NOT NULL, name varchar(20)); CREATE TABLE b (id int, at date);"
        + "CREATE TABLE c AS SELECT a.*, b.at AS day FROM a JOIN b ON a.id = b.id;"
        + "CREATE TABLE d (x) AS SELECT name FROM a; SELECT count(*) AS n INTO e FROM a;"
        + "CREATE TABLE f AS SELECT lower(name) FROM a; CREATE TABLE g AS SELECT id + 1 FROM a;"
    )
    #expect(fixture.table("public.c")?.columns.map(\.name) == ["id", "name", "day"])
    #expect(fixture.table("public.c")?.columns.map(\.type) == ["integer", "character varying(20)", "date"])
    #expect(fixture.table("public.c")?.uncertainty[.columns] == nil)
    #expect(fixture.table("public.c")?.copiedFrom.map(\.name) == ["public.a", "public.b"])
    #expect(fixture.table("public.d")?.columns.map(\.name) == ["x"])
    #expect(fixture.table("public.e")?.columns.map(\.type) == ["bigint"])
    #expect(fixture.table("public.f")?.columns.map(\.name) == ["lower"])
    #expect(fixture.table("public.f")?.columns.map(\.type) == ["text"])
    #expect(fixture.table("public.g")?.uncertainty[.columns] != nil)
  }

  @Test func dumpsSetTheirSearchPath() {
    let fixture = CatalogueFixture(
      "SELECT pg_catalog.set_config('search_path', '', false); CREATE TABLE a.b (c int);"
        + "SET search_path = a, public; ALTER TABLE b ENABLE ROW LEVEL SECURITY;"
    )
    #expect(fixture.tableNames == ["a.b"])
    #expect(fixture.table("a.b")?.rowSecurity.value == true)
  }
}
