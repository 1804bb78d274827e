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
    }.map { result -> JSONValue in
      [
        "ruleId": .string(result.finding.rule),
        "level": .string(result.finding.verdict == .unknown ? "note" : result.finding.severity.sarifLevel),
        "message": ["text": .string(result.finding.message.plain)],
        "locations": .array([
          [
            "physicalLocation": [
              "artifactLocation": [
                "uri": .string(URIReference.relative(result.path)), "uriBaseId": .string(SARIFReport.sourceRoot),
              ]
            ],
            "logicalLocations": .array([
              [
                "fullyQualifiedName": .string(result.finding.primary.path),
                "kind": .string(result.finding.primary.kind),
              ]
            ]),
          ]
        ]),
        "partialFingerprints": .object([JSONValue.Member(SubjectFingerprint.name, .string(result.fingerprint))]),
      ]
    }
    return JSONWriter.text([
      "$schema": .string("https://json.schemastore.org/sarif-2.1.0.json"),
      "version": .string("2.1.0"),
      "runs": .array([
        [
          "tool": [
            "driver": [
              "name": .string("blealint"), "semanticVersion": .string(report.toolVersion),
              "informationUri": .string(SARIFReport.informationURI),
            ]
          ],
          "automationDetails": ["id": .string("blealint/\(report.projectName)/")],
          "originalUriBaseIds": .object([
            JSONValue.Member(
              SARIFReport.sourceRoot, ["description": ["text": .string("The root of the repository.")]])
          ]),
          "results": .array(results),
        ]
      ]),
    ])
  }
}
