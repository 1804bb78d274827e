import Values

/// What an evaluation reads the embedding program's objects through.
///
/// The evaluator reads a member once for each time the expression does, so a host can observe which members
/// decided.
public protocol Host {
  /// Reads a member of an object. Only members that the ``TypeProvider`` declares are asked for, except through
  /// `dyn`.
  func member(_ name: String, of object: ObjectValue) -> MemberReading

  /// Reads a member for one who asks of a list only whether an element is in it: all other elements may be left out.
  /// A host need not have a shorter way.
  func member(_ name: String, of object: ObjectValue, keeping element: Value) -> MemberReading
}

extension Host {
  /// Reads the whole member.
  public func member(_ name: String, of object: ObjectValue, keeping element: Value) -> MemberReading {
    member(name, of: object)
  }
}

/// A member as it was read: whether it is there, and its value.
public struct MemberReading: Sendable {
  /// Whether the member is there.
  public var presence: Truth
  /// The value where the member is there; without meaning where `presence` is `.no`.
  public var value: Value

  /// A reading; a member is there unless said otherwise.
  public init(_ value: Value, presence: Truth = .yes) {
    self.value = value
    self.presence = presence
  }

  /// The reading of a member that is not there.
  public static let absent = MemberReading(.null, presence: .no)
}

/// A host without objects, for expressions over plain values.
public struct NoHost: Host {
  /// A host without objects.
  public init() {}

  /// No object has a member.
  public func member(_ name: String, of object: ObjectValue) -> MemberReading { .absent }
}
