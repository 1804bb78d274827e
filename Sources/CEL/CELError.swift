import SourceText

/// What went wrong in an evaluation: a mistake of the expression, such as a division by zero, not of its input.
public struct CELError: Hashable, Sendable {
  /// What kind of mistake it is; the text is for people.
  public enum Kind: String, Hashable, Sendable {
    case divisionByZero = "division-by-zero"
    case overflow
    case outOfRange = "out-of-range"
    case noSuchKey = "no-such-key"
    case noSuchOverload = "no-such-overload"
    case unboundVariable = "unbound-variable"
    case invalidArgument = "invalid-argument"
  }

  /// What kind of mistake it is.
  public let kind: Kind
  /// The fact, with the values concerned in single quotes; one sentence with its full stop.
  public let message: String
  /// The part of the expression that failed, in the file that holds it.
  public internal(set) var span: Span?

  /// An error without a place; the evaluator adds the place of the call it came from.
  public init(_ kind: Kind, _ message: String, at span: Span? = nil) {
    self.kind = kind
    self.message = message
    self.span = span
  }

  static func noOverload(_ name: String, _ arguments: [Value]) -> CELError {
    let types = arguments.map { $0.runtimeType.runtimeName }.joined(separator: ", ")
    return CELError(.noSuchOverload, "'\(name)' does not take (\(types)).")
  }

  static func overflow(_ name: String) -> CELError {
    CELError(.overflow, "The result of '\(name)' does not fit its type.")
  }
}
