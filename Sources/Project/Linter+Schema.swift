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
    for (number, group) in groups.enumerated() {
      let files = group.files.filter { isText($0) }
      let order = MigrationOrder.order(files.map { ($0.path, $0.bytes) })
      if let note = order.dumpNote { diagnostics.append(Self.dumpNotice(note)) }
      for skipped in order.skipped {
        passedOver.append(PassedOver(path: files[skipped.file].path, reason: skipped.reason))
      }
      for entry in order.entries {
        let file = files[entry.file]
        roles[file.id] = (.schema, "sql")
        var source = SQLSource(file, entry)
        source.place = SQLSource.Place(group: number, script: entry.script, isVersioned: entry.isVersioned)
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
    for code in codeInFolders(&project, deployment) {
      sources += code.sources
      let function = deployment.resource(code.function).logicalID
      let stores = databases(of: function, assignments, project.root, deployment)
      origins += code.files.map { SchemaSource(file: $0, of: code.function, stores: stores) }
    }
    let replayOptions = replayOptions(deployment)
    let (catalogue, replay) = observed(.replay) { Catalogue.replay(sources, options: replayOptions) }
    diagnostics += replay
    return ProjectSchema(catalogue: catalogue, sources: origins, inline: inline, replayed: sources)
  }

  /// Whether a file is text; a dump in PostgreSQL's custom format is not. What is no UTF-8 within text is told.
  mutating func isText(_ source: SourceFile) -> Bool {
    guard let zero = source.bytes.firstIndex(of: 0) else {
      diagnostics += TextCheck.diagnostics(of: source)
      return true
    }
    diagnostics.append(
      Diagnostic(
        "binary-sql", .error, "'\(source.path)' is no text: it holds a zero byte.",
        cure: "Write a dump as text (pg_dump --format=plain), or leave the file out.",
        at: Span(source.id, zero..<zero + 1)))
    return false
  }

  /// Says which of a dump and its migrations is judged.
  static func dumpNotice(_ note: String) -> Diagnostic {
    Diagnostic(
      "dump-beside-migrations", .note, "\(note).",
      cure: "Leave out the one that is not to be judged; 'blealint schema --explain-order' shows the order.")
  }

  /// What the replay is told: the version of the one PostgreSQL cluster that the templates make, where there is just
  /// one and its version can be told, else the option's.
  private func replayOptions(_ deployment: Deployment) -> ReplayOptions {
    var replay = ReplayOptions()
    // Of several that fit a call the first counts: the configuration knows its functions best.
    replay.effects = (options.configuration?.effects ?? []).map(\.value) + EffectLibrary.builtIn
    replay.serverVersion = engineVersion(deployment) ?? options.postgresVersion
    return replay
  }

  private func engineVersion(_ deployment: Deployment) -> Int? {
    let resolver = Resolver(deployment, scenario: .none)
    func text(_ property: String, _ id: ResourceID) -> String? {
      if case .scalar(let text, _) = resolver.property(property, of: id).content { return text }
      return nil
    }
    var clusters = deployment.resources(ofType: "AWS::RDS::DBCluster").filter {
      text("Engine", $0).map { $0.contains("postgres") } ?? true
    }
    if clusters.isEmpty {
      clusters = deployment.resources(ofType: "AWS::RDS::DBInstance").filter { text("Engine", $0) == "postgres" }
    }
    guard clusters.count == 1, let version = text("EngineVersion", clusters[0]) else { return nil }
    return Int(version.prefix { $0.isNumber })
  }
}
