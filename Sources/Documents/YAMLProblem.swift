/// A syntax error of libyaml's in the words of someone who writes YAML.
struct YAMLProblem {
  let id: String
  let message: String
  let cure: String?
  let range: Range<Int>

  /// The problem that libyaml found.
  /// - Parameters:
  ///   - bytes: The whole file.
  ///   - text: libyaml's words for what it found.
  ///   - offset: Where it found that.
  ///   - context: libyaml's words for what it was reading.
  ///   - contextOffset: Where that began.
  ///   - bracket: Where the innermost bracket that is open was opened.
  init(
    bytes: UnsafeBufferPointer<UInt8>, text: String, offset: Int, context: String, contextOffset: Int, bracket: Int?
  ) {
    let place = Place(
      bytes: bytes, offset: min(max(0, offset), bytes.count), begin: min(max(0, contextOffset), bytes.count),
      bracket: bracket)
    self =
      place.placeholder ?? Self.spacing(text, place) ?? Self.unclosed(text, context, place)
      ?? Self.token(text, context, place) ?? Self.structure(text, context, place)
      ?? Self(
        "yaml-syntax", "This is not valid YAML at '\(place.word)': \(text).",
        "Look for a missing quote, colon or space.",
        place.wordRange)
  }

  private init(_ id: String, _ message: String, _ cure: String?, _ range: Range<Int>) {
    self.id = id
    self.message = message
    self.cure = cure
    self.range = range
  }

  // MARK: What may be meant

  private static func spacing(_ text: String, _ place: Place) -> Self? {
    if text.contains("tab character") || (text.contains("cannot start any token") && place.byte == 0x09) {
      return Self(
        "tab-indentation", "A tab stands where YAML wants spaces.", "Indent with spaces.",
        place.offset..<min(place.offset + 1, place.bytes.count))
    }
    if text.contains("control characters") {
      let name = "0x" + InputCheck.hexadecimal(UInt32(place.byte ?? 0), digits: 2)
      return Self(
        "control-character", "The control character '\(name)' cannot stand in YAML as itself.",
        "Remove it, or write it as an escape sequence in double quotes.", place.characterRange)
    }
    return nil
  }

  private static func unclosed(_ text: String, _ context: String, _ place: Place) -> Self? {
    if context == "while scanning a quoted scalar", text.hasPrefix("found unexpected") {
      return Self(
        "unclosed-quote", "The quote '\(place.character(at: place.begin))' is not closed.", "Add the closing quote.",
        place.begin..<min(place.begin + 1, place.bytes.count))
    }
    guard context == "while parsing a flow sequence" || context == "while parsing a flow mapping" else { return nil }
    let (opening, closing) = context.hasSuffix("sequence") ? ("[", "]") : ("{", "}")
    if let byte = place.byte, byte == UInt8(ascii: "]") || byte == UInt8(ascii: "}") {
      return Self(
        "mismatched-bracket",
        "'\(place.character(at: place.offset))' does not close the '\(opening)' that is open here.",
        "Close it with '\(closing)' first.", place.characterRange)
    }
    if place.isOnLaterLine {
      return Self(
        "unclosed-bracket", "'\(opening)' is not closed before '\(place.firstWordOfLine)'.",
        "Add the missing '\(closing)'.",
        place.begin..<min(place.begin + 1, place.bytes.count))
    }
    if place.isAtEnd {
      return Self(
        "unclosed-bracket", "'\(opening)' is not closed before the file ends.", "Add the missing '\(closing)'.",
        place.begin..<min(place.begin + 1, place.bytes.count))
    }
    return Self(
      "missing-comma", "'\(place.word)' follows without a comma.",
      "Add the comma, or close with '\(closing)'; put text that holds brackets, commas or colons in quotes.",
      place.wordRange)
  }

  private static func token(_ text: String, _ context: String, _ place: Place) -> Self? {
    if text.contains("cannot start any token") {
      return Self(
        "reserved-character", "A value cannot begin with '\(place.character(at: place.offset))'.", "Put it in quotes.",
        place.characterRange)
    }
    if text.contains("escape character") || text.contains("hexdecimal") || text.contains("escape code") {
      let start = place.escapeStart
      let range = start..<min(max(start + 2, place.offset), place.bytes.count)
      return Self(
        "unknown-escape", "'\(Excerpt.of(place.bytes, range))' is no escape sequence of YAML.",
        "Write '\\\\' for a backslash, or use single quotes.", range)
    }
    if context == "while scanning an anchor" || context == "while scanning an alias" {
      let kind = context.hasSuffix("anchor") ? "an anchor" : "an alias"
      return Self(
        "bad-anchor-name", "'\(Excerpt.of(place.bytes, place.beginWord))' is read as \(kind), but is no name.",
        "Put it in quotes if it is meant as text.", place.beginWord)
    }
    if text.contains("undefined tag handle") {
      return Self(
        "unknown-tag", "The tag '\(place.word)' uses a handle that is not declared.",
        "Write '!' once, or declare the handle with %TAG.", place.wordRange)
    }
    if context == "while scanning a tag" || context == "while parsing a tag" {
      return Self(
        "unknown-tag", "'\(Excerpt.of(place.bytes, place.beginWord))' is no tag.",
        "Put a space behind the tag, or quotes around text that begins with '!'.", place.beginWord)
    }
    if context == "while scanning a block scalar" {
      return Self(
        "bad-block-header", "'\(place.word)' cannot follow '\(place.character(at: place.begin))' on its line.",
        "Begin the text on the next line.", place.wordRange)
    }
    return nil
  }

  private static func structure(_ text: String, _ context: String, _ place: Place) -> Self? {
    if text.contains("could not find expected ':'") {
      if place.lineLength > 1024 {
        return Self(
          "key-too-long", "The key '\(Excerpt.of(place.bytes, place.beginLine))' has more than 1,024 characters.",
          "Shorten it, or write the file as JSON.", place.beginLine)
      }
      return Self(
        "missing-colon", "No colon follows '\(Excerpt.of(place.bytes, place.beginLine))'.",
        "Write ': ' behind a key; indent the line further if it continues a text.", place.beginLine)
    }
    if text.contains("mapping values are"), place.lineBefore.count > 1024 {
      return Self(
        "key-too-long", "The key '\(Excerpt.of(place.bytes, place.lineBefore))' has more than 1,024 characters.",
        "Shorten it, or write the file as JSON.", place.lineBefore)
    }
    if text.contains("mapping values are not allowed") || text == "found unexpected ':'" {
      return Self(
        "unexpected-colon", "This colon cannot make a key of what stands before it.",
        "Put text that holds ': ' in quotes, or mend the indentation.", place.characterRange)
    }
    if text.contains("mapping keys are not allowed") || text.contains("sequence entries are not allowed") {
      return Self(
        "unexpected-item", "'\(place.word)' cannot begin here.", "Begin it on a line of its own.", place.wordRange)
    }
    if text.contains("expected key") || text.contains("'-' indicator") {
      if !place.lineBefore.isEmpty {
        return Self(
          "content-after-value", "'\(place.word)' follows a value that has already ended.",
          "Put the whole value in quotes; close the quotes and brackets of the lines before, and no more than those.",
          place.wordRange)
      }
      let what = context.hasSuffix("collection") ? "sequence" : "mapping"
      return Self(
        "wrong-indentation", "'\(place.word)' does not continue the \(what) that is open here.",
        "Indent it like its neighbours.", place.wordRange)
    }
    if text.contains("<document start>") {
      return Self(
        "content-after-end", "'\(place.word)' follows the end of the document.",
        "Indent it as part of the document, or begin another with '---'.", place.wordRange)
    }
    if text.contains("node content"), place.isAtEnd, let bracket = place.bracket {
      let opening = place.character(at: bracket)
      return Self(
        "unclosed-bracket", "'\(opening)' is not closed before the file ends.",
        "Add the missing '\(opening == "{" ? "}" : "]")'.", bracket..<bracket + 1)
    }
    if text.contains("node content") {
      return Self(
        "missing-value", "'\(place.word)' stands where a value is due.", "Write the value, or put the text in quotes.",
        place.wordRange)
    }
    if context.contains("directive") || text.contains("directive") || text.contains("incompatible YAML") {
      return Self(
        "bad-directive", "'\(Excerpt.of(place.bytes, place.beginLine))' is no directive that is known.",
        "Remove it, or put text that begins with '%' in quotes.", place.beginLine)
    }
    return nil
  }
}

extension YAMLProblem {
  /// Where a problem is, and what stands around it.
  private struct Place {
    let bytes: UnsafeBufferPointer<UInt8>
    let offset: Int
    /// Where that began which was being read.
    let begin: Int
    /// Where the innermost bracket that is open was opened.
    let bracket: Int?

    var byte: UInt8? { offset < bytes.count ? bytes[offset] : nil }

    var wordRange: Range<Int> { wordRange(from: offset) }
    var word: String { isAtEnd ? "the end of the file" : Excerpt.of(bytes, wordRange) }
    var beginWord: Range<Int> { wordRange(from: begin) }

    var firstWordOfLine: String { Excerpt.of(bytes, wordRange(from: lineBefore.lowerBound)) }

    var isAtEnd: Bool { !bytes[offset...].contains { !BlockScalar.isBlank($0) && !BlockScalar.isBreak($0) } }
    var isOnLaterLine: Bool {
      begin < offset && !isAtEnd && bytes[begin..<offset].contains(where: BlockScalar.isBreak)
    }

    var characterRange: Range<Int> {
      var end = min(offset + 1, bytes.count)
      while end < bytes.count, bytes[end] & 0xC0 == 0x80 { end += 1 }
      return offset..<end
    }

    /// From where reading began to the end of that line, without blanks at the end.
    var beginLine: Range<Int> {
      var end = begin
      while end < bytes.count, !BlockScalar.isBreak(bytes[end]) { end += 1 }
      while end > begin, BlockScalar.isBlank(bytes[end - 1]) { end -= 1 }
      return begin..<end
    }

    var lineLength: Int { beginLine.count }

    /// What stands before the problem on its line.
    var lineBefore: Range<Int> {
      var start = offset
      while start > 0, !BlockScalar.isBreak(bytes[start - 1]) { start -= 1 }
      while start < offset, BlockScalar.isBlank(bytes[start]) { start += 1 }
      return start..<offset
    }

    /// The backslash before the problem, which libyaml reports from the string's beginning on.
    var escapeStart: Int {
      var start = min(offset, bytes.count - 1)
      while start > begin, bytes[start] != UInt8(ascii: "\\") { start -= 1 }
      return max(0, start)
    }

    func character(at index: Int) -> String {
      var end = min(index + 1, bytes.count)
      while end < bytes.count, bytes[end] & 0xC0 == 0x80 { end += 1 }
      return Excerpt.of(bytes, min(index, end)..<end)
    }

    private func wordRange(from start: Int) -> Range<Int> {
      var end = start
      while end < bytes.count, bytes[end] > 0x20 { end += 1 }
      return start..<max(end, min(start + 1, bytes.count))
    }

    /// A template engine's placeholder on the line of the problem, which then is most likely its cause.
    var placeholder: YAMLProblem? {
      var start = offset
      while start > 0, !BlockScalar.isBreak(bytes[start - 1]) { start -= 1 }
      start = min(start, max(begin, offset - 4096))
      var index = start
      while index + 1 < bytes.count, index <= offset || !BlockScalar.isBreak(bytes[index]) {
        let second = bytes[index + 1]
        guard bytes[index] == UInt8(ascii: "{"), second == UInt8(ascii: "{") || second == UInt8(ascii: "%") else {
          index += 1
          continue
        }
        var end = index + 2
        while end < bytes.count, !BlockScalar.isBreak(bytes[end]) {
          end += 1
          if bytes[end - 1] == UInt8(ascii: "}"), bytes[end - 2] == UInt8(ascii: "}") || bytes[end - 2] == 0x25 {
            break
          }
        }
        return YAMLProblem(
          "unquoted-placeholder", "The placeholder '\(Excerpt.of(bytes, index..<end))' is not quoted.",
          "Put it in quotes, or render the file before it is checked.", index..<end)
      }
      return nil
    }
  }
}
