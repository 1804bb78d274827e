import Findings

/// A rule's documentation as SARIF carries it: what viewers show beside an alert.
struct RuleHelp {
  private let rule: RuleDescription
  private let language: Language
  private let wording: Wording

  init(_ rule: RuleDescription, language: Language) {
    self.rule = rule
    self.language = language
    wording = Wording(language)
  }

  /// Title, reason and cure in plain text.
  var text: String {
    let controls = rule.controls.map(\.line).joined(separator: "; ")
    return [
      rule.title(language).asSentence,
      rule.rationale(language).trimmed,
      rule.remediation(language).trimmed,
      controls.isEmpty ? "" : "\(wording.controls): \(controls)",
    ].filter { !$0.isEmpty }.joined(separator: "\n\n")
  }

  /// The same in Markdown, with an example that fails and one that passes.
  var markdown: String { RuleMarkdown(rule, language: language).help }

  /// The first thing its author refers to, else the tool's own page for the tool's own rules.
  var uri: String? {
    rule.references.first { $0.hasPrefix("https://") } ?? (rule.isBuiltIn ? SARIFReport.informationURI : nil)
  }
}
