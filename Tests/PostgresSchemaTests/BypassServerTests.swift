import Foundation
import Testing
import Values

@testable import PostgresSchema

/// What gets around policies, and what policies of one table come to together, by the replay and by a PostgreSQL 15
/// server: two tenants, each with one row.
@Suite(.enabled(if: ThrowAwayServer.isInstalled, "postgresql-15 is not installed"))
struct BypassServerTests {
  private static let tenantA = "SET app.tenant = 'a'; SET ROLE app; "

  @Test func theServerAgreesOnEveryWayAround() throws {
    try ThrowAwayServer.run { cluster in
      let fixture = try AnalysisFixture(file: "policies/bypass")
      try cluster.load(fixture.sql, into: "bypass")
      for table in ["forced", "unforced"] {
        _ = try cluster.query("INSERT INTO \(table) VALUES (1, 'a'), (2, 'b')", in: "bypass")
        // The owner itself, with and without FORCE; whoever has not said whose it is sees nothing.
        let isForced = try #require(fixture.catalogue.tables.first { $0.name.name == table }).forceRowSecurity.value
        let owned = try cluster.query(
          "SET app.tenant = 'a'; SET ROLE keeper; SELECT count(*) FROM \(table)", in: "bypass")
        #expect(owned == (isForced ? "1" : "2"))
        #expect(try cluster.query("SET ROLE app; SELECT count(*) FROM \(table)", in: "bypass") == "0")
      }
      for (index, view) in fixture.catalogue.views.enumerated() {
        let seen = try cluster.query(Self.tenantA + "SELECT count(*) FROM \(view.name)", in: "bypass")
        expect(seen, view.name.name, fixture.analysis.tablesBypassed(byView: index))
      }
      for (index, function) in fixture.catalogue.functions.enumerated() {
        let seen = try cluster.query(Self.tenantA + "SELECT count(*) FROM \(function.name)()", in: "bypass")
        expect(seen, function.name.name, fixture.analysis.tablesBypassed(byFunction: index))
      }
      try cluster.drop("bypass")
    }
  }

  private func expect(_ seen: String, _ name: String, _ bypassed: [SchemaAnalysis.Bypass]) {
    let isAround = name.hasPrefix("around")
    #expect(seen == (isAround ? "2" : "1"), "\(name) on the server")
    #expect(bypassed.map { $0.doubt == nil } == (isAround ? [true] : []), "\(name) in the analysis")
  }

  @Test func theServerAgreesOnPoliciesTogether() throws {
    try ThrowAwayServer.run { cluster in
      let fixture = try AnalysisFixture(file: "policies/together")
      try cluster.load(fixture.sql, into: "together")
      for (index, table) in fixture.catalogue.tables.enumerated() {
        let name = table.name.name
        _ = try cluster.query("INSERT INTO \(name) VALUES (1, 'a'), (2, 'b')", in: "together")
        let rows = try cluster.query(Self.tenantA + "SELECT count(*) FROM \(name)", in: "together")
        let reading = reach(.select, .using, ofTable: index, fixture)
        #expect(rows == ["none": "0", "own": "1", "all": "2"][reading], "\(name) is read")
        // A row of the other tenant, and one of one's own.
        let others = isAllowed("INSERT INTO \(name) VALUES (3, 'b')", cluster)
        let own = isAllowed("INSERT INTO \(name) VALUES (4, 'a')", cluster)
        let writing = reach(.insert, .withCheck, ofTable: index, fixture)
        #expect((own ? others ? "all" : "own" : "none") == writing, "\(name) is written to")
        // TRUNCATE asks no policy.
        let isEmptied = isAllowed("TRUNCATE \(name)", cluster)
        #expect(isEmptied == table.grants.contains { $0.grantee == "app" && $0.privilege == "TRUNCATE" }, "\(name)")
      }
      try cluster.drop("together")
    }
  }

  /// Whose rows a command reaches by the policies for it: a permissive one must let a row through, and every
  /// restrictive one; without WITH CHECK the condition of USING stands, which inserts have none of.
  private func reach(
    _ command: Policy.Command, _ kind: PolicyClause.Kind, ofTable table: Int, _ fixture: AnalysisFixture
  ) -> String {
    let policies = fixture.catalogue.tables[table].policies
    func truth(_ index: Int) -> String {
      let clauses = fixture.analysis.clauses.filter { $0.table == table && $0.policy == index }
      let wanted = clauses.first { $0.kind == kind } ?? clauses.first { $0.kind == .using }
      return wanted.map { $0.isAlwaysTrue == .yes ? "all" : "own" } ?? "none"
    }
    let applying = policies.indices.filter { [.all, command].contains(policies[$0].command) }
    let permissive = applying.filter { policies[$0].isPermissive }.map(truth)
    let restrictive = applying.filter { !policies[$0].isPermissive }.map(truth)
    let widest = permissive.contains("all") ? "all" : permissive.contains("own") ? "own" : "none"
    return widest == "all" && restrictive.contains("own") ? "own" : widest
  }

  private func isAllowed(_ sql: String, _ cluster: ThrowAwayServer) -> Bool {
    (try? cluster.query("BEGIN; " + Self.tenantA + sql + "; ROLLBACK", in: "together")) != nil
  }
}
