import SourceText
import Values

/// Lays a catalogue out as a server would tell it: names, kinds, flags, events, roles and privileges.
///
/// Expressions are left out: a server prints them anew from its own trees.
struct CataloguePrinter {
  let catalogue: Catalogue
  /// The role that ran the SQL, where the SQL does not say.
  let role: String
  let serverVersion: Int
  /// The user's types by name, and those of extensions.
  private let typeNames: [String: QualifiedName]

  init(_ catalogue: Catalogue, role: String, serverVersion: Int) {
    self.catalogue = catalogue
    self.role = role
    self.serverVersion = serverVersion
    var names: [String: QualifiedName] = [:]
    for (type, owner) in CataloguePrinter.extensionTypes {
      guard let found = catalogue.extensions.first(where: { $0.name == owner }), let schema = found.schema else {
        continue
      }
      names[type] = QualifiedName(schema, type)
    }
    for view in catalogue.views { names[view.name.name] = view.name }
    for table in catalogue.tables { names[table.name.name] = table.name }
    for type in catalogue.types { names[type.name.name] = type.name }
    typeNames = names
  }

  /// Types that come with widely used extensions (from their control scripts).
  private static let extensionTypes: [String: String] = [
    "citext": "citext", "hstore": "hstore", "ltree": "ltree", "lquery": "ltree", "ltxtquery": "ltree",
    "geometry": "postgis", "geography": "postgis", "vector": "vector", "cube": "cube", "isbn": "isn",
    "seg": "seg", "semver": "semver",
  ]

  var document: CatalogueValue {
    .object([
      ("server_version_num", .number(serverVersion * 10_000)),
      ("schemas", .list(sorted(catalogue.schemas.filter { $0.name != "pg_temp" }, by: \.name).map(schema))),
      ("roles", .list(roles)),
      (
        "extensions",
        .list(
          sorted(catalogue.extensions.filter { $0.name != "plpgsql" }, by: \.name).map { found in
            .members([("name", .text(found.name)), ("schema", found.schema.map { .text($0) })])
          })
      ),
      ("relations", .list(relations)),
      ("sequences", .list(sorted(catalogue.sequences, by: \.name).map(sequence))),
      ("functions", .list(functions)),
      ("types", .list(sorted(catalogue.types.filter { $0.kind != .base }, by: \.name).map(type))),
      ("default_acls", .list(defaultPrivileges)),
      (
        "event_triggers",
        .list(
          sorted(catalogue.eventTriggers, by: \.name).map { trigger in
            .object([
              ("name", .text(trigger.name)), ("event", .text(trigger.event)),
              ("function", .text(functionName(trigger.functionName))),
              ("enabled", .text(trigger.enabled.value.rawValue)),
              ("tags", trigger.tags.isEmpty ? .null : .texts(trigger.tags)),
            ])
          })
      ),
      (
        "publications",
        .list(
          sorted(catalogue.publications, by: \.name).map {
            .object([("name", .text($0.name)), ("all_tables", .bool($0.isForAllTables))])
          })
      ),
      ("database_settings", .texts(catalogue.databaseSettings)),
    ])
  }

  // MARK: Order and names

  /// By bytes, as `COLLATE "C"` sorts.
  func sorted<Object>(_ objects: [Object], by name: (Object) -> String) -> [Object] {
    objects.sorted { name($0).utf8.lexicographicallyPrecedes(name($1).utf8) }
  }

  func sorted<Object>(_ objects: [Object], by name: (Object) -> QualifiedName) -> [Object] {
    objects.sorted {
      let (a, b) = (name($0), name($1))
      return a.schema == b.schema
        ? a.name.utf8.lexicographicallyPrecedes(b.name.utf8) : a.schema.utf8.lexicographicallyPrecedes(b.schema.utf8)
    }
  }

  func owner(_ fact: Fact<String?>) -> String { fact.value ?? role }

  /// A type with the schema it is in, as a server prints it whose search path is empty.
  func typeName(_ type: String, withModifiers: Bool = true) -> String {
    let end = type.firstIndex { $0 == "(" || $0 == "[" } ?? type.endIndex
    let base = String(type[..<end])
    var rest = String(type[end...])
    if !withModifiers, rest.hasPrefix("("), let close = rest.firstIndex(of: ")") {
      rest = String(rest[rest.index(after: close)...])
    }
    if let found = typeNames[base] { return found.quoted + rest }
    if !withModifiers, let open = type.firstIndex(of: "("), let close = type.firstIndex(of: ")") {
      // `timestamp(3) with time zone`
      return String(type[..<open]) + type[type.index(after: close)...]
    }
    let parts = base.split(separator: ".", maxSplits: 1).map(String.init)
    guard parts.count == 2 else { return base == "char" ? "\"char\"" + rest : base + rest }
    return QualifiedName(parts[0], parts[1]).quoted + rest
  }

  private func functionName(_ name: String) -> String {
    let parts = name.split(separator: ".").map(String.init)
    if parts.count > 1 { return QualifiedName(parts[parts.count - 2], parts[parts.count - 1]).quoted }
    let found = catalogue.functions.first { $0.name.name == name }
    return found?.name.quoted ?? QualifiedName("public", name).quoted
  }

  func comment(_ fact: Fact<String>?) -> CatalogueValue? { fact.map { .text($0.value) } }
}

extension Catalogue {
  /// The catalogue as data in the shape of the queries of `pg_catalog` that tests ask a server.
  /// - Parameters:
  ///   - role: who owns what no statement gives an owner.
  ///   - serverVersion: the major version that the replay took for granted.
  /// - Returns: lists of objects by kind, each sorted by name.
  package func document(role: String, serverVersion: Int) -> CatalogueValue {
    CataloguePrinter(self, role: role, serverVersion: serverVersion).document
  }
}
