import CPgQuery
import SourceText
import Values

extension Replay {
  mutating func alterTable(_ statement: PgQuery__AlterTableStmt, _ context: StatementContext) {
    guard let relation = statement.relation?.pointee else { return }
    let commands = nodes(statement.n_cmds, statement.cmds).compactMap { $0.alterTableCmd?.pointee }
    switch resolve(relation) {
    case .view(let slot):
      for command in commands { alterView(slot, command, context) }
      return
    case .sequence(let slot):
      for command in commands where command.subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_ChangeOwner {
        guard let role = command.newowner?.pointee, let name = state.sequences[slot]?.name else { continue }
        let owner = roleName(role)
        state.sequences[slot]?.changeOwner(
          Fact(owner, at: Origin(context.span, path: name.description, kind: .type)))
      }
      return
    case .table, nil: break
    }
    switch statement.objtype {
    case PG_QUERY__OBJECT_TYPE__OBJECT_TABLE, PG_QUERY__OBJECT_TYPE__OBJECT_FOREIGN_TABLE: break
    default: return
    }
    guard let slot = table(relation, context, isOptional: statement.missing_ok != 0) else { return }
    for (index, command) in commands.enumerated() {
      alter(slot, command, part: index, of: commands.count, recursing: relation.inh != 0, context)
    }
    resolveKeys(of: slot)
    let added = commands.filter { $0.subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_AddColumn }
    if !added.isEmpty {
      annotate(slot, context, added: added.compactMap { $0.def?.columnDef.map { text($0.pointee.colname) } })
    }
  }

  private mutating func alter(
    _ slot: Int, _ command: PgQuery__AlterTableCmd, part: Int, of count: Int, recursing: Bool,
    _ context: StatementContext
  ) {
    guard let tableName = state.name(ofTable: slot) else { return }
    let name = text(command.name)
    let origin = Origin(context.span, path: tableName.description, kind: .table)
    switch command.subtype {
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AddColumn:
      guard let definition = command.def?.columnDef?.pointee else { return }
      let column = text(definition.colname)
      if state.tables[slot]?.columns.contains(where: { $0.name == column }) ?? false { return }
      addColumn(definition, to: slot, context)
      note(context.condition, .columns, of: slot)
      for child in recursing ? state.descendants(of: slot) : [] {
        addColumn(definition, to: child, context, isInherited: true)
      }
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropColumn:
      let isCascading = command.behavior == PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE
      for target in [slot] + (recursing ? state.descendants(of: slot) : []) {
        dropColumn(name, of: target, cascading: isCascading)
      }
      note(context.condition, .columns, of: slot)
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AddConstraint:
      guard let constraint = command.def?.constraint?.pointee else { return }
      let conname = text(constraint.conname)
      let count = state.tables[slot]?.constraints.count ?? 0
      if !conname.isEmpty, state.tables[slot]?.constraints.contains(where: { $0.name == conname }) ?? false { return }
      addConstraint(constraint, column: nil, to: slot, context)
      if constraint.contype == PG_QUERY__CONSTR_TYPE__CONSTR_CHECK, recursing, constraint.is_no_inherit == 0,
        let added = state.tables[slot]?.constraints.dropFirst(count).first
      {
        for child in state.descendants(of: slot) where state.tables[child]?.constraint(named: added.name) == nil {
          var copy = added
          copy.isInherited = true
          state.add(copy, to: child)
        }
      } else if recursing, let added = state.tables[slot]?.constraints.dropFirst(count).first {
        for child in partitions(of: slot) { inheritKey(added, to: child) }
      }
      note(context.condition, .constraints, of: slot)
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropConstraint:
      dropConstraint(name, of: slot)
      for child in recursing ? state.descendants(of: slot) : [] { dropConstraint(name, of: child) }
      note(context.condition, .constraints, of: slot)
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ValidateConstraint:
      if let index = state.tables[slot]?.constraints.firstIndex(where: { $0.name == name }) {
        state.tables[slot]?.constraints[index].isValidated = true
      }
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AlterConstraint:
      guard let constraint = command.def?.constraint?.pointee else { return }
      if let index = state.tables[slot]?.constraints.firstIndex(where: { $0.name == text(constraint.conname) }) {
        state.tables[slot]?.constraints[index].isDeferrable = constraint.deferrable != 0
      }
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ChangeOwner:
      if let role = command.newowner?.pointee { setOwner(role, ofTable: slot, context) }
    case PG_QUERY__ALTER_TABLE_TYPE__AT_EnableRowSecurity:
      state.tables[slot]?.rowSecurity = Fact(true, at: origin, uncertainty: context.condition.map { Unknown($0) })
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DisableRowSecurity:
      state.tables[slot]?.rowSecurity = Fact(false, at: origin, uncertainty: context.condition.map { Unknown($0) })
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ForceRowSecurity:
      state.tables[slot]?.forceRowSecurity = Fact(true, at: origin, uncertainty: context.condition.map { Unknown($0) })
    case PG_QUERY__ALTER_TABLE_TYPE__AT_NoForceRowSecurity:
      state.tables[slot]?.forceRowSecurity = Fact(false, at: origin, uncertainty: context.condition.map { Unknown($0) })
    case PG_QUERY__ALTER_TABLE_TYPE__AT_EnableTrig:
      enableTriggers(.origin, named: name, of: slot, recursing: recursing, context)
    case PG_QUERY__ALTER_TABLE_TYPE__AT_EnableAlwaysTrig:
      enableTriggers(.always, named: name, of: slot, recursing: recursing, context)
    case PG_QUERY__ALTER_TABLE_TYPE__AT_EnableReplicaTrig:
      enableTriggers(.replica, named: name, of: slot, recursing: recursing, context)
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DisableTrig:
      enableTriggers(.disabled, named: name, of: slot, recursing: recursing, context)
    case PG_QUERY__ALTER_TABLE_TYPE__AT_EnableTrigAll, PG_QUERY__ALTER_TABLE_TYPE__AT_EnableTrigUser:
      enableTriggers(.origin, named: nil, of: slot, recursing: recursing, context)
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DisableTrigAll, PG_QUERY__ALTER_TABLE_TYPE__AT_DisableTrigUser:
      enableTriggers(.disabled, named: nil, of: slot, recursing: recursing, context)
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AttachPartition, PG_QUERY__ALTER_TABLE_TYPE__AT_DetachPartition,
      PG_QUERY__ALTER_TABLE_TYPE__AT_AddInherit, PG_QUERY__ALTER_TABLE_TYPE__AT_DropInherit:
      changeParents(slot, command, context)
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetLogged: state.tables[slot]?.persistence = .permanent
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetUnLogged: state.tables[slot]?.persistence = .unlogged
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetRelOptions:
      let changes = options(command.def?.listItems ?? [])
      state.tables[slot]?.options.merge(changes) { $1 }
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ResetRelOptions:
      for key in options(command.def?.listItems ?? []).keys { state.tables[slot]?.options[key] = nil }
    default:
      for target in [slot] + (recursing ? state.descendants(of: slot) : []) {
        alterColumn(name, of: target, command, context)
      }
    }
  }

  private mutating func alterColumn(
    _ name: String, of slot: Int, _ command: PgQuery__AlterTableCmd, _ context: StatementContext
  ) {
    guard let tableName = state.name(ofTable: slot),
      let index = state.tables[slot]?.columns.firstIndex(where: { $0.name == name })
    else { return }
    let origin = Origin(context.span, path: "\(tableName).\(name)", kind: .column)
    switch command.subtype {
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetNotNull:
      state.tables[slot]?.columns[index].isNotNull = Fact(true, at: origin)
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropNotNull:
      state.tables[slot]?.columns[index].isNotNull = Fact(false, at: origin)
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ColumnDefault:
      let expression = command.def.flatMap { expression in
        defaultTokens(ofColumn: name, context).flatMap {
          context.expression(tokens: $0, constant: expression.constant)
        }
      }
      state.tables[slot]?.columns[index].defaultExpression = expression
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AlterColumnType:
      guard let definition = command.def?.columnDef?.pointee, let type = definition.type_name?.pointee
      else { return }
      state.tables[slot]?.columns[index].type = type.formatted
      if let element = context.element(at: type.location) {
        let end = element.first { ["using", "collate"].contains(context.bytes.folded(context.tokens[$0])) }
        state.tables[slot]?.columns[index].typeSpan =
          context.span(ofTokens: element.lowerBound..<(end ?? element.upperBound))
      }
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AddIdentity, PG_QUERY__ALTER_TABLE_TYPE__AT_SetIdentity:
      let isAlways = command.def?.constraint.map { text($0.pointee.generated_when) == "a" } ?? true
      if command.subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_AddIdentity {
        let options = command.def?.constraint.map { nodes($0.pointee.n_options, $0.pointee.options) } ?? []
        _ = addSequence(behind: name, of: slot, origin, options: options)
      }
      state.tables[slot]?.columns[index].identity = isAlways ? .always : .byDefault
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropIdentity:
      state.tables[slot]?.columns[index].identity = nil
      for sequence in sequences(ownedBy: slot, column: name) { removeSequence(sequence) }
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropExpression:
      state.tables[slot]?.columns[index].generationExpression = nil
    default: return
    }
    note(context.condition, .columns, of: slot)
  }

  /// The tokens behind `ALTER [COLUMN] name SET DEFAULT`, up to the next command.
  private func defaultTokens(ofColumn name: String, _ context: StatementContext) -> Range<Int>? {
    for index in context.tokens.indices.dropFirst(2) where context.bytes.isKeyword(context.tokens[index], "default") {
      let before = context.tokens[index - 2]
      guard before.kind == .word || before.kind == .quotedName, context.bytes.name(before) == name,
        index + 1 < context.tokens.count
      else { continue }
      return context.element(at: Int32(context.tokens[index + 1].lower - context.base))
    }
    return nil
  }

  private mutating func changeParents(
    _ slot: Int, _ command: PgQuery__AlterTableCmd, _ context: StatementContext
  ) {
    switch command.subtype {
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AttachPartition, PG_QUERY__ALTER_TABLE_TYPE__AT_DetachPartition:
      guard let partition = command.def?.partitionCmd?.pointee, let relation = partition.name?.pointee,
        case .table(let child)? = resolve(relation)
      else { return }
      if command.subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_AttachPartition {
        attach(child, to: slot, isPartition: true)
        inheritIndexes(from: slot, to: child)
        if let start = context.token(at: relation.location) {
          let bound = context.firstToplevel("for", from: start) ?? context.firstToplevel("default", from: start)
          state.tables[child]?.partitionBound = bound.flatMap { context.expression(tokens: $0..<context.tokens.count) }
        }
      } else {
        state.unlink(child: child, from: slot)
        makeLocal(child)
        state.tables[child]?.isPartition = false
        state.tables[child]?.partitionBound = nil
        state.tables[child]?.triggers.removeAll { $0.clonedFrom != nil }
      }
    default:
      guard let relation = command.def?.rangeVar?.pointee, case .table(let parent)? = resolve(relation)
      else { return }
      if command.subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_AddInherit {
        attach(slot, to: parent, isPartition: false)
      } else {
        state.unlink(child: slot, from: parent)
        makeLocal(slot)
      }
    }
  }

  /// What came from a parent that is none any more stays as the table's own.
  private mutating func makeLocal(_ slot: Int) {
    guard state.tables[slot]?.parents.isEmpty == true else { return }
    for index in state.tables[slot]?.columns.indices ?? 0..<0 { state.tables[slot]?.columns[index].isInherited = false }
    for index in state.tables[slot]?.constraints.indices ?? 0..<0 {
      state.tables[slot]?.constraints[index].isInherited = false
    }
  }

  mutating func dropConstraint(_ name: String, of slot: Int) {
    guard let schema = state.name(ofTable: slot)?.schema else { return }
    state.tables[slot]?.constraints.removeAll { $0.name == name }
    guard state.tables[slot]?.indexes.contains(where: { $0.name == name }) ?? false else { return }
    state.tables[slot]?.indexes.removeAll { $0.name == name }
    state.indexNames[QualifiedName(schema, name)] = nil
  }

  /// A column takes with it the constraints and indexes that use it, and by CASCADE the policies and triggers.
  private mutating func dropColumn(_ name: String, of slot: Int, cascading: Bool) {
    guard let table = state.tables[slot], table.column(named: name) != nil else { return }
    state.tables[slot]?.columns.removeAll { $0.name == name }
    for constraint in table.constraints where constraint.columns.contains(name) {
      dropConstraint(constraint.name, of: slot)
    }
    for index in table.indexes where index.reads(name) {
      state.tables[slot]?.indexes.removeAll { $0.name == index.name }
      state.indexNames[QualifiedName(table.name.schema, index.name)] = nil
    }
    state.tables[slot]?.grants.removeAll { $0.column == name }
    for sequence in sequences(ownedBy: slot, column: name) { removeSequence(sequence) }
    guard cascading else { return }
    func reads(_ expression: SQLExpression?) -> Bool {
      guard let expression else { return false }
      let bytes = expression.source.bytes
      return SQLLexer.tokens(of: bytes).contains {
        ($0.kind == .word || $0.kind == .quotedName) && bytes.name($0) == name
      }
    }
    for view in state.viewsByTable[slot] ?? [] where readsColumn(name, view) { dropView(view, cascading: true) }
    state.tables[slot]?.policies.removeAll { reads($0.using) || reads($0.withCheck) }
    state.tables[slot]?.triggers.removeAll { $0.updateColumns.contains(name) || reads($0.when) }
  }

  /// Whether a view's query names a column, or takes all of them by `*`.
  private func readsColumn(_ name: String, _ slot: Int) -> Bool {
    guard let query = state.views[slot]?.query?.source else { return false }
    let bytes = query.bytes
    let tokens = SQLLexer.tokens(of: bytes)
    return tokens.indices.contains { index in
      let token = tokens[index]
      if token.kind == .word || token.kind == .quotedName { return bytes.name(token) == name }
      guard token.kind == .operator, bytes.text(token) == "*", index > 0 else { return false }
      let before = tokens[index - 1]
      return bytes.isKeyword(before, "select") || bytes.isPunctuation(before, ".") || bytes.isPunctuation(before, ",")
    }
  }

  mutating func setOwner(_ role: PgQuery__RoleSpec, ofTable slot: Int, _ context: StatementContext) {
    if role.roletype == PG_QUERY__ROLE_SPEC_TYPE__ROLESPEC_CSTRING {
      assumeRole(text(role.rolename), at: context.nameSpan(at: role.location))
    }
    setOwner(roleName(role), ofTable: slot, context)
  }

  mutating func setOwner(_ owner: String?, ofTable slot: Int, _ context: StatementContext) {
    guard let name = state.name(ofTable: slot) else { return }
    let fact = Fact(
      owner, at: Origin(context.span, path: name.description, kind: .table),
      uncertainty: context.condition.map { Unknown($0) })
    state.tables[slot]?.changeOwner(fact)
    for sequence in sequences(ownedBy: slot) { state.sequences[sequence]?.changeOwner(fact) }
  }
}
