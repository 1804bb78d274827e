import SourceText

/// Why a value cannot be told, and where that comes from.
public struct Reason: Hashable, Sendable {
  /// What kind of thing is missing: reports group unknowns by it and name the cure.
  public enum Kind: String, Hashable, Sendable {
    /// An open choice: not yet an unknown, for the evaluation can fork on it.
    case undecided
    /// A template parameter without a value.
    case parameter
    /// An import that no template given exports.
    case `import`
    /// A literal name or ARN of something that no file given declares.
    case undeclared
    /// An attribute or pseudo parameter that only a deployment has.
    case deployment
    /// A macro, transform or custom resource.
    case macro
    /// Dynamic SQL that could not be evaluated, or a statement that could not be parsed.
    case sql
    /// A property that does not have its type.
    case malformed
    /// Several candidates, and nothing that says which.
    case ambiguous
    /// More scenarios or steps than the budget allows.
    case budget
    /// Anything else; the text says what.
    case other
  }

  /// What sort of reason it is.
  public let kind: Kind
  /// A clause without a full stop that completes "Cannot tell whether …: ", such as
  /// `subnets come from parameter 'SubnetIds', which has no value`.
  public let text: String
  /// Where the unknown comes from.
  public let span: Span?
  /// What would make it known, such as `give it with --parameter SubnetIds=…`.
  public let cure: String?
  /// The choice, for `.undecided`.
  public let choice: ChoiceID?

  /// A reason that is not an open choice.
  public init(_ kind: Kind, _ text: String, at span: Span? = nil, cure: String? = nil) {
    self.kind = kind
    self.text = text
    self.span = span
    self.cure = cure
    choice = nil
  }

  /// An open choice, to fork on.
  public init(undecided choice: ChoiceID, _ text: String, at span: Span? = nil) {
    kind = .undecided
    self.text = text
    self.span = span
    cure = nil
    self.choice = choice
  }
}

/// A value that is not known: a non-empty, ordered set of reasons. Combining unknowns unites their reasons.
public struct Unknown: Hashable, Sendable {
  /// In order of first appearance, without repeats, at most ``limit``.
  public private(set) var reasons: [Reason]

  /// More reasons than this say nothing more to a reader.
  public static let limit = 16

  /// Not known for one reason.
  public init(_ reason: Reason) { reasons = [reason] }

  /// Not known for the reasons of both.
  public func union(_ other: Unknown) -> Unknown {
    var copy = self
    for reason in other.reasons where copy.reasons.count < Unknown.limit && !copy.reasons.contains(reason) {
      copy.reasons.append(reason)
    }
    return copy
  }

  /// The lowest open choice among the reasons: what an evaluation forks on next.
  public var undecidedChoice: ChoiceID? { reasons.compactMap(\.choice).min() }
}
