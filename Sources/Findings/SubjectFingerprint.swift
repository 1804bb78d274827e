/// `blealintSubject/v1`: what stays the same about a finding when its code is moved or reformatted.
///
/// The SHA-256, in hexadecimal, of five parts in UTF-8 with a NUL between each two: the rule's id, the project's name,
/// the name of the stack (`dev-Store`; empty for SQL), the logical path of the primary location
/// (`Resources/Key/Properties/KeySpec`, `public.orders`), and the obligation's id. One template makes a stack in each
/// stage, and a finding in one stage is another than that in the next. Findings that differ in nothing but their
/// scenario share it. The stack of a template that stands alone is called after its file: two templates of one project may
/// use the same logical ids, and nothing else tells them apart. A change of this recipe needs a new suffix (SARIF 2.1.0,
/// section 3.27.17).
package enum SubjectFingerprint {
  /// The key in SARIF's `partialFingerprints`.
  package static let name = "blealintSubject/v1"

  /// The fingerprint of a finding of a project.
  package static func of(_ finding: Finding, inProject project: String) -> String {
    let parts = [finding.rule, finding.project ?? project, finding.stack, finding.primary.path, finding.obligation]
    return SHA256.hexadecimal(Array(parts.joined(separator: "\0").utf8))
  }

  /// A fingerprint for each finding of a report, no two alike: where several share one, as in two scenarios, the second
  /// and later are told apart by their number. For readers that take equal fingerprints for one finding.
  package static func distinct(of report: Report) -> [String] {
    var seen: [String: Int] = [:]
    return report.findings.map { finding in
      let fingerprint = of(finding, inProject: report.projectName)
      let number = seen[fingerprint, default: 0]
      seen[fingerprint] = number + 1
      return number == 0 ? fingerprint : SHA256.hexadecimal(Array("\(fingerprint)\0\(number)".utf8))
    }
  }
}
