import Documents
import Findings
import SourceText

/// Holds a configuration to the description of its keys. Every mistake is told, each at its place.
struct ConfigurationCheck {
  private(set) var diagnostics: [Diagnostic] = []

  /// Checks a value; what a message calls it is `name`, such as `'fail-on'`.
  mutating func check(_ node: Node, as value: ConfigurationValue, name: String) {
    switch value {
    case .anything: break
    case .text, .path: _ = scalar(node, name, "a text", "Write a text.")
    case .bool:
      guard let text = scalar(node, name, "true or false", "Write true or false.") else { return }
      if Self.bool(text) == nil {
        complain("'\(text)' is neither true nor false, which \(name) takes.", node, cure: "Write true or false.")
      }
    case .date:
      guard let text = scalar(node, name, "a date", "Write it like 2027-01-31.") else { return }
      if !Today.isDate(text) { complain("'\(text)' is no date.", node, cure: "Write it like 2027-01-31.") }
    case .word(let words):
      let list = "Write one of \(words.joined(separator: ", "))."
      guard let text = scalar(node, name, "a word", list), !words.contains(text) else { return }
      complain(
        "'\(text)' is nothing that \(name) takes.", node,
        cure: Suggestion.nearest(to: text, among: words).map { "Did you mean '\($0)'?" } ?? list)
    case .plain:
      if node.kind == .mapping || node.isNull || node.items.contains(where: { $0.kind != .scalar }) {
        complain("\(name.capitalizedFirst) is no text and no list of texts.", node, cure: "Write a text.")
      }
    case .list(let element): items(node, element, name)
    case .oneOrMore(let element):
      if node.kind == .mapping, case .object = element {
      } else if node.kind == .mapping {
        return complain("\(name.capitalizedFirst) is neither a text nor a list of texts.", node, cure: "Write a list.")
      }
      if node.kind == .sequence { items(node, element, name) } else { check(node, as: element, name: name) }
    case .map(let element, let keys):
      guard node.kind == .mapping else {
        return complain("\(name.capitalizedFirst) is no mapping.", node, cure: "Write \(keys), a colon, its value.")
      }
      for entry in node.entries { check(entry.value, as: element, name: "'\(entry.key.text)'") }
    case .object(let kind, let keys): object(node, kind, keys)
    }
  }

  private mutating func items(_ node: Node, _ element: ConfigurationValue, _ name: String) {
    guard node.kind == .sequence else {
      return complain("\(name.capitalizedFirst) is no list.", node, cure: "Start each element with '- '.")
    }
    for item in node.items { check(item, as: element, name: "an element of \(name)") }
  }

  private mutating func object(_ node: Node, _ kind: String, _ keys: [ConfigurationKey]) {
    guard node.kind == .mapping else {
      return complain(
        "\(kind.capitalizedFirst) is no mapping.", node,
        cure: "Write its keys: \(keys.map(\.name).joined(separator: ", ")).")
    }
    let names = keys.map(\.name)
    for entry in node.entries {
      guard let key = keys.first(where: { $0.name == entry.key.text }) else {
        diagnostics.append(
          Diagnostic(
            "unknown-key", .error, "'\(entry.key.text)' is no key of \(kind).",
            cure: Suggestion.nearest(to: entry.key.text, among: names).map { "Did you mean '\($0)'?" }
              ?? "Use \(names.joined(separator: ", ")).", at: entry.key.span))
        continue
      }
      check(entry.value, as: key.value, name: "'\(key.name)'")
    }
    for key in keys where key.isRequired && node[key.name] == nil {
      diagnostics.append(
        Diagnostic(
          "missing-key", .error, "'\(key.name)' is missing in \(kind).", cure: "Add '\(key.name): …'.",
          at: node.entries.first?.key.span ?? node.span))
    }
  }

  private mutating func scalar(_ node: Node, _ name: String, _ kind: String, _ cure: String) -> String? {
    guard node.kind == .scalar, !node.isNull, !node.text.isEmpty else {
      complain("\(name.capitalizedFirst) is not \(kind).", node, cure: cure)
      return nil
    }
    return node.text
  }

  /// The booleans of YAML 1.2.
  static func bool(_ text: String) -> Bool? {
    switch text {
    case "true", "True", "TRUE": true
    case "false", "False", "FALSE": false
    default: nil
    }
  }

  private mutating func complain(_ message: String, _ node: Node, cure: String) {
    diagnostics.append(Diagnostic("configuration-value", .error, message, cure: cure, at: node.span))
  }
}

extension String {
  fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
