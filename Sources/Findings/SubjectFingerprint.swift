/// `blealintSubject/v1`: what stays the same about a finding when its code is moved or reformatted.
///
/// The SHA-256, in hexadecimal, of four parts in UTF-8 with a NUL between each two: the rule's id, the project's name,
/// the logical path of the primary location (`Resources/Key/Properties/KeySpec`, `public.orders`), and the
/// obligation's id. Findings that differ in nothing but their scenario share it. A change of this recipe needs a new
/// suffix (SARIF 2.1.0, section 3.27.17).
package enum SubjectFingerprint {
  /// The key in SARIF's `partialFingerprints`.
  package static let name = "blealintSubject/v1"

  /// The fingerprint of a finding of a project.
  package static func of(_ finding: Finding, inProject project: String) -> String {
    let parts = [finding.rule, finding.project ?? project, finding.primary.path, finding.obligation]
    return SHA256.hexadecimal(Array(parts.joined(separator: "\0").utf8))
  }
}
