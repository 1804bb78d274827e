extension StandardLibrary {
  /// cel-go's optional values.
  static let optionals: [FunctionDeclaration] = [
    function(
      "optional.of", [Overload([element], returning: .optional(element))], strictness: .shallow,
      "A value that may be there, and is."
    ) { .optional($0[0]) },
    function(
      "optional.none", [Overload([], returning: .optional(.error))], strictness: .shallow,
      "A value that may be there, and is not."
    ) { _ in .optional(nil) },
    function(
      "optional.ofNonZeroValue", [Overload([element], returning: .optional(element))], strictness: .shallow,
      "A value that is there unless it is empty, zero, false or null."
    ) { arguments in
      switch arguments[0].isZero {
      case .yes: .optional(nil)
      case .no: .optional(arguments[0])
      case .unknown(let unknown): .unknown(unknown)
      }
    },
    optional("hasValue", [], .bool, "Whether the value is there.") { wrapped, _ in .bool(wrapped != nil) },
    optional("value", [], element, "The value; an error when there is none.") { wrapped, _ in
      wrapped ?? invalid("There is no value: 'optional.none()' was asked for one.")
    },
    FunctionDeclaration(
      "orValue", [Overload(on: .optional(element), [element], returning: element)], strictness: .none,
      documentation: "The value, or another when there is none."
    ) { arguments, _ in
      guard case .optional(let wrapped) = arguments[0] else {
        return arguments[0].absorbed ?? .error(.noOverload("orValue", arguments))
      }
      return wrapped ?? arguments[1]
    },
    FunctionDeclaration(
      "or", [Overload(on: .optional(element), [.optional(element)], returning: .optional(element))], strictness: .none,
      documentation: "This optional when it has a value, or another."
    ) { arguments, _ in
      guard case .optional(let wrapped) = arguments[0] else {
        return arguments[0].absorbed ?? .error(.noOverload("or", arguments))
      }
      return wrapped == nil ? arguments[1] : arguments[0]
    },
  ]

  private static func optional(
    _ name: String, _ parameters: [CELType], _ result: CELType, _ documentation: String,
    _ body: @escaping @Sendable (Value?, [Value]) -> Value
  ) -> FunctionDeclaration {
    function(
      name, [Overload(on: .optional(element), parameters, returning: result)], strictness: .shallow, documentation
    ) { arguments in
      guard case .optional(let wrapped) = arguments[0] else { return nil }
      return body(wrapped, arguments)
    }
  }
}
