import Rules

/// A part of a run that may take long, told of while it happens: for progress on a terminal and for timings. No report
/// depends on it.
package enum RunStep: Hashable, Sendable {
  /// Looking for what there is to judge.
  case discovery
  /// Reading a template, by its shown path.
  case template(String)
  /// Replaying SQL.
  case replay
  /// Judging by a rule, by its id, of so many.
  case rule(String, of: Int)
}

extension Linter {
  /// Told when a step begins and when it has ended; steps of rules overlap, and come from two threads.
  package typealias Observer = @Sendable (_ step: RunStep, _ isDone: Bool) -> Void

  /// Does something as a step that is told of.
  func observed<Result>(_ step: RunStep, _ body: () throws -> Result) rethrows -> Result {
    guard let observer = options.observer else { return try body() }
    observer(step, false)
    defer { observer(step, true) }
    return try body()
  }

  /// Tells of rules among so many.
  func ruleObserver(count: Int) -> RuleSet.Observer? {
    guard let observer = options.observer else { return nil }
    return { rule, isDone in observer(.rule(rule, of: count), isDone) }
  }
}
