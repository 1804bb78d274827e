import Findings

/// What a report can be printed as.
package enum ReportFormat: String, CaseIterable, Sendable {
  /// For people at a terminal.
  case text
  /// SARIF 2.1.0; see ``SARIFProfile``.
  case sarif
  /// blealint's own, versioned; see ``JSONReport``.
  case json
  /// JUnit's XML, which every CI shows as tests; see ``JUnitReport``.
  case junit
  /// Workflow commands, which GitHub Actions turns into annotations; see ``GitHubAnnotations``.
  case github
  /// A page in Markdown: findings, made for GitHub's job summary (see ``MarkdownSummary``), or with `--evidence` the
  /// evidence, control by control, for an auditor or a wiki (see ``FrameworkMarkdown``).
  case markdown
  /// GitLab's Code Quality report; see ``GitLabCodeQuality``.
  case gitlab
  /// Findings in the AWS Security Finding Format; see ``SecurityHubFindings``.
  case asff
  /// Every rule on every subject as a table, for auditors; see ``EvidenceTable``.
  case csv
}

/// Which readers a SARIF report is for. One file cannot serve all: GitHub makes an alert of everything it is given,
/// passed or not.
package enum SARIFProfile: String, CaseIterable, Sendable {
  /// Safe to upload anywhere: failures with their level, unknowns as notes, nothing else.
  case standard = "default"
  /// All that was found out: unknowns as `open`, passed and not applicable ones as evidence, snippets; what exceptions
  /// silence, and what is gone from the baseline.
  case full
  /// For the tab "Scans" of Azure DevOps: unknowns as `open`, and snippets, since it has no sources.
  case azure
}

/// The account and Region that Security Hub is to keep findings in.
package struct SecurityHubTarget: Hashable, Sendable {
  /// Twelve digits.
  package let account: String
  /// `ap-northeast-1`.
  package let region: String

  /// Nil where the account has not twelve digits or the Region does not look like one.
  package init?(account: String, region: String) {
    let isAccount = account.utf8.count == 12 && account.utf8.allSatisfy { (48...57).contains($0) }
    let isRegion =
      region.contains("-") && region.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 45 }
    guard isAccount, isRegion else { return nil }
    self.account = account
    self.region = region
  }

  /// `aws`, `aws-cn` or `aws-us-gov`, which a Region belongs to.
  var partition: String {
    if region.hasPrefix("cn-") { return "aws-cn" }
    return region.hasPrefix("us-gov-") ? "aws-us-gov" : "aws"
  }
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
  /// Whether the text report tells failures and problems with the input only.
  package var isQuiet = false
  /// Which readers a SARIF report is for.
  package var sarifProfile: SARIFProfile
  /// Whether SARIF leaves out what could not be told.
  package var omitsUnknowns: Bool
  /// Where Security Hub is to keep findings; without it ``ReportFormat/asff`` has nothing to print.
  package var securityHub: SecurityHubTarget?

  package init(
    color: Bool = false, width: Int = 100, language: Language = .en, evidence: Bool = false,
    sarifProfile: SARIFProfile = .standard, omitsUnknowns: Bool = false, securityHub: SecurityHubTarget? = nil
  ) {
    self.color = color
    self.width = width
    self.language = language
    self.evidence = evidence
    self.sarifProfile = sarifProfile
    self.omitsUnknowns = omitsUnknowns
    self.securityHub = securityHub
  }
}

extension ReportFormat {
  /// What was set aside, a sentence each, where the format has no place to tell it: for standard error.
  package func untold(_ report: Report, language: Language) -> [String] {
    guard self == .gitlab || self == .asff else { return [] }
    return Wording(language).setAside(
      ReportSummary(report), baseline: report.baseline, changedSince: report.changedSince)
  }
}

/// The text of a report in a format.
package func render(
  _ report: Report, as format: ReportFormat, options: RenderingOptions = RenderingOptions()
) -> String {
  switch format {
  case .text: TextReport.render(report, options: options)
  case .sarif: SARIFReport.render(report, options: options)
  case .json: JSONReport.render(report)
  case .junit: JUnitReport.render(report, language: options.language)
  case .github: GitHubAnnotations.render(report)
  case .markdown:
    options.evidence || !report.frameworks.isEmpty
      ? FrameworkMarkdown.render(report, language: options.language)
      : MarkdownSummary.render(report, language: options.language)
  case .gitlab: GitLabCodeQuality.render(report)
  case .asff: options.securityHub.map { SecurityHubFindings.render(report, for: $0, language: options.language) } ?? ""
  case .csv: EvidenceTable.render(report, language: options.language)
  }
}

/// Writes a report in a format piece by piece: what may be long is never in memory as a whole.
package func render(
  _ report: Report, as format: ReportFormat, options: RenderingOptions, to sink: @escaping ([UInt8]) -> Void
) {
  switch format {
  case .sarif: SARIFReport.write(report, options: options, to: sink)
  case .json: JSONReport.write(report, to: sink)
  default: sink(Array(render(report, as: format, options: options).utf8))
  }
}
