import Documents
import SourceText
import Values

/// Values that pass between a stack and the stacks nested in it.
extension Evaluation {
  /// What the parent passes for a parameter.
  mutating func value(_ passed: Binding.Passed, of parameter: Parameter, _ blank: ResolvedValue) -> ResolvedValue {
    let parent = deployment.resource(passed.parent)
    let hop = Hop(
      "Parameter '\(parameter.name)' is passed by stack '\(deployment.stack(parent.stack).name)'",
      at: Origin(passed.node.span, path: passed.path, kind: .property))
    var result = inStack(parent.stack, loopVariables: parent.declaration.loopVariables, at: blank.origin) {
      $0.value(passed.node, passed.path)
    }
    result.hops = Evaluation.united([hop], result.hops)
    result.parameter = blank.parameter
    if parameter.isList { result.content = Evaluation.split(result) }
    return result
  }

  /// An output of a nested stack.
  mutating func output(_ name: String, of child: StackID, _ node: Node, _ path: String) -> ResolvedValue {
    let nested = deployment.stack(child)
    guard let output = nested.template.outputs.first(where: { $0.name == name }), let valueNode = output.value else {
      return unknown(.undeclared, "the nested stack '\(nested.name)' has no output '\(name)'", node, path)
    }
    if let condition = output.condition {
      let position = nested.template.position(ofCondition: condition)
      let truth = position.map { conditions[child.index][$0].truth } ?? .no
      switch truth {
      case .yes: break
      case .no:
        return unknown(.malformed, "the nested stack '\(nested.name)' does not have its output '\(name)'", node, path)
      case .unknown(let unknown): return ResolvedValue(.unknown(unknown), origin: origin(node, path))
      }
    }
    let valuePath = output.origin.path + "/Value"
    let hop = Hop(
      "Output '\(name)' of nested stack '\(nested.name)'",
      at: Origin(valueNode.span, path: valuePath, kind: .output))
    var result = inStack(child, loopVariables: output.loopVariables, at: origin(node, path)) {
      $0.value(valueNode, valuePath)
    }
    result.hops = Evaluation.united([hop], result.hops)
    result.parameter = nil
    return result
  }

  /// Evaluates in another stack; what comes of it stands at `place`.
  private mutating func inStack(
    _ other: StackID, loopVariables variables: [String: String], at place: Origin?,
    _ body: (inout Evaluation) -> ResolvedValue
  ) -> ResolvedValue {
    let outer = (stack, anchor, loopVariables)
    (stack, anchor, loopVariables) = (other, place, variables)
    var result = body(&self)
    result.content = result.content.leavingStack
    (stack, anchor, loopVariables) = outer
    return result
  }

  /// A list that is passed as one string, cut at its commas. Ids and names have none in them.
  private static func split(_ value: ResolvedValue) -> Content {
    guard let parts = value.content.stringParts, value.content.unknown == nil else { return value.content }
    var folds = [StringFold()]
    for part in parts {
      switch part {
      case .literal(let text):
        for (index, piece) in ByteSearch.pieces(of: text, at: ",").enumerated() {
          if index > 0 { folds.append(StringFold()) }
          folds[folds.count - 1].append(piece)
        }
      case .reference(_, nil), .pseudo: folds[folds.count - 1].append(contentsOf: [part])
      case .reference(_, let attribute?) where ["Id", "Arn", "Name", "Address"].contains { attribute.hasSuffix($0) }:
        folds[folds.count - 1].append(contentsOf: [part])
      case .unknown(let unknown): return .unknown(unknown)
      case .reference, .dynamicReference:
        return .unknown(Unknown(Reason(.deployment, "the elements of the list are known only at deployment")))
      }
    }
    let elements = folds.map { fold in
      ResolvedElement(ResolvedValue(fold.trimmed.content, origin: value.origin, hops: value.hops))
    }
    return .list(elements, residual: nil)
  }
}
