/// A part of a file as messages quote it: one line, and not a long one.
enum Excerpt {
  static func of(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> String {
    let range = range.clamped(to: 0..<bytes.count)
    var end = range.lowerBound
    while end < range.upperBound, bytes[end] != 0x0A, bytes[end] != 0x0D, end - range.lowerBound < 40 { end += 1 }
    while end < range.upperBound, bytes[end] & 0xC0 == 0x80 { end += 1 }
    let text = String(decoding: UnsafeBufferPointer(rebasing: bytes[range.lowerBound..<end]), as: UTF8.self)
    return end < range.upperBound ? text + "…" : text
  }
}
