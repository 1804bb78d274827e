import Values

extension CataloguePrinter {
  func schema(_ schema: Schema) -> CatalogueValue {
    .object([
      ("name", .text(schema.name)), ("owner", .text(owner(schema.owner))),
      ("acl", privileges(schema, kind: .schema) ?? .null), ("comment", comment(schema.comment) ?? .null),
    ])
  }

  var roles: [CatalogueValue] {
    let own = catalogue.roles.filter { !$0.name.hasPrefix("pg_") && $0.name != "postgres" }
    return sorted(own, by: \.name).map { role in
      let member = role.memberOf.map { $0.role + ($0.hasAdminOption ? "*" : "") }.sorted()
      let settings = role.settings.keys.sorted().map { setting($0, role.settings[$0] ?? "") }
      return .object([
        ("name", .text(role.name)), ("superuser", .bool(role.isSuperuser.value)), ("inherit", .bool(role.inherits)),
        ("createrole", .bool(role.canCreateRole)), ("createdb", .bool(role.canCreateDatabase)),
        ("login", .bool(role.canLogin.value)), ("replication", .bool(role.isReplication)),
        ("bypassrls", .bool(role.bypassesRowSecurity.value)), ("connlimit", .number(role.connectionLimit)),
        ("member_of", member.isEmpty ? .null : .texts(member)),
        ("config", settings.isEmpty ? .null : .list([.texts(settings)])), ("comment", comment(role.comment) ?? .null),
      ])
    }
  }

  /// `name=value`; the elements of a search path are names.
  func setting(_ name: String, _ value: String) -> String {
    guard name == "search_path" || name == "temp_tablespaces" || name.hasSuffix("_preload_libraries") else {
      // The three settings whose names the server spells with capitals.
      let spelled = ["timezone": "TimeZone", "datestyle": "DateStyle", "intervalstyle": "IntervalStyle"]
      return "\(spelled[name.lowercased()] ?? name)=\(value)"
    }
    let elements = value.split(separator: ",", omittingEmptySubsequences: false).map { element in
      String(element.drop { $0 == " " })
    }
    return "\(name)=" + elements.map(QuotedName.of).joined(separator: ", ")
  }

  func sequence(_ sequence: DatabaseSequence) -> CatalogueValue {
    .members([
      ("schema", .text(sequence.name.schema)), ("name", .text(sequence.name.name)),
      ("owner", .text(owner(sequence.owner))), ("acl", privileges(sequence, kind: .sequence)),
      ("owned_by", sequence.ownedBy.map { .text(catalogue.tables[$0.table].name.quoted + "." + $0.column) }),
    ])
  }

  /// Those that statements create: one that is taken to exist comes with an extension, or no server has it.
  var functions: [CatalogueValue] {
    catalogue.functions.filter { !$0.isAssumed }.map { function in
      (function, arguments(function))
    }.sorted { a, b in
      let left = [a.0.name.schema, a.0.name.name, a.1]
      let right = [b.0.name.schema, b.0.name.name, b.1]
      for (x, y) in zip(left, right) where x != y { return x.utf8.lexicographicallyPrecedes(y.utf8) }
      return false
    }.map { function, arguments in
      let kind = function.isProcedure ? "procedure" : function.isAggregate ? "aggregate" : "function"
      let settings = function.settings.keys.sorted().map { setting($0, function.settings[$0] ?? "") }
      return .members([
        ("schema", .text(function.name.schema)), ("name", .text(function.name.name)),
        ("identity_args", .text(arguments)), ("kind", .text(kind)),
        ("returns", function.isProcedure ? nil : .text(result(function))),
        ("language", .text(function.isAggregate ? "internal" : function.language)),
        ("security_definer", .bool(function.isSecurityDefiner.value)), ("leakproof", .bool(function.isLeakProof)),
        ("strict", .bool(function.isStrict)), ("volatility", .text(function.volatility.lowercased())),
        ("config", filled(settings.map { .text($0) })), ("owner", .text(owner(function.owner))),
        ("acl", privileges(function, kind: .function)), ("comment", comment(function.comment)),
      ])
    }
  }

  /// As `pg_get_function_identity_arguments` prints them: no defaults, no columns of RETURNS TABLE.
  private func arguments(_ function: Function) -> String {
    function.parameters.filter { $0.mode != .table }.map { parameter in
      let mode = function.isProcedure && parameter.mode == .in ? "IN " : parameter.mode.rawValue
      let name = parameter.name.isEmpty ? "" : QuotedName.of(parameter.name) + " "
      return mode + name + typeName(parameter.type, withModifiers: false)
    }.joined(separator: ", ")
  }

  private func result(_ function: Function) -> String {
    if let type = function.returnType {
      return typeName(type.hasPrefix("SETOF ") ? String(type.dropFirst(6)) : type, withModifiers: false)
    }
    let results = function.parameters.filter { $0.mode == .out || $0.mode == .inOut }
    return results.count == 1 ? typeName(results[0].type, withModifiers: false) : "record"
  }

  func type(_ type: UserType) -> CatalogueValue {
    let kind =
      switch type.kind {
      case .enumeration: "enum"
      case .domain: "domain"
      case .composite: "composite"
      case .range: "range"
      case .base: "base"
      }
    return .members([
      ("schema", .text(type.name.schema)), ("name", .text(type.name.name)), ("kind", .text(kind)),
      ("owner", .text(owner(type.owner))), ("labels", filled(type.labels.map { .text($0) })),
      ("base", type.baseType.map { .text(typeName($0)) }), ("not_null", type.isNotNull ? .bool(true) : nil),
      ("checks", filled(type.checkNames.sorted().map { .text($0) })), ("acl", privileges(type, kind: .type)),
      ("comment", comment(type.comment)),
    ])
  }
}
