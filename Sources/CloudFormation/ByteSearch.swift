/// Finding bytes in bytes.
enum ByteSearch {
  /// The index at which `needle` first stands in `haystack`.
  static func first(_ needle: [UInt8], in haystack: ArraySlice<UInt8>) -> Int? {
    guard let head = needle.first else { return haystack.startIndex }
    var index = haystack.startIndex
    while index + needle.count <= haystack.endIndex {
      if haystack[index] == head, haystack[index..<(index + needle.count)].elementsEqual(needle) { return index }
      index += 1
    }
    return nil
  }

  /// A text cut at each delimiter.
  static func pieces(of text: String, at delimiter: String) -> [String] {
    let bytes = Array(text.utf8)
    let needle = Array(delimiter.utf8)
    var pieces: [String] = []
    var rest = bytes[...]
    while let at = first(needle, in: rest) {
      pieces.append(String(decoding: rest[rest.startIndex..<at], as: UTF8.self))
      rest = rest[(at + needle.count)...]
    }
    pieces.append(String(decoding: rest, as: UTF8.self))
    return pieces
  }
}
