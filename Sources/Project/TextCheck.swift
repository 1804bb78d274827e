import SourceText

/// What is to be said of a text file's encoding before it is read.
enum TextCheck {
  /// A byte order mark, the first bytes that are no UTF-8, and where UTF-16 was broken; the file is read all the same.
  static func diagnostics(of source: SourceFile) -> [Diagnostic] {
    let bytes = source.bytes
    var found: [Diagnostic] = []
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
      found.append(
        Diagnostic(
          "byte-order-mark", .note, "'\(source.path)' begins with a byte order mark.",
          cure: "Save the file as UTF-8 without one: psql skips it, but a driver sends it along.",
          at: Span(source.id, 0..<3)))
    }
    let isWide = source.wideBytes != nil
    if String(validating: bytes, as: UTF8.self) == nil, let offset = firstInvalid(bytes) {
      found.append(
        Diagnostic(
          "not-utf-8", .warning, "'\(source.path)' holds bytes that are not UTF-8.",
          cure: "Save the file as UTF-8; names around these bytes may be read wrongly.",
          at: Span(source.id, offset..<offset + 1)))
    } else if isWide, let offset = firstReplacement(bytes) {
      found.append(
        Diagnostic(
          "not-utf-16", .warning, "'\(source.path)' holds half a character: it is no valid UTF-16.",
          cure: "Save the file as UTF-8.", at: Span(source.id, offset..<offset + 3)))
    }
    return found
  }

  private static func firstInvalid(_ bytes: [UInt8]) -> Int? {
    var offset = 0
    var iterator = bytes.makeIterator()
    var parser = Unicode.UTF8.ForwardParser()
    while true {
      switch parser.parseScalar(from: &iterator) {
      case .valid(let encoded): offset += encoded.count
      case .error: return offset
      case .emptyInput: return nil
      }
    }
  }

  private static func firstReplacement(_ bytes: [UInt8]) -> Int? {
    guard bytes.count >= 3 else { return nil }
    return (0...bytes.count - 3).first { bytes[$0] == 0xEF && bytes[$0 + 1] == 0xBF && bytes[$0 + 2] == 0xBD }
  }
}
