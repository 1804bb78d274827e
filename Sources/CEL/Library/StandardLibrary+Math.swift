// To round a double is a call into the C library's mathematics, which is linked only where it is imported.
#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

extension StandardLibrary {
  /// cel-go's `math` extension.
  static let math: [FunctionDeclaration] =
    [
      extreme("greatest", "The greatest of some numbers, or of a list of them.") { $0 > 0 },
      extreme("least", "The least of some numbers, or of a list of them.") { $0 < 0 },
      number("abs", [.int, .uint, .double], "The number without its sign.") { value in
        switch value {
        case .int(let number): number == .min ? .error(.overflow("math.abs")) : .int(abs(number))
        case .double(let number): .double(number.magnitude)
        default: value
        }
      },
      number("sign", [.int, .uint, .double], "-1, 0 or 1 as the number is negative, zero or positive.") { value in
        switch value {
        case .int(let number): .int(number.signum())
        case .uint(let number): .uint(number == 0 ? 0 : 1)
        case .double(let number): .double(number.isNaN ? .nan : number > 0 ? 1 : number < 0 ? -1 : 0)
        default: nil
        }
      },
      number("sqrt", [.double, .int, .uint], returning: .double, "The square root.") { value in
        switch value {
        case .int(let number): .double(Double(number).squareRoot())
        case .uint(let number): .double(Double(number).squareRoot())
        case .double(let number): .double(number.squareRoot())
        default: nil
        }
      },
      bits("bitAnd", "The bits set in both numbers.") { $0 & $1 },
      bits("bitOr", "The bits set in either number.") { $0 | $1 },
      bits("bitXor", "The bits set in one number only.") { $0 ^ $1 },
      number("bitNot", [.int, .uint], "The bits not set.") { value in
        switch value {
        case .int(let number): .int(~number)
        case .uint(let number): .uint(~number)
        default: nil
        }
      },
      shift("bitShiftLeft", "The bits moved up; those that fall off are lost.") { $0 << $1 },
      shift("bitShiftRight", "The bits moved down, zeros moving in.") { $0 >> $1 },
    ] + rounding + tests

  private static let rounding: [FunctionDeclaration] = [
    ("ceil", FloatingPointRoundingRule.up, "The least whole number that is not less."),
    ("floor", .down, "The greatest whole number that is not greater."),
    ("round", .toNearestOrAwayFromZero, "The nearest whole number, ties away from zero."),
    ("trunc", .towardZero, "The number without its decimals."),
  ].map { name, rule, documentation in
    number(name, [.double], documentation) { value in
      guard case .double(let number) = value else { return nil }
      return .double(number.rounded(rule))
    }
  }

  private static let tests: [FunctionDeclaration] = [
    test("isNaN", "Whether a double is not a number.") { $0.isNaN },
    test("isInf", "Whether a double is infinite.") { $0.isInfinite },
    test("isFinite", "Whether a double is neither infinite nor not a number.") { $0.isFinite },
  ]

  private static func test(
    _ name: String, _ documentation: String, _ body: @escaping @Sendable (Double) -> Bool
  ) -> FunctionDeclaration {
    number(name, [.double], returning: .bool, documentation) { value in
      guard case .double(let number) = value else { return nil }
      return .bool(body(number))
    }
  }

  /// A function of one number; without a result type it gives the type it takes.
  private static func number(
    _ name: String, _ types: [CELType], returning result: CELType? = nil, _ documentation: String,
    _ body: @escaping @Sendable (Value) -> Value?
  ) -> FunctionDeclaration {
    function("math.\(name)", types.map { Overload([$0], returning: result ?? $0) }, documentation) { body($0[0]) }
  }

  private static func extreme(
    _ name: String, _ documentation: String, _ isBetter: @escaping @Sendable (Int) -> Bool
  ) -> FunctionDeclaration {
    let numbers: [CELType] = [.int, .uint, .double]
    let overloads =
      numbers.map { Overload([$0], returning: $0, isVariadic: true) }
      + numbers.map { Overload([.list($0)], returning: $0) }
      + [Overload([.list(.dyn)], returning: .dyn), Overload([.dyn], returning: .dyn, isVariadic: true)]
    return function("math.\(name)", overloads, documentation) { arguments in
      var values = arguments
      if arguments.count == 1, case .list(let list) = arguments[0] { values = list.elements.map(\.value) }
      guard var best = values.first else { return invalid("'math.\(name)' of an empty list has no value.") }
      for value in values {
        guard let order = Value.numericOrder(value, best) else { return nil }
        if isBetter(order) { best = value }
      }
      return best
    }
  }

  private static func bits(
    _ name: String, _ documentation: String, _ body: @escaping @Sendable (UInt64, UInt64) -> UInt64
  ) -> FunctionDeclaration {
    function(
      "math.\(name)", [Overload([.int, .int], returning: .int), Overload([.uint, .uint], returning: .uint)],
      documentation
    ) { arguments in
      switch (arguments[0], arguments[1]) {
      case (.int(let a), .int(let b)):
        .int(Int64(bitPattern: body(UInt64(bitPattern: a), UInt64(bitPattern: b))))
      case (.uint(let a), .uint(let b)): .uint(body(a, b))
      default: nil
      }
    }
  }

  private static func shift(
    _ name: String, _ documentation: String, _ body: @escaping @Sendable (UInt64, Int64) -> UInt64
  ) -> FunctionDeclaration {
    function(
      "math.\(name)", [Overload([.int, .int], returning: .int), Overload([.uint, .int], returning: .uint)],
      documentation
    ) { arguments in
      guard case .int(let count) = arguments[1] else { return nil }
      guard count >= 0 else { return invalid("'math.\(name)' cannot move bits by '\(count)'.") }
      return switch arguments[0] {
      case .int(let number): .int(Int64(bitPattern: body(UInt64(bitPattern: number), min(count, 64))))
      case .uint(let number): .uint(body(number, min(count, 64)))
      default: nil
      }
    }
  }
}
