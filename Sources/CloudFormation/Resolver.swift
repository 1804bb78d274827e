import Documents
import SourceText
import Values

/// Answers what templates say under a scenario. Immutable: one instance may serve many threads.
package struct Resolver: Sendable {
  /// What is asked about.
  package let deployment: Deployment
  /// What is assumed.
  package let scenario: Scenario
  /// By stack, then by the condition's position.
  let conditions: [[ConditionResult]]
  /// What the exports are called whose names depend on the scenario.
  private let openExports: [OpenExport]

  /// Decides all conditions as far as the scenario decides them; those that a resolver of fewer assumptions has decided
  /// already stay decided.
  package init(_ deployment: Deployment, scenario: Scenario, narrowing base: Resolver? = nil) {
    self.deployment = deployment
    self.scenario = scenario
    var conditions =
      base?.conditions
      ?? deployment.stacks.map { stack in
        stack.template.conditions.map { condition in
          ConditionResult(
            .unknown(
              Unknown(Reason(.malformed, "condition '\(condition.name)' depends on itself", at: condition.origin.span)))
          )
        }
      }
    // A nested stack's parameters may come from the outputs of another that stands behind it: those conditions are
    // decided in a second round.
    let hasNested = !deployment.nested.isEmpty
    var touched: Set<StackID>?
    var stacks = hasNested ? deployment.stacks + deployment.stacks : deployment.stacks
    if let base, base.scenario == .none, !hasNested {
      // Conditions see no other stack's values: only the scenario's own stacks have something new to decide.
      let own = Set(scenario.assignments.map { deployment.choice($0.choice).stack })
      stacks = own.sorted().map { deployment.stack($0) }
      touched = own
    }
    for stack in stacks {
      for position in deployment.conditionOrder[stack.id.index] {
        if base?.conditions[stack.id.index][position].truth.known != nil { continue }
        // In a function of its own, so that nothing else holds `conditions` when the result is stored.
        let result = Resolver.decide(position, of: stack, deployment, scenario, conditions)
        conditions[stack.id.index][position] = result
      }
    }
    self.conditions = conditions
    var openExports = base?.openExports ?? []
    for (index, position) in deployment.exports.open.enumerated() {
      let stack = deployment.exports.exports[position].stack
      // A name is made of the values of its own stack.
      if let touched, !touched.contains(stack) { continue }
      var evaluation = Evaluation(deployment, scenario, conditions, stack: stack, kind: .output)
      let export = OpenExport(evaluation.exportName(position))
      if index < openExports.count { openExports[index] = export } else { openExports.append(export) }
    }
    self.openExports = openExports
  }

  private static func decide(
    _ position: Int, of stack: Stack, _ deployment: Deployment, _ scenario: Scenario, _ known: [[ConditionResult]]
  ) -> ConditionResult {
    let condition = stack.template.conditions[position]
    var evaluation = Evaluation(deployment, scenario, known, stack: stack.id, kind: .condition)
    evaluation.loopVariables = condition.loopVariables
    return evaluation.condition(condition.node, condition.origin.path)
  }

  /// Whether the resource exists: its condition.
  package func exists(_ id: ResourceID) -> Truth { existence(of: id).truth }

  /// Whether the resource exists, with what that assumes. A nested stack's resources exist where it does.
  package func existence(of id: ResourceID) -> ConditionResult {
    var result = ConditionResult(.yes)
    var next: ResourceID? = id
    // Parents stand before their children, so this ends.
    while let current = next {
      let resource = deployment.resource(current)
      let own = ownExistence(of: resource)
      result = ConditionResult(result.truth && own.truth, hops: Evaluation.united(result.hops, own.hops))
      if result.truth == .no { return own }
      next = deployment.parents[resource.stack]
    }
    return result
  }

  private func ownExistence(of resource: Resource) -> ConditionResult {
    guard let name = resource.conditionName else {
      return ConditionResult(.yes, hops: resource.declaration.loopHops)
    }
    let result = condition(named: name, in: resource.stack)
    guard let section = deployment.stack(resource.stack).template.condition(name), let truth = result.truth.known
    else { return result }
    return ConditionResult(
      result.truth,
      hops: resource.declaration.loopHops + [Hop("Condition '\(name)' is \(truth)", at: section.origin)] + result.hops)
  }

  /// A condition of a stack.
  package func condition(named name: String, in stack: StackID) -> ConditionResult {
    guard let position = deployment.stack(stack).template.position(ofCondition: name) else {
      return ConditionResult(.unknown(Unknown(Reason(.undeclared, "no condition '\(name)' is declared"))))
    }
    return conditions[stack.index][position]
  }

  /// A property, with all that is in it. Absent where it is not written.
  package func property(_ name: String, of id: ResourceID) -> ResolvedValue {
    let resource = deployment.resource(id)
    var evaluation = evaluation(of: resource)
    let path = resource.origin.path + "/Properties"
    if let role = serverlessRole(resource) { return role.property(name, &evaluation, path: path, at: resource.origin) }
    if let function = serverless(resource),
      let value = function.property(name, &evaluation, path: path, at: resource.origin)
    {
      return value
    }
    guard let properties = resource.declaration.properties else { return unwritten(name, of: resource) }
    let node: Node
    let hops: [Hop]
    switch evaluation.branch(of: properties, path) {
    case .value(let value): return value.isAbsent ? unwritten(name, of: resource) : value
    case .node(let chosen, let steps): (node, hops) = (chosen, steps)
    }
    guard node.kind == .mapping else {
      let reason = Reason(
        .malformed, "the Properties are \(TemplateReader.noun(node)), not a mapping", at: node.span)
      return ResolvedValue(.unknown(Unknown(reason)), origin: Origin(node.span, path: path, kind: .property))
    }
    let included = deployment.stack(resource.stack).input.included
    if let entry = node.entry(name) ?? Inclusion.entry(name, of: node, included) {
      var value = evaluation.value(entry.value, path + "/" + name)
      value.hops = Evaluation.united(hops, value.hops)
      return value
    }
    // Only calls among the keys may write what no key says.
    guard node.hasKey(startingWith: "Fn::") else { return unwritten(name, of: resource) }
    let (made, open) = evaluation.made(name, by: node, path)
    if var made {
      made.hops = Evaluation.united(hops, made.hops)
      return made
    }
    if let open { return ResolvedValue(.unknown(open), origin: Origin(node.span, path: path, kind: .property)) }
    if let generator = Inclusion.entries(of: node, included).first(where: {
      $0.key.text == Intrinsic.Function.transform.rawValue
    }) {
      let reason = Reason(.macro, "'\(generator.key.text)' may add properties", at: generator.key.span)
      return ResolvedValue(
        .unknown(Unknown(reason)), origin: Origin(generator.key.span, path: path, kind: .property))
    }
    return unwritten(name, of: resource)
  }

  /// The function that SAM makes of a resource; nil for others.
  private func serverless(_ resource: Resource) -> ServerlessFunction? {
    guard case .function? = resource.declaration.serverless else { return nil }
    let globals = deployment.stack(resource.stack).template.globals?["Function"]
    let role = deployment.resource(resource.logicalID + "Role", in: resource.stack)
    return ServerlessFunction(properties: resource.declaration.properties, globals: globals, role: role)
  }

  /// The role that SAM makes for a function; nil for other resources.
  private func serverlessRole(_ resource: Resource) -> ServerlessRole? {
    guard case .role? = resource.declaration.serverless else { return nil }
    let globals = deployment.stack(resource.stack).template.globals?["Function"]
    return ServerlessRole(
      function: ServerlessFunction(properties: resource.declaration.node["Properties"], globals: globals))
  }

  /// The names of the properties that are written, in order.
  package func properties(of id: ResourceID) -> [String] {
    let resource = deployment.resource(id)
    if let function = serverless(resource) { return function.names }
    if let role = serverlessRole(resource) { return role.names }
    guard let properties = resource.declaration.properties else { return [] }
    var evaluation = evaluation(of: resource)
    guard case .node(let node, _) = evaluation.branch(of: properties, resource.origin.path + "/Properties") else {
      return []
    }
    let included = deployment.stack(resource.stack).input.included
    return Inclusion.entries(of: node, included).flatMap { entry -> [String] in
      if Intrinsic.isLoop(entry.key.text) { return evaluation.entries(of: entry, resource.origin.path).made.map(\.key) }
      return entry.key.text.hasPrefix("Fn::") ? [] : [entry.key.text]
    }
  }

  /// A resource attribute beside Properties, such as `DeletionPolicy`, `DependsOn` or `Metadata`.
  package func attribute(_ name: String, of id: ResourceID) -> ResolvedValue {
    let resource = deployment.resource(id)
    guard let node = resource.declaration.node[name] else { return unwritten(name, of: resource) }
    var evaluation = evaluation(of: resource)
    return evaluation.value(node, resource.origin.path + "/" + name)
  }

  /// The resource that a value denotes: through `Ref`, `Fn::GetAtt`, and a string that ends in a reference behind a
  /// `/` or `:` (an ARN put together by hand).
  package func target(of value: ResolvedValue) -> ReferenceTarget? {
    switch value.content {
    case .reference(let resource, let attribute):
      return ReferenceTarget(resource: resource, attribute: attribute)
    case .template(let parts):
      guard parts.count >= 2, case .reference(let resource, let attribute)? = parts.last,
        case .literal(let before) = parts[parts.count - 2], before.hasSuffix("/") || before.hasSuffix(":")
      else { return nil }
      return ReferenceTarget(resource: resource, attribute: attribute)
    default: return nil
    }
  }

  /// What a parameter of a stack is known to be: what `Ref` of it yields. It is written where it is declared.
  package func parameter(_ name: String, of stack: StackID) -> ResolvedValue {
    guard let parameter = deployment.stack(stack).template.parameter(name) else { return .absent }
    var evaluation = Evaluation(
      deployment, scenario, conditions, openExports: openExports, stack: stack, kind: .parameter)
    var value = evaluation.named(name, parameter.node, parameter.origin.path)
    value.origin = parameter.origin
    return value
  }

  /// The value of an output of a stack.
  package func output(_ name: String, of stack: StackID) -> ResolvedValue {
    guard let output = deployment.stack(stack).template.outputs.first(where: { $0.name == name }),
      let node = output.value
    else { return .absent }
    return part(node, of: output, path: output.origin.path + "/Value", in: stack)
  }

  func part(_ node: Node, of output: Template.Output, path: String, in stack: StackID) -> ResolvedValue {
    var evaluation = Evaluation(
      deployment, scenario, conditions, openExports: openExports, stack: stack, kind: .output)
    evaluation.loopVariables = output.loopVariables
    return evaluation.value(node, path)
  }

  /// What stands at a node of a resource after the conditions around it.
  func branch(of node: Node, in resource: Resource) -> Evaluation.Branch {
    var evaluation = evaluation(of: resource)
    return evaluation.branch(of: node, resource.origin.path)
  }

  private func evaluation(of resource: Resource) -> Evaluation {
    var evaluation = Evaluation(
      deployment, scenario, conditions, openExports: openExports, stack: resource.stack, kind: .property)
    evaluation.loopVariables = resource.declaration.loopVariables
    return evaluation
  }

  /// What is not written is absent, unless a macro that nobody here knows may write it.
  private func unwritten(_ name: String, of resource: Resource) -> ResolvedValue {
    let transforms = deployment.stack(resource.stack).template.transforms
    guard let macro = transforms.first(where: { !$0.isDocumented }) else { return .absent }
    let reason = Reason(.macro, "the macro '\(macro.name)' may add '\(name)'", at: macro.span)
    return ResolvedValue(.unknown(Unknown(reason)))
  }
}
