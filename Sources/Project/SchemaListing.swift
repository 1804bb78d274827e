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
    /// Its effects of functions hold, and what it excludes is left out.
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
    let shown = project.sql.filter { project.root.shows($0.path) && !$0.bytes.contains(0) }
    let order = MigrationOrder.order(shown.map { ($0.path, $0.bytes) })
    var replay = ReplayOptions()
    replay.migrationRole = options.role
    replay.serverVersion = options.postgresVersion
    replay.effects = (options.configuration?.effects ?? []).map(\.value) + EffectLibrary.builtIn
    let sources = order.entries.map { entry in
      entry.parts.isEmpty ? SQLSource(shown[entry.file]) : SQLSource(shown[entry.file], parts: entry.parts)
    }
    var diagnostics = project.diagnostics.filter { $0.severity == .error && !shown.isEmpty == false }
    for source in shown { diagnostics += TextCheck.diagnostics(of: source) }
    if let note = order.dumpNote { diagnostics.append(Linter.dumpNotice(note)) }
    if shown.isEmpty, diagnostics.isEmpty {
      diagnostics.append(
        Diagnostic(
          "nothing-to-check", .error, "There is no SQL file in what was given.",
          cure: "Give the folder that holds the migrations, or a dump."))
    }
    let text: String
    if options.explainsOrder {
      text = explanation(of: order, shown.map(\.path))
    } else {
      let (catalogue, found) = Catalogue.replay(sources, options: replay)
      diagnostics += found
      let document = catalogue.document(role: options.role, serverVersion: options.postgresVersion)
      text = options.format == .json ? document.json : catalogue.listing(role: options.role)
    }
    let tables = Dictionary(
      project.files.all.map { ($0.id, ($0.path, LineTable($0.bytes))) }, uniquingKeysWith: { first, _ in first })
    let problems = diagnostics.map { diagnostic in
      let message = diagnostic.message + (diagnostic.cure.map { " " + $0 } ?? "")
      guard let span = diagnostic.span, let (path, lines) = tables[span.file] else { return message }
      let position = lines.position(of: span.lower)
      return "\(path):\(position.line):\(position.column): \(message)"
    }
    let failed = diagnostics.contains { $0.severity == .error }
    return SchemaListing(text: text, problems: problems, exitCode: failed ? 2 : 0)
  }

  private static func explanation(of order: MigrationOrder, _ paths: [String]) -> String {
    var lines = order.explanation.isEmpty ? [] : [order.explanation, ""]
    for (number, entry) in order.entries.enumerated() { lines.append("\(number + 1). \(paths[entry.file])") }
    if !order.skipped.isEmpty { lines.append("") }
    for skipped in order.skipped { lines.append("not run: \(paths[skipped.file]) (\(skipped.reason))") }
    return lines.joined(separator: "\n") + "\n"
  }
}
