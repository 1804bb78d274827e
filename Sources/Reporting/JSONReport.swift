import Findings
import SourceText

/// blealint's own JSON: everything a run came to, for scripts and for auditors.
///
/// An object with these members, in this order. A later version may add members; `version` changes when one changes
/// its meaning or goes.
///
/// - `version`: 1.
/// - `tool`: `name` and `version`.
/// - `project`: the project's name. `asOf`: the date it was judged by. `profiles`: the
///   profile in force behind those it builds on, where there is one. `exitCode`: 0, 1 or 2.
/// - `summary`: `failures` (by severity), `unknowns`, `judgements` and `rules` (by verdict), `diagnostics` (by
///   severity), `suppressed` (`inSource`, `external`), `known` (to the baseline), `gone` (from it), `untouched` (by the
///   change), `files`, `passedOver`.
/// - `findings`: failures and unknowns, by place. Each has `rule`, `name`, `verdict` (`fail`, `unknown`), `severity`,
///   `obligation`, `subject`, `message`, `location`, `related` (`id`, `message`, `location`), `steps` (`message`,
///   `nesting`, `isEssential`, `location`), `scenarios`, `assumptions`, `reasons` (`text`, `cure`, `location`), `fixes`
///   (`description`, `safety`, `edits` of `path`, `region`, `replacement`) and `fingerprint`
///   (see ``SubjectFingerprint``).
/// - `setAside`: findings that do not count, each like one of `findings`, with `because`: `suppressed`, `known` or
///   `untouched`, and for the first `suppression`: `kind` (`inSource`, `external`), `justification`, `approver`,
///   `expires`, `location`.
/// - `baseline`: where one was given: `path`, and `gone`: what it has and the project has not any more (`rule`,
///   `message`, `path`, `logicalPath`, `fingerprint`). `changedSince`: the revision, where only changes count.
/// - `judgements`: every rule on every subject: `rule`, `verdict`, `subject`, `location`.
/// - `frameworks`, where some were asked for: `id`, `title` and `controls`, each with `id`, `group`, `title`, `verdict`
///   (`pass`, `fail`, `unknown`, `notApplicable`, `beyondFiles`), `rules` (`rule`, `name`, `verdict`, `judgements` of
///   `verdict`, `subject`, `location`), `notJudged` and `beyondFiles`.
/// - `rules`: every enabled rule: `id`, `name`, `title` (`en`, `ja`), `severity`, `origin`, `isBuiltIn`, `controls`,
///   `parameters` with the values in force, `references`.
/// - `diagnostics`: what is wrong with the inputs: `id`, `severity`, `message`, `cure`, `location` or `path`,
///   and `related` (`message`, `location`).
/// - `files`: what was read: `path`, `role`, `language`, `length` in bytes, `sha256`.
/// - `passedOver`: what was found and not judged: `path`, `reason`.
///
/// A `location` has `path` and `region`, and for places that have a name `logicalPath`, `kind` and `constructPath`. A
/// `region` has `start` and `end` (exclusive), each with `line` and `column` (1-based; columns in code points),
/// `utf16Column`, and `offset` (0-based, in bytes of the file as read). Paths are relative to the project's root.
package enum JSONReport {
  /// The value of `version`.
  package static let version = 1

  /// The report's text.
  package static func render(_ report: Report) -> String {
    JSONWriter.text { Renderer(report).write(to: &$0) }
  }

  /// Writes the report's text piece by piece.
  static func write(_ report: Report, to sink: @escaping ([UInt8]) -> Void) {
    JSONWriter.write(to: sink) { Renderer(report).write(to: &$0) }
  }

  /// Writes the members of a rule as the report and the list of rules give it.
  static func writeMembers(of rule: RuleDescription, to json: inout JSONWriter) {
    json.member("id", rule.id)
    json.member("name", rule.name)
    json.member("title", rule.title)
    json.member("severity", rule.severity.rawValue)
    json.strings("origin", rule.origin)
    json.member("isBuiltIn", rule.isBuiltIn)
    json.object("controls") { json in
      for group in rule.controls { json.member(named: group.framework) { $0.array(group.ids) { $0.write($1) } } }
    }
    json.object("parameters") { json in
      for parameter in rule.parameters { json.member(named: parameter.name) { $0.write(parameter.value) } }
    }
    json.strings("references", rule.references)
  }
}

/// Shared by both cores, not copied.
private final class Renderer: Sendable {
  let report: Report
  let sources: SourceMap
  /// Each rule's name.
  let names: [String: String]

  init(_ report: Report) {
    self.report = report
    sources = SourceMap(report, withJudgements: true)
    names = Dictionary(report.rules.map { ($0.id, $0.name) }, uniquingKeysWith: { _, last in last })
  }

  func write(to json: inout JSONWriter) {
    json.object { json in
      json.member("version", JSONReport.version)
      json.object("tool") { json in
        json.member("name", "blealint")
        json.member("version", report.toolVersion)
      }
      json.member("project", report.projectName)
      json.member("asOf", report.asOf)
      json.strings("profiles", unlessEmpty: report.profiles)
      json.member("exitCode", report.exitCode)
      json.object("summary", writeSummary)
      json.objects("findings", count: report.findings.count) { json, index in
        writeMembers(of: report.findings[index], to: &json)
      }
      json.objects("setAside", report.setAside) { writeMembers(of: $1, to: &$0) }
      if let baseline = report.baseline { json.object("baseline") { writeMembers(of: baseline, to: &$0) } }
      json.member("changedSince", report.changedSince)
      json.objects("judgements", count: report.judgements.count) { json, index in
        writeMembers(of: report.judgements[index], to: &json)
      }
      json.objects("frameworks", unlessEmpty: report.frameworks) { json, framework in
        FrameworkOutcome(framework, in: report).writeMembers(sources, to: &json)
      }
      json.objects("rules", report.rules) { JSONReport.writeMembers(of: $1, to: &$0) }
      json.objects("diagnostics", report.diagnostics) { sources.writeMembers(of: $1, to: &$0) }
      json.objects("files", report.files) { writeMembers(of: $1, to: &$0) }
      json.objects("passedOver", report.passedOver) { json, file in
        json.member("path", file.path)
        json.member("reason", file.reason)
      }
    }
  }

  private func writeSummary(to json: inout JSONWriter) {
    let summary = ReportSummary(report)
    func write(_ name: StaticString, _ verdicts: [Verdict: Int], to json: inout JSONWriter) {
      json.object(name) { json in
        for verdict in Verdict.allCases { json.member(named: verdict.rawValue) { $0.write(verdicts[verdict] ?? 0) } }
      }
    }
    json.object("failures") { json in
      for severity in Severity.allCases.reversed() {
        json.member(named: severity.rawValue) { $0.write(summary.failures[severity] ?? 0) }
      }
    }
    json.member("unknowns", summary.unknowns)
    write("judgements", summary.judgements, to: &json)
    write("rules", summary.rules, to: &json)
    json.object("diagnostics") { json in
      for severity in [Diagnostic.Severity.error, .warning, .note] {
        json.member(named: severity.rawValue) { $0.write(summary.diagnostics[severity] ?? 0) }
      }
    }
    json.object("suppressed") { json in
      json.member("inSource", summary.suppressed[.inSource] ?? 0)
      json.member("external", summary.suppressed[.external] ?? 0)
    }
    json.member("known", summary.known)
    json.member("gone", report.baseline?.gone.count ?? 0)
    json.member("untouched", summary.untouched)
    json.member("files", report.files.count)
    json.member("passedOver", report.passedOver.count)
  }

  // MARK: Findings

  private func writeMembers(of aside: SetAsideFinding, to json: inout JSONWriter) {
    writeMembers(of: aside.finding, to: &json)
    switch aside.reason {
    case .suppressed: json.member("because", "suppressed")
    case .inBaseline: json.member("because", "known")
    case .untouched: json.member("because", "untouched")
    }
    guard let suppression = aside.suppression else { return }
    json.object("suppression") { json in
      json.member("kind", suppression.kind.rawValue)
      json.member("justification", suppression.justification)
      json.member("approver", suppression.approver)
      json.member("expires", suppression.expires)
      json.object("location") { sources.writeMembers(of: suppression.span, to: &$0) }
    }
  }

  private func writeMembers(of baseline: BaselineComparison, to json: inout JSONWriter) {
    json.member("path", baseline.path)
    json.objects("gone", baseline.gone) { json, gone in
      json.member("rule", gone.rule)
      json.member("message", gone.message)
      json.member("path", gone.path)
      json.member("logicalPath", gone.logicalPath)
      json.member("fingerprint", gone.fingerprint)
    }
  }

  private func writeMembers(of finding: Finding, to json: inout JSONWriter) {
    json.member("rule", finding.rule)
    json.member("name", names[finding.rule])
    json.member("verdict", finding.verdict.rawValue)
    json.member("severity", finding.severity.rawValue)
    json.member("obligation", finding.obligation)
    json.member("subject", finding.subject)
    json.member("message", finding.message.plain)
    write("location", finding.primary, to: &json)
    json.objects("related", finding.related) { json, related in
      json.member("id", related.id)
      json.member("message", related.message)
      write("location", related.location, to: &json)
    }
    json.objects("steps", finding.steps) { json, step in
      json.member("message", step.message)
      json.member("nesting", step.nesting)
      json.member("isEssential", step.isEssential)
      write("location", step.location, to: &json)
    }
    json.strings("scenarios", finding.scenarios)
    json.strings("assumptions", finding.assumptions)
    json.objects("reasons", finding.reasons) { json, reason in
      json.member("text", reason.text)
      json.member("cure", reason.cure)
      if let location = reason.location { json.object("location") { sources.writeMembers(of: location, to: &$0) } }
    }
    json.objects("fixes", finding.fixes) { writeMembers(of: $1, to: &$0) }
    json.member("fingerprint", SubjectFingerprint.of(finding, inProject: report.projectName))
  }

  private func writeMembers(of fix: Fix, to json: inout JSONWriter) {
    json.member("description", fix.description)
    json.member("safety", fix.safety.rawValue)
    json.objects("edits", fix.edits) { json, edit in
      sources.writeMembers(of: edit.span, to: &json)
      json.member("replacement", edit.replacement)
    }
  }

  private func writeMembers(of judgement: Judgement, to json: inout JSONWriter) {
    json.member("rule", judgement.rule)
    json.member("verdict", judgement.verdict.rawValue)
    json.member("subject", judgement.subject)
    if let location = judgement.location { write("location", location, to: &json) }
  }

  private func write(_ name: StaticString, _ location: Location, to json: inout JSONWriter) {
    json.object(name) { sources.writeMembers(of: location, to: &$0) }
  }

  private func writeMembers(of file: ReadFile, to json: inout JSONWriter) {
    json.member("path", file.source.path)
    json.member("role", file.role.rawValue)
    json.member("language", file.language)
    json.member("length", file.source.fileBytes.count)
    json.member("sha256", SHA256.hexadecimal(file.source.fileBytes))
  }
}
