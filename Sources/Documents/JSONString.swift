import SourceText

/// The escape sequences of JSON strings.
enum JSONString {
  /// The UTF-16 unit that `\uXXXX` at `index` stands for; nil when that is not what stands there.
  static func unit(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> UInt32? {
    guard index + 6 <= bytes.count, bytes[index] == UInt8(ascii: "\\"), bytes[index + 1] == UInt8(ascii: "u") else {
      return nil
    }
    return hexadecimal(bytes, index + 2..<index + 6)
  }

  static func hexadecimal(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> UInt32? {
    guard range.upperBound <= bytes.count else { return nil }
    var value: UInt32 = 0
    for index in range {
      let byte = bytes[index]
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | UInt32(byte - UInt8(ascii: "0"))
      case UInt8(ascii: "a")...UInt8(ascii: "f"): value = value << 4 | UInt32(byte - UInt8(ascii: "a") + 10)
      case UInt8(ascii: "A")...UInt8(ascii: "F"): value = value << 4 | UInt32(byte - UInt8(ascii: "A") + 10)
      default: return nil
      }
    }
    return value
  }

  /// Appends what the inside of a string stands for. What is no escape sequence stands for itself.
  static func decode(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, into decoded: inout [UInt8]) {
    walk(bytes, range) { part in
      switch part {
      case .copied(let run): decoded.append(contentsOf: bytes[run])
      case .escape(let character, _): UTF8Encoding.append(character, to: &decoded)
      }
    }
  }

  /// A piece of a string's inside.
  enum Part {
    case copied(Range<Int>)
    case escape(UInt32, Range<Int>)
  }

  /// Calls `body` with the pieces of a string's inside, in order.
  static func walk(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, _ body: (Part) -> Void) {
    var index = range.lowerBound
    var copied = index
    while index < range.upperBound {
      guard bytes[index] == UInt8(ascii: "\\"), let (character, length) = escape(bytes, index, range.upperBound) else {
        index += 1
        continue
      }
      if copied < index { body(.copied(copied..<index)) }
      body(.escape(character, index..<index + length))
      index += length
      copied = index
    }
    if copied < index { body(.copied(copied..<index)) }
  }

  private static func escape(
    _ bytes: UnsafeBufferPointer<UInt8>, _ index: Int, _ end: Int
  ) -> (character: UInt32, length: Int)? {
    guard index + 1 < end else { return nil }
    switch bytes[index + 1] {
    case UInt8(ascii: "b"): return (0x08, 2)
    case UInt8(ascii: "f"): return (0x0C, 2)
    case UInt8(ascii: "n"): return (0x0A, 2)
    case UInt8(ascii: "r"): return (0x0D, 2)
    case UInt8(ascii: "t"): return (0x09, 2)
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return (UInt32(bytes[index + 1]), 2)
    case UInt8(ascii: "u"):
      guard index + 6 <= end, let unit = unit(bytes, at: index) else { return nil }
      if unit < 0xD800 || unit > 0xDFFF { return (unit, 6) }
      guard unit < 0xDC00, index + 12 <= end, let low = self.unit(bytes, at: index + 6),
        (0xDC00...0xDFFF).contains(low)
      else { return (0xFFFD, 6) }
      return (0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00), 12)
    default: return nil
    }
  }
}

/// Code points as bytes.
enum UTF8Encoding {
  static func append(_ character: UInt32, to bytes: inout [UInt8]) {
    bytes.append(contentsOf: String(Unicode.Scalar(character) ?? "\u{FFFD}").utf8)
  }
}
