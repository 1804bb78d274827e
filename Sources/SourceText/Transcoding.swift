/// Reads files that are not UTF-8 but say by their byte order mark what they are.
public enum Transcoding {
  /// UTF-16 with its byte order mark, as UTF-8 without one; nil for anything else (UTF-32 among it). A surrogate
  /// without its other half, and a last byte without its other, become U+FFFD.
  public static func utf8(fromUTF16 bytes: [UInt8]) -> [UInt8]? {
    guard let isLittle = byteOrder(of: bytes) else { return nil }
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count / 2 + bytes.count / 8)
    var decoder = Unicode.UTF16.ForwardParser()
    var units = Units(bytes: bytes, offset: 2, isLittle: isLittle)
    while true {
      switch decoder.parseScalar(from: &units) {
      case .valid(let encoded):
        result += Unicode.UTF8.encode(Unicode.UTF16.decode(encoded)) ?? Unicode.UTF8.encodedReplacementCharacter
      case .error: result += Unicode.UTF8.encodedReplacementCharacter
      case .emptyInput: return result
      }
    }
  }

  /// Where the text that precedes `offset` of the transcoded bytes ends in the UTF-16 file: its byte order mark, and two
  /// bytes for each unit.
  static func offset(inUTF16 offset: Int, of transcoded: [UInt8]) -> Int {
    var units = 0
    for byte in transcoded.prefix(max(0, offset)) where byte & 0xC0 != 0x80 { units += byte >= 0xF0 ? 2 : 1 }
    return 2 + 2 * units
  }

  /// True for little endian; nil where the bytes are no UTF-16 by their mark.
  private static func byteOrder(of bytes: [UInt8]) -> Bool? {
    guard bytes.count >= 2 else { return nil }
    if bytes[0] == 0xFF, bytes[1] == 0xFE { return bytes.count >= 4 && bytes[2] == 0 && bytes[3] == 0 ? nil : true }
    return bytes[0] == 0xFE && bytes[1] == 0xFF ? false : nil
  }

  private struct Units: IteratorProtocol {
    let bytes: [UInt8]
    var offset: Int
    let isLittle: Bool

    mutating func next() -> UInt16? {
      guard offset < bytes.count else { return nil }
      defer { offset += 2 }
      // Half a unit is no character: a lone surrogate stands for it.
      guard offset + 1 < bytes.count else { return 0xD800 }
      let (a, b) = (UInt16(bytes[offset]), UInt16(bytes[offset + 1]))
      return isLittle ? b << 8 | a : a << 8 | b
    }
  }
}
