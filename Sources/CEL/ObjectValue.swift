/// An object of the embedding program: a name for it, of which the ``Host`` knows the rest.
public struct ObjectValue: Hashable, Sendable {
  /// The type's name, as the ``TypeProvider`` knows it.
  public let typeName: String
  /// What tells the object from the others of its type; its meaning is the host's.
  public let id: Int32

  /// Names an object.
  public init(_ typeName: String, _ id: Int32) {
    self.typeName = typeName
    self.id = id
  }
}
