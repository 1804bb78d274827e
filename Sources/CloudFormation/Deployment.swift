import Documents
import SourceText
import Values

/// All templates of one project, linked: what each leaves open, what each exports, and the resources of all. It never
/// changes, and every evaluation holds it: shared, so that holding it copies nothing.
package final class Deployment: Sendable {
  /// In the order of the inputs; documents that are no templates are left out.
  package let stacks: [Stack]
  /// In the order of the stacks, then of their templates.
  package let resources: [Resource]
  /// All that the templates leave open, by ``ChoiceID``.
  package let choices: [Choice]
  /// Not nil when there may be more resources than ``resources`` of any type, because: loops and macros that make
  /// resources.
  private let residual: Unknown?
  /// The same for what AWS SAM makes, which is of some services only.
  private let serverlessResidual: Unknown?

  /// By stack, then by name: parameters, and pseudo parameters that conditions compare.
  let bindings: [[String: Binding]]
  /// By stack, then by canonical text: the comparisons that nothing decides.
  let atoms: [[String: ChoiceID]]
  /// By stack: the conditions' positions, each after those it refers to; without the ones in or behind a cycle.
  let conditionOrder: [[Int]]
  let exports: ExportIndex
  /// The nested stacks that are linked, by the resources that deploy them.
  let nested: [ResourceID: StackID]
  /// The other way round.
  let parents: [StackID: ResourceID]
  /// The `AWS::SSM::Parameter` resources by their names, where those are written out.
  let storedParameters: [String: [ResourceID]]
  private let resourceIDs: [[String: ResourceID]]
  private let resourcesByType: [String: [ResourceID]]

  /// Links templates.
  /// - Returns: The deployment, and what is malformed in the templates, in the order of their files and places.
  ///   Documents that are no templates are left out with an `not-a-template` error.
  package static func link(
    _ inputs: [TemplateInput], options: LinkOptions = LinkOptions()
  ) -> (deployment: Deployment, diagnostics: [Diagnostic]) {
    var linker = Linker(options: options)
    for input in inputs { linker.add(input) }
    return (linker.deployment(), linker.diagnostics)
  }

  init(
    stacks: [Stack], resources: [Resource], choices: [Choice], residual: Unknown?, serverlessResidual: Unknown?,
    bindings: [[String: Binding]], atoms: [[String: ChoiceID]], conditionOrder: [[Int]], exports: ExportIndex,
    nested: [ResourceID: StackID]
  ) {
    self.stacks = stacks
    self.resources = resources
    self.choices = choices
    self.residual = residual
    self.serverlessResidual = serverlessResidual
    self.bindings = bindings
    self.atoms = atoms
    self.conditionOrder = conditionOrder
    self.exports = exports
    self.nested = nested
    parents = Dictionary(nested.map { ($0.value, $0.key) }, uniquingKeysWith: min)
    var stored: [String: [ResourceID]] = [:]
    for resource in resources where resource.type == "AWS::SSM::Parameter" {
      guard let name = resource.declaration.properties?["Name"], Evaluation.isLiteral(name) else { continue }
      stored[name.text, default: []].append(resource.id)
    }
    storedParameters = stored
    var ids = [[String: ResourceID]](repeating: [:], count: stacks.count)
    var byType: [String: [ResourceID]] = [:]
    for resource in resources {
      ids[resource.stack.index][resource.logicalID] = resource.id
      byType[resource.type, default: []].append(resource.id)
    }
    resourceIDs = ids
    resourcesByType = byType
  }

  /// Not nil when there may be more resources of a type than are declared, and why.
  package func residual(ofType type: String) -> Unknown? {
    guard let serverlessResidual, Self.serverlessServices.contains(where: type.hasPrefix) else { return residual }
    return residual.map(serverlessResidual.union) ?? serverlessResidual
  }

  /// Not nil when there may be more resources than ``resources``, of whichever type, and why.
  package var anyResidual: Unknown? {
    guard let residual, let serverlessResidual else { return residual ?? serverlessResidual }
    return residual.union(serverlessResidual)
  }

  /// The services that AWS SAM makes resources of (AWS SAM developer guide, "Generated AWS CloudFormation resources"):
  /// no data store, key, secret, log group or network is among them.
  private static let serverlessServices = [
    "AWS::Lambda::", "AWS::IAM::", "AWS::ApiGateway", "AWS::CloudFormation::", "AWS::CodeDeploy::", "AWS::Cognito::",
    "AWS::DynamoDB::", "AWS::Events::", "AWS::IoT::", "AWS::Route53::", "AWS::S3::", "AWS::SNS::", "AWS::SQS::",
    "AWS::Scheduler::", "AWS::Serverless::", "AWS::StepFunctions::", "AWS::AppSync::",
    "AWS::Logs::SubscriptionFilter",
  ]

  /// The resources of a type, in order.
  package func resources(ofType type: String) -> [ResourceID] { resourcesByType[type] ?? [] }

  /// The resource with an id of this deployment.
  package func resource(_ id: ResourceID) -> Resource { resources[id.index] }

  /// The resource with a logical id in a stack.
  package func resource(_ logicalID: String, in stack: StackID) -> ResourceID? {
    resourceIDs[stack.index][logicalID]
  }

  /// The stack with an id of this deployment.
  package func stack(_ id: StackID) -> Stack { stacks[id.index] }

  /// The name of a stack behind those it is nested in: `Root/Network`.
  package func stackPath(_ id: StackID) -> String {
    guard let parent = parents[id] else { return stack(id).name }
    // A parent is another stack that stands before: nesting has an end.
    return stackPath(resource(parent).stack) + "/" + stack(id).name
  }

  /// The stack that a nested stack's resource deploys, where its template is given.
  package func nestedStack(of resource: ResourceID) -> StackID? { nested[resource] }

  /// The parameter that a value refers to.
  package func parameter(_ reference: ParameterReference) -> Parameter? {
    stacks[reference.stack.index].template.parameter(reference.name)
  }

  /// The choice with an id of this deployment.
  package func choice(_ id: ChoiceID) -> Choice { choices[Int(id.rawValue)] }

  /// The scenario for a reader, a clause a choice: `Stage is 'dev'`.
  package func describe(_ scenario: Scenario) -> [String] {
    scenario.assignments.compactMap { assignment in
      guard choices.indices.contains(Int(assignment.choice.rawValue)) else { return nil }
      let choice = choice(assignment.choice)
      guard choice.options.indices.contains(assignment.option) else { return nil }
      let isShared = choices.contains { $0.id != choice.id && $0.subject == choice.subject }
      let subject = isShared ? "\(choice.subject) of stack '\(stack(choice.stack).name)'" : choice.subject
      return "\(subject) is \(choice.options[assignment.option].label)"
    }
  }
}
