import Values

/// An enum, domain, composite or range type.
package struct UserType: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable { case enumeration, domain, composite, range, base }

  package var name: QualifiedName
  package let kind: Kind
  package let origin: Origin
  /// An enum's labels.
  package var labels: [String] = []
  /// A domain's underlying type, as PostgreSQL prints it.
  package var baseType: String?
  /// A domain's checks.
  package var checks: [SQLExpression] = []
  /// A domain refuses NULL.
  package var isNotNull = false
}
