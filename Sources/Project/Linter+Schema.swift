import CloudFormation
import Estate
import Findings
import PostgresSchema
import SourceText
import Values

/// The SQL of a project, replayed.
struct ProjectSchema {
  let catalogue: Catalogue
  /// Each file and each function's code, with its data stores where the configuration names them.
  let sources: [SchemaSource]
  let inline: [InlineSchema]
  /// All SQL in the order in which it was replayed.
  let replayed: [SQLSource]
}

extension Linter {
  /// Replays the SQL files in their migration tool's order, or in the configuration's, then the SQL in Lambda code.
  mutating func readSchema(_ project: inout DiscoveredProject, _ deployment: Deployment, _ plan: ProjectPlan)
    -> ProjectSchema
  {
    var sources: [SQLSource] = []
    var origins: [SchemaSource] = []
    let groups = schemaFiles(project, plan)
    let assignments = options.databases + groups.flatMap(\.assignments) + functionAssignments(plan)
    checkDatabases(assignments, deployment)
    for group in groups {
      let files = group.files.filter { isText($0) }
      let order = MigrationOrder.order(files.map { ($0.path, $0.bytes) })
      for skipped in order.skipped {
        passedOver.append(PassedOver(path: files[skipped.file].path, reason: skipped.reason))
      }
      for entry in order.entries {
        let file = files[entry.file]
        roles[file.id] = (.schema, "sql")
        var source = entry.parts.isEmpty ? SQLSource(file) : SQLSource(file, parts: entry.parts)
        source.isVersioned = entry.isVersioned
        sources.append(source)
        guard !origins.contains(where: { $0.file == file.id }) else { continue }
        origins.append(
          SchemaSource(file: file.id, stores: databases(of: file.path, assignments, project.root, deployment)))
      }
    }
    let inline = InlineSchema.find(in: deployment)
    for schema in inline {
      sources += schema.sources
      let function = deployment.resource(schema.function).logicalID
      let stores = databases(of: function, assignments, project.root, deployment)
      origins.append(SchemaSource(code: schema.code, of: schema.function, stores: stores))
    }
    let (catalogue, replay) = Catalogue.replay(sources)
    diagnostics += replay
    return ProjectSchema(catalogue: catalogue, sources: origins, inline: inline, replayed: sources)
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
}
