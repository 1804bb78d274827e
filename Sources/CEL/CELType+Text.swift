extension CELType {
  /// Reads a type as ``description`` writes it, such as `map(string, list(int))`; a name that is none of the
  /// language's own is a host type's. Nil where the text is not a type.
  public init?(_ text: String) {
    var rest = Substring(text)
    guard let type = CELType.read(&rest, depth: 0), rest.allSatisfy({ $0 == " " }) else { return nil }
    self = type
  }

  private static func read(_ rest: inout Substring, depth: Int) -> CELType? {
    guard depth < 32 else { return nil }
    rest = rest.drop { $0 == " " }
    let name = rest.prefix { !"(), ".contains($0) }
    guard !name.isEmpty else { return nil }
    rest = rest.dropFirst(name.count)
    var parameters: [CELType] = []
    if rest.first == "(" {
      repeat {
        rest.removeFirst()
        guard let parameter = read(&rest, depth: depth + 1) else { return nil }
        parameters.append(parameter)
        rest = rest.drop { $0 == " " }
      } while rest.first == ","
      guard rest.popFirst() == ")" else { return nil }
    }
    switch (name, parameters.count) {
    case ("list", 1): return .list(parameters[0])
    case ("map", 2): return .map(parameters[0], parameters[1])
    case ("optional_type", 1): return .optional(parameters[0])
    case ("dyn", 0): return .dyn
    case ("timestamp", 0): return .timestamp
    case ("duration", 0): return .duration
    case ("list", _), ("map", _), ("optional_type", _): return nil
    default:
      guard parameters.isEmpty else { return nil }
      return denotations[String(name)] ?? .object(String(name))
    }
  }
}
