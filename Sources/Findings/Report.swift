import SourceText

/// Everything a run came to: what every report format prints from. Deterministic: same inputs, same report.
package struct Report: Sendable {
  package var toolVersion: String
  /// The project's name: its folder's, unless configured. A part of every finding's identity.
  package var projectName: String
  /// Every enabled rule in id order, found or not.
  package var rules: [RuleDescription]
  /// Failed and unknown findings in canonical order: by place, then rule, then obligation.
  package var findings: [Finding]
  /// Failures and unknowns that do not count: excepted, known to the baseline, or beside the change; in canonical order.
  package var setAside: [SetAsideFinding] = []
  /// Nil where no baseline was given.
  package var baseline: BaselineComparison?
  /// The revision since which changes count; nil where all findings do.
  package var changedSince: String?
  /// Every rule on every subject, by rule then place: the evidence.
  package var judgements: [Judgement]
  package var diagnostics: [Diagnostic]
  package var files: [ReadFile]
  package var passedOver: [PassedOver]
  /// The date that support ends and waivers are judged by, `2026-11-22`.
  package var asOf: String
  /// 0 clean, 1 a finding at or above the threshold, 2 blealint could not do what was asked.
  package var exitCode: Int
  /// The frameworks that are to be answered control by control.
  package var frameworks: [ControlFramework] = []
  /// The profile in force and those it builds on, the base first, by name; empty without one.
  package var profiles: [String] = []

  package init(
    toolVersion: String, projectName: String, rules: [RuleDescription], findings: [Finding],
    judgements: [Judgement], diagnostics: [Diagnostic], files: [ReadFile], passedOver: [PassedOver], asOf: String,
    exitCode: Int
  ) {
    self.toolVersion = toolVersion
    self.projectName = projectName
    self.rules = rules
    self.findings = findings
    self.judgements = judgements
    self.diagnostics = diagnostics
    self.files = files
    self.passedOver = passedOver
    self.asOf = asOf
    self.exitCode = exitCode
  }
}

/// A file that was read and judged.
package struct ReadFile: Sendable {
  package enum Role: String, Hashable, Sendable {
    case template, assembly, schema
    /// A Lambda's code, a configuration, or another file that helped.
    case support
  }

  package let source: SourceFile
  package let role: Role
  /// SARIF's sourceLanguage: `yaml`, `json`, `sql`.
  package let language: String

  package init(source: SourceFile, role: Role, language: String) {
    self.source = source
    self.role = role
    self.language = language
  }
}

/// A file that was found and not judged, and why: nothing is skipped without a word.
package struct PassedOver: Hashable, Sendable {
  package let path: String
  /// A clause without its full stop: `no CloudFormation template (no Resources)`.
  package let reason: String

  package init(path: String, reason: String) {
    self.path = path
    self.reason = reason
  }
}
