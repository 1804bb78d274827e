import Values

/// A step into a value.
package enum PathElement: Hashable, Sendable {
  case key(String)
  /// An element's position among those that the scenario leaves in the list.
  case index(Int)
}

/// Where a property stands, or would stand.
package struct Place: Hashable, Sendable {
  /// The value's own place, or that of the nearest ancestor.
  package let origin: Origin
  /// False where the path leads nowhere: then `origin` is the nearest ancestor's.
  package let exists: Bool

  /// A place where something stands, or is missing.
  package init(_ origin: Origin, exists: Bool) {
    self.origin = origin
    self.exists = exists
  }
}
