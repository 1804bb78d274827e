import SourceText
import Values

/// A row security policy.
package struct Policy: Hashable, Sendable {
  package enum Command: String, Hashable, Sendable { case all, select, insert, update, delete }

  package var name: String
  /// The policy's name in CREATE POLICY.
  package let origin: Origin
  package let statement: Span
  package var command: Command
  package var isPermissive: Bool
  /// The roles it is for; `public` (as ``RoleReference/isPublic``) when the statement names none.
  package var roles: [RoleReference]
  package var using: SQLExpression?
  package var withCheck: SQLExpression?
  /// The tables its expressions read.
  package var relations: [Mention] = []
  /// The functions its expressions call, as written.
  package var functions: [Mention] = []

  package var isForPublic: Bool { roles.contains { $0.isPublic } }
}

/// A role as a statement names it.
package struct RoleReference: Hashable, Sendable {
  package var name: String
  package let isPublic: Bool
  package let span: Span
}

/// A privilege that GRANT has given and no REVOKE has taken back.
package struct Grant: Hashable, Sendable {
  /// nil: PUBLIC.
  package var grantee: String?
  /// In upper case: `SELECT`, `TRUNCATE`, `EXECUTE`, `USAGE`.
  package let privilege: String
  /// nil: the whole object.
  package var columns: [String]?
  package var hasGrantOption: Bool
  package let origin: Origin
  /// It comes with the object's creation (EXECUTE on functions to PUBLIC), not from a GRANT.
  package var isImplicit = false
}
