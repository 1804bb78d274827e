import Documents
import SourceText
import Values

/// The values that a template tells apart, by parameter, in the order of writing: the literals that conditions compare
/// it with, then the keys of the mappings that it looks up.
struct ComparedLiterals {
  /// A literal in a condition, or a mapping's key.
  struct Literal {
    let text: String
    let origin: Origin
  }

  private(set) var texts: [String: [Literal]] = [:]
  /// The place of the first comparison of each.
  private(set) var origins: [String: Origin] = [:]

  private var seen = Set<[String]>()

  init(_ template: Template) {
    compareConditions(template)
    guard !template.mappings.isEmpty, !template.parameters.isEmpty else { return }
    for resource in template.resources {
      if let properties = resource.properties { compareLookups(properties, template) }
    }
    for output in template.outputs {
      if let value = output.value { compareLookups(value, template) }
    }
  }

  private mutating func compareConditions(_ template: Template) {
    for condition in template.conditions {
      NodeWalk.calls(in: condition.node, inConditions: true) { call in
        guard call.function == .equals else { return true }
        let operands = call.arguments
        guard operands.count == 2 else { return false }
        for (variable, literal) in [(operands[0], operands[1]), (operands[1], operands[0])] {
          guard let name = Evaluation.variableName(variable) else { continue }
          let place = Origin(literal.span, path: condition.origin.path, kind: .condition)
          if let variable = Evaluation.variableName(literal), let text = condition.loopVariables[variable] {
            add(text, to: name, at: place)
          } else if Evaluation.isLiteral(literal) {
            add(LoopExpansion.text(literal.text, under: condition.loopVariables), to: name, at: place)
          } else {
            continue
          }
          if origins[name] == nil {
            origins[name] = Origin(variable.span, path: condition.origin.path, kind: .condition)
          }
        }
        return false
      }
    }
  }

  /// `Fn::FindInMap` with a literal mapping and a parameter as its first key.
  private mutating func compareLookups(_ root: Node, _ template: Template) {
    NodeWalk.calls(in: root, inConditions: false) { call in
      guard call.function == .findInMap else { return true }
      let arguments = call.arguments
      guard arguments.count >= 3, Evaluation.isLiteral(arguments[0]),
        let mapping = template.mapping(arguments[0].text), let name = Evaluation.variableName(arguments[1]),
        template.parameter(name) != nil
      else { return true }
      for entry in mapping.node.entries where !TemplateReader.isGenerator(entry.key.text) {
        add(
          entry.key.text, to: name,
          at: Origin(entry.key.span, path: "\(mapping.origin.path)/\(entry.key.text)", kind: .mapping))
      }
      return true
    }
  }

  private mutating func add(_ text: String, to name: String, at origin: Origin) {
    guard seen.insert([name, text]).inserted else { return }
    texts[name, default: []].append(Literal(text: text, origin: origin))
  }
}
