import Documents
import SourceText
import Values

/// Says what is wrong in the values of a template: calls of the wrong shape, names that nothing declares.
struct TemplateCheck {
  let template: Template
  private(set) var diagnostics: [Diagnostic]
  private var seen = Set<Node>()

  init(_ template: Template, diagnostics: [Diagnostic]) {
    self.template = template
    self.diagnostics = diagnostics
  }

  /// In the order of their places, each place and id once.
  var sortedDiagnostics: [Diagnostic] {
    var known = Set<Diagnostic>()
    return diagnostics.filter { known.insert($0).inserted }.enumerated().sorted { a, b in
      guard let x = a.element.span, let y = b.element.span, x != y else { return a.offset < b.offset }
      return x < y
    }.map(\.element)
  }

  mutating func run() {
    for resource in template.resources {
      for entry in resource.node.entries where entry.key.text != "Type" && entry.key.text != "Condition" {
        if entry.key.text == "DependsOn" {
          checkDependencies(entry.value)
        } else if !entry.value.isNull {
          check(entry.value, inConditions: false, inProperties: entry.key.text == "Properties")
        }
      }
      checkConditionName(resource.condition, at: resource.node["Condition"])
    }
    for output in template.outputs {
      if let value = output.value { check(value, inConditions: false, inProperties: true) }
      if let name = output.exportName { check(name, inConditions: false, inProperties: true) }
      checkConditionName(output.condition, at: output.node["Condition"])
    }
    for condition in template.conditions { check(condition.node, inConditions: true, inProperties: false) }
    for cycle in ConditionOrder(template).cycles {
      guard let first = cycle.first else { continue }
      let way = (cycle + [first]).map { "'\(template.conditions[$0].name)'" }.joined(separator: " → ")
      diagnostics.append(
        Diagnostic(
          "condition-cycle", .error, "Condition '\(template.conditions[first].name)' depends on itself: \(way).",
          cure: "Remove one of the references.", at: template.conditions[first].origin.span))
    }
  }

  // MARK: The walk

  private mutating func check(_ root: Node, inConditions: Bool, inProperties: Bool) {
    var stack: [(node: Node, ignoringTag: Bool)] = [(root, false)]
    while let (node, ignoringTag) = stack.popLast() {
      // An alias is the very node it names: once is enough.
      guard ignoringTag || node.kind == .scalar || seen.insert(node).inserted else { continue }
      switch Intrinsic.form(of: node, ignoringTag: ignoringTag, inCondition: inConditions) {
      case .call(let call):
        check(call)
        stack.append((call.argument, call.isShort))
        continue
      case .unknownFunction(let name, let span): report(unknownFunction: name, span)
      case .mixed(let names, let span):
        diagnostics.append(
          Diagnostic(
            "function-with-neighbours", .warning,
            "The function '\(names.first ?? "")' stands in a mapping with other keys.",
            cure: "Let each function be the only key of its mapping.", at: span))
      case .data: break
      }
      switch node.kind {
      case .scalar:
        if inProperties, !ignoringTag, node.isNull {
          diagnostics.append(
            Diagnostic(
              "null-value", .warning, "The value is null, which CloudFormation refuses.",
              cure: "Write a value, remove the key, or write '!Ref AWS::NoValue'.", at: node.span))
        }
      case .sequence: for item in node.items.reversed() { stack.append((item, false)) }
      case .mapping:
        for entry in node.entries.reversed() where !Intrinsic.isLoop(entry.key.text) {
          stack.append((entry.value, false))
        }
      }
    }
  }

  private mutating func report(unknownFunction name: String, _ span: Span) {
    let isTag = name.hasPrefix("!")
    let known = Intrinsic.Function.allCases.map { isTag ? $0.tag : $0.rawValue }
    let nearest = Suggestion.nearest(to: name, among: known)
    diagnostics.append(
      Diagnostic(
        isTag ? "unknown-tag" : "unknown-function", .warning, "'\(name)' is no function of CloudFormation.",
        cure: nearest.map { "Write '\($0)' if that is meant." } ?? "Use one of CloudFormation's functions.", at: span))
  }

  // MARK: Calls

  private mutating func check(_ call: Intrinsic) {
    switch call.function {
    case .ref:
      guard call.argument.kind == .scalar else {
        return mayCompute(call.argument, ignoringTag: call.isShort) ? () : arity(call, "a name")
      }
      checkName(call.argument.text, at: place(call), isReference: true)
    case .condition:
      if call.argument.kind == .scalar { checkConditionName(call.argument.text, at: call.argument) }
    case .getAtt:
      if let first = call.argument.items.first, mayCompute(first) { return }
      guard let reference = call.attributeReference else {
        return arity(call, "a logical id and an attribute: 'LogicalId.Attribute', or a list of both")
      }
      checkResource(reference.name, at: call.argument.kind == .sequence ? reference.logicalID.span : place(call))
    case .sub: checkSubstitution(call)
    case .join: checkList(call, 2...2, "a delimiter and a list")
    case .select: checkList(call, 2...2, "an index and a list")
    case .split: checkList(call, 2...2, "a delimiter and a string")
    case .equals: checkList(call, 2...2, "two values")
    case .and, .or: checkList(call, 2...10, "two to ten conditions")
    case .not: checkList(call, 1...1, "a list of one condition")
    case .cidr: checkList(call, 2...3, "a block, a count and the bits of a subnet")
    case .if:
      checkList(call, 3...3, "a condition's name and two values")
      if let name = call.arguments.first, name.kind == .scalar, call.arguments.count == 3 {
        checkConditionName(name.text, at: name)
      }
    case .findInMap:
      checkList(call, 3...4, "a mapping and two keys")
      if let name = call.arguments.first, (3...4).contains(call.arguments.count), Evaluation.isLiteral(name) {
        checkLookup(call, name)
      }
    case .transform:
      if call.argument["Name"]?.kind != .scalar { arity(call, "the Name of a macro") }
    case .base64, .importValue, .getAZs, .length, .toJsonString, .contains, .eachMemberEquals, .eachMemberIn, .refAll,
      .valueOf, .valueOfAll:
      break
    }
  }

  /// The place of the name in a call with one argument: the argument, or the tagged scalar without its tag.
  private func place(_ call: Intrinsic) -> Span { call.isShort ? call.argument.contentSpan : call.argument.span }

  private mutating func arity(_ call: Intrinsic, _ needs: String) {
    diagnostics.append(
      Diagnostic(
        "malformed-function", .warning, "'\(name(call))' needs \(needs).",
        cure: "Write its arguments as CloudFormation's reference shows them.", at: call.node.span))
  }

  private func name(_ call: Intrinsic) -> String { call.isShort ? call.function.tag : call.function.rawValue }

  private mutating func checkList(_ call: Intrinsic, _ count: ClosedRange<Int>, _ needs: String) {
    guard call.argument.kind == .sequence, count.contains(call.argument.items.count) else {
      // A loop or macro may make the list.
      return arity(call, needs)
    }
  }

  private mutating func checkSubstitution(_ call: Intrinsic) {
    var text = call.argument
    var own: Node?
    if call.argument.kind == .sequence {
      guard call.argument.items.count == 2, call.argument.items[0].kind == .scalar,
        call.argument.items[1].kind == .mapping
      else { return arity(call, "a text, or a list of a text and a mapping") }
      text = call.argument.items[0]
      own = call.argument.items[1]
    } else if call.argument.kind != .scalar {
      return arity(call, "a text, or a list of a text and a mapping")
    }
    let pieces = SubstitutionText(text.text).pieces
    guard pieces.contains(where: { if case .variable = $0 { true } else { false } }) else { return }
    let mapped = text.mappedText
    for case .variable(let name, let range) in pieces where own?.entry(name) == nil {
      let span = mapped.span(range)
      if let dot = name.firstIndex(of: "."), dot != name.startIndex {
        checkResource(String(name[..<dot]), at: span)
      } else {
        checkName(name, at: span, isReference: false)
      }
    }
  }

  private mutating func checkLookup(_ call: Intrinsic, _ name: Node) {
    guard let mapping = template.mapping(name.text) else {
      guard call.arguments.count == 3, !template.mayDeclareMore else { return }
      return undeclared(
        "undeclared-mapping", "mapping", name.text, among: template.mappings.map(\.name), at: name.span)
    }
    let first = call.arguments[1]
    guard call.arguments.count == 3, Evaluation.isLiteral(first), mapping.node.kind == .mapping,
      mapping.node.entry("Fn::Transform") == nil
    else { return }
    guard let row = mapping.node[first.text] else {
      return undeclared(
        "undeclared-key", "key of mapping '\(name.text)'", first.text, among: mapping.node.entries.map(\.key.text),
        at: first.span)
    }
    let second = call.arguments[2]
    guard Evaluation.isLiteral(second), row.kind == .mapping, row.entry(second.text) == nil,
      row.entry("Fn::Transform") == nil
    else { return }
    undeclared(
      "undeclared-key", "key of mapping '\(name.text)' under '\(first.text)'", second.text,
      among: row.entries.map(\.key.text), at: second.span)
  }

  // MARK: Names

  /// True where AWS::LanguageExtensions lets a function stand in the place of a name.
  private func mayCompute(_ node: Node, ignoringTag: Bool = false) -> Bool {
    guard template.transforms.contains(where: { $0.name == "AWS::LanguageExtensions" }),
      case .call = Intrinsic.form(of: node, ignoringTag: ignoringTag)
    else { return false }
    return true
  }

  /// True where a loop or macro may declare the name, or the name holds a loop's variable.
  private func mayBeMade(_ name: String) -> Bool {
    template.mayDeclareMore || template.loopVariableNames.contains(name)
      || !template.loopVariableNames.isEmpty && (name.contains("${") || name.contains("&{"))
  }

  private mutating func checkName(_ name: String, at span: Span, isReference: Bool) {
    if name.hasPrefix("AWS::") {
      guard !PseudoParameter.names.contains(name) else { return }
      return undeclared("undeclared-name", "pseudo parameter", name, among: PseudoParameter.names, at: span)
    }
    guard template.parameter(name) == nil, template.resource(name) == nil, !mayBeMade(name) else { return }
    let names = template.parameters.map(\.name) + template.resources.map(\.logicalID) + PseudoParameter.names
    undeclared("undeclared-name", "parameter or resource", name, among: names, at: span)
  }

  private mutating func checkResource(_ name: String, at span: Span) {
    guard template.resource(name) == nil, !mayBeMade(name) else { return }
    if template.parameter(name) != nil {
      diagnostics.append(
        Diagnostic(
          "attribute-of-parameter", .warning, "'\(name)' is a parameter, and only resources have attributes.",
          cure: "Refer to a resource.", at: span))
      return
    }
    undeclared("undeclared-resource", "resource", name, among: template.resources.map(\.logicalID), at: span)
  }

  private mutating func checkConditionName(_ name: String?, at node: Node?) {
    guard let name, let node, template.condition(name) == nil, !mayBeMade(name) else { return }
    undeclared("undeclared-condition", "condition", name, among: template.conditions.map(\.name), at: node.span)
  }

  private mutating func checkDependencies(_ node: Node) {
    for item in node.kind == .sequence ? Array(node.items) : [node] where item.kind == .scalar && item.tag == nil {
      checkResource(item.text, at: item.span)
    }
  }

  private mutating func undeclared(
    _ id: String, _ noun: String, _ name: String, among names: [String], at span: Span
  ) {
    let nearest = Suggestion.nearest(to: name, among: names)
    diagnostics.append(
      Diagnostic(
        id, .warning, "The template declares no \(noun) '\(name)'.",
        cure: nearest.map { "Write '\($0)' if that is meant." } ?? "Declare it, or mend the name.", at: span))
  }
}
