import Testing
import Values

@testable import PostgresSchema

/// What the analysis says of policies without a server.
struct PolicyAnalysisTests {
  @Test(arguments: ["fail-open", "closed", "always-true"])
  func fixtures(_ name: String) throws {
    let fixture = try AnalysisFixture(file: "policies/\(name)")
    #expect(fixture.analysis.clauses.count > 10)
    for clause in fixture.analysis.clauses {
      let comment = Comment("\(fixture.catalogue.tables[clause.table].name.name)")
      #expect(clause.isAlwaysTrue.word == (name == "always-true" ? "yes" : "no"), comment)
      #expect(clause.failsOpen.word == (name == "fail-open" ? "yes" : "no"), comment)
      #expect((clause.readsSettings == .yes) == !clause.settings.isEmpty || name == "always-true", comment)
    }
  }

  @Test func whatAClauseReads() {
    let clause = AnalysisFixture.clause(
      """
      tenant = (SELECT nullif(current_setting('app.tenant', true), '')) AND t.note <> lower(current_setting('app.note'))
      AND id = current_setting('app.id', true)::integer
      """)
    #expect(clause?.settings == ["app.tenant", "app.note", "app.id"])
    #expect(clause?.columns == ["tenant", "note", "id"])
    #expect(clause?.settingCalls.map(\.isTolerant) == [true, false, true])
    #expect(clause?.settingCalls.map(\.unsafeCast) == [nil, nil, "integer"])
    #expect(clause?.settingCalls.map(\.isPerRow) == [false, true, true])
    #expect(clause?.rowCalls.map(\.name) == ["app.note", "app.id"])
    #expect(clause?.readsOwnTable == false)
  }

  @Test func aPolicyThatReadsItsOwnTable() {
    #expect(AnalysisFixture.clause("id IN (SELECT o.id FROM t AS o WHERE o.tenant = 'a')")?.readsOwnTable == true)
    #expect(
      AnalysisFixture.clause("id IN (SELECT o.id FROM u AS o)", after: "CREATE TABLE u (id int);")?.readsOwnTable
        == false)
  }

  @Test func functionsAreLookedIntoOneLevelDeep() {
    let wrapper = "CREATE FUNCTION w() RETURNS text LANGUAGE sql AS $$ SELECT current_setting('app.t', true) $$;"
    #expect(AnalysisFixture.clause("tenant = w()", after: wrapper)?.failsOpen == .no)
    #expect(AnalysisFixture.clause("tenant = w()", after: wrapper)?.settings == ["app.t"])
    #expect(AnalysisFixture.clause("w() IS NULL", after: wrapper)?.failsOpen == .yes)
    let standard = "CREATE FUNCTION w() RETURNS text RETURN coalesce(current_setting('app.t', true), 'a');"
    #expect(AnalysisFixture.clause("tenant = w()", after: standard)?.failsOpen == .yes)
    let argument = "CREATE FUNCTION same(x text) RETURNS boolean LANGUAGE sql AS 'SELECT x = x';"
    #expect(AnalysisFixture.clause("same(tenant)", after: argument)?.isAlwaysTrue == .yes)
    #expect(AnalysisFixture.clause("same(note)", after: argument)?.isAlwaysTrue == .no)
    let nested = wrapper + "CREATE FUNCTION v() RETURNS text LANGUAGE sql AS 'SELECT w()';"
    #expect(AnalysisFixture.clause("tenant = v()", after: nested)?.failsOpen.word == "unknown")
  }

  @Test func whatNobodyGaveIsNotGuessed() {
    #expect(AnalysisFixture.clause("tenant = app.tenant()")?.failsOpen.word == "unknown")
    #expect(AnalysisFixture.clause("tenant = app.tenant()")?.isAlwaysTrue == .no)
    #expect(AnalysisFixture.clause("app.may_see(tenant)")?.isAlwaysTrue.word == "unknown")
    #expect(AnalysisFixture.clause("tenant = auth.uid()::text")?.failsOpen == .no)
    #expect(AnalysisFixture.clause("auth.uid() IS NULL")?.failsOpen == .yes)
  }

  @Test func hostileConditionsEndInTime() {
    for condition in [
      String(repeating: "(", count: 390) + "true" + String(repeating: ")", count: 390),
      Array(repeating: "tenant = 'a'", count: 600).joined(separator: " OR "),
      (0..<100).reduce("true") { inner, _ in "((\(inner)) IN (true, false))" },
      (0..<60).reduce("true") { inner, _ in "CASE (\(inner)) WHEN true THEN true ELSE false END" },
      "tenant = " + Array(repeating: "'a'", count: 1_400).joined(separator: " || "),
      (0..<40).reduce("tenant") { inner, _ in "(SELECT coalesce(\(inner), 'a'))" } + " = 'a'",
    ] {
      _ = AnalysisFixture.clause(condition)?.failsOpen
    }
  }
}
