import Testing

@testable import PostgresSchema

/// No dynamic SQL, however short, may hold a run or crash it.
struct EvaluationBudgetTests {
  /// Blocks that would take hours, fill the memory or call themselves for ever; each is given up and told of.
  @Test(
    .timeLimit(.minutes(5)),
    arguments: [
      "FOR i IN 1..100 LOOP s := s || s; END LOOP; EXECUTE 'CREATE TABLE ' || s || ' (id int)';",
      "FOR i IN 1..100 LOOP a := a || a; END LOOP; EXECUTE 'CREATE TABLE x' || array_length(a, 1) || ' (id int)';",
      "FOR i IN 1..30 LOOP s := replace(s || s, 'x', s); END LOOP; EXECUTE 'CREATE TABLE ' || s || ' (id int)';",
      "FOR i IN 1..30 LOOP s := regexp_replace(s || s, 'x', s, 'g'); END LOOP; EXECUTE 'CREATE TABLE ' || s;",
      "FOR i IN 1..30 LOOP s := format('%1$s%1$s%1$s', s); END LOOP; EXECUTE 'CREATE TABLE ' || s || ' (id int)';",
      "EXECUTE \(String(repeating: "quote_literal(", count: 50))''''\(String(repeating: ")", count: 50));",
      "SELECT string_agg(q.x, ',') INTO s FROM (SELECT '\(String(repeating: "x", count: 20_000))' AS x "
        + "FROM generate_series(1, 4000)) q; EXECUTE 'CREATE TABLE ' || s || ' (id int)';",
      "EXECUTE itself('CREATE TABLE t (id int)');", "EXECUTE first('CREATE TABLE t (id int)');",
      "FOR i IN 1..900 LOOP IF EXISTS (SELECT FROM generate_series(1, 400) a, generate_series(1, 400) b "
        + "WHERE a || b = 'x') THEN EXECUTE 'CREATE TABLE t (id int)'; END IF; END LOOP;",
      "FOR i IN 1..900 LOOP s := regexp_replace('\(String(repeating: "a", count: 5_000))', '[^x]*y', '', 'g'); "
        + "END LOOP; EXECUTE 'CREATE TABLE ' || s || ' (id int)';",
      "FOR i IN 1..900 LOOP FOR j IN 1..900 LOOP s := \(String(repeating: "'x' || ", count: 1_000)) 'x'; END LOOP; "
        + "END LOOP; EXECUTE 'CREATE TABLE ' || s || ' (id int)';",
    ])
  func isGivenUp(_ block: String) {
    var options = ReplayOptions()
    options.evaluationUnits = 2_000_000
    let fixture = CatalogueFixture(
      """
      CREATE FUNCTION itself(x text) RETURNS text LANGUAGE sql AS $$ SELECT itself(x) || itself(x) $$;
      CREATE FUNCTION first(x text) RETURNS text LANGUAGE sql AS $$ SELECT second(x) || second(x) $$;
      CREATE FUNCTION second(x text) RETURNS text LANGUAGE sql AS $$ SELECT first(x) || first(x) $$;
      CREATE TABLE present (id int);
      DO $do$ DECLARE s text := 'x'; a text[] := ARRAY['x']; BEGIN \(block) END $do$;
      CREATE TABLE behind (id int);
      """, options: options)
    #expect(fixture.catalogue.tables.map(\.name.name) == ["present", "behind"])
    #expect(fixture.catalogue.dynamicSQL.count == 1)
  }

  @Test func whatIsLeftIsTold() throws {
    var options = ReplayOptions()
    options.evaluationUnits = 10_000
    let fixture = CatalogueFixture(
      "DO $$ BEGIN FOR i IN 1..900 LOOP EXECUTE format('CREATE TABLE t%s (id int)', i); END LOOP; END $$;",
      options: options)
    let diagnostic = try #require(fixture.diagnostics.first)
    #expect(diagnostic.id == "sql-too-long")
    #expect(fixture.diagnostics.count == 1)
    #expect(!fixture.catalogue.tables.isEmpty && fixture.catalogue.tables.count < 900)
    #expect(fixture.catalogue.moreTables != nil)
  }

  /// Numbers at the end of their range are no more dangerous than others.
  @Test(arguments: [
    "-(4294967296 * -2147483648)", "generate_series(4294967296 * -2147483648, 9223372036854775807)",
    "split_part('a', 'b', 4294967296 * -2147483648)", "left('abc', -2147483648)",
    "substr('abc', 2147483647, 2147483647)",
  ])
  func extremeNumbers(_ expression: String) {
    let fixture = CatalogueFixture(
      """
      DO $$ DECLARE r record; BEGIN
        FOR r IN SELECT \(expression) AS x LOOP EXECUTE 'CREATE TABLE ' || r.x; END LOOP;
        FOR r IN SELECT * FROM \(expression) LOOP NULL; END LOOP;
      END $$;
      CREATE TABLE behind (id int);
      """)
    #expect(fixture.catalogue.tables.map(\.name.name) == ["behind"])
  }
}
