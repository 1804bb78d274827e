import Documents
import Values

/// Tells which comparisons every complete choice of parameters decides.
struct Decidability {
  let bindings: [String: Binding]
  let stackInput: TemplateInput

  /// True when the comparison of two nodes needs no choice of its own.
  func decides(_ a: Node, _ b: Node) -> Bool {
    if Evaluation.isTautology(a, b) { return true }
    var budget = 1000
    let isOpenA = mayStayOpen(a, &budget, depth: 0)
    let isOpenB = mayStayOpen(b, &budget, depth: 0)
    if !isOpenA, !isOpenB { return true }
    // Another value than all literals is decided against each of them.
    if let name = Evaluation.variableName(a), Evaluation.isLiteral(b) { return isChoice(name) }
    if let name = Evaluation.variableName(b), Evaluation.isLiteral(a) { return isChoice(name) }
    return false
  }

  private func isChoice(_ name: String) -> Bool {
    if case .choice? = bindings[name] { return true }
    return false
  }

  private func mayStayOpen(_ node: Node, _ budget: inout Int, depth: Int, ignoringTag: Bool = false) -> Bool {
    budget -= 1
    guard budget > 0, depth < 64 else { return true }
    guard case .call(let call) = Intrinsic.form(of: node, ignoringTag: ignoringTag, inCondition: true) else {
      switch node.kind {
      case .scalar: return StringFold.mayHoldDynamicReference(node.text)
      case .sequence:
        for item in node.items where mayStayOpen(item, &budget, depth: depth + 1) { return true }
      case .mapping:
        for entry in node.entries where mayStayOpen(entry.value, &budget, depth: depth + 1) { return true }
      }
      return false
    }
    switch call.function {
    case .ref: return mayStayOpen(name: call.argument.text)
    case .sub:
      let text = call.argument.kind == .sequence ? call.argument.items.first?.text ?? "" : call.argument.text
      for case .variable(let name, _) in SubstitutionText(text).pieces
      where call.argument.kind == .sequence || mayStayOpen(name: name) { return true }
      return false
    case .join, .select, .split, .findInMap, .base64, .length, .if, .and, .or, .not, .equals:
      return mayStayOpen(call.argument, &budget, depth: depth + 1, ignoringTag: call.isShort)
    case .condition: return false
    default: return true
    }
  }

  private func mayStayOpen(name: String) -> Bool {
    switch bindings[name] {
    case .known?: return false
    case .choice(_, _, let other, _)?: return other != nil
    case .unknown?, .passed?: return true
    case nil: return name.hasPrefix("AWS::") ? Evaluation.pseudoText(name, of: stackInput) == nil : true
    }
  }
}
