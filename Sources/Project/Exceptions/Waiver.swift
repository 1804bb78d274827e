import Findings
import SourceText

/// Findings that a configuration accepts for a time: what all of its selectors mean.
package struct Waiver: Sendable {
  /// Ids or names.
  package let rules: [Written<String>]
  /// Patterns as written; nil for any.
  package let resources: [String]?
  /// Relative to the configuration's folder; nil for any.
  package let paths: [PathPattern]?
  /// Patterns of qualified names; nil for any.
  package let tables: [PathPattern]?
  package let reason: String
  package let approver: String
  /// The last day on which it holds.
  package let expires: String
  /// Where it stands in the configuration.
  package let span: Span

  /// What a finding is about, for selectors.
  struct Subject {
    /// `Key`, of `Resources/Key/Properties/…`.
    var logicalID: String?
    /// The stacks that the finding's template is deployed as.
    var stacks: [String] = []
    var constructPath: String?
    /// The file's path from the configuration's folder; nil for one that stands elsewhere.
    var path: String?
    /// Qualified names of what it is about.
    var tables: [String] = []
  }

  /// Whether the selectors mean a finding.
  func selects(_ subject: Subject) -> Bool {
    if let resources, !resources.contains(where: { Self.selects($0, subject) }) { return false }
    if let paths {
      guard let path = subject.path, paths.contains(where: { $0.matches(path) }) else { return false }
    }
    if let tables, !tables.contains(where: { pattern in subject.tables.contains { pattern.matches($0) } }) {
      return false
    }
    return true
  }

  /// A logical id, with its stack's name before it or not, or a construct path.
  private static func selects(_ pattern: String, _ subject: Subject) -> Bool {
    let name = PathPattern.name(pattern)
    if let id = subject.logicalID, name.matches(id) || subject.stacks.contains(where: { name.matches("\($0)/\(id)") }) {
      return true
    }
    return subject.constructPath.map { PathPattern(pattern).matches($0) } ?? false
  }
}
