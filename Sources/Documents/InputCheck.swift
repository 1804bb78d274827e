import SourceText

/// What can be said of a file's bytes before anything is read from them.
enum InputCheck {
  static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

  /// How many bytes of byte order mark the file begins with.
  static func markLength(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
    bytes.count >= 3 && bytes[0] == 0xEF && bytes[1] == 0xBB && bytes[2] == 0xBF ? 3 : 0
  }

  /// Why the bytes cannot be read at all: their size, their encoding, or a NUL among them.
  static func problem(
    in bytes: UnsafeBufferPointer<UInt8>, of file: FileID, limits: ReadingLimits
  ) -> Diagnostic? {
    if bytes.count > limits.bytes {
      return Diagnostic(
        "document-too-large", .error,
        "The file has '\(bytes.count)' bytes, more than the \(limits.bytes) that are read.",
        cure: "Split the file, or leave it out of what is checked.", at: Span(file, 0..<0))
    }
    if let encoding = wideEncoding(bytes) {
      return Diagnostic(
        "not-utf-8", .error, "The file is written in '\(encoding)'.", cure: "Save the file as UTF-8.",
        at: Span(file, 0..<min(2, bytes.count)))
    }
    guard let (offset, length) = firstInvalid(bytes) else { return nil }
    let hex = (offset..<offset + length).map { "0x" + hexadecimal(UInt32(bytes[$0]), digits: 2) }
    if bytes[offset] == 0 {
      return Diagnostic(
        "nul-byte", .error, "The file contains a NUL byte, '0x00'.",
        cure: "Remove it, or save the file as UTF-8 text.", at: Span(file, offset..<offset + 1))
    }
    return Diagnostic(
      "not-utf-8", .error, "The file contains '\(hex.joined(separator: " "))', which is not UTF-8.",
      cure: "Save the file as UTF-8.", at: Span(file, offset..<offset + length))
  }

  /// Whether the first thing in the file is an opening brace or bracket, as in JSON (and in YAML's flow style).
  static func looksLikeJSON(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    var index = markLength(bytes)
    while index < bytes.count {
      switch bytes[index] {
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"): index += 1
      case UInt8(ascii: "{"), UInt8(ascii: "["): return true
      default: return false
      }
    }
    return false
  }

  static func hexadecimal(_ value: UInt32, digits: Int) -> String {
    let text = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
  }

  private static func wideEncoding(_ bytes: UnsafeBufferPointer<UInt8>) -> String? {
    guard bytes.count >= 2 else { return nil }
    let head = (bytes[0], bytes[1])
    if head == (0xFF, 0xFE) {
      return bytes.count >= 4 && bytes[2] == 0 && bytes[3] == 0 ? "UTF-32" : "UTF-16"
    }
    if head == (0xFE, 0xFF) { return "UTF-16" }
    // Without a mark, text that begins with ASCII shows itself by the zero in every other byte.
    guard bytes.count >= 4 else { return nil }
    if bytes[0] == 0, bytes[1] == 0, bytes[2] == 0 || bytes[2] == 0xFE { return "UTF-32" }
    if bytes[0] == 0, bytes[1] != 0, bytes[2] == 0, bytes[3] != 0 { return "UTF-16" }
    if bytes[0] != 0, bytes[1] == 0, bytes[2] != 0, bytes[3] == 0 { return "UTF-16" }
    return nil
  }

  /// The first bytes that are no UTF-8, or the first NUL.
  private static func firstInvalid(_ bytes: UnsafeBufferPointer<UInt8>) -> (offset: Int, length: Int)? {
    let raw = UnsafeRawBufferPointer(bytes)
    var index = 0
    while index < bytes.count {
      // Eight ASCII bytes at a time, none of them NUL.
      while index + 8 <= bytes.count {
        let word = raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)
        let hasZero = (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080
        if word & 0x8080_8080_8080_8080 != 0 || hasZero != 0 { break }
        index += 8
      }
      guard index < bytes.count else { return nil }
      let byte = bytes[index]
      if byte == 0 { return (index, 1) }
      if byte < 0x80 {
        index += 1
        continue
      }
      let length = sequenceLength(bytes, index)
      if length == 0 { return (index, 1) }
      index += length
    }
    return nil
  }

  /// The length of the well-formed multibyte sequence at `index`, or 0.
  private static func sequenceLength(_ bytes: UnsafeBufferPointer<UInt8>, _ index: Int) -> Int {
    let byte = bytes[index]
    let length: Int
    var lowest: UInt8 = 0x80
    var highest: UInt8 = 0xBF
    switch byte {
    case 0xC2...0xDF: length = 2
    case 0xE0...0xEF:
      length = 3
      if byte == 0xE0 { lowest = 0xA0 }
      if byte == 0xED { highest = 0x9F }
    case 0xF0...0xF4:
      length = 4
      if byte == 0xF0 { lowest = 0x90 }
      if byte == 0xF4 { highest = 0x8F }
    default: return 0
    }
    guard index + length <= bytes.count, (lowest...highest).contains(bytes[index + 1]) else { return 0 }
    for at in index + 2..<index + max(2, length) where bytes[at] & 0xC0 != 0x80 { return 0 }
    return length
  }
}
