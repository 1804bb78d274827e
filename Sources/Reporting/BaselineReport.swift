import Findings
import SourceText

/// A baseline: the findings of a report as SARIF, with what identifies them and nothing that moves. Without lines and
/// without prose it changes only where findings come and go, so that it can be kept in a repository and reviewed.
package enum BaselineReport {
  /// The baseline's text.
  package static func render(_ report: Report) -> String {
    let sources = SourceMap(report, withJudgements: false)
    let results = report.findings.map { finding in
      (
        path: sources.path(finding.primary.span.file), finding: finding,
        fingerprint: SubjectFingerprint.of(finding, inProject: report.projectName)
      )
    }.sorted {
      ($0.path, $0.finding.primary.path, $0.finding.rule, $0.finding.obligation)
        < ($1.path, $1.finding.primary.path, $1.finding.rule, $1.finding.obligation)
    }
    return JSONWriter.text { json in
      json.object { json in
        json.member("$schema", "https://json.schemastore.org/sarif-2.1.0.json")
        json.member("version", "2.1.0")
        json.objects("runs", [report]) { json, report in
          json.object("tool") { json in
            json.object("driver") { json in
              json.member("name", "blealint")
              json.member("semanticVersion", report.toolVersion)
              json.member("informationUri", SARIFReport.informationURI)
            }
          }
          json.object("automationDetails") { $0.member("id", "blealint/\(report.projectName)/") }
          SARIFReport.writeSourceRoots(to: &json)
          json.objects("results", results) { json, result in
            write(result.finding, path: result.path, fingerprint: result.fingerprint, to: &json)
          }
        }
      }
    }
  }

  private static func write(_ finding: Finding, path: String, fingerprint: String, to json: inout JSONWriter) {
    json.member("ruleId", finding.rule)
    json.member("level", finding.verdict == .unknown ? "note" : finding.severity.sarifLevel)
    json.message(finding.message.plain)
    json.objects("locations", [finding.primary]) { json, primary in
      json.object("physicalLocation") { json in
        json.object("artifactLocation") { json in
          json.member("uri", URIReference.relative(path))
          json.member("uriBaseId", SARIFReport.sourceRoot)
        }
      }
      json.objects("logicalLocations", [primary]) { json, primary in
        json.member("fullyQualifiedName", primary.path)
        json.member("kind", primary.kind)
      }
    }
    json.object("partialFingerprints") { json in
      json.member(named: SubjectFingerprint.name) { $0.write(fingerprint) }
    }
  }
}
