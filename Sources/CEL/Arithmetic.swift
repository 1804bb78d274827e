import Values

/// The operators `+ - * / %`: integers overflow with an error, doubles follow IEEE 754.
enum Arithmetic {
  /// Strings, bytes and lists that get longer than this make the result unknown: an expression must not be able
  /// to fill the memory.
  static let lengthLimit = 1 << 22

  static let tooLong = Value.unknown(
    Unknown(Reason(.budget, "the expression makes a value that is too large")))

  static func result(_ operation: SyntaxTree.Operator, _ a: Value, _ b: Value) -> Value {
    if let absorbed = Value.absorbing(a, b) { return absorbed }
    switch (a, b) {
    case (.int(let x), .int(let y)): return integer(operation, x, y).map { .int($0) } ?? failure(operation, y == 0)
    case (.uint(let x), .uint(let y)): return integer(operation, x, y).map { .uint($0) } ?? failure(operation, y == 0)
    case (.double(let x), .double(let y)) where operation != .modulo: return .double(double(operation, x, y))
    default: break
    }
    switch operation {
    case .add: return sum(a, b)
    case .subtract: return difference(a, b)
    default: return .error(.noOverload(operation.rawValue, [a, b]))
    }
  }

  private static func integer<T: FixedWidthInteger>(_ operation: SyntaxTree.Operator, _ x: T, _ y: T) -> T? {
    let (value, overflow) =
      switch operation {
      case .add: x.addingReportingOverflow(y)
      case .subtract: x.subtractingReportingOverflow(y)
      case .multiply: x.multipliedReportingOverflow(by: y)
      case .divide: x.dividedReportingOverflow(by: y)
      default: x.remainderReportingOverflow(dividingBy: y)
      }
    return overflow ? nil : value
  }

  private static func failure(_ operation: SyntaxTree.Operator, _ isZero: Bool) -> Value {
    switch operation {
    case .divide where isZero: .error(CELError(.divisionByZero, "This is to divide by zero."))
    case .modulo where isZero: .error(CELError(.divisionByZero, "This is to take a modulus by zero."))
    default: .error(.overflow(operation.rawValue))
    }
  }

  private static func double(_ operation: SyntaxTree.Operator, _ x: Double, _ y: Double) -> Double {
    switch operation {
    case .add: x + y
    case .subtract: x - y
    case .multiply: x * y
    default: x / y
    }
  }

  private static func sum(_ a: Value, _ b: Value) -> Value {
    switch (a, b) {
    case (.string(let x), .string(let y)):
      return x.utf8.count + y.utf8.count > lengthLimit ? tooLong : .string(x + y)
    case (.bytes(let x), .bytes(let y)): return x.count + y.count > lengthLimit ? tooLong : .bytes(x + y)
    case (.list(let x), .list(let y)):
      guard x.elements.count + y.elements.count <= lengthLimit else { return tooLong }
      return .list(
        ListValue(elements: x.elements + y.elements, residual: x.residual.united(with: y.residual)))
    case (.duration(let x), .duration(let y)):
      let (sum, overflow) = x.nanoseconds.addingReportingOverflow(y.nanoseconds)
      return overflow ? outOfRange : .duration(DurationValue(nanoseconds: sum))
    case (.timestamp(let moment), .duration(let duration)), (.duration(let duration), .timestamp(let moment)):
      return moment.advanced(by: duration).map { .timestamp($0) } ?? outOfRange
    default: return .error(.noOverload("+", [a, b]))
    }
  }

  private static func difference(_ a: Value, _ b: Value) -> Value {
    switch (a, b) {
    case (.duration(let x), .duration(let y)):
      let (difference, overflow) = x.nanoseconds.subtractingReportingOverflow(y.nanoseconds)
      return overflow ? outOfRange : .duration(DurationValue(nanoseconds: difference))
    case (.timestamp(let moment), .duration(let duration)):
      guard duration.nanoseconds != .min else { return outOfRange }
      return moment.advanced(by: DurationValue(nanoseconds: -duration.nanoseconds)).map { .timestamp($0) }
        ?? outOfRange
    case (.timestamp(let x), .timestamp(let y)): return x.duration(since: y).map { .duration($0) } ?? outOfRange
    default: return .error(.noOverload("-", [a, b]))
    }
  }

  static let outOfRange = Value.error(
    CELError(.outOfRange, "The result is out of the range of timestamps or durations."))
}

extension Value {
  /// `-value`.
  var negation: Value {
    switch self {
    case .int(let value): value == .min ? .error(.overflow("-")) : .int(-value)
    case .double(let value): .double(-value)
    default: absorbed ?? .error(.noOverload("-", [self]))
    }
  }
}
