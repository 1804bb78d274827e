/// A message in protocol buffers' text format, read without its schema.
struct TextProto {
  struct Entry {
    let name: String
    let value: Field
  }

  indirect enum Field {
    case message(TextProto)
    /// A quoted string, its escapes resolved.
    case string([UInt8])
    /// A number or a name.
    case word(String)
  }

  private(set) var fields: [Entry] = []

  struct Mistake: Error, CustomStringConvertible {
    let description: String
  }

  init(_ bytes: [UInt8]) throws {
    var reader = Reader(bytes)
    self = try reader.message(until: nil)
  }

  fileprivate init() {}

  fileprivate mutating func append(_ name: String, _ value: Field) { fields.append(Entry(name: name, value: value)) }

  func messages(_ name: String) -> [TextProto] {
    fields.compactMap { field in
      if field.name == name, case .message(let message) = field.value { message } else { nil }
    }
  }

  func message(_ name: String) -> TextProto? { messages(name).first }

  func string(_ name: String) -> String? {
    for field in fields where field.name == name {
      if case .string(let bytes) = field.value { return String(decoding: bytes, as: UTF8.self) }
    }
    return nil
  }

  func word(_ name: String) -> String? {
    for field in fields where field.name == name {
      if case .word(let word) = field.value { return word }
    }
    return nil
  }

  private struct Reader {
    let bytes: [UInt8]
    var at = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var current: UInt8? { at < bytes.count ? bytes[at] : nil }

    mutating func skip() {
      while let byte = current {
        if byte == UInt8(ascii: "#") {
          while let byte = current, byte != 0x0A { _ = byte; at += 1 }
        } else if [0x20, 0x09, 0x0A, 0x0D, 0x2C, 0x3B].contains(byte) {
          at += 1
        } else {
          return
        }
      }
    }

    mutating func message(until end: UInt8?) throws -> TextProto {
      var result = TextProto()
      while true {
        skip()
        guard let byte = current else {
          guard end == nil else { throw Mistake(description: "a message does not end") }
          return result
        }
        if byte == end {
          at += 1
          return result
        }
        let name = word()
        guard !name.isEmpty else { throw Mistake(description: "no field at \(at)") }
        skip()
        if current == UInt8(ascii: ":") {
          at += 1
          skip()
        }
        result.append(name, try value())
      }
    }

    mutating func value() throws -> Field {
      switch current {
      case UInt8(ascii: "{"):
        at += 1
        return .message(try message(until: UInt8(ascii: "}")))
      case UInt8(ascii: "'"), UInt8(ascii: "\""):
        var bytes: [UInt8] = []
        while let quote = current, quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") {
          at += 1
          try string(until: quote, into: &bytes)
          skip()
        }
        return .string(bytes)
      default:
        let word = word()
        guard !word.isEmpty else { throw Mistake(description: "no value at \(at)") }
        return .word(word)
      }
    }

    mutating func word() -> String {
      let start = at
      if current == UInt8(ascii: "[") {
        while let byte = current, byte != UInt8(ascii: "]") { _ = byte; at += 1 }
        at += 1
        return String(decoding: bytes[start..<at], as: UTF8.self)
      }
      while let byte = current,
        byte == 0x2E || byte == 0x2D || byte == 0x2B || byte == 0x5F
          || 0x30...0x39 ~= byte || 0x61...0x7A ~= byte | 0x20
      {
        at += 1
      }
      return String(decoding: bytes[start..<at], as: UTF8.self)
    }

    mutating func string(until quote: UInt8, into result: inout [UInt8]) throws {
      while let byte = current, byte != quote {
        at += 1
        guard byte == UInt8(ascii: "\\"), let escape = current else {
          result.append(byte)
          continue
        }
        at += 1
        switch escape {
        case UInt8(ascii: "n"): result.append(0x0A)
        case UInt8(ascii: "r"): result.append(0x0D)
        case UInt8(ascii: "t"): result.append(0x09)
        case UInt8(ascii: "a"): result.append(0x07)
        case UInt8(ascii: "b"): result.append(0x08)
        case UInt8(ascii: "f"): result.append(0x0C)
        case UInt8(ascii: "v"): result.append(0x0B)
        case UInt8(ascii: "x"): result.append(UInt8(truncatingIfNeeded: code(atMost: 2, radix: 16)))
        case UInt8(ascii: "u"): append(code(atMost: 4, radix: 16), to: &result)
        case UInt8(ascii: "U"): append(code(atMost: 8, radix: 16), to: &result)
        case 0x30...0x37:
          at -= 1
          result.append(UInt8(truncatingIfNeeded: code(atMost: 3, radix: 8)))
        default: result.append(escape)
        }
      }
      guard current != nil else { throw Mistake(description: "a string does not end") }
      at += 1
    }

    mutating func code(atMost count: Int, radix: Int) -> UInt32 {
      var value: UInt32 = 0
      var digits = 0
      while digits < count, let byte = current,
        let digit = Int(String(Unicode.Scalar(byte)), radix: radix)
      {
        value = value &* UInt32(radix) &+ UInt32(digit)
        at += 1
        digits += 1
      }
      return value
    }

    func append(_ code: UInt32, to result: inout [UInt8]) {
      guard let scalar = Unicode.Scalar(code) else { return }
      result.append(contentsOf: Array(String(scalar).utf8))
    }
  }
}
