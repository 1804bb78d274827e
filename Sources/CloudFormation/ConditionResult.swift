import Values

/// A condition's truth, and the assumptions (defaults of parameters) that it rests on.
package struct ConditionResult: Hashable, Sendable {
  package var truth: Truth
  package var hops: [Hop]

  package init(_ truth: Truth, hops: [Hop] = []) {
    self.truth = truth
    self.hops = hops
  }
}
