/// How many columns a scalar takes in a terminal.
enum DisplayWidth {
  /// 0 for combining marks, 2 for what Unicode's East Asian Width calls wide or full-width and for what is an emoji by
  /// itself, else 1.
  static func of(_ scalar: Unicode.Scalar) -> Int {
    let value = scalar.value
    if value < 0x300 { return 1 }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    // The vowels and finals of conjoining Hangul are drawn into the column of their initial.
    if (0x1160...0x11FF).contains(value) || (0xD7B0...0xD7FF).contains(value) { return 0 }
    return isWide(value) || scalar.properties.isEmojiPresentation ? 2 : 1
  }

  /// Whether a character of several scalars is drawn as one emoji.
  static func isEmojiSequence(_ scalars: some Sequence<Unicode.Scalar>) -> Bool {
    var hasEmoji = false
    var hasSelector = false
    for scalar in scalars {
      let properties = scalar.properties
      if properties.isEmojiPresentation { return true }
      if properties.isEmoji { hasEmoji = true }
      if scalar.value == 0xFE0F || scalar.value == 0x200D { hasSelector = true }
    }
    return hasEmoji && hasSelector
  }

  /// Blocks whose characters, assigned or reserved, are wide or full-width in EastAsianWidth.txt; emoji are told by
  /// their own property.
  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115F,  // Hangul initials
    0x2329...0x232A,  // angle brackets
    0x2E80...0x303E,  // radicals, CJK punctuation
    0x3041...0x3247,  // kana, Bopomofo, compatibility letters
    0x3250...0x4DBF,  // enclosed and compatibility ideographs, extension A
    0x4E00...0xA4CF,  // unified ideographs, Yi
    0xA960...0xA97F,  // Hangul initials, extended
    0xAC00...0xD7A3,  // Hangul syllables
    0xF900...0xFAFF,  // compatibility ideographs
    0xFE10...0xFE19,  // vertical forms
    0xFE30...0xFE6F,  // compatibility and small forms
    0xFF00...0xFF60,  // full-width forms
    0xFFE0...0xFFE6,  // full-width signs
    0x16FE0...0x18DFF,  // Tangut, Khitan
    0x1AFF0...0x1B2FF,  // kana, supplements
    0x1F200...0x1F2FF,  // enclosed ideographs
    0x20000...0x3FFFD,  // ideographs of planes 2 and 3
  ]

  private static func isWide(_ value: UInt32) -> Bool {
    guard value >= 0x1100 else { return false }
    let index = wide.partitioningIndex { $0.upperBound >= value }
    return index < wide.count && wide[index].contains(value)
  }
}
