import SourceText
import Synchronization

/// The compiled expressions of a rule. Most rules have no subject in most projects, so a check compiles of a built-in
/// rule only the first generator, and the rest when it yields something. Rules whose mistakes nobody has looked for yet
/// are compiled when they are read.
final class RuleBody: Sendable {
  /// The first generator; nil where the rule is compiled, or has none.
  let first: Rule.Generator?
  private let state: Mutex<State>

  private enum State {
    case compiled(Rule.Logic)
    case deferred(@Sendable () -> (logic: Rule.Logic?, diagnostics: [Diagnostic]))
    case failed([Diagnostic])
  }

  /// A body that is compiled already.
  init(_ logic: Rule.Logic) {
    first = nil
    state = Mutex(.compiled(logic))
  }

  /// A body that is compiled when the first generator has yielded something.
  init(
    first: Rule.Generator, _ compile: @escaping @Sendable () -> (logic: Rule.Logic?, diagnostics: [Diagnostic])
  ) {
    self.first = first
    state = Mutex(.deferred(compile))
  }

  /// What the judge evaluates; nil with the rule's mistakes.
  func logic() -> (logic: Rule.Logic?, diagnostics: [Diagnostic]) {
    state.withLock { state in
      if case .deferred(let compile) = state {
        let (logic, diagnostics) = compile()
        state = logic.map { .compiled($0) } ?? .failed(diagnostics)
      }
      switch state {
      case .compiled(let logic): return (logic, [])
      case .failed(let diagnostics): return (nil, diagnostics)
      case .deferred: return (nil, [])
      }
    }
  }
}
