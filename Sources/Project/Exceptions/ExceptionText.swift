import SourceText

/// Reads the text of an exception: `blealint: allow(kms-key-rotation) rotated by hand, until 2027-01-31`.
///
///     exception = "allow" "(" rule { "," rule } ")" reason [ [ "," ] "until" date ] ;
struct ExceptionText {
  private let text: MappedText
  private let bytes: [UInt8]

  /// The word that a comment starts with.
  static let mark = "blealint:"

  init(_ text: MappedText) {
    self.text = text
    bytes = text.bytes
  }

  /// The exception that a comment makes: the text is the comment without its opening. Nil where it does not start with
  /// the mark.
  func read(covering scope: Span) -> FindingException? {
    var offset = skipBlanks(from: 0)
    guard bytes[offset...].starts(with: Self.mark.utf8) else { return nil }
    offset += Self.mark.utf8.count
    return read(from: offset, covering: scope, isMarked: true)
  }

  /// The exception that a text without the mark makes, as in Metadata.
  func readUnmarked(covering scope: Span) -> FindingException {
    read(from: 0, covering: scope, isMarked: false)
  }

  private func read(from start: Int, covering scope: Span, isMarked: Bool) -> FindingException {
    var end = bytes.count
    while end > 0, Self.isBlank(bytes[end - 1]) { end -= 1 }
    let first = isMarked ? skipBlanks(from: 0) : 0
    var exception = FindingException(at: text.span(first..<max(end, first)), covering: scope)
    var offset = skipBlanks(from: start)
    let word = "allow"
    guard bytes[offset...].starts(with: word.utf8) else {
      return malformed(exception, offset..<max(end, offset))
    }
    offset = skipBlanks(from: offset + word.utf8.count)
    guard offset < end, bytes[offset] == UInt8(ascii: "("),
      let close = bytes[offset..<end].firstIndex(of: UInt8(ascii: ")"))
    else { return malformed(exception, offset..<max(end, offset)) }
    for part in bytes[offset + 1..<close].split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
      var range = part.startIndex..<part.endIndex
      while let byte = bytes[range].first, Self.isBlank(byte) { range = range.lowerBound + 1..<range.upperBound }
      while let byte = bytes[range].last, Self.isBlank(byte) { range = range.lowerBound..<range.upperBound - 1 }
      guard !range.isEmpty else { continue }
      exception.rules.append(Written(String(decoding: bytes[range], as: UTF8.self), at: text.span(range)))
    }
    if exception.rules.isEmpty {
      exception.mistakes.append(
        FindingException.Mistake(
          obligation: "rule", message: "The exception names no rule. Write allow(kms-key-rotation).",
          span: text.span(offset..<close + 1)))
    }
    readReason(from: close + 1, to: end, into: &exception)
    return exception
  }

  private func readReason(from start: Int, to end: Int, into exception: inout FindingException) {
    var end = end
    // A date at the end, behind `until`.
    let words = self.words(in: start..<max(start, end))
    if words.count >= 2, string(words[words.count - 2]) == "until", let last = words.last {
      let date = string(last)
      if Today.isDate(date) {
        exception.expires = date
      } else {
        exception.mistakes.append(
          FindingException.Mistake(
            obligation: "date", message: "'\(date)' is no date. Write until 2027-01-31.", span: text.span(last)))
      }
      end = words[words.count - 2].lowerBound
    }
    while end > start, Self.isBlank(bytes[end - 1]) || bytes[end - 1] == UInt8(ascii: ",") { end -= 1 }
    var first = skipBlanks(from: start)
    while first < end, [UInt8(ascii: ":"), UInt8(ascii: "-"), UInt8(ascii: " ")].contains(bytes[first]) { first += 1 }
    exception.reason = first < end ? string(first..<end) : ""
  }

  private func malformed(_ exception: FindingException, _ range: Range<Int>) -> FindingException {
    var exception = exception
    let word = string(range).prefix { $0.isLetter }
    let hint = Suggestion.nearest(to: String(word), among: ["allow"]).map { "Did you mean '\($0)'?" }
    exception.mistakes.append(
      FindingException.Mistake(
        obligation: "written",
        message:
          "'\(string(range).prefix(60))' is no exception. \(hint ?? "Write allow(RULE) REASON, until 2027-01-31.")",
        span: range.isEmpty ? exception.span : text.span(range)))
    return exception
  }

  private func words(in range: Range<Int>) -> [Range<Int>] {
    bytes[range].split { Self.isBlank($0) }.map { $0.startIndex..<$0.endIndex }
  }

  private func string(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  private func skipBlanks(from offset: Int) -> Int {
    var offset = min(offset, bytes.count)
    while offset < bytes.count, Self.isBlank(bytes[offset]) { offset += 1 }
    return offset
  }

  static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}
