import CPgQuery
import SourceText
import Values

extension Replay {
  /// The position of a type in the catalogue, along the search path.
  func type(_ parts: [String]) -> Int? {
    guard let name = parts.last else { return nil }
    let schemas = parts.count > 1 ? [parts[parts.count - 2]] : session.searchPath
    for schema in schemas {
      let qualified = QualifiedName(schema, name)
      guard state.typeNames.contains(qualified) else { continue }
      return state.catalogue.types.firstIndex { $0.name == qualified }
    }
    return nil
  }

  mutating func move(type position: Int, to schema: String) {
    let name = state.catalogue.types[position].name
    state.typeNames.remove(name)
    state.catalogue.types[position].name.schema = schema
    state.typeNames.insert(QualifiedName(schema, name.name))
    renameColumnTypes(name, to: QualifiedName(schema, name.name))
  }

  mutating func alterDomain(_ statement: PgQuery__AlterDomainStmt, _ context: StatementContext) {
    guard let position = type(nodes(statement.n_type_name, statement.type_name).compactMap(\.string)) else { return }
    switch text(statement.subtype) {
    case "T": state.catalogue.types[position].hasDefault = statement.def != nil
    case "N": state.catalogue.types[position].isNotNull = false
    case "O": state.catalogue.types[position].isNotNull = true
    case "C":
      guard let constraint = statement.def?.constraint?.pointee,
        constraint.contype == PG_QUERY__CONSTR_TYPE__CONSTR_CHECK,
        let keyword = context.firstToplevel("check"), let check = context.expression(inBracketsAfter: keyword)
      else { return }
      state.catalogue.types[position].addCheck(text(constraint.conname), check)
    case "X":
      guard let index = state.catalogue.types[position].checkNames.firstIndex(of: text(statement.name)) else { return }
      state.catalogue.types[position].checkNames.remove(at: index)
      state.catalogue.types[position].checks.remove(at: index)
    default: break
    }
  }

  /// CREATE AGGREGATE and `CREATE TYPE name (…)`.
  mutating func define(_ statement: PgQuery__DefineStmt, _ context: StatementContext) {
    let name = qualified(nodes(statement.n_defnames, statement.defnames).compactMap(\.string))
    switch statement.kind {
    case PG_QUERY__OBJECT_TYPE__OBJECT_TYPE:
      addType(name, .base, context.nameSpan(after: "type")) { _ in }
    case PG_QUERY__OBJECT_TYPE__OBJECT_AGGREGATE:
      let parameters = nodes(statement.n_args, statement.args).flatMap(\.listItems).compactMap { node in
        node.functionParameter.map {
          Function.Parameter(
            name: text($0.pointee.name), type: $0.pointee.arg_type?.pointee.formatted ?? "", mode: .in,
            hasDefault: false)
        }
      }
      let types = parameters.map(\.type)
      guard existingFunction([name.schema, name.name], types: types) == nil else { return }
      var result = ""
      for node in nodes(statement.n_definition, statement.definition) {
        guard let option = node.defElem?.pointee, let type = option.arg?.typeName?.pointee else { continue }
        if text(option.defname) == "stype", result.isEmpty { result = type.formatted }
        if text(option.defname) == "finalfunc",
          let slot = existingFunction(nodes(type.n_names, type.names).compactMap(\.string), types: nil)
        {
          result = state.functions[slot]?.returnType ?? result
        }
      }
      let origin = Origin(context.nameSpan(after: "aggregate"), path: name.description, kind: .function)
      var function = Function(
        name: name, argumentTypes: types, argumentNames: parameters.map(\.name), isProcedure: false,
        isAggregate: true, parameters: parameters, returnType: result, language: "internal",
        isSecurityDefiner: Fact(false, at: origin), volatility: "IMMUTABLE", isLeakProof: false, settings: [:],
        body: nil, origin: origin, statement: context.span, owner: Fact(session.role, at: origin))
      function.grants = [
        Grant(grantee: nil, privilege: "EXECUTE", column: nil, hasGrantOption: false, origin: origin, isImplicit: true)
      ]
      applyDefaults("functions", to: &function, schema: name.schema)
      state.functions.append(function)
      state.functionsByName[name, default: []].append(state.functions.count - 1)
    default: break
    }
  }

  // MARK: Rules, settings, ownership

  mutating func createRule(_ statement: PgQuery__RuleStmt) {
    guard let relation = statement.relation?.pointee else { return }
    let name = text(statement.rulename)
    switch resolve(relation) {
    case .table(let slot)?:
      if state.tables[slot]?.rewriteRules.contains(name) == false { state.tables[slot]?.rewriteRules.append(name) }
    case .view(let slot)?:
      if state.views[slot]?.rewriteRules.contains(name) == false { state.views[slot]?.rewriteRules.append(name) }
    case .sequence?, nil: return
    }
  }

  mutating func dropRule(_ parts: [String]) {
    switch resolve(parts.dropLast()) {
    case .table(let slot)?: state.tables[slot]?.rewriteRules.removeAll { $0 == parts.last }
    case .view(let slot)?: state.views[slot]?.rewriteRules.removeAll { $0 == parts.last }
    case .sequence?, nil: return
    }
  }

  /// ALTER DATABASE … SET: later sessions only.
  mutating func setDatabaseSetting(_ statement: PgQuery__AlterDatabaseSetStmt) {
    guard let set = statement.setstmt?.pointee else { return }
    let name = text(set.name).lowercased()
    state.catalogue.databaseSettings.removeAll { name.isEmpty || $0.hasPrefix(name + "=") }
    guard set.kind == PG_QUERY__VARIABLE_SET_KIND__VAR_SET_VALUE else { return }
    let values = nodes(set.n_args, set.args).compactMap(\.constant)
    state.catalogue.databaseSettings.append(
      name + "=" + (name == "search_path" ? values.map(QuotedName.of) : values).joined(separator: ", "))
  }

  /// DROP OWNED: what the roles own goes, and so does what was granted to them.
  mutating func dropOwned(_ statement: PgQuery__DropOwnedStmt, _ context: StatementContext) {
    let names = Set(
      nodes(statement.n_roles, statement.roles).compactMap { $0.roleSpec.flatMap { roleName($0.pointee) } })
    func isTheirs(_ owner: Fact<String?>?) -> Bool { owner?.value.map(names.contains) ?? false }
    func revoke(_ object: inout some Securable) {
      object.grants.removeAll { $0.grantee.map(names.contains) ?? false }
    }
    for slot in state.tables.indices where isTheirs(state.tables[slot]?.owner) {
      dropTable(slot, cascading: true, context)
    }
    for slot in state.views.indices where isTheirs(state.views[slot]?.owner) { dropView(slot, cascading: true) }
    for slot in state.functions.indices where isTheirs(state.functions[slot]?.owner) {
      dropFunction(slot, cascading: true)
    }
    for slot in state.sequences.indices where isTheirs(state.sequences[slot]?.owner) { removeSequence(slot) }
    for schema in state.catalogue.schemas where isTheirs(schema.owner) { dropSchema(schema.name, context) }
    for slot in state.tables.indices {
      guard var table = state.tables[slot] else { continue }
      revoke(&table)
      for index in table.policies.indices where table.policies[index].roles.count > 1 {
        table.policies[index].roles.removeAll { names.contains($0.name) && !$0.isPublic }
      }
      table.policies.removeAll { $0.roles.count == 1 && !$0.roles[0].isPublic && names.contains($0.roles[0].name) }
      state.tables[slot] = table
    }
    for slot in state.views.indices {
      guard var view = state.views[slot] else { continue }
      revoke(&view)
      state.views[slot] = view
    }
    for slot in state.functions.indices {
      guard var function = state.functions[slot] else { continue }
      revoke(&function)
      state.functions[slot] = function
    }
    for slot in state.sequences.indices {
      guard var sequence = state.sequences[slot] else { continue }
      revoke(&sequence)
      state.sequences[slot] = sequence
    }
    for position in state.catalogue.schemas.indices { revoke(&state.catalogue.schemas[position]) }
    for position in state.catalogue.types.indices { revoke(&state.catalogue.types[position]) }
    state.catalogue.defaultPrivileges.removeAll {
      $0.grantee.map(names.contains) ?? false || $0.role.map(names.contains) ?? false
    }
  }
}

extension UserType {
  /// A domain's check; PostgreSQL names it after the domain.
  mutating func addCheck(_ name: String, _ check: SQLExpression) {
    let chosen = name.isEmpty ? ObjectNames.choose(self.name.name, nil, "check") { checkNames.contains($0) } : name
    checkNames.append(chosen)
    checks.append(check)
  }
}
