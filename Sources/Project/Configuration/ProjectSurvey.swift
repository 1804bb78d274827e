import CloudFormation
import Estate
import PostgresSchema
import SourceText
import SystemPackage

/// What stands in a folder that has no configuration yet: what `blealint init` writes one from.
package struct ProjectSurvey: Sendable {
  /// One project, or each of several that stand beside each other.
  package internal(set) var projects: [Part] = []
  /// Where the configuration belongs; absolute.
  package let folder: FilePath

  /// One project that was found.
  package struct Part: Sendable {
    package let name: String
    /// Relative to the survey's folder.
    package let folder: String
    /// Paths of templates and cloud assemblies, from the part's folder.
    package internal(set) var templates: [String] = []
    /// Folders of SQL, from the part's folder, with how their convention orders, in the order in which they are run.
    package internal(set) var schemas: [(folder: String, convention: String)] = []
    /// How many SQL files there are.
    package internal(set) var fileCount = 0
    /// Names of data stores as a configuration writes them.
    package internal(set) var clusters: [String] = []
    /// Parameters without a default, in order.
    package internal(set) var openParameters: [String] = []
    /// The parameter that tells the stages apart, and its values.
    package internal(set) var stages: (parameter: String, values: [String])?
    /// Files of parameters, from the part's folder.
    package internal(set) var parameterFiles: [String] = []
    /// Whether SQL stands in the code of Lambda functions.
    package internal(set) var hasInlineSQL = false

    /// Whether there is anything to judge.
    package var isEmpty: Bool { templates.isEmpty && schemas.isEmpty }
  }

  /// Looks at a folder.
  package static func make(of path: String, from here: FilePath? = nil) -> ProjectSurvey {
    let start = FilePath(path).absolute(from: here ?? FileSystem.currentDirectory())
    var options = Linter.Options()
    options.paths = [start.string]
    options.folder = here
    var linter = Linter(options)
    let found = linter.discover()
    var survey = ProjectSurvey(folder: start)
    for folder in parts(of: found, in: start) {
      survey.projects.append(linter.part(of: found, in: folder, below: start))
    }
    return survey
  }

  /// The folders of the projects: those that hold both templates and SQL where several stand side by side, else all as
  /// one.
  private static func parts(of found: DiscoveredProject, in start: FilePath) -> [FilePath] {
    func folder(_ source: SourceFile) -> FilePath {
      FilePath(source.path).absolute(from: found.root.base).removingLastComponent()
    }
    let templates = found.templates.map(folder) + found.assemblies.filter { !$0.isNested }.map(\.directory)
    var candidates: [FilePath] = []
    for sql in Set(found.sql.map(folder)) {
      var at = sql
      while at.starts(with: start), !templates.contains(where: { $0.starts(with: at) }) {
        at = at.removingLastComponent()
      }
      guard at != start, at.starts(with: start) else { return [start] }
      if !candidates.contains(at) { candidates.append(at) }
    }
    // What stands in none of them would not be judged.
    let isComplete = templates.allSatisfy { template in candidates.contains { template.starts(with: $0) } }
    let isApart = candidates.allSatisfy { one in !candidates.contains { $0 != one && $0.starts(with: one) } }
    guard candidates.count > 1, isComplete, isApart else { return [start] }
    return candidates.sorted { $0.string < $1.string }
  }
}

extension Linter {
  /// Looks at one project of a survey.
  fileprivate mutating func part(
    of found: DiscoveredProject, in folder: FilePath, below start: FilePath
  ) -> ProjectSurvey.Part {
    var part = ProjectSurvey.Part(
      name: folder.lastComponent?.string ?? "project", folder: folder.shown(from: start))
    func path(_ source: SourceFile) -> FilePath { FilePath(source.path).absolute(from: found.root.base) }
    var own = found
    own.templates = found.templates.filter { path($0).starts(with: folder) }
    own.assemblies = found.assemblies.filter { $0.directory.starts(with: folder) }
    own.sql = found.sql.filter { path($0).starts(with: folder) }
    part.templates =
      own.assemblies.filter { !$0.isNested }.map { $0.directory.shown(from: folder) }
      + own.templates.map { path($0).shown(from: folder) }
    let order = MigrationOrder.order(own.sql.map { (path($0).shown(from: folder), $0.bytes) })
    part.schemas = order.folders.map { ($0.path.isEmpty ? "." : $0.path, $0.convention) }
    part.fileCount = order.entries.count
    let plan = ProjectPlan(name: part.name, configured: nil, given: [], folder: folder)
    let deployment = readDeployment(&own, plan).deployment
    describe(deployment, in: &part)
    part.hasInlineSQL = !InlineSchema.find(in: deployment).isEmpty
    for passed in found.passedOver {
      let file = FilePath(passed.path).absolute(from: found.root.base)
      guard file.starts(with: folder), let source = try? own.files.read(file), ParameterFile(source).isSound else {
        continue
      }
      part.parameterFiles.append(file.shown(from: folder))
    }
    return part
  }

  private func describe(_ deployment: Deployment, in part: inout ProjectSurvey.Part) {
    let stores = ["AWS::RDS::DBCluster", "AWS::RDS::DBInstance"].map { type in
      deployment.resources(ofType: type).map(deployment.resource)
    }
    // Instances are members of clusters where there are clusters.
    for store in stores[0].isEmpty ? stores[1] : stores[0] {
      let isAlone = stores[0].count { $0.logicalID == store.logicalID } < 2
      part.clusters.append(isAlone ? store.logicalID : "\(deployment.stack(store.stack).name)/\(store.logicalID)")
    }
    let nested = Set(deployment.stacks.map(\.id)).filter { id in
      deployment.resources.contains { deployment.nestedStack(of: $0.id) == id }
    }
    for stack in deployment.stacks where !nested.contains(stack.id) {
      for parameter in stack.template.parameters {
        let isOpen = parameter.defaultValue == nil && parameter.allowedValues.isEmpty && !parameter.noEcho
        if isOpen, stack.input.parameters[parameter.name] == nil, !part.openParameters.contains(parameter.name) {
          part.openParameters.append(parameter.name)
        }
        let name = parameter.name.lowercased()
        let isStage = ["stage", "env", "environment", "envname", "environmentname", "stagename"].contains(name)
        if part.stages == nil, isStage, parameter.allowedValues.count > 1 {
          part.stages = (parameter.name, parameter.allowedValues.map(\.text))
        }
      }
    }
  }
}

extension ParameterFile {
  /// Whether the file holds parameters and nothing is wrong with it.
  fileprivate var isSound: Bool { diagnostics.isEmpty && !parameters.isEmpty }
}
