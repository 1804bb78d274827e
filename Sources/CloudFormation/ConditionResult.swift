import Values

/// A condition's truth, and the assumptions (defaults of parameters) that it rests on.
package struct ConditionResult: Hashable, Sendable {
  /// Whether the condition holds.
  package var truth: Truth
  /// What that rests on: defaults of parameters, mappings, imports.
  package var hops: [Hop]

  /// A truth that rests on `hops`.
  package init(_ truth: Truth, hops: [Hop] = []) {
    self.truth = truth
    self.hops = hops
  }
}
