import Estate
import Findings
import SourceText

/// Proves the examples of rules: the verdict, and that exactly the marked regions are reported.
package struct ExampleVerifier: Sendable {
  package let rules: RuleSet

  package init(_ rules: RuleSet) { self.rules = rules }

  /// How many examples were run, and what is wrong.
  package struct Outcome: Sendable {
    package var count = 0
    package var failures: [ExampleFailure] = []
  }

  /// Runs the examples of some rules.
  ///
  /// - Parameter selected: the rules.
  /// - Returns: how many examples there were, and what is wrong with any.
  package func verify(_ selected: [Rule]) -> Outcome {
    var outcome = Outcome()
    for rule in selected {
      for example in rules.examples(of: rule) {
        outcome.count += 1
        guard let judged = rules.rule(rule, with: example.settings) else {
          outcome.failures.append(
            ExampleFailure(
              rule: rule.id, ruleName: rule.name, example: example.name, span: example.span,
              problems: ["Its settings are not those of the rule's parameters."], files: [], reported: [], fix: nil))
          continue
        }
        if let failure = failure(of: example, judged) { outcome.failures.append(failure) }
      }
    }
    return outcome
  }

  /// What a rule says of an example's files, or of others in their place.
  func verdicts(
    of example: Example, _ rule: Rule, template: SourceFile?, schema: SourceFile?
  ) -> (verdicts: RuleSet.Verdicts, diagnostics: [Diagnostic]) {
    let (estate, diagnostics) = Estate.sample(
      rules.model, template: template, schema: schema, parameters: example.parameters, stackTags: example.stackTags,
      account: example.account, asOf: example.asOf)
    return (rules.verdicts(on: estate, of: [rule]), diagnostics)
  }

  private func failure(of example: Example, _ rule: Rule) -> ExampleFailure? {
    var problems: [String] = []
    let (template, schema) = example.sources
    let (verdicts, diagnostics) = verdicts(of: example, rule, template: template, schema: schema)
    for diagnostic in diagnostics where diagnostic.severity == .error { problems.append(diagnostic.message) }
    problems += verdicts.diagnostics.map(\.message)
    let verdict = Self.overall(verdicts.judgements.map(\.verdict))
    if verdict != example.verdict {
      problems.append("The verdict is \(verdict.rawValue), not \(example.verdict.rawValue).")
    }
    let shown = verdicts.findings.filter { $0.verdict == example.verdict }
    if let wanted = example.message, !shown.contains(where: { $0.message.plain.contains(wanted) }) {
      problems.append("No message contains '\(wanted)'.")
    }
    let marks = Set(
      [(FileID(0), example.template), (FileID(1), example.schema)].flatMap { file, text in
        (text?.marks ?? []).map { Span(file, $0) }
      })
    let found = Set(shown.map(\.primary.span))
    if verdict == example.verdict, example.verdict == .fail || !marks.isEmpty, marks != found {
      problems.append("The marked regions are not those reported.")
    }
    var fix: ExampleFailure.Fixed?
    let edited = Set(shown.flatMap { $0.fixes.flatMap(\.edits).map(\.span.file) })
    let inputs = [template, schema].compactMap { $0 }
    if let expected = example.fixed, let file = inputs.first(where: { edited.contains($0.id) }) ?? inputs.first {
      let fixed = Self.fixed(file, by: shown)
      let isTemplate = file.id == template?.id
      let text = String(decoding: fixed.bytes, as: UTF8.self)
      if text != expected {
        problems.append("The fixes make another \(isTemplate ? "template" : "schema") than 'fixed' says.")
        fix = ExampleFailure.Fixed(expected: expected, found: text)
      } else if shown.allSatisfy({ !$0.fixes.isEmpty }) {
        let after = self.verdicts(
          of: example, rule, template: isTemplate ? fixed : template, schema: isTemplate ? schema : fixed)
        if Self.overall(after.verdicts.judgements.map(\.verdict)) == .fail {
          problems.append("The fixes do not mend it.")
        }
      }
    }
    guard !problems.isEmpty else { return nil }
    return ExampleFailure(
      rule: rule.id, ruleName: rule.name, example: example.name, span: example.span, problems: problems,
      files: example.files,
      reported: verdicts.findings.map { finding in
        let span = finding.primary.span
        return ExampleFailure.Reported(
          path: (span.file == FileID(0) ? example.template : example.schema)?.path ?? "", range: span.range,
          verdict: finding.verdict, message: finding.message.plain)
      }, fix: fix)
  }

  /// A file with all fixes of some findings in it.
  private static func fixed(_ file: SourceFile, by findings: [Finding]) -> SourceFile {
    var edited = EditedFile(file)
    for fix in findings.flatMap(\.fixes) { _ = edited.add(fix.edits.filter { $0.span.file == file.id }) }
    return SourceFile(id: file.id, path: file.path, bytes: edited.bytes)
  }

  /// Fail beats unknown beats pass beats not applicable.
  package static func overall(_ verdicts: [Verdict]) -> Verdict {
    for verdict in [Verdict.fail, .unknown, .pass] where verdicts.contains(verdict) { return verdict }
    return .notApplicable
  }
}
