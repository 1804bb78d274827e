import Foundation
import Testing
import Values

@testable import PostgresSchema

/// What policies let through, by the analysis and by a PostgreSQL 15 server.
@Suite(.enabled(if: ThrowAwayServer.isInstalled, "postgresql-15 is not installed"))
struct PolicyServerTests {
  /// The situations a session can be in before it says whose it is, and after.
  private static let situations = ["missing", "empty", "set", "guest"]

  @Test func theServerAgreesOnEveryPolicy() throws {
    try ThrowAwayServer.run { cluster in
      for name in ["fail-open", "closed", "always-true"] {
        let fixture = try AnalysisFixture(file: "policies/\(name)")
        try cluster.load(fixture.sql, into: name)
        for clause in fixture.analysis.clauses {
          let table = fixture.catalogue.tables[clause.table]
          let rows = try visibleRows(of: table, clause.settings, in: name, cluster)
          let isOpen = rows[0] > 0 || rows[1] > 0
          let isAlwaysOpen = rows.allSatisfy { $0 == 2 }
          let comment = Comment("\(name): \(table.name.name) shows \(rows)")
          #expect(clause.isAlwaysTrue.word == (isAlwaysOpen ? "yes" : "no"), comment)
          #expect(clause.failsOpen.word == (isOpen && !isAlwaysOpen ? "yes" : "no"), comment)
          #expect(isOpen == (name != "closed"), comment)
          #expect(isAlwaysOpen == (name == "always-true"), comment)
        }
        try cluster.drop(name)
      }
    }
  }

  /// How many of two tenants' rows the role app sees in each situation; an error shows none.
  private func visibleRows(
    of table: Table, _ settings: [String], in database: String, _ cluster: ThrowAwayServer
  ) throws -> [Int] {
    let isUUID = table.column(named: "tenant")?.type == "uuid"
    let tenants =
      isUUID
      ? ["00000000-0000-0000-0000-00000000000a", "00000000-0000-0000-0000-00000000000b"] : ["a", "b"]
    _ = try cluster.query(
      "INSERT INTO \(table.name) (id, tenant) VALUES (1, '\(tenants[0])'), (2, '\(tenants[1])')", in: database)
    return try Self.situations.map { situation in
      let value: String? =
        switch situation {
        case "empty": nil
        case "set": tenants[0]
        default: "guest"
        }
      var preparation = ""
      if situation != "missing" {
        for setting in settings {
          preparation +=
            value.map { "SET \(setting) = '\($0)';" } ?? "BEGIN; SET LOCAL \(setting) = 'x'; COMMIT;"
        }
      }
      do {
        let output = try cluster.query(
          "\(preparation) SET ROLE app; SELECT count(*) FROM \(table.name)", in: database)
        return Int(output) ?? 0
      } catch is ThrowAwayServer.Failure {
        return 0
      }
    }
  }
}
