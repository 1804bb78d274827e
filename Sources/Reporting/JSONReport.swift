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
    JSONWriter.text(Renderer(report: report, sources: SourceMap(report, withJudgements: true)).document)
  }

  /// Writes the report's text piece by piece.
  static func write(_ report: Report, to sink: @escaping ([UInt8]) -> Void) {
    JSONWriter.write(Renderer(report: report, sources: SourceMap(report, withJudgements: true)).document, to: sink)
  }
}

private struct Renderer {
  let report: Report
  let sources: SourceMap

  var document: JSONDraft {
    var names: [String: String] = [:]
    for rule in report.rules { names[rule.id] = rule.name }
    return .members([
      ("version", .value(.int(JSONReport.version))),
      ("tool", .value(["name": .string("blealint"), "version": .string(report.toolVersion)])),
      ("project", .value(.string(report.projectName))),
      ("asOf", .value(.string(report.asOf))),
      ("profiles", .optional(.filled(report.profiles))),
      ("exitCode", .value(.int(report.exitCode))),
      ("summary", .value(summary)),
      (
        "findings",
        .made(report.findings.count) { [names] index in
          let finding = report.findings[index]
          return self.finding(finding, name: names[finding.rule])
        }
      ),
      ("setAside", .value(.array(report.setAside.map { setAside($0, name: names[$0.finding.rule]) }))),
      ("baseline", .optional(report.baseline.map(baseline))),
      ("changedSince", .optional(report.changedSince.map(JSONValue.string))),
      ("judgements", .made(report.judgements.count) { judgement(report.judgements[$0]) }),
      (
        "frameworks",
        .optional(.filled(report.frameworks.map { FrameworkOutcome($0, in: report).json(sources) }))
      ),
      ("rules", .made(report.rules.count) { JSONReport.rule(report.rules[$0]) }),
      ("diagnostics", .value(.array(report.diagnostics.map(sources.json)))),
      ("files", .value(.array(report.files.map(file)))),
      (
        "passedOver",
        .value(.array(report.passedOver.map { ["path": .string($0.path), "reason": .string($0.reason)] }))
      ),
    ])
  }

  private var summary: JSONValue {
    let summary = ReportSummary(report)
    func counts(_ verdicts: [Verdict: Int]) -> JSONValue {
      .object(Verdict.allCases.map { JSONValue.Member($0.rawValue, .int(verdicts[$0] ?? 0)) })
    }
    let diagnosticSeverities: [Diagnostic.Severity] = [.error, .warning, .note]
    return [
      "failures": .object(
        Severity.allCases.reversed().map { JSONValue.Member($0.rawValue, .int(summary.failures[$0] ?? 0)) }),
      "unknowns": .int(summary.unknowns),
      "judgements": counts(summary.judgements),
      "rules": counts(summary.rules),
      "diagnostics": .object(
        diagnosticSeverities.map { JSONValue.Member($0.rawValue, .int(summary.diagnostics[$0] ?? 0)) }),
      "suppressed": [
        "inSource": .int(summary.suppressed[.inSource] ?? 0), "external": .int(summary.suppressed[.external] ?? 0),
      ],
      "known": .int(summary.known),
      "gone": .int(report.baseline?.gone.count ?? 0),
      "untouched": .int(summary.untouched),
      "files": .int(report.files.count),
      "passedOver": .int(report.passedOver.count),
    ]
  }

  private func setAside(_ aside: SetAsideFinding, name: String?) -> JSONValue {
    guard case .object(let members) = finding(aside.finding, name: name) else { return .null }
    let because: String
    switch aside.reason {
    case .suppressed: because = "suppressed"
    case .inBaseline: because = "known"
    case .untouched: because = "untouched"
    }
    let suppression = aside.suppression.map { suppression -> JSONValue in
      [
        "kind": .string(suppression.kind.rawValue), "justification": .string(suppression.justification),
        "approver": suppression.approver.map(JSONValue.string), "expires": suppression.expires.map(JSONValue.string),
        "location": place(suppression.span),
      ]
    }
    return .object(
      members + [JSONValue.Member("because", .string(because))]
        + [suppression.map { JSONValue.Member("suppression", $0) }].compactMap { $0 })
  }

  private func baseline(_ baseline: BaselineComparison) -> JSONValue {
    [
      "path": .string(baseline.path),
      "gone": .array(
        baseline.gone.map {
          [
            "rule": .string($0.rule), "message": .string($0.message), "path": .string($0.path),
            "logicalPath": .string($0.logicalPath), "fingerprint": .string($0.fingerprint),
          ]
        }),
    ]
  }

  private func finding(_ finding: Finding, name: String?) -> JSONValue {
    [
      "rule": .string(finding.rule),
      "name": name.map(JSONValue.string),
      "verdict": .string(finding.verdict.rawValue),
      "severity": .string(finding.severity.rawValue),
      "obligation": .string(finding.obligation),
      "subject": .string(finding.subject),
      "message": .string(finding.message.plain),
      "location": location(finding.primary),
      "related": .array(
        finding.related.map {
          ["id": .int($0.id), "message": .string($0.message), "location": location($0.location)]
        }),
      "steps": .array(
        finding.steps.map {
          [
            "message": .string($0.message), "nesting": .int($0.nesting), "isEssential": .bool($0.isEssential),
            "location": location($0.location),
          ]
        }),
      "scenarios": .array(finding.scenarios.map(JSONValue.string)),
      "assumptions": .array(finding.assumptions.map(JSONValue.string)),
      "reasons": .array(
        finding.reasons.map {
          [
            "text": .string($0.text), "cure": $0.cure.map(JSONValue.string), "location": $0.location.map(place),
          ]
        }),
      "fixes": .array(finding.fixes.map(fix)),
      "fingerprint": .string(SubjectFingerprint.of(finding, inProject: report.projectName)),
    ]
  }

  private func fix(_ fix: Fix) -> JSONValue {
    [
      "description": .string(fix.description),
      "safety": .string(fix.safety.rawValue),
      "edits": .array(
        fix.edits.map {
          [
            "path": .string(sources.path($0.span.file)), "region": region($0.span),
            "replacement": .string($0.replacement),
          ]
        }),
    ]
  }

  private func judgement(_ judgement: Judgement) -> JSONValue {
    [
      "rule": .string(judgement.rule),
      "verdict": .string(judgement.verdict.rawValue),
      "subject": .string(judgement.subject),
      "location": judgement.location.map(location),
    ]
  }

  private func file(_ file: ReadFile) -> JSONValue {
    [
      "path": .string(file.source.path),
      "role": .string(file.role.rawValue),
      "language": .string(file.language),
      "length": .int(file.source.fileBytes.count),
      "sha256": .string(SHA256.hexadecimal(file.source.fileBytes)),
    ]
  }

  // MARK: Places

  private func location(_ location: Location) -> JSONValue { sources.json(location) }

  private func place(_ span: Span) -> JSONValue { sources.json(span) }

  private func region(_ span: Span) -> JSONValue? { sources.region(span) }
}

extension JSONReport {
  /// A rule as the report and the list of rules give it.
  static func rule(_ rule: RuleDescription) -> JSONValue {
    [
      "id": .string(rule.id),
      "name": .string(rule.name),
      "title": ["en": .string(rule.title.en), "ja": rule.title.ja.map(JSONValue.string)],
      "severity": .string(rule.severity.rawValue),
      "origin": .array(rule.origin.map(JSONValue.string)),
      "isBuiltIn": .bool(rule.isBuiltIn),
      "controls": .object(
        rule.controls.map { JSONValue.Member($0.framework, .array($0.ids.map(JSONValue.string))) }),
      "parameters": .object(rule.parameters.map { JSONValue.Member($0.name, .string($0.value)) }),
      "references": .array(rule.references.map(JSONValue.string)),
    ]
  }
}
