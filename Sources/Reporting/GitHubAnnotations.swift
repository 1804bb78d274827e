import Findings
import SourceText

/// Workflow commands, one a line, that GitHub Actions shows as annotations on the changed files (GitHub documentation,
/// "Workflow commands for GitHub Actions").
///
/// GitHub keeps ten of each level from one step and drops the rest, so the worst come first, and a last notice says how
/// many there are. Columns are left out where a region spans lines, since GitHub ignores them there.
package enum GitHubAnnotations {
  /// How many annotations of one level GitHub keeps from a step.
  static let limit = 10

  /// The report's text.
  package static func render(_ report: Report) -> String {
    let sources = SourceMap(report, withJudgements: false)
    let names = Dictionary(report.rules.map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first })
    var commands: [(level: String, text: String)] = []
    for diagnostic in report.diagnostics {
      let level = diagnostic.severity == .note ? "notice" : diagnostic.severity.rawValue
      let text = [diagnostic.message, diagnostic.cure].compactMap { $0 }.joined(separator: " ")
      commands.append(
        (level, command(level, title: diagnostic.id, text, at: diagnostic.span, path: diagnostic.path, sources)))
    }
    let ranked = report.findings.enumerated().sorted { a, b in
      rank(a.element) == rank(b.element) ? a.offset < b.offset : rank(a.element) > rank(b.element)
    }
    for (_, finding) in ranked {
      let level = level(finding)
      let title = [finding.rule, names[finding.rule]].compactMap { $0 }.joined(separator: " ")
      commands.append(
        (level, command(level, title: title, finding.message.plain, at: finding.primary.span, path: nil, sources)))
    }
    var lines = commands.map(\.text)
    let isOverLimit = ["error", "warning", "notice"].contains { level in
      commands.count { $0.level == level } > limit
    }
    if isOverLimit {
      lines.append(
        "::notice title=blealint::\(escaped("\(commands.count) annotations, of which GitHub shows \(limit) a level."))")
    }
    let counts = Wording(.en).setAside(
      ReportSummary(report), baseline: report.baseline, changedSince: report.changedSince)
    lines += counts.map { "::notice title=blealint::\(escaped($0))" }
    return lines.map { $0 + "\n" }.joined()
  }

  private static func level(_ finding: Finding) -> String {
    guard finding.verdict == .fail else { return "notice" }
    return switch finding.severity {
    case .critical, .high: "error"
    case .medium: "warning"
    case .low, .info: "notice"
    }
  }

  private static func rank(_ finding: Finding) -> Int { finding.verdict == .fail ? finding.severity.order + 1 : 0 }

  private static func command(
    _ level: String, title: String, _ text: String, at span: Span?, path: String?, _ sources: SourceMap
  ) -> String {
    var properties: [String] = []
    if let span {
      properties.append("file=\(escapedProperty(sources.path(span.file)))")
      if let (start, end) = sources.positions(span) {
        properties.append("line=\(start.line)")
        properties.append("endLine=\(end.line)")
        if start.line == end.line {
          properties.append("col=\(start.utf16Column)")
          properties.append("endColumn=\(end.utf16Column)")
        }
      }
    } else if let path {
      properties.append("file=\(escapedProperty(path))")
    }
    properties.append("title=\(escapedProperty(title))")
    return "::\(level) \(properties.joined(separator: ","))::\(escaped(text))"
  }

  /// Percent signs and line ends would end or change the command.
  private static func escaped(_ text: String) -> String {
    text.map { character in
      switch character {
      case "%": "%25"
      case "\r": "%0D"
      case "\n": "%0A"
      case "\r\n": "%0D%0A"
      default: String(character)
      }
    }.joined()
  }

  /// In properties, colons and commas separate.
  private static func escapedProperty(_ text: String) -> String {
    escaped(text).map { $0 == ":" ? "%3A" : $0 == "," ? "%2C" : String($0) }.joined()
  }
}
