import Findings

/// Takes the values of parameters with NoEcho out of what a finding says.
struct Redaction {
  /// Longest first.
  let texts: [String]

  private static let mark = "(not shown: NoEcho)"

  /// Shorter texts occur in words; only where they stand in quotes they are values.
  private static let shortest = 4

  /// Texts below this length are hidden as whole words: 'Auto' as a default is no reason to tear
  /// 'AutoMinorVersionUpgrade' apart. Longer ones are hidden wherever they stand.
  private static let longestWord = 8

  func finding(_ finding: Finding) -> Finding {
    guard !texts.isEmpty else { return finding }
    var result = finding
    result.message = Message(
      finding.message.fragments.map { fragment in
        switch fragment {
        case .text(let text): .text(self.text(text))
        case .link(let text, let id): .link(self.text(text), id)
        }
      })
    result.steps = finding.steps.map {
      Step(text($0.message), at: $0.location, nesting: $0.nesting, isEssential: $0.isEssential)
    }
    result.related = finding.related.map {
      RelatedLocation(id: $0.id, message: text($0.message), location: $0.location)
    }
    result.assumptions = finding.assumptions.map(text)
    result.reasons = finding.reasons.map { UnknownReason(text($0.text), at: $0.location, cure: $0.cure.map(text)) }
    return result
  }

  private func text(_ text: String) -> String {
    var bytes = Array(text.utf8)
    var isChanged = false
    for hidden in texts {
      let isShort = hidden.utf8.count < Redaction.shortest
      let wanted = Array((isShort ? "'\(hidden)'" : hidden).utf8)
      let mark = Array((isShort ? "'\(Redaction.mark)'" : Redaction.mark).utf8)
      var start = 0
      while start + wanted.count <= bytes.count {
        let end = start + wanted.count
        if bytes[start] == wanted[0], bytes[start..<end].elementsEqual(wanted),
          wanted.count >= Redaction.longestWord && !isPublic(bytes, start..<end) || isWord(bytes, start..<end)
        {
          bytes.replaceSubrange(start..<end, with: mark)
          start += mark.count
          isChanged = true
        } else {
          start += 1
        }
      }
    }
    return isChanged ? String(decoding: bytes, as: UTF8.self) : text
  }

  /// Whether it stands within the name of the engine, which the message says itself: the user 'postgres' is no reason to
  /// tear 'postgresql' apart.
  private func isPublic(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
    bytes[range].elementsEqual("postgres".utf8) && bytes[range.upperBound...].starts(with: "ql".utf8)
  }

  private func isWord(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
    func continues(_ byte: UInt8) -> Bool {
      (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "_")
    }
    return !(range.lowerBound > 0 && continues(bytes[range.lowerBound - 1]))
      && !(range.upperBound < bytes.count && continues(bytes[range.upperBound]))
  }
}
