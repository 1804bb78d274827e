import Findings
import SourceText

/// Failures and unknowns in the AWS Security Finding Format, as `aws securityhub batch-import-findings --findings
/// file://…` takes them (AWS Security Hub user guide, "AWS Security Finding Format (ASFF)"; the limits of texts are the
/// API reference's, `AwsSecurityFinding`).
///
/// An array; a call of `BatchImportFindings` takes at most 100 of it. `Id` is made from the subject, so that importing
/// again updates a finding instead of adding one. Times are those of the date judged by, at midnight UTC: nothing in a
/// report depends on the clock.
package enum SecurityHubFindings {
  /// The report's text.
  package static func render(_ report: Report, for target: SecurityHubTarget, language: Language = .en) -> String {
    let sources = SourceMap(report, withJudgements: false)
    let fingerprints = SubjectFingerprint.distinct(of: report)
    let rules = Dictionary(report.rules.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    let product =
      "arn:\(target.partition):securityhub:\(target.region):\(target.account):product/\(target.account)/default"
    let time = "\(report.asOf)T00:00:00Z"
    return JSONWriter.text(
      .array(
        zip(report.findings, fingerprints).map { finding, fingerprint in
          let rule = rules[finding.rule]
          let start = sources.positions(finding.primary.span)?.start
          return [
            "SchemaVersion": .string("2018-10-08"),
            "Id": .string("blealint/\(report.projectName)/\(finding.rule)/\(fingerprint)"),
            "ProductArn": .string(product),
            "ProductName": .string("blealint"),
            "CompanyName": .string("blealint"),
            "GeneratorId": .string("blealint/\(finding.rule)"),
            "AwsAccountId": .string(target.account),
            "Types": .array([.string("Software and Configuration Checks/AWS Security Best Practices")]),
            "CreatedAt": .string(time),
            "UpdatedAt": .string(time),
            "Severity": [
              "Label": .string(label(finding)), "Original": .string(finding.severity.rawValue),
            ],
            "Title": .string(cut("\(finding.rule) \(rule?.title(language) ?? "")", to: 256)),
            "Description": .string(cut(finding.message.plain, to: 1024)),
            "Remediation": rule.map { rule in
              [
                "Recommendation": [
                  "Text": .string(cut(rule.remediation(language).paragraphs.joined(separator: " "), to: 512)),
                  "Url": RuleHelp(rule, language: language).uri.map(JSONValue.string),
                ]
              ]
            },
            "ProductFields": [
              "blealint/rule": .string(finding.rule),
              "blealint/obligation": .string(finding.obligation),
              "blealint/version": .string(report.toolVersion),
              "blealint/fingerprint": .string(fingerprint),
            ],
            "Resources": .array([
              [
                "Type": .string("Other"),
                "Id": .string(cut("\(report.projectName)/\(finding.primary.path)", to: 512)),
                "Partition": .string(target.partition),
                "Region": .string(target.region),
                "Details": [
                  "Other": [
                    "Subject": .string(cut(finding.subject, to: 1024)),
                    "Path": .string(cut(sources.path(finding.primary.span.file), to: 1024)),
                    "Line": start.map { .string(String($0.line)) },
                    "Construct": finding.primary.constructPath.map { .string(cut($0, to: 1024)) },
                  ]
                ],
              ]
            ]),
            "Compliance": [
              // Security Hub's word for what has no answer.
              "Status": .string(finding.verdict == .fail ? "FAILED" : "NOT_AVAILABLE"),
              "RelatedRequirements": .filled(Array((rule?.controls ?? []).flatMap(requirements).prefix(32))),
            ],
            "Workflow": ["Status": .string("NEW")],
            "RecordState": .string("ACTIVE"),
          ]
        }))
  }

  /// A severity that is not decided is only told.
  private static func label(_ finding: Finding) -> String {
    guard finding.verdict == .fail else { return "INFORMATIONAL" }
    return switch finding.severity {
    case .critical: "CRITICAL"
    case .high: "HIGH"
    case .medium: "MEDIUM"
    case .low: "LOW"
    case .info: "INFORMATIONAL"
    }
  }

  private static func requirements(_ controls: FrameworkControls) -> [String] {
    controls.ids.map { "\(Framework(id: controls.framework).name) \($0)" }
  }

  /// A text of at most so many characters; what is cut is said by an ellipsis.
  private static func cut(_ text: String, to limit: Int) -> String {
    text.unicodeScalars.count <= limit ? text : String(text.prefix(limit - 1)) + "…"
  }
}
