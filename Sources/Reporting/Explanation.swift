import Findings
import SourceText

/// Everything a rule says of itself: what `blealint explain` prints.
package struct Explanation {
  private let rule: RuleDescription
  private let language: Language

  /// An explanation whose headings are in a language, and its texts too where the rule has them in it.
  package init(_ rule: RuleDescription, language: Language = .en) {
    self.rule = rule
    self.language = language
  }

  /// As Markdown, for a website or a wiki.
  package var markdown: String { RuleMarkdown(rule, language: language).page }

  /// For a terminal; `language` of the options is not looked at.
  package func text(_ options: RenderingOptions = RenderingOptions()) -> String {
    let wording = Wording(language)
    var canvas = TextCanvas(color: options.color, width: options.width)
    canvas.write(rule.id, .strong)
    canvas.write(" \(rule.name)")
    canvas.endLine()
    canvas.paragraph(rule.title(language), indent: 0, .strong)
    canvas.leaveBlankLine()
    canvas.write("\(wording.severity): ")
    canvas.write(wording(rule.severity), rule.severity.style)
    canvas.endLine()
    if !rule.origin.isEmpty { canvas.paragraph("\(wording.origin): \(rule.origin.joined(separator: ", "))", indent: 0) }
    if !rule.isBuiltIn { canvas.paragraph(wording.userRule.asSentence, indent: 0) }

    canvas.section(wording.why, rule.rationale(language).paragraphs)
    writeChecks(wording, on: &canvas)
    canvas.section(
      wording.parameters,
      rule.parameters.map {
        "\($0.name) (\($0.type)) = \($0.value), \(wording.defaultValue($0.defaultValue)): \($0.description)"
      })
    canvas.section(wording.controls, rule.controls.map(\.line))
    writeExample(.fail, heading: wording.failingExample, on: &canvas)
    writeExample(.pass, heading: wording.passingExample, on: &canvas)
    canvas.section(wording.remediation, rule.remediation(language).paragraphs)
    canvas.section(wording.references, rule.references)
    return canvas.text
  }

  private func writeChecks(_ wording: Wording, on canvas: inout TextCanvas) {
    guard !rule.checks.isEmpty else { return }
    canvas.heading(wording.checks)
    for check in rule.checks {
      canvas.write("  \(wording.check(check.role))", .help)
      if !check.name.isEmpty { canvas.write(" \(check.name)", .strong) }
      if let severity = check.severity, severity != rule.severity { canvas.write(" (\(wording(severity)))", .dim) }
      canvas.endLine()
      for line in check.expression.trimmed.split(separator: "\n", omittingEmptySubsequences: false) {
        canvas.write("    \(line)")
        canvas.endLine()
      }
    }
  }

  private func writeExample(_ verdict: Verdict, heading: String, on canvas: inout TextCanvas) {
    guard let example = rule.examples.first(where: { $0.verdict == verdict }) else { return }
    canvas.heading(heading)
    canvas.paragraph(example.name.asSentence, indent: 2)
    for (index, file) in example.files.enumerated() {
      let id = FileID(Int32(truncatingIfNeeded: index))
      let source = SourceFile(id: id, path: file.path, bytes: Array(file.text.utf8))
      canvas.write("  ")
      canvas.write(file.path, .place)
      canvas.endLine()
      let frame = CodeFrame(
        SourceMap.Entry(source: source, lines: LineTable(source.bytes)), marks: file.marks, limit: canvas.width - 9)
      canvas.frame(frame, barAt: max(4, String(frame.lastLine).utf8.count + 2), marks: .high, hasNotes: false)
    }
  }
}

extension TextCanvas {
  /// A heading with a blank line above it.
  fileprivate mutating func heading(_ heading: String) {
    leaveBlankLine()
    write(heading, .strong)
    endLine()
  }

  /// A heading and its paragraphs; nothing at all where there are none.
  fileprivate mutating func section(_ heading: String, _ paragraphs: [String]) {
    guard !paragraphs.isEmpty else { return }
    self.heading(heading)
    for paragraph in paragraphs { self.paragraph(paragraph, indent: 2) }
  }
}
