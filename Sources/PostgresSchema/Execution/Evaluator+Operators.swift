import CPgQuery
import SourceText

extension Evaluator {
  func operation(_ expression: PgQuery__AExpr, _ scope: [Source]) -> Datum? {
    let name = nodes(expression.n_name, expression.name).last?.string ?? ""
    switch expression.kind {
    case PG_QUERY__A__EXPR__KIND__AEXPR_OP: return binary(name, expression, scope)
    case PG_QUERY__A__EXPR__KIND__AEXPR_IN:
      guard let tested = value(expression.lexpr, scope), let list = expression.rexpr else { return nil }
      return isAmong(tested, list.listItems.map { value($0, scope) }).map { .bool($0 == (name == "=")) }
    case PG_QUERY__A__EXPR__KIND__AEXPR_OP_ANY, PG_QUERY__A__EXPR__KIND__AEXPR_OP_ALL:
      guard let tested = value(expression.lexpr, scope), case .list(let elements)? = value(expression.rexpr, scope)
      else { return nil }
      let isAny = expression.kind == PG_QUERY__A__EXPR__KIND__AEXPR_OP_ANY
      if name == "=", isAny { return isAmong(tested, elements).map { .bool($0) } }
      if name == "<>", !isAny { return isAmong(tested, elements).map { .bool(!$0) } }
      return nil
    case PG_QUERY__A__EXPR__KIND__AEXPR_LIKE, PG_QUERY__A__EXPR__KIND__AEXPR_ILIKE:
      guard let tested = value(expression.lexpr, scope)?.string, let pattern = value(expression.rexpr, scope)?.string
      else { return nil }
      let ignoresCase = expression.kind == PG_QUERY__A__EXPR__KIND__AEXPR_ILIKE
      let matches = Evaluator.like(
        Array((ignoresCase ? tested.lowercased() : tested).unicodeScalars),
        Array((ignoresCase ? pattern.lowercased() : pattern).unicodeScalars))
      return .bool(matches != name.hasPrefix("!"))
    case PG_QUERY__A__EXPR__KIND__AEXPR_DISTINCT, PG_QUERY__A__EXPR__KIND__AEXPR_NOT_DISTINCT:
      guard let a = value(expression.lexpr, scope), let b = value(expression.rexpr, scope) else { return nil }
      let isDistinct = a.isNull || b.isNull ? a.isNull != b.isNull : a.equals(b).map { !$0 }
      return isDistinct.map { .bool($0 == (expression.kind == PG_QUERY__A__EXPR__KIND__AEXPR_DISTINCT)) }
    case PG_QUERY__A__EXPR__KIND__AEXPR_NULLIF:
      guard let a = value(expression.lexpr, scope), let b = value(expression.rexpr, scope) else { return nil }
      if a.isNull || b.isNull { return a }
      return a.equals(b).map { $0 ? .null : a }
    default: return nil
    }
  }

  private func binary(_ name: String, _ expression: PgQuery__AExpr, _ scope: [Source]) -> Datum? {
    guard let right = value(expression.rexpr, scope) else { return nil }
    guard expression.lexpr != nil else {
      guard name == "-", case .number(let number) = right, number > Int.min else { return nil }
      return .number(-number)
    }
    guard let left = value(expression.lexpr, scope) else { return nil }
    switch name {
    case "=": return left.isNull || right.isNull ? .null : left.equals(right).map { .bool($0) }
    case "<>": return left.isNull || right.isNull ? .null : left.equals(right).map { .bool(!$0) }
    case "||": return joined(left, right)
    case "<", ">", "<=", ">=", "+", "-", "*": return arithmetic(name, left, right)
    case "~", "~*", "!~", "!~*":
      guard let text = left.string, let pattern = right.string else { return nil }
      return PostgresPattern(pattern, ignoresCase: name.hasSuffix("*"))?.matches(text, within: budget)
        .map { .bool($0 != name.hasPrefix("!")) }
    default: return nil
    }
  }

  private func joined(_ left: Datum, _ right: Datum) -> Datum? {
    if left.isNull || right.isNull { return .null }
    switch (left, right) {
    case (.list(let a), .list(let b)): return .list(a + b)
    case (.list(let a), _): return .list(a + [right])
    case (_, .list(let b)): return .list([left] + b)
    default: return join([left, right])
    }
  }

  private func arithmetic(_ name: String, _ left: Datum, _ right: Datum) -> Datum? {
    guard case .number(let a) = left, case .number(let b) = right else { return nil }
    switch name {
    case "<": return .bool(a < b)
    case ">": return .bool(a > b)
    case "<=": return .bool(a <= b)
    case ">=": return .bool(a >= b)
    case "+": return a.addingReportingOverflow(b).overflow ? nil : .number(a + b)
    case "-": return a.subtractingReportingOverflow(b).overflow ? nil : .number(a - b)
    default: return a.multipliedReportingOverflow(by: b).overflow ? nil : .number(a * b)
    }
  }

  /// The values' texts behind one another; NULL and unknown are the caller's to sort out.
  func join(_ values: [Datum]) -> Datum? {
    var result = MappedText(file: text.file)
    let whole = text.span(0..<text.bytes.count).range
    for value in values {
      guard let piece = value.mapped(in: text.file, for: whole) else { return nil }
      result.append(piece, 0..<piece.bytes.count)
      guard result.bytes.count <= EvaluationBudget.textLimit else { return nil }
    }
    return .text(result)
  }

  // MARK: Patterns

  /// LIKE, with a backslash as the escape.
  static func like(_ text: [Unicode.Scalar], _ pattern: [Unicode.Scalar]) -> Bool {
    var (position, at) = (0, 0)
    var star: (pattern: Int, text: Int)?
    while position < text.count {
      if at < pattern.count, pattern[at] == "%" {
        star = (at, position)
        at += 1
        continue
      }
      if at < pattern.count {
        let isEscaped = pattern[at] == "\\" && at + 1 < pattern.count
        let wanted = isEscaped ? pattern[at + 1] : pattern[at]
        if (!isEscaped && wanted == "_") || wanted == text[position] {
          at += isEscaped ? 2 : 1
          position += 1
          continue
        }
      }
      guard let last = star else { return false }
      star = (last.pattern, last.text + 1)
      at = last.pattern + 1
      position = last.text + 1
    }
    while at < pattern.count, pattern[at] == "%" { at += 1 }
    return at == pattern.count
  }
}
