import SourceText

/// String constants of SQL: their values with the way back to the file.
enum StringLiteral {
  /// The value of a string token; nil for other tokens.
  static func decoded(_ token: SQLToken, of text: MappedText) -> MappedText? {
    let bytes = text.bytes
    var result = MappedText(file: text.file)
    switch token.kind {
    case .dollarString:
      let opening = bytes[token.lower + 1..<token.upper].firstIndex(of: UInt8(ascii: "$")) ?? token.lower
      let tag = opening + 1 - token.lower
      let end = token.isTerminated ? token.upper - tag : token.upper
      if opening + 1 < end { result.append(text, opening + 1..<end) }
      return result
    case .string:
      guard let quote = bytes[token.range].firstIndex(of: UInt8(ascii: "'")) else { return nil }
      let hasEscapes = bytes[token.lower] | 0x20 == UInt8(ascii: "e")
      decode(quote + 1..<(token.isTerminated ? token.upper - 1 : token.upper), hasEscapes, text, into: &result)
      return result
    default: return nil
    }
  }

  private static func decode(_ range: Range<Int>, _ hasEscapes: Bool, _ text: MappedText, into result: inout MappedText)
  {
    let bytes = text.bytes
    var index = range.lowerBound
    var start = index
    while index < range.upperBound {
      let byte = bytes[index]
      let next = index + 1 < range.upperBound ? bytes[index + 1] : 0
      if byte == UInt8(ascii: "'"), next == UInt8(ascii: "'") {
        result.append(text, start..<index + 1)
        index += 2
        start = index
      } else if hasEscapes, byte == UInt8(ascii: "\\"), index + 1 < range.upperBound {
        if start < index { result.append(text, start..<index) }
        result.append([value(of: next)], for: text.span(index..<index + 2).range)
        index += 2
        start = index
      } else {
        index += 1
      }
    }
    if start < range.upperBound { result.append(text, start..<range.upperBound) }
  }

  /// Numeric escapes are rare in SQL that defines things; they keep their first character.
  private static func value(of escape: UInt8) -> UInt8 {
    switch escape {
    case UInt8(ascii: "n"): 0x0A
    case UInt8(ascii: "t"): 0x09
    case UInt8(ascii: "r"): 0x0D
    case UInt8(ascii: "b"): 0x08
    case UInt8(ascii: "f"): 0x0C
    default: escape
    }
  }
}
