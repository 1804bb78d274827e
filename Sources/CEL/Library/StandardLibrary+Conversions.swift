extension StandardLibrary {
  static let conversions: [FunctionDeclaration] = [
    conversion("int", [.int, .uint, .double, .string, .timestamp, .duration], .int, integer),
    conversion("uint", [.uint, .int, .double, .string], .uint, unsigned),
    conversion("double", [.double, .int, .uint, .string], .double, double),
    conversion("bool", [.bool, .string], .bool, bool),
    conversion("bytes", [.bytes, .string], .bytes) { value in
      switch value {
      case .bytes: value
      case .string(let text): .bytes(Array(text.utf8))
      default: nil
      }
    },
    conversion(
      "string", [.string, .bool, .int, .uint, .double, .bytes, .timestamp, .duration], .string, string),
    conversion("timestamp", [.timestamp, .string, .int], .timestamp) { value in
      switch value {
      case .timestamp: value
      case .string(let text): TimestampValue(text).map { .timestamp($0) } ?? notRange(value, "a timestamp")
      case .int(let seconds): TimestampValue(seconds: seconds).map { .timestamp($0) } ?? notRange(value, "a timestamp")
      default: nil
      }
    },
    conversion("duration", [.duration, .string, .int], .duration) { value in
      switch value {
      case .duration: value
      case .string(let text): DurationValue(text).map { .duration($0) } ?? notRange(value, "a duration")
      case .int(let seconds): DurationValue(seconds: seconds).map { .duration($0) } ?? notRange(value, "a duration")
      default: nil
      }
    },
  ]

  private static func conversion(
    _ name: String, _ types: [CELType], _ result: CELType, _ convert: @escaping @Sendable (Value) -> Value?
  ) -> FunctionDeclaration {
    function(
      name, types.map { Overload([$0], returning: result) },
      "The value as a \(result); an error where it does not have one."
    ) { convert($0[0]) }
  }

  private static func notRange(_ value: Value, _ type: String) -> Value {
    .error(CELError(.outOfRange, "'\(value.text)' is not \(type), or is out of its range."))
  }

  private static let integer: @Sendable (Value) -> Value? = { value in
    switch value {
    case .int: return value
    case .uint(let number): return Int64(exactly: number).map { .int($0) } ?? notRange(value, "an int")
    case .double(let number):
      // The bounds themselves are refused, as the specification's tests ask: they may stand for more.
      guard number > -0x1p63, number < 0x1p63 else { return notRange(value, "an int") }
      return .int(Int64(number))
    case .string(let text): return plainInteger(text).map { .int($0) } ?? notRange(value, "an int")
    case .timestamp(let moment): return .int(moment.seconds)
    case .duration(let duration): return .int(duration.nanoseconds / 1_000_000_000)
    default: return nil
    }
  }

  private static let unsigned: @Sendable (Value) -> Value? = { value in
    switch value {
    case .uint: return value
    case .int(let number): return UInt64(exactly: number).map { .uint($0) } ?? notRange(value, "a uint")
    case .double(let number):
      guard number > -1, number < 0x1p64, !number.isNaN else { return notRange(value, "a uint") }
      return .uint(UInt64(number))
    case .string(let text): return plainInteger(text).map { .uint($0) } ?? notRange(value, "a uint")
    default: return nil
    }
  }

  private static func plainInteger<T: FixedWidthInteger>(_ text: String) -> T? { T(text, radix: 10) }

  private static let double: @Sendable (Value) -> Value? = { value in
    switch value {
    case .double: return value
    case .int(let number): return .double(Double(number))
    case .uint(let number): return .double(Double(number))
    case .string(let text): return Double(text).map { .double($0) } ?? notRange(value, "a double")
    default: return nil
    }
  }

  private static let bool: @Sendable (Value) -> Value? = { value in
    switch value {
    case .bool: value
    case .string("1"), .string("t"), .string("true"), .string("TRUE"), .string("True"): .bool(true)
    case .string("0"), .string("f"), .string("false"), .string("FALSE"), .string("False"): .bool(false)
    case .string: notRange(value, "a bool")
    default: nil
    }
  }

  private static let string: @Sendable (Value) -> Value? = { value in
    switch value {
    case .string: return value
    case .bytes(let bytes):
      return String(validating: bytes, as: UTF8.self).map { .string($0) } ?? invalid("The bytes are not UTF-8.")
    case .bool, .int, .uint, .double, .timestamp, .duration: return .string(value.text)
    default: return nil
    }
  }

  // MARK: Accessors of timestamps and durations

  static let time: [FunctionDeclaration] = TimestampValue.Component.allCases.map { component in
    let name = "get" + component.rawValue.prefix(1).uppercased() + component.rawValue.dropFirst()
    var overloads = [
      Overload(on: .timestamp, [], returning: .int), Overload(on: .timestamp, [.string], returning: .int),
    ]
    switch component {
    case .hours, .minutes, .seconds, .milliseconds: overloads.append(Overload(on: .duration, [], returning: .int))
    default: break
    }
    return function(
      name, overloads,
      "A part of a timestamp, in UTC or at the offset given as '+09:00'; or a duration in whole units."
    ) { arguments in
      switch (arguments[0], arguments.count > 1 ? arguments[1] : .string("UTC")) {
      case (.timestamp(let moment), .string(let zone)):
        guard let offset = TimestampValue.offset(ofZone: zone) else {
          return invalid("The time zone '\(zone)' is not supported: write an offset such as '+09:00'.")
        }
        return .int(moment.component(component, offset: offset))
      case (.duration(let duration), _):
        switch component {
        case .hours: return .int(duration.nanoseconds / 3_600_000_000_000)
        case .minutes: return .int(duration.nanoseconds / 60_000_000_000)
        case .seconds: return .int(duration.nanoseconds / 1_000_000_000)
        // The milliseconds within the second, as the specification's tests ask, not the whole in milliseconds.
        default: return .int(duration.nanoseconds % 1_000_000_000 / 1_000_000)
        }
      default: return nil
      }
    }
  }
}
