import Values

/// A property of a database object that statements change: its value and the place that last set it.
package struct Fact<Value: Hashable & Sendable>: Hashable, Sendable {
  package var value: Value
  /// The statement that made it so; the object's own origin while nothing has changed it.
  package var origin: Origin
  /// Why the value may be another, such as dynamic SQL that could not be evaluated.
  package var uncertainty: Unknown?

  package init(_ value: Value, at origin: Origin, uncertainty: Unknown? = nil) {
    self.value = value
    self.origin = origin
    self.uncertainty = uncertainty
  }

  /// Adds a reason why the value may be another.
  mutating func doubt(_ reason: Reason) {
    uncertainty = uncertainty?.union(Unknown(reason)) ?? Unknown(reason)
  }
}

extension Fact where Value == Bool {
  /// The value, or why it cannot be told.
  package var truth: Truth { uncertainty.map { .unknown($0) } ?? Truth(value) }
}
