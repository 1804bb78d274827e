import SourceText

/// Finds the way back from a YAML scalar's decoded text to the bytes it was written with. libyaml decides what the
/// text is; this walks the same way again with a hand on the file, and is believed only if it arrives at that text.
struct YAMLScalarMap {
  private let bytes: UnsafeBufferPointer<UInt8>
  private var mapped: MappedText

  /// The decoded text with its places; nil when the walk does not lead to `text`.
  static func mapped(
    _ bytes: UnsafeBufferPointer<UInt8>, _ content: Range<Int>, _ style: ScalarStyle, _ text: ArraySlice<UInt8>,
    in file: FileID
  ) -> MappedText? {
    var map = YAMLScalarMap(bytes: bytes, mapped: MappedText(file: file, at: content.lowerBound))
    switch style {
    case .plain: map.walkFlow(content, style)
    case .singleQuoted, .doubleQuoted:
      guard content.count >= 2 else { return nil }
      map.walkFlow(content.lowerBound + 1..<content.upperBound - 1, style)
    case .literal, .folded: map.walkBlock(content, isFolded: style == .folded, text)
    }
    return map.mapped.bytes.elementsEqual(text) ? map.mapped : nil
  }

  private init(bytes: UnsafeBufferPointer<UInt8>, mapped: MappedText) {
    self.bytes = bytes
    self.mapped = mapped
  }

  // MARK: Plain and quoted

  private mutating func walkFlow(_ inside: Range<Int>, _ style: ScalarStyle) {
    var index = inside.lowerBound
    while index < inside.upperBound {
      let byte = bytes[index]
      if BlockScalar.isBlank(byte) || breakLength(index) > 0 {
        index = walkSpace(index, inside.upperBound, isEscaped: false)
      } else if byte == UInt8(ascii: "'"), style == .singleQuoted {
        mapped.append(CollectionOfOne(byte), for: index..<index + 2)
        index += 2
      } else if byte == UInt8(ascii: "\\"), style == .doubleQuoted {
        index = walkEscape(index, inside.upperBound)
      } else {
        let start = index
        while index < inside.upperBound, !isSpecial(index, style) { index += 1 }
        copy(start..<index)
      }
    }
  }

  private func isSpecial(_ index: Int, _ style: ScalarStyle) -> Bool {
    switch bytes[index] {
    case 0x20, 0x09: true
    case UInt8(ascii: "'"): style == .singleQuoted
    case UInt8(ascii: "\\"): style == .doubleQuoted
    default: breakLength(index) > 0
    }
  }

  /// Blanks stand for themselves; around line breaks they vanish, one break becomes a space, and of more all but the
  /// first remain. An escaped break vanishes itself.
  private mutating func walkSpace(_ start: Int, _ end: Int, isEscaped: Bool) -> Int {
    var index = start
    var breaks: [Range<Int>] = []
    while index < end {
      let length = breakLength(index)
      if length > 0 {
        breaks.append(index..<index + length)
        index += length
      } else if BlockScalar.isBlank(bytes[index]) {
        index += 1
      } else {
        break
      }
    }
    guard let first = breaks.first else {
      if !isEscaped { copy(start..<index) }
      return index
    }
    if isEscaped || !isLineFeed(first) {
      for found in breaks { append(break: found) }
    } else if breaks.count == 1 {
      mapped.append(CollectionOfOne(0x20), for: start..<index)
    } else {
      for found in breaks.dropFirst() { append(break: found) }
    }
    return index
  }

  private mutating func walkEscape(_ start: Int, _ end: Int) -> Int {
    guard start + 1 < end else {
      copy(start..<end)
      return end
    }
    let length = breakLength(start + 1)
    if length > 0 { return walkSpace(start + 1 + length, end, isEscaped: true) }
    var after = start + 2
    let character: UInt32
    switch bytes[start + 1] {
    case UInt8(ascii: "0"): character = 0x00
    case UInt8(ascii: "a"): character = 0x07
    case UInt8(ascii: "b"): character = 0x08
    case UInt8(ascii: "t"), 0x09: character = 0x09
    case UInt8(ascii: "n"): character = 0x0A
    case UInt8(ascii: "v"): character = 0x0B
    case UInt8(ascii: "f"): character = 0x0C
    case UInt8(ascii: "r"): character = 0x0D
    case UInt8(ascii: "e"): character = 0x1B
    case UInt8(ascii: "N"): character = 0x85
    case UInt8(ascii: "_"): character = 0xA0
    case UInt8(ascii: "L"): character = 0x2028
    case UInt8(ascii: "P"): character = 0x2029
    case UInt8(ascii: "x"), UInt8(ascii: "u"), UInt8(ascii: "U"):
      let digits = bytes[start + 1] == UInt8(ascii: "x") ? 2 : bytes[start + 1] == UInt8(ascii: "u") ? 4 : 8
      after = min(start + 2 + digits, end)
      character = JSONString.hexadecimal(bytes, start + 2..<after) ?? 0xFFFD
    default: character = UInt32(bytes[start + 1])
    }
    var decoded: [UInt8] = []
    UTF8Encoding.append(character, to: &decoded)
    mapped.append(decoded, for: start..<after)
    return after
  }

  // MARK: Literal and folded

  private mutating func walkBlock(_ content: Range<Int>, isFolded: Bool, _ text: ArraySlice<UInt8>) {
    guard !text.isEmpty else { return }
    let header = BlockScalar.headerEnd(bytes, content)
    let indicators = bytes[content.lowerBound..<header]
    var index = header
    while index < bytes.count, breakLength(index) == 0 { index += 1 }
    index += breakLength(index)
    let indentation = indentation(from: index, indicators.contains { $0 &- UInt8(ascii: "0") < 10 }, text)

    var trailing = takeBlankLines(&index, indentation)
    var leading: Range<Int>?
    var beganWithBlank = false
    while index < bytes.count, column(index) == indentation {
      let beginsWithBlank = BlockScalar.isBlank(bytes[index])
      if isFolded, let fold = leading, isLineFeed(fold), !beganWithBlank, !beginsWithBlank {
        if trailing.isEmpty { mapped.append(CollectionOfOne(0x20), for: fold.lowerBound..<index) }
      } else if let leading {
        append(break: leading)
      }
      for found in trailing { append(break: found) }
      beganWithBlank = beginsWithBlank
      let start = index
      while index < bytes.count, breakLength(index) == 0 { index += 1 }
      copy(start..<index)
      let length = breakLength(index)
      leading = length > 0 ? index..<index + length : nil
      index += length
      trailing = takeBlankLines(&index, indentation)
    }
    if !indicators.contains(UInt8(ascii: "-")), let leading { append(break: leading) }
    if indicators.contains(UInt8(ascii: "+")) {
      for found in trailing { append(break: found) }
    }
  }

  /// How far the text is indented. Where a digit says so it counts from the parent, which is not known here: but the
  /// first line's blanks in the file, less those in the text, come to the same.
  private func indentation(from start: Int, _ isExplicit: Bool, _ text: ArraySlice<UInt8>) -> Int {
    var index = start
    var deepest = 0
    while index < bytes.count {
      let line = index
      while index < bytes.count, bytes[index] == 0x20 { index += 1 }
      deepest = max(deepest, index - line)
      let length = breakLength(index)
      guard length == 0 else {
        index += length
        continue
      }
      guard isExplicit else { break }
      let first = text.firstIndex { $0 != 0x0A && $0 != 0x20 } ?? text.endIndex
      let kept = text[..<first].reversed().prefix { $0 == 0x20 }.count
      return max(0, index - line - kept)
    }
    return max(1, deepest)
  }

  /// The breaks of the blank lines at `index`, and past the indentation of the line behind them.
  private func takeBlankLines(_ index: inout Int, _ indentation: Int) -> [Range<Int>] {
    var breaks: [Range<Int>] = []
    while index < bytes.count {
      let line = index
      while index < bytes.count, index - line < indentation, bytes[index] == 0x20 { index += 1 }
      let length = breakLength(index)
      guard length > 0 else { break }
      breaks.append(index..<index + length)
      index += length
    }
    return breaks
  }

  /// How many bytes stand before `index` on its line; only ever asked of indentation, which is spaces.
  private func column(_ index: Int) -> Int {
    var start = index
    while start > 0, bytes[start - 1] == 0x20 { start -= 1 }
    return index - start
  }

  // MARK: Pieces

  private mutating func copy(_ range: Range<Int>) {
    mapped.copy(UnsafeBufferPointer(rebasing: bytes[range]), at: range.lowerBound)
  }

  private mutating func append(break range: Range<Int>) {
    if isLineFeed(range) {
      mapped.append(CollectionOfOne(0x0A), for: range)
    } else {
      copy(range)
    }
  }

  private func breakLength(_ index: Int) -> Int { YAMLLineBreak.length(bytes, at: index) }

  /// Whether a break is read as a line feed; U+2028 and U+2029 stay what they are.
  private func isLineFeed(_ range: Range<Int>) -> Bool { bytes[range.lowerBound] != 0xE2 }
}
