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
    return JSONWriter.text { json in
      json.array(zip(report.findings, fingerprints)) { json, entry in
        let (finding, fingerprint) = entry
        let rule = rules[finding.rule]
        json.object { json in
          json.member("SchemaVersion", "2018-10-08")
          json.member("Id", "blealint/\(report.projectName)/\(finding.rule)/\(fingerprint)")
          json.member("ProductArn", product)
          json.member("ProductName", "blealint")
          json.member("CompanyName", "blealint")
          json.member("GeneratorId", "blealint/\(finding.rule)")
          json.member("AwsAccountId", target.account)
          json.strings("Types", ["Software and Configuration Checks/AWS Security Best Practices"])
          json.member("CreatedAt", time)
          json.member("UpdatedAt", time)
          json.object("Severity") { json in
            json.member("Label", label(finding))
            json.member("Original", finding.severity.rawValue)
          }
          json.member("Title", cut("\(finding.rule) \(rule?.title(language) ?? "")", to: 256))
          json.member("Description", cut(finding.message.plain, to: 1024))
          if let rule { writeRemediation(of: rule, language, to: &json) }
          json.object("ProductFields") { json in
            json.member("blealint/rule", finding.rule)
            json.member("blealint/obligation", finding.obligation)
            json.member("blealint/version", report.toolVersion)
            json.member("blealint/fingerprint", fingerprint)
          }
          writeResource(of: finding, in: report, sources, target, to: &json)
          json.object("Compliance") { json in
            // Security Hub's word for what has no answer.
            json.member("Status", finding.verdict == .fail ? "FAILED" : "NOT_AVAILABLE")
            json.strings(
              "RelatedRequirements", unlessEmpty: Array((rule?.controls ?? []).flatMap(requirements).prefix(32)))
          }
          json.object("Workflow") { $0.member("Status", "NEW") }
          json.member("RecordState", "ACTIVE")
        }
      }
    }
  }

  private static func writeRemediation(of rule: RuleDescription, _ language: Language, to json: inout JSONWriter) {
    json.object("Remediation") { json in
      json.object("Recommendation") { json in
        json.member("Text", cut(rule.remediation(language).paragraphs.joined(separator: " "), to: 512))
        json.member("Url", RuleHelp(rule, language: language).uri)
      }
    }
  }

  private static func writeResource(
    of finding: Finding, in report: Report, _ sources: SourceMap, _ target: SecurityHubTarget,
    to json: inout JSONWriter
  ) {
    json.objects("Resources", [finding.primary]) { json, primary in
      json.member("Type", "Other")
      json.member("Id", cut("\(report.projectName)/\(primary.path)", to: 512))
      json.member("Partition", target.partition)
      json.member("Region", target.region)
      json.object("Details") { json in
        json.object("Other") { json in
          json.member("Subject", cut(finding.subject, to: 1024))
          json.member("Path", cut(sources.path(primary.span.file), to: 1024))
          json.member("Line", sources.positions(primary.span).map { String($0.start.line) })
          json.member("Construct", primary.constructPath.map { cut($0, to: 1024) })
        }
      }
    }
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
