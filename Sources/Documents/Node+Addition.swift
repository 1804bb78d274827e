import SourceText

extension DocumentFormat {
  /// A scalar of the format: what is no whole number, `true` or `false` is a string. In YAML it means the same anywhere,
  /// in flow collections too.
  package func scalar(_ text: String) -> String {
    switch self {
    case .json:
      let isBare = text == "true" || text == "false" || Int(text).map { "\($0)" == text } == true
      return isBare ? text : Self.quoted(text)
    case .yaml:
      let isPlain = text.utf8.allSatisfy { byte in
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
          || [UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "/")].contains(byte)
      }
      // `16.10` would be the number 16.1, `no` a boolean and `null` nothing.
      let isOther =
        text.contains(".") && Double(text) != nil
        || ["yes", "no", "on", "off", "y", "n", "null"].contains(text.lowercased())
      return isPlain && !isOther && !text.isEmpty && !text.hasPrefix("-") ? text : Self.quoted(text)
    }
  }

  private static func quoted(_ text: String) -> String {
    "\"" + text.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : "\($0)" }.joined() + "\""
  }
}

extension Node {
  /// The format of the file.
  package var format: DocumentFormat { storage.format }

  /// The edit that adds an entry to a mapping, in the manner in which the mapping is written: no comment changes what
  /// it stands beside, and no other line changes.
  ///
  /// - Parameters:
  ///   - key: a key that the mapping does not have.
  ///   - value: the scalar, not yet quoted.
  /// - Returns: nil for what is no mapping, and where the entry would come between things whose bond is not known, such
  ///   as a comment and what it is about.
  package func addition(of key: String, _ value: String) -> TextEdit? {
    guard kind == .mapping else { return nil }
    let entry =
      (format == .json ? "\"\(key)\"" : format.scalar(key)) + ": " + format.scalar(value)
    // What a merge key brings in stands elsewhere.
    let own = entries.map { (key: $0.key.span, value: $0.valueSpan, node: $0.value) }
      .filter { contentSpan.contains($0.key) }.sorted { $0.key < $1.key }
    let start = contentSpan.lower
    guard start < storage.bytes.count, storage.bytes[start] == UInt8(ascii: "{") else {
      return blockAddition(entry, among: own)
    }
    guard let first = own.first?.key else {
      return storage.bytes[start + 1..<contentSpan.upper - 1].allSatisfy(Self.isSpace)
        ? TextEdit(contentSpan, format == .json ? "{\(entry)}" : "{ \(entry) }") : nil
    }
    // A comment may stand before the first entry.
    let before = storage.bytes[start + 1..<first.lower]
    guard before.allSatisfy(Self.isSpace) else { return nil }
    let lead = before.lastIndex(of: UInt8(ascii: "\n")).map { String(decoding: before[$0...], as: UTF8.self) } ?? " "
    return TextEdit(Span(first.file, first.lower..<first.lower), entry + "," + lead)
  }

  /// Behind the last entry that takes one line; a comment at the line's end stays with it.
  private func blockAddition(_ entry: String, among own: [(key: Span, value: Span, node: Node)]) -> TextEdit? {
    for (key, value, node) in own.reversed() where !value.isEmpty && node.style != .literal && node.style != .folded {
      let bytes = storage.bytes
      guard key.lower <= value.lower, !bytes[key.lower..<value.upper].contains(where: Self.isLineEnd) else { continue }
      let end = bytes[value.upper...].firstIndex(where: Self.isLineEnd) ?? bytes.count
      let rest = bytes[value.upper..<end].drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
      guard rest.isEmpty || rest.first == UInt8(ascii: "#") && rest.startIndex > value.upper else { continue }
      let line = bytes[..<key.lower].lastIndex(where: Self.isLineEnd).map { $0 + 1 } ?? 0
      // `- Key: value` begins a mapping as deep as the key stands.
      guard bytes[line..<key.lower].allSatisfy({ $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "-") }) else { continue }
      let indent = String(repeating: " ", count: key.lower - line)
      return TextEdit(Span(key.file, end..<end), "\n" + indent + entry)
    }
    return nil
  }

  private static func isLineEnd(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || (0x09...0x0D).contains(byte) }
}
