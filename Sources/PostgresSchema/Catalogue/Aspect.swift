/// The part of an object that an unknown concerns: a rule asks only about the parts it reads.
package enum Aspect: String, Hashable, CaseIterable, Sendable {
  /// Whether the object is there at all at the end.
  case existence
  case columns, constraints, indexes, rowSecurity, policies, triggers, privileges, owner, comment
}
