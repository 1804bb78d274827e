/// What an expression reads, told without evaluating it.
public struct References: Hashable, Sendable {
  /// A member of a host type.
  public struct Member: Hashable, Sendable {
    /// The type that declares it.
    public let typeName: String
    /// The member's name.
    public let name: String

    /// Names a member.
    public init(typeName: String, name: String) {
      self.typeName = typeName
      self.name = name
    }
  }

  /// The variables of the environment; variables of macros are not among them.
  public internal(set) var identifiers: Set<String> = []
  /// The members of host types, as far as the types are known: what is read through `dyn` is not among them.
  public internal(set) var members: Set<Member> = []
  /// The functions, by name; operators and macros are not among them.
  public internal(set) var functions: Set<String> = []
}
