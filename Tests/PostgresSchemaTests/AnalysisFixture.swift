import Foundation
import SourceText
import Values

@testable import PostgresSchema

/// A fixture of the analysis: its SQL, the catalogue replayed from it and what the analysis says of that.
struct AnalysisFixture {
  let sql: String
  let file: SourceFile
  let catalogue: Catalogue
  let analysis: SchemaAnalysis

  init(_ sql: String) {
    self.sql = sql
    file = SourceFile(id: FileID(0), path: "schema.sql", bytes: Array(sql.utf8))
    catalogue = Catalogue.replay([SQLSource(file)]).0
    analysis = SchemaAnalysis(catalogue)
  }

  /// A file below Fixtures/sql.
  init(file name: String) throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    self.init(try String(contentsOf: root.appendingPathComponent("Fixtures/sql/\(name).sql"), encoding: .utf8))
  }

  /// The clauses of one table's policies.
  func clauses(of table: String) -> [PolicyClause] {
    analysis.clauses.filter { catalogue.tables[$0.table].name.name == table }
  }

  /// A clause on a table `t (id integer PRIMARY KEY, tenant text NOT NULL, note text)`, after other statements.
  static func clause(_ condition: String, after statements: String = "") -> PolicyClause? {
    AnalysisFixture(
      """
      CREATE TABLE t (id integer PRIMARY KEY, tenant text NOT NULL, note text);
      \(statements)
      CREATE POLICY p ON t USING (\(condition));
      """
    ).clauses(of: "t").first
  }

  /// What the function `audit` records.
  var auditing: AuditFunction? {
    catalogue.functions.firstIndex { $0.name.name == "audit" }.map { analysis.auditing(of: $0) }
  }

  func text(_ span: Span) -> String { file.text(span) }
}

extension Truth {
  /// `yes`, `no` or `unknown`, for comparisons in tests.
  var word: String {
    switch self {
    case .yes: "yes"
    case .no: "no"
    case .unknown: "unknown"
    }
  }
}
