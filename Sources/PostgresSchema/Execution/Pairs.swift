import CPgQuery

/// Which rows of two sides may belong together by an equality that their condition has: joins over identifiers need
/// not look at every pair. The condition itself is still to be asked of each pair.
struct Pairs {
  /// For each row of the left side the rows of the right; nil where all may.
  private var candidates: [[Int]]?
  private let all: Range<Int>
  /// How many pairs there are to look at.
  private(set) var count: Int

  init(
    _ left: [[Evaluator.Source]], _ right: [[Evaluator.Source]], on condition: Node?, _ evaluator: Evaluator,
    _ outer: [Evaluator.Source]
  ) {
    all = 0..<right.count
    count = left.count * right.count
    guard count > 64, let first = left.first, let other = right.first, let condition,
      let (a, b) = Self.equality(in: condition, first, other)
    else { return }
    var positions: [String: [Int]] = [:]
    for (index, row) in right.enumerated() {
      guard let value = evaluator.value(b, outer + row) else { return }
      if let key = value.string { positions[key, default: []].append(index) } else if !value.isNull { return }
    }
    var found: [[Int]] = []
    for row in left {
      guard let value = evaluator.value(a, outer + row) else { return }
      if value.string == nil, !value.isNull { return }
      found.append(value.string.flatMap { positions[$0] } ?? [])
    }
    candidates = found
    count = found.reduce(0) { $0 + $1.count }
  }

  func candidates(of row: Int) -> [Int] { candidates.map { $0[row] } ?? Array(all) }

  /// A column of the left side and one of the right that a condition wants to be equal.
  private static func equality(
    in condition: Node, _ left: [Evaluator.Source], _ right: [Evaluator.Source]
  ) -> (left: Node, right: Node)? {
    if let expression = condition.boolExpr?.pointee, expression.boolop == PG_QUERY__BOOL_EXPR_TYPE__AND_EXPR {
      return nodes(expression.n_args, expression.args).lazy.compactMap { equality(in: $0, left, right) }.first
    }
    guard let expression = condition.aExpr?.pointee, expression.kind == PG_QUERY__A__EXPR__KIND__AEXPR_OP,
      nodes(expression.n_name, expression.name).last?.string == "=", let a = expression.lexpr, let b = expression.rexpr
    else { return nil }
    if isColumn(a, of: left, not: right), isColumn(b, of: right, not: left) { return (a, b) }
    if isColumn(b, of: left, not: right), isColumn(a, of: right, not: left) { return (b, a) }
    return nil
  }

  private static func isColumn(_ node: Node, of own: [Evaluator.Source], not other: [Evaluator.Source]) -> Bool {
    guard let reference = node.columnRef?.pointee else { return false }
    let parts = nodes(reference.n_fields, reference.fields).compactMap(\.string)
    func holds(_ sources: [Evaluator.Source]) -> Bool {
      sources.contains { source in
        parts.count == 2 && source.alias != parts[0] ? false : source.row[parts[parts.count - 1]] != nil
      }
    }
    return (1...2).contains(parts.count) && holds(own) && !holds(other)
  }
}
