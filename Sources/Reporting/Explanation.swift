import Findings
import SourceText

/// Everything a rule says of itself: what `blealint explain` prints.
package struct Explanation {
  private let rule: RuleDescription
  private let language: Language
  private let derived: [DerivedMember]
  private let related: [RelatedRule]
  private let leftOutBy: String?
  private let switchedOffBy: String?

  /// An explanation whose headings are in a language, and its texts too where the rule has them in it.
  ///
  /// - Parameters:
  ///   - rule: what it is about.
  ///   - language: the language.
  ///   - derived: the members of the model to unfold.
  ///   - related: rules to look at next.
  ///   - leftOutBy: the profile that leaves the rule out.
  ///   - switchedOffBy: the configuration that switches the rule off.
  package init(
    _ rule: RuleDescription, language: Language = .en, derived: [DerivedMember] = [], related: [RelatedRule] = [],
    leftOutBy: String? = nil, switchedOffBy: String? = nil
  ) {
    self.rule = rule
    self.language = language
    self.derived = derived
    self.related = related
    self.leftOutBy = leftOutBy
    self.switchedOffBy = switchedOffBy
  }

  /// As Markdown, for a website or a wiki.
  package var markdown: String {
    RuleMarkdown(rule, language: language, derived: derived, related: related).page
  }

  /// As JSON, in both languages: the rule as ``JSONReport`` has it, and `rationale`, `remediation`, `checks` (`role`,
  /// `name`, `expression`, `severity`), `settings` (the parameters with `type`, `value`, `default`, `description`,
  /// `source`, `sourceName`), `examples` (`name`, `verdict`, `files` of `path`, `text`, `marks` as `start` and `end` in
  /// bytes), `derived` (`type`, `name`, `resultType`, `expression`) and `related` (`id`, `name`, `title`).
  package var json: String {
    JSONWriter.text { $0.object(write) }
  }

  private func write(to json: inout JSONWriter) {
    json.member("version", JSONReport.version)
    json.object("rule") { JSONReport.writeMembers(of: rule, to: &$0) }
    json.member("rationale", rule.rationale)
    json.member("remediation", rule.remediation)
    json.objects("checks", rule.checks) { json, check in
      json.member("role", check.role.rawValue)
      json.member("name", check.name)
      json.member("expression", check.expression)
      json.member("severity", check.severity?.rawValue)
    }
    json.objects("settings", rule.parameters) { json, parameter in
      json.member("name", parameter.name)
      json.member("type", parameter.type)
      json.member("value", parameter.value)
      json.member("default", parameter.defaultValue)
      json.member("description", parameter.description)
      json.member("source", parameter.source.kind)
      json.member("sourceName", parameter.source.name)
    }
    json.objects("examples", rule.examples) { json, example in
      json.member("name", example.name)
      json.member("verdict", example.verdict.rawValue)
      json.objects("files", example.files) { json, file in
        json.member("path", file.path)
        json.member("text", file.text)
        json.objects("marks", file.marks) { json, mark in
          json.member("start", mark.lowerBound)
          json.member("end", mark.upperBound)
        }
      }
    }
    json.objects("derived", derived) { json, member in
      json.member("type", member.type)
      json.member("name", member.name)
      json.member("resultType", member.resultType)
      json.member("expression", member.expression)
    }
    json.objects("related", related) { json, other in
      json.member("id", other.id)
      json.member("name", other.name)
      json.member("title", other.title)
    }
  }

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
    if let changed = wording.changed(rule) { canvas.write(" (\(changed))", .dim) }
    canvas.endLine()
    if !rule.origin.isEmpty { canvas.paragraph("\(wording.origin): \(rule.origin.joined(separator: ", "))", indent: 0) }
    if !rule.isBuiltIn { canvas.paragraph(wording.userRule.asSentence, indent: 0) }
    if let leftOutBy { canvas.paragraph(wording.leftOut(by: leftOutBy), indent: 0) }
    if let switchedOffBy { canvas.paragraph(wording.switchedOff(by: switchedOffBy), indent: 0) }

    canvas.section(wording.why, rule.rationale(language).paragraphs)
    writeChecks(wording, on: &canvas)
    writeDerived(wording, on: &canvas)
    canvas.section(
      wording.parameters,
      rule.parameters.map {
        "\($0.name) (\($0.type)) = \($0.value), \(wording.origin(of: $0, defaultValue: $0.defaultValue)): \($0.description)"
      })
    canvas.section(wording.controls, rule.controls.map(\.line))
    writeExample(.fail, heading: wording.failingExample, on: &canvas)
    writeExample(.pass, heading: wording.passingExample, on: &canvas)
    canvas.section(wording.remediation, rule.remediation(language).paragraphs)
    canvas.section(wording.references, rule.references)
    canvas.section(wording.relatedRules, related.map { "\($0.id) \($0.name): \($0.title(language))" })
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

  private func writeDerived(_ wording: Wording, on canvas: inout TextCanvas) {
    guard !derived.isEmpty else { return }
    canvas.heading(wording.derivedMembers)
    for member in derived {
      canvas.write("  \(member.type).", .help)
      canvas.write(member.name, .strong)
      canvas.write(" (\(member.resultType))", .dim)
      canvas.endLine()
      for line in member.expression.split(separator: "\n", omittingEmptySubsequences: false) {
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
