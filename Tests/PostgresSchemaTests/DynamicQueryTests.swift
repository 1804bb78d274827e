import SourceText
import Testing

@testable import PostgresSchema

/// Loops of DO blocks that ask the catalogue in more than the plainest way.
struct DynamicQueryTests {
  private let tables = "CREATE TABLE a1 (id int); CREATE TABLE a2 (id int); CREATE TABLE b1 (id int, tenant_id int);"

  private func secured(_ block: String) -> [String] {
    let fixture = CatalogueFixture(tables + "DO $$ DECLARE r record; i int := 1; BEGIN \(block) END $$;")
    #expect(fixture.catalogue.dynamicSQL.isEmpty)
    return fixture.catalogue.tables.filter(\.rowSecurity.value).map(\.name.name)
  }

  private let enable = "EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', r.tablename);"

  @Test func whileCounts() {
    #expect(
      secured(
        "WHILE i <= 2 LOOP EXECUTE format('ALTER TABLE a%s ENABLE ROW LEVEL SECURITY', i); i := i + 1; END LOOP;")
        == ["a1", "a2"])
    #expect(
      secured(
        "LOOP EXIT WHEN i > 1; EXECUTE format('ALTER TABLE a%s ENABLE ROW LEVEL SECURITY', i); i := i + 1; END LOOP;")
        == ["a1"])
  }

  @Test func continueSkips() {
    #expect(
      secured(
        "FOR r IN SELECT tablename FROM pg_tables LOOP CONTINUE WHEN r.tablename LIKE 'a%'; \(enable) END LOOP;")
        == ["b1"])
  }

  @Test func withNamesQueries() {
    #expect(
      secured(
        """
        FOR r IN WITH wanted (tablename) AS (SELECT c.relname FROM pg_class c WHERE c.relkind = 'r'),
          few AS (SELECT tablename FROM wanted WHERE tablename ~ '^a')
          SELECT tablename FROM few LOOP \(enable) END LOOP;
        """) == ["a1", "a2"])
  }

  @Test func groupsHaveCounts() {
    #expect(
      secured(
        """
        FOR r IN SELECT table_name AS tablename, count(*) AS n FROM information_schema.columns
          WHERE table_schema = 'public' GROUP BY table_name HAVING count(*) > 1 LOOP \(enable) END LOOP;
        """) == ["b1"])
    #expect(
      secured(
        """
        FOR r IN SELECT min(tablename) AS tablename FROM pg_tables GROUP BY schemaname ORDER BY 1
          LOOP \(enable) END LOOP;
        """) == ["a1"])
  }

  @Test(
    arguments: [
      "WHILE random() < 0.5 LOOP EXECUTE 'ALTER TABLE ' || random() || ' ENABLE ROW LEVEL SECURITY'; END LOOP;",
      "LOOP EXECUTE 'ALTER TABLE a1 ENABLE ROW LEVEL SECURITY'; END LOOP;",
      "FOR r IN WITH RECURSIVE x AS (SELECT 1 AS n) SELECT n FROM x LOOP "
        + "EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', r.n); END LOOP;",
    ])
  func whatCannotBeToldIsRecorded(_ block: String) {
    let fixture = CatalogueFixture(tables + "\nDO $$ DECLARE r record; BEGIN \(block) END $$;")
    #expect(fixture.catalogue.dynamicSQL.count == 1)
    #expect(fixture.table("public.b1")?.rowSecurity.truth.known == nil)
  }

  @Test func aLoopOverRowsThatOnlyAServerHasRunsPerhaps() {
    let fixture = CatalogueFixture(
      tables
        + """

        DO $$ DECLARE r record; BEGIN
          FOR r IN SELECT * FROM random_settings() LOOP
            UPDATE a1 SET id = 1 WHERE 'drop table, policy' <> r.name;
            EXECUTE 'ALTER TABLE a1 ENABLE ROW LEVEL SECURITY';
          END LOOP;
        END $$;
        """)
    #expect(fixture.catalogue.dynamicSQL.isEmpty)
    #expect(fixture.table("public.a1")?.rowSecurity.truth.known == nil)
    #expect(fixture.table("public.b1")?.rowSecurity.truth == .no)
    #expect(fixture.table("public.b1")?.uncertainty.isEmpty == true)
  }

  @Test(
    arguments: [
      ("format('ALTER FUNCTION %s SET search_path = public', r.f)", 1),
      ("'REVOKE ALL ON FUNCTION ' || r.f || ' FROM PUBLIC'", 1),
      ("format('CREATE TABLE %I (id int)', r.f)", 1),
      ("format('UPDATE %I SET a = 1', r.f)", 0),
    ])
  func whatItBeginsWithTellsWhatItIsAbout(_ expression: String, _ count: Int) {
    let fixture = CatalogueFixture(
      tables
        + "\nDO $$ DECLARE r record; BEGIN FOR r IN SELECT f FROM x() LOOP EXECUTE \(expression); END LOOP; END $$;")
    #expect(fixture.catalogue.dynamicSQL.count == count)
    #expect(fixture.table("public.b1")?.uncertainty.isEmpty == true)
    #expect(fixture.table("public.b1")?.rowSecurity.truth == .no)
  }

  @Test(
    arguments: [
      "format('DROP FUNCTION %s CASCADE', r.f)", "r.f", "'ALTER FUNCTION f() STABLE; ' || r.f",
      "'SELECT make_' || r.f || '()'",
    ])
  func whatItBeginsWithMayTellNothing(_ expression: String) {
    let fixture = CatalogueFixture(
      tables
        + "\nDO $$ DECLARE r record; BEGIN FOR r IN SELECT f FROM x() LOOP EXECUTE \(expression); END LOOP; END $$;")
    #expect(fixture.catalogue.dynamicSQL.count == 1)
    #expect(fixture.table("public.b1")?.uncertainty.isEmpty == false)
  }

  @Test func eventTriggersAttach() {
    let fixture = CatalogueFixture(
      """
      CREATE FUNCTION secure() RETURNS event_trigger LANGUAGE plpgsql AS $$
      DECLARE obj record;
      BEGIN
        FOR obj IN SELECT * FROM pg_event_trigger_ddl_commands() WHERE command_tag = 'CREATE TABLE' LOOP
          EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', obj.object_identity);
        END LOOP;
      END $$;
      CREATE TABLE before (id int);
      CREATE EVENT TRIGGER secures ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION secure();
      CREATE TABLE after (id int);
      """)
    #expect(fixture.table("public.before")?.rowSecurity.value == false)
    #expect(fixture.table("public.after")?.rowSecurity.value == true)
    #expect(fixture.catalogue.dynamicSQL.isEmpty)
  }

  @Test func aFunctionOfAColumnIsCalledPerRow() {
    let fixture = AnalysisFixture(
      """
      CREATE FUNCTION mine(t uuid) RETURNS boolean LANGUAGE sql STABLE AS 'SELECT t IS NOT NULL';
      CREATE FUNCTION me() RETURNS uuid LANGUAGE sql STABLE AS 'SELECT current_setting(''app.me'')::uuid';
      CREATE TABLE t (tenant_id uuid);
      CREATE POLICY direct ON t USING (mine(tenant_id));
      CREATE POLICY correlated ON t USING ((SELECT mine(tenant_id)));
      CREATE POLICY once ON t USING (tenant_id = (SELECT me()));
      """)
    #expect(fixture.clauses(of: "t").map { $0.rowCalls.count } == [1, 1, 0])
  }
}
