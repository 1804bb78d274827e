import SourceText
import Testing

@testable import PostgresSchema

/// Loops of DO blocks that ask the catalogue in more than the plainest way.
struct DynamicQueryTests {
  private let budget = EvaluationBudget(units: 100_000)
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
      // What never ends, what takes away rows that it made, and what reads rows of users.
      "FOR r IN WITH RECURSIVE x (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM x) SELECT n FROM x "
        + "LOOP EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', r.n); END LOOP;",
      "FOR r IN WITH RECURSIVE x (n) AS (SELECT 1 EXCEPT SELECT n FROM x) SELECT n FROM x "
        + "LOOP EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', r.n); END LOOP;",
      "FOR r IN WITH RECURSIVE x (n) AS (SELECT 1 UNION SELECT id FROM b1, x) SELECT n FROM x "
        + "LOOP EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', r.n); END LOOP;",
      "FOR r IN SELECT DISTINCT ON (schemaname) tablename FROM pg_tables "
        + "LOOP EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', r.tablename); END LOOP;",
      "FOR r IN SELECT tablename FROM pg_tables WHERE tableowner = 'somebody' "
        + "LOOP EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', r.tablename); END LOOP;",
    ])
  func whatCannotBeToldIsRecorded(_ block: String) {
    let fixture = CatalogueFixture(tables + "\nDO $$ DECLARE r record; BEGIN \(block) END $$;")
    #expect(fixture.catalogue.dynamicSQL.count == 1)
    #expect(fixture.table("public.b1")?.rowSecurity.truth.known == nil)
  }

  @Test func recursionFollows() {
    #expect(
      secured(
        """
        FOR r IN WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 2)
          SELECT 'a' || n AS tablename FROM numbers LOOP \(enable) END LOOP;
        """) == ["a1", "a2"])
    // UNION ends where nothing new comes.
    #expect(
      secured(
        """
        FOR r IN WITH RECURSIVE around (name) AS (
            VALUES ('a1') UNION SELECT t.tablename FROM around JOIN pg_tables t ON t.tablename <> around.name)
          SELECT name AS tablename FROM around ORDER BY 1 DESC LIMIT 2 LOOP \(enable) END LOOP;
        """) == ["a2", "b1"])
  }

  @Test func whatStandsBehindAPossibleReturnRunsPerhaps() {
    let fixture = CatalogueFixture(
      tables
        + """
        DO $$ BEGIN
          IF (SELECT count(*) FROM b1) > 0 THEN RETURN; END IF;
          ALTER TABLE a1 ENABLE ROW LEVEL SECURITY;
        END $$;
        DO $$ BEGIN
          IF (SELECT count(*) FROM b1) > 0 THEN RAISE EXCEPTION 'not empty'; END IF;
          ALTER TABLE a2 ENABLE ROW LEVEL SECURITY;
        END $$;
        """)
    #expect(fixture.table("public.a1")?.rowSecurity.truth.known == nil)
    #expect(fixture.table("public.a2")?.rowSecurity.truth.known == true)
  }

  @Test func anExceptionEndsOnlyTheBlockThatCatchesIt() {
    #expect(
      secured(
        """
        BEGIN RAISE EXCEPTION 'no'; EXCEPTION WHEN others THEN NULL; END;
        ALTER TABLE a1 ENABLE ROW LEVEL SECURITY;
        """) == ["a1"])
  }

  @Test func numbersOfRowsAnswerConditions() {
    #expect(
      secured("IF (SELECT count(*) = 0 FROM pg_policies) THEN ALTER TABLE a1 ENABLE ROW LEVEL SECURITY; END IF;")
        == ["a1"])
    #expect(
      secured(
        """
        IF (SELECT count(*) FILTER (WHERE tablename LIKE 'a%') || '-' || max(tablename) FROM pg_tables) = '2-b1' THEN
          ALTER TABLE b1 ENABLE ROW LEVEL SECURITY;
        END IF;
        """) == ["b1"])
  }

  @Test func orderAndStepsOfLoops() {
    #expect(
      secured("FOR r IN SELECT tablename FROM pg_tables ORDER BY tablename DESC LIMIT 1 LOOP \(enable) END LOOP;")
        == ["b1"])
    #expect(
      secured(
        """
        FOR n IN REVERSE 2..1 LOOP
          EXECUTE format('ALTER TABLE a%s ENABLE ROW LEVEL SECURITY', n);
          EXIT;
        END LOOP;
        """) == ["a2"])
  }

  @Test func whatIsLeftBeforeItsEndIsRecorded() {
    let fixture = CatalogueFixture(
      tables
        + """
        DO $$ BEGIN
          FOR i IN 1..900 LOOP FOR j IN 1..900 LOOP PERFORM 1; END LOOP; END LOOP;
          ALTER TABLE a1 DISABLE ROW LEVEL SECURITY;
        END $$;
        DO $$ BEGIN ALTER TABLE a2 DISABLE ROW LEVEL SECURITY; END $$;
        """)
    #expect(fixture.catalogue.dynamicSQL.count == 2)
    #expect(fixture.table("public.a1")?.rowSecurity.truth.known == nil)
  }

  /// A loop that cannot be followed matters for what the functions do that it calls.
  @Test func loopsOverWhatCannotBeToldAreRecordedForTheirCalls() {
    let fixture = CatalogueFixture(
      tables
        + """
        CREATE FUNCTION opens(name text) RETURNS void LANGUAGE plpgsql AS $$
        BEGIN EXECUTE format('ALTER TABLE %I DISABLE ROW LEVEL SECURITY', name); END $$;
        CREATE FUNCTION says(name text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN RAISE NOTICE '%', name; END $$;
        DO $$ DECLARE r record; BEGIN FOR r IN SELECT id FROM b1 LOOP PERFORM opens(r.id); END LOOP; END $$;
        DO $$ DECLARE r record; BEGIN FOR r IN SELECT id FROM b1 LOOP PERFORM says(r.id); END LOOP; END $$;
        """)
    #expect(fixture.catalogue.dynamicSQL.count == 1)
    #expect(fixture.table("public.a1")?.rowSecurity.truth.known == nil)
  }

  @Test func fieldsOfRecordsCanBeAssignedTo() {
    #expect(
      secured(
        """
        FOR r IN SELECT tablename FROM pg_tables WHERE tablename = 'a1' LOOP
          r.tablename := 'b' || substr(r.tablename, 2);
          \(enable)
        END LOOP;
        """) == ["b1"])
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
      ("^a", "abc", true), ("b$", "abc", false), ("[[:digit:]]+$", "t12", true), ("^(a|b)c?$", "bc", true),
      ("a{2,3}$", "baa", true), ("^[^_]*_x", "a_x", true), ("\\.", "a.b", true), ("\\.", "ab", false),
      ("^(?:ab)*$", "ababa", false), ("[a-c-]z", "-z", true), ("(a*)*$", "aaaaaaaaaaaaaaaaaaaaaaaaab", true),
    ])
  func patternsMatch(_ pattern: String, _ text: String, _ isMatch: Bool) {
    #expect(PostgresPattern(pattern)?.matches(text, within: budget) == isMatch)
  }

  @Test(arguments: ["a*?", "(a)\\1", "(?=a)", "***=a", "a{300}", "[", "(", "a**", "\\y", "[[.a.]]"])
  func patternsThatAreNotFollowed(_ pattern: String) { #expect(PostgresPattern(pattern) == nil) }

  @Test func patternsReplaceTheLongestMatch() {
    #expect(
      PostgresPattern("a|ab")?.replacing(
        in: "xabab", by: "-", everywhere: false, within: budget) == "x-ab")
    #expect(
      PostgresPattern("a|ab")?.replacing(
        in: "xabab", by: "-", everywhere: true, within: budget) == "x--")
    #expect(
      PostgresPattern("x*")?.replacing(in: "abc", by: "-", everywhere: true, within: budget)
        == "-a-b-c-")
    #expect(
      PostgresPattern("x*")?.replacing(in: "axb", by: "-", everywhere: true, within: budget)
        == "-a--b-")
    #expect(
      PostgresPattern("x*")?.replacing(in: "xx", by: "-", everywhere: true, within: budget)
        == "--")
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
