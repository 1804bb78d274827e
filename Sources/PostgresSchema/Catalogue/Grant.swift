import Values

/// A privilege that GRANT has given and no REVOKE has taken back.
package struct Grant: Hashable, Sendable {
  /// nil: PUBLIC.
  package var grantee: String?
  /// In upper case: `SELECT`, `TRUNCATE`, `EXECUTE`, `USAGE`.
  package let privilege: String
  /// nil: the whole object. A GRANT on several columns makes one grant for each.
  package var column: String?
  package var hasGrantOption: Bool
  package let origin: Origin
  /// It comes with the object's creation (EXECUTE on functions to PUBLIC), not from a GRANT.
  package var isImplicit = false
}
