import Values

/// What an evaluation reads the embedding program's objects through.
///
/// The evaluator reads a member once for each time the expression does, so a host can observe which members
/// decided.
public protocol Host {
  /// Reads a member of an object. Only members that the ``TypeProvider`` declares are asked for, except through
  /// `dyn`.
  func member(_ name: String, of object: ObjectValue) -> MemberReading
}

/// A member as it was read: whether it is there, and its value.
public struct MemberReading: Sendable {
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

/// What the checker knows of the embedding program's types.
public protocol TypeProvider: Sendable {
  /// The members of a type by name; nil when there is no such type.
  func members(of typeName: String) -> [String: MemberDeclaration]?
  /// All types, for suggestions.
  var typeNames: [String] { get }
}

/// A member of a host type, as declared.
public struct MemberDeclaration: Hashable, Sendable {
  public var type: CELType
  /// Whether the member may be absent, so that reading it needs `.?` or a guard such as `has()`.
  public var isOptional: Bool
  /// What the member means, for editors and generated documentation.
  public var documentation: String

  /// A member, required unless said otherwise.
  public init(_ type: CELType, isOptional: Bool = false, documentation: String = "") {
    self.type = type
    self.isOptional = isOptional
    self.documentation = documentation
  }
}

/// A provider without types, for expressions over plain values.
public struct NoTypes: TypeProvider {
  /// A provider without types.
  public init() {}

  /// There are no types.
  public func members(of typeName: String) -> [String: MemberDeclaration]? { nil }
  public var typeNames: [String] { [] }
}
