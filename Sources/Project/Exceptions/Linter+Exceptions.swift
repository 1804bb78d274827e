import CloudFormation
import Documents
import Findings
import Rules
import SourceText
import SystemPackage

extension Linter {
  /// Sets aside what exceptions silence, and judges the exceptions. The outcome holds every finding of all projects that
  /// were judged; of rules that were not (`judged` has the ids of those that were), nobody knows whether an exception is
  /// of use, nor of a waiver unless all projects were judged (`isComplete`).
  func makeExceptions(
    _ outcome: inout Outcome, _ readings: [ProjectReading], _ library: RuleLibrary, judged: Set<String>,
    isComplete: Bool, date: String, in files: FileStore
  ) {
    var bench = ExceptionBench(rules: library.rules, judged: judged, date: date)
    if options.allowsInlineExceptions {
      for exception in inlineExceptions(readings, files) { bench.add(exception) }
    }
    for waiver in options.configuration?.waivers ?? [] { bench.add(waiver) }
    guard !bench.isEmpty else { return }
    let subjects = subjectReader(readings, files)
    var counting: [Finding] = []
    for finding in outcome.findings {
      switch bench.treat(finding, subjects) {
      case .counts(let finding): counting.append(finding)
      case .silenced(let suppression): outcome.setAside.append(SetAsideFinding(finding, .suppressed(suppression)))
      }
    }
    // The rules about exceptions can be changed like all others.
    let disabled = disabledRules(library.rules)
    var severities: [String: Severity] = [:]
    for configured in options.configuration?.rules ?? [] {
      guard let rule = ExceptionRules.description(configured.rule.value) else { continue }
      severities[rule.id] = configured.severity?.value
    }
    let stages = (options.configuration?.projects ?? []).flatMap { $0.stages.map(\.name.value) }
    var seen: Set<String> = []
    let otherStages = stages.filter { $0 != options.stage && seen.insert($0).inserted }
    var (findings, judgements) = bench.verdicts(
      isComplete: isComplete, stage: options.stage, otherStages: otherStages)
    findings.removeAll { disabled.contains($0.rule) }
    judgements.removeAll { disabled.contains($0.rule) }
    for index in findings.indices { findings[index].severity = severities[findings[index].rule] ?? .medium }
    outcome.findings = counting + findings
    outcome.judgements += judgements
    outcome.hasExceptions = true
  }

  /// The exceptions written in templates and SQL: each once, however often its template is deployed.
  private func inlineExceptions(_ readings: [ProjectReading], _ files: FileStore) -> [FindingException] {
    var found: [FindingException] = []
    var seen: Set<Span> = []
    for reading in readings {
      for stack in reading.deployment.stacks {
        guard let source = files[stack.template.document.file] else { continue }
        found += TemplateExceptions.find(in: stack.template.document, of: source)
      }
      for source in reading.schema.replayed { found += SQLExceptions.find(in: source.text) }
    }
    return found.filter { seen.insert($0.span).inserted }
  }

  /// Tells what findings are about, as the selectors of waivers ask.
  private func subjectReader(
    _ readings: [ProjectReading], _ files: FileStore
  ) -> (Finding) -> Waiver.Subject {
    let root = ProjectRoot.find(options.paths, from: options.folder)
    let base = options.configuration?.base(in: root) ?? root.directory
    var stacks: [FileID: [String]] = [:]
    for reading in readings {
      for stack in reading.deployment.stacks { stacks[stack.template.document.file, default: []].append(stack.name) }
    }
    return { finding in
      var subject = Waiver.Subject()
      let file = finding.primary.span.file
      subject.stacks = stacks[file] ?? []
      subject.constructPath = finding.primary.constructPath
      let steps = finding.primary.path.split(separator: "/")
      if steps.count > 1, steps[0] == "Resources" {
        subject.logicalID = String(steps[1])
      } else if !finding.primary.path.contains("/") {
        subject.tables.append(finding.primary.path)
      }
      // `table public.users`, wherever what is wrong with it is written.
      if finding.subject.hasPrefix("table ") || finding.subject.hasPrefix("column ") {
        subject.tables.append(String(finding.subject.drop { $0 != " " }.dropFirst()))
      }
      if let path = files[file].map({ FilePath($0.path).absolute(from: files.base) }), path.starts(with: base) {
        subject.path = path.shown(from: base)
      }
      return subject
    }
  }
}
