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
    /// Tags of the stacks of templates that stand alone.
    package var stackTags: [String: String] = [:]
    package var assumesDefaults = false
    package var failOn = FailureThreshold.severity(.high)
    /// `yyyy-mm-dd`; today when nil.
    package var asOf: String?
    package var version: String
    /// Of which rules the report carries the prose: rationale, controls, examples.
    package var prose = Prose.found

    package enum Prose: Sendable {
      /// Of those that have findings: what a person at a terminal reads.
      case found
      case all
    }

    package init(version: String) { self.version = version }
  }

  private let options: Options
  private var diagnostics: [Diagnostic] = []
  private var passedOver: [PassedOver] = []
  private var roles: [FileID: (role: ReadFile.Role, language: String)] = [:]

  package init(_ options: Options) { self.options = options }

  /// Runs, and says everything there is to say in the report; nothing is printed.
  package static func run(_ options: Options) async -> Report {
    var linter = Linter(options)
    return await linter.report()
  }

  private mutating func report() async -> Report {
    let library = RuleLibrary.load(options.rules)
    let date = options.asOf ?? Today.current()
    let selected = selectedRules(library.rules)
    diagnostics += library.diagnostics
    // A rule with a mistake would be a rule that never fires: nothing is judged before it is mended.
    guard diagnostics.allSatisfy({ $0.severity != .error }) else {
      return finished(
        library, selected, RuleSet.Verdicts(), library.files, name: "", date: date, discovered: nil)
    }
    var project = Discovery.discover(options.paths, from: options.folder)
    diagnostics += project.diagnostics
    passedOver += project.passedOver
    let inputs = readTemplates(&project)
    let (deployment, linking) = Deployment.link(inputs, options: LinkOptions(assumesDefaults: options.assumesDefaults))
    diagnostics += linking
    let (catalogue, hasSchema) = readSchema(&project, deployment)
    if inputs.isEmpty, !hasSchema, !project.isEmpty, diagnostics.allSatisfy({ $0.severity != .error }) {
      diagnostics.append(
        Diagnostic("nothing-to-check", .error, "None of the files found holds a template or SQL that can be judged."))
    }
    let estate = Estate(
      library.rules.model, deployment: deployment, catalogue: catalogue, hasSchema: hasSchema)
    var verdicts = await library.rules.judge(estate, rules: selected)
    // Judged is the whole project; shown is what was asked for.
    let names = Dictionary(project.files.all.map { ($0.id, $0.path) }, uniquingKeysWith: { first, _ in first })
    verdicts.findings.removeAll { finding in
      names[finding.primary.span.file].map { !project.root.shows($0) } ?? false
    }
    diagnostics += verdicts.diagnostics
    return finished(
      library, selected, verdicts, project.files.all, name: project.name, date: date, discovered: project)
  }

  /// Puts the report together and decides the exit code.
  private mutating func finished(
    _ library: RuleLibrary, _ selected: [Rule], _ verdicts: RuleSet.Verdicts, _ files: [SourceFile], name: String,
    date: String, discovered: DiscoveredProject?
  ) -> Report {
    let found = Set(verdicts.findings.map(\.rule))
    var report = Report(
      toolVersion: options.version, projectName: name,
      rules: selected.map {
        library.rules.description(of: $0, withProse: options.prose == .all || found.contains($0.id))
      },
      findings: verdicts.findings, judgements: verdicts.judgements, diagnostics: sorted(diagnostics),
      files: files.map { source in
        let role = roles[source.id] ?? (.support, language(of: source.path))
        return ReadFile(source: source, role: role.role, language: role.language)
      },
      passedOver: passedOver.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }, asOf: date, exitCode: 0)
    report.exitCode = exitCode(of: report)
    return report
  }

  /// 2 outranks 1: a gate must never pass, nor merely fail, because something was not looked at.
  private func exitCode(of report: Report) -> Int {
    if report.diagnostics.contains(where: { $0.severity == .error }) { return 2 }
    return report.findings.contains { options.failOn.isReached(by: $0) } ? 1 : 0
  }

  private mutating func selectedRules(_ rules: RuleSet) -> [Rule] {
    guard !options.selection.isEmpty else { return rules.rules }
    var ids: Set<String> = []
    for wanted in options.selection {
      if let rule = rules.rule(wanted) {
        ids.insert(rule.id)
      } else {
        diagnostics.append(
          Diagnostic(
            "unknown-rule", .error, "There is no rule '\(wanted)'.",
            cure: rules.suggestion(for: wanted).map { "Did you mean '\($0)'?" } ?? "List them with 'blealint rules'."))
      }
    }
    return rules.rules.filter { ids.contains($0.id) }
  }

  private func sorted(_ diagnostics: [Diagnostic]) -> [Diagnostic] {
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

  private func language(of path: String) -> String {
    if path.hasSuffix(".json") || path.hasSuffix(".template") { return "json" }
    if path.hasSuffix(".sql") { return "sql" }
    if path.hasSuffix(".py") { return "python" }
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

  func isReached(by finding: Finding) -> Bool {
    switch self {
    case .never: false
    case .unknown: finding.verdict == .fail || finding.verdict == .unknown
    case .severity(let least): finding.verdict == .fail && finding.severity >= least
    }
  }
}

extension Linter {
  // MARK: Templates

  private mutating func readTemplates(_ project: inout DiscoveredProject) -> [TemplateInput] {
    var inputs: [TemplateInput] = []
    for assembly in project.assemblies {
      inputs += read(assembly, &project.files)
    }
    for source in project.templates {
      let format: DocumentFormat = language(of: source.path) == "json" ? .json : .yaml
      let reading = Document.read(source, as: format)
      diagnostics += reading.diagnostics
      roles[source.id] = (.template, format == .json ? "json" : "yaml")
      for document in reading.documents {
        guard document.root != nil else {
          diagnostics.append(
            Diagnostic("empty-template", .error, "The file is empty.", cure: "Remove it, or write the template.", path: source.path))
          continue
        }
        if let reason = Template.refusal(of: document) {
          passedOver.append(PassedOver(path: source.path, reason: reason))
          continue
        }
        inputs.append(
          TemplateInput(
            document: document, stackName: Self.stackName(of: source.path), isStackNameKnown: false,
            tags: options.stackTags, tagsKnown: !options.stackTags.isEmpty, parameters: options.parameters))
      }
    }
    return inputs
  }

  /// A name to show for the stack of a template on its own: the file's.
  private static func stackName(of path: String) -> String {
    let file = path.split(separator: "/").last ?? ""
    return String(file.prefix { $0 != "." })
  }

  private mutating func read(_ assembly: DiscoveredAssembly, _ files: inout FileStore) -> [TemplateInput] {
    roles[assembly.manifest.id] = (.assembly, "json")
    let reading = Document.read(assembly.manifest, as: .json)
    diagnostics += reading.diagnostics
    guard let document = reading.documents.first else { return [] }
    let (manifest, found) = CloudAssembly.read(manifest: document)
    diagnostics += found
    var inputs: [TemplateInput] = []
    for stack in manifest.stacks {
      guard let template = load(stack.templateFile, for: stack.origin, in: assembly, &files) else { continue }
      roles[template.source.id] = (.template, "json")
      var constructs: [String: CloudAssembly.Construct] = [:]
      if let name = stack.metadataFile, let metadata = load(name, for: stack.origin, in: assembly, &files) {
        constructs = CloudAssembly.constructs(metadata: metadata.document)
      }
      inputs.append(stack.input(template.document, constructs: constructs, parameters: options.parameters))
    }
    return inputs
  }

  private mutating func load(
    _ name: String, for origin: Origin, in assembly: DiscoveredAssembly, _ files: inout FileStore
  ) -> (source: SourceFile, document: Document)? {
    do throws(FileError) {
      let source = try files.read(name, in: assembly.directory)
      let reading = Document.read(source, as: .json)
      diagnostics += reading.diagnostics
      return reading.documents.first.map { (source, $0) }
    } catch {
      var diagnostic = error.diagnostic
      diagnostic.span = origin.span
      diagnostic.cure = "Run 'cdk synth' again."
      diagnostics.append(diagnostic)
      return nil
    }
  }

  // MARK: SQL

  private mutating func readSchema(_ project: inout DiscoveredProject, _ deployment: Deployment)
    -> (Catalogue, hasSchema: Bool)
  {
    var sources: [SQLSource] = []
    let files = project.sql.filter { isText($0) }
    let order = MigrationOrder.order(files.map { ($0.path, $0.bytes) })
    for skipped in order.skipped {
      passedOver.append(PassedOver(path: files[skipped.file].path, reason: skipped.reason))
    }
    for entry in order.entries {
      let file = files[entry.file]
      roles[file.id] = (.schema, "sql")
      sources.append(entry.parts.isEmpty ? SQLSource(file) : SQLSource(file, parts: entry.parts))
    }
    sources += embeddedSQL(deployment)
    let (catalogue, replay) = Catalogue.replay(sources)
    diagnostics += replay
    return (catalogue, !sources.isEmpty)
  }

  /// Whether a file is text; a dump in PostgreSQL's custom format is not.
  private mutating func isText(_ source: SourceFile) -> Bool {
    guard let zero = source.bytes.firstIndex(of: 0) else { return true }
    diagnostics.append(
      Diagnostic(
        "binary-sql", .error, "'\(source.path)' is no text: it holds a zero byte.",
        cure: "Write a dump as text (pg_dump --format=plain), or leave the file out.",
        at: Span(source.id, zero..<zero + 1)))
    return false
  }

  /// The SQL in the inline code of Lambda functions.
  private func embeddedSQL(_ deployment: Deployment) -> [SQLSource] {
    var sources: [SQLSource] = []
    for id in deployment.resources(ofType: "AWS::Lambda::Function") {
      guard let code = deployment.resource(id).declaration.properties?["Code"]?["ZipFile"], code.kind == .scalar else {
        continue
      }
      sources += EmbeddedSQL.find(inPython: code.mappedText)
    }
    return sources
  }
}
