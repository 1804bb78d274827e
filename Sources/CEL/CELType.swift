/// A type of the Common Expression Language as the checker sees it.
public indirect enum CELType: Hashable, Sendable {
  /// Any type: checked when the expression is evaluated.
  case dyn
  case null
  case bool
  case int
  case uint
  case double
  case string
  case bytes
  case timestamp
  case duration
  /// The type of types, as in `type(x) == string`.
  case type
  case list(CELType)
  /// A map from the first type to the second.
  case map(CELType, CELType)
  case optional(CELType)
  /// A type of the embedding program, by name; its members are declared by a ``TypeProvider``.
  case object(String)
  /// A type parameter of a function's overload: the same name stands for the same type throughout the overload.
  case parameter(String)
  /// The type of what could not be typed, and of the elements of `[]`: it fits everywhere.
  case error
}

extension CELType: CustomStringConvertible {
  /// The type as CEL's documentation spells it: `list(string)`, `map(string, int)`, `optional_type(int)`.
  public var description: String {
    switch self {
    case .dyn, .error: "dyn"
    case .list(let element): "list(\(element))"
    case .map(let key, let value): "map(\(key), \(value))"
    case .optional(let wrapped): "optional_type(\(wrapped))"
    case .object(let name), .parameter(let name): name
    default: runtimeName
    }
  }

  /// The name of the type as a value, without its parameters: two types are equal in `type(x) == type(y)` when
  /// their names are.
  public var runtimeName: String {
    switch self {
    case .dyn, .error: "dyn"
    case .null: "null_type"
    case .bool: "bool"
    case .int: "int"
    case .uint: "uint"
    case .double: "double"
    case .string: "string"
    case .bytes: "bytes"
    case .timestamp: "google.protobuf.Timestamp"
    case .duration: "google.protobuf.Duration"
    case .type: "type"
    case .list: "list"
    case .map: "map"
    case .optional: "optional_type"
    case .object(let name), .parameter(let name): name
    }
  }

  /// The types that can be named in an expression.
  static let denotations: [String: CELType] = [
    "null_type": .null, "bool": .bool, "int": .int, "uint": .uint, "double": .double, "string": .string,
    "bytes": .bytes, "google.protobuf.Timestamp": .timestamp, "google.protobuf.Duration": .duration, "type": .type,
    "list": .list(.dyn), "map": .map(.dyn, .dyn), "optional_type": .optional(.dyn),
  ]
}

// MARK: How types fit together

extension CELType {
  /// Whether a value of this type may stand where `wanted` is asked for; `dyn` fits and takes anything.
  public func fits(_ wanted: CELType) -> Bool {
    var bindings: [String: CELType] = [:]
    return fits(wanted, &bindings)
  }

  /// As ``fits(_:)``, binding the type parameters of `wanted`.
  func fits(_ wanted: CELType, _ bindings: inout [String: CELType]) -> Bool {
    switch (self, wanted) {
    case (_, .parameter(let name)):
      guard let bound = bindings[name] else {
        bindings[name] = self
        return true
      }
      var none: [String: CELType] = [:]
      guard fits(bound, &none) || bound.fits(self, &none) else { return false }
      bindings[name] = bound.completed(by: self)
      return true
    case (.dyn, _), (.error, _), (_, .dyn), (_, .error): return true
    case (.list(let a), .list(let b)), (.optional(let a), .optional(let b)): return a.fits(b, &bindings)
    case (.map(let a, let b), .map(let c, let d)): return a.fits(c, &bindings) && b.fits(d, &bindings)
    case (.null, .object), (.null, .timestamp), (.null, .duration): return true
    default: return self == wanted
    }
  }

  /// This type, with what is not known in it (the elements of `[]`) taken from another.
  private func completed(by other: CELType) -> CELType {
    switch (self, other) {
    case (.error, _), (.null, .object), (.null, .timestamp), (.null, .duration): other
    case (.list(let a), .list(let b)): .list(a.completed(by: b))
    case (.optional(let a), .optional(let b)): .optional(a.completed(by: b))
    case (.map(let a, let b), .map(let c, let d)): .map(a.completed(by: c), b.completed(by: d))
    default: self
    }
  }

  /// The narrowest type that both fit: `dyn` where they have nothing in common.
  func joined(with other: CELType) -> CELType {
    if self == other { return self }
    switch (self, other) {
    case (.error, _): return other
    case (_, .error): return self
    case (.list(let a), .list(let b)): return .list(a.joined(with: b))
    case (.optional(let a), .optional(let b)): return .optional(a.joined(with: b))
    case (.map(let a, let b), .map(let c, let d)): return .map(a.joined(with: c), b.joined(with: d))
    case (.null, .object), (.null, .timestamp), (.null, .duration): return other
    case (.object, .null), (.timestamp, .null), (.duration, .null): return self
    default: return .dyn
    }
  }

  /// This type with its parameters replaced by what they are bound to.
  func substituting(_ bindings: [String: CELType]) -> CELType {
    switch self {
    case .parameter(let name): bindings[name] ?? .dyn
    case .list(let element): .list(element.substituting(bindings))
    case .optional(let wrapped): .optional(wrapped.substituting(bindings))
    case .map(let key, let value): .map(key.substituting(bindings), value.substituting(bindings))
    default: self
    }
  }

  /// This type with `dyn` for what could not be typed: what is shown to the outside.
  var settled: CELType {
    switch self {
    case .error: .dyn
    case .list(let element): .list(element.settled)
    case .optional(let wrapped): .optional(wrapped.settled)
    case .map(let key, let value): .map(key.settled, value.settled)
    default: self
    }
  }

  /// Whether `dyn` occurs in this type, so that values have to be looked at when the expression is evaluated.
  var isGradual: Bool {
    switch self {
    case .dyn, .error, .parameter: true
    case .list(let element), .optional(let element): element.isGradual
    case .map(let key, let value): key.isGradual || value.isGradual
    default: false
    }
  }

  /// Whether the type is `dyn` or could not be told.
  var isOpen: Bool { self == .dyn || self == .error }

  /// Whether values of this type may be keys of a map.
  var isKey: Bool {
    switch self {
    case .bool, .int, .uint, .string, .dyn, .error, .parameter: true
    default: false
    }
  }
}
