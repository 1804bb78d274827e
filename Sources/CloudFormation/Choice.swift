import SourceText
import Values

/// One thing that the templates leave open, and the ways it may turn out.
package struct Choice: Sendable {
  package let id: ChoiceID
  package let stack: StackID
  /// What is open: a parameter's name, a pseudo parameter, or a comparison that nothing decides.
  package let subject: String
  /// The parameter's name, or the comparison.
  package let origin: Origin
  package let options: [Option]

  /// One way a choice may turn out.
  package struct Option: Hashable, Sendable {
    /// For a reader, completing "Stage is …": `'dev'`, `another value`, `true`.
    package let label: String
    /// The parameter's value; nil for `another value` and for comparisons.
    package let value: String?
  }
}

/// What is known of a parameter (or pseudo parameter) of one stack, before a scenario.
enum Binding: Sendable {
  case known(String, [Hop])
  /// The options' texts and hops in order; where `other` is set, one option more stands for any other value.
  case choice(ChoiceID, [(text: String, hop: Hop)], other: Unknown?, undecided: Unknown)
  case unknown(Unknown)
}

/// What is known of a parameter under a scenario.
enum BindingState {
  case known(String, [Hop])
  case undecided(Unknown)
  /// None of these texts.
  case other([String], Unknown)
  case unknown(Unknown)
}

extension Binding {
  /// What the binding comes to under a scenario.
  func state(under scenario: Scenario) -> BindingState {
    switch self {
    case .known(let text, let hops): return .known(text, hops)
    case .unknown(let unknown): return .unknown(unknown)
    case .choice(let choice, let options, let other, let undecided):
      guard let option = scenario[choice] else { return .undecided(undecided) }
      if options.indices.contains(option) { return .known(options[option].text, [options[option].hop]) }
      return .other(options.map(\.text), other ?? undecided)
    }
  }
}
