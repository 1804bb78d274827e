import CPgQuery
import SourceText
import Values

extension Replay {
  // MARK: Schemas

  mutating func createSchema(_ statement: PgQuery__CreateSchemaStmt, _ context: StatementContext) {
    let owner = statement.authrole.flatMap { roleName($0.pointee) }
    if let role = statement.authrole?.pointee, let owner {
      assumeRole(owner, at: context.nameSpan(at: role.location))
    }
    let name = text(statement.schemaname).isEmpty ? owner ?? "" : text(statement.schemaname)
    guard !name.isEmpty else { return }
    let origin = Origin(context.nameSpan(after: "schema", skipping: ["authorization"]), path: name, kind: .schema)
    var schema = Schema(name: name, origin: origin, owner: Fact(owner ?? session.role, at: origin))
    applyDefaults("schemas", to: &schema, schema: nil)
    if let position = state.schemaPositions[name] {
      if state.catalogue.schemas[position].isAssumed { state.catalogue.schemas[position] = schema }
    } else {
      state.schemaPositions[name] = state.catalogue.schemas.count
      state.catalogue.schemas.append(schema)
    }
    // Elements inside CREATE SCHEMA create in it.
    let path = session.searchPath
    let role = session.role
    session.searchPath = [name] + path
    if let owner { session.role = owner }
    for element in nodes(statement.n_schema_elts, statement.schema_elts) { apply(element, context) }
    session.searchPath = path
    session.role = role
  }

  /// The position of a schema, assumed where no statement creates it.
  mutating func schema(_ name: String, at span: Span) -> Int {
    if let position = state.schemaPositions[name] { return position }
    let origin = Origin(span, path: name, kind: .schema)
    var schema = Schema(name: name, origin: origin, owner: Fact(nil, at: origin))
    schema.isAssumed = true
    state.schemaPositions[name] = state.catalogue.schemas.count
    state.catalogue.schemas.append(schema)
    return state.catalogue.schemas.count - 1
  }

  // MARK: Views

  mutating func createView(_ statement: PgQuery__ViewStmt, _ context: StatementContext) {
    guard let relation = statement.view?.pointee else { return }
    addView(
      relation, query: statement.query, isMaterialized: false,
      options: viewOptions(statement), replaces: statement.replace != 0, context,
      nameSpan: context.nameSpan(at: relation.location))
  }

  /// `WITH (…)`, and WITH CHECK OPTION, which is stored as one of them.
  private func viewOptions(_ statement: PgQuery__ViewStmt) -> [String: String] {
    var result = options(nodes(statement.n_options, statement.options))
    switch statement.with_check_option {
    case PG_QUERY__VIEW_CHECK_OPTION__LOCAL_CHECK_OPTION: result["check_option"] = "local"
    case PG_QUERY__VIEW_CHECK_OPTION__CASCADED_CHECK_OPTION: result["check_option"] = "cascaded"
    default: break
    }
    return result
  }

  mutating func addView(
    _ relation: PgQuery__RangeVar, query: Node?, isMaterialized: Bool, options: [String: String], replaces: Bool,
    _ context: StatementContext, nameSpan: Span
  ) {
    let name = target(of: relation)
    let origin = Origin(nameSpan, path: name.description, kind: .view)
    var view = View(
      name: name, isMaterialized: isMaterialized, origin: origin, statement: context.span,
      isSecurityInvoker: Fact(Replay.isOn(options["security_invoker"]), at: origin),
      owner: Fact(session.role, at: origin))
    view.isSecurityBarrier = Replay.isOn(options["security_barrier"])
    view.options = options
    view.relations = mentionedRelations(query, context)
    if let start = context.firstToplevel("as") {
      view.query = context.expression(tokens: start + 1..<context.tokens.count)
    }
    for mention in view.relations {
      assume(mention, context)
      let parts = mention.name.split(separator: ".", maxSplits: 1).map(String.init)
      if parts.count == 2, case .table(let slot)? = resolve(parts[0], parts[1]), !view.tables.contains(slot) {
        view.tables.append(slot)
      }
    }
    if case .view(let slot)? = state.relations[name] {
      // OR REPLACE keeps owner, grants and comment, and sets the options anew.
      guard replaces, let old = state.views[slot] else { return }
      view.owner = old.owner
      view.grants = old.grants
      view.ownerRevocations = old.ownerRevocations
      view.ownerGrantOptions = old.ownerGrantOptions
      view.hasPrivilegeList = old.hasPrivilegeList
      view.rewriteRules = old.rewriteRules
      view.comment = old.comment
      view.triggers = old.triggers
      state.views[slot] = view
      state.note(view.relations, by: .view(slot))
      for table in view.tables { state.viewsByTable[table, default: []].append(slot) }
      return
    }
    guard state.relations[name] == nil || isAssumed(name) else { return }
    if case .table(let slot)? = state.relations[name] { state.removeTable(slot) }
    applyDefaults("tables", to: &view, schema: name.schema)
    state.views.append(view)
    let slot = state.views.count - 1
    state.note(view.relations, by: .view(slot))
    state.relations[name] = .view(slot)
    for table in view.tables { state.viewsByTable[table, default: []].append(slot) }
  }

  private func isAssumed(_ name: QualifiedName) -> Bool {
    guard case .table(let slot)? = state.relations[name] else { return false }
    return state.tables[slot]?.isAssumed ?? false
  }

  static func isOn(_ option: String?) -> Bool {
    guard let option else { return false }
    return ["true", "on", "1", "yes"].contains(option.lowercased())
  }

  mutating func alterView(_ slot: Int, _ command: PgQuery__AlterTableCmd, _ context: StatementContext) {
    guard let view = state.views[slot] else { return }
    let origin = Origin(context.span, path: view.name.description, kind: .view)
    switch command.subtype {
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ChangeOwner:
      guard let role = command.newowner?.pointee else { return }
      if let name = roleName(role) { assumeRole(name, at: context.nameSpan(at: role.location)) }
      let owner = roleName(role)
      state.views[slot]?.changeOwner(Fact(owner, at: origin))
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetRelOptions:
      let options = options(command.def?.listItems ?? [])
      if let value = options["security_invoker"] {
        state.views[slot]?.isSecurityInvoker = Fact(Replay.isOn(value), at: origin)
      }
      state.views[slot]?.options.merge(options) { $1 }
      if let value = options["security_barrier"] { state.views[slot]?.isSecurityBarrier = Replay.isOn(value) }
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ResetRelOptions:
      let options = options(command.def?.listItems ?? [])
      for key in options.keys { state.views[slot]?.options[key] = nil }
      if options["security_invoker"] != nil { state.views[slot]?.isSecurityInvoker = Fact(false, at: origin) }
      if options["security_barrier"] != nil { state.views[slot]?.isSecurityBarrier = false }
    default: break
    }
  }

  // MARK: Extensions, types, sequences, event triggers

  mutating func createExtension(_ statement: PgQuery__CreateExtensionStmt, _ context: StatementContext) {
    let name = text(statement.extname)
    guard !state.catalogue.hasExtension(name) else { return }
    var schema: String?
    var version: String?
    for node in nodes(statement.n_options, statement.options) {
      guard let option = node.defElem?.pointee else { continue }
      if text(option.defname) == "schema" { schema = option.arg?.string }
      if text(option.defname) == "new_version" { version = option.arg?.string }
    }
    state.catalogue.extensions.append(
      Extension(
        name: name, origin: Origin(context.nameSpan(after: "extension"), path: name, kind: .extension),
        schema: schema ?? creationSchema, version: version))
  }

  mutating func createType(
    _ name: [Node], _ kind: UserType.Kind, _ context: StatementContext, fill: (inout UserType) -> Void
  ) {
    addType(qualified(name.compactMap(\.string)), kind, context.nameSpan(after: "type"), fill: fill)
  }

  mutating func addType(_ name: QualifiedName, _ kind: UserType.Kind, _ span: Span, fill: (inout UserType) -> Void) {
    guard state.typeNames.insert(name).inserted else { return }
    let origin = Origin(span, path: name.description, kind: .type)
    var type = UserType(name: name, kind: kind, origin: origin, owner: Fact(session.role, at: origin))
    type.grants = [
      Grant(grantee: nil, privilege: "USAGE", column: nil, hasGrantOption: false, origin: origin, isImplicit: true)
    ]
    fill(&type)
    applyDefaults("types", to: &type, schema: name.schema)
    state.catalogue.types.append(type)
  }

  mutating func createDomain(_ statement: PgQuery__CreateDomainStmt, _ context: StatementContext) {
    let name = qualified(nodes(statement.n_domainname, statement.domainname).compactMap(\.string))
    addType(name, .domain, context.nameSpan(after: "domain")) { type in
      type.baseType = statement.type_name?.pointee.formatted
      for node in nodes(statement.n_constraints, statement.constraints) {
        guard let constraint = node.constraint?.pointee else { continue }
        if constraint.contype == PG_QUERY__CONSTR_TYPE__CONSTR_NOTNULL { type.isNotNull = true }
        if constraint.contype == PG_QUERY__CONSTR_TYPE__CONSTR_DEFAULT { type.hasDefault = true }
        guard let start = context.token(at: constraint.location),
          let keyword = context.firstToplevel("check", from: start),
          let check = context.expression(inBracketsAfter: keyword)
        else { continue }
        guard constraint.contype == PG_QUERY__CONSTR_TYPE__CONSTR_CHECK else { continue }
        type.addCheck(text(constraint.conname), check)
      }
    }
  }

  mutating func alterEnum(_ statement: PgQuery__AlterEnumStmt) {
    let name = qualified(nodes(statement.n_type_name, statement.type_name).compactMap(\.string))
    guard let index = state.catalogue.types.firstIndex(where: { $0.name == name }) else { return }
    let new = text(statement.new_val)
    let old = text(statement.old_val)
    if !old.isEmpty {
      if let at = state.catalogue.types[index].labels.firstIndex(of: old) {
        state.catalogue.types[index].labels[at] = new
      }
    } else if !state.catalogue.types[index].labels.contains(new) {
      let neighbour = state.catalogue.types[index].labels.firstIndex(of: text(statement.new_val_neighbor))
      let at = neighbour.map { statement.new_val_is_after != 0 ? $0 + 1 : $0 }
      state.catalogue.types[index].labels.insert(new, at: at ?? state.catalogue.types[index].labels.count)
    }
  }

  mutating func createSequence(_ statement: PgQuery__CreateSeqStmt, _ context: StatementContext) {
    guard let relation = statement.sequence?.pointee else { return }
    let name = target(of: relation)
    guard state.relations[name] == nil else { return }
    let origin = Origin(context.nameSpan(at: relation.location), path: name.description, kind: .type)
    let slot = addSequence(name, ownedBy: nil, owner: session.role, origin)
    setOwningColumn(nodes(statement.n_options, statement.options), ofSequence: slot)
  }

  mutating func createEventTrigger(_ statement: PgQuery__CreateEventTrigStmt, _ context: StatementContext) {
    let name = text(statement.trigname)
    let origin = Origin(context.nameSpan(after: "trigger"), path: name, kind: .trigger)
    let function = nodes(statement.n_funcname, statement.funcname).compactMap(\.string)
    var tags: [String] = []
    for node in nodes(statement.n_whenclause, statement.whenclause) {
      guard let condition = node.defElem?.pointee, text(condition.defname) == "tag" else { continue }
      tags += condition.arg?.listItems.compactMap(\.string).map { $0.uppercased() } ?? []
    }
    state.catalogue.eventTriggers.append(
      EventTrigger(
        name: name, event: text(statement.eventname), functionName: function.joined(separator: "."), tags: tags,
        origin: origin, enabled: Fact(.origin, at: origin)))
  }

  mutating func alterEventTrigger(_ statement: PgQuery__AlterEventTrigStmt, _ context: StatementContext) {
    let name = text(statement.trigname)
    guard let index = state.catalogue.eventTriggers.firstIndex(where: { $0.name == name }) else { return }
    state.catalogue.eventTriggers[index].enabled = Fact(
      Trigger.Enablement(rawValue: text(statement.tgenabled)) ?? .origin,
      at: Origin(context.span, path: name, kind: .trigger))
  }
}
