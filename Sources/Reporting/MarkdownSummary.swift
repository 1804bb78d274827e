import Findings
import SourceText

/// A page in GitHub's Markdown: what a reviewer wants to see first. Made for the job summary of GitHub Actions
/// (`--output markdown=$GITHUB_STEP_SUMMARY`), which is at most one MiB, and as good in a wiki.
package enum MarkdownSummary {
  /// How many rows a table has at most; the rest is counted.
  static let limit = 200

  /// The report's text.
  package static func render(_ report: Report, language: Language = .en) -> String {
    Renderer(report: report, wording: Wording(language), sources: SourceMap(report, withJudgements: false)).text
  }
}

private struct Renderer {
  let report: Report
  let wording: Wording
  let sources: SourceMap

  var text: String {
    let sections = [headline, failures, unknowns, inputs, counts].filter { !$0.isEmpty }
    return sections.map { $0.joined(separator: "\n") }.joined(separator: "\n\n") + "\n"
  }

  private var headline: [String] {
    let summary = ReportSummary(report)
    let sign = report.exitCode != 0 ? "❌" : summary.failureCount > 0 ? "⚠️" : "✅"
    let parts = Severity.allCases.reversed().compactMap { severity in
      summary.failures[severity].map { wording.counted(severity, $0) }
    }
    let failed = wording.counted(Verdict.fail, summary.failureCount)
    let detail = parts.isEmpty ? "" : " (\(parts.joined(separator: wording.comma)))"
    return [
      "## \(sign) blealint: \(escaped(report.projectName))", "",
      "\(failed)\(detail)\(wording.comma)\(wording.counted(Verdict.unknown, summary.unknowns))\(wording.fullStop)",
    ]
  }

  private var failures: [String] {
    let ranked = report.findings.filter { $0.verdict == .fail }.enumerated().sorted { a, b in
      a.element.severity == b.element.severity ? a.offset < b.offset : a.element.severity > b.element.severity
    }.map(\.element)
    guard !ranked.isEmpty else { return [] }
    return table(ranked)
  }

  private var unknowns: [String] {
    let unknown = report.findings.filter { $0.verdict == .unknown }
    guard !unknown.isEmpty else { return [] }
    return ["<details><summary>\(wording.counted(Verdict.unknown, unknown.count))</summary>", ""] + table(unknown)
      + ["", "</details>"]
  }

  private func table(_ findings: [Finding]) -> [String] {
    var rows = [wording.findingColumns, Array(repeating: "---", count: 4)]
    for finding in findings.prefix(MarkdownSummary.limit) {
      rows.append([
        wording(finding.severity), code(sources.place(finding.primary.span)), finding.rule,
        escaped(finding.message.plain),
      ])
    }
    if findings.count > MarkdownSummary.limit {
      rows.append(["", "", "", "… \(findings.count - MarkdownSummary.limit)"])
    }
    return rows.map { "| \($0.joined(separator: " | ")) |" }
  }

  private var inputs: [String] {
    report.diagnostics.filter { $0.severity != .note }.map { diagnostic in
      let place = diagnostic.span.map(sources.place) ?? diagnostic.path
      let text = [diagnostic.message, diagnostic.cure].compactMap { $0 }.joined(separator: " ")
      return "- \(wording(diagnostic.severity)) \(place.map { code($0) + " " } ?? "")\(escaped(text))"
    }
  }

  private var counts: [String] {
    let summary = ReportSummary(report)
    let rules = [Verdict.pass, .fail, .unknown, .notApplicable].compactMap { verdict in
      summary.rules[verdict].map { wording.counted(verdict, $0) }
    }
    let aside = wording.setAside(summary, baseline: report.baseline, changedSince: report.changedSince)
    return aside.flatMap { [escaped($0), ""] } + [
      "<sub>blealint \(report.toolVersion) · \(report.asOf) · \(rules.joined(separator: wording.comma))</sub>"
    ]
  }

  private func code(_ text: String) -> String {
    "<code>\(escapedMarkup(text))</code>"
  }

  /// Text from a template is text: no markup, no table cell, no mention of anybody.
  private func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "\\", "`", "*", "_", "[", "]", "#", "~", "$": result += "\\\(character)"
      default: result.append(character)
      }
    }
    return escapedMarkup(result)
  }

  private func escapedMarkup(_ text: String) -> String {
    text.map { character in
      switch character {
      case "&": "&amp;"
      case "<": "&lt;"
      case ">": "&gt;"
      case "|": "&#124;"
      case "@": "&#64;"
      case "\n", "\r", "\r\n": " "
      default: String(character)
      }
    }.joined()
  }
}
