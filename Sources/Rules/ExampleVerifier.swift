import Estate
import Findings
import SourceText

/// Proves the examples of rules: the verdict, and that exactly the marked regions are reported.
package struct ExampleVerifier: Sendable {
  package let rules: RuleSet

  package init(_ rules: RuleSet) { self.rules = rules }

  /// What is wrong with an example, ready to print.
  package struct Failure: Sendable {
    package let rule: String
    package let example: String
    /// Sentences, one a line.
    package let problems: [String]
    /// What was expected to be marked and what was found, line by line; empty where the marks agree.
    package let difference: [String]
  }

  /// How many examples were run, and what is wrong.
  package struct Outcome: Sendable {
    package var count = 0
    package var failures: [Failure] = []
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
            Failure(
              rule: rule.id, example: example.name, problems: ["Its settings are not those of the rule's parameters."],
              difference: []))
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
      asOf: example.asOf)
    return (rules.verdicts(on: estate, of: [rule]), diagnostics)
  }

  private func failure(of example: Example, _ rule: Rule) -> Failure? {
    var problems: [String] = []
    let (template, schema) = example.sources
    let (verdicts, diagnostics) = verdicts(of: example, rule, template: template, schema: schema)
    for diagnostic in diagnostics where diagnostic.severity == .error { problems.append(diagnostic.message) }
    problems += verdicts.diagnostics.map(\.message)
    let verdict = Self.overall(verdicts.judgements.map(\.verdict))
    if verdict != example.verdict {
      problems.append("The verdict is \(verdict.rawValue), not \(example.verdict.rawValue).")
      problems += verdicts.findings.map { "  \($0.message.plain)" }
    }
    let shown = verdicts.findings.filter { $0.verdict == example.verdict }
    if let wanted = example.message, !shown.contains(where: { $0.message.plain.contains(wanted) }) {
      problems.append("No message contains '\(wanted)':")
      problems += shown.map { "  \($0.message.plain)" }
    }
    var difference: [String] = []
    let marks = Set(
      [(FileID(0), example.template), (FileID(1), example.schema)].flatMap { file, text in
        (text?.marks ?? []).map { Span(file, $0) }
      })
    let found = Set(shown.map(\.primary.span))
    if example.verdict == .fail || !marks.isEmpty, marks != found {
      problems.append("The marked regions are not those reported.")
      for span in marks.union(found).sorted() {
        guard let source = span.file == FileID(0) ? template : schema else { continue }
        let position = LineTable(source.bytes).position(of: span.lower)
        let sign = found.contains(span) ? marks.contains(span) ? " " : "+" : "-"
        difference.append(
          "\(sign) \(source.path):\(position.line):\(position.column) «\(source.text(span).prefix(60))»")
      }
    }
    guard !problems.isEmpty else { return nil }
    return Failure(rule: rule.id, example: example.name, problems: problems, difference: difference)
  }

  /// Fail beats unknown beats pass beats not applicable.
  package static func overall(_ verdicts: [Verdict]) -> Verdict {
    for verdict in [Verdict.fail, .unknown, .pass] where verdicts.contains(verdict) { return verdict }
    return .notApplicable
  }
}
