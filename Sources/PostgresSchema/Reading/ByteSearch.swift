import Glibc

extension ArraySlice<UInt8> {
  /// Whether the bytes of a text occur, just so.
  func contains(_ text: String) -> Bool {
    var text = text
    return text.withUTF8 { wanted in
      withUnsafeBufferPointer { bytes in
        guard let first = wanted.first, let pattern = wanted.baseAddress, var place = bytes.baseAddress else {
          return wanted.isEmpty
        }
        let end = place + bytes.count
        while end - place >= wanted.count, let found = memchr(place, Int32(first), end - place - wanted.count + 1) {
          if memcmp(found, pattern, wanted.count) == 0 { return true }
          place = UnsafePointer(found.assumingMemoryBound(to: UInt8.self)) + 1
        }
        return false
      }
    }
  }

  /// Where the first line break stands; nil where there is none.
  var firstLineEnd: Int? {
    withUnsafeBufferPointer { bytes in
      guard let start = bytes.baseAddress, let found = memchr(start, 0x0A, bytes.count) else { return nil }
      return startIndex + (UnsafeRawPointer(found) - UnsafeRawPointer(start))
    }
  }
}
