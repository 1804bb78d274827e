import Foundation
import SourceText
import Testing
import Values

@testable import PostgresSchema

/// The SQL fixtures as wholes; their catalogues were compared with PostgreSQL 15's when they were written.
struct FixtureTests {
  private func source(_ name: String) throws -> SourceFile {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let data = try Data(contentsOf: root.appendingPathComponent("Fixtures/sql").appendingPathComponent(name))
    return SourceFile(id: FileID(0), path: name, bytes: Array(data))
  }

  @Test func partitions() throws {
    let (catalogue, diagnostics) = Catalogue.replay([SQLSource(try source("partitions.sql"))])
    #expect(diagnostics.isEmpty)
    let parent = catalogue.table("sales", "orders")
    #expect(parent?.kind == .partitionedTable)
    #expect(parent?.partitionKey?.text == "RANGE (placed_at)")
    for name in ["orders_2024", "orders_2025", "orders_old"] {
      let partition = catalogue.table("sales", name)
      #expect(partition?.isPartition == true)
      #expect(partition?.triggers.map(\.name) == ["orders_log"])
      #expect(partition?.triggers.first?.clonedFrom == partition?.parents.first)
      #expect(partition?.policies.isEmpty == true)
      #expect(partition?.rowSecurity.value == (name == "orders_2024"))
    }
    #expect(
      catalogue.table("sales", "orders_2025")?.partitionBound?.text
        == "FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')")
    #expect(catalogue.table("sales", "order_log")?.isAuditTable == true)
    #expect(catalogue.table("sales", "order_notes")?.columns.map(\.name) == ["note", "noted_at", "order_id", "author"])
  }

  @Test func changes() throws {
    let (catalogue, diagnostics) = Catalogue.replay([SQLSource(try source("changes.sql"))])
    #expect(diagnostics.isEmpty)
    let users = catalogue.table("public", "users")
    #expect(users?.policies.map(\.name) == ["tenant"])
    #expect(users?.policies.first?.roles.map(\.name) == ["app", "reader"])
    #expect(users?.columns.map(\.name) == ["id", "mail", "tenant_id", "created"])
    #expect(users?.constraints.map(\.name).sorted() == ["accounts_email_key", "accounts_pkey"])
    #expect(users?.triggers.map(\.enabled.value) == [.always])
    #expect(
      users?.grants.map { "\($0.grantee ?? "") \($0.privilege) \($0.column ?? "")" } == [
        "app SELECT ", "reader UPDATE mail",
      ])
    #expect(users?.annotation("classification")?.value == "restricted")
    let items = catalogue.table("public", "items")
    #expect(items?.rowSecurity.truth == .yes)
    #expect(
      items?.indexes.map(\.name).sorted() == [
        "items_a_b_key", "items_account_id_idx", "items_account_id_idx1", "items_account_id_idx2", "items_lower_idx",
        "items_pkey",
      ])
    #expect(items?.constraints.first { $0.kind == .foreignKey }?.reference?.tableName.description == "public.users")
    #expect(catalogue.views.first?.isSecurityInvoker.value == false)
    #expect(catalogue.roles.map(\.name) == ["app", "reader", "worker"])
    #expect(catalogue.role(named: "worker")?.inherits == false)
  }

  @Test func psql() throws {
    let (catalogue, diagnostics) = Catalogue.replay([SQLSource(try source("psql.sql"))])
    #expect(diagnostics.isEmpty)
    #expect(catalogue.tables.map(\.name.description) == ["public.people"])
    #expect(catalogue.tables.first?.primaryKey?.name == "people_pkey")
    #expect(catalogue.functions.map(\.name.description) == ["public.twice"])
  }

  @Test func mistakes() throws {
    let file = try source("mistakes.sql")
    let (catalogue, diagnostics) = Catalogue.replay([SQLSource(file)])
    #expect(
      catalogue.tables.map(\.name.name) == ["first", "second", "fifth", "nowhere", "sixth"])
    #expect(catalogue.table("public", "second")?.uncertainty[.rowSecurity] != nil)
    #expect(diagnostics.allSatisfy { $0.id == "sql-syntax" && $0.severity == .warning })
    #expect(
      diagnostics.compactMap { $0.span.map { file.text($0) } } == ["CREATE", "TABEL", "int", "ENABEL"])
  }

  @Test func blocks() throws {
    let (catalogue, diagnostics) = Catalogue.replay([SQLSource(try source("blocks.sql"))])
    #expect(diagnostics.isEmpty)
    #expect(catalogue.dynamicSQL.isEmpty)
    #expect(
      catalogue.tables.map(\.name.description) == ["audit.log", "public.customers", "public.invoices", "public.notes"])
    #expect(catalogue.table("public", "customers")?.triggers.map(\.name) == ["customers_audit"])
    #expect(catalogue.table("public", "invoices")?.triggers.map(\.name) == ["invoices_audit"])
    #expect(catalogue.table("public", "customers")?.columns.map(\.name) == ["id", "name", "mail"])
    #expect(catalogue.table("public", "invoices")?.policies.map(\.name) == ["invoices_read"])
    #expect(catalogue.table("public", "invoices")?.policies.first?.using?.text == "'it''s' = current_user")
    #expect(catalogue.table("audit", "log")?.isAuditTable == true)
    #expect(catalogue.tables.allSatisfy { $0.uncertainty.isEmpty && $0.rowSecurity.uncertainty == nil })
  }

  @Test func everyObject() throws {
    let (catalogue, diagnostics) = Catalogue.replay([SQLSource(try source("every-object.sql"))])
    #expect(diagnostics.isEmpty)
    #expect(catalogue.unparsedStatements.isEmpty)
  }

  @Test func javaScript() throws {
    let file = try source("setup.mjs")
    let sources = EmbeddedSQL.find(inJavaScript: MappedText(file))
    #expect(sources.map(\.name) == ["SCHEMA", "comment", "statements", "statements", "grant"])
    let (catalogue, diagnostics) = Catalogue.replay(sources)
    #expect(diagnostics.isEmpty)
    let people = catalogue.table("public", "people")
    #expect(people?.columns.map(\.name) == ["id", "name", "note"])
    #expect(people?.rowSecurity.truth == .yes)
    #expect(people?.policies.map(\.name) == ["own"])
    #expect(people?.uncertainty[.privileges] != nil)
    #expect(people?.annotation("pii").map { file.text($0.span) } == "name")
  }

  @Test func python() throws {
    let file = try source("setup.py")
    let sources = EmbeddedSQL.find(inPython: MappedText(file))
    #expect(sources.map(\.name) == ["SCHEMA", "STATEMENTS", "STATEMENTS", "policies", "handler"])
    let (catalogue, diagnostics) = Catalogue.replay(sources)
    #expect(diagnostics.isEmpty)
    let people = catalogue.table("public", "people")
    #expect(people?.rowSecurity.truth == .yes)
    #expect(people?.policies.map(\.name) == ["own"])
    #expect(people?.uncertainty[.privileges] != nil)
    #expect(people?.annotation("pii").map { file.text($0.span) } == "name")
  }
}
