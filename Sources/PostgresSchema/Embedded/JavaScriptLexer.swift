/// Cuts JavaScript and TypeScript into names, strings, template literals and symbols. Every byte sequence has tokens; a
/// string that is never closed ends with its line, a template with the text.
struct JavaScriptLexer {
  private let bytes: [UInt8]
  private var offset = 0
  private var tokens: [JavaScriptToken] = []

  /// Templates within templates beyond this are skipped like text.
  private static let nestingLimit = 32

  static func tokens(of bytes: [UInt8]) -> [JavaScriptToken] {
    var lexer = JavaScriptLexer(bytes: bytes)
    while lexer.offset < bytes.count { lexer.next(depth: 0) }
    return lexer.tokens
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private mutating func next(depth: Int) {
    let start = offset
    let byte = bytes[start]
    let following = start + 1 < bytes.count ? bytes[start + 1] : 0
    switch byte {
    case 0x20, 0x09...0x0D: offset += 1
    case UInt8(ascii: "/") where following == UInt8(ascii: "/"):
      while offset < bytes.count, bytes[offset] != 0x0A { offset += 1 }
    case UInt8(ascii: "/") where following == UInt8(ascii: "*"):
      offset = min(offset + 3, bytes.count)
      while offset < bytes.count, !(bytes[offset - 1] == UInt8(ascii: "*") && bytes[offset] == UInt8(ascii: "/")) {
        offset += 1
      }
      offset = min(offset + 1, bytes.count)
    case UInt8(ascii: "/") where startsRegularExpression: regularExpression()
    case UInt8(ascii: "'"), UInt8(ascii: "\""): string(byte)
    case UInt8(ascii: "`"): template(depth: depth)
    default:
      if JavaScriptLexer.isNameByte(byte) {
        while offset < bytes.count, JavaScriptLexer.isNameByte(bytes[offset]) { offset += 1 }
        add(.name, start..<offset)
      } else {
        offset += 1
        add(.symbol, start..<offset)
      }
    }
  }

  private mutating func add(_ kind: JavaScriptToken.Kind, _ range: Range<Int>, content: Range<Int>? = nil) {
    tokens.append(JavaScriptToken(kind: kind, range: range, content: content ?? range))
  }

  /// A slash divides behind a value, and starts an expression behind anything else.
  private var startsRegularExpression: Bool {
    guard let last = tokens.last else { return true }
    switch last.kind {
    case .string, .template, .regularExpression: return false
    case .name:
      return ["return", "typeof", "case", "in", "of", "delete", "void"].contains(bytes.text(last.range))
    case .symbol: return bytes[last.range.lowerBound] != 0x29 && bytes[last.range.lowerBound] != 0x5D
    }
  }

  private mutating func regularExpression() {
    let start = offset
    var isInClass = false
    offset += 1
    while offset < bytes.count, bytes[offset] != 0x0A {
      let byte = bytes[offset]
      if byte == UInt8(ascii: "\\") {
        offset = min(offset + 2, bytes.count)
        continue
      }
      if byte == UInt8(ascii: "[") { isInClass = true }
      if byte == UInt8(ascii: "]") { isInClass = false }
      offset += 1
      if byte == UInt8(ascii: "/"), !isInClass { break }
    }
    while offset < bytes.count, JavaScriptLexer.isNameByte(bytes[offset]) { offset += 1 }
    add(.regularExpression, start..<offset)
  }

  private mutating func string(_ quote: UInt8) {
    let start = offset
    offset += 1
    var end = bytes.count
    while offset < bytes.count {
      let byte = bytes[offset]
      if byte == UInt8(ascii: "\\") {
        offset = min(offset + 2, bytes.count)
      } else if byte == 0x0A {
        end = offset
        break
      } else if byte == quote {
        end = offset
        offset += 1
        break
      } else {
        offset += 1
      }
    }
    add(.string, start..<offset, content: start + 1..<max(start + 1, min(end, bytes.count)))
  }

  /// A template literal; what stands in its holes is code, whose own strings are tokens behind it.
  private mutating func template(depth: Int) {
    let start = offset
    offset += 1
    var holes: [Range<Int>] = []
    let position = tokens.count
    var end = bytes.count
    while offset < bytes.count {
      let byte = bytes[offset]
      if byte == UInt8(ascii: "\\") {
        offset = min(offset + 2, bytes.count)
      } else if byte == UInt8(ascii: "`") {
        end = offset
        offset += 1
        break
      } else if byte == UInt8(ascii: "$"), offset + 1 < bytes.count, bytes[offset + 1] == UInt8(ascii: "{"),
        depth < JavaScriptLexer.nestingLimit
      {
        let hole = offset
        offset += 2
        var braces = 1
        while offset < bytes.count {
          if bytes[offset] == UInt8(ascii: "{") { braces += 1 }
          if bytes[offset] == UInt8(ascii: "}") {
            braces -= 1
            if braces == 0 {
              offset += 1
              break
            }
          }
          next(depth: depth + 1)
        }
        holes.append(hole..<min(offset, bytes.count))
      } else {
        offset += 1
      }
    }
    let content = start + 1..<max(start + 1, min(end, bytes.count))
    tokens.insert(
      JavaScriptToken(kind: .template(holes: holes), range: start..<offset, content: content),
      at: min(position, tokens.count))
  }

  static func isNameByte(_ byte: UInt8) -> Bool {
    (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "_")
      || byte == UInt8(ascii: "$") || byte >= 0x80
  }
}
