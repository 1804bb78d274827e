import Values

/// A sequence, its own or the one behind a serial or identity column.
package struct DatabaseSequence: Hashable, Sendable {
  package var name: QualifiedName
  package let origin: Origin
  package var owner: Fact<String?>
  /// The column it goes with (OWNED BY, serial, identity): the table's position in ``Catalogue/tables``.
  package var ownedBy: OwningColumn?
  package var grants: [Grant] = []
  /// Privileges the owner has taken from itself.
  package var ownerRevocations: [String] = []
  /// Privileges that were granted to the owner WITH GRANT OPTION. It may grant them anyway; a server lists it.
  package var ownerGrantOptions: [String] = []
  /// GRANT, REVOKE or default privileges have made a list of privileges of its own (`relacl` is not NULL).
  package var hasPrivilegeList = false

  /// The column whose values a sequence makes.
  package struct OwningColumn: Hashable, Sendable {
    package var table: Int
    package var column: String
  }
}
