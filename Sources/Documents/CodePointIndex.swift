/// The way from libyaml's marks, which count code points, to byte offsets.
struct CodePointIndex {
  private static let stride = 16

  private let bytes: UnsafeBufferPointer<UInt8>
  /// Where counting begins: behind a byte order mark.
  private let base: Int
  /// The byte offset of every 16th code point; empty when the file is ASCII.
  private let checkpoints: [Int32]

  init(_ bytes: UnsafeBufferPointer<UInt8>, from base: Int) {
    self.bytes = bytes
    self.base = base
    guard bytes[base...].contains(where: { $0 >= 0x80 }) else {
      checkpoints = []
      return
    }
    var checkpoints: [Int32] = []
    var count = 0
    for offset in base..<bytes.count where bytes[offset] & 0xC0 != 0x80 {
      if count % Self.stride == 0 { checkpoints.append(Int32(offset)) }
      count += 1
    }
    self.checkpoints = checkpoints
  }

  /// The byte offset of a code point; the end of the file when there are not so many.
  func offset(of codePoint: Int) -> Int {
    guard !checkpoints.isEmpty else { return min(base + codePoint, bytes.count) }
    let checkpoint = codePoint / Self.stride
    guard checkpoint < checkpoints.count else { return bytes.count }
    var offset = Int(checkpoints[checkpoint])
    var left = codePoint % Self.stride
    while offset < bytes.count {
      if bytes[offset] & 0xC0 != 0x80 {
        if left == 0 { return offset }
        left -= 1
      }
      offset += 1
    }
    return bytes.count
  }
}
