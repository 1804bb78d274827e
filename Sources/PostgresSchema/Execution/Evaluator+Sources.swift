import CPgQuery
import SourceText

extension Evaluator {
  /// Combinations of rows that a query may look at before only a server can tell what it finds.
  private static let combinationLimit = 200_000

  func sources(of select: PgQuery__SelectStmt, _ outer: [Source]) -> [[Source]]? {
    var result: [[Source]] = [[]]
    let items = nodes(select.n_from_clause, select.from_clause)
    var evaluator = self
    evaluator.relationName =
      items.count == 1 ? relationName(wantedOf: items[0], where: select.where_clause, outer) : nil
    for item in items {
      guard let next = evaluator.combined(result, with: item, on: select.where_clause, outer) else { return nil }
      result = next
    }
    return result
  }

  /// Rows so far, each with every row of one more item of FROM that may belong to it.
  private func combined(
    _ left: [[Source]], with item: Node, on condition: Node?, _ outer: [Source]
  ) -> [[Source]]? {
    if isLateral(item) {
      var result: [[Source]] = []
      for row in left {
        guard let next = sources(of: item, outer + row), result.count + next.count <= Self.combinationLimit else {
          return nil
        }
        result += next.map { row + $0 }
      }
      return result
    }
    guard let next = sources(of: item, outer) else { return nil }
    let pairs = Pairs(left, next, on: condition, self, outer)
    guard pairs.count <= Self.combinationLimit, budget.spend(8 * pairs.count) else { return nil }
    return left.indices.flatMap { row in pairs.candidates(of: row).map { left[row] + next[$0] } }
  }

  /// Whether an item of FROM may refer to those in front of it.
  private func isLateral(_ item: Node) -> Bool {
    item.rangeFunction != nil || item.rangeSubselect.map { $0.pointee.lateral != 0 } ?? false
  }

  /// The name of the only relation that a condition lets rows of the catalogue be about, so that no others are needed.
  private func relationName(wantedOf item: Node, where condition: Node?, _ outer: [Source]) -> String? {
    guard let relation = item.rangeVar?.pointee, let condition else { return nil }
    if let expression = condition.boolExpr?.pointee, expression.boolop == PG_QUERY__BOOL_EXPR_TYPE__AND_EXPR {
      return nodes(expression.n_args, expression.args).lazy
        .compactMap { relationName(wantedOf: item, where: $0, outer) }.first
    }
    let wanted: String
    let name = relation.relname.map { String(cString: $0) } ?? ""
    var isIdentifier = false
    switch name {
    case "pg_tables", "pg_policies", "pg_indexes": wanted = "tablename"
    case "tables", "columns", "table_constraints": wanted = "table_name"
    case "triggers": wanted = "event_object_table"
    case "pg_attribute": (wanted, isIdentifier) = ("attrelid", true)
    case "pg_constraint": (wanted, isIdentifier) = ("conrelid", true)
    case "pg_trigger": (wanted, isIdentifier) = ("tgrelid", true)
    case "pg_policy": (wanted, isIdentifier) = ("polrelid", true)
    default: return nil
    }
    guard let expression = condition.aExpr?.pointee, expression.kind == PG_QUERY__A__EXPR__KIND__AEXPR_OP,
      nodes(expression.n_name, expression.name).last?.string == "="
    else { return nil }
    let alias = relation.alias?.pointee.aliasname.map { String(cString: $0) } ?? name
    for (column, other) in [(expression.lexpr, expression.rexpr), (expression.rexpr, expression.lexpr)] {
      guard let column = column?.columnRef?.pointee, let other else { continue }
      let parts = nodes(column.n_fields, column.fields).compactMap(\.string)
      guard parts == [wanted] || parts == [alias, wanted] else { continue }
      if !isIdentifier { return other.constant }
      // A column of another relation, by its alias, or `'…'::regclass`.
      let fields = other.columnRef.map { nodes($0.pointee.n_fields, $0.pointee.fields).compactMap(\.string) }
      guard fields.map({ $0.count == 2 && $0[0] != alias }) ?? (other.typeCast?.pointee.arg?.constant != nil),
        let string = value(other, outer)?.string
      else { return nil }
      return self.relation(string)?.name
    }
    return nil
  }

  private func sources(of item: Node, _ outer: [Source]) -> [[Source]]? {
    switch item.pointee.node_case {
    case PG_QUERY__NODE__NODE_RANGE_VAR:
      guard let relation = item.pointee.range_var?.pointee else { return nil }
      let name = relation.relname.map { String(cString: $0) } ?? ""
      let schema = relation.schemaname.map { String(cString: $0) } ?? ""
      if schema.isEmpty, let rows = commonTables[name] {
        let alias = relation.alias?.pointee.aliasname.map { String(cString: $0) } ?? name
        return rows.map { [Source(alias: alias, row: $0)] }
      }
      // A table of the project may well be called `columns`.
      let isFound = schema.isEmpty ? name.hasPrefix("pg_") || searchesInformationSchema : false
      guard isFound || schema == "pg_catalog" || schema == "information_schema",
        let replay, let rows = CatalogueRelations(replay: replay, relationName: relationName).rows(of: name),
        budget.spend(8 * rows.count)
      else { return nil }
      let alias = relation.alias?.pointee.aliasname.map { String(cString: $0) } ?? name
      return rows.map { cells in [Source(alias: alias, row: row(cells))] }
    case PG_QUERY__NODE__NODE_RANGE_SUBSELECT:
      guard let range = item.pointee.range_subselect?.pointee, let node = range.subquery,
        node.pointee.node_case == PG_QUERY__NODE__NODE_SELECT_STMT, let select = node.pointee.select_stmt,
        let rows = rows(select.pointee, outer: outer)
      else { return nil }
      return named(rows, range.alias?.pointee)
    case PG_QUERY__NODE__NODE_RANGE_FUNCTION:
      guard let range = item.pointee.range_function?.pointee, range.n_functions == 1,
        let node = nodes(range.n_functions, range.functions).first?.listItems.first,
        node.pointee.node_case == PG_QUERY__NODE__NODE_FUNC_CALL, let call = node.pointee.func_call,
        var rows = setRows(call.pointee, outer)
      else { return nil }
      if range.ordinality != 0 {
        for index in rows.indices {
          rows[index].names.append("ordinality")
          rows[index].values.append(.number(index + 1))
        }
      }
      return named(rows, range.alias?.pointee)
    case PG_QUERY__NODE__NODE_JOIN_EXPR: return item.pointee.join_expr.flatMap { join($0.pointee, outer) }
    default: return nil
    }
  }

  private var searchesInformationSchema: Bool {
    replay?.session.searchPath.contains("information_schema") ?? false
  }

  private func row(_ cells: CatalogueRelations.Cells) -> Datum.Row {
    Datum.Row(
      names: cells.map(\.0),
      values: cells.map { _, cell in
        switch cell {
        case .text(let text): made(text)
        case .flag(let flag): .bool(flag)
        case .number(let number): .number(number)
        case .numbers(let numbers): .list(numbers.map { .number($0) })
        case .null: .null
        case .unknown: nil
        }
      })
  }

  private func named(_ rows: [Datum.Row], _ alias: PgQuery__Alias?) -> [[Source]] {
    let name = alias?.aliasname.map { String(cString: $0) } ?? ""
    let columns = alias.map { nodes($0.n_colnames, $0.colnames).compactMap(\.string) } ?? []
    return rows.map { row in
      var row = row
      for (index, column) in columns.enumerated() where index < row.names.count { row.names[index] = column }
      // `unnest(…) AS t` names the column too.
      if columns.isEmpty, row.names.count <= 2, !name.isEmpty, ["unnest", "generate_series"].contains(row.names[0]) {
        row.names[0] = name
      }
      return [Source(alias: name, row: row)]
    }
  }

  private func join(_ join: PgQuery__JoinExpr, _ outer: [Source]) -> [[Source]]? {
    guard let left = join.larg, let right = join.rarg, let a = sources(of: left, outer),
      join.jointype == PG_QUERY__JOIN_TYPE__JOIN_INNER || join.jointype == PG_QUERY__JOIN_TYPE__JOIN_LEFT,
      join.is_natural == 0
    else { return nil }
    let isLateral = isLateral(right)
    guard let b = isLateral ? [] : sources(of: right, outer) else { return nil }
    let pairs = Pairs(a, b, on: join.quals, self, outer)
    guard pairs.count <= Self.combinationLimit, budget.spend(8 * pairs.count) else { return nil }
    let shared = nodes(join.n_using_clause, join.using_clause).compactMap(\.string)
    var result: [[Source]] = []
    for (index, row) in a.enumerated() {
      var isMatched = false
      guard
        let others = isLateral
          ? sources(of: right, outer + row) : pairs.candidates(of: index).map({ b[$0] }),
        result.count + others.count <= Self.combinationLimit
      else { return nil }
      for other in others {
        let both = row + other
        if let condition = join.quals {
          switch value(condition, outer + both) {
          case .bool(true)?: break
          case .bool(false)?, .null?: continue
          default: return nil
          }
        }
        let agrees = shared.allSatisfy { name in
          let x = row.lazy.compactMap { $0.row[name] }.first ?? nil
          let y = other.lazy.compactMap { $0.row[name] }.first ?? nil
          return x.flatMap { x in y.flatMap { x.equals($0) } } ?? false
        }
        guard agrees else { continue }
        isMatched = true
        result.append(both)
      }
      if !isMatched, join.jointype == PG_QUERY__JOIN_TYPE__JOIN_LEFT {
        let empty = b.first.map { row in
          row.map { source in
            Source(
              alias: source.alias,
              row: Datum.Row(names: source.row.names, values: source.row.values.map { _ in .some(.null) }))
          }
        }
        result.append(row + (empty ?? []))
      }
    }
    return result
  }

  /// The rows of a function that returns a set; nil where it is none that is known.
  func setRows(_ call: PgQuery__FuncCall, _ scope: [Source]) -> [Datum.Row]? {
    let names = nodes(call.n_funcname, call.funcname).compactMap(\.string)
    let arguments = nodes(call.n_args, call.args).map { value($0, scope) }
    switch names.last {
    case "unnest":
      guard arguments.count == 1, case .list(let elements)?? = arguments.first, elements.count <= Evaluator.rowLimit
      else { return nil }
      return elements.map { Datum.Row(names: ["unnest"], values: [$0]) }
    case "generate_series":
      guard arguments.count == 2, case .number(let from)? = arguments[0], case .number(let to)? = arguments[1],
        from > to || !to.subtractingReportingOverflow(from).overflow && to - from < Evaluator.rowLimit
      else { return nil }
      return from > to ? [] : (from...to).map { Datum.Row(names: ["generate_series"], values: [.number($0)]) }
    case "pg_event_trigger_ddl_commands": return commands
    default:
      let known = arguments.compactMap { $0 }
      guard known.count == arguments.count, let replay, let slot = replay.existingFunction(names, types: nil),
        replay.state.functions[slot]?.returnType?.hasPrefix("SETOF") == true
          || replay.state.functions[slot]?.parameters.contains(where: { $0.mode == .table }) == true
      else { return nil }
      return functionRows(names, known)
    }
  }
}
