/// The rule files that the binary carries. The lists themselves are made at build time from Rules/.
package enum BuiltInRules {
  /// One file of Rules/.
  package struct File: Sendable {
    /// Relative to Rules/, such as `kms/kms-key-rotation.yaml`.
    package let path: String
    /// What a run reads: everything but the prose, as JSON.
    package let logic: String
    /// Rationale, remediation, references, controls and examples, as JSON; of the model the whole file, with what is
    /// said to people only; empty for effects, profiles, frameworks and what is said of the
    /// catalogue.
    package let prose: String
  }
}
