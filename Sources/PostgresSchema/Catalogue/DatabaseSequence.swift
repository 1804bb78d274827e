import Values

/// A sequence of its own (not one behind a serial or identity column).
package struct DatabaseSequence: Hashable, Sendable {
  package var name: QualifiedName
  package let origin: Origin
  package var owner: Fact<String?>
  package var grants: [Grant] = []
}
