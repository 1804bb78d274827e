import BuiltInRules
import Findings
import SourceText
import Testing

@testable import Rules

/// What a fix is worth: with it made, the finding is gone and the file is as sound as before.
@Suite struct FixEffectTests {
  private struct Identity: Hashable {
    let obligation: String
    let subject: String
  }

  @Test func everyFixOfAnExampleMendsIt() throws {
    let rules = BuiltIn.compiled.rules
    let verifier = ExampleVerifier(rules)
    var mended = 0
    for rule in rules.rules {
      for example in rules.examples(of: rule) {
        guard let judged = rules.rule(rule, with: example.settings) else { continue }
        var (template, schema) = example.sources
        let before = verifier.verdicts(of: example, judged, template: template, schema: schema)
        let fixable = before.verdicts.findings.filter { $0.verdict == .fail && !$0.fixes.isEmpty }
        guard !fixable.isEmpty else { continue }
        template = template.map { fixed($0, by: fixable) }
        schema = schema.map { fixed($0, by: fixable) }
        let after = verifier.verdicts(of: example, judged, template: template, schema: schema)
        let left = Set(
          after.verdicts.findings.filter { $0.verdict == .fail }.map {
            Identity(obligation: $0.obligation, subject: $0.subject)
          })
        for finding in fixable {
          #expect(
            !left.contains(Identity(obligation: finding.obligation, subject: finding.subject)),
            "\(rule.name), \(example.name): \(finding.fixes[0].description)")
          mended += 1
        }
        let errors = { (diagnostics: [Diagnostic]) in diagnostics.filter { $0.severity == .error }.count }
        #expect(errors(after.diagnostics) <= errors(before.diagnostics), "\(rule.name), \(example.name)")
      }
    }
    #expect(mended > 100)
  }

  private func fixed(_ file: SourceFile, by findings: [Finding]) -> SourceFile {
    var edited = EditedFile(file)
    for fix in findings.compactMap(\.fixes.first) { _ = edited.add(fix.edits.filter { $0.span.file == file.id }) }
    return SourceFile(id: file.id, path: file.path, bytes: edited.bytes)
  }
}
