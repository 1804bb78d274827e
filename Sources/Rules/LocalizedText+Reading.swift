import Documents
import Findings

extension LocalizedText {
  /// Reads a text that a rule, a profile or a framework states: one scalar for English alone, or a mapping by language.
  init(reading node: Node) {
    if node.kind == .scalar {
      self.init(en: node.text.trimmed)
    } else {
      self.init(en: node["en"]?.text.trimmed ?? "", ja: node["ja"]?.text.trimmed.joinedWhereFolded)
    }
  }
}

extension String {
  /// Without the spaces that folded lines leave where Japanese has none: YAML makes a space of each line end, also within
  /// a Japanese word. Spaces beside Latin letters and digits stay.
  var joinedWhereFolded: String {
    guard utf8.contains(where: { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }) else { return self }
    var scalars = String.UnicodeScalarView()
    var isPending = false
    for scalar in unicodeScalars {
      if scalar == " " || scalar == "\n" {
        isPending = true
        continue
      }
      if isPending {
        if let last = scalars.last, !last.needsNoSpace(before: scalar) { scalars.append(" ") }
        isPending = false
      }
      scalars.append(scalar)
    }
    return String(scalars)
  }
}

extension Unicode.Scalar {
  fileprivate func needsNoSpace(before next: Unicode.Scalar) -> Bool {
    isJapanesePunctuation || next.isJapanesePunctuation || (isJapanese && next.isJapanese)
  }

  /// Kana, kanji and full-width forms.
  private var isJapanese: Bool {
    switch value {
    case 0x3005...0x3007, 0x3040...0x30FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0xFF00...0xFFEF: true
    default: false
    }
  }

  /// Punctuation that is as wide as a character and brings its own space.
  private var isJapanesePunctuation: Bool {
    switch value {
    case 0x3001...0x3003, 0x3008...0x3011, 0x3014...0x301B, 0x30FB, 0xFF01, 0xFF08, 0xFF09, 0xFF0C, 0xFF0E, 0xFF1A,
      0xFF1B, 0xFF1F:
      true
    default: false
    }
  }
}
