import CloudFormation
import Findings
import SourceText

extension Linter {
  /// Reads and links what is found, and tells what it comes to, without judging it: of the resources with some logical
  /// ids or construct paths, or of all when none are named.
  package static func inspect(_ options: Options, resources wanted: [String] = []) -> Inspection {
    var linter = Linter(options)
    return linter.inspection(of: wanted)
  }

  private mutating func inspection(of wanted: [String]) -> Inspection {
    var project = discover()
    diagnostics += project.diagnostics
    passedOver += project.passedOver
    var deployments: [Deployment] = []
    for plan in plans(in: project.root) {
      var part = restricted(project, to: plan)
      let (deployment, parameters) = readDeployment(&part, plan)
      checkParameters(parameters, of: deployment)
      deployments.append(deployment)
      project.files = part.files
    }
    if deployments.allSatisfy(\.stacks.isEmpty), diagnostics.allSatisfy({ $0.severity != .error }) {
      diagnostics.append(
        Diagnostic("nothing-to-inspect", .error, "None of the files found holds a CloudFormation template."))
    }
    let selected = selection(wanted, in: deployments)
    var stacks: [InspectedStack] = []
    for deployment in deployments where wanted.isEmpty || !selected.isEmpty {
      var inspector = Inspector(deployment, selection: selected)
      stacks += inspector.stacks()
    }
    for stack in stacks.indices {
      for resource in stacks[stack].resources.indices {
        let location = stacks[stack].resources[resource].location
        stacks[stack].resources[resource].source = sources.place(of: location, in: &project.files)
      }
    }
    var inspection = Inspection(
      stacks: stacks, more: deployments.flatMap { ContentReader.reasons($0.anyResidual) },
      diagnostics: sorted(diagnostics), files: project.files.all,
      passedOver: passedOver.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) })
    inspection.exitCode = inspection.diagnostics.contains { $0.severity == .error } ? 2 : 0
    return inspection
  }

  /// The logical ids that are meant; a name that nothing has is an error.
  private mutating func selection(_ wanted: [String], in deployments: [Deployment]) -> Set<String> {
    let resources = deployments.flatMap(\.resources)
    var found: Set<String> = []
    for name in wanted {
      let matching = resources.filter { $0.logicalID == name || $0.constructPath == name }
      if matching.isEmpty {
        let names = resources.flatMap { [$0.logicalID, $0.constructPath].compactMap { $0 } }
        diagnostics.append(
          Diagnostic(
            "unknown-resource", .error, "No template has a resource '\(name)'.",
            cure: Suggestion.nearest(to: name, among: names).map { "Did you mean '\($0)'?" }
              ?? "Leave --resource out to see all."))
      }
      found.formUnion(matching.map(\.logicalID))
    }
    return found
  }
}
