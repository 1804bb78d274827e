import Findings
import Testing

@testable import Project

/// The user's own rules beside those of the binary.
struct RuleLibraryTests {
  /// A rule whose file has a mistake is asked for: the mistake is told, not that there is no such rule.
  @Test(arguments: ["OWN-001", "own-rule", "own-rul"])
  func aRuleWithMistakesIsNoUnknownRule(_ wanted: String) async throws {
    let folder = try TemporaryFolder([
      "rules/own-rule.yaml": "id: OWN-001\nname: own-rule\ntitle: { en: T }\nrequire: [{ id: a, that: 'tru' }]\n",
      "key.yaml": Sample.template,
    ])
    defer { withExtendedLifetime(folder) {} }
    var options = Linter.Options()
    options.folder = folder.path
    options.paths = ["key.yaml"]
    options.rules.paths = [folder.path.appending("rules").string]
    options.selection = [wanted]
    let report = await Linter.run(options)
    #expect(report.diagnostics.contains { $0.severity == .error && $0.span != nil })
    #expect(report.diagnostics.contains { $0.id == "unknown-rule" } == (wanted == "own-rul"))
    #expect(report.exitCode == 2)
  }
}
