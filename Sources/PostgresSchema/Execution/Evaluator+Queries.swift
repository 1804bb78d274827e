import CPgQuery
import SourceText

extension Evaluator {
  /// Whether a query has a row: one that surely is there decides.
  func exists(_ select: PgQuery__SelectStmt, outer: [Source]) -> Bool? {
    guard select.op == PG_QUERY__SET_OPERATION__SETOP_NONE, select.n_group_clause == 0, select.with_clause == nil,
      select.having_clause == nil, let sources = sources(of: select, outer)
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
    guard depth < 40, select.limit_offset == nil,
      select.limit_option != PG_QUERY__LIMIT_OPTION__LIMIT_OPTION_WITH_TIES
    else { return nil }
    if let with = select.with_clause?.pointee {
      guard let inner = knowing(with, outer) else { return nil }
      var bare = select
      bare.with_clause = nil
      return inner.rows(bare, outer: outer)
    }
    var result: [Datum.Row]
    if select.op != PG_QUERY__SET_OPERATION__SETOP_NONE {
      guard let combined = combinedRows(select, outer) else { return nil }
      result = combined
    } else if select.n_values_lists > 0 {
      result = nodes(select.n_values_lists, select.values_lists).map { list in
        let values = list.listItems.map { value($0, outer) }
        return Datum.Row(names: values.indices.map { "column\($0 + 1)" }, values: values)
      }
    } else {
      // `DISTINCT ON (…)` names what is to differ.
      let distinctOn = nodes(select.n_distinct_clause, select.distinct_clause)
      guard distinctOn.allSatisfy({ $0.pointee.node_case == PG_QUERY__NODE__NODE__NOT_SET }),
        let plain = plainRows(select, outer)
      else { return nil }
      result = distinctOn.isEmpty ? plain : distinct(plain)
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
    let isGrouped = select.n_group_clause > 0 || select.having_clause != nil
    if isGrouped || targets.contains(where: { Evaluator.aggregates($0.val) }) {
      return groups(of: kept, select, targets, outer)
    }
    let order = nodes(select.n_sort_clause, select.sort_clause).map(SortKey.init)
    let projected = kept.map { source in
      let rows = project(targets, outer + source, source)
      return (keys: order.map { key in key.value(of: rows.first) { value($0, outer + source) } }, element: rows)
    }
    return inOrder(projected, order, select)?.flatMap { $0 }
  }

  /// What has sort keys in their order. Where that cannot be told, any order does unless only some rows are wanted.
  func inOrder<Element>(
    _ elements: [(keys: [Datum?], element: Element)], _ order: [SortKey], _ select: PgQuery__SelectStmt
  ) -> [Element]? {
    Evaluator.sorted(elements, by: order) ?? (select.limit_count == nil ? elements.map(\.element) : nil)
  }

  /// UNION, INTERSECT and EXCEPT, sorted by columns of the result.
  private func combinedRows(_ select: PgQuery__SelectStmt, _ outer: [Source]) -> [Datum.Row]? {
    guard let left = select.larg?.pointee, let right = select.rarg?.pointee, let first = rows(left, outer: outer),
      var second = rows(right, outer: outer), first.count + second.count <= Evaluator.rowLimit
    else { return nil }
    // The first query names the columns.
    if let names = first.first?.names {
      for index in second.indices where second[index].names.count == names.count { second[index].names = names }
    }
    let isKnown = (first + second).allSatisfy { !$0.values.contains { $0 == nil } }
    var combined: [Datum.Row]
    switch select.op {
    case PG_QUERY__SET_OPERATION__SETOP_UNION:
      combined = first + second
      if select.all == 0 { combined = distinct(combined) }
    case PG_QUERY__SET_OPERATION__SETOP_INTERSECT, PG_QUERY__SET_OPERATION__SETOP_EXCEPT:
      guard select.all == 0, isKnown else { return nil }
      let others = Set(second.map(Evaluator.identity))
      let isWanted = select.op == PG_QUERY__SET_OPERATION__SETOP_INTERSECT
      combined = distinct(first.filter { others.contains(Evaluator.identity($0)) == isWanted })
    default: return nil
    }
    let order = nodes(select.n_sort_clause, select.sort_clause).map(SortKey.init)
    let keyed = combined.map { row in (keys: order.map { key in key.value(of: row) { _ in nil } }, element: row) }
    return inOrder(keyed, order, select)
  }

  /// A row's values as what tells it from others; NULLs are alike.
  static func identity(_ row: Datum.Row) -> [String?] { row.values.map { $0?.string } }

  func distinct(_ rows: [Datum.Row]) -> [Datum.Row] {
    var seen: Set<[String?]> = []
    return rows.filter { seen.insert(Evaluator.identity($0)).inserted }
  }

  /// One row of the target list; several where it holds `unnest(…)`.
  func project(_ targets: [PgQuery__ResTarget], _ scope: [Source], _ own: [Source]) -> [Datum.Row] {
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
    return (0..<count).map { index in
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
}
