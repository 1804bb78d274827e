import Values

/// An enum, domain, composite or range type.
package struct UserType: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable { case enumeration, domain, composite, range, base }

  package var name: QualifiedName
  package let kind: Kind
  package let origin: Origin
  package var owner: Fact<String?>
  package var grants: [Grant] = []
  /// Privileges the owner has taken from itself.
  package var ownerRevocations: [String] = []
  /// Privileges that were granted to the owner WITH GRANT OPTION. It may grant them anyway; a server lists it.
  package var ownerGrantOptions: [String] = []
  /// GRANT, REVOKE or default privileges have made a list of privileges of its own (`typacl` is not NULL).
  package var hasPrivilegeList = false
  package var comment: Fact<String>?
  /// A domain that takes no NULL.
  package var isNotNull = false
  /// A domain that gives columns a default of its own.
  package var hasDefault = false
  /// The names of a domain's checks, in the order of ``checks``.
  package var checkNames: [String] = []
  /// An enum's labels.
  package var labels: [String] = []
  /// A domain's underlying type, as PostgreSQL prints it.
  package var baseType: String?
  /// A domain's checks.
  package var checks: [SQLExpression] = []
}
