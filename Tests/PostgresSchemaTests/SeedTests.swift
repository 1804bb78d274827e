import Documents
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
    #expect(
      catalogue.table("public", "users")?.column(named: "security_classification")?.defaultExpression?.constant
        == "internal")
    #expect(catalogue.functions.first?.isAuditFunction == .yes)
    #expect(catalogue.functions.first?.auditTables.map(\.name) == ["audit_logs"])
    #expect(catalogue.table("public", "audit_logs")?.isAuditTable == true)
  }

  @Test func repairedSchema() {
    let (catalogue, diagnostics) = Catalogue.replay(seedSource("fixed_schema.sql"))
    #expect(diagnostics.isEmpty)
    #expect(catalogue.tables.allSatisfy { $0.rowSecurity.value && $0.forceRowSecurity.value && !$0.isAssumed })
    #expect(catalogue.tables.map(\.policies.count) == [1, 4, 1, 5, 1])
    #expect(catalogue.tables.map(\.triggers.count) == [3, 3, 3, 3, 2])
    #expect(catalogue.table("audit", "audit_logs")?.isAuditTable == true)
    #expect(catalogue.table("audit", "audit_logs")?.ownerRevocations == ["UPDATE", "DELETE", "TRUNCATE"])
    let users = catalogue.table("chat", "users")
    #expect(users?.annotation("classification")?.value == "confidential")
    #expect(users?.column(named: "email_encrypted")?.annotation("pii")?.value == "email")
    let audit = catalogue.functions.first { $0.name.name == "log_change" }
    #expect(audit?.isAuditFunction == .yes)
    #expect(audit?.searchPath == "pg_catalog, pg_temp")
    #expect(audit?.grants.map(\.grantee) == ["chatapp_owner"])
    #expect(catalogue.functions.filter { $0.isAuditFunction == .yes }.count == 1)
    #expect(catalogue.role(named: "chatapp_app")?.memberOf.map(\.role) == ["authenticated_users"])
  }

  /// The template holds the code as a JSON string, the code holds the SQL in functions: places lead through both.
  @Test func sqlInTheInitializersTemplate() throws {
    let path = seed.appendingPathComponent("cdk.out-hardened/ChatAppDb.template.json").path
    guard let data = FileManager.default.contents(atPath: path) else { return }
    let file = SourceFile(id: FileID(0), path: "template.json", bytes: Array(data))
    let root = Document.read(file, as: .json).documents.first?.root
    var sources: [SQLSource] = []
    for resource in root?["Resources"]?.entries.map(\.value) ?? [] {
      guard let code = resource["Properties"]?["Code"]?["ZipFile"] else { continue }
      sources += EmbeddedSQL.find(inPython: code.mappedText)
    }
    #expect(sources.map(\.name) == ["create_tables_sql", "create_audit_triggers_sql", "create_row_level_security_sql"])
    let (catalogue, diagnostics) = Catalogue.replay(sources)
    #expect(diagnostics.isEmpty)
    let policy = catalogue.table("public", "users")?.policies.first
    #expect(policy.map { file.text($0.origin.span) } == "user_isolation_policy")
    #expect(policy?.roles.first.map { file.text($0.span) } == "authenticated_users")
    #expect(catalogue.table("public", "audit_logs").map { file.text($0.origin.span) } == "audit_logs")
  }
}
