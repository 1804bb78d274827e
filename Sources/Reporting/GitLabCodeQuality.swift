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
    return JSONWriter.text(
      .array(
        zip(report.findings, fingerprints).map { finding, fingerprint in
          let positions = sources.positions(finding.primary.span)
          return [
            "description": .string(finding.message.plain),
            "check_name": .string([finding.rule, names[finding.rule]].compactMap { $0 }.joined(separator: " ")),
            "fingerprint": .string(fingerprint),
            "severity": .string(severity(finding)),
            "location": [
              "path": .string(sources.path(finding.primary.span.file)),
              "lines": ["begin": .int(positions?.start.line ?? 1), "end": .int(positions?.end.line ?? 1)],
            ],
          ]
        }))
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
