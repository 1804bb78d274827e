import Findings

/// What a report can be printed as.
package enum ReportFormat: String, CaseIterable, Sendable {
  /// For people at a terminal.
  case text
  /// SARIF 2.1.0, safe to upload anywhere.
  case sarif
  /// blealint's own, versioned; see ``JSONReport``.
  case json
}

/// How much a SARIF report tells.
package enum SARIFProfile: String, CaseIterable, Sendable {
  /// What can be uploaded anywhere: what is excepted, and what is gone from the baseline, is left out.
  case standard = "default"
  /// Everything, with `kind`, `suppressions` and `baselineState`, for viewers that know them.
  case full
}

/// What a reader wants of a report; all of it is decided by the command, nothing is looked up here.
package struct RenderingOptions: Sendable {
  /// Whether the text report uses ANSI's sixteen colours.
  package var color: Bool
  /// The columns of the terminal.
  package var width: Int
  /// The language of what rules say of themselves.
  package var language: Language
  /// Whether the text report lists every judgement, not only what failed.
  package var evidence: Bool
  /// What a SARIF report tells beyond what can be uploaded anywhere.
  package var sarif = SARIFProfile.standard

  package init(color: Bool = false, width: Int = 100, language: Language = .en, evidence: Bool = false) {
    self.color = color
    self.width = width
    self.language = language
    self.evidence = evidence
  }
}

/// The text of a report in a format.
package func render(
  _ report: Report, as format: ReportFormat, options: RenderingOptions = RenderingOptions()
) -> String {
  switch format {
  case .text: TextReport.render(report, options: options)
  case .sarif: SARIFReport.render(report, language: options.language, profile: options.sarif)
  case .json: JSONReport.render(report)
  }
}
