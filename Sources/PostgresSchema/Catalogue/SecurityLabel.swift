/// `SECURITY LABEL FOR provider ON … IS 'label'`: what an extension such as PostgreSQL Anonymizer or pgsodium is told.
package struct SecurityLabel: Hashable, Sendable {
  /// The extension that the label is for; empty where the statement names none.
  package let provider: String
  package let label: Fact<String>
}
