import Findings

/// A report's evidence as Markdown: control by control, to be put before an auditor or into a wiki.
package struct FrameworkMarkdown {
  private let report: Report
  private let wording: Wording
  private let sources: SourceMap

  private init(_ report: Report, language: Language) {
    self.report = report
    wording = Wording(language)
    sources = SourceMap(report, withJudgements: true)
  }

  /// The document; every framework that the report answers, or every rule where it answers none.
  package static func render(_ report: Report, language: Language = .en) -> String {
    let markdown = FrameworkMarkdown(report, language: language)
    // Without a framework the rules themselves are the items.
    let frameworks =
      report.frameworks.isEmpty
      ? [
        ControlFramework(
          id: report.projectName, title: nil, about: nil,
          groups: [
            ControlFramework.Group(
              title: nil,
              controls: report.rules.map { ControlFramework.Control(id: $0.id, title: $0.title, rules: [$0.id]) })
          ])
      ] : report.frameworks
    return frameworks.map { markdown.page(FrameworkOutcome($0, in: report)) }.joined(separator: "\n")
  }

  private func page(_ outcome: FrameworkOutcome) -> String {
    let framework = outcome.framework
    let name = framework.title?(wording.language) ?? Framework(id: framework.id).name
    var lines = ["# \(wording.evidenceHeading(name, asOf: report.asOf))", ""]
    if let about = framework.about?(wording.language), !about.isEmpty { lines += [about, ""] }
    var parts = [wording.totals(outcome), "blealint \(report.toolVersion)"]
    if let profile = report.profiles.last { parts.append("\(wording.profile): `\(profile)`") }
    lines += [parts.joined(separator: " · "), ""]
    for group in outcome.groups {
      if let title = group.title { lines += ["## \(title(wording.language))", ""] }
      for control in group.controls { lines += section(control) }
    }
    return lines.joined(separator: "\n")
  }

  private func section(_ outcome: FrameworkOutcome.ControlOutcome) -> [String] {
    let title = outcome.control.title.map { ": \($0(wording.language))" } ?? ""
    var lines = ["### \(outcome.control.id)\(title) — \(wording.status(outcome.status))", ""]
    if !outcome.rules.isEmpty {
      let headings = [wording.ruleID, wording.verdict, wording.subject, wording.place, wording.finding]
      lines += [Self.row(headings), Self.row(headings.map { _ in "---" })]
      for rule in outcome.rules {
        let name = "\(rule.id) `\(rule.name)`"
        if rule.rows.isEmpty { lines.append(Self.row([name, wording(rule.verdict), "", "", ""])) }
        for row in rule.rows {
          let place = row.location.map { "`\(sources.place($0.span))`" } ?? ""
          lines.append(Self.row([name, wording(row.verdict), row.subject, place, row.message ?? ""]))
        }
      }
      lines.append("")
    }
    if !outcome.notJudged.isEmpty {
      lines += ["\(wording.notJudged) \(outcome.notJudged.joined(separator: ", "))", ""]
    }
    if let beyond = outcome.control.beyondFiles {
      lines += ["\(wording.beyondFiles) \(beyond(wording.language))", ""]
    }
    return lines
  }

  /// A table's row, the bars in its cells escaped.
  private static func row(_ cells: [String]) -> String {
    "| "
      + cells.map { $0.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|") }
      .joined(separator: " | ") + " |"
  }
}
