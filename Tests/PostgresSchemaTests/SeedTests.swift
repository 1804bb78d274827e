import Foundation
import SourceText
import Testing
import Values

@testable import PostgresSchema

/// The material beside the repository; tests of it are skipped where it is absent.
private let seed: URL = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("shared/seed")

private func seedSource(_ names: String...) -> [SQLSource] {
  names.enumerated().compactMap { index, name in
    guard let data = FileManager.default.contents(atPath: seed.appendingPathComponent(name).path) else { return nil }
    return SQLSource(SourceFile(id: FileID(Int32(index)), path: name, bytes: Array(data)))
  }
}

// The seed stands outside the repository.
@Suite(.enabled(if: FileManager.default.fileExists(atPath: seed.path), "../shared/seed is absent"))
struct SeedTests {
  @Test func tablesAndWhatProtectsThem() {
    let (catalogue, diagnostics) = Catalogue.replay(seedSource("01_tables.sql", "02_audit_triggers.sql", "03_rls.sql"))
    #expect(diagnostics.isEmpty)
    #expect(
      catalogue.tables.map(\.name.description) == [
        "public.users", "public.rooms", "public.messages", "public.audit_logs", "public.room_members",
      ])
    #expect(catalogue.tables.map(\.rowSecurity.value) == [true, true, true, false, false])
    #expect(catalogue.tables.map(\.policies.count) == [1, 1, 0, 0, 0])
    #expect(catalogue.tables.map(\.triggers.count) == [1, 1, 1, 0, 0])
    #expect(catalogue.tables.map(\.isAssumed) == [false, false, false, false, true])
    #expect(catalogue.role(named: "authenticated_users")?.isAssumed == true)
    #expect(catalogue.extensions.map(\.name) == ["uuid-ossp", "pgcrypto"])
    let retention = catalogue.table("public", "users")?.column(named: "data_retention_days")
    #expect(retention?.defaultExpression?.constant == "2555")
    #expect(retention?.type == "integer")
    #expect(catalogue.table("public", "users")?.column(named: "security_classification")?.defaultExpression?.constant == "internal")
    #expect(catalogue.functions.first?.isAuditFunction == .yes)
    #expect(catalogue.functions.first?.auditTables.map(\.name) == ["audit_logs"])
    #expect(catalogue.table("public", "audit_logs")?.isAuditTable == true)
  }

  @Test func repairedSchema() {
    let (catalogue, diagnostics) = Catalogue.replay(seedSource("fixed_schema.sql"))
    #expect(diagnostics.isEmpty)
    print(catalogue.summary)
  }
}
