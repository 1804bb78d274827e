import SourceText

/// Reads JSON (RFC 8259) into the node tree, in one pass and without recursion. Where a mistake's meaning is plain
/// (a comma too many, a comment, Python's words) it is told and reading goes on; else reading stops.
struct JSONReader {
  let source: SourceFile
  let bytes: UnsafeBufferPointer<UInt8>
  let limits: ReadingLimits
  var builder: NodeBuilder
  var log: DiagnosticLog
  var position: Int
  /// The collections that are open, outermost first.
  private var open: [OpenCollection] = []

  private struct OpenCollection {
    let record: UInt32
    /// Where its children begin among the pending ones.
    let pending: Int
    let isObject: Bool
  }

  private enum Expectation {
    /// A value; `afterComma` when a comma, or nothing, stands before it.
    case value, element(afterComma: Bool), key(afterComma: Bool), separator
  }

  init(_ source: SourceFile, _ bytes: UnsafeBufferPointer<UInt8>, _ limits: ReadingLimits) {
    self.source = source
    self.bytes = bytes
    self.limits = limits
    builder = NodeBuilder(source: bytes)
    log = DiagnosticLog(file: source.id, limit: limits.diagnostics)
    position = InputCheck.markLength(bytes)
  }

  consuming func reading() -> DocumentReading {
    let isComplete = read()
    builder.reportDuplicates(to: &log, in: source.id)
    let diagnostics = log.sorted()
    guard isComplete, let root = builder.pending.first else {
      return DocumentReading(documents: [], diagnostics: diagnostics)
    }
    let file = source.id
    let storage = NodeStorage(builder, source: source, format: .json)
    return DocumentReading(
      documents: [Document(file: file, format: .json, root: Node(storage, root))], diagnostics: diagnostics)
  }

  /// Whether the document was read to its end.
  private mutating func read() -> Bool {
    skipSpace()
    guard position < bytes.count else {
      log.add(
        "empty-document", "The file holds no JSON value.", cure: "Write a value, such as '{}'.",
        at: position..<position)
      return false
    }
    var expectation = Expectation.value
    while true {
      skipSpace()
      guard position < bytes.count else { return reportUnclosed() }
      let byte = bytes[position]
      switch expectation {
      case .value, .element:
        if byte == UInt8(ascii: "]"), case .element(let afterComma) = expectation {
          if afterComma { reportTrailingComma() }
          guard close(byte) else { return false }
          expectation = .separator
        } else if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") {
          guard descend(isObject: byte == UInt8(ascii: "{")) else { return false }
          expectation = byte == UInt8(ascii: "{") ? .key(afterComma: false) : .element(afterComma: false)
        } else {
          guard readScalar(byte) else { return false }
          expectation = .separator
        }
      case .key(let afterComma):
        if byte == UInt8(ascii: "}") {
          if afterComma { reportTrailingComma() }
          guard close(byte) else { return false }
          expectation = .separator
        } else {
          guard readKey(byte) else { return false }
          expectation = .value
        }
      case .separator:
        guard let last = open.last else { return reportTrailingContent() }
        if byte == UInt8(ascii: ",") {
          position += 1
          expectation = last.isObject ? .key(afterComma: true) : .element(afterComma: true)
        } else if byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]") {
          guard close(byte) else { return false }
        } else {
          guard canContinueWithoutComma(byte) else { return false }
          expectation = last.isObject ? .key(afterComma: false) : .element(afterComma: false)
        }
      }
      if case .separator = expectation, open.isEmpty {
        skipSpace()
        return position == bytes.count || reportTrailingContent()
      }
      guard builder.records.count <= limits.nodes else {
        log.add(
          "too-many-nodes", "The file has more than '\(limits.nodes)' values.",
          cure: "Split the file, or leave it out of what is checked.", at: position..<position)
        return false
      }
    }
  }

  // MARK: Collections

  private mutating func descend(isObject: Bool) -> Bool {
    guard open.count < limits.depth else {
      log.add(
        "nested-too-deeply", "Objects and arrays nest more than '\(limits.depth)' deep here.",
        cure: "Flatten the document.", at: position..<position + 1)
      return false
    }
    let index = builder.add(
      NodeRecord(
        lower: Int32(position), upper: Int32(position + 1), content: Int32(position),
        kind: isObject ? .mapping : .sequence))
    open.append(OpenCollection(record: index, pending: builder.pending.count, isObject: isObject))
    position += 1
    return true
  }

  private mutating func close(_ byte: UInt8) -> Bool {
    guard let last = open.last, last.isObject == (byte == UInt8(ascii: "}")) else {
      let opened = open.last.map { Int(builder.records[Int($0.record)].lower) } ?? position
      let opening = open.last?.isObject == true ? "{" : "["
      log.add(
        "mismatched-bracket",
        "'\(Character(Unicode.Scalar(byte)))' does not close the '\(opening)' that is open here.",
        cure: "Close it with '\(opening == "{" ? "}" : "]")' first.", at: position..<position + 1,
        related: [Diagnostic.Related(Span(source.id, opened..<opened + 1), "opened here")])
      return false
    }
    open.removeLast()
    position += 1
    if last.isObject {
      builder.closeMapping(last.record, from: last.pending, upper: position)
    } else {
      builder.closeSequence(last.record, from: last.pending, upper: position)
    }
    return true
  }

  private mutating func reportUnclosed() -> Bool {
    guard let last = open.last else { return true }
    let opened = Int(builder.records[Int(last.record)].lower)
    let (opening, closing) = last.isObject ? ("{", "}") : ("[", "]")
    log.add(
      "unclosed-bracket", "'\(opening)' is not closed before the file ends.", cure: "Add the missing '\(closing)'.",
      at: opened..<opened + 1)
    return false
  }

  // MARK: Keys and scalars

  private mutating func readKey(_ byte: UInt8) -> Bool {
    let before = builder.records.count
    if byte == UInt8(ascii: "\"") {
      guard readString() else { return false }
      decodeKey(before)
    } else {
      guard recoverKey(byte) else { return false }
    }
    skipSpace()
    guard position < bytes.count else { return reportUnclosed() }
    guard bytes[position] == UInt8(ascii: ":") else { return recoverMissingColon(key: before) }
    position += 1
    return true
  }

  private mutating func readScalar(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "\""): return readString()
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return readNumber()
    case UInt8(ascii: "t"): return readWord("true")
    case UInt8(ascii: "f"): return readWord("false")
    case UInt8(ascii: "n"): return readWord("null")
    default: return recoverValue(byte)
    }
  }

  private mutating func readString() -> Bool {
    let start = position
    var index = start + 1
    var place = NodeRecord.TextPlace.file
    let raw = UnsafeRawBufferPointer(bytes)
    while true {
      // Eight bytes at a time while none is a quote, a backslash or a control character.
      while index + 8 <= bytes.count {
        let word = raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)
        let quote = word ^ 0x2222_2222_2222_2222
        let escape = word ^ 0x5C5C_5C5C_5C5C_5C5C
        let found =
          ((quote &- 0x0101_0101_0101_0101) & ~quote) | ((escape &- 0x0101_0101_0101_0101) & ~escape)
          | ((word &- 0x2020_2020_2020_2020) & ~word)
        if found & 0x8080_8080_8080_8080 != 0 { break }
        index += 8
      }
      guard index < bytes.count else { return reportUnclosedString(start) }
      let byte = bytes[index]
      if byte == UInt8(ascii: "\"") { break }
      if byte == UInt8(ascii: "\\") {
        place = .escaped
        guard let length = checkEscape(at: index) else { return reportUnclosedString(start) }
        index += length
      } else if byte < 0x20 {
        guard byte == UInt8(ascii: "\t") else { return reportControlCharacter(index, in: start) }
        log.add(
          "control-character", "A tab stands in a string as itself.", cure: "Write '\\t'.", at: index..<index + 1)
        index += 1
      } else {
        index += 1
      }
    }
    position = index + 1
    addScalar(start..<position, text: start + 1..<index, style: .doubleQuoted, place: place)
    return true
  }

  mutating func addScalar(
    _ span: Range<Int>, text: Range<Int>, style: ScalarStyle, place: NodeRecord.TextPlace = .file
  ) {
    var record = NodeRecord(
      lower: Int32(truncatingIfNeeded: span.lowerBound), upper: Int32(truncatingIfNeeded: span.upperBound),
      content: Int32(truncatingIfNeeded: span.lowerBound), kind: .scalar)
    record.first = UInt32(truncatingIfNeeded: text.lowerBound)
    record.count = UInt32(truncatingIfNeeded: text.count)
    record.style = style
    record.place = place
    _ = builder.add(record)
  }

  private mutating func readNumber() -> Bool {
    let start = position
    var index = start
    if bytes[index] == UInt8(ascii: "-") { index += 1 }
    let whole = index
    index = endOfDigits(index)
    var isValid = index == whole + 1 || (index > whole && bytes[whole] != UInt8(ascii: "0"))
    if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
      let fraction = index + 1
      index = endOfDigits(fraction)
      isValid = isValid && index > fraction
    }
    if index < bytes.count, bytes[index] | 0x20 == UInt8(ascii: "e") {
      index += 1
      if index < bytes.count, bytes[index] == UInt8(ascii: "+") || bytes[index] == UInt8(ascii: "-") { index += 1 }
      let exponent = index
      index = endOfDigits(exponent)
      isValid = isValid && index > exponent
    }
    guard isValid, isEndOfWord(index) else { return recoverBareWord() }
    position = index
    addScalar(start..<index, text: start..<index, style: .plain)
    return true
  }

  @inline(__always)
  private func endOfDigits(_ index: Int) -> Int {
    var index = index
    while index < bytes.count, bytes[index] &- UInt8(ascii: "0") < 10 { index += 1 }
    return index
  }

  private mutating func readWord(_ word: StaticString) -> Bool {
    let start = position
    let end = start + word.utf8CodeUnitCount
    guard end <= bytes.count else { return recoverBareWord() }
    for offset in 0..<word.utf8CodeUnitCount where bytes[start + offset] != word.utf8Start[offset] {
      return recoverBareWord()
    }
    guard isEndOfWord(end) else { return recoverBareWord() }
    position = end
    addScalar(start..<end, text: start..<end, style: .plain)
    return true
  }

  /// Whether a bare word or number ends at `index`.
  @inline(__always)
  func isEndOfWord(_ index: Int) -> Bool {
    guard index < bytes.count else { return true }
    switch bytes[index] {
    case UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"), UInt8(ascii: ":"), UInt8(ascii: " "),
      UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"), UInt8(ascii: "/"), UInt8(ascii: "#"),
      UInt8(ascii: "["), UInt8(ascii: "{"), UInt8(ascii: "\""), UInt8(ascii: "'"):
      return true
    default: return false
    }
  }

  @inline(__always)
  mutating func skipSpace() {
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"): position += 1
      case UInt8(ascii: "/"), UInt8(ascii: "#"):
        guard skipComment() else { return }
      default: return
      }
    }
  }
}
