import SourceText

extension Finding {
  /// The finding with every text in it that a reader sees changed alike; where a fix writes something, that too.
  package func mappingTexts(_ text: (String) -> String) -> Finding {
    var result = self
    result.message = Message(
      message.fragments.map { fragment in
        switch fragment {
        case .text(let words): .text(text(words))
        case .link(let words, let id): .link(text(words), id)
        }
      })
    result.primary = primary.mappingTexts(text)
    result.steps = steps.map {
      Step(
        text($0.message), at: $0.location.mappingTexts(text), nesting: $0.nesting, isEssential: $0.isEssential)
    }
    result.related = related.map {
      RelatedLocation(id: $0.id, message: text($0.message), location: $0.location.mappingTexts(text))
    }
    result.assumptions = assumptions.map(text)
    result.reasons = reasons.map { UnknownReason(text($0.text), at: $0.location, cure: $0.cure.map(text)) }
    result.fixes = fixes.map { fix in
      Fix(
        text(fix.description), edits: fix.edits.map { TextEdit($0.span, text($0.replacement)) }, safety: fix.safety)
    }
    result.subject = text(subject)
    return result
  }
}

extension Location {
  /// The place under a changed name.
  package func mappingTexts(_ text: (String) -> String) -> Location {
    Location(span, path: text(path), kind: kind, constructPath: constructPath)
  }
}
