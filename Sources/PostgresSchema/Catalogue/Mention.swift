import Values

/// A name that SQL mentions where it needs the object to exist.
package struct Mention: Hashable, Sendable {
  package var name: String
  package let origin: Origin
}
