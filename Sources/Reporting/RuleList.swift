import Findings

/// The rules in brief: what `blealint rules` prints.
package struct RuleList {
  /// What the list can be printed as.
  package enum Format: String, CaseIterable, Sendable {
    case text, markdown, json
  }

  private let rules: [RuleDescription]
  private let catalogue: RuleCatalogue
  private let language: Language

  /// The rules in id order, whatever order they come in, headed by what the catalogue calls their families; behind them
  /// what no rule can decide.
  package init(_ rules: [RuleDescription], catalogue: RuleCatalogue = RuleCatalogue(), language: Language = .en) {
    self.rules = rules.sorted { $0.id < $1.id }
    self.catalogue = catalogue
    self.language = language
  }

  /// The list in a format; colour and width matter to the text only.
  package func render(_ format: Format, options: RenderingOptions = RenderingOptions()) -> String {
    switch format {
    case .text: text(options)
    case .markdown: markdown
    case .json:
      JSONWriter.text { json in
        json.object { json in
          json.member("version", JSONReport.version)
          json.objects("rules", rules) { JSONReport.writeMembers(of: $1, to: &$0) }
          json.objects("liveDemands", catalogue.liveDemands) { LiveDemandExplanation.writeMembers(of: $1, to: &$0) }
        }
      }
    }
  }

  private func text(_ options: RenderingOptions) -> String {
    let wording = Wording(language)
    var canvas = TextCanvas(color: options.color, width: options.width)
    func columnWidth(_ cells: [String]) -> Int { cells.map(DisplayText.width).max() ?? 0 }
    let ids = columnWidth(rules.map(\.id) + [wording.ruleID])
    let severities = columnWidth(rules.map { wording($0.severity) } + [wording.severity])
    func pad(_ text: String, _ width: Int) -> String {
      String(repeating: " ", count: max(0, width - DisplayText.width(text)) + 2)
    }
    let headings = [(wording.ruleID, ids), (wording.severity, severities)]
    for (heading, width) in headings {
      canvas.write(heading, .strong)
      canvas.write(pad(heading, width))
    }
    canvas.write(wording.ruleTitle, .strong)
    canvas.endLine()
    let indent = ids + severities + 4
    func write(_ id: String, _ own: Severity, _ name: String, _ title: LocalizedText) {
      canvas.write(id)
      canvas.write(pad(id, ids))
      let severity = wording(own)
      canvas.write(severity, own.style)
      canvas.write(pad(severity, severities))
      canvas.write(name, .strong)
      canvas.endLine()
      canvas.paragraph(title(language), indent: indent)
    }
    var family: LocalizedText?
    for rule in rules {
      let own = catalogue.family(ofRule: rule.id)
      if let own, own != family {
        canvas.leaveBlankLine()
        canvas.paragraph(own(language), indent: 0, .strong)
      }
      family = own
      write(rule.id, rule.severity, rule.name, rule.title)
    }
    if !catalogue.liveDemands.isEmpty {
      canvas.leaveBlankLine()
      canvas.paragraph(wording.liveDemands, indent: 0, .strong)
      for demand in catalogue.liveDemands { write(demand.id, demand.severity, demand.name, demand.title) }
    }
    canvas.leaveBlankLine()
    canvas.paragraph(wording.ruleCount(rules.count).asSentence, indent: 0)
    return canvas.text
  }

  /// The page of the whole catalogue: a table for each family, in which each rule says who asks for it, which controls
  /// it answers, and what can be set.
  private var markdown: String {
    let wording = Wording(language)
    var lines = ["# \(wording.catalogue)", "", wording.catalogueAbstract(rules.count), ""]
    let headings = [
      wording.ruleName, wording.severity, wording.ruleTitle, wording.origin, wording.parameters, wording.controls,
    ]
    var family: Substring?
    for rule in rules {
      let own = rule.id.prefix { !$0.isNumber }.dropLast()
      if own != family {
        if family != nil { lines.append("") }
        family = own
        let name = catalogue.family(ofRule: rule.id).map { "\($0(language)) (\(own))" } ?? "\(own)"
        lines += ["## \(name)", "", "| \(wording.ruleID) | " + headings.joined(separator: " | ") + " |"]
        lines.append("|" + String(repeating: " --- |", count: headings.count + 1))
      }
      let cells = [
        rule.id, "`\(rule.name)`", wording(rule.severity), rule.title(language), rule.origin.joined(separator: ", "),
        rule.parameters.map { "`\($0.name)` = \(Self.brief($0.value))" }.joined(separator: ", "),
        rule.controls.map(\.line).joined(separator: "; "),
      ]
      lines.append("| " + cells.map(Self.cell).joined(separator: " | ") + " |")
    }
    if !catalogue.liveDemands.isEmpty {
      lines += ["", "## \(wording.liveDemands)", "", wording.liveOnly, ""]
      lines += catalogue.liveDemands.map { demand in
        let controls = demand.controls.map(\.line).joined(separator: "; ")
        return "- \(demand.id) `\(demand.name)` (\(wording(demand.severity))): \(demand.title(language)). \(controls)"
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// A value, cut where it would fill the table.
  private static func brief(_ value: String) -> String {
    if value.isEmpty { return "–" }
    return value.count > 40 ? "\(value.prefix(40))…" : value
  }

  /// A table's cell: on one line, its bars escaped.
  private static func cell(_ text: String) -> String {
    text.paragraphs.joined(separator: " ").split(separator: "|", omittingEmptySubsequences: false)
      .joined(separator: "\\|")
  }
}
