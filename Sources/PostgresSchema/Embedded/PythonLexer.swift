/// Cuts Python code into names, strings and symbols. Every byte sequence has tokens; a string that is never closed
/// ends with its line, or for triple quotes with the text.
struct PythonLexer {
  private let bytes: [UInt8]
  private var offset = 0
  private var brackets = 0
  private var indentation = 0
  private var tokens: [PythonToken] = []

  static func tokens(of bytes: [UInt8]) -> [PythonToken] {
    var lexer = PythonLexer(bytes: bytes)
    lexer.run()
    return lexer.tokens
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private mutating func run() {
    measureIndentation()
    while offset < bytes.count {
      let byte = bytes[offset]
      switch byte {
      case 0x20, 0x09, 0x0D, 0x0C:
        offset += 1
      case 0x0A:
        if brackets == 0 { add(.newline, offset..<offset + 1) }
        offset += 1
        if brackets == 0 { measureIndentation() }
      case UInt8(ascii: "\\"):
        // A line break behind a backslash ends no logical line.
        offset += 1
        if offset < bytes.count, bytes[offset] == 0x0D { offset += 1 }
        if offset < bytes.count, bytes[offset] == 0x0A { offset += 1 }
      case UInt8(ascii: "#"):
        while offset < bytes.count, bytes[offset] != 0x0A { offset += 1 }
      case UInt8(ascii: "'"), UInt8(ascii: "\""):
        string(from: offset)
      default:
        if isNameByte(byte) { nameOrString() } else { symbol(byte) }
      }
    }
    add(.newline, bytes.count..<bytes.count)
  }

  private mutating func add(_ kind: PythonToken.Kind, _ range: Range<Int>) {
    tokens.append(PythonToken(kind: kind, range: range, indentation: indentation))
  }

  private mutating func measureIndentation() {
    var column = 0
    var index = offset
    while index < bytes.count, bytes[index] == 0x20 || bytes[index] == 0x09 {
      column += bytes[index] == 0x09 ? 8 - column % 8 : 1
      index += 1
    }
    // Blank lines and comments say nothing about indentation.
    if index < bytes.count, bytes[index] != 0x0A, bytes[index] != 0x0D, bytes[index] != UInt8(ascii: "#") {
      indentation = column
    }
  }

  private mutating func symbol(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): brackets += 1
    case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"): brackets = max(0, brackets - 1)
    default: break
    }
    add(.symbol, offset..<offset + 1)
    offset += 1
  }

  private mutating func nameOrString() {
    let start = offset
    while offset < bytes.count, isNameByte(bytes[offset]) { offset += 1 }
    if offset - start <= 2, offset < bytes.count,
      bytes[offset] == UInt8(ascii: "'") || bytes[offset] == UInt8(ascii: "\""),
      bytes[start..<offset].allSatisfy({ "rbfu".utf8.contains($0 | 0x20) })
    {
      string(from: start)
    } else {
      add(.name, start..<offset)
    }
  }

  private mutating func string(from start: Int) {
    let prefix = bytes[start..<offset].map { $0 | 0x20 }
    let quote = bytes[offset]
    let isTriple = offset + 2 < bytes.count && bytes[offset + 1] == quote && bytes[offset + 2] == quote
    offset += isTriple ? 3 : 1
    let contentStart = offset
    var contentEnd = bytes.count
    while offset < bytes.count {
      let byte = bytes[offset]
      if byte == UInt8(ascii: "\\") {
        offset = min(offset + 2, bytes.count)
      } else if byte == 0x0A, !isTriple {
        contentEnd = offset
        break
      } else if byte == quote,
        !isTriple || offset + 2 < bytes.count && bytes[offset + 1] == quote && bytes[offset + 2] == quote
      {
        contentEnd = offset
        offset += isTriple ? 3 : 1
        break
      } else {
        offset += 1
      }
    }
    let string = PythonString(
      content: contentStart..<max(contentStart, min(contentEnd, bytes.count)),
      isRaw: prefix.contains(UInt8(ascii: "r")),
      isFormatted: prefix.contains(UInt8(ascii: "f")), isBytes: prefix.contains(UInt8(ascii: "b")))
    add(.string(string), start..<offset)
  }

  private func isNameByte(_ byte: UInt8) -> Bool {
    (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "_") || byte >= 0x80
  }
}
