import Documents
import Values

/// What is known of a parameter (or pseudo parameter) of one stack, before a scenario.
enum Binding: Sendable {
  case known(String, [Hop])
  /// The options' texts and hops in order; where `other` is set, one option more stands for any other value.
  case choice(ChoiceID, [(text: String, hop: Hop)], other: Unknown?, undecided: Unknown)
  case unknown(Unknown)
  /// What the parent of a nested stack passes.
  case passed(Passed)

  /// A value that stands in the parent's template.
  struct Passed: Sendable {
    let parent: ResourceID
    let node: Node
    let path: String
  }
}

/// What is known of a parameter under a scenario.
enum BindingState {
  case known(String, [Hop])
  case undecided(Unknown)
  /// None of these texts.
  case other([String], Unknown)
  case unknown(Unknown)
  case passed(Binding.Passed)
}

extension Binding {
  /// What the binding comes to under a scenario.
  func state(under scenario: Scenario) -> BindingState {
    switch self {
    case .known(let text, let hops): return .known(text, hops)
    case .unknown(let unknown): return .unknown(unknown)
    case .passed(let passed): return .passed(passed)
    case .choice(let choice, let options, let other, let undecided):
      guard let option = scenario[choice] else { return .undecided(undecided) }
      if options.indices.contains(option) { return .known(options[option].text, [options[option].hop]) }
      return .other(options.map(\.text), other ?? undecided)
    }
  }
}
