import SourceText
import Values

/// One thing that the templates leave open, and the ways it may turn out.
package struct Choice: Sendable {
  /// Its name in scenarios: its position among the deployment's choices.
  package let id: ChoiceID
  /// The stack whose template leaves it open.
  package let stack: StackID
  /// What is open: a parameter's name, a pseudo parameter, or a comparison that nothing decides.
  package let subject: String
  /// The parameter's name, or the comparison.
  package let origin: Origin
  /// In the order of writing; a scenario names one by its index.
  package let options: [Option]

  /// One way a choice may turn out.
  package struct Option: Hashable, Sendable {
    /// For a reader, completing "Stage is …": `'dev'`, `another value`, `true`.
    package let label: String
    /// The parameter's value; nil for `another value` and for comparisons.
    package let value: String?
  }
}
