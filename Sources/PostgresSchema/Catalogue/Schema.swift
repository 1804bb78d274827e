import Values

/// A schema (namespace).
package struct Schema: Hashable, Sendable {
  package var name: String
  package let origin: Origin
  package var owner: Fact<String?>
  package var grants: [Grant] = []
  /// Privileges the owner has taken from itself.
  package var ownerRevocations: [String] = []
  /// Privileges that were granted to the owner WITH GRANT OPTION. It may grant them anyway; a server lists it.
  package var ownerGrantOptions: [String] = []
  /// GRANT, REVOKE or default privileges have made a list of privileges of its own (`nspacl` is not NULL).
  package var hasPrivilegeList = false
  /// Privileges that a statement has taken from PUBLIC and none has given back since.
  package var publicRevocations: [String] = []
  package var comment: Fact<String>?
  package var isAssumed = false
  /// `public`: it exists before any statement.
  package var isPredefined = false
}
