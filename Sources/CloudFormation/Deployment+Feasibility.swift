import Documents
import SourceText
import Values

/// Which scenarios can come to be.
extension Deployment {
  /// False where a scenario contradicts itself or the templates' own Rules, so that no deployment is like it.
  package func isFeasible(_ scenario: Scenario) -> Bool {
    agreesOnRegions(scenario) && keepsRules(scenario)
  }

  private func agreesOnRegions(_ scenario: Scenario) -> Bool {
    // Two choices meet only where AWS derives one value from the other: a region lies in one partition.
    var regions: [StackID: String] = [:]
    for assignment in scenario.assignments {
      let choice = choice(assignment.choice)
      guard choice.subject == "AWS::Region", choice.options.indices.contains(assignment.option) else { continue }
      regions[choice.stack] = choice.options[assignment.option].value
    }
    guard !regions.isEmpty else { return true }
    return scenario.assignments.allSatisfy { assignment in
      let choice = choice(assignment.choice)
      guard let region = regions[choice.stack], choice.options.indices.contains(assignment.option) else { return true }
      let derived: String
      switch choice.subject {
      case "AWS::Partition": derived = PseudoParameter.partition(ofRegion: region)
      case "AWS::URLSuffix": derived = PseudoParameter.urlSuffix(ofRegion: region)
      default: return true
      }
      if let value = choice.options[assignment.option].value { return value == derived }
      return !choice.options.contains { $0.value == derived }
    }
  }

  /// True unless an assertion of a Rules section is known to fail: CloudFormation refuses such a deployment.
  private func keepsRules(_ scenario: Scenario) -> Bool {
    let touched = Set(scenario.assignments.map { choice($0.choice).stack }).sorted()
    let ruled = touched.map { stack($0) }.filter { !$0.template.rules.isEmpty }
    guard !ruled.isEmpty else { return true }
    let conditions = Resolver(self, scenario: scenario).conditions
    for stack in ruled {
      for rule in stack.template.rules {
        var evaluation = Evaluation(self, scenario, conditions, stack: stack.id, kind: .statement)
        let path = rule.origin.path
        if let applies = rule.node["RuleCondition"], evaluation.condition(applies, path).truth != .yes { continue }
        for assertion in rule.node["Assertions"].map({ Array($0.items) }) ?? [] {
          guard let assert = assertion["Assert"] else { continue }
          if evaluation.condition(assert, path).truth == .no { return false }
        }
      }
    }
    return true
  }
}
