import Values

/// A value of the Common Expression Language, or the fact that it is unknown, or an error.
///
/// Unknowns also stand inside lists, maps and optionals. Errors never do: a collection with an error in it is that
/// error.
public enum Value: Sendable {
  case null
  case bool(Bool)
  case int(Int64)
  case uint(UInt64)
  case double(Double)
  case string(String)
  case bytes([UInt8])
  case list(ListValue)
  case map(MapValue)
  case timestamp(TimestampValue)
  case duration(DurationValue)
  case type(CELType)
  /// An optional value: `optional.none()` when nil.
  indirect case optional(Value?)
  /// An object of the embedding program.
  case object(ObjectValue)
  /// A value that cannot be told, and why.
  case unknown(Unknown)
  indirect case error(CELError)
}

extension Value {
  /// True, false or unknown as a value.
  public init(_ truth: Truth) {
    switch truth {
    case .yes: self = .bool(true)
    case .no: self = .bool(false)
    case .unknown(let unknown): self = .unknown(unknown)
    }
  }

  /// A list of which everything is known.
  public static func list(_ values: [Value]) -> Value { .list(ListValue(values)) }

  /// A truth value as such; nil for anything but a bool or an unknown.
  public var truth: Truth? {
    switch self {
    case .bool(let value): Truth(value)
    case .unknown(let unknown): .unknown(unknown)
    default: nil
    }
  }

  /// Why the value is unknown; nil when it is known or an error.
  public var unknown: Unknown? {
    if case .unknown(let unknown) = self { unknown } else { nil }
  }

  /// The value's type, as `type(x)` tells it: lists and maps without the types of their elements.
  public var runtimeType: CELType {
    switch self {
    case .null: .null
    case .bool: .bool
    case .int: .int
    case .uint: .uint
    case .double: .double
    case .string: .string
    case .bytes: .bytes
    case .list: .list(.dyn)
    case .map: .map(.dyn, .dyn)
    case .timestamp: .timestamp
    case .duration: .duration
    case .type: .type
    case .optional: .optional(.dyn)
    case .object(let object): .object(object.typeName)
    case .unknown, .error: .dyn
    }
  }

  /// Everything unknown in the value, also inside collections: nil when all of it is known.
  public var deepUnknown: Unknown? {
    switch self {
    case .unknown(let unknown): unknown
    case .optional(let value?): value.deepUnknown
    case .list(let list): list.deepUnknown
    case .map(let map): map.deepUnknown
    default: nil
    }
  }
}

extension Value: Hashable {
  /// Whether both are the same value of the same type: unlike CEL's `==`, `1` is not `1.0`, and an unknown is equal
  /// to an unknown with the same reasons. Strings are compared by code point, as in CEL.
  public static func == (a: Value, b: Value) -> Bool {
    switch (a, b) {
    case (.null, .null): true
    case (.bool(let x), .bool(let y)): x == y
    case (.int(let x), .int(let y)): x == y
    case (.uint(let x), .uint(let y)): x == y
    case (.double(let x), .double(let y)): x == y || (x.isNaN && y.isNaN)
    case (.string(let x), .string(let y)): x.hasSameScalars(as: y)
    case (.bytes(let x), .bytes(let y)): x == y
    case (.list(let x), .list(let y)): x == y
    case (.map(let x), .map(let y)): x == y
    case (.timestamp(let x), .timestamp(let y)): x == y
    case (.duration(let x), .duration(let y)): x == y
    case (.type(let x), .type(let y)): x.runtimeName == y.runtimeName
    case (.optional(let x), .optional(let y)): x == y
    case (.object(let x), .object(let y)): x == y
    case (.unknown(let x), .unknown(let y)): x == y
    case (.error(let x), .error(let y)): x == y
    default: false
    }
  }

  /// Feeds what equality compares.
  public func hash(into hasher: inout Hasher) {
    switch self {
    case .null: hasher.combine(0)
    case .bool(let value): hasher.combine(value)
    case .int(let value): hasher.combine(value)
    case .uint(let value): hasher.combine(value)
    case .double(let value): hasher.combine(value.isNaN ? .nan : value)
    case .string(let value): for byte in value.utf8 { hasher.combine(byte) }
    case .bytes(let value): hasher.combine(value)
    case .list(let value): hasher.combine(value.elements.count)
    case .map(let value): hasher.combine(value.entries.count)
    case .timestamp(let value): hasher.combine(value)
    case .duration(let value): hasher.combine(value)
    case .type(let value): hasher.combine(value.runtimeName)
    case .optional(let value): hasher.combine(value)
    case .object(let value): hasher.combine(value)
    case .unknown(let value): hasher.combine(value)
    case .error(let value): hasher.combine(value)
    }
  }
}

extension String {
  /// Equality by code point: Swift's own takes `é` and `e` with an accent for the same.
  func hasSameScalars(as other: String) -> Bool {
    utf8.count == other.utf8.count && utf8.elementsEqual(other.utf8)
  }
}
