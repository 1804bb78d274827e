import Values

extension ResolvedValue {
  /// The lowest open choice that the value or anything in it depends on: what to fork on next.
  package var undecidedChoice: ChoiceID? { content.undecidedChoice }
}

extension Content {
  /// The lowest open choice in a value.
  var undecidedChoice: ChoiceID? {
    switch self {
    case .absent, .scalar, .reference: nil
    case .unknown(let unknown): unknown.undecidedChoice
    case .template(let parts): Content.undecidedChoice(in: parts)
    case .dynamicReference(let reference): Content.undecidedChoice(in: reference.key)
    case .list(let elements, let residual):
      elements.reduce(residual?.undecidedChoice) { lowest, element in
        Content.lower(
          lowest, Content.lower(element.membership?.undecidedChoice, element.value.content.undecidedChoice))
      }
    case .map(let entries, let residual):
      entries.reduce(residual?.undecidedChoice) { lowest, entry in
        Content.lower(lowest, Content.lower(entry.membership?.undecidedChoice, entry.value.content.undecidedChoice))
      }
    }
  }

  private static func undecidedChoice(in parts: [TemplatePart]) -> ChoiceID? {
    parts.reduce(nil) { lowest, part in
      switch part {
      case .unknown(let unknown): lower(lowest, unknown.undecidedChoice)
      case .dynamicReference(let reference): lower(lowest, undecidedChoice(in: reference.key))
      case .literal, .reference, .pseudo: lowest
      }
    }
  }

  private static func lower(_ a: ChoiceID?, _ b: ChoiceID?) -> ChoiceID? {
    guard let a, let b else { return a ?? b }
    return min(a, b)
  }
}

extension ResolvedValue {
  /// Why parts of a string with holes cannot be told; nil where all of its holes are what only a deployment knows.
  package var unknownPart: Unknown? {
    guard case .template(let parts) = content else { return nil }
    var all: Unknown?
    for case .unknown(let unknown) in parts { all = all.map { $0.union(unknown) } ?? unknown }
    return all
  }
}
