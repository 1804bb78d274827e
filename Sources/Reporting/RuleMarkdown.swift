import Findings

/// A rule's documentation in Markdown.
struct RuleMarkdown {
  private let rule: RuleDescription
  private let language: Language
  private let wording: Wording
  private let derived: [DerivedMember]
  private let related: [RelatedRule]

  init(
    _ rule: RuleDescription, language: Language, derived: [DerivedMember] = [], related: [RelatedRule] = []
  ) {
    self.rule = rule
    self.language = language
    self.derived = derived
    self.related = related
    wording = Wording(language)
  }

  /// All of it, as `blealint explain --format markdown` gives it.
  var page: String {
    let changed = wording.changed(rule).map { " (\($0))" } ?? ""
    var facts = ["`\(rule.name)`", "\(wording.severity): \(wording(rule.severity))\(changed)"]
    if !rule.origin.isEmpty { facts.append("\(wording.origin): \(rule.origin.joined(separator: ", "))") }
    if !rule.isBuiltIn { facts.append(wording.userRule) }
    let sections = [
      "# \(rule.id): \(rule.title(language))",
      facts.joined(separator: " · "),
      section(wording.why, rule.rationale(language).trimmed),
      section(wording.checks, checks),
      section(wording.derivedMembers, definitions),
      section(wording.parameters, parameters),
      section(wording.controls, controls),
      example(.fail), example(.pass),
      section(wording.remediation, rule.remediation(language).trimmed),
      section(wording.references, rule.references.map { "- <\($0)>" }.joined(separator: "\n")),
      section(
        wording.relatedRules,
        related.map { "- \($0.id) `\($0.name)`: \($0.title(language))" }.joined(separator: "\n")),
    ]
    return sections.filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
  }

  /// What an alert needs: without the expressions, which its reader did not write.
  var help: String {
    let sections = [
      "# \(rule.title(language))",
      rule.rationale(language).trimmed,
      section(wording.remediation, rule.remediation(language).trimmed),
      section(wording.controls, controls),
      example(.fail), example(.pass),
      section(wording.references, rule.references.map { "- <\($0)>" }.joined(separator: "\n")),
    ]
    return sections.filter { !$0.isEmpty }.joined(separator: "\n\n")
  }

  private func section(_ heading: String, _ body: String) -> String { body.isEmpty ? "" : "## \(heading)\n\n\(body)" }

  private var checks: String {
    guard !rule.checks.isEmpty else { return "" }
    let lines = rule.checks.map { check in
      let name = check.name.isEmpty ? "" : "\(check.name): "
      let severity = check.severity.map { "  # \($0.rawValue)" } ?? ""
      return "\(check.role.rawValue) \(name)\(check.expression.trimmed)\(severity)"
    }
    return Self.fenced(lines.joined(separator: "\n"), as: "cel")
  }

  private var definitions: String {
    guard !derived.isEmpty else { return "" }
    let lines = derived.map { "\($0.type).\($0.name) = \($0.expression)" }
    return Self.fenced(lines.joined(separator: "\n"), as: "cel")
  }

  private var parameters: String {
    rule.parameters.map {
      let origin = wording.origin(of: $0, defaultValue: "`\($0.defaultValue)`")
      return "- `\($0.name)` (\($0.type)): `\($0.value)`, \(origin). \($0.description)"
    }.joined(separator: "\n")
  }

  private var controls: String { rule.controls.map { "- \($0.line)" }.joined(separator: "\n") }

  private func example(_ verdict: Verdict) -> String {
    guard let example = rule.examples.first(where: { $0.verdict == verdict }) else { return "" }
    let files = example.files.map { file in
      let language = file.path.split(separator: ".").last.map(String.init) ?? ""
      let code = Self.fenced(file.text.hasSuffix("\n") ? String(file.text.dropLast()) : file.text, as: language)
      return example.files.count > 1 ? "`\(file.path)`\n\n\(code)" : code
    }
    let heading = verdict == .fail ? wording.failingExample : wording.passingExample
    return "## \(heading)\n\n\(example.name.asSentence)\n\n" + files.joined(separator: "\n\n")
  }

  /// A code block whose fence is longer than any in the code.
  private static func fenced(_ code: String, as language: String) -> String {
    var longest = 0
    var run = 0
    for character in code {
      run = character == "`" ? run + 1 : 0
      longest = max(longest, run)
    }
    let fence = String(repeating: "`", count: max(3, longest + 1))
    return "\(fence)\(language)\n\(code)\n\(fence)"
  }
}
