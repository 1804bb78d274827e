import CPgQuery
import SourceText
import Values

extension Replay {
  /// Adds a constraint of a column (by name) or of the table (nil).
  mutating func addConstraint(
    _ constraint: PgQuery__Constraint, column: String?, to slot: Int, _ context: StatementContext,
    tokens: Range<Int>? = nil
  ) {
    guard let tableName = state.name(ofTable: slot), let kind = Replay.kind(of: constraint) else { return }
    let tokens = tokens ?? context.element(at: constraint.location) ?? 0..<context.tokens.count
    let keys = nodes(constraint.n_keys, constraint.keys).compactMap(\.string)
    var columns = column.map { [$0] } ?? keys
    var expression: SQLExpression?
    switch kind {
    case .check:
      if let keyword = context.firstToplevel("check", from: tokens.lowerBound, to: tokens.upperBound) {
        expression = context.expression(inBracketsAfter: keyword)
      }
      columns = checkedColumns(constraint.raw_expr, of: slot)
    case .foreignKey where column == nil:
      columns = nodes(constraint.n_fk_attrs, constraint.fk_attrs).compactMap(\.string)
    case .exclusion:
      columns = nodes(constraint.n_exclusions, constraint.exclusions).compactMap { exclusion in
        exclusion.listItems.first?.indexElem.map { text($0.pointee.name) }
      }
    default: break
    }
    // ADD PRIMARY KEY USING INDEX takes an index over, and renames it.
    let indexName = text(constraint.indexname)
    if !indexName.isEmpty, let index = state.tables[slot]?.indexes.first(where: { $0.name == indexName }) {
      columns = index.columns
    }
    var name = text(constraint.conname)
    if name.isEmpty { name = indexName.isEmpty ? chosenName(kind, columns, slot) : indexName }
    name = ObjectNames.truncated(name)
    var result = Constraint(
      name: name, kind: kind, columns: columns,
      origin: Origin(context.span(ofTokens: tokens), path: "\(tableName).\(name)", kind: .constraint))
    result.expression = expression
    result.isNamed = constraint.conname.map { $0.pointee != 0 } ?? false
    result.isDeferrable = constraint.deferrable != 0
    result.isValidated = constraint.skip_validation == 0
    if kind == .exclusion {
      result.method = text(constraint.access_method).isEmpty ? "gist" : text(constraint.access_method)
    }
    if kind == .foreignKey { result.reference = reference(of: constraint, from: slot, context) }
    state.add(result, to: slot)
    if kind == .primaryKey {
      for name in columns {
        guard let index = state.tables[slot]?.columns.firstIndex(where: { $0.name == name }) else { continue }
        if state.tables[slot]?.columns[index].isNotNull.value == false {
          state.tables[slot]?.columns[index].isNotNull = Fact(true, at: result.origin)
        }
      }
    }
    if indexName.isEmpty {
      addIndex(of: result, to: slot)
    } else if let index = state.tables[slot]?.indexes.firstIndex(where: { $0.name == indexName }) {
      state.tables[slot]?.indexes[index].name = name
    }
  }

  private static func kind(of constraint: PgQuery__Constraint) -> Constraint.Kind? {
    switch constraint.contype {
    case PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY: .primaryKey
    case PG_QUERY__CONSTR_TYPE__CONSTR_UNIQUE: .unique
    case PG_QUERY__CONSTR_TYPE__CONSTR_FOREIGN: .foreignKey
    case PG_QUERY__CONSTR_TYPE__CONSTR_CHECK: .check
    case PG_QUERY__CONSTR_TYPE__CONSTR_EXCLUSION: .exclusion
    default: nil
    }
  }

  /// The columns of the table that a check's expression reads, in order of appearance.
  private func checkedColumns(_ expression: Node?, of slot: Int) -> [String] {
    var names: [String] = []
    expression?.forEachDescendant { descendant in
      guard case .columnRef(let reference) = descendant else { return }
      if let name = nodes(reference.n_fields, reference.fields).last?.string, !names.contains(name),
        state.tables[slot]?.columns.contains(where: { $0.name == name }) ?? false
      {
        names.append(name)
      }
    }
    return names
  }

  private func chosenName(_ kind: Constraint.Kind, _ columns: [String], _ slot: Int) -> String {
    let table = state.name(ofTable: slot)?.name ?? ""
    let joined = columns.joined(separator: "_")
    switch kind {
    case .primaryKey: return ObjectNames.choose(table, nil, "pkey") { isTaken($0, on: slot) }
    case .unique: return ObjectNames.choose(table, joined, "key") { isTaken($0, on: slot) }
    case .exclusion: return ObjectNames.choose(table, joined, "excl") { isTaken($0, on: slot) }
    case .foreignKey: return ObjectNames.choose(table, joined, "fkey") { isTaken($0, on: slot) }
    case .check:
      return ObjectNames.choose(table, columns.count == 1 ? joined : nil, "check") { isTaken($0, on: slot) }
    }
  }

  /// Whether a generated name would repeat a constraint of the table, or a relation or index of its schema.
  func isTaken(_ name: String, on slot: Int) -> Bool {
    guard let schema = state.name(ofTable: slot)?.schema else { return false }
    let qualified = QualifiedName(schema, name)
    return state.tables[slot]?.constraints.contains { $0.name == name } ?? false
      || state.relations[qualified] != nil || state.indexNames[qualified] != nil
  }

  /// The index behind a primary key, unique or exclusion constraint.
  /// A copy of another table's key has the names that its columns had when that was made.
  mutating func addIndex(of constraint: Constraint, to slot: Int, nameParts: [String]? = nil) {
    guard let schema = state.name(ofTable: slot)?.schema else { return }
    switch constraint.kind {
    case .primaryKey, .unique, .exclusion:
      state.indexNames[QualifiedName(schema, constraint.name)] = slot
      state.tables[slot]?.indexes.append(
        Index(
          name: constraint.name, columns: constraint.columns,
          method: constraint.method ?? "btree", isUnique: constraint.kind != .exclusion,
          predicate: nil, origin: constraint.origin, nameParts: nameParts ?? constraint.columns))
    case .foreignKey, .check: break
    }
  }

  private mutating func reference(
    of constraint: PgQuery__Constraint, from slot: Int, _ context: StatementContext
  ) -> Constraint.Reference? {
    guard let relation = constraint.pktable?.pointee else { return nil }
    let target = table(relation, context)
    return Constraint.Reference(
      table: target, tableName: target.flatMap { state.name(ofTable: $0) } ?? self.target(of: relation),
      columns: nodes(constraint.n_pk_attrs, constraint.pk_attrs).compactMap(\.string),
      onDelete: Replay.action(text(constraint.fk_del_action)), onUpdate: Replay.action(text(constraint.fk_upd_action)),
      span: context.nameSpan(at: relation.location))
  }

  /// A foreign key without columns points to the primary key, which may be the same statement's.
  mutating func resolveKeys(of slot: Int) {
    for (index, constraint) in (state.tables[slot]?.constraints ?? []).enumerated() {
      guard let reference = constraint.reference, reference.columns.isEmpty, let target = reference.table else {
        continue
      }
      let key = state.tables[target]?.primaryKey?.columns ?? []
      state.tables[slot]?.constraints[index].reference?.columns = key
    }
  }

  private static func action(_ code: String) -> Constraint.Action {
    switch code {
    case "r": .restrict
    case "c": .cascade
    case "n": .setNull
    case "d": .setDefault
    default: .noAction
    }
  }

  // MARK: CREATE INDEX

  mutating func createIndex(_ statement: PgQuery__IndexStmt, _ context: StatementContext) {
    guard let relation = statement.relation?.pointee, let slot = table(relation, context),
      let table = state.name(ofTable: slot)
    else { return }
    let elements = nodes(statement.n_index_params, statement.index_params)
    let on = context.firstToplevel("on") ?? 0
    let open = context.tokens.indices.first { $0 > on && context.bytes.isPunctuation(context.tokens[$0], "(") }
    let places = open.map { context.elements(inBracketsAt: $0) } ?? []
    var columns: [String] = []
    var nameParts: [String] = []
    for (index, element) in elements.enumerated() {
      guard let item = element.indexElem?.pointee else { continue }
      let column = text(item.name)
      if !column.isEmpty {
        columns.append(column)
        nameParts.append(column)
      } else {
        columns.append(index < places.count ? expression(of: places[index], context) : "")
        // An expression's part of the name is its function's name, or `expr`.
        let call = item.expr?.pointee
        let isCall = call?.node_case == PG_QUERY__NODE__NODE_FUNC_CALL
        let function =
          isCall ? call?.func_call.flatMap { nodes($0.pointee.n_funcname, $0.pointee.funcname).last?.string } : nil
        nameParts.append(function ?? "expr")
      }
    }
    var name = text(statement.idxname)
    if name.isEmpty {
      name = ObjectNames.choose(table.name, nameParts.joined(separator: "_"), "idx") { isTaken($0, on: slot) }
    } else {
      name = ObjectNames.truncated(name)
      if state.indexNames[QualifiedName(table.schema, name)] != nil { return }
    }
    state.indexNames[QualifiedName(table.schema, name)] = slot
    let span = text(statement.idxname).isEmpty ? context.span : context.nameSpan(after: "index")
    var index = Index(
      name: name, columns: columns,
      method: text(statement.access_method).isEmpty ? "btree" : text(statement.access_method),
      isUnique: statement.unique != 0,
      predicate: statement.where_clause.flatMap { _ in
        context.firstToplevel("where").flatMap { context.expression(tokens: $0 + 1..<context.tokens.count) }
      },
      origin: Origin(span, path: "\(table.schema).\(name)", kind: .index))
    index.includes = nodes(statement.n_index_including_params, statement.index_including_params).compactMap {
      $0.indexElem.map { text($0.pointee.name) }
    }
    index.nameParts = nameParts
    state.tables[slot]?.indexes.append(index)
    guard relation.inh != 0 else { return }
    for partition in partitions(of: slot) { copy(index, to: partition) }
  }

  /// An index element without what follows its expression (`DESC`, an operator class).
  private func expression(of element: Range<Int>, _ context: StatementContext) -> String {
    let open = element.first { context.bytes.isPunctuation(context.tokens[$0], "(") }
    let end = open.map { min(context.closing($0) + 1, element.upperBound) } ?? element.upperBound
    return context.expression(tokens: element.lowerBound..<end)?.text ?? ""
  }
}
