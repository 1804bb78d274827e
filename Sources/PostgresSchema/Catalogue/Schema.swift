import Values

/// A schema (namespace).
package struct Schema: Hashable, Sendable {
  package var name: String
  package let origin: Origin
  package var owner: Fact<String?>
  package var grants: [Grant] = []
  package var comment: Fact<String>?
  package var isAssumed = false
  /// `public`: it exists before any statement.
  package var isPredefined = false
}
