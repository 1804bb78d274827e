import Findings

extension FrameworkOutcome {
  /// The outcome for ``JSONReport``: each control with its verdict, rules, and their verdicts and places.
  func json(_ sources: SourceMap) -> JSONValue {
    [
      "id": .string(framework.id),
      "title": framework.title.map(Self.text),
      "controls": .array(
        groups.flatMap { group in
          group.controls.map { outcome in
            [
              "id": .string(outcome.control.id),
              "group": group.title.map(Self.text),
              "title": outcome.control.title.map(Self.text),
              "verdict": .string(outcome.status.rawValue),
              "rules": .array(
                outcome.rules.map { rule in
                  [
                    "rule": .string(rule.id),
                    "name": .string(rule.name),
                    "verdict": .string(rule.verdict.rawValue),
                    "judgements": .array(
                      rule.judgements.filter { !$0.subject.isEmpty }.map { judgement in
                        [
                          "verdict": .string(judgement.verdict.rawValue),
                          "subject": .string(judgement.subject),
                          "location": judgement.location.map { sources.json($0) },
                        ]
                      }),
                  ]
                }),
              "notJudged": .array(outcome.notJudged.map(JSONValue.string)),
              "beyondFiles": outcome.control.beyondFiles.map(Self.text),
            ]
          }
        }),
    ]
  }

  private static func text(_ text: LocalizedText) -> JSONValue {
    ["en": .string(text.en), "ja": text.ja.map(JSONValue.string)]
  }
}
