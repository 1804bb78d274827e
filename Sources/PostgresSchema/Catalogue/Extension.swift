import Values

/// An extension that CREATE EXTENSION installs.
package struct Extension: Hashable, Sendable {
  package let name: String
  package let origin: Origin
  package var schema: String?
  package var version: String?
}
