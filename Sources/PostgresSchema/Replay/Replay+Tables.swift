import CPgQuery
import SourceText
import Values

extension Replay {
  /// CREATE TABLE, with partitions and inheritance.
  mutating func createTable(
    _ statement: PgQuery__CreateStmt, _ context: StatementContext, kind: Table.Kind = .table
  ) {
    guard let relation = statement.relation?.pointee else { return }
    let name = target(of: relation)
    var assumed: Int?
    if let existing = state.relations[name] {
      // IF NOT EXISTS leaves all as it is, and without it a server would stop here.
      guard case .table(let slot) = existing, state.tables[slot]?.isAssumed == true else { return }
      assumed = slot
    }
    let span = context.nameSpan(at: relation.location)
    var table = Table(
      name, kind: statement.partspec == nil ? kind : .partitionedTable,
      origin: Origin(span, path: name.description, kind: .table), statement: context.span, owner: session.role)
    switch text(relation.relpersistence) {
    case "t": table.persistence = .temporary
    case "u": table.persistence = .unlogged
    default: break
    }
    // `oids` can only be false, and is not kept.
    table.options = options(nodes(statement.n_options, statement.options)).filter { $0.key != "oids" }
    let slot = assumed.map { state.create(table, inPlaceOf: $0) } ?? state.add(table)
    note(context.condition, .existence, of: slot)
    inherit(statement, slot, context)
    let elements = nodes(statement.n_table_elts, statement.table_elts)
    state.tables[slot]?.columns.reserveCapacity(elements.count)
    for element in elements { add(element, to: slot, context) }
    for element in nodes(statement.n_constraints, statement.constraints) { add(element, to: slot, context) }
    resolveKeys(of: slot)
    dropRepeatedKeys(of: slot)
    if statement.partspec != nil,
      let by = context.firstToplevel("partition").flatMap({ context.firstToplevel("by", from: $0) })
    {
      let end = ["using", "with", "tablespace"].compactMap { (word: String) -> Int? in
        context.tokens.indices.first { $0 > by && context.bytes.folded(context.tokens[$0]) == word }
      }.min()
      state.tables[slot]?.partitionKey = context.expression(tokens: by + 1..<(end ?? context.tokens.count))
    }
    applyDefaultPrivileges(toTable: slot)
    noteEventTriggers(onTable: slot)
    annotate(slot, context)
  }

  /// Keys on the same columns in one statement are one index: the first stays, the primary key before all, and takes
  /// over a name that only the other has (`transformIndexConstraints`).
  private mutating func dropRepeatedKeys(of slot: Int) {
    guard let schema = state.name(ofTable: slot)?.schema else { return }
    func keys(_ kind: Constraint.Kind) -> [Constraint] {
      state.tables[slot]?.constraints.filter { $0.kind == kind } ?? []
    }
    let keys = keys(.primaryKey) + keys(.unique)
    guard keys.count > 1 else { return }
    var kept: [Constraint] = []
    for key in keys where !key.isInherited {
      guard let first = kept.firstIndex(where: { $0.columns == key.columns && $0.isDeferrable == key.isDeferrable })
      else {
        kept.append(key)
        continue
      }
      dropConstraint(key.name, of: slot)
      guard !kept[first].isNamed, key.isNamed else { continue }
      let old = kept[first].name
      kept[first].isNamed = true
      if let index = state.tables[slot]?.constraints.firstIndex(where: { $0.name == old }) {
        state.tables[slot]?.constraints[index].name = key.name
      }
      if let index = state.tables[slot]?.indexes.firstIndex(where: { $0.name == old }) {
        state.tables[slot]?.indexes[index].name = key.name
      }
      state.indexNames[QualifiedName(schema, old)] = nil
      state.indexNames[QualifiedName(schema, key.name)] = slot
      kept[first].name = key.name
    }
  }

  /// Columns and triggers that come from parents or from the partitioned table.
  private mutating func inherit(_ statement: PgQuery__CreateStmt, _ slot: Int, _ context: StatementContext) {
    let isPartition = statement.partbound != nil
    for parent in nodes(statement.n_inh_relations, statement.inh_relations) {
      guard let relation = parent.rangeVar?.pointee, let parentSlot = table(relation, context) else {
        continue
      }
      attach(slot, to: parentSlot, isPartition: isPartition)
      guard let source = state.tables[parentSlot] else { continue }
      for var column in source.columns where state.tables[slot]?.column(named: column.name) == nil {
        column.isInherited = true
        column.comment = nil
        state.tables[slot]?.columns.append(column)
      }
      if let unknown = source.uncertainty[.columns] {
        for reason in unknown.reasons { state.tables[slot]?.uncertainty.add(reason, to: [.columns]) }
      }
      inheritConstraints(from: source, to: slot, isPartition: isPartition)
      if isPartition { inheritIndexes(from: parentSlot, to: slot) }
    }
    if isPartition, let start = context.firstToplevel("for") ?? context.firstToplevel("default") {
      let end = context.firstToplevel("partition", from: start) ?? context.tokens.count
      state.tables[slot]?.partitionBound = context.expression(tokens: start..<end)
    }
  }

  /// Checks go to every child; what else a partition gets comes with its indexes.
  private mutating func inheritConstraints(from parent: Table, to slot: Int, isPartition: Bool) {
    for var constraint in parent.constraints where constraint.kind == .check {
      guard state.tables[slot]?.constraint(named: constraint.name) == nil else { continue }
      constraint.isInherited = true
      state.add(constraint, to: slot)
    }
  }

  /// Makes a table a child of another; a partition gets clones of the row triggers.
  mutating func attach(_ child: Int, to parent: Int, isPartition: Bool) {
    state.link(child: child, to: parent)
    guard isPartition else { return }
    state.tables[child]?.isPartition = true
    // A partition has no columns of its own.
    for index in state.tables[child]?.columns.indices ?? 0..<0 {
      state.tables[child]?.columns[index].isInherited = true
    }
    for trigger in state.tables[parent]?.triggers ?? [] where trigger.isForEachRow {
      clone(trigger, of: parent, to: child)
    }
  }

  /// `WITH (…)` as text.
  func options(_ elements: [Node]) -> [String: String] {
    var result: [String: String] = [:]
    for element in elements {
      guard let option = element.defElem?.pointee else { continue }
      result[text(option.defname).lowercased()] = option.arg.map(optionText) ?? "true"
    }
    return result
  }

  private func optionText(_ node: Node) -> String {
    if let string = node.string { return string }
    if let integer = node.integer { return String(integer) }
    if node.pointee.node_case == PG_QUERY__NODE__NODE_FLOAT { return text(node.pointee.float_?.pointee.fval) }
    if let boolean = node.boolean { return boolean ? "true" : "false" }
    if node.pointee.node_case == PG_QUERY__NODE__NODE_TYPE_NAME, let type = node.typeName?.pointee {
      return nodes(type.n_names, type.names).compactMap(\.string).last ?? ""
    }
    return node.constant ?? ""
  }

  /// One element of CREATE TABLE's brackets.
  private mutating func add(_ element: Node, to slot: Int, _ context: StatementContext) {
    switch element.pointee.node_case {
    case PG_QUERY__NODE__NODE_COLUMN_DEF:
      if let column = element.columnDef { addColumn(column.pointee, to: slot, context) }
    case PG_QUERY__NODE__NODE_CONSTRAINT:
      if let constraint = element.constraint {
        addConstraint(constraint.pointee, column: nil, to: slot, context)
      }
    case PG_QUERY__NODE__NODE_TABLE_LIKE_CLAUSE:
      if let like = element.tableLikeClause?.pointee { copy(like, to: slot, context) }
    default: break
    }
  }

  /// LIKE: columns always; comments, defaults, indexes and constraints as asked. Never policies, triggers, grants.
  private mutating func copy(_ like: PgQuery__TableLikeClause, to slot: Int, _ context: StatementContext) {
    guard let relation = like.relation?.pointee, let sourceSlot = table(relation, context),
      let source = state.tables[sourceSlot]
    else { return }
    // TableLikeOption of parsenodes.h.
    let defaults = like.options & 1 << 3 != 0
    let generated = like.options & 1 << 4 != 0
    let identity = like.options & 1 << 5 != 0
    for var column in source.columns {
      if !defaults { column.defaultExpression = nil }
      if !generated { column.generationExpression = nil }
      if !identity { column.identity = nil }
      if like.options & 1 == 0 { column.comment = nil }
      column.isInherited = false
      state.tables[slot]?.columns.append(column)
    }
    if like.options & 1 << 2 != 0 {
      state.tables[slot]?.constraints += source.constraints.filter { $0.kind == .check }
    }
    if like.options & 1 << 6 != 0 {
      let behindConstraints = Set(source.constraints.map(\.name))
      for index in source.indexes where !behindConstraints.contains(index.name) { copy(index, to: slot) }
      for var constraint in source.constraints where [.primaryKey, .unique, .exclusion].contains(constraint.kind) {
        let label = constraint.kind == .primaryKey ? "pkey" : constraint.kind == .unique ? "key" : "excl"
        let parts = source.nameParts(of: constraint)
        let columns = constraint.kind == .primaryKey ? nil : parts.joined(separator: "_")
        let table = state.name(ofTable: slot)?.name ?? ""
        constraint.name = ObjectNames.choose(table, columns, label) { isTaken($0, on: slot) }
        addIndex(of: constraint, to: slot, nameParts: parts)
        state.add(constraint, to: slot)
      }
    }
    state.tables[slot]?.copiedFrom.append(
      Mention(
        name: source.name.description,
        origin: Origin(
          context.nameSpan(at: relation.location), path: source.name.description, kind: .table)))
    if let unknown = source.uncertainty[.columns] {
      for reason in unknown.reasons { state.tables[slot]?.uncertainty.add(reason, to: [.columns]) }
    }
  }

  // MARK: Columns

  /// Words that end a column's type.
  private static let constraintWords: KeywordSet = [
    "constraint", "not", "null", "default", "primary", "unique", "references", "check", "generated", "collate",
    "deferrable", "initially", "options", "compression", "storage", "using",
  ]

  mutating func addColumn(
    _ definition: PgQuery__ColumnDef, to slot: Int, _ context: StatementContext, isInherited: Bool = false
  ) {
    guard let tableName = state.name(ofTable: slot) else { return }
    let name = text(definition.colname)
    let path = "\(tableName).\(name)"
    let element = context.element(at: definition.location) ?? 0..<context.tokens.count
    let origin = Origin(context.span(ofTokens: element), path: path, kind: .column)
    let nameSpan = context.tokens.isEmpty ? context.span : context.text.span(context.tokens[element.lowerBound].range)
    let type = definition.type_name?.pointee
    let serialType = type?.serialType
    var column = Column(
      name: name, type: serialType ?? type?.formatted ?? "", origin: origin, nameSpan: nameSpan,
      isNotNull: Fact(false, at: origin))
    column.isInherited = isInherited
    column.typeSpan = typeSpan(element, context)
    if serialType != nil {
      column.isNotNull = Fact(true, at: origin)
      let sequence = isInherited ? nil : addSequence(behind: name, of: slot, origin)
      // The text is the definition's own type.
      column.defaultExpression = column.typeSpan.flatMap { span in
        var text = MappedText(file: span.file)
        let sequenceName = sequence?.name ?? "\(tableName.name)_\(name)_seq"
        text.append("nextval('\(sequenceName)'::regclass)".utf8, for: span.range)
        return SQLExpression(text)
      }
    }
    state.tables[slot]?.put(column)
    let constraints = nodes(definition.n_constraints, definition.constraints)
    for (index, node) in constraints.enumerated() {
      guard let constraint = node.constraint?.pointee else { continue }
      let following = constraints[(index + 1)...].lazy.compactMap {
        context.token(at: $0.constraint?.pointee.location ?? -1)
      }
      let start = context.token(at: constraint.location) ?? element.lowerBound
      let end = following.first { $0 > start } ?? element.upperBound
      apply(constraint, toColumn: name, of: slot, tokens: start..<max(start, min(end, element.upperBound)), context)
    }
  }

  private func typeSpan(_ element: Range<Int>, _ context: StatementContext) -> Span? {
    let start = element.lowerBound + 1
    var end = start
    while end < element.upperBound {
      let token = context.tokens[end]
      if end > start, token.kind == .word, Replay.constraintWords.contains(token, in: context.bytes) { break }
      end += 1
    }
    return end > start ? context.span(ofTokens: start..<end) : nil
  }

  /// A column constraint: its tokens reach up to the next one.
  private mutating func apply(
    _ constraint: PgQuery__Constraint, toColumn name: String, of slot: Int, tokens: Range<Int>,
    _ context: StatementContext
  ) {
    guard let tableName = state.name(ofTable: slot) else { return }
    let origin = Origin(context.span(ofTokens: tokens), path: "\(tableName).\(name)", kind: .column)
    let expressionStart = tokens.lowerBound + 1
    switch constraint.contype {
    case PG_QUERY__CONSTR_TYPE__CONSTR_NOTNULL:
      state.tables[slot]?.change(column: name) { $0.isNotNull = Fact(true, at: origin) }
    case PG_QUERY__CONSTR_TYPE__CONSTR_NULL:
      state.tables[slot]?.change(column: name) { $0.isNotNull = Fact(false, at: origin) }
    case PG_QUERY__CONSTR_TYPE__CONSTR_DEFAULT:
      let expression = context.expression(
        tokens: expressionStart..<max(expressionStart, tokens.upperBound), constant: constraint.raw_expr?.constant)
      state.tables[slot]?.change(column: name) { $0.defaultExpression = expression }
    case PG_QUERY__CONSTR_TYPE__CONSTR_GENERATED:
      let open = tokens.first { context.bytes.isPunctuation(context.tokens[$0], "(") }
      let expression = open.flatMap { context.expression(inBracketsAfter: $0 - 1) }
      state.tables[slot]?.change(column: name) { $0.generationExpression = expression }
    case PG_QUERY__CONSTR_TYPE__CONSTR_IDENTITY:
      var isFirst = false
      state.tables[slot]?.change(column: name) { isFirst = $0.identity == nil && !$0.isInherited }
      if isFirst {
        _ = addSequence(
          behind: name, of: slot, origin, options: nodes(constraint.n_options, constraint.options))
      }
      let identity: Column.Identity = text(constraint.generated_when) == "a" ? .always : .byDefault
      state.tables[slot]?.change(column: name) { column in
        column.identity = identity
        column.isNotNull = Fact(true, at: origin)
      }
    case PG_QUERY__CONSTR_TYPE__CONSTR_ATTR_DEFERRABLE, PG_QUERY__CONSTR_TYPE__CONSTR_ATTR_DEFERRED:
      // It is about the constraint in front of it.
      if let last = state.tables[slot]?.constraints.indices.last {
        state.tables[slot]?.constraints[last].isDeferrable = true
      }
    default:
      addConstraint(constraint, column: name, to: slot, context, tokens: tokens)
    }
  }

  // MARK: CREATE TABLE AS

  mutating func createTable(as statement: PgQuery__CreateTableAsStmt, _ context: StatementContext) {
    guard let relation = statement.into?.pointee.rel?.pointee else { return }
    if statement.objtype == PG_QUERY__OBJECT_TYPE__OBJECT_MATVIEW {
      addView(
        relation, query: statement.query, isMaterialized: true, options: [:], replaces: false, context,
        nameSpan: context.nameSpan(at: relation.location))
    } else {
      let into = statement.into?.pointee
      let names = into.map { nodes($0.n_col_names, $0.col_names).compactMap(\.string) } ?? []
      addTable(relation, named: names, from: statement.query, context)
    }
  }

  mutating func selectInto(_ node: Node, _ statement: PgQuery__SelectStmt, _ context: StatementContext) {
    guard let relation = statement.into_clause?.pointee.rel?.pointee else {
      noteCalls(in: context)
      return
    }
    addTable(relation, named: [], from: node, context)
  }

  /// A table with the columns of a query: their names where the query shows them, else not known.
  private mutating func addTable(
    _ relation: PgQuery__RangeVar, named names: [String], from query: Node?, _ context: StatementContext
  ) {
    let name = target(of: relation)
    guard state.relations[name] == nil else { return }
    let span = context.nameSpan(at: relation.location)
    let origin = Origin(span, path: name.description, kind: .table)
    var table = Table(name, kind: .table, origin: origin, statement: context.span, owner: session.role)
    if text(relation.relpersistence) == "t" { table.persistence = .temporary }
    table.copiedFrom = mentionedRelations(query, context).filter { $0.name != name.description && $0.name != name.name }
    let columns = columns(of: query, named: names, table: name, origin: origin)
    table.columns = columns.0
    if !columns.isWhole {
      table.uncertainty.add(
        Reason(.sql, "the columns of '\(name)' are those of a query", at: span), to: [.columns])
    }
    let slot = state.add(table)
    note(context.condition, .existence, of: slot)
    applyDefaultPrivileges(toTable: slot)
    noteEventTriggers(onTable: slot)
    annotate(slot, context)
  }

  /// The relations that a query or expression reads, without the names its WITH clauses define.
  func mentionedRelations(_ node: Node?, _ context: StatementContext) -> [Mention] {
    var mentions: [(Mention, Bool)] = []
    var commonTables: Set<String> = []
    node?.forEachDescendant { descendant in
      switch descendant {
      case .commonTable(let name): commonTables.insert(name)
      case .rangeVar(let relation):
        let schema = text(relation.schemaname)
        let name = text(relation.relname)
        let resolved = resolvedName(schema, name)
        let span = context.nameSpan(at: relation.location)
        mentions.append(
          (Mention(name: resolved, origin: Origin(span, path: resolved, kind: .table)), schema.isEmpty))
      default: break
      }
    }
    return mentions.filter { mention, isBare in
      !isBare || !commonTables.contains(mention.name.split(separator: ".").last.map(String.init) ?? "")
    }.map(\.0)
  }

  private func resolvedName(_ schema: String, _ name: String) -> String {
    switch resolve(schema, name) {
    case .table(let slot): state.name(ofTable: slot)?.description ?? name
    case .view(let slot): state.views[slot]?.name.description ?? name
    case .sequence(let slot): state.sequences[slot]?.name.description ?? name
    case nil: QualifiedName(schema.isEmpty ? creationSchema : schema, name).description
    }
  }
}

extension Table {
  /// What the columns of a key add to the name of a copy.
  func nameParts(of key: Constraint) -> [String] {
    let parts = indexes.first { $0.name == key.name }?.nameParts ?? []
    return parts.isEmpty ? key.columns : parts
  }

  /// Adds a column. A child may repeat a parent's column, to give it another default.
  fileprivate mutating func put(_ column: Column) {
    guard let existing = columns.firstIndex(where: { $0.name == column.name }) else {
      columns.append(column)
      return
    }
    let isNotNull = columns[existing].isNotNull
    columns[existing] = column
    if isNotNull.value { columns[existing].isNotNull = isNotNull }
  }

  /// Changes a column where it stands: to look into a table first is to copy it.
  fileprivate mutating func change(column name: String, _ body: (inout Column) -> Void) {
    if let index = columns.firstIndex(where: { $0.name == name }) { body(&columns[index]) }
  }
}
