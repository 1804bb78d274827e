import SourceText
import Testing

@testable import Project

@Suite struct ExceptionTextTests {
  private func read(_ text: String) -> FindingException? {
    let source = SourceFile(id: FileID(0), path: "x", bytes: Array(text.utf8))
    return ExceptionText(MappedText(source)).read(covering: Span(FileID(0), 0..<1))
  }

  @Test(arguments: [
    (" blealint: allow(a) why, until 2027-01-31", ["a"], "why", "2027-01-31"),
    ("blealint:allow( a ,b )why", ["a", "b"], "why", nil),
    ("blealint: allow(a): why until 2027-01-31 ", ["a"], "why", "2027-01-31"),
    ("blealint: allow(a) - wait until the audit", ["a"], "wait until the audit", nil),
    ("blealint: allow(a) 移行まで, until 2027-01-31", ["a"], "移行まで", "2027-01-31"),
    ("blealint: allow(a) until 2027-01-31", ["a"], "", "2027-01-31"),
  ])
  func exceptionsAreRead(_ text: String, _ rules: [String], _ reason: String, _ expires: String?) throws {
    let exception = try #require(read(text))
    #expect(exception.rules.map(\.value) == rules)
    #expect(exception.reason == reason)
    #expect(exception.expires == expires)
  }

  @Test(arguments: [
    ("blealint: alow(a) why", "written"), ("blealint: allow a why", "written"), ("blealint: allow(a why", "written"),
    ("blealint: allow() why", "rule"), ("blealint: allow(a) why, until 2027-02-30", "date"), ("blealint:", "written"),
  ])
  func mistakesAreTold(_ text: String, _ obligation: String) throws {
    let exception = try #require(read(text))
    #expect(exception.mistakes.first?.obligation == obligation || exception.expires == nil && obligation == "date")
  }

  @Test func otherCommentsAreNone() {
    for text in ["", "see blealint: allow(a) why", "bleal", "blealin: allow(a)"] { #expect(read(text) == nil) }
  }
}
