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
  package var comment: Fact<String>?
  /// The tables its expressions read.
  package var relations: [Mention] = []
  /// The functions its expressions call, as written.
  package var functions: [Mention] = []

  package var isForPublic: Bool { roles.contains { $0.isPublic } }
}
