import Documents
import SourceText
import Values

/// Links templates: decides what each parameter is known to be, which choices are left, and what is exported.
struct Linker {
  let options: LinkOptions
  private(set) var diagnostics: [Diagnostic] = []
  private var stacks: [Stack] = []
  private var resources: [Resource] = []
  private var choices: [Choice] = []
  private var residual: Unknown?
  private var serverlessResidual: Unknown?
  private var bindings: [[String: Binding]] = []
  private var atoms: [[String: ChoiceID]] = []
  private var conditionOrder: [[Int]] = []
  private var nested: [ResourceID: StackID] = [:]
  /// By input: its stack, where it is a template.
  private var stackOfInput: [StackID?] = []

  init(options: LinkOptions) { self.options = options }

  mutating func add(_ input: TemplateInput) {
    let reading = Template.read(input.document, lists: LoopExpansion.lists(of: input), included: input.included)
    diagnostics += reading.diagnostics
    guard let template = reading.template else {
      stackOfInput.append(nil)
      diagnostics.append(
        Diagnostic(
          "not-a-template", .error,
          "The document of stack '\(input.stackName)' is no CloudFormation template: \(reading.reason ?? "unread").",
          cure: "Give a template, or leave the file out.",
          at: input.document.root?.span ?? Span(input.file, 0..<0)))
      return
    }
    let id = StackID(Int32(clamping: stacks.count))
    let first = resources.count
    for declaration in template.resources {
      append(declaration, of: template, stack: id, input: input)
    }
    leaveOpen(template)
    stacks.append(Stack(id: id, input: input, template: template, resources: first..<resources.count))
    stackOfInput.append(id)
    let parent = parent(of: input)
    if let parent { nested[parent] = id }
    bind(template, input: input, parent: parent, stack: id)
    findAtoms(template, stack: id)
    let order = ConditionOrder(template)
    conditionOrder.append(order.order)
  }

  private mutating func append(
    _ declaration: Template.Declaration, of template: Template, stack: StackID, input: TemplateInput
  ) {
    let path =
      input.constructPaths[declaration.logicalID]
      ?? declaration.node["Metadata"]?["aws:cdk:path"].flatMap { $0.kind == .scalar ? $0.text : nil }
    resources.append(
      Resource(
        id: ResourceID(Int32(clamping: resources.count)), stack: stack, declaration: declaration, constructPath: path))
    if declaration.type.hasSuffix("::MODULE") {
      leaveOpen(
        Reason(
          .macro, "the module '\(declaration.type)' makes resources of its own", at: declaration.typeSpan))
    }
    // A nested application is a stack of anything, whatever the transform itself makes.
    if declaration.type == NestedApplication.type,
      !NestedApplication(declaration: declaration, template: template).isSecretRotation
    {
      leaveOpen(
        Reason(
          .undeclared, "the template of application '\(declaration.logicalID)' is not read",
          at: declaration.typeSpan, cure: "declare it as an AWS::CloudFormation::Stack, or check its template as well"))
    }
  }

  private mutating func leaveOpen(_ template: Template) {
    for entry in template.generators {
      leaveOpen(Reason(.macro, "'\(entry.key.text)' makes resources of its own", at: entry.key.span))
    }
    for transform in template.transforms where transform.isServerless || !transform.isDocumented {
      let reason = Reason(
        .macro, "the transform '\(transform.name)' may make resources of its own", at: transform.span,
        cure: "give the template as the transform leaves it")
      if transform.isServerless {
        serverlessResidual = serverlessResidual.map { $0.union(Unknown(reason)) } ?? Unknown(reason)
      } else {
        leaveOpen(reason)
      }
    }
  }

  private mutating func leaveOpen(_ reason: Reason) {
    residual = residual.map { $0.union(Unknown(reason)) } ?? Unknown(reason)
  }

  // MARK: Parameters

  /// The resource that deploys a nested stack's template.
  private func parent(of input: TemplateInput) -> ResourceID? {
    guard let parent = input.parent, stackOfInput.indices.contains(parent.input),
      let stack = stackOfInput[parent.input],
      let position = stacks[stack.index].template.position(ofResource: parent.logicalID)
    else { return nil }
    return resources[stacks[stack.index].resources.lowerBound + position].id
  }

  private mutating func bind(_ template: Template, input: TemplateInput, parent: ResourceID?, stack: StackID) {
    var known: [String: Binding] = [:]
    let compared = ComparedLiterals(template)
    for parameter in template.parameters {
      if let parent, input.parameters[parameter.name] == nil {
        known[parameter.name] = binding(of: parameter, passedBy: parent)
        continue
      }
      known[parameter.name] = binding(of: parameter, input: input, compared: compared, stack: stack)
    }
    for name in PseudoParameter.names where Evaluation.pseudoText(name, of: input) == nil {
      guard let texts = compared.texts[name], let origin = compared.origins[name] else { continue }
      let options = texts.map { text in
        (text: text.text, hop: Hop("'\(name)' is '\(text.text)'", at: origin))
      }
      known[name] = addChoice(
        subject: name, origin: origin, options: options,
        other: Unknown(Reason(.deployment, "'\(name)' is known only at deployment", at: origin.span)), stack: stack)
    }
    bindings.append(known)
  }

  private mutating func binding(
    of parameter: Parameter, input: TemplateInput, compared: ComparedLiterals, stack: StackID
  ) -> Binding {
    let name = parameter.name
    let shown = { (text: String) in parameter.noEcho ? "'…' (not shown)" : Excerpt.quoted(text) }
    var unvalued = Unknown(
      Reason(
        .parameter, "parameter '\(name)' has no value", at: parameter.origin.span,
        cure: "give it with --parameter \(name)=…"))
    if parameter.isStoreName {
      let key = input.parameters[name] ?? parameter.defaultValue?.text
      let under = key.map { " under \(Excerpt.quoted($0))" } ?? ""
      unvalued = Unknown(
        Reason(
          .parameter, "parameter '\(name)' is read from the Parameter Store\(under) at deployment",
          at: parameter.origin.span))
    } else if let given = input.parameters[name] {
      let allowed = parameter.allowedValues.map(\.text)
      if !allowed.isEmpty, !parameter.isList, !allowed.contains(given) {
        let nearest = parameter.noEcho ? nil : Suggestion.nearest(to: given, among: allowed)
        diagnostics.append(
          Diagnostic(
            "value-not-allowed", .warning, "Parameter '\(name)' does not allow the value \(shown(given)).",
            cure: nearest.map { "Give '\($0)' if that is meant." } ?? "Give one of its AllowedValues.",
            at: parameter.origin.span))
      }
      return .known(given, [Hop("Parameter '\(name)' is given as \(shown(given))", at: parameter.origin)])
    } else if let value = parameter.defaultValue,
      options.assumesDefaults || parameter.allowedValues.isEmpty || parameter.isList
    {
      let origin = Origin(value.span, path: parameter.origin.path + "/Default", kind: .parameter)
      let hop = Hop("Parameter '\(name)' has the default \(shown(value.text))", at: origin, isAssumption: true)
      return .known(value.text, [hop])
    } else if !parameter.allowedValues.isEmpty, !parameter.isList {
      var seen = Set<String>()
      var options: [(text: String, hop: Hop)] = []
      for (index, node) in parameter.allowedValues.enumerated() where seen.insert(node.text).inserted {
        let origin = Origin(node.span, path: parameter.origin.path + "/AllowedValues/\(index)", kind: .parameter)
        options.append((node.text, Hop("Parameter '\(name)' is \(shown(node.text))", at: origin)))
      }
      if options.count == 1, let only = options.first {
        return .known(only.text, [Hop("Parameter '\(name)' allows only \(shown(only.text))", at: only.hop.origin)])
      }
      return addChoice(
        subject: name, origin: parameter.origin, options: options, other: nil, stack: stack, isHidden: parameter.noEcho)
    }
    guard let texts = compared.texts[name] else { return .unknown(unvalued) }
    let options = texts.map { text in
      (text: text.text, hop: Hop("Parameter '\(name)' is \(shown(text.text))", at: text.origin))
    }
    return addChoice(
      subject: name, origin: parameter.origin, options: options, other: unvalued, stack: stack,
      isHidden: parameter.noEcho)
  }

  /// A nested stack's parameter is what its parent passes, else its default.
  private func binding(of parameter: Parameter, passedBy parent: ResourceID) -> Binding {
    let resource = resources[parent.index]
    if let node = resource.declaration.properties?["Parameters"]?[parameter.name], !parameter.isStoreName {
      let path = "\(resource.origin.path)/Properties/Parameters/\(parameter.name)"
      return .passed(Binding.Passed(parent: parent, node: node, path: path))
    }
    if let value = parameter.defaultValue, !parameter.isStoreName {
      let shown = parameter.noEcho ? "'…' (not shown)" : Excerpt.quoted(value.text)
      let origin = Origin(value.span, path: parameter.origin.path + "/Default", kind: .parameter)
      return .known(value.text, [Hop("Parameter '\(parameter.name)' has the default \(shown)", at: origin)])
    }
    return .unknown(
      Unknown(
        Reason(
          .parameter, "parameter '\(parameter.name)' is not passed by the parent stack", at: parameter.origin.span,
          cure: "pass it in '\(resource.logicalID)'")))
  }

  private mutating func addChoice(
    subject: String, origin: Origin, options: [(text: String, hop: Hop)], other: Unknown?, stack: StackID,
    isHidden: Bool = false
  ) -> Binding {
    let id = ChoiceID(Int32(clamping: choices.count))
    var labels = options.enumerated().map { index, option in
      Choice.Option(
        label: isHidden ? "value \(index + 1) (not shown: NoEcho)" : Excerpt.quoted(option.text), value: option.text)
    }
    if other != nil { labels.append(Choice.Option(label: "another value", value: nil)) }
    choices.append(Choice(id: id, stack: stack, subject: subject, origin: origin, options: labels))
    let may = labels.prefix(4).map(\.label).joined(separator: ", ") + (labels.count > 4 ? ", …" : "")
    let noun = subject.hasPrefix("AWS::") ? "'\(subject)'" : "parameter '\(subject)'"
    let undecided = Unknown(Reason(undecided: id, "\(noun) may be \(may)", at: origin.span))
    return .choice(id, options, other: other, undecided: undecided)
  }

  // MARK: Comparisons that nothing decides

  private mutating func findAtoms(_ template: Template, stack: StackID) {
    var found: [String: ChoiceID] = [:]
    for condition in template.conditions {
      NodeWalk.calls(in: condition.node, inConditions: true) { call in
        guard call.function == .equals else { return true }
        let operands = call.arguments
        guard operands.count == 2 else { return false }
        let decidability = Decidability(bindings: bindings[stack.index], stackInput: stacks[stack.index].input)
        guard !decidability.decides(operands[0], operands[1]) else { return false }
        let text = Evaluation.atomText(operands[0], operands[1], under: condition.loopVariables)
        guard found[text] == nil else { return false }
        let id = ChoiceID(Int32(clamping: choices.count))
        found[text] = id
        choices.append(
          Choice(
            id: id, stack: stack,
            subject: "!Equals [\(CanonicalText(operands[0]).text), \(CanonicalText(operands[1]).text)]",
            origin: Origin(call.node.span, path: condition.origin.path, kind: .condition),
            options: [Choice.Option(label: "true", value: nil), Choice.Option(label: "false", value: nil)]))
        return false
      }
    }
    atoms.append(found)
  }

  // MARK: The whole

  mutating func deployment() -> Deployment {
    for resource in resources where resource.type == Template.nestedStackType && nested[resource.id] == nil {
      leaveOpen(
        Reason(
          .undeclared, "the template of nested stack '\(resource.logicalID)' is not given", at: resource.origin.span,
          cure: "give it as well"))
    }
    let unexported = deployment(exports: ExportIndex())
    let resolver = Resolver(unexported, scenario: .none)
    var exports = ExportIndex()
    for stack in stacks {
      for (position, output) in stack.template.outputs.enumerated() {
        guard let name = output.exportName else { continue }
        let parts = resolver.part(
          name, of: output, path: output.origin.path + "/Export/Name", in: stack.id
        ).stringParts
        exports.add(
          ExportIndex.Export(stack: stack.id, output: position), key: parts.flatMap(ExportIndex.key(of:)))
      }
    }
    return deployment(exports: exports)
  }

  private func deployment(exports: ExportIndex) -> Deployment {
    Deployment(
      stacks: stacks, resources: resources, choices: choices, residual: residual,
      serverlessResidual: serverlessResidual, bindings: bindings, atoms: atoms,
      conditionOrder: conditionOrder, exports: exports, nested: nested)
  }
}
