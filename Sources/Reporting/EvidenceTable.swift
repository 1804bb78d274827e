import Findings
import SourceText

/// The evidence as a table in CSV (RFC 4180, so lines end in CR LF): every rule on every subject, a row each.
///
/// It starts with a byte order mark, without which Excel takes the text for one in the system's own encoding and
/// garbles Japanese. A cell that a spreadsheet would take for a formula starts with an apostrophe.
///
/// The columns: `rule`, `name`, `title`, `severity`, `verdict`, `subject`, `path`, `line`, `logical path`, `construct`,
/// `messages` (of failures and of what could not be told, one a line), `controls` (`framework: ids; …`), `project`,
/// `as of`, `set aside` (why findings of the judgement do not count: an exception with its reason, approver and end, the
/// baseline, or that a change does not touch them; one a line).
package enum EvidenceTable {
  /// The report's text.
  package static func render(_ report: Report, language: Language = .en) -> String {
    let sources = SourceMap(report, withJudgements: true)
    let rules = Dictionary(report.rules.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    let findings = Dictionary(grouping: report.findings) { Key(rule: $0.rule, subject: $0.subject) }
    let setAside = Dictionary(grouping: report.setAside) { Key(rule: $0.finding.rule, subject: $0.finding.subject) }
    let wording = Wording(language)
    var rows = [columns]
    for judgement in report.judgements {
      let rule = rules[judgement.rule]
      let own = findings[Key(rule: judgement.rule, subject: judgement.subject)] ?? []
      let severity = own.filter { $0.verdict == judgement.verdict }.map(\.severity).max() ?? rule?.severity
      let span = judgement.location?.span
      rows.append([
        judgement.rule, rule?.name ?? "", rule?.title(language) ?? "", severity?.rawValue ?? "",
        judgement.verdict.rawValue, judgement.subject, span.map { sources.path($0.file) } ?? "",
        span.flatMap(sources.positions).map { String($0.start.line) } ?? "", judgement.location?.path ?? "",
        judgement.location?.constructPath ?? "",
        own.filter { $0.verdict == judgement.verdict }.map(\.message.plain).joined(separator: "\n"),
        rule?.controls.map(\.line).joined(separator: "; ") ?? "", report.projectName, report.asOf,
        (setAside[Key(rule: judgement.rule, subject: judgement.subject)] ?? []).map(wording.why).unique.joined(
          separator: "\n"),
      ])
    }
    return "\u{FEFF}" + rows.map { $0.map(cell).joined(separator: ",") + "\r\n" }.joined()
  }

  private struct Key: Hashable {
    let rule: String
    let subject: String
  }

  private static let columns = [
    "rule", "name", "title", "severity", "verdict", "subject", "path", "line", "logical path", "construct", "messages",
    "controls", "project", "as of", "set aside",
  ]

  private static func cell(_ text: String) -> String {
    let isFormula = text.first.map { "=+-@\t\r".contains($0) } ?? false
    let text = isFormula ? "'" + text : text
    let needsQuotes = text.unicodeScalars.contains { $0 == "," || $0 == "\"" || $0 == "\n" || $0 == "\r" }
    guard needsQuotes else { return text }
    return "\"" + text.map { $0 == "\"" ? "\"\"" : String($0) }.joined() + "\""
  }
}
