import CloudFormation
import Documents
import Estate
import Findings
import PostgresSchema
import Rules
import SourceText
import SystemPackage
import Values

/// One run: finds what there is to judge, reads it, joins both domains, judges, and makes the report.
package struct Linter: Sendable {
  /// blealint's version, by https://semver.org.
  package static let version = "0.1.0"

  /// What a run is asked to do.
  package struct Options: Sendable {
    /// Files and folders; the current folder when there are none.
    package var paths: [String] = []
    /// Where relative paths start; the process's current folder when nil.
    package var folder: FilePath?
    package var rules = RuleLibrary.Options()
    /// Ids or names of the rules to judge; all when empty.
    package var selection: [String] = []
    /// Template parameters given, by name.
    package var parameters: [String: String] = [:]
    /// Files of parameters, in the AWS CLI's form or as `{"Parameters": {…}}`; later ones win, and ``parameters`` win
    /// over all.
    package var parameterFiles: [String] = []
    /// Tags of the stacks of templates that stand alone.
    package var stackTags: [String: String] = [:]
    /// For which data store the SQL is, where that is said; the rest is found out.
    package var databases: [SchemaAssignment] = []
    package var assumesDefaults = false
    /// The server's major version, where the templates do not make just one cluster that says its own.
    package var postgresVersion = 16
    /// See ``Discovery/Options/tellsStaleAssemblies``.
    package var tellsStaleAssemblies = false
    package var failOn = FailureThreshold.severity(.high)
    /// `yyyy-mm-dd`; today when nil.
    package var asOf: String?
    /// What the project's configuration says; everything above wins over it.
    package var configuration: Configuration?
    /// The stage whose parameters hold; nil for none.
    package var stage: String?
    /// Names of the configured projects to judge; all when empty.
    package var projects: [String] = []
    /// Whether comments and Metadata may make exceptions.
    package var allowsInlineExceptions = true
    /// The findings that are known already.
    package var baseline: Baseline?
    /// What has changed, where only that counts.
    package var changes: ChangeSet?
    /// Of which rules the report carries the prose: rationale, controls, examples.
    package var prose = Prose.found
    /// Told of what the run does while it does it.
    package var observer: Observer?
    /// The framework whose controls the report answers one by one: a name, or a file's path; nil for none.
    package var framework: String?

    package enum Prose: Sendable {
      /// Of those that have findings: what a person at a terminal reads.
      case found
      case all
    }

    package init() {}
  }

  let options: Options
  var diagnostics: [Diagnostic] = []
  var passedOver: [PassedOver] = []
  /// What each file turned out to be for.
  var roles: [FileID: (role: ReadFile.Role, language: String)] = [:]

  /// The files that say what the stacks of assemblies publish.
  var assetManifests: [FilePath] = []

  /// Where the constructs of the assemblies' apps are made.
  var sources = ConstructSources()

  /// What shown paths are relative to, once there is something discovered; absolute.
  private(set) var base: FilePath = "/"

  package init(_ options: Options) { self.options = options }

  /// Runs, and says everything there is to say in the report; nothing is printed.
  package static func run(_ options: Options) async -> Report {
    var linter = Linter(options)
    return await linter.report()
  }

  /// One run.
  mutating func report() async -> Report {
    // Rules are compiled on one core while the input is read on the other.
    var asked = options.rules
    asked.defersLogic = true
    async let loading = RuleLibrary.load(asked)
    let date = options.asOf ?? Today.current()
    var project = observed(.discovery) { discover() }
    diagnostics += project.diagnostics
    passedOver += project.passedOver
    base = project.files.base
    let readings = readProjects(&project)
    if readings.allSatisfy(\.isEmpty), !project.isEmpty, diagnostics.allSatisfy({ $0.severity != .error }) {
      diagnostics.append(
        Diagnostic("nothing-to-check", .error, "None of the files found holds a template or SQL that can be judged."))
    }
    let library = await loading
    var mistakes = library.diagnostics
    mistakes += checkConfiguredRules(library)
    let selected = selectedRules(library, &mistakes)
    // A rule with a mistake would be a rule that never fires: nothing is judged before it is mended.
    guard mistakes.allSatisfy({ $0.severity != .error }) else {
      var refused = Linter(options)
      refused.diagnostics = mistakes
      return refused.finished(library, selected, Outcome(), library.files, name: "", date: date)
    }
    var outcome = Outcome()
    let isComplete = readings.count == max(1, options.configuration?.projects.count ?? 0)
    for reading in readings {
      let estate = Estate(
        library.rules.model, deployment: reading.deployment, catalogue: reading.schema.catalogue,
        hasSchema: reading.hasSchema, sources: reading.schema.sources, inlineSchemas: reading.schema.inline, asOf: date)
      var verdicts = await library.rules.judge(
        estate, rules: selected, observer: ruleObserver(count: selected.count))
      if readings.count > 1 {
        for index in verdicts.findings.indices { verdicts.findings[index].project = reading.name }
      }
      diagnostics += verdicts.diagnostics
      outcome.judgements += verdicts.judgements
      outcome.findings += verdicts.findings
    }
    makeExceptions(
      &outcome, readings, library, judged: Set(selected.map(\.id)), isComplete: isComplete, date: date,
      in: project.files)
    show(&outcome, in: &project)
    let name = readings.count == 1 ? readings[0].name : project.name
    if let baseline = options.baseline {
      let paths = Dictionary(project.files.all.map { ($0.id, $0.path) }, uniquingKeysWith: { first, _ in first })
      outcome.compare(with: baseline, project: name, paths: paths) { known in
        (options.selection.isEmpty || selected.contains { $0.id == known.rule }) && project.root.shows(known.path)
      }
    }
    if let changes = options.changes { outcome.keepTouched(by: changes, readings, in: project.files) }
    return finished(library, selected, outcome, project.files.all, name: name, date: date)
  }

  /// Judged is the whole project; shown is what was asked for, where the user can mend it.
  private mutating func show(_ outcome: inout Outcome, in project: inout DiscoveredProject) {
    let names = Dictionary(project.files.all.map { ($0.id, $0.path) }, uniquingKeysWith: { first, _ in first })
    let root = project.root
    func isHidden(_ finding: Finding) -> Bool { names[finding.primary.span.file].map { !root.shows($0) } ?? false }
    outcome.findings.removeAll(where: isHidden)
    outcome.setAside.removeAll { isHidden($0.finding) }
    let base = project.files.base
    let assemblies = project.assemblies.map(\.directory)
    let generated =
      assemblies.isEmpty
      ? []
      : Set(
        names.filter { file in
          assemblies.contains { FilePath(file.value).absolute(from: base).starts(with: $0) }
        }.keys)
    for index in outcome.findings.indices where !outcome.findings[index].fixes.isEmpty {
      // Each synthesis makes the template anew: a change in it would be lost.
      outcome.findings[index].fixes.removeAll { $0.edits.contains { generated.contains($0.span.file) } }
    }
    showSources(&outcome.findings, in: &project.files)
    outcome.setAside = outcome.setAside.map { aside in
      var findings = [aside.finding]
      showSources(&findings, in: &project.files)
      return SetAsideFinding(findings[0], aside.reason)
    }
    outcome.sort()
  }

  /// Finds what there is to read.
  func discover() -> DiscoveredProject {
    var discovery = Discovery.Options()
    discovery.tellsStaleAssemblies = options.tellsStaleAssemblies
    discovery.excludes = excludes()
    return Discovery.discover(options.paths, from: options.folder, options: discovery)
  }

  /// Puts the report together and decides the exit code.
  private mutating func finished(
    _ library: RuleLibrary, _ selected: [Rule], _ outcome: Outcome, _ files: [SourceFile], name: String, date: String
  ) -> Report {
    let found = Set(outcome.findings.map(\.rule))
    // The controls of a framework that rules name stand in the rules' prose.
    let namesControls = options.framework != nil
    let prose = options.prose
    let rules = library.rules
    var descriptions = concurrentMap(selected) {
      rules.description(
        of: $0, withProse: prose == .all || namesControls || found.contains($0.id), withExamples: prose == .all)
    }
    if outcome.hasExceptions {
      descriptions += ExceptionRules.descriptions
      descriptions.sort { $0.id < $1.id }
    }
    let sources = [options.configuration?.source].compactMap { $0 } + files
    var report = Report(
      toolVersion: Self.version, projectName: name,
      rules: descriptions,
      findings: outcome.findings, judgements: outcome.judgements, diagnostics: sorted(diagnostics),
      files: sources.map { source in
        let role = roles[source.id] ?? (.support, language(of: source.path))
        return ReadFile(source: source, role: role.role, language: role.language)
      },
      passedOver: passedOver.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }, asOf: date, exitCode: 0)
    report.setAside = outcome.setAside
    report.baseline = outcome.baseline
    report.changedSince = options.changes?.revision
    report.profiles = library.profiles.map(\.name)
    if let wanted = options.framework {
      let found = FrameworkLibrary.framework(
        wanted, rules: rules, descriptions: descriptions,
        firstFile: (files.map(\.id.rawValue).max() ?? -1) + 1)
      report.frameworks = found.framework.map { [$0] } ?? []
      report.diagnostics += found.diagnostics
      if !found.diagnostics.isEmpty {
        report.files += found.files.map { ReadFile(source: $0, role: .support, language: "yaml") }
      }
    }
    report.exitCode = exitCode(of: report)
    return report
  }

  /// 2 outranks 1: a gate must never pass, nor merely fail, because something was not looked at.
  private func exitCode(of report: Report) -> Int {
    if report.diagnostics.contains(where: { $0.severity == .error }) { return 2 }
    return report.findings.contains { options.failOn.isReached(by: $0) } ? 1 : 0
  }

  /// The rules to judge: those asked for by name, whatever the profile says of them; else those of the profile.
  private func selectedRules(_ library: RuleLibrary, _ diagnostics: inout [Diagnostic]) -> [Rule] {
    let rules = library.rules
    let disabled = disabledRules(rules)
    guard !options.selection.isEmpty else { return library.enabled.filter { !disabled.contains($0.id) } }
    var ids: Set<String> = []
    for wanted in options.selection {
      if let rule = rules.rule(wanted) {
        ids.insert(rule.id)
      } else if !library.rejected.contains(wanted) {
        let absence = rules.absence(of: wanted)
        diagnostics.append(Diagnostic("unknown-rule", .error, absence.message, cure: absence.cure))
      }
    }
    return rules.rules.filter { ids.contains($0.id) }
  }

  func sorted(_ diagnostics: [Diagnostic]) -> [Diagnostic] {
    var seen: Set<Diagnostic> = []
    return diagnostics.filter { seen.insert($0).inserted }.enumerated().sorted { a, b in
      switch (a.element.span, b.element.span) {
      case (let x?, let y?) where x != y: x < y
      case (nil, .some): true
      case (.some, nil): false
      default: a.offset < b.offset
      }
    }.map(\.element)
  }

  /// SARIF's sourceLanguage, by the file's name.
  func language(of path: String) -> String {
    if path.hasSuffix(".json") { return "json" }
    if path.hasSuffix(".sql") { return "sql" }
    let byEnding = [
      (".py", "python"), (".ts", "typescript"), (".js", "javascript"), (".mjs", "javascript"), (".java", "java"),
      (".cs", "csharp"),
      (".go", "go"),
    ]
    if let known = byEnding.first(where: { path.hasSuffix($0.0) }) { return known.1 }
    return "yaml"
  }
}

/// What makes the exit code 1.
package enum FailureThreshold: Hashable, Sendable {
  /// A failure of at least this severity.
  case severity(Severity)
  /// Any failure, and anything that could not be told.
  case unknown
  /// Nothing: findings are reported, and the exit code stays 0.
  case never

  /// Reads a severity's name, `unknown` or `never`.
  package init?(_ name: String) {
    switch name {
    case "never": self = .never
    case "unknown": self = .unknown
    default:
      guard let severity = Severity(rawValue: name) else { return nil }
      self = .severity(severity)
    }
  }

  /// As it is written on the command line and in a configuration.
  package var name: String {
    switch self {
    case .never: "never"
    case .unknown: "unknown"
    case .severity(let severity): severity.rawValue
    }
  }

  func isReached(by finding: Finding) -> Bool {
    switch self {
    case .never: false
    case .unknown: finding.verdict == .fail || finding.verdict == .unknown
    case .severity(let least): finding.verdict == .fail && finding.severity >= least
    }
  }
}
