/// Cuts SQL text into tokens by PostgreSQL's rules (`scan.l` with `standard_conforming_strings` on) and psql's
/// backslash commands. Every byte sequence has tokens: what is never closed runs to the end of the text.
package struct SQLLexer: Sendable {
  package let bytes: [UInt8]
  /// Where the next token is looked for.
  package private(set) var offset: Int
  private let end: Int
  /// Off inside function bodies, where a backslash is no psql command.
  private let readsMetaCommands: Bool

  package init(_ bytes: [UInt8], _ range: Range<Int>? = nil, readsMetaCommands: Bool = false) {
    self.bytes = bytes
    let range = (range ?? 0..<bytes.count).clamped(to: 0..<bytes.count)
    offset = range.lowerBound
    end = range.upperBound
    self.readsMetaCommands = readsMetaCommands
  }

  /// All tokens of a text but its comments.
  package static func tokens(of bytes: [UInt8], _ range: Range<Int>? = nil) -> [SQLToken] {
    var lexer = SQLLexer(bytes, range)
    var tokens: [SQLToken] = []
    while let token = lexer.next() {
      if !token.isComment { tokens.append(token) }
    }
    return tokens
  }

  /// Goes on behind `offset`: data that belongs to a statement (COPY) is no SQL.
  mutating func skip(to offset: Int) { self.offset = min(max(offset, self.offset), end) }

  package mutating func next() -> SQLToken? {
    while offset < end, isBlank(bytes[offset]) { offset += 1 }
    guard offset < end else { return nil }
    let start = offset
    let byte = bytes[start]
    switch byte {
    case UInt8(ascii: "-") where peek(1) == UInt8(ascii: "-"):
      while offset < end, bytes[offset] != 0x0A, bytes[offset] != 0x0D { offset += 1 }
      return SQLToken(.lineComment, start..<offset)
    case UInt8(ascii: "/") where peek(1) == UInt8(ascii: "*"):
      return blockComment()
    case UInt8(ascii: "'"):
      return quoted(.string, from: start, hasEscapes: false)
    case UInt8(ascii: "\""):
      return quoted(.quotedName, from: start, hasEscapes: false)
    case UInt8(ascii: "$"):
      return dollar()
    case UInt8(ascii: "\\") where readsMetaCommands:
      while offset < end, bytes[offset] != 0x0A, bytes[offset] != 0x0D { offset += 1 }
      return SQLToken(.metaCommand, start..<offset)
    case UInt8(ascii: "0")...UInt8(ascii: "9"):
      return number()
    case UInt8(ascii: "."):
      if let following = peek(1), isDigit(following) { return number() }
      offset += peek(1) == byte ? 2 : 1
      return SQLToken(offset - start == 2 ? .operator : .punctuation, start..<offset)
    case UInt8(ascii: ":"):
      let isPair = peek(1) == byte || peek(1) == UInt8(ascii: "=")
      offset += isPair ? 2 : 1
      return SQLToken(isPair ? .operator : .punctuation, start..<offset)
    default:
      if isNameStart(byte) { return word() }
      if isOperator(byte) { return operatorRun() }
      offset += 1
      return SQLToken(.punctuation, start..<offset)
    }
  }

  private func peek(_ distance: Int) -> UInt8? {
    offset + distance < end ? bytes[offset + distance] : nil
  }

  private mutating func blockComment() -> SQLToken {
    let start = offset
    var depth = 0
    while offset < end {
      if bytes[offset] == UInt8(ascii: "/"), peek(1) == UInt8(ascii: "*") {
        depth += 1
        offset += 2
      } else if bytes[offset] == UInt8(ascii: "*"), peek(1) == UInt8(ascii: "/") {
        depth -= 1
        offset += 2
        if depth == 0 { return SQLToken(.blockComment, start..<offset) }
      } else {
        offset += 1
      }
    }
    return SQLToken(.blockComment, start..<end, isTerminated: false)
  }

  /// A string or quoted name whose opening quote is at `offset`; a doubled quote stands for itself.
  private mutating func quoted(_ kind: SQLToken.Kind, from start: Int, hasEscapes: Bool) -> SQLToken {
    let quote = bytes[offset]
    offset += 1
    while offset < end {
      let byte = bytes[offset]
      if hasEscapes, byte == UInt8(ascii: "\\") {
        offset = min(offset + 2, end)
      } else if byte == quote {
        offset += 1
        guard offset < end, bytes[offset] == quote else { return SQLToken(kind, start..<offset) }
        offset += 1
      } else {
        offset += 1
      }
    }
    return SQLToken(kind, start..<end, isTerminated: false)
  }

  private mutating func dollar() -> SQLToken {
    let start = offset
    offset += 1
    if offset < end, isDigit(bytes[offset]) {
      while offset < end, isDigit(bytes[offset]) { offset += 1 }
      return SQLToken(.parameter, start..<offset)
    }
    var tagEnd = offset
    if tagEnd < end, isNameStart(bytes[tagEnd]) {
      while tagEnd < end, isNameStart(bytes[tagEnd]) || isDigit(bytes[tagEnd]) { tagEnd += 1 }
    }
    guard tagEnd < end, bytes[tagEnd] == UInt8(ascii: "$") else { return SQLToken(.punctuation, start..<offset) }
    let delimiter = start..<tagEnd + 1
    offset = delimiter.upperBound
    while offset < end {
      if bytes[offset] == UInt8(ascii: "$"), offset + delimiter.count <= end,
        bytes[offset..<offset + delimiter.count].elementsEqual(bytes[delimiter])
      {
        offset += delimiter.count
        return SQLToken(.dollarString, start..<offset)
      }
      offset += 1
    }
    return SQLToken(.dollarString, start..<end, isTerminated: false)
  }

  private mutating func number() -> SQLToken {
    let start = offset
    while offset < end {
      let byte = bytes[offset]
      if byte == UInt8(ascii: "."), peek(1) == UInt8(ascii: ".") { break }
      if isDigit(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_") {
        offset += 1
      } else if byte | 0x20 == UInt8(ascii: "e") {
        let sign = peek(1) == UInt8(ascii: "+") || peek(1) == UInt8(ascii: "-") ? 1 : 0
        guard let digit = peek(1 + sign), isDigit(digit) else { break }
        offset += 1 + sign
      } else {
        break
      }
    }
    return SQLToken(.number, start..<offset)
  }

  private mutating func word() -> SQLToken {
    let start = offset
    while offset < end {
      let byte = bytes[offset]
      guard isNameStart(byte) || isDigit(byte) || byte == UInt8(ascii: "$") else { break }
      offset += 1
    }
    guard offset < end else { return SQLToken(.word, start..<offset) }
    let first = bytes[start] | 0x20
    if offset - start == 1, bytes[offset] == UInt8(ascii: "'"), "ebxn".utf8.contains(first) {
      return quoted(.string, from: start, hasEscapes: first == UInt8(ascii: "e"))
    }
    if offset - start == 1, first == UInt8(ascii: "u"), bytes[offset] == UInt8(ascii: "&"), let quote = peek(1),
      quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"")
    {
      offset += 1
      return quoted(quote == UInt8(ascii: "'") ? .string : .quotedName, from: start, hasEscapes: false)
    }
    return SQLToken(.word, start..<offset)
  }

  private mutating func operatorRun() -> SQLToken {
    let start = offset
    while offset < end, isOperator(bytes[offset]) {
      if offset > start {
        if bytes[offset] == UInt8(ascii: "-"), peek(1) == UInt8(ascii: "-") { break }
        if bytes[offset] == UInt8(ascii: "/"), peek(1) == UInt8(ascii: "*") { break }
      }
      offset += 1
    }
    return SQLToken(.operator, start..<offset)
  }

  private func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

  private func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

  private func isNameStart(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || byte == UInt8(ascii: "_") || byte >= 0x80
  }

  private func isOperator(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "*"), UInt8(ascii: "/"), UInt8(ascii: "<"),
      UInt8(ascii: ">"), UInt8(ascii: "="), UInt8(ascii: "~"), UInt8(ascii: "!"), UInt8(ascii: "@"),
      UInt8(ascii: "#"), UInt8(ascii: "%"), UInt8(ascii: "^"), UInt8(ascii: "&"), UInt8(ascii: "|"),
      UInt8(ascii: "`"), UInt8(ascii: "?"):
      true
    default: false
    }
  }
}
