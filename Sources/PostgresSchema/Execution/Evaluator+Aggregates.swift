import CPgQuery

extension Evaluator {
  /// Whether an expression has an aggregate in it, which makes one row of all.
  static func aggregates(_ node: Node?, depth: Int = 0) -> Bool {
    guard let node, depth < 40 else { return false }
    let parts: [Node?]
    if let call = node.funcCall?.pointee {
      if aggregateName(of: call) != nil { return true }
      parts = nodes(call.n_args, call.args)
    } else if let expression = node.aExpr?.pointee {
      parts = [expression.lexpr, expression.rexpr]
    } else if let expression = node.boolExpr?.pointee {
      parts = nodes(expression.n_args, expression.args)
    } else if let coalesce = node.coalesceExpr?.pointee {
      parts = nodes(coalesce.n_args, coalesce.args)
    } else if let choice = node.caseExpr?.pointee {
      let whens = nodes(choice.n_args, choice.args).flatMap {
        [$0.caseWhen?.pointee.expr, $0.caseWhen?.pointee.result]
      }
      parts = whens + [choice.arg, choice.defresult]
    } else {
      parts = [node.typeCast?.pointee.arg, node.nullTest?.pointee.arg, node.booleanTest?.pointee.arg]
    }
    return parts.contains { aggregates($0, depth: depth + 1) }
  }

  static func aggregateName(of call: PgQuery__FuncCall) -> String? {
    // With OVER it is a window's, one value a row.
    guard call.over == nil, call.agg_within_group == 0 else { return nil }
    let name = nodes(call.n_funcname, call.funcname).last?.string ?? ""
    return ["count", "string_agg", "array_agg", "min", "max", "bool_or", "bool_and"].contains(name) ? name : nil
  }

  /// An aggregate's value over the rows of a group; nil where one of theirs is not known.
  func aggregate(_ call: PgQuery__FuncCall, _ name: String, _ rows: [[Source]], _ outer: [Source]) -> Datum? {
    let arguments = nodes(call.n_args, call.args)
    guard let rows = wanted(rows, by: call, outer) else { return nil }
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
      guard known.count < 2 || known.allSatisfy({ $0.precedes(known[0]) != nil }) else { return nil }
      return
        (name == "min"
        ? known.min { $0.precedes($1) ?? false } : known.max { $0.precedes($1) ?? false }) ?? .null
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

  /// The rows that an aggregate's FILTER lets through, as its ORDER BY sorts them; nil where that cannot be told.
  private func wanted(_ rows: [[Source]], by call: PgQuery__FuncCall, _ outer: [Source]) -> [[Source]]? {
    var kept: [[Source]] = rows
    if let filter = call.agg_filter {
      kept = []
      for row in rows {
        switch value(filter, outer + row) {
        case .bool(true)?: kept.append(row)
        case .bool(false)?, .null?: continue
        default: return nil
        }
      }
    }
    let order = nodes(call.n_agg_order, call.agg_order).map(SortKey.init)
    return Evaluator.sorted(
      kept.map { row in (keys: order.map { key in key.value(of: nil) { value($0, outer + row) } }, element: row) },
      by: order)
  }

  /// GROUP BY and HAVING: one row for each group, in the order of the groups' keys, which is how a server that sorts
  /// would give them; ORDER BY by a column of the result or by a key.
  func groups(
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
    let order = nodes(select.n_sort_clause, select.sort_clause).map(SortKey.init)
    var result: [(keys: [Datum?], element: Datum.Row)] = []
    for (_, members) in groups.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
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
      result.append((order.map { key in key.value(of: row) { evaluator.value($0, outer + first) } }, row))
    }
    return inOrder(result, order, select)
  }

  /// `count(*)` counts what has no argument.
  private func value(ofFirst arguments: [Node], _ scope: [Source]) -> Datum? {
    guard let argument = arguments.first else { return .number(1) }
    return value(argument, scope)
  }
}
