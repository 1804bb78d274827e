import Documents
import SourceText
import Values

/// Values that stand elsewhere: in a mapping, or in another stack's exports.
extension Evaluation {
  // MARK: Fn::FindInMap

  mutating func mapping(_ call: Intrinsic, _ path: String) -> ResolvedValue {
    let arguments = call.arguments
    guard call.argument.kind == .sequence, (3...4).contains(arguments.count) else {
      return unknown(.malformed, "'Fn::FindInMap' needs a mapping and two keys", call.node, path)
    }
    var names: [String] = []
    var hops: [Hop] = []
    var open: Unknown?
    for node in arguments.prefix(3) {
      let value = value(node, path)
      hops = Evaluation.united(hops, value.hops)
      if let text = value.text {
        names.append(text)
      } else {
        let unknown =
          value.content.unknown
          ?? Unknown(Reason(.deployment, "a key of 'Fn::FindInMap' is known only at deployment", at: node.span))
        open = open.map { $0.union(unknown) } ?? unknown
      }
    }
    if let open { return ResolvedValue(.unknown(open), origin: origin(call.node, path), hops: hops) }
    guard let section = template.mapping(names[0]) else {
      return fallback(
        call, path, hops, "the template declares no mapping '\(names[0])'", .undeclared, cure: "declare it")
    }
    guard let found = section.node[names[1]]?[names[2]] else {
      if section.node.entry("Fn::Transform") != nil || section.node[names[1]]?.entry("Fn::Transform") != nil {
        return unknown(.macro, "a macro fills the mapping '\(names[0])'", call.node, path)
      }
      return fallback(
        call, path, hops, "mapping '\(names[0])' has nothing for '\(names[1])', '\(names[2])'", .malformed,
        cure: "add it to the mapping, without which the stack cannot be deployed")
    }
    let place = Origin(found.span, path: "\(section.origin.path)/\(names[1])/\(names[2])", kind: .mapping)
    let shown = found.kind == .scalar ? Excerpt.quoted(found.text) : TemplateReader.noun(found)
    let hop = Hop("Mapping '\(names[0])' has \(shown) for '\(names[1])', '\(names[2])'", at: place)
    let outer = anchor
    anchor = origin(call.node, path)
    defer { anchor = outer }
    var result = value(found, path)
    result.hops = Evaluation.united(Evaluation.united(hops, [hop]), result.hops)
    return result
  }

  /// `DefaultValue`, where the fourth argument gives one.
  private mutating func fallback(
    _ call: Intrinsic, _ path: String, _ hops: [Hop], _ text: String, _ kind: Reason.Kind,
    cure: String
  ) -> ResolvedValue {
    let arguments = call.arguments
    guard arguments.count == 4, let value = arguments[3]["DefaultValue"] else {
      return unknown(kind, text, call.node, path, cure: cure)
    }
    var result = self.value(value, path)
    result.hops = Evaluation.united(hops, result.hops)
    return result
  }

  // MARK: Fn::ImportValue

  mutating func imported(_ call: Intrinsic, _ path: String) -> ResolvedValue {
    let name = value(call.argument, path, ignoringTag: call.isShort)
    let place = origin(call.node, path)
    guard let parts = name.stringParts else {
      return unknown(.malformed, "'Fn::ImportValue' needs a name", call.node, path)
    }
    guard let key = ExportIndex.key(of: parts) else {
      return ResolvedValue(.unknown(nameUnknown(parts, call)), origin: place, hops: name.hops)
    }
    let shown = Evaluation.shown(parts)
    var found: [Int] = []
    var doubts: Unknown?
    for position in deployment.exports.byKey[key] ?? [] where isVisible(position) {
      switch existence(ofExport: position) {
      case .no: continue
      case .yes: found.append(position)
      case .unknown(let unknown):
        found.append(position)
        doubts = doubts.map { $0.union(unknown) } ?? unknown
      }
    }
    if found.isEmpty {
      for (index, position) in deployment.exports.open.enumerated() where isVisible(position) {
        let export = openExports?[index] ?? OpenExport(exportName(position))
        if let other = export.key {
          guard other == key else { continue }
          switch existence(ofExport: position) {
          case .no: continue
          case .yes: found.append(position)
          case .unknown(let unknown):
            found.append(position)
            doubts = doubts.map { $0.union(unknown) } ?? unknown
          }
        } else if let unknown = Evaluation.undecided(export.name) {
          doubts = doubts.map { $0.union(unknown) } ?? unknown
        }
      }
    }
    if let doubts { return ResolvedValue(.unknown(doubts), origin: place, hops: name.hops) }
    guard let only = found.first else {
      let nearest = Suggestion.nearest(to: shown, among: deployment.exports.literalNames)
      let cure = nearest.map { "write '\($0)' if that is meant, or " } ?? ""
      return ResolvedValue(
        .unknown(
          Unknown(
            Reason(
              .import, "import '\(shown)' is in no template given", at: call.node.span,
              cure: cure + "give the template that exports '\(shown)' as well"))),
        origin: place, hops: name.hops)
    }
    guard found.count == 1 else {
      let exporters = found.map { position in
        let export = deployment.exports.exports[position]
        let stack = deployment.stacks[export.stack.index]
        return Hop("Stack '\(stack.name)' exports '\(shown)'", at: stack.template.outputs[export.output].origin)
      }
      let names = found.map { "'\(deployment.stacks[deployment.exports.exports[$0].stack.index].name)'" }
      return ResolvedValue(
        .unknown(
          Unknown(
            Reason(
              .ambiguous, "several stacks export '\(shown)': \(names.joined(separator: ", "))", at: call.node.span))),
        origin: place, hops: Evaluation.united(name.hops, exporters))
    }
    return followed(only, shown, call, place, name.hops)
  }

  /// The value behind an export, as written in the importing stack.
  private mutating func followed(
    _ position: Int, _ shown: String, _ call: Intrinsic, _ place: Origin, _ hops: [Hop]
  ) -> ResolvedValue {
    let export = deployment.exports.exports[position]
    let exporter = deployment.stacks[export.stack.index]
    let output = exporter.template.outputs[export.output]
    guard let node = output.value, !importing.contains(position) else {
      return ResolvedValue(
        .unknown(Unknown(Reason(.malformed, "export '\(shown)' depends on itself", at: call.node.span))),
        origin: place, hops: hops)
    }
    let valuePath = output.origin.path + "/Value"
    let hop = Hop(
      "Imported from export '\(shown)' of stack '\(exporter.name)'",
      at: Origin(node.span, path: valuePath, kind: .output))
    let outer = (stack, anchor, loopVariables)
    (stack, anchor, loopVariables) = (export.stack, place, output.loopVariables)
    importing.append(position)
    var result = value(node, valuePath)
    importing.removeLast()
    (stack, anchor, loopVariables) = outer
    result.hops = Evaluation.united(Evaluation.united(hops, [hop]), result.hops)
    // The parameter is the other stack's: the written value refers to an export.
    result.parameter = nil
    result.content = result.content.leavingStack
    return result
  }

  /// Exports are shared within an account and region.
  private func isVisible(_ position: Int) -> Bool {
    let exporter = deployment.stacks[deployment.exports.exports[position].stack.index].input
    if let a = exporter.account, let b = input.account, a != b { return false }
    if let a = exporter.region, let b = input.region, a != b { return false }
    return true
  }

  private func existence(ofExport position: Int) -> Truth {
    let export = deployment.exports.exports[position]
    let exporter = deployment.stacks[export.stack.index].template
    guard let name = exporter.outputs[export.output].condition else { return .yes }
    guard let condition = exporter.position(ofCondition: name) else {
      return .unknown(Unknown(Reason(.undeclared, "the template declares no condition '\(name)'")))
    }
    return conditions[export.stack.index][condition].truth
  }

  mutating func exportName(_ position: Int) -> [TemplatePart] {
    let export = deployment.exports.exports[position]
    let output = deployment.stacks[export.stack.index].template.outputs[export.output]
    guard let node = output.exportName else { return [] }
    let outer = (stack, loopVariables)
    (stack, loopVariables) = (export.stack, output.loopVariables)
    let parts = value(node, output.origin.path + "/Export/Name").stringParts ?? []
    (stack, loopVariables) = outer
    return parts
  }

  /// The open choices that a string depends on.
  private static func undecided(_ parts: [TemplatePart]) -> Unknown? {
    for case .unknown(let unknown) in parts where unknown.undecidedChoice != nil { return unknown }
    return nil
  }

  private func nameUnknown(_ parts: [TemplatePart], _ call: Intrinsic) -> Unknown {
    var all: Unknown?
    for case .unknown(let unknown) in parts { all = all.map { $0.union(unknown) } ?? unknown }
    return all
      ?? Unknown(
        Reason(
          .import, "the name '\(Evaluation.shown(parts))' of the import is known only at deployment",
          at: call.node.span))
  }

  /// A string with holes for a reader.
  static func shown(_ parts: [TemplatePart]) -> String {
    parts.map { part in
      switch part {
      case .literal(let text): text
      case .pseudo(let name): PseudoParameter.shown(name)
      case .reference, .unknown, .dynamicReference: "…"
      }
    }.joined()
  }
}
