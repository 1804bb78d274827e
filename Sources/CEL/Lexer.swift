import SourceText

/// Splits an expression into tokens. What cannot be read is reported and skipped.
struct Lexer {
  private let text: MappedText
  private let bytes: [UInt8]
  private var at = 0
  private(set) var tokens: [Token] = []
  private(set) var diagnostics: [Diagnostic] = []

  init(_ text: MappedText) {
    self.text = text
    bytes = text.bytes
  }

  mutating func run() {
    while true {
      skipSpace()
      guard at < bytes.count else { break }
      let start = at
      let kind = next()
      tokens.append(Token(kind: kind, range: start..<at))
    }
    tokens.append(Token(kind: .end, range: bytes.count..<bytes.count))
  }

  private func peek(_ offset: Int = 0) -> UInt8 { at + offset < bytes.count ? bytes[at + offset] : 0 }

  private mutating func report(_ message: String, _ range: Range<Int>, cure: String? = nil) {
    diagnostics.append(Diagnostic("cel-syntax", .error, message, cure: cure, at: text.span(range)))
  }

  private mutating func skipSpace() {
    while at < bytes.count {
      switch bytes[at] {
      case 0x20, 0x09, 0x0A, 0x0C, 0x0D: at += 1
      case UInt8(ascii: "/") where peek(1) == UInt8(ascii: "/"):
        while at < bytes.count, bytes[at] != 0x0A { at += 1 }
      default: return
      }
    }
  }

  private mutating func next() -> Token.Kind {
    let byte = bytes[at]
    if byte.isDigit || (byte == UInt8(ascii: ".") && peek(1).isDigit) { return number() }
    if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") { return string(isRaw: false, isBytes: false) }
    if let (prefix, isRaw, isBytes) = stringPrefix() {
      at += prefix
      return string(isRaw: isRaw, isBytes: isBytes, prefix: prefix)
    }
    if byte.isIdentifierHead {
      let start = at
      while peek().isIdentifierBody { at += 1 }
      let name = String(decoding: bytes[start..<at], as: UTF8.self)
      switch name {
      case "true": return .literal(.bool(true))
      case "false": return .literal(.bool(false))
      case "null": return .literal(.null)
      case "in": return .symbol(.in)
      default: return .identifier(name)
      }
    }
    if byte == UInt8(ascii: "`") { return quotedIdentifier() }
    return symbol()
  }

  private mutating func symbol() -> Token.Kind {
    for length in [2, 1] where at + length <= bytes.count {
      let spelling = String(decoding: bytes[at..<at + length], as: UTF8.self)
      if let symbol = Token.Symbol(rawValue: spelling) {
        at += length
        return .symbol(symbol)
      }
    }
    let start = at
    at += 1
    while at < bytes.count, bytes[at] & 0xC0 == 0x80 { at += 1 }
    let character = String(decoding: bytes[start..<at], as: UTF8.self)
    let cure: String? =
      switch character {
      case "=": "Write '==' to compare."
      case "&": "Write '&&'."
      case "|": "Write '||'."
      default: nil
      }
    report("'\(character)' is not part of the expression language.", start..<at, cure: cure)
    return .invalid
  }

  private mutating func quotedIdentifier() -> Token.Kind {
    let start = at
    at += 1
    while at < bytes.count, peek().isIdentifierBody || [0x2E, 0x2D, 0x2F, 0x20].contains(peek()) { at += 1 }
    guard peek() == UInt8(ascii: "`"), at > start + 1 else {
      report(
        "The name in backticks is empty, does not end, or has a character other than letters, digits and '_.-/ '.",
        start..<at)
      return .invalid
    }
    at += 1
    return .quotedIdentifier(String(decoding: bytes[start + 1..<at - 1], as: UTF8.self))
  }

  // MARK: Numbers

  private mutating func number() -> Token.Kind {
    let start = at
    var isDouble = false
    if peek() == UInt8(ascii: "0"), peek(1) | 0x20 == UInt8(ascii: "x"), peek(2).isHexDigit {
      at += 2
      while peek().isHexDigit { at += 1 }
      return integer(bytes[start + 2..<at], radix: 16, start)
    }
    while peek().isDigit { at += 1 }
    if peek() == UInt8(ascii: "."), peek(1).isDigit {
      isDouble = true
      at += 1
      while peek().isDigit { at += 1 }
    }
    let signed = peek(1) == UInt8(ascii: "+") || peek(1) == UInt8(ascii: "-")
    if peek() | 0x20 == UInt8(ascii: "e"), peek(1).isDigit || (signed && peek(2).isDigit) {
      isDouble = true
      at += 2
      while peek().isDigit { at += 1 }
    }
    guard isDouble else { return integer(bytes[start..<at], radix: 10, start) }
    guard !peek().isIdentifierHead else { return malformedNumber(start) }
    return .literal(.double(Double(String(decoding: bytes[start..<at], as: UTF8.self)) ?? .nan))
  }

  private mutating func integer(_ digits: ArraySlice<UInt8>, radix: Int, _ start: Int) -> Token.Kind {
    let isUnsigned = peek() | 0x20 == UInt8(ascii: "u")
    if isUnsigned { at += 1 }
    guard !peek().isIdentifierHead else { return malformedNumber(start) }
    let magnitude = UInt64(String(decoding: digits, as: UTF8.self), radix: radix)
    if isUnsigned, let magnitude { return .literal(.uint(magnitude)) }
    // A minus sign in front is part of the literal, but only the parser knows whether one is there.
    if !isUnsigned, let magnitude {
      if magnitude <= UInt64(Int64.max) { return .literal(.int(Int64(magnitude))) }
      if magnitude == UInt64(Int64.max) + 1, followsMinus { return .literal(.int(.min)) }
    }
    let spelling = String(decoding: bytes[start..<at], as: UTF8.self)
    report("'\(spelling)' does not fit 64 bits.", start..<at)
    return .literal(isUnsigned ? .uint(0) : .int(0))
  }

  private var followsMinus: Bool { tokens.last?.kind == .symbol(.minus) }

  private mutating func malformedNumber(_ start: Int) -> Token.Kind {
    while peek().isIdentifierBody { at += 1 }
    report("'\(String(decoding: bytes[start..<at], as: UTF8.self))' is not a number.", start..<at)
    return .literal(.int(0))
  }

  // MARK: Strings

  private func stringPrefix() -> (length: Int, isRaw: Bool, isBytes: Bool)? {
    var length = 0
    var isRaw = false
    var isBytes = false
    while length < 2 {
      switch peek(length) | 0x20 {
      case UInt8(ascii: "r") where !isRaw: isRaw = true
      case UInt8(ascii: "b") where !isBytes: isBytes = true
      default:
        return length > 0 && isQuote(peek(length)) ? (length, isRaw, isBytes) : nil
      }
      length += 1
    }
    return isQuote(peek(length)) ? (length, isRaw, isBytes) : nil
  }

  private func isQuote(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") }

  private mutating func string(isRaw: Bool, isBytes: Bool, prefix: Int = 0) -> Token.Kind {
    let start = at - prefix
    let quote = bytes[at]
    let isTriple = peek(1) == quote && peek(2) == quote
    at += isTriple ? 3 : 1
    var decoded: [UInt8] = []
    while true {
      guard at < bytes.count, isTriple || (bytes[at] != 0x0A && bytes[at] != 0x0D) else {
        report("The string does not end.", start..<at, cure: "Close it with the quote it began with.")
        return .literal(isBytes ? .bytes(decoded) : .string(String(decoding: decoded, as: UTF8.self)))
      }
      let byte = bytes[at]
      if byte == quote, !isTriple || (peek(1) == quote && peek(2) == quote) {
        at += isTriple ? 3 : 1
        break
      }
      if byte == UInt8(ascii: "\\") {
        if isRaw {
          decoded.append(byte)
          at += 1
        } else {
          escape(into: &decoded, isBytes: isBytes)
        }
      } else {
        decoded.append(byte)
        at += 1
      }
    }
    return .literal(isBytes ? .bytes(decoded) : .string(String(decoding: decoded, as: UTF8.self)))
  }

  private mutating func escape(into decoded: inout [UInt8], isBytes: Bool) {
    let start = at
    let letter = peek(1)
    at = min(at + 2, bytes.count)
    switch letter {
    case UInt8(ascii: "a"): decoded.append(0x07)
    case UInt8(ascii: "b"): decoded.append(0x08)
    case UInt8(ascii: "f"): decoded.append(0x0C)
    case UInt8(ascii: "n"): decoded.append(0x0A)
    case UInt8(ascii: "r"): decoded.append(0x0D)
    case UInt8(ascii: "t"): decoded.append(0x09)
    case UInt8(ascii: "v"): decoded.append(0x0B)
    case UInt8(ascii: "\\"), UInt8(ascii: "?"), UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "`"):
      decoded.append(letter)
    case UInt8(ascii: "x"), UInt8(ascii: "X"):
      scalar(digits: 2, radix: 16, into: &decoded, isBytes: isBytes, start)
    case UInt8(ascii: "0")...UInt8(ascii: "3"):
      at -= 1
      scalar(digits: 3, radix: 8, into: &decoded, isBytes: isBytes, start)
    case UInt8(ascii: "u") where !isBytes: scalar(digits: 4, radix: 16, into: &decoded, isBytes: false, start)
    case UInt8(ascii: "U") where !isBytes: scalar(digits: 8, radix: 16, into: &decoded, isBytes: false, start)
    default:
      while at < bytes.count, bytes[at] & 0xC0 == 0x80 { at += 1 }
      report(
        "'\(String(decoding: bytes[start..<at], as: UTF8.self))' is not an escape sequence.", start..<at,
        cure: "Write '\\\\' for a backslash, or put 'r' in front of the string.")
    }
  }

  private mutating func scalar(
    digits: Int, radix: Int, into decoded: inout [UInt8], isBytes: Bool, _ start: Int
  ) {
    let end = min(at + digits, bytes.count)
    let spelling = bytes[at..<end]
    guard spelling.count == digits, spelling.allSatisfy(\.isHexDigit),
      let code = UInt32(String(decoding: spelling, as: UTF8.self), radix: radix),
      let scalar = Unicode.Scalar(code)
    else {
      let shown = String(decoding: bytes[start..<at], as: UTF8.self)
      report("'\(shown)' must be followed by \(digits) digits that name a Unicode character.", start..<at)
      return
    }
    at = end
    if isBytes {
      decoded.append(UInt8(truncatingIfNeeded: code))
    } else {
      decoded.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }
  }
}

extension UInt8 {
  fileprivate var isDigit: Bool { 0x30...0x39 ~= self }
  fileprivate var isHexDigit: Bool { isDigit || 0x61...0x66 ~= self | 0x20 }
  fileprivate var isIdentifierHead: Bool { 0x61...0x7A ~= self | 0x20 || self == 0x5F }
  fileprivate var isIdentifierBody: Bool { isIdentifierHead || isDigit }
}
