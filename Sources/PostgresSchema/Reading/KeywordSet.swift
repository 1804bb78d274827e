/// Keywords that words of SQL are looked up among without a String being made of each word: that is asked of every
/// word of every statement.
struct KeywordSet: ExpressibleByArrayLiteral, Sendable {
  /// In the order of the literal; few enough that comparing two numbers for each is faster than hashing.
  private let keywords: [Packed]
  /// The letters that keywords start with: bit 0 for `a`.
  private let initials: UInt32

  /// Up to 16 bytes of ASCII, in lower case.
  private struct Packed: Equatable {
    private(set) var high: UInt64 = 0
    private(set) var low: UInt64 = 0

    static let limit = 16

    mutating func append(_ byte: UInt8) {
      high = high << 8 | low >> 56
      low = low << 8 | UInt64(byte)
    }
  }

  /// Keywords in lower case, of at most 16 letters.
  init(arrayLiteral elements: StaticString...) {
    var initials: UInt32 = 0
    keywords = elements.map { element in
      var packed = Packed()
      for index in 0..<element.utf8CodeUnitCount { packed.append(element.utf8Start[index]) }
      initials |= KeywordSet.initial(element.utf8Start[0])
      return packed
    }
    self.initials = initials
  }

  /// Whether an unquoted word is one of them, in any case of letters.
  func contains(_ token: SQLToken, in bytes: [UInt8]) -> Bool {
    let range = token.range
    guard token.kind == .word, range.count <= Packed.limit, let first = range.first,
      initials & KeywordSet.initial(bytes[first]) != 0
    else { return false }
    var packed = Packed()
    for index in range {
      let byte = bytes[index]
      packed.append((0x41...0x5A).contains(byte) ? byte | 0x20 : byte)
    }
    return keywords.contains(packed)
  }

  private static func initial(_ byte: UInt8) -> UInt32 {
    let letter = byte | 0x20
    return (0x61...0x7A).contains(letter) ? 1 << UInt32(letter - 0x61) : 0
  }
}
