import SourceText

extension SQLExpression {
  /// The least and the greatest whole number that a check leaves to a name: `x BETWEEN 1 AND 3653`, `x > 0`, parts
  /// joined by AND. Nil on a side that it leaves open.
  package func bounds(for name: String) -> (minimum: Int64?, maximum: Int64?) {
    guard let term = TermReader.expression(source.bytes) else { return (nil, nil) }
    var minimum: Int64?
    var maximum: Int64?
    func raise(_ value: Int64?) { if let value { minimum = max(minimum ?? value, value) } }
    func lower(_ value: Int64?) { if let value { maximum = min(maximum ?? value, value) } }
    func visit(_ term: Term) {
      switch term.form {
      case .and(let terms): for term in terms { visit(term) }
      case .between(let subject, let low, let high) where Self.isName(subject, name):
        raise(Self.number(low))
        lower(Self.number(high))
      case .operation(let sign, let left?, let right):
        let isLeft = Self.isName(left, name)
        guard isLeft || Self.isName(right, name), let value = Self.number(isLeft ? right : left) else { return }
        switch (sign, isLeft) {
        case (">=", true), ("<=", false): raise(value)
        case (">", true), ("<", false): raise(value.addingReportingOverflow(1).partialValue)
        case ("<=", true), (">=", false): lower(value)
        case ("<", true), (">", false): lower(value.subtractingReportingOverflow(1).partialValue)
        case ("=", _):
          raise(value)
          lower(value)
        default: return
        }
      case .oneOf(let subject, let items) where Self.isName(subject, name):
        let values = items.compactMap { Self.number($0) }
        guard values.count == items.count else { return }
        raise(values.min())
        lower(values.max())
      case .quantified("=", let subject, let array, isAll: false) where Self.isName(subject, name):
        guard case .array(let items) = array.form else { return }
        let values = items.compactMap { Self.number($0) }
        guard values.count == items.count else { return }
        raise(values.min())
        lower(values.max())
      default: return
      }
    }
    visit(term)
    return (minimum, maximum)
  }

  private static func isName(_ term: Term, _ name: String) -> Bool {
    switch term.form {
    case .column(let parts): parts.last == name
    case .cast(let inner, _): isName(inner, name)
    default: false
    }
  }

  private static func number(_ term: Term) -> Int64? {
    switch term.form {
    case .number(let text), .string(let text): Int64(text)
    case .cast(let inner, _): number(inner)
    case .operation("-", nil, let inner): number(inner).map { -$0 }
    default: nil
    }
  }
}
