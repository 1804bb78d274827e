/// What the checker knows of the embedding program's types.
public protocol TypeProvider: Sendable {
  /// The members of a type by name; nil when there is no such type.
  func members(of typeName: String) -> [String: MemberDeclaration]?
  /// All types, for suggestions.
  var typeNames: [String] { get }
}

/// A member of a host type, as declared.
public struct MemberDeclaration: Hashable, Sendable {
  /// What the checker takes its value to be.
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
  /// There are no types.
  public var typeNames: [String] { [] }
}
