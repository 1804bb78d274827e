import Findings
import Reporting
import SourceText
import Testing

/// Evidence by framework, in every format that gives it.
@Suite struct FrameworkReportTests {
  private static let framework = ControlFramework(
    id: "own", title: LocalizedText(en: "Our own items", ja: "独自の項目"),
    about: LocalizedText(en: "What we ask of a data store."),
    groups: [
      ControlFramework.Group(
        title: LocalizedText(en: "Keys and network", ja: "キーとネットワーク"),
        controls: [
          ControlFramework.Control(
            id: "OWN-1", title: LocalizedText(en: "Keys rotate", ja: "キーがローテーションされる"),
            rules: ["BLEA-KMS-001"]),
          ControlFramework.Control(
            id: "OWN-2", title: LocalizedText(en: "The network is private"), rules: ["BLEA-NET-001", "BLEA-SQL-010"]),
          ControlFramework.Control(
            id: "OWN-3", title: LocalizedText(en: "Things are tagged"), rules: ["BLEA-TAG-001"]),
        ]),
      ControlFramework.Group(
        title: nil,
        controls: [
          ControlFramework.Control(
            id: "OWN-4", title: LocalizedText(en: "Backups run"), rules: ["BLEA-TAG-001", "BLEA-BKP-001"],
            beyondFiles: LocalizedText(en: "That one has run shows only in the account.")),
          ControlFramework.Control(
            id: "OWN-5", title: LocalizedText(en: "Somebody is on call"), rules: [],
            beyondFiles: LocalizedText(en: "No file says who.", ja: "ファイルからは分かりません。")),
        ]),
    ])

  private static var report: Report {
    var report = SampleReport.report
    report.frameworks = [framework]
    report.profiles = ["strict", "own"]
    return report
  }

  @Test func text() throws {
    try Golden.check(render(Self.report, as: .text), "framework.txt")
  }

  @Test func markdown() throws {
    try Golden.check(FrameworkMarkdown.render(Self.report, language: .ja), "framework-ja.md")
    #expect(FrameworkMarkdown.render(SampleReport.report).contains("### BLEA-KMS-001"), "rules are the items")
  }

  @Test func json() throws {
    let text = render(Self.report, as: .json)
    // At worst: a rule that nobody judged keeps a control from passing, and from not applying.
    for (id, verdict) in [
      ("OWN-1", "fail"), ("OWN-2", "fail"), ("OWN-3", "notApplicable"), ("OWN-4", "unknown"), ("OWN-5", "beyondFiles"),
    ] {
      let control = try #require(text.split(separator: "\"id\": \"\(id)\"").dropFirst().first)
      let found = try #require(control.split(separator: "\"verdict\": \"").dropFirst().first?.prefix { $0 != "\"" })
      #expect(found == verdict, "\(id)")
    }
    #expect(text.contains("\"BLEA-BKP-001\""), "what was not judged is named")
    #expect(text.contains("\"profiles\""))
    #expect(!render(SampleReport.report, as: .json).contains("\"frameworks\""))
  }
}

@Suite struct ExampleFailureTests {
  private static let file = ExampleFile(
    path: "template.yaml",
    text: "Resources:\n  Key: { Type: AWS::KMS::Key, Properties: { EnableKeyRotation: false } }\n",
    marks: [74..<79])

  @Test func whatIsMarkedStandsBesideWhatIsReported() {
    let failure = ExampleFailure(
      rule: "OWN-001", ruleName: "own-rule", example: "rotation off", span: Span(FileID(3), 0..<1),
      problems: ["The marked regions are not those reported."], files: [Self.file],
      reported: [
        ExampleFailure.Reported(
          path: "template.yaml", range: 13..<16, verdict: .fail, message: "Key 'Key' does not rotate. Rotate it.")
      ], fix: ExampleFailure.Fixed(expected: "a\nb\n", found: "a\nc\n"))
    let text = ExampleFailureText.render([failure], sources: [])
    #expect(
      text == """
        OWN-001 own-rule: rotation off
          The marked regions are not those reported.
          marked, and not reported:
              |
            1 | Resources:
            2 |   Key: { Type: AWS::KMS::Key, Properties: { EnableKeyRotation: false } }
              |                                                                ^^^^^
          reported, and not marked:
              |
            1 | Resources:
            2 |   Key: { Type: AWS::KMS::Key, Properties: { EnableKeyRotation: false } }
              |   ^^^
              |
              = says: Key 'Key' does not rotate. Rotate it.
            - b
            + c

        """, "\(text)")
    #expect(ExampleFailureText.render([], sources: []).isEmpty)
  }

  /// Where the places are right, what was said at them is what is wrong.
  @Test func aWrongVerdictShowsWhatWasSaid() {
    let failure = ExampleFailure(
      rule: "OWN-001", ruleName: "own-rule", example: "rotation off", span: Span(FileID(3), 0..<1),
      problems: ["The verdict is fail, not pass."], files: [Self.file],
      reported: [
        ExampleFailure.Reported(path: "template.yaml", range: 74..<79, verdict: .fail, message: "It does not rotate.")
      ], fix: nil)
    #expect(ExampleFailureText.render([failure], sources: []).contains("    fail: It does not rotate.\n"))
  }
}
