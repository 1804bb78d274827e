import Documents
import SourceText
import Values

/// Conditions, in three values.
extension Evaluation {
  /// A condition that is decided already.
  func condition(named name: String, at node: Node) -> ConditionResult {
    guard let position = template.position(ofCondition: name) else {
      return ConditionResult(
        .unknown(Unknown(Reason(.undeclared, "the template declares no condition '\(name)'", at: node.span))))
    }
    return conditions[stack.index][position]
  }

  /// What the body of a condition comes to.
  mutating func condition(_ node: Node, _ path: String, nesting: Int = 0) -> ConditionResult {
    guard charge(1), nesting < Evaluation.depthLimit else {
      return malformed("the condition nests too deep", node, kind: .budget)
    }
    guard case .call(let call) = Intrinsic.form(of: node, inCondition: true) else {
      return malformed("a condition must call a function", node)
    }
    switch call.function {
    case .condition:
      guard call.argument.kind == .scalar else { return malformed("'Condition' needs a name", node) }
      return condition(named: loopText(call.argument.text), at: node)
    case .not:
      guard let only = call.arguments.first, call.arguments.count == 1 else {
        return malformed("'Fn::Not' needs one condition", node)
      }
      let result = condition(only, path, nesting: nesting + 1)
      return ConditionResult(!result.truth, hops: result.hops)
    case .and, .or:
      let operands = call.arguments
      guard call.argument.kind == .sequence, !operands.isEmpty else {
        return malformed("'\(call.function.rawValue)' needs a list of conditions", node)
      }
      let decisive: Truth = call.function == .and ? .no : .yes
      var truth: Truth = !decisive
      var hops: [Hop] = []
      for operand in operands {
        let result = condition(operand, path, nesting: nesting + 1)
        // One operand decides: only what it assumes is assumed.
        if result.truth == decisive { return result }
        truth = call.function == .and ? truth && result.truth : truth || result.truth
        hops = Evaluation.united(hops, result.hops)
      }
      return ConditionResult(truth, hops: hops)
    case .equals:
      guard call.argument.kind == .sequence, call.arguments.count == 2 else {
        return malformed("'Fn::Equals' needs two values", node)
      }
      return comparison(call.arguments[0], call.arguments[1], node, path)
    case .contains, .eachMemberIn, .eachMemberEquals:
      guard kind == .statement else { return malformed("'\(call.function.rawValue)' may stand only in Rules", node) }
      return membership(call, path)
    default:
      return malformed("'\(call.function.rawValue)' is no condition", node)
    }
  }

  /// The functions of Rules on lists of strings.
  private mutating func membership(_ call: Intrinsic, _ path: String) -> ConditionResult {
    guard call.argument.kind == .sequence, call.arguments.count == 2 else {
      return malformed("'\(call.function.rawValue)' needs two values", call.node)
    }
    let first = value(call.arguments[0], path)
    let second = value(call.arguments[1], path)
    guard let left = Evaluation.texts(first), let right = Evaluation.texts(second) else {
      let open = first.content.unknown ?? second.content.unknown
      return ConditionResult(
        .unknown(open ?? Unknown(Reason(.other, "the lists are not known", at: call.node.span))))
    }
    switch call.function {
    case .contains: return ConditionResult(Truth(right.allSatisfy(left.contains)))
    case .eachMemberIn: return ConditionResult(Truth(left.allSatisfy(right.contains)))
    default: return ConditionResult(Truth(left.allSatisfy { right == [$0] }))
    }
  }

  /// The texts of a closed list, or the one text.
  private static func texts(_ value: ResolvedValue) -> [String]? {
    if let text = value.text { return [text] }
    guard case .list(let elements, nil) = value.content else { return nil }
    var texts: [String] = []
    for element in elements {
      guard element.membership == nil, let text = element.value.text else { return nil }
      texts.append(text)
    }
    return texts
  }

  private func malformed(_ text: String, _ node: Node, kind: Reason.Kind = .malformed) -> ConditionResult {
    ConditionResult(.unknown(Unknown(Reason(kind, text, at: node.span))))
  }

  /// One side of a comparison.
  private enum Operand {
    case text(String, [Hop])
    case undecided(Unknown)
    /// A parameter with another value than any of these.
    case other([String])
    case content(ResolvedValue)
  }

  private mutating func operand(_ node: Node, _ path: String) -> Operand {
    if let name = Evaluation.variableName(node), let binding = deployment.bindings[stack.index][name] {
      switch binding.state(under: scenario) {
      case .known(let text, let hops): return .text(text, hops)
      case .undecided(let unknown): return .undecided(unknown)
      case .other(let texts, _): return .other(texts)
      case .unknown, .passed: break
      }
    }
    let value = value(node, path)
    switch value.content {
    case .scalar(let text, _): return .text(text, value.hops)
    case .unknown(let unknown) where unknown.undecidedChoice != nil: return .undecided(unknown)
    case .template(let parts):
      for case .unknown(let unknown) in parts where unknown.undecidedChoice != nil { return .undecided(unknown) }
      return .content(value)
    default: return .content(value)
    }
  }

  private mutating func comparison(_ a: Node, _ b: Node, _ node: Node, _ path: String) -> ConditionResult {
    if Evaluation.isTautology(a, b) { return ConditionResult(.yes) }
    let left = operand(a, path)
    let right = operand(b, path)
    switch (left, right) {
    case (.text(let a, let x), .text(let b, let y)):
      return ConditionResult(Truth(a == b), hops: Evaluation.united(x, y))
    case (.undecided(let x), .undecided(let y)): return ConditionResult(.unknown(x.union(y)))
    case (.undecided(let unknown), _), (_, .undecided(let unknown)): return ConditionResult(.unknown(unknown))
    case (.other(let texts), .text(let text, let hops)), (.text(let text, let hops), .other(let texts)):
      if texts.contains(text) { return ConditionResult(.no, hops: hops) }
    case (.content(let a), .content(let b)):
      if Evaluation.isSame(a.content, b.content) {
        return ConditionResult(.yes, hops: Evaluation.united(a.hops, b.hops))
      }
    default: break
    }
    if let choice = deployment.atoms[stack.index][Evaluation.atomText(a, b, under: loopVariables)] {
      if let option = scenario[choice] { return ConditionResult(Truth(option == 0)) }
      let subject = deployment.choice(choice).subject
      return ConditionResult(
        .unknown(Unknown(Reason(undecided: choice, "nothing decides \(subject)", at: node.span))))
    }
    for case .content(let value) in [left, right] {
      if let unknown = value.content.unknown { return ConditionResult(.unknown(unknown)) }
    }
    return malformed("nothing decides \(Evaluation.atomText(a, b))", node, kind: .other)
  }

  /// The text by which a comparison is one and the same wherever it is written; its sides may change places. In a loop
  /// each round has comparisons of its own.
  static func atomText(_ a: Node, _ b: Node, under variables: [String: String] = [:]) -> String {
    let sides = [CanonicalText(a).text, CanonicalText(b).text].sorted()
    let round = variables.sorted { $0.key < $1.key }.map { " where \($0.key) is '\($0.value)'" }.joined()
    return "!Equals [" + sides.joined(separator: ", ") + "]" + round
  }

  /// True where both sides of a comparison are written alike.
  static func isTautology(_ a: Node, _ b: Node) -> Bool { CanonicalText(a).text == CanonicalText(b).text }
}
