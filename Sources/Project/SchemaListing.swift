import Findings
import PostgresSchema
import SourceText
import SystemPackage

/// What `blealint schema` tells: the catalogue that a project's SQL makes.
package struct SchemaListing: Sendable {
  package enum Format: String, CaseIterable, Sendable { case text, json }

  /// What is asked.
  package struct Options: Sendable {
    package var paths: [String] = []
    package var folder: FilePath?
    package var format = Format.text
    /// The server's major version; it decides what PUBLIC may do in schema `public`.
    package var postgresVersion = 16
    /// The role that runs the SQL.
    package var role = "postgres"
    /// Tells the order of the files, and why, instead of the catalogue.
    package var explainsOrder = false
    /// Its projects' SQL is replayed in its order, its effects of functions hold, and what it excludes is left out.
    package var configuration: Configuration?

    package init() {}
  }

  /// What to print.
  package let text: String
  /// What was wrong with the input, a line each, places included.
  package let problems: [String]
  /// 2 when there was nothing to read, or not all of it could be read.
  package let exitCode: Int

  package static func make(_ options: Options) -> SchemaListing {
    var discovery = Discovery.Options()
    discovery.excludes = options.configuration?.excludes(of: options.paths, from: options.folder)
    let project = Discovery.discover(options.paths, from: options.folder, options: discovery)
    var linter = Linter(configured(options))
    let groups = linter.shownSQL(of: project)
    let orders = groups.map { files in MigrationOrder.order(files.map { ($0.path, $0.bytes) }) }
    var replay = ReplayOptions()
    replay.migrationRole = options.role
    replay.serverVersion = options.postgresVersion
    replay.effects = (options.configuration?.effects ?? []).map(\.value) + EffectLibrary.builtIn
    let sources = zip(groups, orders).flatMap { files, order in
      order.entries.map { SQLSource(files[$0.file], $0) }
    }
    var diagnostics = linter.diagnostics
    if groups.isEmpty { diagnostics += project.diagnostics.filter { $0.severity == .error } }
    for order in orders { diagnostics += order.dumpNote.map { [Linter.dumpNotice($0)] } ?? [] }
    if groups.isEmpty, diagnostics.isEmpty {
      diagnostics.append(
        Diagnostic(
          "nothing-to-check", .error, "There is no SQL file in what was given.",
          cure: "Give the folder that holds the migrations, or a dump."))
    }
    let text: String
    if options.explainsOrder {
      text = explanation(of: orders, groups)
    } else {
      let (catalogue, found) = Catalogue.replay(sources, options: replay)
      diagnostics += found
      switch options.format {
      case .text: text = catalogue.listing(role: options.role)
      case .json: text = catalogue.document(role: options.role, serverVersion: options.postgresVersion).json
      }
    }
    let problems = lines(diagnostics, project.files.all + (options.configuration.map { [$0.source] } ?? []))
    let failed = diagnostics.contains { $0.severity == .error }
    return SchemaListing(text: text, problems: problems, exitCode: failed ? 2 : 0)
  }

  /// A line for each, with its place.
  private static func lines(_ diagnostics: [Diagnostic], _ files: [SourceFile]) -> [String] {
    let wanted = Set(diagnostics.compactMap(\.span?.file))
    let tables = Dictionary(
      files.filter { wanted.contains($0.id) }.map { ($0.id, ($0.path, LineTable($0.bytes))) },
      uniquingKeysWith: { first, _ in first })
    return diagnostics.map { diagnostic in
      let message = diagnostic.message + (diagnostic.cure.map { " " + $0 } ?? "")
      guard let span = diagnostic.span, let (path, lines) = tables[span.file] else { return message }
      let position = lines.position(of: span.lower)
      return "\(path):\(position.line):\(position.column): \(message)"
    }
  }

  private static func configured(_ options: Options) -> Linter.Options {
    var linter = Linter.Options()
    linter.paths = options.paths
    linter.folder = options.folder
    linter.configuration = options.configuration
    return linter
  }

  private static func explanation(of orders: [MigrationOrder], _ groups: [[SourceFile]]) -> String {
    var lines: [String] = []
    for order in orders where !order.explanation.isEmpty { lines.append(order.explanation) }
    if !lines.isEmpty { lines.append("") }
    var number = 0
    for (order, files) in zip(orders, groups) {
      for entry in order.entries {
        number += 1
        lines.append("\(number). \(files[entry.file].path)")
      }
    }
    let skipped = zip(orders, groups).flatMap { order, files in order.skipped.map { (files[$0.file].path, $0.reason) } }
    if !skipped.isEmpty { lines.append("") }
    for (path, reason) in skipped { lines.append("not run: \(path) (\(reason))") }
    return lines.joined(separator: "\n") + "\n"
  }
}

extension Linter {
  /// The SQL files that were asked for, in groups that are run one after the other: those of the configuration's
  /// projects, as a check reads them; all of them where it names none of them.
  fileprivate mutating func shownSQL(of project: DiscoveredProject) -> [[SourceFile]] {
    let all = project.sql.filter { project.root.shows($0.path) }
    let groups = plans(in: project.root).flatMap { plan in
      // What it says of templates is no matter here.
      var other = self
      let part = other.restricted(project, to: plan)
      return schemaFiles(part, plan).map { group in group.files.filter { project.root.shows($0.path) } }
    }
    let found = groups.contains { !$0.isEmpty } ? groups : [all]
    return found.map { files in files.filter { isText($0) } }.filter { !$0.isEmpty }
  }
}
