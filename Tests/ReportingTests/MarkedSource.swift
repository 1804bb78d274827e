import SourceText

/// A source whose text carries its own marks: `«1:…»` is region 1, and the marks are no part of the bytes. Marks may
/// nest.
struct MarkedSource {
  let file: SourceFile
  private let spans: [String: Span]

  init(_ id: Int32, _ path: String, _ marked: String) {
    var bytes: [UInt8] = []
    var open: [(name: String, start: Int)] = []
    var spans: [String: Span] = [:]
    var rest = Substring(marked)
    while let scalar = rest.unicodeScalars.first {
      if scalar == "«", let colon = rest.firstIndex(of: ":") {
        open.append((String(rest[rest.unicodeScalars.index(after: rest.startIndex)..<colon]), bytes.count))
        rest = rest[rest.index(after: colon)...]
      } else if scalar == "»", let region = open.popLast() {
        spans[region.name] = Span(FileID(id), region.start..<bytes.count)
        rest.unicodeScalars.removeFirst()
      } else {
        bytes.append(contentsOf: String(scalar).utf8)
        rest.unicodeScalars.removeFirst()
      }
    }
    file = SourceFile(id: FileID(id), path: path, bytes: bytes)
    self.spans = spans
  }

  /// A marked region; the start of the file where a test names one that is not there.
  subscript(name: String) -> Span { spans[name] ?? Span(file.id, 0..<0) }
}
