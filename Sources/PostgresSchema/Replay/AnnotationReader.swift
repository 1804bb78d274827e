import SourceText

/// Reads `@blea classification=confidential pii=email,phone exempt="reason"` out of a comment's text.
///
///     annotation = "@blea" { blank pair } ;
///     pair       = key [ "=" value ] ;
///     value      = word { "," word } | '"' text '"' ;
struct AnnotationReader {
  private let text: MappedText
  private let bytes: [UInt8]
  private let isComment: Bool
  private var offset = 0
  private(set) var diagnostics: [Diagnostic] = []

  /// Reads the text of a line comment, or (`isComment`) COMMENT ON's string, which a later statement can replace.
  init(_ text: MappedText, isComment: Bool) {
    self.text = text
    self.isComment = isComment
    bytes = text.bytes
  }

  mutating func read() -> [Annotation] {
    var annotations: [Annotation] = []
    let mark = Array("@blea".utf8)
    while offset + mark.count <= bytes.count {
      guard bytes[offset..<offset + mark.count].elementsEqual(mark) else {
        offset += 1
        continue
      }
      let after = offset + mark.count
      guard after == bytes.count || isBlank(bytes[after]) else {
        offset = after
        continue
      }
      offset = after
      let before = annotations.count
      readPairs(into: &annotations)
      if annotations.count == before, diagnostics.isEmpty {
        diagnose("The annotation '@blea' says nothing.", at: after - mark.count..<after)
      }
    }
    return annotations
  }

  private mutating func readPairs(into annotations: inout [Annotation]) {
    while true {
      while offset < bytes.count, bytes[offset] == 0x20 || bytes[offset] == 0x09 { offset += 1 }
      let start = offset
      while offset < bytes.count, isKey(bytes[offset]) { offset += 1 }
      let key = String(decoding: bytes[start..<offset], as: UTF8.self)
      guard offset > start else {
        skipRest(from: start)
        return
      }
      guard offset < bytes.count, bytes[offset] == UInt8(ascii: "=") else {
        guard offset == bytes.count || isBlank(bytes[offset]) || bytes[offset] == UInt8(ascii: "*") else {
          diagnose(
            "The annotation has '\(character(at: offset))' where '=' or a blank is meant.", at: offset..<offset + 1)
          return
        }
        annotations.append(Annotation(key: key, value: "", span: text.span(start..<offset), isFromComment: isComment))
        continue
      }
      offset += 1
      guard let value = value(of: key, from: start) else { return }
      annotations.append(
        Annotation(
          key: key, value: String(decoding: bytes[value], as: UTF8.self), span: text.span(value),
          isFromComment: isComment))
    }
  }

  private mutating func value(of key: String, from start: Int) -> Range<Int>? {
    if offset < bytes.count, bytes[offset] == UInt8(ascii: "\"") {
      let opening = offset
      offset += 1
      while offset < bytes.count, bytes[offset] != UInt8(ascii: "\""), bytes[offset] != 0x0A { offset += 1 }
      guard offset < bytes.count, bytes[offset] == UInt8(ascii: "\"") else {
        diagnose("The value of annotation '\(key)' has no closing '\"'.", at: opening..<offset)
        return nil
      }
      offset += 1
      return opening + 1..<offset - 1
    }
    let value = offset
    while offset < bytes.count, !isBlank(bytes[offset]), !isCommentEnd { offset += 1 }
    guard offset > value else {
      diagnose("The annotation '\(key)' has no value.", at: start..<offset)
      return nil
    }
    return value..<offset
  }

  private var isCommentEnd: Bool {
    bytes[offset] == UInt8(ascii: "*") && offset + 1 < bytes.count && bytes[offset + 1] == UInt8(ascii: "/")
  }

  /// What follows the pairs is prose when a blank line, punctuation or the comment's end comes first.
  private mutating func skipRest(from start: Int) {
    guard start < bytes.count, !isBlank(bytes[start]), bytes[start] != UInt8(ascii: "*"),
      bytes[start] != UInt8(ascii: ".")
    else { return }
    diagnose("The annotation has '\(character(at: start))' where a key is meant.", at: start..<start + 1)
  }

  private func character(at offset: Int) -> String {
    var end = offset + 1
    while end < bytes.count, bytes[end] & 0xC0 == 0x80 { end += 1 }
    return String(decoding: bytes[offset..<end], as: UTF8.self)
  }

  private mutating func diagnose(_ message: String, at range: Range<Int>) {
    diagnostics.append(
      Diagnostic(
        "sql-annotation", .warning, message,
        cure: "Write '@blea key=value', with the value in double quotes if it has blanks.",
        at: text.span(range)))
  }

  private func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

  private func isKey(_ byte: UInt8) -> Bool {
    (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "_")
      || byte == UInt8(ascii: "-")
  }
}
