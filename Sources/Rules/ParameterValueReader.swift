import CEL
import Documents

/// Reads values of rule parameters: from a rule file's `default`, and from text given on the command line, in an
/// example or in the configuration.
struct ParameterValueReader {
  /// The value of a node, or nil when it does not have the type.
  func value(of node: Node, as type: CELType) -> Value? {
    switch type {
    case .list(let element):
      guard node.kind == .sequence else { return nil }
      let values = node.items.map { value(of: $0, as: element) }
      guard values.allSatisfy({ $0 != nil }) else { return nil }
      return .list(ListValue(values.compactMap { $0 }))
    case .map(_, let element):
      guard node.kind == .mapping else { return nil }
      var entries: [(String, Value)] = []
      for entry in node.entries {
        guard let value = value(of: entry.value, as: element) else { return nil }
        entries.append((entry.key.text, value))
      }
      return .map(MapValue(entries))
    default:
      guard node.kind == .scalar else { return nil }
      return value(ofText: node.text, as: type)
    }
  }

  /// The value of a text; lists are written with commas.
  func value(ofText text: String, as type: CELType) -> Value? {
    switch type {
    case .string: .string(text)
    case .int: Int64(text).map { .int($0) }
    case .double: Double(text).map { .double($0) }
    case .bool: text == "true" ? .bool(true) : text == "false" ? .bool(false) : nil
    case .list(.string):
      .list(ListValue(text.split(separator: ",").map { .string($0.trimmingSpaces) }))
    default: nil
    }
  }

  /// How a value breaks the bounds that a parameter declares, or nil when it keeps them.
  func outOfBounds(_ value: Value, _ parameter: Node) -> String? {
    if let allowed = parameter["allowed"], case .string(let text) = value,
      !allowed.items.contains(where: { $0.text == text })
    {
      return "none of the allowed \(allowed.items.map { "'\($0.text)'" }.joined(separator: ", "))"
    }
    guard case .int(let number) = value else { return nil }
    if let minimum = parameter["min"].flatMap({ Int64($0.text) }), number < minimum { return "below \(minimum)" }
    if let maximum = parameter["max"].flatMap({ Int64($0.text) }), number > maximum { return "above \(maximum)" }
    return nil
  }
}

extension Substring {
  fileprivate var trimmingSpaces: String {
    var text = self
    while text.first == " " { text.removeFirst() }
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
