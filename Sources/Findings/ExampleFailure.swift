import SourceText

/// What is wrong with an example of a rule, or with the rule.
package struct ExampleFailure: Hashable, Sendable {
  /// The rule's id and name.
  package let rule: String
  package let ruleName: String
  package let example: String
  /// The example in the rule's file.
  package let span: Span
  /// Sentences.
  package let problems: [String]
  /// The inputs, with the regions that are marked.
  package let files: [ExampleFile]
  /// What the rule reports.
  package let reported: [Reported]
  /// What the fixes make of the template, and what the example says they do, where these differ.
  package let fix: Fixed?

  package init(
    rule: String, ruleName: String, example: String, span: Span, problems: [String], files: [ExampleFile],
    reported: [Reported], fix: Fixed?
  ) {
    self.rule = rule
    self.ruleName = ruleName
    self.example = example
    self.span = span
    self.problems = problems
    self.files = files
    self.reported = reported
    self.fix = fix
  }

  /// One finding on an example.
  package struct Reported: Hashable, Sendable {
    /// The name of the input it is in.
    package let path: String
    /// UTF-8 offsets into its text.
    package let range: Range<Int>
    package let verdict: Verdict
    package let message: String

    package init(path: String, range: Range<Int>, verdict: Verdict, message: String) {
      self.path = path
      self.range = range
      self.verdict = verdict
      self.message = message
    }
  }

  /// A template after its fixes.
  package struct Fixed: Hashable, Sendable {
    package let expected: String
    package let found: String

    package init(expected: String, found: String) {
      self.expected = expected
      self.found = found
    }
  }
}
