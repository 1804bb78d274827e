/// The functions that every environment has: the specification's, and the extensions under the names that cel-go
/// gives them.
enum StandardLibrary {
  static let functions: [String: FunctionDeclaration] = {
    let all = core + conversions + time + strings + lists + sets + math + optionals
    return Dictionary(all.map { ($0.name, $0) }) { first, _ in first }
  }()

  typealias Overload = FunctionDeclaration.Overload

  /// A function that only looks at its arguments.
  static func function(
    _ name: String, _ overloads: [Overload], strictness: FunctionDeclaration.Strictness = .deep,
    _ documentation: String, _ implementation: @escaping @Sendable ([Value]) -> Value?
  ) -> FunctionDeclaration {
    FunctionDeclaration(name, overloads, strictness: strictness, documentation: documentation) { arguments, _ in
      implementation(arguments) ?? .error(.noOverload(name, arguments))
    }
  }

  static let element = CELType.parameter("A")
  static let list = CELType.list(element)

  static func invalid(_ message: String) -> Value { .error(CELError(.invalidArgument, message)) }

  // MARK: The specification's functions

  private static let core: [FunctionDeclaration] = [
    function(
      "size",
      [.string, .bytes, list, .map(element, .parameter("B"))].flatMap { type in
        [Overload([type], returning: .int), Overload(on: type, [], returning: .int)]
      }, strictness: .shallow,
      "How many code points a string, bytes a byte string, elements a list or entries a map has."
    ) { arguments in
      switch arguments[0] {
      case .string(let value): .int(Int64(value.unicodeScalars.count))
      case .bytes(let value): .int(Int64(value.count))
      case .list(let value): value.openness.map { .unknown($0) } ?? .int(Int64(value.elements.count))
      case .map(let value): value.openness.map { .unknown($0) } ?? .int(Int64(value.entries.count))
      default: nil
      }
    },
    predicate("startsWith", "Whether a string begins with another.") { $0.utf8.starts(with: $1.utf8) },
    predicate("endsWith", "Whether a string ends with another.") {
      $0.utf8.reversed().starts(with: $1.utf8.reversed())
    },
    predicate("contains", "Whether a string has another within it.") {
      Array($0.utf8).firstRange(of: Array($1.utf8), from: 0) != nil
    },
    function(
      "matches",
      [Overload(on: .string, [.string], returning: .bool), Overload([.string, .string], returning: .bool)],
      "Whether some part of a string matches a regular expression in RE2's syntax."
    ) { arguments in
      guard case (.string(let string), .string(let pattern)) = (arguments[0], arguments[1]) else { return nil }
      switch RegularExpression.compile(pattern) {
      case .success(let regex): return .bool(regex.matches(string))
      case .failure(let mistake): return invalid("The pattern '\(pattern)' does not compile: \(mistake.message)")
      }
    },
    function("type", [Overload([element], returning: .type)], strictness: .shallow, "The type of a value.") {
      .type($0[0].runtimeType)
    },
    function(
      "dyn", [Overload([element], returning: .dyn)], strictness: .shallow,
      "The value itself, for the checker to let pass as any type."
    ) { $0[0] },
  ]

  private static func predicate(
    _ name: String, _ documentation: String, _ test: @escaping @Sendable (String, String) -> Bool
  ) -> FunctionDeclaration {
    function(name, [Overload(on: .string, [.string], returning: .bool)], documentation) { arguments in
      guard case (.string(let a), .string(let b)) = (arguments[0], arguments[1]) else { return nil }
      return .bool(test(a, b))
    }
  }
}

extension Array where Element: Equatable {
  /// The first place from an index on where another array stands.
  func firstRange(of other: [Element], from start: Int) -> Range<Int>? {
    guard let head = other.first else { return start <= count ? start..<start : nil }
    var at = start
    while at + other.count <= count {
      if self[at] == head, self[at..<at + other.count].elementsEqual(other) { return at..<at + other.count }
      at += 1
    }
    return nil
  }
}
