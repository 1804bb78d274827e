import CPgQuery

extension Evaluator {
  /// Rounds after which a recursive query is not followed any further.
  private static let roundLimit = 1_000

  /// An evaluator that knows the tables of a WITH clause; nil where one changes data or cannot be told.
  func knowing(_ clause: PgQuery__WithClause, _ outer: [Source]) -> Evaluator? {
    var evaluator = self
    evaluator.depth += 1
    for node in nodes(clause.n_ctes, clause.ctes) {
      guard let common = node.commonTableExpr?.pointee, let query = common.ctequery?.selectStmt?.pointee else {
        return nil
      }
      let name = common.ctename.map { String(cString: $0) } ?? ""
      let columns = nodes(common.n_aliascolnames, common.aliascolnames).compactMap(\.string)
      let isRecursive = clause.recursive != 0 && Evaluator.mentions(name, query)
      guard
        let rows = isRecursive
          ? evaluator.recursiveRows(name, columns, query, outer)
          : evaluator.rows(query, outer: outer).map({ Evaluator.named($0, columns) })
      else { return nil }
      evaluator.commonTables[name] = rows
    }
    return evaluator
  }

  /// `first UNION [ALL] again`: what `again` makes of the rows that were new in the last round, until there are none.
  private func recursiveRows(
    _ name: String, _ columns: [String], _ query: PgQuery__SelectStmt, _ outer: [Source]
  ) -> [Datum.Row]? {
    guard query.op == PG_QUERY__SET_OPERATION__SETOP_UNION, query.with_clause == nil, query.n_sort_clause == 0,
      query.limit_count == nil, let first = query.larg?.pointee, let again = query.rarg?.pointee,
      !Evaluator.mentions(name, first), let start = rows(first, outer: outer)
    else { return nil }
    var seen: Set<[String?]> = []
    func new(_ rows: [Datum.Row]) -> [Datum.Row] {
      query.all != 0 ? rows : rows.filter { seen.insert(Evaluator.identity($0)).inserted }
    }
    var evaluator = self
    evaluator.depth += 1
    var last = new(Evaluator.named(start, columns))
    var result = last
    var names = last.first?.names ?? columns
    for _ in 0..<Evaluator.roundLimit {
      if last.isEmpty { return result }
      names = last[0].names
      evaluator.commonTables[name] = last
      guard let next = evaluator.rows(again, outer: outer) else { return nil }
      // Rows that are not known whole might be the same.
      guard next.allSatisfy({ $0.values.count == names.count && !$0.values.contains { $0 == nil } }) else {
        return nil
      }
      last = new(Evaluator.named(next, names))
      result += last
      guard result.count <= Evaluator.rowLimit else { return nil }
    }
    return nil
  }

  private static func named(_ rows: [Datum.Row], _ columns: [String]) -> [Datum.Row] {
    rows.map { row in
      var row = row
      for (position, name) in columns.enumerated() where position < row.names.count { row.names[position] = name }
      return row
    }
  }

  /// Whether a table of the name stands in a query's FROM, at any depth of its set operations and subqueries there.
  private static func mentions(_ name: String, _ query: PgQuery__SelectStmt) -> Bool {
    if let left = query.larg?.pointee, let right = query.rarg?.pointee {
      return mentions(name, left) || mentions(name, right)
    }
    return nodes(query.n_from_clause, query.from_clause).contains { mentions(name, $0) }
  }

  private static func mentions(_ name: String, _ item: Node) -> Bool {
    if let relation = item.rangeVar?.pointee {
      return relation.schemaname.map { $0.pointee == 0 } ?? true && relation.relname.map { String(cString: $0) } == name
    }
    if let join = item.joinExpr?.pointee {
      return [join.larg, join.rarg].contains { $0.map { mentions(name, $0) } ?? false }
    }
    return item.rangeSubselect?.pointee.subquery?.selectStmt.map { mentions(name, $0.pointee) } ?? false
  }
}
