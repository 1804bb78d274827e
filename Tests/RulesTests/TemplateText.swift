import Documents

/// Writes templates anew from their nodes: in JSON and in block YAML, with short intrinsics in their long form.
struct TemplateText {
  /// Whether the entries of `Resources` come back to front.
  var reversesResources = false
  /// A resource that has nothing to do with any other.
  var neighbour: String?

  /// The document as JSON, or nil where it holds what JSON has no word for.
  func json(_ root: Node) -> String? {
    value(root, isTop: true).map { $0.json }
  }

  /// The document as YAML in block style, every string quoted.
  func yaml(_ root: Node) -> String? {
    value(root, isTop: true).map { $0.yaml(indent: 0) + "\n" }
  }

  private indirect enum Value {
    case text(String)
    case bare(String)
    case list([Value])
    case map([(String, Value)])

    var json: String {
      switch self {
      case .text(let text): Self.quoted(text)
      case .bare(let text): text
      case .list(let items): "[" + items.map(\.json).joined(separator: ", ") + "]"
      case .map(let entries):
        "{" + entries.map { "\(Self.quoted($0.0)): \($0.1.json)" }.joined(separator: ", ") + "}"
      }
    }

    func yaml(indent: Int) -> String {
      let margin = String(repeating: " ", count: indent)
      switch self {
      case .text, .bare: return json
      case .list(let items):
        if items.isEmpty { return "[]" }
        return items.map { "\n\(margin)- \($0.yaml(indent: indent + 2))" }.joined()
      case .map(let entries):
        if entries.isEmpty { return "{}" }
        return entries.map { "\n\(margin)\(Self.quoted($0.0)): \($0.1.yaml(indent: indent + 2))" }.joined()
      }
    }

    private static func quoted(_ text: String) -> String {
      var result = "\""
      for scalar in text.unicodeScalars {
        switch scalar {
        case "\"": result += "\\\""
        case "\\": result += "\\\\"
        case "\n": result += "\\n"
        case "\t": result += "\\t"
        default: result.unicodeScalars.append(scalar)
        }
      }
      return result + "\""
    }
  }

  private func value(_ node: Node, isTop: Bool = false) -> Value? {
    guard let tag = node.tag, tag.hasPrefix("!"), tag.count > 1 else { return plain(node, isTop: isTop) }
    let name = String(tag.dropFirst())
    if name == "GetAtt", node.kind == .scalar {
      let parts = node.text.split(separator: ".", maxSplits: 1).map { Value.text(String($0)) }
      return .map([("Fn::GetAtt", .list(parts))])
    }
    guard let argument = plain(node) else { return nil }
    return .map([(["Ref", "Condition"].contains(name) ? name : "Fn::" + name, argument)])
  }

  private func plain(_ node: Node, isTop: Bool = false) -> Value? {
    switch node.kind {
    case .scalar:
      if node.isNull { return .bare("null") }
      let text = node.text
      guard node.style == .plain else { return .text(text) }
      if ["true", "false"].contains(text) { return .bare(text) }
      // Written otherwise, a number would be another text.
      if let number = Int(text), String(number) == text { return .bare(text) }
      return .text(text)
    case .sequence:
      let items = node.items.map { value($0) }
      return items.allSatisfy { $0 != nil } ? .list(items.compactMap { $0 }) : nil
    case .mapping:
      var entries: [(String, Value)] = []
      for entry in node.entries {
        guard entry.key.text != "<<", var value = value(entry.value) else { return nil }
        if isTop, entry.key.text == "Resources", case .map(var resources) = value {
          if reversesResources { resources.reverse() }
          if let neighbour {
            resources.insert(
              (
                neighbour,
                .map([
                  ("Type", .text("AWS::SNS::Topic")), ("Properties", .map([("TopicName", .text("話題🔔"))])),
                ])
              ), at: 0)
          }
          value = .map(resources)
        }
        entries.append((entry.key.text, value))
      }
      return .map(entries)
    }
  }
}
