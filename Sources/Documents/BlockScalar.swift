/// Literal (`|`) and folded (`>`) scalars as they stand in a file.
enum BlockScalar {
  /// Where a block scalar's last content ends: libyaml's own end lies behind the blank lines that follow.
  static func end(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Int {
    let header = headerEnd(bytes, range)
    var firstLine = header
    while firstLine < range.upperBound, !isBreak(bytes[firstLine]) { firstLine += 1 }
    var end = range.upperBound
    while end > firstLine, isBreak(bytes[end - 1]) || isBlank(bytes[end - 1]) { end -= 1 }
    guard end > firstLine else { return header }
    // Blanks at the end of the last line belong to the text.
    while end < range.upperBound, isBlank(bytes[end]) { end += 1 }
    return end
  }

  /// Behind the indicators: `|`, `>2-`, `|+`.
  static func headerEnd(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Int {
    var offset = min(range.lowerBound + 1, range.upperBound)
    while offset < range.upperBound {
      let byte = bytes[offset]
      guard byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") || byte &- UInt8(ascii: "0") < 10 else { break }
      offset += 1
    }
    return offset
  }

  static func isBreak(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }

  static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
}
