import Findings
import SourceText

/// The report for people at a terminal: failures with their code frames and reasoning, unknowns by what makes them
/// unknown, what is wrong with the input, and what was read and judged.
package struct TextReport {
  private let report: Report
  private let options: RenderingOptions
  private let sources: SourceMap
  private let rules: [String: RuleDescription]
  private let wording: Wording
  private var canvas: TextCanvas
  /// The rules that a finding was already shown of.
  private var explainedRules: Set<String> = []

  private init(_ report: Report, options: RenderingOptions) {
    self.report = report
    self.options = options
    sources = SourceMap(report, withJudgements: options.evidence || !report.frameworks.isEmpty)
    var rules: [String: RuleDescription] = [:]
    for rule in report.rules { rules[rule.id] = rule }
    self.rules = rules
    wording = Wording(options.language)
    canvas = TextCanvas(color: options.color, width: options.width)
  }

  /// The report's text.
  package static func render(_ report: Report, options: RenderingOptions = RenderingOptions()) -> String {
    var text = TextReport(report, options: options)
    for finding in report.findings where finding.verdict == .fail { text.writeFailure(finding) }
    if options.isQuiet {
      text.writeDiagnostics()
      return text.canvas.text
    }
    text.writeUnknowns()
    text.writeDiagnostics()
    for framework in report.frameworks {
      FrameworkText(
        outcome: FrameworkOutcome(framework, in: report), sources: text.sources, wording: text.wording,
        asOf: report.asOf
      ).write(on: &text.canvas)
    }
    if options.evidence {
      text.writeSuppressed()
      text.writeEvidence()
    }
    text.writeCures()
    text.writeReading()
    text.writeSummary()
    return text.canvas.text
  }

  /// The last lines of the text report: what was judged and what came of it.
  package static func summary(_ report: Report, options: RenderingOptions = RenderingOptions()) -> String {
    var text = TextReport(report, options: options)
    text.writeSummary()
    return text.canvas.text
  }

  /// Diagnostics alone, such as the mistakes in a rule file.
  package static func render(
    _ diagnostics: [Diagnostic], sources: [SourceFile], options: RenderingOptions = RenderingOptions()
  ) -> String {
    let map = SourceMap(sources, citing: diagnostics.reduce(into: []) { $0.formUnion($1.files) })
    var canvas = TextCanvas(color: options.color, width: options.width)
    for diagnostic in diagnostics {
      canvas.diagnostic(diagnostic, sources: map, wording: Wording(options.language))
    }
    return canvas.text
  }

  // MARK: Failures

  private mutating func writeFailure(_ finding: Finding) {
    let rule = rules[finding.rule]
    canvas.leaveBlankLine()
    writeHeader(finding)
    canvas.paragraph(finding.message.plain, indent: 2)
    let hasNotes =
      !(finding.steps.isEmpty && finding.scenarios.isEmpty && finding.assumptions.isEmpty && finding.related.isEmpty
      && finding.fixes.isEmpty) || !explainedRules.contains(finding.rule)
    let indent = canvas.codeFrame(
      sources, finding.primary.span, marks: finding.severity.style, hasNotes: hasNotes)
    writeSteps(finding.steps, from: finding.primary.span.file, indent: indent)
    canvas.note(wording.when, shown(finding.scenarios), indent: indent)
    canvas.note(wording.assuming, finding.assumptions, indent: indent)
    canvas.note(
      wording.see,
      // What the steps have shown already is not told again.
      finding.related.filter { related in !finding.steps.contains { $0.location.span == related.location.span } }.map {
        "\($0.message.withoutFullStop), \(place($0.location.span, from: finding.primary.span.file))"
      },
      indent: indent)
    writeCure(finding, rule: rule, indent: indent)
  }

  /// The first of many scenarios: a parameter may have as many values as there are instance classes.
  private func shown(_ scenarios: [String]) -> [String] {
    guard scenarios.count > Self.scenarioLimit + 1 else { return scenarios }
    return scenarios.prefix(Self.scenarioLimit) + [wording.more(scenarios.count - Self.scenarioLimit)]
  }

  /// The most scenarios that a person at a terminal is told of one finding.
  private static let scenarioLimit = 5

  /// Fixes for each finding; what the rule says of itself with the first of its findings only.
  private mutating func writeCure(_ finding: Finding, rule: RuleDescription?, indent: Int) {
    for fix in finding.fixes {
      canvas.note(
        wording.help, ["\(fix.description) \(wording.fixHint(fix.safety))"], indent: indent, labelStyle: .help)
      canvas.preview(FixPreview(fix, sources: sources, limit: canvas.width - indent - 3), barAt: indent)
    }
    guard explainedRules.insert(finding.rule).inserted else { return }
    if finding.fixes.isEmpty, let remediation = rule?.remediation(options.language).firstParagraph,
      !remediation.isEmpty
    {
      canvas.note(wording.help, [remediation], indent: indent, labelStyle: .help)
    }
    let controls = rule?.controls ?? []
    if !controls.isEmpty {
      canvas.note(wording.controlled, [controls.map(\.line).joined(separator: "; ")], indent: indent)
    }
    canvas.note(wording.more, ["blealint explain \(finding.rule)"], indent: indent, labelStyle: .help)
  }

  private mutating func writeHeader(_ finding: Finding) {
    canvas.write(sources.place(finding.primary.span), .place)
    canvas.write(" ")
    canvas.write(wording(finding.severity), finding.severity.style)
    canvas.write(" ")
    canvas.write(finding.rule, .strong)
    if let name = rules[finding.rule]?.name { canvas.write(" \(name)") }
    canvas.endLine()
  }

  private mutating func writeSteps(_ steps: [Step], from file: FileID, indent: Int) {
    canvas.note(
      wording.because,
      steps.map { step in
        let lead = String(repeating: "  ", count: min(max(step.nesting, 0), 8))
        return "\(lead)\(step.message.withoutFullStop), \(place(step.location.span, from: file))"
      }, indent: indent)
  }

  /// A place as a reader of another place in `file` needs it.
  private func place(_ span: Span, from file: FileID) -> String {
    guard let line = sources.positions(span)?.start.line else { return sources.path(span.file) }
    return span.file == file ? wording.line(line) : "\(sources.path(span.file)):\(line)"
  }

  // MARK: Unknowns

  /// Unknown findings with the same reasons are told once: one missing parameter leaves many rules undecided.
  private mutating func writeUnknowns() {
    var order: [[UnknownReason]] = []
    var groups: [[UnknownReason]: [Finding]] = [:]
    for finding in report.findings where finding.verdict == .unknown {
      if groups[finding.reasons] == nil { order.append(finding.reasons) }
      groups[finding.reasons, default: []].append(finding)
    }
    guard !order.isEmpty else { return }
    canvas.leaveBlankLine()
    canvas.write(wording.unknownsHeading, .strong)
    canvas.endLine()
    for reasons in order { writeCause(reasons, of: groups[reasons] ?? []) }
  }

  private mutating func writeCause(_ reasons: [UnknownReason], of findings: [Finding]) {
    canvas.leaveBlankLine()
    let first = reasons.first
    if let span = first?.location {
      canvas.write(sources.place(span), .place)
      canvas.write(" ")
      canvas.write(wording(.unknown), .medium)
      canvas.endLine()
    }
    canvas.paragraph(first.map { $0.text.asSentence } ?? "\(wording.noReason).", indent: 2)
    var indent = 2
    if let span = first?.location {
      indent = canvas.codeFrame(
        sources, span, marks: .medium, before: 0, after: 0,
        hasNotes: reasons.count > 1 || reasons.contains { $0.cure != nil })
    }
    canvas.note(
      wording.and,
      reasons.dropFirst().map { reason in
        (reason.text.withoutFullStop + (reason.location.map { " (\(sources.place($0)))" } ?? "")).asSentence
      }, indent: indent)
    canvas.note(wording.help, reasons.compactMap(\.cure).unique.map(\.asSentence), indent: indent, labelStyle: .help)
    for finding in findings {
      canvas.write("  ")
      writeHeader(finding)
      canvas.paragraph(finding.message.plain, indent: 4)
      if !finding.scenarios.isEmpty {
        canvas.paragraph("\(wording.when) \(shown(finding.scenarios).joined(separator: "; "))", indent: 4, .dim)
      }
    }
  }

  /// What would settle the unknowns, at the end, where it is read first.
  private mutating func writeCures() {
    let causes = UnknownCauses(report.findings).causes
    guard !causes.isEmpty else { return }
    canvas.leaveBlankLine()
    canvas.write(wording.curesHeading, .strong)
    canvas.endLine()
    for cause in causes {
      canvas.paragraph("- \(cause.cure) \(wording.settles(cause.findings, rules: cause.rules))", indent: 2)
      if let key = cause.key { canvas.paragraph(wording.orKey(key), indent: 4, .dim) }
    }
  }

  // MARK: What is wrong with the input

  private mutating func writeDiagnostics() {
    guard !report.diagnostics.isEmpty else { return }
    canvas.leaveBlankLine()
    canvas.write(wording.diagnosticsHeading, .strong)
    canvas.endLine()
    for diagnostic in report.diagnostics { canvas.diagnostic(diagnostic, sources: sources, wording: wording) }
  }

  // MARK: Evidence

  private mutating func writeEvidence() {
    canvas.leaveBlankLine()
    canvas.write(wording.evidenceHeading(asOf: report.asOf), .strong)
    canvas.endLine()
    let judgements = Dictionary(grouping: report.judgements, by: \.rule)
    let verdictWidth = Verdict.allCases.map { DisplayText.width(wording($0)) }.max() ?? 0
    for rule in report.rules.sorted(by: { $0.id < $1.id }) {
      canvas.leaveBlankLine()
      canvas.write(rule.id, .strong)
      canvas.write(" \(rule.name) ")
      canvas.write("(\(wording(rule.severity)))", .dim)
      let own = judgements[rule.id] ?? []
      if own.isEmpty { canvas.write(": \(wording.appliesToNothing)", .dim) }
      canvas.endLine()
      for judgement in own {
        let verdict = wording(judgement.verdict)
        canvas.write("  ")
        canvas.write(verdict, judgement.verdict.style)
        canvas.write(String(repeating: " ", count: verdictWidth - DisplayText.width(verdict) + 2))
        canvas.write(judgement.subject)
        if let location = judgement.location {
          canvas.write("  ")
          canvas.write(sources.place(location.span), .place)
        }
        canvas.endLine()
      }
    }
  }

  // MARK: The end

  private mutating func writeReading() {
    canvas.leaveBlankLine()
    let roles: [ReadFile.Role] = [.template, .assembly, .schema, .support]
    let counts = roles.map { role in (role, report.files.count { $0.role == role }) }
    let parts = counts.filter { $0.1 > 0 }.map { wording.role($0.0, $0.1) }
    canvas.paragraph(wording.read(report.files.count, parts), indent: 0)
    guard !report.passedOver.isEmpty else { return }
    canvas.paragraph(wording.passedOver(report.passedOver.count), indent: 0)
    let shown = options.evidence ? Int.max : 3
    var byReason: [String: [String]] = [:]
    for file in report.passedOver { byReason[file.reason, default: []].append(file.path) }
    for reason in report.passedOver.map(\.reason).unique {
      let paths = byReason[reason] ?? []
      var list = paths.prefix(shown).joined(separator: ", ")
      if paths.count > shown { list += ", \(wording.andMore(paths.count - shown))" }
      canvas.paragraph("\(reason): \(list)", indent: 2, .dim)
    }
  }

  /// What was accepted, by whom and why: for whoever reviews exceptions.
  private mutating func writeSuppressed() {
    let suppressed = report.setAside.compactMap { aside in aside.suppression.map { (aside.finding, $0) } }
    guard !suppressed.isEmpty else { return }
    canvas.leaveBlankLine()
    canvas.write(wording.setAsideHeading, .strong)
    canvas.endLine()
    for (finding, suppression) in suppressed {
      canvas.leaveBlankLine()
      canvas.write("  ")
      writeHeader(finding)
      canvas.paragraph(finding.message.plain, indent: 4)
      let terms = [suppression.approver.map(wording.by), suppression.expires.map(wording.until)].compactMap { $0 }
      let end = terms.isEmpty ? "" : " (" + terms.joined(separator: wording.comma) + ")"
      canvas.paragraph("\(suppression.justification)\(end), \(sources.place(suppression.span))", indent: 4, .dim)
    }
  }

  /// What does not count: said whenever there is any, since a silent exception is none that anybody owns.
  private mutating func writeSetAside(_ summary: ReportSummary) {
    for sentence in wording.setAside(summary, baseline: report.baseline, changedSince: report.changedSince) {
      canvas.paragraph(sentence, indent: 0)
    }
    let gone = report.baseline?.gone ?? []
    let shown = options.evidence ? gone.count : min(gone.count, 10)
    for finding in gone.prefix(shown) { canvas.paragraph(wording.gone(finding), indent: 2, .dim) }
    if gone.count > shown { canvas.paragraph(wording.andMore(gone.count - shown), indent: 2, .dim) }
  }

  private mutating func writeSummary() {
    let summary = ReportSummary(report)
    writeSetAside(summary)
    if let profile = report.profiles.last {
      let bases = report.profiles.dropLast().reversed().map { " > \($0)" }.joined()
      canvas.paragraph("\(wording.profile): \(profile)\(bases)\(wording.fullStop)", indent: 0)
    }
    func parts(_ counts: [Verdict: Int]) -> [String] {
      Verdict.allCases.compactMap { verdict in
        counts[verdict].map { wording.counted(verdict, $0) }
      }
    }
    canvas.paragraph(wording.rules(report.rules.count, parts(summary.rules)), indent: 0)
    canvas.paragraph(wording.judgements(report.judgements.count, parts(summary.judgements)), indent: 0)
    var results: [(String, TextCanvas.Style)] = []
    if summary.failureCount > 0 {
      let severities = Severity.allCases.reversed().compactMap { severity in
        summary.failures[severity].map { wording.counted(severity, $0) }
      }
      let worst = Severity.allCases.last { (summary.failures[$0] ?? 0) > 0 } ?? .info
      results.append((wording.failures(summary.failureCount, severities), worst.style))
    } else if report.judgements.isEmpty {
      results.append((wording.nothingJudged, .medium))
    } else {
      results.append((wording.noFailures, .pass))
    }
    if summary.unknowns > 0 { results.append((wording.unknowns(summary.unknowns), .medium)) }
    if let count = summary.diagnostics[.error] { results.append((wording.errors(count), .high)) }
    if let count = summary.diagnostics[.warning] { results.append((wording.warnings(count), .medium)) }
    if summary.safelyFixable > 0 { results.append((wording.fixable(summary.safelyFixable), .help)) }
    for (index, (text, style)) in results.enumerated() {
      if index > 0 { canvas.write(wording.comma) }
      canvas.write(text, style)
    }
    canvas.write(wording.fullStop)
    canvas.endLine()
  }
}

extension TextCanvas {
  /// The frame of a span between two lines of air; the column of its bar, below which notes are set.
  fileprivate mutating func codeFrame(
    _ sources: SourceMap, _ span: Span, marks: Style, before: Int = 2, after: Int = 1, hasNotes: Bool = true
  ) -> Int {
    guard let entry = sources[span.file] else { return 2 }
    // The gutter is at most " 12345 | ": its true width is known when the frame is made.
    let frame = CodeFrame(entry, span, before: before, after: after, limit: width - 9)
    let indent = max(4, String(frame.lastLine).utf8.count + 2)
    self.frame(frame, barAt: indent, marks: marks, hasNotes: hasNotes)
    return indent
  }

  /// What is wrong with an input, with its place.
  fileprivate mutating func diagnostic(_ diagnostic: Diagnostic, sources: SourceMap, wording: Wording) {
    leaveBlankLine()
    if let place = diagnostic.span.map(sources.place) ?? diagnostic.path {
      write(place, .place)
      write(" ")
    }
    write(wording(diagnostic.severity), diagnostic.severity.style)
    write(" ")
    write(diagnostic.id, .strong)
    endLine()
    paragraph(diagnostic.message, indent: 2)
    var indent = 2
    if let span = diagnostic.span {
      indent = codeFrame(
        sources, span, marks: diagnostic.severity.style, before: 1, after: 0,
        hasNotes: diagnostic.cure != nil || !diagnostic.related.isEmpty)
    }
    note(
      wording.see, diagnostic.related.map { "\($0.message.withoutFullStop), \(sources.place($0.span))" }, indent: indent
    )
    note(wording.help, diagnostic.cure.map { [$0] } ?? [], indent: indent, labelStyle: .help)
  }
}

extension Severity {
  /// How it is painted wherever it is told.
  var style: TextCanvas.Style {
    switch self {
    case .critical: .critical
    case .high: .high
    case .medium: .medium
    case .low: .low
    case .info: .info
    }
  }
}

extension Diagnostic.Severity {
  fileprivate var style: TextCanvas.Style {
    switch self {
    case .error: .high
    case .warning: .medium
    case .note: .info
    }
  }
}

extension Verdict {
  /// How it is painted wherever it is told.
  var style: TextCanvas.Style {
    switch self {
    case .pass: .pass
    case .fail: .high
    case .unknown: .medium
    case .notApplicable: .dim
    }
  }
}
