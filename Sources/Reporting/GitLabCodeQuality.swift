import Findings

/// GitLab's Code Quality report: an array of objects with `description`, `check_name`, `fingerprint`, `severity` and
/// `location`, which GitLab requires all of (GitLab documentation, "Code Quality", "Code Quality report format").
///
/// What could not be told is there too, as `info`. GitLab compares branches by the fingerprint, which is made from the
/// subject and not from the line, so that moved code is not news.
package enum GitLabCodeQuality {
  /// The report's text.
  package static func render(_ report: Report) -> String {
    let sources = SourceMap(report, withJudgements: false)
    let fingerprints = SubjectFingerprint.distinct(of: report)
    let names = Dictionary(report.rules.map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first })
    return JSONWriter.text { json in
      json.array(zip(report.findings, fingerprints)) { json, entry in
        let (finding, fingerprint) = entry
        let positions = sources.positions(finding.primary.span)
        json.object { json in
          json.member("description", finding.message.plain)
          json.member("check_name", [finding.rule, names[finding.rule]].compactMap { $0 }.joined(separator: " "))
          json.member("fingerprint", fingerprint)
          json.member("severity", severity(finding))
          json.object("location") { json in
            json.member("path", sources.path(finding.primary.span.file))
            json.object("lines") { json in
              json.member("begin", positions?.start.line ?? 1)
              json.member("end", positions?.end.line ?? 1)
            }
          }
        }
      }
    }
  }

  /// GitLab's five are info, minor, major, critical and blocker.
  private static func severity(_ finding: Finding) -> String {
    guard finding.verdict == .fail else { return "info" }
    return switch finding.severity {
    case .critical: "blocker"
    case .high: "critical"
    case .medium: "major"
    case .low: "minor"
    case .info: "info"
    }
  }
}
