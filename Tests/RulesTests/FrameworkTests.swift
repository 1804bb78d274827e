import BuiltInRules
import Documents
import Findings
import SourceText
import Testing

@testable import Rules

@Suite struct FrameworkTests {
  private static func read(_ text: String) throws -> (file: FrameworkFile?, diagnostics: [Diagnostic]) {
    let rules = BuiltIn.compiled.rules
    return FrameworkFile.read(
      try #require(BuiltIn.document(text, "own.yaml")?.root), ruleID: { rules.rule($0)?.id },
      suggestion: { rules.suggestion(for: $0) })
  }

  /// Every item has rules that decide it or a reason why files cannot, in both languages.
  @Test func ourFrameworksHaveNoMistakes() throws {
    for file in BuiltInRules.frameworks {
      let (found, diagnostics) = try Self.read(file.logic)
      #expect(diagnostics.isEmpty, "\(file.path): \(diagnostics.map { "\($0.message) \($0.cure ?? "")" })")
      let framework = try #require(found?.framework)
      #expect(file.path == "frameworks/\(framework.id).yaml")
      #expect(framework.title?.ja != nil && framework.about?.ja != nil)
      for group in framework.groups {
        #expect(group.title?.ja != nil)
        for control in group.controls {
          #expect(!control.rules.isEmpty || control.beyondFiles != nil, "\(control.id)")
          #expect(control.title?.ja != nil, "\(control.id)")
          #expect(control.beyondFiles.map { $0.ja != nil } ?? true, "\(control.id)")
        }
      }
    }
  }

  /// 24 items to be built, 8 to be verified, 6 to be considered.
  @Test func theAuroraTaskIsAnsweredItemByItem() throws {
    let file = try #require(BuiltInRules.frameworks.first { $0.path == "frameworks/blea-aurora.yaml" })
    let framework = try #require(try Self.read(file.logic).file?.framework)
    #expect(framework.controls.count == 38)
    #expect(framework.controls.count { $0.id.hasPrefix("VERIFY-") } == 8)
    #expect(framework.controls.count { $0.id.hasPrefix("SECURITY-") } == 6)
  }

  /// A rule that no item of the task names would be judged and never reach the auditor.
  @Test func everyRuleDecidesAnItemOfTheAuroraTask() throws {
    let file = try #require(BuiltInRules.frameworks.first { $0.path == "frameworks/blea-aurora.yaml" })
    let framework = try #require(try Self.read(file.logic).file?.framework)
    let named = Set(framework.controls.flatMap(\.rules))
    #expect(BuiltIn.compiled.rules.rules.map(\.id).filter { !named.contains($0) } == [])
  }

  @Test(arguments: [
    ("rules: [bkp-retentoin]", "unknown-rule", "bkp-retentoin"),
    ("rules: [BLEA-BKP-001, bkp-retention]", "duplicate-rule", "bkp-retention"),
    ("rules: []", "control-without-rules", "ONE"),
    ("ruels: [bkp-retention]", "unknown-key", "ruels"),
  ])
  func aMistakeHasItsPlace(_ part: String, _ id: String, _ place: String) throws {
    let text = "{ id: own, title: Ours, groups: [{ title: All, controls: [{ id: ONE, title: One, \(part) }] }] }"
    let (file, diagnostics) = try Self.read(text)
    #expect(file == nil)
    let mistake = try #require(diagnostics.first { $0.id == id }, "\(diagnostics.map(\.message))")
    let source = SourceFile(id: FileID(-1), path: "own.yaml", bytes: Array(text.utf8))
    #expect(mistake.span.map(source.text) == place)
  }

  @Test func aControlIsNamedOnce() throws {
    let one = "{ id: ONE, title: One, beyond-files: Nobody knows. }"
    let (_, diagnostics) = try Self.read("{ id: own, title: Ours, groups: [{ controls: [\(one), \(one)] }] }")
    #expect(diagnostics.map(\.id) == ["duplicate-control"])
  }

  /// Controls that rules name make a framework too, in the order people count.
  @Test func controlsOfRulesMakeAFramework() {
    let rules = BuiltIn.compiled.rules
    let descriptions = rules.rules.map { rules.description(of: $0, withExamples: false) }
    let nist = ControlFramework(id: "nist-800-53-r5", namedBy: descriptions)
    let ids = nist.controls.map(\.id)
    #expect(ids.count > 20)
    #expect((ids.firstIndex(of: "SC-7") ?? 99) < (ids.firstIndex(of: "SC-12") ?? 0))
    #expect(nist.controls.allSatisfy { !$0.rules.isEmpty })
    #expect(ControlFramework(id: "none", namedBy: descriptions).controls.isEmpty)
  }
}
