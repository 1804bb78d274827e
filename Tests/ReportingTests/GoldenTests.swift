import Findings
import Reporting
import Testing

/// The sample report in every format, byte for byte.
@Suite struct GoldenTests {
  @Test func text() throws { try Golden.check(render(SampleReport.report, as: .text), "report.txt") }

  @Test func narrowTextInColor() throws {
    let options = RenderingOptions(color: true, width: 60, language: .ja, evidence: true)
    try Golden.check(render(SampleReport.report, as: .text, options: options), "report-color-ja-evidence.txt")
  }

  @Test func sarif() throws { try Golden.check(render(SampleReport.report, as: .sarif), "report.sarif") }

  @Test(arguments: [(SARIFProfile.full, "report-full.sarif"), (.azure, "report-azure.sarif")])
  func sarifForOtherReaders(_ profile: SARIFProfile, _ name: String) throws {
    try Golden.check(
      render(SampleReport.report, as: .sarif, options: RenderingOptions(sarifProfile: profile)), name)
  }

  @Test(arguments: [
    (ReportFormat.junit, "report.xml"), (.github, "report.github.txt"), (.markdown, "report.md"),
    (.gitlab, "report.gitlab.json"), (.asff, "report.asff.json"), (.csv, "report.csv"),
  ])
  func forCIAndAuditors(_ format: ReportFormat, _ name: String) throws {
    let options = RenderingOptions(
      securityHub: SecurityHubTarget(account: "123456789012", region: "ap-northeast-1"))
    try Golden.check(render(SampleReport.report, as: format, options: options), name)
  }

  @Test func markdownInJapanese() throws {
    try Golden.check(
      render(SampleReport.report, as: .markdown, options: RenderingOptions(language: .ja)), "report-ja.md")
  }

  @Test func json() throws { try Golden.check(render(SampleReport.report, as: .json), "report.json") }

  @Test func explanation() throws {
    try Golden.check(Explanation(SampleReport.kms).text(), "explanation.txt")
    try Golden.check(Explanation(SampleReport.kms, language: .ja).text(), "explanation-ja.txt")
    try Golden.check(Explanation(SampleReport.kms).markdown, "explanation.md")
    let whole = Explanation(
      SampleReport.kms,
      derived: [
        DerivedMember(
          type: "Estate", name: "dataStoreKeys", resultType: "list(AWS::KMS::Key)", expression: "self.all.keys")
      ],
      related: [
        RelatedRule(
          id: "BLEA-KMS-002", name: "kms-rotation-period", title: LocalizedText(en: "Keys rotate often enough"))
      ])
    try Golden.check(whole.text(), "explanation-unfolded.txt")
    try Golden.check(whole.markdown, "explanation-unfolded.md")
    try Golden.check(whole.json, "explanation.json")
  }

  @Test func ruleList() throws {
    try Golden.check(RuleList(SampleReport.rules).render(.text), "rules.txt")
    try Golden.check(RuleList(SampleReport.rules, language: .ja).render(.markdown), "rules-ja.md")
    try Golden.check(RuleList(SampleReport.rules).render(.json), "rules.json")
  }

  @Test(arguments: ReportFormat.allCases) func sameBytesTwice(_ format: ReportFormat) {
    #expect(render(SampleReport.report, as: format) == render(SampleReport.report, as: format))
  }
}
