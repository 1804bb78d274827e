import Foundation
import Testing
import Values

@testable import PostgresSchema

/// What audit functions record, by the analysis and by a PostgreSQL 15 server.
@Suite(.enabled(if: ThrowAwayServer.isInstalled, "postgresql-15 is not installed"))
struct AuditServerTests {
  private static let names = [
    "sound", "old-values-lost", "null-unsafe", "no-actor", "definer-actor", "truncate-unseen", "definer-without-path",
    "invoker", "deletes-forgotten", "errors-swallowed",
  ]

  @Test func theServerAgreesOnEveryAuditFunction() throws {
    try ThrowAwayServer.run { cluster in
      for name in Self.names {
        let fixture = try AnalysisFixture(file: "audit/\(name)")
        try cluster.load(fixture.sql, into: name)
        let auditing = try #require(fixture.auditing)
        let function = try #require(fixture.catalogue.functions.first { $0.name.name == "audit" })
        let comment = Comment("\(name)")
        let isInvoker = try !isAllowed("INSERT INTO people VALUES (0, 'x', 'x')", in: name, cluster)
        #expect(isInvoker == (function.isSecurityDefiner.truth == .no), comment)
        func isRecorded(_ condition: String, _ operation: String) throws -> Bool {
          try self.isRecorded(condition, operation, in: name, cluster)
        }
        _ = try cluster.query("DELETE FROM audit_log; INSERT INTO people VALUES (1, 'Ann', NULL)", in: name)
        _ = try cluster.query("UPDATE people SET name = 'Bea', nick = 'B' WHERE id = 1", in: name)
        #expect(try isRecorded("old_row->>'name' = 'Ann'", "UPDATE") == (auditing.keepsOld[.update] == .yes), comment)
        #expect(try isRecorded("'nick' = ANY (fields)", "UPDATE") == auditing.unsafeComparisons.isEmpty, comment)
        if !isInvoker {
          _ = try cluster.query("SET SESSION AUTHORIZATION app; UPDATE people SET name = 'Cy' WHERE id = 1", in: name)
          let namesActor = auditing.columns.contains { $0.namesRole }
          #expect(try isRecorded("actor = 'app'", "UPDATE") == namesActor, comment)
        }
        _ = try cluster.query("DELETE FROM people WHERE id = 1", in: name)
        #expect(try isRecorded("true", "DELETE") == (auditing.records[.delete] == .yes), comment)
        _ = try cluster.query("TRUNCATE people", in: name)
        #expect(try isRecorded("true", "TRUNCATE") == auditing.events.contains(.truncate), comment)
        try expectPath(function, name, cluster)
        try expectErrors(auditing, name, cluster)
        try cluster.drop(name)
      }
    }
  }

  /// A caller with a schema of its own in front diverts the rows of a function without a search_path.
  private func expectPath(_ function: Function, _ name: String, _ cluster: ThrowAwayServer) throws {
    guard function.isSecurityDefiner.truth == .yes else { return }
    _ = try cluster.query(
      """
      DELETE FROM audit_log; CREATE SCHEMA evil AUTHORIZATION app; SET ROLE app;
      CREATE TABLE evil.audit_log (operation text, actor text, old_row jsonb, new_row jsonb, fields text[]);
      SET search_path = evil, public; INSERT INTO people VALUES (7, 'Eve', NULL)
      """, in: name)
    let isRecorded = try cluster.query("SELECT count(*) > 0 FROM public.audit_log", in: name) == "t"
    let isPinned = function.searchPath != nil || function.auditTables.allSatisfy { $0.name.contains(".") }
    #expect(isRecorded == isPinned, Comment("\(name)"))
  }

  /// When the record cannot be written, the change must not go through.
  private func expectErrors(_ auditing: AuditFunction, _ name: String, _ cluster: ThrowAwayServer) throws {
    _ = try cluster.query("ALTER TABLE audit_log ADD CHECK (operation = 'never') NOT VALID", in: name)
    let goesThrough = try isAllowed("INSERT INTO people VALUES (8, 'Fay', NULL)", in: name, cluster, role: "postgres")
    #expect(goesThrough == !auditing.swallowingHandlers.isEmpty, Comment("\(name)"))
  }

  private func isAllowed(
    _ sql: String, in database: String, _ cluster: ThrowAwayServer, role: String = "app"
  ) throws -> Bool {
    do {
      _ = try cluster.query("SET ROLE \(role); \(sql)", in: database)
      return true
    } catch is ThrowAwayServer.Failure {
      return false
    }
  }

  private func isRecorded(
    _ condition: String, _ operation: String, in database: String, _ cluster: ThrowAwayServer
  ) throws -> Bool {
    let question = "SELECT count(*) > 0 FROM audit_log WHERE operation = '\(operation)' AND \(condition)"
    return try cluster.query(question, in: database) == "t"
  }
}
