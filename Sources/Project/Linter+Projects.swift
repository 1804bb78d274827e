import CloudFormation
import Findings
import PostgresSchema
import Rules
import SourceText
import SystemPackage

/// What is judged together, and what the configuration says of it.
struct ProjectPlan: Sendable {
  let name: String
  /// Nil where the configuration names no projects.
  let configured: ConfiguredProject?
  /// What the templates are deployed with; later ones win.
  let given: [GivenToTemplates]
  /// Where the project's files stand; absolute.
  let folder: FilePath
}

/// One project as it was read, ready to be judged.
struct ProjectReading {
  let name: String
  let deployment: Deployment
  let schema: ProjectSchema

  var hasSchema: Bool { !schema.sources.isEmpty }

  /// Whether there is nothing to judge.
  var isEmpty: Bool { deployment.stacks.isEmpty && !hasSchema }
}

extension Linter {
  /// The projects to judge: those of the configuration, or the whole folder as one.
  mutating func plans(in root: ProjectRoot) -> [ProjectPlan] {
    guard let configuration = options.configuration, !configuration.projects.isEmpty else {
      complainOfUnknownProjects([])
      checkStage(among: [])
      return [ProjectPlan(name: root.name, configured: nil, given: [], folder: root.directory)]
    }
    complainOfUnknownProjects(configuration.projects.map(\.name.value))
    checkStage(among: configuration.projects.flatMap { $0.stages.map(\.name.value) })
    let base = configuration.base(in: root)
    let plans = configuration.projects.filter { project in
      options.projects.isEmpty || options.projects.contains(project.name.value)
    }.map { project in
      let stage = project.stages.first { $0.name.value == options.stage }
      return ProjectPlan(
        name: project.name.value, configured: project, given: [project.given] + [stage?.given].compactMap { $0 },
        folder: FilePath(project.folder).absolute(from: base))
    }
    // Of several projects, those that nothing was asked of need not be read.
    let asked = plans.filter { plan in
      root.given.isEmpty || root.given.contains { plan.folder.starts(with: $0) || $0.starts(with: plan.folder) }
    }
    return asked.isEmpty ? plans : asked
  }

  private mutating func complainOfUnknownProjects(_ names: [String]) {
    for wanted in options.projects where !names.contains(wanted) {
      diagnostics.append(
        Diagnostic(
          "unknown-project", .error, "The configuration has no project '\(wanted)'.",
          cure: Suggestion.nearest(to: wanted, among: names).map { "Did you mean '\($0)'?" }
            ?? "Write it under 'projects' of \(ProjectRoot.configurationName)."))
    }
  }

  private mutating func checkStage(among stages: [String]) {
    guard let stage = options.stage, !stages.contains(stage) else { return }
    diagnostics.append(
      Diagnostic(
        "unknown-stage", .error, "No project has a stage '\(stage)'.",
        cure: Suggestion.nearest(to: stage, among: stages).map { "Did you mean '\($0)'?" }
          ?? "Write it under 'stages' of a project in \(ProjectRoot.configurationName)."))
  }

  /// Reads and links all projects.
  mutating func readProjects(_ project: inout DiscoveredProject) -> [ProjectReading] {
    var readings: [ProjectReading] = []
    for plan in plans(in: project.root) {
      var part = restricted(project, to: plan)
      let (deployment, parameters) = readDeployment(&part, plan)
      checkParameters(parameters, of: deployment)
      let schema = readSchema(&part, deployment, plan)
      readings.append(ProjectReading(name: plan.name, deployment: deployment, schema: schema))
      project.files = part.files
    }
    return readings
  }

  /// Reads and links the templates of a project.
  mutating func readDeployment(
    _ project: inout DiscoveredProject, _ plan: ProjectPlan
  ) -> (deployment: Deployment, parameters: [String: GivenParameter]) {
    let parameters = readParameters(plan.given, &project.files)
    var tags: [String: String] = [:]
    for given in plan.given { tags.merge(given.stackTags.mapValues(\.value)) { _, new in new } }
    tags.merge(options.stackTags) { _, new in new }
    let inputs = readTemplates(&project, parameters.mapValues(\.value), tags: tags)
    let assumesDefaults = options.assumesDefaults || plan.configured?.assumesDefaults?.value == true
    let (deployment, linking) = Deployment.link(inputs, options: LinkOptions(assumesDefaults: assumesDefaults))
    diagnostics += linking
    return (deployment, parameters)
  }

  // MARK: What belongs to a project

  /// The part of what was found that belongs to a project. A pattern that nothing matches is told: what is not judged
  /// must not be so for a typo.
  mutating func restricted(_ found: DiscoveredProject, to plan: ProjectPlan) -> DiscoveredProject {
    guard let configured = plan.configured else { return found }
    var project = found
    let base = found.root.base
    func relative(_ path: FilePath) -> String? { path.starts(with: plan.folder) ? path.shown(from: plan.folder) : nil }
    func relative(_ source: SourceFile) -> String? { relative(FilePath(source.path).absolute(from: base)) }
    project.assemblies = found.assemblies.filter { relative($0.directory) != nil }
    project.templates = found.templates.filter { relative($0) != nil }
    project.sql = found.sql.filter { relative($0) != nil }
    guard let patterns = configured.templates else { return project }
    var met: Set<PathPattern> = []
    func isMeant(_ path: String?) -> Bool {
      guard let path else { return false }
      let matching = patterns.filter { $0.value.matches(path) }
      met.formUnion(matching.map(\.value))
      return !matching.isEmpty
    }
    project.assemblies = project.assemblies.filter { isMeant(relative($0.directory)) }
    project.templates = project.templates.filter { isMeant(relative($0)) }
    for pattern in patterns where !met.contains(pattern.value) {
      complainOfNothing(pattern.value.text, "template or cloud assembly", at: pattern.span)
    }
    return project
  }

  /// SQL files that are ordered by one migration tool, and the data store that the configuration names for them.
  struct SchemaFiles {
    let files: [SourceFile]
    let assignments: [SchemaAssignment]
  }

  /// The SQL files of a project, in the order of the configuration where that gives one.
  mutating func schemaFiles(_ project: DiscoveredProject, _ plan: ProjectPlan) -> [SchemaFiles] {
    guard let schemas = plan.configured?.schemas else { return [SchemaFiles(files: project.sql, assignments: [])] }
    var groups: [SchemaFiles] = []
    var taken: Set<FileID> = []
    for schema in schemas {
      for written in schema.files {
        let pattern = PathPattern(written.value)
        let matching = project.sql.filter { source in
          let path = FilePath(source.path).absolute(from: project.root.base)
          return path.starts(with: plan.folder) && pattern.matches(path.shown(from: plan.folder))
        }
        if matching.isEmpty { complainOfNothing(written.value, "SQL file", at: written.span) }
        let files = matching.filter { taken.insert($0.id).inserted }
        let assignments = schema.cluster.map { cluster in
          files.map { file in
            let path = FilePath(file.path).absolute(from: project.root.base)
            return SchemaAssignment(sql: path.string, dataStore: cluster.value, span: cluster.span)
          }
        }
        // The patterns name scripts; the plan beside them orders them all the same.
        let plans = project.sql.filter { plan in
          plan.path.hasSuffix("sqitch.plan") && !matching.contains { $0.id == plan.id }
            && files.contains { $0.path.hasPrefix(plan.path.dropLast("sqitch.plan".count)) }
        }
        groups.append(SchemaFiles(files: files + plans, assignments: assignments ?? []))
      }
    }
    return groups
  }

  /// What the configuration says of SQL in the code of functions.
  func functionAssignments(_ plan: ProjectPlan) -> [SchemaAssignment] {
    (plan.configured?.schemas ?? []).compactMap { schema in
      guard let function = schema.function, let cluster = schema.cluster else { return nil }
      return SchemaAssignment(sql: function.value, dataStore: cluster.value, span: cluster.span)
    }
  }

  private mutating func complainOfNothing(_ pattern: String, _ kind: String, at span: Span) {
    diagnostics.append(
      Diagnostic(
        "matches-nothing", .error, "'\(pattern)' matches no \(kind).",
        cure: "Write it relative to the project's folder, or remove it.", at: span))
  }

  /// What the configuration leaves out of the walk.
  func excludes() -> (@Sendable (String) -> Bool)? {
    options.configuration?.excludes(of: options.paths, from: options.folder)
  }

  /// The ids of the rules that the configuration switches off.
  func disabledRules(_ rules: RuleSet) -> Set<String> { options.configuration?.disabledRules(rules) ?? [] }

  /// Says which rules the configuration changes that there are not.
  func checkConfiguredRules(_ library: RuleLibrary) -> [Diagnostic] {
    let rules = library.rules
    return (options.configuration?.rules ?? []).compactMap { configured in
      let name = configured.rule.value
      if let description = ExceptionRules.description(name) {
        guard let parameter = configured.parameters.first else { return nil }
        return Diagnostic(
          "unknown-parameter", .error, "Rule '\(description.name)' has no parameter '\(parameter.key.text)'.",
          cure: "Remove it.", at: parameter.key.span)
      }
      guard rules.rule(name) == nil, !library.rejected.contains(name) else { return nil }
      let absence = rules.absence(of: name)
      return Diagnostic("unknown-rule", .error, absence.message, cure: absence.cure, at: configured.rule.span)
    }
  }
}
