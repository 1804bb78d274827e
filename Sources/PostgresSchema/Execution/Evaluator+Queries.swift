import CPgQuery
import SourceText

extension Evaluator {
  /// Whether a query has a row: one that surely is there decides.
  func exists(_ select: PgQuery__SelectStmt, outer: [Source]) -> Bool? {
    guard select.op == PG_QUERY__SET_OPERATION__SETOP_NONE, select.n_group_clause == 0, select.with_clause == nil,
      let sources = sources(of: select, outer)
    else { return rows(select, outer: outer).map { !$0.isEmpty } }
    var isUnknown = false
    for source in sources {
      guard let clause = select.where_clause else { return true }
      switch value(clause, outer + source) {
      case .bool(true)?: return true
      case .bool(false)?, .null?: continue
      default: isUnknown = true
      }
    }
    return isUnknown ? nil : false
  }

  /// The rows of a query; nil where only a server can tell them.
  func rows(_ select: PgQuery__SelectStmt, outer: [Source]) -> [Datum.Row]? {
    guard depth < 40, select.limit_offset == nil else { return nil }
    if let with = select.with_clause?.pointee {
      guard let inner = knowing(with, outer) else { return nil }
      var bare = select
      bare.with_clause = nil
      return inner.rows(bare, outer: outer)
    }
    var result: [Datum.Row]
    if select.op != PG_QUERY__SET_OPERATION__SETOP_NONE {
      guard let left = select.larg?.pointee, let right = select.rarg?.pointee,
        select.op == PG_QUERY__SET_OPERATION__SETOP_UNION, let first = rows(left, outer: outer),
        let second = rows(right, outer: outer)
      else { return nil }
      result = first + second
      if select.all == 0 { result = distinct(result) }
    } else if select.n_values_lists > 0 {
      result = nodes(select.n_values_lists, select.values_lists).map { list in
        let values = list.listItems.map { value($0, outer) }
        return Datum.Row(names: values.indices.map { "column\($0 + 1)" }, values: values)
      }
    } else {
      guard let plain = plainRows(select, outer) else { return nil }
      result = select.n_distinct_clause > 0 ? distinct(plain) : plain
    }
    if let limit = select.limit_count {
      guard case .number(let count)? = value(limit, outer) else { return nil }
      result = Array(result.prefix(max(count, 0)))
    }
    return result
  }

  private func plainRows(_ select: PgQuery__SelectStmt, _ outer: [Source]) -> [Datum.Row]? {
    guard let sources = sources(of: select, outer) else { return nil }
    var kept: [[Source]] = []
    for source in sources {
      guard let clause = select.where_clause else {
        kept.append(source)
        continue
      }
      switch value(clause, outer + source) {
      case .bool(true)?: kept.append(source)
      case .bool(false)?, .null?: continue
      default: return nil
      }
    }
    let targets = nodes(select.n_target_list, select.target_list).compactMap { $0.pointee.res_target?.pointee }
    if select.n_group_clause > 0 || select.having_clause != nil { return groups(of: kept, select, targets, outer) }
    if let aggregate = aggregate(targets, kept, outer) { return aggregate }
    var keyed: [(keys: [String], rows: [Datum.Row])] = []
    for source in kept {
      let rows = project(targets, outer + source, source)
      let keys = nodes(select.n_sort_clause, select.sort_clause).map { node -> String in
        guard let sort = node.pointee.sort_by?.pointee, let key = sort.node else { return "" }
        if key.pointee.node_case == PG_QUERY__NODE__NODE_A_CONST, let position = key.constant.flatMap({ Int($0) }),
          let row = rows.first, row.values.indices.contains(position - 1)
        {
          return row.values[position - 1]?.string ?? ""
        }
        let named = key.columnRef.flatMap { nodes($0.pointee.n_fields, $0.pointee.fields).last?.string }
        if let named, let value = rows.first?[named] { return value?.string ?? "" }
        return value(key, outer + source)?.string ?? ""
      }
      keyed.append((keys, rows))
    }
    if select.n_sort_clause > 0 {
      keyed = keyed.enumerated().sorted { a, b in
        for (x, y) in zip(a.element.keys, b.element.keys) where x != y { return x < y }
        return a.offset < b.offset
      }.map(\.element)
    }
    return keyed.flatMap(\.rows)
  }

  private func distinct(_ rows: [Datum.Row]) -> [Datum.Row] {
    var seen: Set<[String?]> = []
    return rows.filter { seen.insert($0.values.map { $0?.string }).inserted }
  }

  /// One row of the target list; several where it holds `unnest(…)`.
  private func project(_ targets: [PgQuery__ResTarget], _ scope: [Source], _ own: [Source]) -> [Datum.Row] {
    var names: [String] = []
    var columns: [[Datum?]] = []
    for target in targets {
      guard let node = target.val else { continue }
      if node.pointee.node_case == PG_QUERY__NODE__NODE_COLUMN_REF, let reference = node.pointee.column_ref?.pointee {
        let fields = nodes(reference.n_fields, reference.fields)
        if fields.last?.pointee.node_case == PG_QUERY__NODE__NODE_A_STAR {
          let alias = fields.count > 1 ? fields[0].string : nil
          for source in own where alias == nil || source.alias == alias {
            names += source.row.names
            columns += source.row.values.map { [$0] }
          }
          continue
        }
      }
      names.append(Evaluator.name(of: target))
      if node.pointee.node_case == PG_QUERY__NODE__NODE_FUNC_CALL, let call = node.pointee.func_call?.pointee,
        let rows = setRows(call, scope)
      {
        columns.append(rows.map { $0.values.first ?? nil })
      } else {
        columns.append([value(node, scope)])
      }
    }
    let count = columns.contains(where: \.isEmpty) && columns.count == 1 ? 0 : columns.map(\.count).max() ?? 0
    return (0..<min(count, Evaluator.rowLimit)).map { index in
      Datum.Row(names: names, values: columns.map { $0.count == 1 ? $0[0] : index < $0.count ? $0[index] : .null })
    }
  }

  private static func name(of target: PgQuery__ResTarget) -> String {
    if let name = target.name, name.pointee != 0 { return String(cString: name) }
    var node = target.val
    while let cast = node, cast.pointee.node_case == PG_QUERY__NODE__NODE_TYPE_CAST {
      node = cast.pointee.type_cast?.pointee.arg
    }
    guard let node else { return "" }
    if node.pointee.node_case == PG_QUERY__NODE__NODE_COLUMN_REF, let reference = node.pointee.column_ref?.pointee {
      return nodes(reference.n_fields, reference.fields).last?.string ?? ""
    }
    if node.pointee.node_case == PG_QUERY__NODE__NODE_FUNC_CALL, let call = node.pointee.func_call?.pointee {
      return nodes(call.n_funcname, call.funcname).last?.string ?? ""
    }
    return "?column?"
  }

  /// `count`, `string_agg`, `array_agg` alone in the target list.
  private func aggregate(_ targets: [PgQuery__ResTarget], _ rows: [[Source]], _ outer: [Source]) -> [Datum.Row]? {
    guard targets.count == 1, let node = targets[0].val, node.pointee.node_case == PG_QUERY__NODE__NODE_FUNC_CALL,
      let call = node.pointee.func_call?.pointee, let name = Evaluator.aggregateName(of: call)
    else { return nil }
    return [Datum.Row(names: [name], values: [aggregate(call, name, rows, outer)])]
  }

  static func aggregateName(of call: PgQuery__FuncCall) -> String? {
    let name = nodes(call.n_funcname, call.funcname).last?.string ?? ""
    return ["count", "string_agg", "array_agg", "min", "max", "bool_or", "bool_and"].contains(name) ? name : nil
  }

  /// An aggregate's value over the rows of a group; nil where one of theirs is not known.
  func aggregate(_ call: PgQuery__FuncCall, _ name: String, _ rows: [[Source]], _ outer: [Source]) -> Datum? {
    let arguments = nodes(call.n_args, call.args)
    var values = rows.map { value(ofFirst: arguments, outer + $0) }
    guard !values.contains(where: { $0 == nil }) else { return nil }
    if call.agg_distinct != 0 {
      var seen: Set<String?> = []
      values = values.filter { seen.insert($0?.string).inserted }
    }
    let known = values.compactMap { $0 }.filter { !$0.isNull }
    switch name {
    case "count": return .number(known.count)
    case "array_agg": return known.isEmpty ? .null : .list(known)
    case "min", "max":
      let sorted = known.sorted { ($0.string ?? "") < ($1.string ?? "") }
      if known.contains(where: { if case .number = $0 { true } else { false } }) { return nil }
      return (name == "min" ? sorted.first : sorted.last) ?? .null
    case "bool_or", "bool_and":
      let flags = known.compactMap { if case .bool(let flag) = $0 { flag } else { nil } }
      guard flags.count == known.count else { return nil }
      if flags.isEmpty { return .null }
      return .bool(name == "bool_or" ? flags.contains(true) : !flags.contains(false))
    default:
      guard arguments.count == 2, let separator = value(arguments[1], outer) else { return nil }
      var pieces: [Datum] = []
      for value in known {
        if !pieces.isEmpty { pieces.append(separator) }
        pieces.append(value)
      }
      return known.isEmpty ? .null : join(pieces)
    }
  }

  /// GROUP BY and HAVING: one row for each group, in the order of the groups' keys, which is how a server that sorts
  /// would give them; ORDER BY by a column of the result or by a key.
  private func groups(
    of rows: [[Source]], _ select: PgQuery__SelectStmt, _ targets: [PgQuery__ResTarget], _ outer: [Source]
  ) -> [Datum.Row]? {
    let keys = nodes(select.n_group_clause, select.group_clause).map { node -> Node? in
      // `GROUP BY 1` is the first of the targets.
      guard node.pointee.node_case == PG_QUERY__NODE__NODE_A_CONST else { return node }
      let index = (node.constant.flatMap { Int($0) } ?? 0) - 1
      return targets.indices.contains(index) ? targets[index].val : nil
    }
    var groups: [[String]: [[Source]]] = [:]
    for row in rows {
      var key: [String] = []
      for node in keys {
        guard let node, let value = value(node, outer + row) else { return nil }
        key.append(value.string ?? "")
      }
      groups[key, default: []].append(row)
    }
    if keys.isEmpty { groups[[]] = rows }
    var result: [(order: [String], row: Datum.Row)] = []
    for (key, members) in groups.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
      var evaluator = self
      evaluator.group = members
      let first = members.first ?? []
      if let having = select.having_clause {
        switch evaluator.value(having, outer + first) {
        case .bool(true)?: break
        case .bool(false)?, .null?: continue
        default: return nil
        }
      }
      guard let row = evaluator.project(targets, outer + first, first).first else { continue }
      let order = nodes(select.n_sort_clause, select.sort_clause).map { node -> String in
        guard let sort = node.pointee.sort_by?.pointee, let expression = sort.node else { return "" }
        let named = expression.columnRef.flatMap { nodes($0.pointee.n_fields, $0.pointee.fields).last?.string }
        if let named, let value = row[named] { return value?.string ?? "" }
        return evaluator.value(expression, outer + first)?.string ?? ""
      }
      result.append((order.isEmpty ? key : order, row))
    }
    return result.sorted { $0.order.lexicographicallyPrecedes($1.order) }.map(\.row)
  }

  // MARK: WITH

  /// An evaluator that knows the tables of a WITH clause; nil where one is recursive or changes data.
  private func knowing(_ clause: PgQuery__WithClause, _ outer: [Source]) -> Evaluator? {
    guard clause.recursive == 0 else { return nil }
    var evaluator = self
    evaluator.depth += 1
    for node in nodes(clause.n_ctes, clause.ctes) {
      guard let common = node.commonTableExpr?.pointee, let query = common.ctequery?.selectStmt?.pointee,
        var rows = evaluator.rows(query, outer: outer)
      else { return nil }
      let columns = nodes(common.n_aliascolnames, common.aliascolnames).compactMap(\.string)
      for index in rows.indices {
        for (position, name) in columns.enumerated() where position < rows[index].names.count {
          rows[index].names[position] = name
        }
      }
      evaluator.commonTables[common.ctename.map { String(cString: $0) } ?? ""] = rows
    }
    return evaluator
  }

  /// `count(*)` counts what has no argument.
  private func value(ofFirst arguments: [Node], _ scope: [Source]) -> Datum? {
    guard let argument = arguments.first else { return .number(1) }
    return value(argument, scope)
  }

  /// The rows of a function that returns a set; nil where it is none that is known.
  private func setRows(_ call: PgQuery__FuncCall, _ scope: [Source]) -> [Datum.Row]? {
    let names = nodes(call.n_funcname, call.funcname).compactMap(\.string)
    let arguments = nodes(call.n_args, call.args).map { value($0, scope) }
    switch names.last {
    case "unnest":
      guard case .list(let elements)?? = arguments.first else { return nil }
      return elements.map { Datum.Row(names: ["unnest"], values: [$0]) }
    case "generate_series":
      guard arguments.count == 2, case .number(let from)? = arguments[0], case .number(let to)? = arguments[1],
        to - from < Evaluator.rowLimit, from <= to
      else { return nil }
      return (from...to).map { Datum.Row(names: ["generate_series"], values: [.number($0)]) }
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

  // MARK: FROM

  private func sources(of select: PgQuery__SelectStmt, _ outer: [Source]) -> [[Source]]? {
    var result: [[Source]] = [[]]
    let items = nodes(select.n_from_clause, select.from_clause)
    var evaluator = self
    evaluator.relationName = items.count == 1 ? relationName(wantedOf: items[0], where: select.where_clause) : nil
    for item in items {
      guard let next = evaluator.sources(of: item, outer), result.count * max(next.count, 1) <= 200_000 else {
        return nil
      }
      result = result.flatMap { left in next.map { left + $0 } }
    }
    return result
  }

  /// The name that a condition compares `tablename` or `table_name` of a relation with, so that no other row is needed.
  private func relationName(wantedOf item: Node, where condition: Node?) -> String? {
    guard let relation = item.rangeVar?.pointee, let condition else { return nil }
    if let expression = condition.boolExpr?.pointee, expression.boolop == PG_QUERY__BOOL_EXPR_TYPE__AND_EXPR {
      return nodes(expression.n_args, expression.args).lazy
        .compactMap { relationName(wantedOf: item, where: $0) }.first
    }
    let wanted: String
    let name = relation.relname.map { String(cString: $0) } ?? ""
    switch name {
    case "pg_tables", "pg_policies", "pg_indexes": wanted = "tablename"
    case "tables", "columns", "table_constraints": wanted = "table_name"
    case "triggers": wanted = "event_object_table"
    default: return nil
    }
    guard let expression = condition.aExpr?.pointee, expression.kind == PG_QUERY__A__EXPR__KIND__AEXPR_OP,
      nodes(expression.n_name, expression.name).last?.string == "=",
      let column = expression.lexpr?.columnRef?.pointee, let constant = expression.rexpr?.constant
    else { return nil }
    let alias = relation.alias?.pointee.aliasname.map { String(cString: $0) } ?? name
    let parts = nodes(column.n_fields, column.fields).compactMap(\.string)
    return parts == [wanted] || parts == [alias, wanted] ? constant : nil
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
      guard schema.isEmpty || schema == "pg_catalog" || schema == "information_schema",
        let replay, let rows = CatalogueRelations(replay: replay, relationName: relationName).rows(of: name)
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
      guard let range = item.pointee.range_function?.pointee,
        let node = nodes(range.n_functions, range.functions).first?.listItems.first,
        node.pointee.node_case == PG_QUERY__NODE__NODE_FUNC_CALL, let call = node.pointee.func_call,
        let rows = setRows(call.pointee, outer)
      else { return nil }
      return named(rows, range.alias?.pointee)
    case PG_QUERY__NODE__NODE_JOIN_EXPR: return item.pointee.join_expr.flatMap { join($0.pointee, outer) }
    default: return nil
    }
  }

  private func row(_ cells: CatalogueRelations.Cells) -> Datum.Row {
    Datum.Row(
      names: cells.map(\.0),
      values: cells.map { _, cell in
        switch cell {
        case .text(let text): made(text)
        case .flag(let flag): .bool(flag)
        case .number(let number): .number(number)
        case .null: .null
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
      if columns.isEmpty, row.names.count == 1, !name.isEmpty, ["unnest", "generate_series"].contains(row.names[0]) {
        row.names[0] = name
      }
      return [Source(alias: name, row: row)]
    }
  }

  private func join(_ join: PgQuery__JoinExpr, _ outer: [Source]) -> [[Source]]? {
    guard let left = join.larg, let right = join.rarg, let a = sources(of: left, outer),
      let b = sources(of: right, outer),
      a.count * max(b.count, 1) <= 200_000,
      join.jointype == PG_QUERY__JOIN_TYPE__JOIN_INNER || join.jointype == PG_QUERY__JOIN_TYPE__JOIN_LEFT
    else { return nil }
    let shared = nodes(join.n_using_clause, join.using_clause).compactMap(\.string)
    var result: [[Source]] = []
    for row in a {
      var isMatched = false
      for other in b {
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
}
