import SourceText
import Values

/// A role of the cluster.
package struct Role: Hashable, Sendable {
  package var name: String
  package let origin: Origin
  package var canLogin: Fact<Bool>
  package var isSuperuser: Fact<Bool>
  package var bypassesRowSecurity: Fact<Bool>
  package var inherits: Bool = true
  package var canCreateRole = false
  package var canCreateDatabase = false
  package var isReplication = false
  /// `CONNECTION LIMIT`; -1: none.
  package var connectionLimit = -1
  /// A password stands in the SQL: its place.
  package var password: Span?
  package var memberOf: [Membership] = []
  /// `ALTER ROLE … SET name = value`, by lower-case name.
  package var settings: [String: String] = [:]
  package var comment: Fact<String>?
  /// No statement creates it: it is taken to exist because statements use it.
  package var isAssumed = false
  /// It exists in every cluster (`pg_read_all_data`) or every Aurora cluster (`rds_iam`).
  package var isPredefined = false
  package var uncertainty = Uncertainty()

  package struct Membership: Hashable, Sendable {
    package var role: String
    package let hasAdminOption: Bool
    package let origin: Origin
  }

  init(_ name: String, origin: Origin) {
    self.name = name
    self.origin = origin
    canLogin = Fact(false, at: origin)
    isSuperuser = Fact(false, at: origin)
    bypassesRowSecurity = Fact(false, at: origin)
  }
}
