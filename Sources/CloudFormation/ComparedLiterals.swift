import Documents
import SourceText
import Values

/// The literals that conditions compare parameters with, by parameter, in the order of writing.
struct ComparedLiterals {
  /// A literal in a condition.
  struct Literal {
    let text: String
    let span: Span
    /// The condition's path.
    let path: String
  }

  private(set) var texts: [String: [Literal]] = [:]
  /// The place of the first comparison of each.
  private(set) var origins: [String: Origin] = [:]

  init(_ template: Template) {
    var seen = Set<[String]>()
    for condition in template.conditions {
      NodeWalk.calls(in: condition.node, inConditions: true) { call in
        guard call.function == .equals else { return true }
        let operands = call.arguments
        guard operands.count == 2 else { return false }
        for (variable, literal) in [(operands[0], operands[1]), (operands[1], operands[0])] {
          guard let name = Evaluation.variableName(variable), Evaluation.isLiteral(literal) else { continue }
          guard seen.insert([name, literal.text]).inserted else { continue }
          texts[name, default: []].append(
            Literal(text: literal.text, span: literal.span, path: condition.origin.path))
          if origins[name] == nil {
            origins[name] = Origin(variable.span, path: condition.origin.path, kind: .condition)
          }
        }
        return false
      }
    }
  }
}
