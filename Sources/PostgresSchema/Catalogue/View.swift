import SourceText
import Values

/// A view or materialized view.
package struct View: Hashable, Sendable {
  package var name: QualifiedName
  package let isMaterialized: Bool
  package let origin: Origin
  package let statement: Span
  /// `security_invoker` as set; absent means the view reads with its owner's rights.
  package var isSecurityInvoker: Fact<Bool>
  package var isSecurityBarrier = false
  /// `WITH (…)` and `WITH CHECK OPTION` as stored, by lower-case name.
  package var options: [String: String] = [:]
  package var query: SQLExpression?
  /// The relations its query reads.
  package var relations: [Mention] = []
  /// Positions in ``Catalogue/tables`` of those that are tables.
  package var tables: [Int] = []
  package var owner: Fact<String?>
  package var grants: [Grant] = []
  /// Privileges the owner has taken from itself.
  package var ownerRevocations: [String] = []
  /// Privileges that were granted to the owner WITH GRANT OPTION. It may grant them anyway; a server lists it.
  package var ownerGrantOptions: [String] = []
  /// GRANT, REVOKE or default privileges have made a list of privileges of its own (`relacl` is not NULL).
  package var hasPrivilegeList = false
  package var comment: Fact<String>?
  package var triggers: [Trigger] = []
  /// Names of CREATE RULE's rules on it.
  package var rewriteRules: [String] = []
}
