import SourceText

/// A role as a statement names it.
package struct RoleReference: Hashable, Sendable {
  package var name: String
  package let isPublic: Bool
  package let span: Span
}
