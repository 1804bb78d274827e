import CloudFormation
import Findings
import SourceText
import Values

/// Turns resolved values into what reports can print: references by their names, reasons as clauses.
struct ContentReader {
  let deployment: Deployment

  /// Values nested deeper are told by a reason; a template of AWS is far from it.
  static let depthLimit = 64

  func value(_ value: ResolvedValue, depth: Int = 0) -> InspectedValue {
    let isHidden = value.hops.contains { hidesValue($0.origin) }
    return InspectedValue(
      content(value.content, isHidden: isHidden, depth: depth),
      location: value.origin.map { Location($0.span, path: $0.path, kind: $0.kind.rawValue) },
      hops: value.hops.map(hop))
  }

  func hop(_ hop: Hop) -> InspectedValue.Hop {
    InspectedValue.Hop(
      hop.text, at: Location(hop.origin.span, path: hop.origin.path, kind: hop.origin.kind.rawValue),
      isAssumption: hop.isAssumption)
  }

  static func reasons(_ unknown: Unknown?) -> [UnknownReason] {
    unknown.map { $0.reasons.map { UnknownReason($0.text, at: $0.span, cure: $0.cure) } } ?? []
  }

  private func content(_ content: Content, isHidden: Bool, depth: Int) -> InspectedValue.Content {
    guard depth < ContentReader.depthLimit else {
      return .unknown([UnknownReason("the value nests too deep to be shown")])
    }
    switch content {
    case .absent: return .absent
    case .unknown(let unknown): return .unknown(ContentReader.reasons(unknown))
    case .scalar(let text, _): return isHidden ? .expression("(not shown: NoEcho)") : .scalar(text)
    case .reference(let id, let attribute): return .expression(reference(id, attribute))
    case .template(let parts): return isHidden ? .expression("(not shown: NoEcho)") : .expression(text(parts))
    case .dynamicReference(let reference): return .expression(text([.dynamicReference(reference)]))
    case .list(let elements, let residual):
      return .list(
        elements.map {
          InspectedValue.Element(value($0.value, depth: depth + 1), doubts: ContentReader.reasons($0.membership))
        }, more: ContentReader.reasons(residual))
    case .map(let entries, let residual):
      return .map(
        entries.map {
          InspectedValue.Entry(
            $0.key, value($0.value, depth: depth + 1), doubts: ContentReader.reasons($0.membership))
        }, more: ContentReader.reasons(residual))
    }
  }

  /// Such as `!GetAtt Key.Arn`.
  private func reference(_ id: ResourceID, _ attribute: String?) -> String {
    attribute.map { "!GetAtt \(name(id)).\($0)" } ?? "!Ref \(name(id))"
  }

  /// The logical id, with the stack's name where there are several.
  private func name(_ id: ResourceID) -> String {
    let resource = deployment.resource(id)
    let isShared = deployment.stacks.contains {
      $0.id != resource.stack && deployment.resource(resource.logicalID, in: $0.id) != nil
    }
    return isShared ? "\(deployment.stack(resource.stack).name)/\(resource.logicalID)" : resource.logicalID
  }

  private func text(_ parts: [TemplatePart]) -> String {
    parts.map { part in
      switch part {
      case .literal(let text): text
      case .pseudo(let name): PseudoParameter.shown(name)
      case .reference(let id, let attribute): "${\(name(id))\(attribute.map { "." + $0 } ?? "")}"
      case .unknown(let unknown): "${? \(unknown.reasons.first?.text ?? "")}"
      case .dynamicReference(let reference): "{{resolve:\(reference.kind.rawValue):\(text(reference.key))}}"
      }
    }.joined()
  }

  /// True for the place of a parameter whose value must not be shown.
  private func hidesValue(_ origin: Origin) -> Bool {
    guard origin.kind == .parameter else { return false }
    let steps = origin.path.split(separator: "/", maxSplits: 2)
    guard steps.count >= 2 else { return false }
    return deployment.stacks.contains { stack in
      stack.input.file == origin.span.file && stack.template.parameter(String(steps[1]))?.noEcho == true
    }
  }
}
