import Foundation
import SourceText
import Testing

@testable import PostgresSchema

/// The replayed catalogue against a real PostgreSQL 15: every schema of Fixtures/sql/oracle gives the same facts.
///
/// Skipped where Debian's postgresql-15 is not installed.
@Suite struct OracleTests {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Fixtures/sql/oracle")

  static var schemas: [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.filter { $0.hasSuffix(".sql") }.sorted()
  }

  @Test func thereAreEnoughSchemas() { #expect(Self.schemas.count >= 60) }

  @Test(.enabled(if: ThrowAwayServer.isInstalled, "needs postgresql-15"))
  func serverHoldsTheSameCatalogue() throws {
    let server = try ThrowAwayServer()
    // One run of psql for all: starting it takes longer than most schemas.
    var script = ""
    for name in Self.schemas {
      let schema = try server.file(Data(contentsOf: Self.folder.appendingPathComponent(name)))
      script += """
        \\connect postgres
        \\warn \(Self.mark)\(name)
        \\echo \(Self.mark)loading
        CREATE DATABASE oracle;
        \\connect oracle
        \\o /dev/null
        SET client_min_messages = warning;
        \\i \(schema)
        \\connect oracle
        \\o
        \\echo \(Self.mark)\(name)
        \(ServerCatalogue.query)
        \\connect postgres
        DROP DATABASE oracle WITH (FORCE);
        -- Roles are the cluster's.
        SELECT format('DROP ROLE %I', rolname) FROM pg_roles WHERE rolname NOT LIKE 'pg\\_%' AND rolname <> 'postgres'
        \\gexec

        """
    }
    let (output, errors) = try server.sql(script)
    let complaints = Self.parts(of: errors)
    let answers = Self.parts(of: output)
    for name in Self.schemas {
      #expect(complaints[name] == [], "\(name) does not load")
      let held = Set(answers[name] ?? [])
      #expect(held.count > 1, "\(name)")
      let bytes = try [UInt8](Data(contentsOf: Self.folder.appendingPathComponent(name)))
      let replayed = Set(Self.facts(of: bytes))
      #expect(held.subtracting(replayed).sorted() == [], "\(name): only the server has")
      #expect(replayed.subtracting(held).sorted() == [], "\(name): only the replay has")
    }
  }

  /// Stands in front of a schema's name in what psql prints.
  private static let mark = "=== "

  /// What psql printed between the marks, by the schemas' names.
  private static func parts(of output: String) -> [String: [String]] {
    var parts: [String: [String]] = [:]
    var name = ""
    for line in output.split(separator: "\n").map(String.init) {
      if line.hasPrefix(mark) {
        name = String(line.dropFirst(mark.count))
        parts[name] = []
      } else {
        parts[name, default: []].append(line)
      }
    }
    return parts
  }

  /// The replay's catalogue as lines like the server's.
  private static func facts(of bytes: [UInt8]) -> [String] {
    var options = ReplayOptions()
    options.migrationRole = "postgres"
    options.serverVersion = 15
    let file = SourceFile(id: FileID(0), path: "schema.sql", bytes: bytes)
    let (catalogue, _) = Catalogue.replay([SQLSource(file)], options: options)
    guard case .object(let sections) = catalogue.document(role: "postgres", serverVersion: 15) else { return [] }
    return sections.flatMap { name, section -> [String] in
      guard case .list(let objects) = section else { return [] }
      return objects.flatMap { facts(of: Facts($0), in: name) }
    }
  }

  private static func facts(of object: Facts, in section: String) -> [String] {
    let name = object["name"]
    let qualified = object["schema"].isEmpty ? name : "\(object["schema"]).\(name)"
    switch section {
    case "schemas": return object.lines("schema \(name)", skipping: ["name"])
    case "roles":
      let settings = object.values("config").flatMap { value -> [String] in
        if case .list(let inner) = value { inner.map(Facts.text) } else { [] }
      }
      let memberships = object.values("member_of").map(Facts.text).map { entry in
        entry.hasSuffix("*") ? "member of \(entry.dropLast())|true" : "member of \(entry)|false"
      }
      return object.lines("role \(name)", skipping: ["name", "config", "member_of"])
        + memberships.map { "role \(name)|\($0)" } + settings.map { "role \(name)|setting|\($0)" }
    case "extensions": return object.lines("extension \(name)", skipping: ["name"])
    case "relations": return relation(object, qualified)
    case "sequences":
      let label = "sequence \(QuotedName.of(object["schema"])).\(name)"
      return object.lines(label, skipping: ["schema", "name"])
    case "functions":
      let quoted = QuotedName.of(object["schema"]) + "." + name
      let label = "function \(quoted)(\(object["identity_args"]))"
      return object.lines(label, skipping: ["schema", "name", "identity_args", "config"])
        + object.values("config").map { "\(label)|setting|\(Facts.text($0))" }
    case "types":
      let label = "type \(QuotedName.of(object["schema"])).\(name)"
      return object.lines(label, skipping: ["schema", "name"])
    case "default_acls":
      let schema = object["schema"].isEmpty ? "everywhere" : object["schema"]
      return ["default privileges \(object["role"]) \(schema)|\(object["objects"])|\(object["acl"])"]
    case "event_triggers": return object.lines("event trigger \(name)", skipping: ["name"])
    case "publications": return object.lines("publication \(name)", skipping: ["name"])
    default: return []
    }
  }

  private static func relation(_ object: Facts, _ name: String) -> [String] {
    let parts = [
      "options", "parents", "rules", "depends_on", "columns", "constraints", "indexes", "policies", "triggers",
    ]
    var lines = object.lines("relation \(name)", skipping: ["schema", "name"] + parts)
    for (part, fact) in [("options", "option"), ("parents", "parent"), ("rules", "rule"), ("depends_on", "depends on")]
    {
      lines += object.values(part).map { "relation \(name)|\(fact)|\(Facts.text($0))" }
    }
    for (part, label) in [
      ("columns", "column"), ("constraints", "constraint"), ("indexes", "index"), ("policies", "policy"),
      ("triggers", "trigger"),
    ] {
      for value in object.values(part) {
        let own = Facts(value)
        let label = "\(label) \(name).\(own["name"])"
        // The columns of checks and exclusions come from expressions.
        let isPlain = ["primary key", "unique", "foreign key"].contains(own["type"])
        let skipped = ["name", "args"] + (part == "constraints" && isPlain ? [] : ["columns"])
        lines += own.lines(label, skipping: skipped)
        if part == "indexes" { lines.append("\(label)|columns|\(own.values("columns").count)") }
        if !own.values("args").isEmpty { lines.append("\(label)|arguments|\(own.values("args").count)") }
      }
    }
    return lines
  }

  /// An object of the document.
  private struct Facts {
    let members: [(String, CatalogueValue)]

    init(_ value: CatalogueValue) {
      if case .object(let members) = value { self.members = members } else { members = [] }
    }

    subscript(name: String) -> String { members.first { $0.0 == name }.map { Facts.text($0.1) } ?? "" }

    func values(_ name: String) -> [CatalogueValue] {
      guard case .list(let values)? = members.first(where: { $0.0 == name })?.1 else { return [] }
      return values
    }

    func lines(_ label: String, skipping skipped: [String]) -> [String] {
      members.compactMap { name, value in
        if skipped.contains(name) || value == .null { return nil }
        return "\(label)|\(name)|\(Facts.text(value))"
      }
    }

    static func text(_ value: CatalogueValue) -> String {
      switch value {
      case .null: return ""
      case .bool(let value): return value ? "true" : "false"
      case .number(let value): return String(value)
      case .text(let text):
        return text.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\\n")
      case .list(let values): return values.map(text).joined(separator: ",")
      case .object(let members):
        // A list of privileges.
        let entries = members.sorted { $0.0.utf8.lexicographicallyPrecedes($1.0.utf8) }
        return entries.isEmpty ? "none" : entries.map { "\($0.0):\(text($0.1))" }.joined(separator: " ")
      }
    }
  }
}
