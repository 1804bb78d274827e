import CloudFormation
import Findings
import PostgresSchema
import SourceText

/// The SQL of a project, replayed.
struct ProjectSchema {
  let catalogue: Catalogue
  /// In the order in which they were replayed.
  let sources: [SQLSource]
}

extension Linter {
  /// Replays the SQL files in their migration tool's order, or in the configuration's, then the SQL in Lambda code.
  mutating func readSchema(_ project: inout DiscoveredProject, _ deployment: Deployment, _ plan: ProjectPlan)
    -> ProjectSchema
  {
    var sources: [SQLSource] = []
    for group in schemaFiles(project, plan) {
      let files = group.filter { isText($0) }
      let order = MigrationOrder.order(files.map { ($0.path, $0.bytes) })
      for skipped in order.skipped {
        passedOver.append(PassedOver(path: files[skipped.file].path, reason: skipped.reason))
      }
      for entry in order.entries {
        let file = files[entry.file]
        roles[file.id] = (.schema, "sql")
        sources.append(entry.parts.isEmpty ? SQLSource(file) : SQLSource(file, parts: entry.parts))
      }
    }
    sources += embeddedSQL(deployment)
    let (catalogue, replay) = Catalogue.replay(sources)
    diagnostics += replay
    return ProjectSchema(catalogue: catalogue, sources: sources)
  }

  /// Whether a file is text; a dump in PostgreSQL's custom format is not.
  private mutating func isText(_ source: SourceFile) -> Bool {
    guard let zero = source.bytes.firstIndex(of: 0) else { return true }
    diagnostics.append(
      Diagnostic(
        "binary-sql", .error, "'\(source.path)' is no text: it holds a zero byte.",
        cure: "Write a dump as text (pg_dump --format=plain), or leave the file out.",
        at: Span(source.id, zero..<zero + 1)))
    return false
  }

  /// The SQL in the inline code of Lambda functions.
  func embeddedSQL(_ deployment: Deployment) -> [SQLSource] {
    var sources: [SQLSource] = []
    for id in deployment.resources(ofType: "AWS::Lambda::Function") {
      let properties = deployment.resource(id).declaration.properties
      // SAM's name for it is InlineCode.
      guard let code = properties?["Code"]?["ZipFile"] ?? properties?["InlineCode"], code.kind == .scalar else {
        continue
      }
      sources += EmbeddedSQL.find(inPython: code.mappedText)
    }
    return sources
  }
}
