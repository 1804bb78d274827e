/// The text of a `Fn::Sub`, cut at its variables.
struct SubstitutionText {
  /// One piece of the text, in order.
  enum Piece: Hashable {
    case literal(String)
    /// `${Name}`: the name, and the byte range of the whole in the text.
    case variable(String, Range<Int>)
  }

  let pieces: [Piece]

  /// `${!Name}` is the literal `${Name}`; a `${` that nothing closes is literal, too.
  init(_ text: String) {
    let bytes = Array(text.utf8)
    var pieces: [Piece] = []
    var literal: [UInt8] = []
    var index = 0
    // The next brace that closes, from some place on; `bytes.count` where there is none.
    var close = -1
    func flush() {
      if !literal.isEmpty { pieces.append(.literal(String(decoding: literal, as: UTF8.self))) }
      literal.removeAll()
    }
    func findClose(from start: Int) -> Bool {
      if close < start { close = bytes[start...].firstIndex(of: UInt8(ascii: "}")) ?? bytes.count }
      return close < bytes.count
    }
    while index < bytes.count {
      guard bytes[index] == UInt8(ascii: "$"), index + 1 < bytes.count, bytes[index + 1] == UInt8(ascii: "{"),
        findClose(from: index + 2)
      else {
        literal.append(bytes[index])
        index += 1
        continue
      }
      if index + 2 < close, bytes[index + 2] == UInt8(ascii: "!") {
        literal.append(contentsOf: [UInt8(ascii: "$"), UInt8(ascii: "{")])
        literal.append(contentsOf: bytes[(index + 3)...close])
      } else {
        flush()
        var lower = index + 2
        var upper = close
        while lower < upper, bytes[lower] == 0x20 { lower += 1 }
        while lower < upper, bytes[upper - 1] == 0x20 { upper -= 1 }
        pieces.append(.variable(String(decoding: bytes[lower..<upper], as: UTF8.self), index..<(close + 1)))
      }
      index = close + 1
    }
    flush()
    self.pieces = pieces
  }
}
