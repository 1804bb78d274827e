import Foundation
import Testing

/// The projects of Fixtures/projects/every-rule, in which each rule is to fail somewhere: what fails only in a rule's
/// own examples has never been found in a project as a user has it.
///
/// They are several, for not all can fail on one data store: a statement that isn't understood makes much of its schema
/// unknown, a standalone instance has properties that Aurora ignores, and two data stores make the link to one schema
/// ambiguous.
@Suite struct EveryRuleTests {
  static let projects = ["aurora", "silent", "standalone"]

  /// The rules that fail nowhere in the projects yet. A rule that does fail must leave the list.
  static let missing: Set<String> = []

  @Test func everyRuleFailsSomewhere() throws {
    var failed: Set<String> = []
    for project in Self.projects {
      let run = try Program.run([
        "check", "Fixtures/projects/every-rule/\(project)", "--format", "json", "--as-of", "2026-11-22",
      ])
      #expect(run.code == 1, "\(project)")
      for judgement in try Self.judgements(run.output) where judgement.verdict == "fail" {
        failed.insert(judgement.rule)
      }
    }
    let list = try Program.run(["rules", "--format", "json"])
    let object = try #require(try JSONSerialization.jsonObject(with: Data(list.output.utf8)) as? [String: Any])
    let rules = Set((object["rules"] as? [[String: Any]] ?? []).compactMap { $0["id"] as? String })
    #expect(rules.count >= 169)
    #expect(rules.subtracting(failed).subtracting(Self.missing).sorted() == [], "fail nowhere in every-rule")
    #expect(Self.missing.intersection(failed).sorted() == [], "fail now: strike them from the list")
    #expect(Self.missing.subtracting(rules).sorted() == [], "are no rules")
  }

  /// In the hardened project no rule fails and none is unknown; which ones found nothing to judge is held to the byte.
  @Test func theHardenedProjectSaysWhatDoesNotApply() throws {
    let run = try Program.run([
      "check", "Fixtures/projects/chatapp-hardened", "--format", "json", "--as-of", "2026-11-22",
    ])
    var verdicts: [String: Set<String>] = [:]
    for judgement in try Self.judgements(run.output) {
      verdicts[judgement.rule, default: []].insert(judgement.verdict)
    }
    let others = verdicts.filter { !$0.value.isSubset(of: ["pass", "notApplicable"]) }
    #expect(others.keys.sorted() == [])
    let text = verdicts.filter { $0.value == ["notApplicable"] }.keys.sorted().map { $0 + "\n" }.joined()
    if let problem = try ExpectedText.problem(text, "Fixtures/reports/chatapp-hardened.not-applicable.txt") {
      Issue.record("\(problem)")
    }
  }

  private static func judgements(_ report: String) throws -> [(rule: String, verdict: String)] {
    let object = try JSONSerialization.jsonObject(with: Data(report.utf8)) as? [String: Any] ?? [:]
    return (object["judgements"] as? [[String: Any]] ?? []).compactMap { judgement in
      guard let rule = judgement["rule"] as? String, let verdict = judgement["verdict"] as? String else { return nil }
      return (rule, verdict)
    }
  }
}
