import Findings
import Project
import Testing

/// Which SQL is for which data store. What the function with the SQL and the only data store tell is in the examples of
/// BLEA-CLS-003.
@Suite struct SchemaLinkTests {
  private static let template = """
    Resources:
      Orders:
        Type: AWS::RDS::DBCluster
        Properties: { Engine: aurora-postgresql, Tags: [{ Key: DataClassification, Value: confidential }] }
      Reports:
        Type: AWS::RDS::DBInstance
        Properties: { Engine: postgres, Tags: [{ Key: DataClassification, Value: public }] }
    """

  private static func table(_ name: String) -> String {
    "CREATE TABLE \(name) (id bigint PRIMARY KEY, classification text DEFAULT 'confidential');\n"
  }

  private func run(_ databases: [SchemaAssignment]) async throws -> Report {
    let folder = try TemporaryFolder([
      "template.yaml": Self.template,
      "db/orders/1.sql": Self.table("orders"), "db/reports/1.sql": Self.table("reports"),
    ])
    var options = Linter.Options()
    options.folder = folder.path
    options.selection = ["BLEA-CLS-003"]
    options.databases = databases
    return await Linter.run(options)
  }

  @Test func withTwoDataStoresNobodyKnows() async throws {
    let report = try await run([])
    #expect(Set(report.findings.map(\.verdict)) == [.unknown])
    let message = try #require(report.findings.first).message.plain
    #expect(message.contains("the schema may live in any of the data stores 'Orders', 'Reports'"))
    #expect(message.contains(".blealint.yaml"), "how to say it")
  }

  @Test func theConfigurationSays() async throws {
    let report = try await run([
      SchemaAssignment(sql: "db/orders", dataStore: "Orders"),
      SchemaAssignment(sql: "db/reports/1.sql", dataStore: "template/Reports"),
    ])
    #expect(report.findings.map(\.verdict) == [.fail])
    #expect(report.findings.first?.message.plain.contains("'public.reports'") == true)
  }

  @Test func theMorePreciseAssignmentWins() async throws {
    let report = try await run([
      SchemaAssignment(sql: "db/reports", dataStore: "Orders"), SchemaAssignment(sql: ".", dataStore: "Orders"),
    ])
    #expect(report.findings.isEmpty)
    #expect(report.diagnostics.isEmpty)
  }

  @Test func severalDataStoresMayHoldTheSame() async throws {
    let report = try await run([
      SchemaAssignment(sql: ".", dataStore: "Orders"), SchemaAssignment(sql: ".", dataStore: "Reports"),
    ])
    #expect(report.findings.count == 2)
    #expect(report.findings.allSatisfy { $0.verdict == .fail && $0.message.plain.contains("instance 'Reports'") })
  }

  @Test func aDataStoreThatIsNotThereIsAMistake() async throws {
    let report = try await run([SchemaAssignment(sql: ".", dataStore: "Order")])
    #expect(report.diagnostics.map(\.id) == ["unknown-data-store"])
    #expect(report.exitCode == 2)
  }

  private func order(_ files: [String: String]) async throws -> [Finding] {
    var options = Linter.Options()
    let folder = try TemporaryFolder(files)
    options.folder = folder.path
    options.selection = ["BLEA-SQL-001"]
    let findings = await Linter.run(options).findings
    return withExtendedLifetime(folder) { findings }
  }

  @Test func filesWithoutVersionsMayRunInAnyOrder() async throws {
    let index = "CREATE INDEX ON orders (id);\n"
    let table = "CREATE TABLE orders (id int);\n"
    let findings = try await order(["indexes.sql": index, "tables.sql": table])
    #expect(findings.map(\.verdict) == [.unknown])
    #expect(
      findings.first?.message.plain.contains("nothing says whether 'indexes.sql' or 'tables.sql' runs first") == true)
    #expect(try await order(["1_indexes.sql": index, "2_tables.sql": table]).map(\.verdict) == [.fail])
    #expect(try await order(["all.sql": index + table]).map(\.verdict) == [.fail])
    #expect(
      try await order(["indexes.sql": index, "load.sql": "\\ir tables.sql\n\\ir indexes.sql\n", "tables.sql": table])
        .isEmpty)
    // Which of two scripts is run first, or whether both are, is not said.
    #expect(
      try await order(["1_indexes.sql": index, "2_tables.sql": table, "load.sql": "\\ir 2_tables.sql\n"]).map(\.verdict)
        == [.unknown])
    #expect(
      try await order(["indexes.sql": index, "load.sql": "\\ir indexes.sql\n\\ir tables.sql\n", "tables.sql": table])
        .map(\.verdict) == [.fail])
  }
}
