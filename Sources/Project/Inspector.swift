import CloudFormation
import Findings
import SourceText
import Values

/// Tells what a deployment comes to: each value in every scenario that changes it.
struct Inspector {
  let deployment: Deployment
  /// The only logical ids to show; all when empty.
  let selection: Set<String>
  private let reader: ContentReader
  private var resolvers: [Scenario: Resolver] = [:]

  /// Values in this many scenarios are shown at most: a reader gains nothing from more.
  static let shownCases = 8
  /// So many scenarios are looked at for one value.
  static let leafLimit = 64

  init(_ deployment: Deployment, selection: Set<String> = []) {
    self.deployment = deployment
    self.selection = selection
    reader = ContentReader(deployment: deployment)
  }

  mutating func stacks() -> [InspectedStack] {
    var found: [InspectedStack] = []
    for stack in deployment.stacks {
      let resources = stack.resources.map { deployment.resources[$0] }.filter {
        selection.isEmpty || selection.contains($0.logicalID)
      }
      guard !resources.isEmpty || selection.isEmpty else { continue }
      found.append(inspected(stack, resources))
    }
    return found
  }

  private mutating func inspected(_ stack: Stack, _ resources: [Resource]) -> InspectedStack {
    let input = stack.input
    let parent = deployment.resources.first { deployment.nestedStack(of: $0.id) == stack.id }
    var outputs: [InspectedField] = []
    if selection.isEmpty {
      for output in stack.template.outputs {
        outputs.append(
          field(output.name) {
            $0.output(output.name, of: stack.id)
          } exists: { resolver in
            output.condition.map { resolver.condition(named: $0, in: stack.id).truth } ?? .yes
          })
      }
    }
    return InspectedStack(
      name: stack.name, isNameKnown: input.isStackNameKnown, file: input.file, account: input.account,
      region: input.region,
      tags: input.tags.sorted { $0.key < $1.key }.map { InspectedTag(key: $0.key, value: $0.value) },
      parent: parent.map { "resource '\($0.logicalID)' of stack '\(deployment.stack($0.stack).name)'" },
      parameters: stack.template.parameters.map { parameter in
        let value = Resolver(deployment, scenario: .none).parameter(parameter.name, of: stack.id)
        return InspectedField(
          name: parameter.name, cases: [InspectedCase(scenarios: [], value: reader.value(value))])
      },
      conditions: stack.template.conditions.map { condition in
        truth(condition.name, at: condition.origin) { $0.condition(named: condition.name, in: stack.id) }
      },
      resources: resources.map { inspected($0) }, outputs: outputs)
  }

  private mutating func inspected(_ resource: Resource) -> InspectedResource {
    let none = resolver(.none)
    let names = names(of: resource, under: .none, depth: 0)
    // No property has this name: whether one of any name may be made.
    let more = none.property("", of: resource.id)
    let existence: InspectedField?
    if resource.conditionName != nil || none.exists(resource.id) != .yes || !resource.declaration.loopHops.isEmpty {
      existence = truth("exists", at: resource.origin) { $0.existence(of: resource.id) }
    } else {
      existence = nil
    }
    let attributes = resource.declaration.node.entries.map(\.key.text).filter {
      !["Type", "Properties", "Condition", "Metadata"].contains($0)
    }
    let exists: (Resolver) -> Truth = { $0.exists(resource.id) }
    return InspectedResource(
      logicalID: resource.logicalID, type: resource.type,
      location: Location(
        resource.origin.span, path: resource.origin.path, kind: resource.origin.kind.rawValue,
        constructPath: resource.constructPath), existence: existence,
      properties: names.map { name in field(name, value: { $0.property(name, of: resource.id) }, exists: exists) },
      more: more.undecidedChoice == nil ? ContentReader.reasons(more.content.unknown) : [],
      attributes: attributes.map { name in field(name, value: { $0.attribute(name, of: resource.id) }, exists: exists) }
    )
  }

  /// The names of the properties, whatever condition chooses between them as a whole.
  private mutating func names(of resource: Resource, under scenario: Scenario, depth: Int) -> [String] {
    let resolver = resolver(scenario)
    var names = resolver.properties(of: resource.id)
    guard names.isEmpty, depth < 4, let choice = resolver.property("", of: resource.id).undecidedChoice else {
      return names
    }
    for option in deployment.choice(choice).options.indices {
      for name in self.names(of: resource, under: scenario.assuming(choice, is: option), depth: depth + 1)
      where !names.contains(name) {
        names.append(name)
      }
    }
    return names
  }

  // MARK: Scenarios

  private mutating func resolver(_ scenario: Scenario) -> Resolver {
    if let known = resolvers[scenario] { return known }
    let resolver = Resolver(deployment, scenario: scenario)
    resolvers[scenario] = resolver
    return resolver
  }

  /// One value with the scenarios it holds in, relative to where the walk stands.
  private struct Leaf {
    var scenarios: [[String]]
    let value: InspectedValue
  }

  private mutating func field(
    _ name: String, value: (Resolver) -> ResolvedValue, exists: (Resolver) -> Truth
  ) -> InspectedField {
    var leaves = 0
    let reader = reader
    let found = cases(under: .none, &leaves) { resolver in
      guard exists(resolver) != .no else { return nil }
      let resolved = value(resolver)
      return (reader.value(resolved), resolved.undecidedChoice)
    }
    return field(name, found, leaves)
  }

  private mutating func truth(
    _ name: String, at origin: Origin, _ result: (Resolver) -> ConditionResult
  ) -> InspectedField {
    var leaves = 0
    let reader = reader
    let location = Location(origin.span, path: origin.path, kind: origin.kind.rawValue)
    let found = cases(under: .none, &leaves) { resolver in
      let result = result(resolver)
      let content: InspectedValue.Content
      var choice: ChoiceID?
      switch result.truth {
      case .yes: content = .scalar("true")
      case .no: content = .scalar("false")
      case .unknown(let unknown):
        content = .unknown(ContentReader.reasons(unknown))
        choice = unknown.undecidedChoice
      }
      return (InspectedValue(content, location: location, hops: result.hops.map(reader.hop)), choice)
    }
    return field(name, found, leaves)
  }

  private func field(_ name: String, _ found: [Leaf], _ leaves: Int) -> InspectedField {
    InspectedField(
      name: name,
      cases: found.prefix(Inspector.shownCases).map { leaf in
        InspectedCase(
          scenarios: leaf.scenarios.contains([]) ? [] : Array(leaf.scenarios.prefix(Inspector.shownCases)),
          value: leaf.value)
      }, isCut: found.count > Inspector.shownCases || leaves > Inspector.leafLimit)
  }

  /// Forks on what is open until nothing is, and joins what comes out the same.
  private mutating func cases(
    under scenario: Scenario, _ leaves: inout Int, _ evaluate: (Resolver) -> (InspectedValue, ChoiceID?)?
  ) -> [Leaf] {
    guard let (value, choice) = evaluate(resolver(scenario)) else { return [] }
    guard let choice, scenario[choice] == nil, leaves <= Inspector.leafLimit else {
      leaves += 1
      return [Leaf(scenarios: [[]], value: value)]
    }
    var branches: [(clause: String, leaves: [Leaf])] = []
    for option in deployment.choice(choice).options.indices {
      let next = scenario.assuming(choice, is: option)
      guard deployment.isFeasible(next) else { continue }
      let clause = deployment.describe(Scenario.none.assuming(choice, is: option)).joined()
      let found = cases(under: next, &leaves, evaluate)
      // Where the resource does not exist, its values are nobody's business.
      if !found.isEmpty { branches.append((clause, found)) }
    }
    return joined(branches)
  }

  /// What is the same under all options does not depend on the choice.
  private func joined(_ branches: [(clause: String, leaves: [Leaf])]) -> [Leaf] {
    var order: [InspectedValue] = []
    typealias Part = (clause: String, scenarios: [[String]])
    var found: [InspectedValue.Content: (first: InspectedValue, parts: [Part])] = [:]
    for (clause, leaves) in branches {
      for leaf in leaves {
        if let known = found[leaf.value.content]?.first {
          // Only what brought it about everywhere is worth telling.
          found[leaf.value.content]?.first = InspectedValue(
            known.content, location: known.location, hops: known.hops.filter(leaf.value.hops.contains))
        } else {
          order.append(leaf.value)
        }
        found[leaf.value.content, default: (leaf.value, [])].parts.append((clause, leaf.scenarios))
      }
    }
    return order.compactMap { value in
      guard let (value, parts) = found[value.content], let first = parts.first else { return nil }
      if parts.count == branches.count, parts.allSatisfy({ $0.scenarios == first.scenarios }) {
        return Leaf(scenarios: first.scenarios, value: value)
      }
      return Leaf(scenarios: parts.flatMap { part in part.scenarios.map { [part.clause] + $0 } }, value: value)
    }
  }
}
