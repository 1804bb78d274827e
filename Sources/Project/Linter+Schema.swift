import CloudFormation
import Findings
import PostgresSchema
import SourceText

extension Linter {
  /// Replays the SQL files in their migration tool's order, then the SQL in Lambda code.
  mutating func readSchema(_ project: inout DiscoveredProject, _ deployment: Deployment)
    -> (Catalogue, hasSchema: Bool)
  {
    var sources: [SQLSource] = []
    let files = project.sql.filter { isText($0) }
    let order = MigrationOrder.order(files.map { ($0.path, $0.bytes) })
    if order.hasDump { diagnostics.append(Self.dumpNotice(order)) }
    for skipped in order.skipped {
      passedOver.append(PassedOver(path: files[skipped.file].path, reason: skipped.reason))
    }
    for entry in order.entries {
      let file = files[entry.file]
      roles[file.id] = (.schema, "sql")
      sources.append(entry.parts.isEmpty ? SQLSource(file) : SQLSource(file, parts: entry.parts))
    }
    sources += embeddedSQL(&project, deployment)
    let (catalogue, replay) = Catalogue.replay(sources, options: replayOptions(deployment))
    diagnostics += replay
    return (catalogue, !sources.isEmpty)
  }

  /// Whether a file is text; a dump in PostgreSQL's custom format is not. What is no UTF-8 within text is told.
  private mutating func isText(_ source: SourceFile) -> Bool {
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
  static func dumpNotice(_ order: MigrationOrder) -> Diagnostic {
    let lines = order.explanation.split(separator: "\n")
    return Diagnostic(
      "dump-beside-migrations", .note, "\(lines.last ?? "").",
      cure: "Leave out the one that is not to be judged; 'blealint schema --explain-order' shows the order.")
  }

  /// What the replay is told: the version of the one PostgreSQL cluster that the templates make, where there is just
  /// one and its version can be told, else the option's.
  private func replayOptions(_ deployment: Deployment) -> ReplayOptions {
    var replay = ReplayOptions()
    replay.effects = EffectLibrary.builtIn
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
