/// One thing a template leaves open: the value of a parameter, or a condition nothing decides. Each has a finite
/// list of options; a scenario picks one.
public struct ChoiceID: Hashable, Comparable, Sendable {
  /// The choice's number in its deployment.
  public let rawValue: Int32

  /// The choice with a number.
  public init(_ rawValue: Int32) { self.rawValue = rawValue }

  /// In the order of the numbers.
  public static func < (a: ChoiceID, b: ChoiceID) -> Bool { a.rawValue < b.rawValue }
}

/// What is assumed about the choices of a deployment; choices it does not name are still open. Evaluation starts
/// with ``none`` and forks when a value it needs depends on an open choice.
public struct Scenario: Hashable, Sendable {
  /// Ordered by choice.
  public private(set) var assignments: [Assignment]

  /// One choice made.
  public struct Assignment: Hashable, Sendable {
    /// What was open.
    public let choice: ChoiceID
    /// The index of the option picked.
    public let option: Int
  }

  /// Nothing is assumed: every choice is open.
  public static let none = Scenario(assignments: [])

  private init(assignments: [Assignment]) { self.assignments = assignments }

  /// The option picked for a choice, or nil while it is open.
  public subscript(choice: ChoiceID) -> Int? {
    for assignment in assignments where assignment.choice == choice { return assignment.option }
    return nil
  }

  /// Whether this scenario assumes all that another does.
  public func assumes(all other: Scenario) -> Bool {
    other.assignments.allSatisfy { self[$0.choice] == $0.option }
  }

  /// This scenario with one more choice made.
  public func assuming(_ choice: ChoiceID, is option: Int) -> Scenario {
    var copy = assignments.filter { $0.choice != choice }
    let at = copy.firstIndex { $0.choice > choice } ?? copy.count
    copy.insert(Assignment(choice: choice, option: option), at: at)
    return Scenario(assignments: copy)
  }
}
