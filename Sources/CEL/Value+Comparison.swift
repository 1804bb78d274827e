import Values

extension Value {
  /// CEL's `==`: values of different types are different, except that numbers are compared across their types.
  /// Neither side may be an error.
  public func equals(_ other: Value) -> Truth {
    switch (self, other) {
    case (.unknown(let a), .unknown(let b)): return .unknown(a.union(b))
    case (.unknown(let a), _), (_, .unknown(let a)): return .unknown(a)
    case (.list(let a), .list(let b)): return a.equals(b)
    case (.map(let a), .map(let b)): return a.equals(b)
    case (.optional(let a?), .optional(let b?)): return a.equals(b)
    case (.double(let a), .double(let b)): return Truth(a == b)
    default:
      if let order = Value.numericOrder(self, other) { return Truth(order == 0) }
      return Truth(self == other)
    }
  }

  /// Less than, equal to or greater than zero as the first number is to the second; nil for what are not two
  /// numbers, and for NaN. Integers are compared with doubles as doubles, as the specification's tests ask.
  static func numericOrder(_ a: Value, _ b: Value) -> Int? {
    switch (a, b) {
    case (.int(let x), .int(let y)): return order(x, y)
    case (.uint(let x), .uint(let y)): return order(x, y)
    case (.double(let x), .double(let y)): return x.isNaN || y.isNaN ? nil : order(x, y)
    case (.int(let x), .uint(let y)): return x < 0 ? -1 : order(UInt64(x), y)
    case (.uint(let x), .int(let y)): return y < 0 ? 1 : order(x, UInt64(y))
    case (.int(let x), .double(let y)): return y.isNaN ? nil : order(Double(x), y)
    case (.double(let x), .int(let y)): return x.isNaN ? nil : order(x, Double(y))
    case (.uint(let x), .double(let y)): return y.isNaN ? nil : order(Double(x), y)
    case (.double(let x), .uint(let y)): return x.isNaN ? nil : order(x, Double(y))
    default: return nil
    }
  }

  private var isNumber: Bool {
    switch self {
    case .int, .uint, .double: true
    default: false
    }
  }

  private static func order<T: Comparable>(_ a: T, _ b: T) -> Int { a < b ? -1 : a == b ? 0 : 1 }

  /// The order of two values of one ordered type, or of two numbers; nil when there is none.
  static func order(_ a: Value, _ b: Value) -> Int? {
    switch (a, b) {
    case (.bool(let x), .bool(let y)): x == y ? 0 : y ? -1 : 1
    case (.string(let x), .string(let y)):
      x.utf8.elementsEqual(y.utf8) ? 0 : x.utf8.lexicographicallyPrecedes(y.utf8) ? -1 : 1
    case (.bytes(let x), .bytes(let y)): x == y ? 0 : x.lexicographicallyPrecedes(y) ? -1 : 1
    case (.timestamp(let x), .timestamp(let y)): order(x, y)
    case (.duration(let x), .duration(let y)): order(x, y)
    default: numericOrder(a, b)
    }
  }

  func compared(_ operation: SyntaxTree.Operator, to other: Value) -> Value {
    if let absorbed = Value.absorbing(self, other) { return absorbed }
    guard let order = Value.order(self, other) else {
      // NaN has no place in the order of numbers: every comparison with it is false.
      return isNumber && other.isNumber ? .bool(false) : .error(.noOverload(operation.rawValue, [self, other]))
    }
    switch operation {
    case .less: return .bool(order < 0)
    case .lessOrEqual: return .bool(order <= 0)
    case .greater: return .bool(order > 0)
    default: return .bool(order >= 0)
    }
  }
}

extension ListValue {
  fileprivate func equals(_ other: ListValue) -> Truth {
    guard let doubt = openness.united(with: other.openness) else {
      guard elements.count == other.elements.count else { return .no }
      return zip(elements, other.elements).reduce(.yes) { $0 && $1.0.value.equals($1.1.value) }
    }
    let isTooLong = residual == nil && other.certainCount > elements.count
    let isTooShort = other.residual == nil && certainCount > other.elements.count
    return isTooLong || isTooShort ? .no : .unknown(doubt)
  }
}

extension MapValue {
  fileprivate func equals(_ other: MapValue) -> Truth {
    if openness == nil, other.openness == nil, entries.count != other.entries.count { return .no }
    return covers(other) && other.covers(self)
  }

  /// Whether every entry of this map is in the other with an equal value.
  private func covers(_ other: MapValue) -> Truth {
    var truth = residual.map { Truth.unknown($0) } ?? .yes
    for entry in entries {
      var isCovered: Truth
      if let found = other.entry(entry.key) {
        isCovered = entry.value.equals(found.value)
        // An entry that may not be there on one side only cannot make the maps equal, nor surely unequal alone.
        if let doubt = entry.membership.united(with: found.membership) { isCovered = .unknown(doubt) }
      } else if let doubt = entry.membership.united(with: other.residual) {
        isCovered = .unknown(doubt)
      } else {
        isCovered = .no
      }
      truth = truth && isCovered
      if truth == .no { break }
    }
    return truth
  }
}
