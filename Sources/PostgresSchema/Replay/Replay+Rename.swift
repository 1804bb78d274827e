import CPgQuery
import SourceText
import Values

extension Replay {
  mutating func rename(_ statement: PgQuery__RenameStmt, _ context: StatementContext) {
    let old = text(statement.subname)
    let new = ObjectNames.truncated(text(statement.newname))
    switch statement.rename_type {
    case PG_QUERY__OBJECT_TYPE__OBJECT_ROLE: renameRole(old, to: new)
    case PG_QUERY__OBJECT_TYPE__OBJECT_SCHEMA: renameSchema(old, to: new)
    case PG_QUERY__OBJECT_TYPE__OBJECT_INDEX:
      guard let relation = statement.relation?.pointee else { return }
      renameIndex(text(relation.schemaname), text(relation.relname), to: new)
    case PG_QUERY__OBJECT_TYPE__OBJECT_FUNCTION, PG_QUERY__OBJECT_TYPE__OBJECT_PROCEDURE,
      PG_QUERY__OBJECT_TYPE__OBJECT_ROUTINE:
      if let object = statement.object?.objectWithArgs?.pointee, let slot = existingFunction(object) {
        move(function: slot) { $0.name = new }
      }
    case PG_QUERY__OBJECT_TYPE__OBJECT_TYPE, PG_QUERY__OBJECT_TYPE__OBJECT_DOMAIN:
      if let index = type(statement.object?.listItems.compactMap(\.string) ?? []) {
        let name = state.catalogue.types[index].name
        state.catalogue.types[index].name.name = new
        state.typeNames.remove(name)
        state.typeNames.insert(state.catalogue.types[index].name)
        renameColumnTypes(name, to: state.catalogue.types[index].name)
      }
    default:
      guard let relation = statement.relation?.pointee else { return }
      renameRelation(relation, statement, old, new, context)
    }
  }

  private mutating func renameRelation(
    _ relation: PgQuery__RangeVar, _ statement: PgQuery__RenameStmt, _ old: String, _ new: String,
    _ context: StatementContext
  ) {
    let found = resolve(relation)
    if case .view(let slot)? = found {
      guard old.isEmpty, let view = state.views[slot] else { return }
      state.relations[view.name] = nil
      state.views[slot]?.name.name = new
      state.relations[QualifiedName(view.name.schema, new)] = .view(slot)
      state.renameMentions(of: view.name, to: QualifiedName(view.name.schema, new))
      return
    }
    if case .sequence(let slot)? = found {
      guard let sequence = state.sequences[slot] else { return }
      state.relations[sequence.name] = nil
      state.sequences[slot]?.name.name = new
      state.relations[QualifiedName(sequence.name.schema, new)] = .sequence(slot)
      return
    }
    if found == nil, state.indexNames[QualifiedName(creationSchema, text(relation.relname))] != nil {
      // ALTER TABLE … RENAME works for indexes too.
      renameIndex(text(relation.schemaname), text(relation.relname), to: new)
      return
    }
    // The sequence behind a serial column is no object of the catalogue.
    let isSequence = statement.rename_type == PG_QUERY__OBJECT_TYPE__OBJECT_SEQUENCE
    guard let slot = table(relation, context, isOptional: statement.missing_ok != 0 || isSequence),
      let name = state.name(ofTable: slot)
    else { return }
    switch statement.rename_type {
    case PG_QUERY__OBJECT_TYPE__OBJECT_COLUMN:
      for target in [slot] + state.descendants(of: slot) { renameColumn(old, to: new, of: target) }
    case PG_QUERY__OBJECT_TYPE__OBJECT_TABCONSTRAINT:
      // A name that is taken is an error, which a block may catch.
      guard state.tables[slot]?.constraint(named: new) == nil else { return }
      if let index = state.tables[slot]?.constraints.firstIndex(where: { $0.name == old }) {
        state.tables[slot]?.constraints[index].name = new
      }
      renameIndex(name.schema, old, to: new)
    case PG_QUERY__OBJECT_TYPE__OBJECT_POLICY:
      if let index = state.tables[slot]?.policies.firstIndex(where: { $0.name == old }) {
        state.tables[slot]?.policies[index].name = new
      }
    case PG_QUERY__OBJECT_TYPE__OBJECT_TRIGGER:
      for target in [slot] + state.descendants(of: slot) {
        if let index = state.tables[target]?.triggers.firstIndex(where: { $0.name == old }) {
          state.tables[target]?.triggers[index].name = new
        }
      }
    default:
      state.rename(slot, to: QualifiedName(name.schema, new))
    }
  }

  /// Columns are of the type whatever it is called, arrays of it too.
  mutating func renameColumnTypes(_ old: QualifiedName, to new: QualifiedName) {
    func renamed(_ type: String) -> String {
      let isArray = type.hasSuffix("[]")
      let base = isArray ? String(type.dropLast(2)) : type
      guard base == old.name || base == old.description else { return type }
      return (base == old.name && old.schema == new.schema ? new.name : new.description) + (isArray ? "[]" : "")
    }
    for slot in state.tables.indices {
      for index in state.tables[slot]?.columns.indices ?? 0..<0 {
        guard let type = state.tables[slot]?.columns[index].type else { continue }
        let name = renamed(type)
        if name != type { state.tables[slot]?.columns[index].type = name }
      }
    }
  }

  private mutating func renameColumn(_ old: String, to new: String, of slot: Int) {
    guard let index = state.tables[slot]?.columns.firstIndex(where: { $0.name == old }) else { return }
    func renamed(_ names: [String]) -> [String] { names.map { $0 == old ? new : $0 } }
    state.tables[slot]?.columns[index].name = new
    for sequence in sequences(ownedBy: slot, column: old) { state.sequences[sequence]?.ownedBy?.column = new }
    for index in state.tables[slot]?.grants.indices ?? 0..<0 where state.tables[slot]?.grants[index].column == old {
      state.tables[slot]?.grants[index].column = new
    }
    for index in state.tables[slot]?.constraints.indices ?? 0..<0 {
      guard let columns = state.tables[slot]?.constraints[index].columns else { continue }
      state.tables[slot]?.constraints[index].columns = renamed(columns)
    }
    for index in state.tables[slot]?.indexes.indices ?? 0..<0 {
      guard let columns = state.tables[slot]?.indexes[index].columns else { continue }
      state.tables[slot]?.indexes[index].columns = renamed(columns)
    }
    for index in state.tables[slot]?.triggers.indices ?? 0..<0 {
      guard let columns = state.tables[slot]?.triggers[index].updateColumns else { continue }
      state.tables[slot]?.triggers[index].updateColumns = renamed(columns)
    }
    // Foreign keys of other tables, and the table's own, follow.
    for other in state.referringTables[slot] ?? [] {
      for index in state.tables[other]?.constraints.indices ?? 0..<0 {
        guard let reference = state.tables[other]?.constraints[index].reference, reference.table == slot else {
          continue
        }
        state.tables[other]?.constraints[index].reference?.columns = renamed(reference.columns)
      }
    }
  }

  private mutating func renameIndex(_ schema: String, _ old: String, to new: String) {
    for schema in schema.isEmpty ? session.searchPath : [schema] {
      guard let slot = state.indexNames.removeValue(forKey: QualifiedName(schema, old)) else { continue }
      state.indexNames[QualifiedName(schema, new)] = slot
      if let index = state.tables[slot]?.indexes.firstIndex(where: { $0.name == old }) {
        state.tables[slot]?.indexes[index].name = new
      }
      if let index = state.tables[slot]?.constraints.firstIndex(where: { $0.name == old }) {
        state.tables[slot]?.constraints[index].name = new
      }
      return
    }
  }

  private mutating func renameRole(_ old: String, to new: String) {
    guard let position = state.rolePositions.removeValue(forKey: old) else { return }
    state.rolePositions[new] = position
    state.catalogue.roles[position].name = new
    // What names the role does so by its number: all of it follows.
    for slot in state.tables.indices {
      state.tables[slot]?.renameRole(old, to: new)
      for policy in state.tables[slot]?.policies.indices ?? 0..<0 {
        for index in state.tables[slot]?.policies[policy].roles.indices ?? 0..<0 {
          guard let role = state.tables[slot]?.policies[policy].roles[index], !role.isPublic, role.name == old else {
            continue
          }
          state.tables[slot]?.policies[policy].roles[index].name = new
        }
      }
    }
    for slot in state.views.indices { state.views[slot]?.renameRole(old, to: new) }
    for slot in state.functions.indices { state.functions[slot]?.renameRole(old, to: new) }
    for slot in state.sequences.indices { state.sequences[slot]?.renameRole(old, to: new) }
    for index in state.catalogue.schemas.indices { state.catalogue.schemas[index].renameRole(old, to: new) }
    for index in state.catalogue.types.indices { state.catalogue.types[index].renameRole(old, to: new) }
    for index in state.catalogue.defaultPrivileges.indices {
      if state.catalogue.defaultPrivileges[index].role == old { state.catalogue.defaultPrivileges[index].role = new }
      if state.catalogue.defaultPrivileges[index].grantee == old {
        state.catalogue.defaultPrivileges[index].grantee = new
      }
    }
    for index in state.catalogue.roles.indices {
      for membership in state.catalogue.roles[index].memberOf.indices
      where state.catalogue.roles[index].memberOf[membership].role == old {
        state.catalogue.roles[index].memberOf[membership].role = new
      }
    }
    if session.role == old { session.role = new }
    if session.user == old { session.user = new }
  }

  private mutating func renameSchema(_ old: String, to new: String) {
    guard let position = state.schemaPositions.removeValue(forKey: old) else { return }
    state.schemaPositions[new] = position
    state.catalogue.schemas[position].name = new
    for slot in state.tables.indices {
      if let name = state.name(ofTable: slot), name.schema == old {
        state.rename(slot, to: QualifiedName(new, name.name))
      }
    }
    for slot in state.views.indices {
      guard let name = state.views[slot]?.name, name.schema == old else { continue }
      state.relations[name] = nil
      state.views[slot]?.name.schema = new
      state.relations[QualifiedName(new, name.name)] = .view(slot)
      state.renameMentions(of: name, to: QualifiedName(new, name.name))
    }
    for slot in state.functions.indices where state.functions[slot]?.name.schema == old {
      move(function: slot) { $0.schema = new }
    }
    for slot in state.sequences.indices where state.sequences[slot]?.name.schema == old {
      move(sequence: slot, to: new)
    }
    for position in state.catalogue.types.indices where state.catalogue.types[position].name.schema == old {
      move(type: position, to: new)
    }
    for (name, slot) in state.indexNames where name.schema == old {
      state.indexNames[name] = nil
      state.indexNames[QualifiedName(new, name.name)] = slot
    }
    for index in state.catalogue.extensions.indices where state.catalogue.extensions[index].schema == old {
      state.catalogue.extensions[index].schema = new
    }
  }

  private mutating func move(function slot: Int, _ change: (inout QualifiedName) -> Void) {
    guard var name = state.functions[slot]?.name else { return }
    state.functionsByName[name]?.removeAll { $0 == slot }
    change(&name)
    state.functions[slot]?.name = name
    state.functionsByName[name, default: []].append(slot)
  }

  // MARK: SET SCHEMA and OWNER TO

  mutating func setSchema(_ statement: PgQuery__AlterObjectSchemaStmt, _ context: StatementContext) {
    let schema = text(statement.newschema)
    _ = self.schema(schema, at: context.span)
    if statement.object_type == PG_QUERY__OBJECT_TYPE__OBJECT_EXTENSION {
      let name = statement.object?.string
      if let index = state.catalogue.extensions.firstIndex(where: { $0.name == name }) {
        state.catalogue.extensions[index].schema = schema
      }
      return
    }
    if let object = statement.object?.objectWithArgs?.pointee {
      if let slot = existingFunction(object) { move(function: slot) { $0.schema = schema } }
      return
    }
    if statement.object_type == PG_QUERY__OBJECT_TYPE__OBJECT_TYPE
      || statement.object_type == PG_QUERY__OBJECT_TYPE__OBJECT_DOMAIN
    {
      if let position = type(statement.object?.listItems.compactMap(\.string) ?? []) {
        move(type: position, to: schema)
      }
      return
    }
    guard let relation = statement.relation?.pointee else { return }
    switch resolve(relation) {
    case .table(let slot): move(table: slot, to: schema)
    case .view(let slot):
      guard let name = state.views[slot]?.name else { return }
      state.relations[name] = nil
      state.views[slot]?.name.schema = schema
      state.relations[QualifiedName(schema, name.name)] = .view(slot)
      state.renameMentions(of: name, to: QualifiedName(schema, name.name))
    case .sequence(let slot): move(sequence: slot, to: schema)
    case nil: break
    }
  }

  mutating func setOwner(_ statement: PgQuery__AlterOwnerStmt, _ context: StatementContext) {
    guard let spec = statement.newowner?.pointee else { return }
    let owner = roleName(spec)
    if let owner { assumeRole(owner, at: context.nameSpan(at: spec.location)) }
    if let object = statement.object?.objectWithArgs?.pointee {
      guard let slot = existingFunction(object), let name = state.functions[slot]?.name else { return }
      state.functions[slot]?.changeOwner(
        Fact(owner, at: Origin(context.span, path: name.description, kind: .function)))
    } else if statement.object_type == PG_QUERY__OBJECT_TYPE__OBJECT_SCHEMA, let name = statement.object?.string {
      let position = schema(name, at: context.span)
      state.catalogue.schemas[position].changeOwner(Fact(owner, at: Origin(context.span, path: name, kind: .schema)))
    } else if statement.object_type == PG_QUERY__OBJECT_TYPE__OBJECT_TYPE
      || statement.object_type == PG_QUERY__OBJECT_TYPE__OBJECT_DOMAIN,
      let position = type(statement.object?.listItems.compactMap(\.string) ?? [])
    {
      let path = state.catalogue.types[position].name.description
      state.catalogue.types[position].changeOwner(Fact(owner, at: Origin(context.span, path: path, kind: .type)))
    }
  }
}
