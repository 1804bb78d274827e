import Findings

/// What `blealint explain` says of a demand that no file shows.
package struct LiveDemandExplanation {
  private let demand: LiveDemand
  private let language: Language

  package init(_ demand: LiveDemand, language: Language = .en) {
    self.demand = demand
    self.language = language
  }

  /// For a terminal; `language` of the options is not looked at.
  package func text(_ options: RenderingOptions = RenderingOptions()) -> String {
    let wording = Wording(language)
    var canvas = TextCanvas(color: options.color, width: options.width)
    canvas.write(demand.id, .strong)
    canvas.write(" \(demand.name)")
    canvas.endLine()
    canvas.paragraph(demand.title(language), indent: 0, .strong)
    canvas.leaveBlankLine()
    canvas.write("\(wording.severity): ")
    canvas.write(wording(demand.severity), demand.severity.style)
    canvas.endLine()
    canvas.paragraph("\(wording.origin): \(demand.origin.joined(separator: ", "))", indent: 0)
    canvas.paragraph(wording.liveOnly, indent: 0)
    for (heading, paragraphs) in sections(wording) {
      canvas.leaveBlankLine()
      canvas.write(heading, .strong)
      canvas.endLine()
      for paragraph in paragraphs { canvas.paragraph(paragraph, indent: 2) }
    }
    return canvas.text
  }

  /// As Markdown.
  package var markdown: String {
    let wording = Wording(language)
    var lines = ["# \(demand.title(language))", "", "`\(demand.id)` `\(demand.name)`", "", wording.liveOnly]
    for (heading, paragraphs) in sections(wording) {
      lines += ["", "## \(heading)", ""]
      lines += heading == wording.references ? paragraphs.map { "- <\($0)>" } : paragraphs
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// As JSON, in both languages: `liveDemand` with `id`, `name`, `title`, `severity`, `origin`, `controls`, `why`, `check`
  /// and `references`.
  package var json: String {
    JSONWriter.text { json in
      json.object { json in
        json.member("version", JSONReport.version)
        json.object("liveDemand") { Self.writeMembers(of: demand, to: &$0) }
      }
    }
  }

  /// Writes the members of a demand as lists of rules have it.
  static func writeMembers(of demand: LiveDemand, to json: inout JSONWriter) {
    json.member("id", demand.id)
    json.member("name", demand.name)
    json.member("title", demand.title)
    json.member("severity", demand.severity.rawValue)
    json.strings("origin", demand.origin)
    json.objects("controls", demand.controls) { json, controls in
      json.member("framework", controls.framework)
      json.strings("ids", controls.ids)
    }
    json.member("why", demand.why)
    json.member("check", demand.check)
    json.strings("references", demand.references)
  }

  private func sections(_ wording: Wording) -> [(String, [String])] {
    [
      (wording.why, demand.why(language).paragraphs), (wording.liveCheck, demand.check(language).paragraphs),
      (wording.controls, demand.controls.map(\.line)), (wording.references, demand.references),
    ].filter { !$0.1.isEmpty }
  }
}
