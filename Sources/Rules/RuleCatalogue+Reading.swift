import Documents
import Findings

extension RuleCatalogue {
  /// Reads Rules/catalogue. Both are our own files, whose tests hold them to their form: what does not fit is left out.
  package init(families: Node?, liveDemands: Node?) {
    var names: [String: LocalizedText] = [:]
    for entry in families?.entries.map({ $0 }) ?? [] { names[entry.key.text] = LocalizedText(reading: entry.value) }
    self.init(families: names, liveDemands: liveDemands?.items.compactMap { LiveDemand($0) } ?? [])
  }
}

extension LiveDemand {
  fileprivate init?(_ node: Node) {
    guard let id = node["id"]?.text, let name = node["name"]?.text, let title = node["title"],
      let severity = node["severity"].flatMap({ Severity(rawValue: $0.text) }), let why = node["why"],
      let check = node["check"]
    else { return nil }
    self.init(
      id: id, name: name, title: LocalizedText(reading: title), severity: severity,
      origin: node["origin"]?.items.map(\.text) ?? [],
      controls: node["controls"]?.entries.map {
        FrameworkControls(framework: $0.key.text, ids: $0.value.items.map(\.text))
      } ?? [],
      why: LocalizedText(reading: why), check: LocalizedText(reading: check),
      references: node["references"]?.items.map(\.text) ?? [])
  }
}
