import Findings

extension FrameworkOutcome {
  /// Writes the members of the outcome for ``JSONReport``: each control with its verdict, rules, and their verdicts and
  /// places.
  func writeMembers(_ sources: SourceMap, to json: inout JSONWriter) {
    json.member("id", framework.id)
    json.member("title", framework.title)
    let controls = groups.flatMap { group in group.controls.map { (group: group, outcome: $0) } }
    json.objects("controls", controls) { json, entry in
      let outcome = entry.outcome
      json.member("id", outcome.control.id)
      json.member("group", entry.group.title)
      json.member("title", outcome.control.title)
      json.member("verdict", outcome.status.rawValue)
      json.objects("rules", outcome.rules) { json, rule in
        json.member("rule", rule.id)
        json.member("name", rule.name)
        json.member("verdict", rule.verdict.rawValue)
        json.objects("judgements", rule.judgements.filter { !$0.subject.isEmpty }) { json, judgement in
          json.member("verdict", judgement.verdict.rawValue)
          json.member("subject", judgement.subject)
          if let location = judgement.location {
            json.object("location") { sources.writeMembers(of: location, to: &$0) }
          }
        }
      }
      json.strings("notJudged", outcome.notJudged)
      json.member("beyondFiles", outcome.control.beyondFiles)
    }
  }
}

extension JSONWriter {
  /// Writes a member that is a text in each of its languages, unless it is nil.
  mutating func member(_ name: StaticString, _ text: LocalizedText?) {
    guard let text else { return }
    object(name) { json in
      json.member("en", text.en)
      json.member("ja", text.ja)
    }
  }
}
