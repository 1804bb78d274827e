import Documents

/// A node's meaning as text, the same for the long and the short form of a function, quoted or not: two conditions
/// with the same text are one condition.
struct CanonicalText {
  private(set) var text = ""
  private var budget = 2000

  init(_ node: Node) {
    append(node, ignoringTag: false, depth: 0)
    // Too long to compare (or a bomb of aliases): then only the very same node is the same.
    if budget < 0 { text = "@\(node.span.file.rawValue):\(node.span.lower)-\(node.span.upper)" }
  }

  private mutating func append(_ node: Node, ignoringTag: Bool, depth: Int) {
    budget -= 1
    guard budget >= 0, depth < 64 else {
      budget = -1
      return
    }
    switch Intrinsic.form(of: node, ignoringTag: ignoringTag, inCondition: true) {
    case .call(let call):
      text += call.function.tag + " "
      if call.function == .getAtt, let reference = call.attributeReference, let attribute = reference.attribute {
        text += reference.name + "." + attribute
      } else {
        append(call.argument, ignoringTag: call.isShort, depth: depth + 1)
      }
    case .unknownFunction, .mixed, .data:
      switch node.kind {
      case .scalar:
        budget -= node.text.utf8.count / 16
        let isName = depth > 0 && text.hasSuffix("!Ref ") || text.hasSuffix("!Condition ")
        text += isName ? node.text : "'" + node.text + "'"
      case .sequence:
        text += "["
        for (index, item) in node.items.enumerated() {
          if index > 0 { text += ", " }
          append(item, ignoringTag: false, depth: depth + 1)
          guard budget >= 0 else { return }
        }
        text += "]"
      case .mapping:
        text += "{"
        for (index, entry) in node.entries.enumerated() {
          if index > 0 { text += ", " }
          text += entry.key.text + ": "
          append(entry.value, ignoringTag: false, depth: depth + 1)
          guard budget >= 0 else { return }
        }
        text += "}"
      }
    }
  }
}
