import CPgQuery

extension Evaluator {
  /// One key of ORDER BY.
  struct SortKey {
    let expression: Node?
    let isDescending: Bool
    let putsNullsFirst: Bool

    init(_ node: Node) {
      let sort = node.sortBy?.pointee
      expression = sort?.node
      isDescending = sort?.sortby_dir == PG_QUERY__SORT_BY_DIR__SORTBY_DESC
      switch sort?.sortby_nulls {
      case PG_QUERY__SORT_BY_NULLS__SORTBY_NULLS_FIRST: putsNullsFirst = true
      case PG_QUERY__SORT_BY_NULLS__SORTBY_NULLS_LAST: putsNullsFirst = false
      default: putsNullsFirst = isDescending
      }
    }

    /// The value to sort a row by: a column of the result by its position or name, or else the expression's.
    func value(of row: Datum.Row?, _ otherwise: (Node) -> Datum?) -> Datum? {
      guard let expression else { return nil }
      if expression.pointee.node_case == PG_QUERY__NODE__NODE_A_CONST {
        guard let position = expression.constant.flatMap({ Int($0) }), let row,
          row.values.indices.contains(position - 1)
        else { return nil }
        return row.values[position - 1]
      }
      let parts = expression.columnRef.map { nodes($0.pointee.n_fields, $0.pointee.fields).compactMap(\.string) } ?? []
      if parts.count == 1, let named = row?[parts[0]] { return named }
      return otherwise(expression)
    }
  }

  /// Sorts what has keys, and keeps the order of what has equal ones; nil where the order cannot be told.
  static func sorted<Element>(_ elements: [(keys: [Datum?], element: Element)], by order: [SortKey]) -> [Element]? {
    guard !order.isEmpty, elements.count > 1 else { return elements.map(\.element) }
    guard elements.allSatisfy({ !$0.keys.contains { $0 == nil } }) else { return nil }
    var isTold = true
    let result = elements.enumerated().sorted { a, b in
      for (index, key) in order.enumerated() {
        guard let x = a.element.keys[index], let y = b.element.keys[index] else { continue }
        if x.isNull || y.isNull {
          if x.isNull != y.isNull { return x.isNull == key.putsNullsFirst }
          continue
        }
        guard let isBefore = x.precedes(y), let isBehind = y.precedes(x) else {
          isTold = false
          continue
        }
        if isBefore != isBehind { return isBefore != key.isDescending }
      }
      return a.offset < b.offset
    }
    return isTold ? result.map(\.element.element) : nil
  }
}

extension Datum {
  /// Whether it sorts before another: numbers by size, texts by their bytes as `COLLATE "C"` does.
  func precedes(_ other: Datum) -> Bool? {
    switch (self, other) {
    case (.number(let a), .number(let b)): return a < b
    case (.bool(let a), .bool(let b)): return !a && b
    default:
      guard let a = string, let b = other.string else { return nil }
      return a.utf8.lexicographicallyPrecedes(b.utf8)
    }
  }
}
