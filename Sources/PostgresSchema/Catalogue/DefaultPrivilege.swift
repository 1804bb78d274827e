import Values

/// One privilege of ALTER DEFAULT PRIVILEGES.
package struct DefaultPrivilege: Hashable, Sendable {
  /// Whose new objects; nil: the role that ran the statement.
  package var role: String?
  /// nil: in every schema.
  package let schema: String?
  /// `tables`, `sequences`, `functions`, `types` or `schemas`.
  package let objects: String
  /// nil: PUBLIC.
  package var grantee: String?
  package let privilege: String
  package let isGrant: Bool
  package var hasGrantOption = false
  package let origin: Origin
}
