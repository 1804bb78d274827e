import SourceText

/// What people and other languages write where JSON wants something else.
extension JSONReader {
  // MARK: Between values

  /// Skips a comment with a complaint; false when none stands here.
  mutating func skipComment() -> Bool {
    let start = position
    let next = start + 1 < bytes.count ? bytes[start + 1] : 0
    var end = start
    if bytes[start] == UInt8(ascii: "#") || next == UInt8(ascii: "/") {
      while end < bytes.count, bytes[end] != UInt8(ascii: "\n"), bytes[end] != UInt8(ascii: "\r") { end += 1 }
    } else if next == UInt8(ascii: "*") {
      end = start + 2
      while end < bytes.count {
        if bytes[end] == UInt8(ascii: "*"), end + 1 < bytes.count, bytes[end + 1] == UInt8(ascii: "/") {
          end += 2
          break
        }
        end += 1
      }
    } else {
      return false
    }
    log.add(
      "comment-in-json", "JSON has no comments, yet '\(excerpt(start..<end))' is one.",
      cure: "Remove it, or write the file as YAML.", at: start..<end)
    position = end
    return true
  }

  mutating func reportTrailingComma() {
    var comma = position - 1
    while comma > 0, bytes[comma] != UInt8(ascii: ",") { comma -= 1 }
    log.add(
      "trailing-comma", "Nothing follows this comma but '\(excerpt(position..<position + 1))'.",
      cure: "Remove the comma.", at: comma..<comma + 1)
  }

  /// Whether another element can be meant where a comma is missing.
  mutating func canContinueWithoutComma(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "0")...UInt8(ascii: "9"),
      UInt8(ascii: "-"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "'"):
      var end = endOfBareWord(position)
      if byte == UInt8(ascii: "\"") {
        while end < bytes.count, bytes[end] != byte, bytes[end] >= 0x20 { end += bytes[end] == 0x5C ? 2 : 1 }
        end = min(end + 1, bytes.count)
      }
      log.add(
        "missing-comma", "A comma is missing before '\(excerpt(position..<end))'.", cure: "Add the comma.",
        at: position..<end)
      return true
    default:
      let end = endOfCharacter(position)
      log.add(
        "unexpected-character", "'\(excerpt(position..<end))' cannot stand here, where a comma or an end is due.",
        cure: "Remove it.", at: position..<end)
      return false
    }
  }

  mutating func reportTrailingContent() -> Bool {
    let end = endOfBareWord(position)
    log.add(
      "content-after-end", "'\(excerpt(position..<end))' follows the end of the document.",
      cure: "Keep one JSON value to a file.", at: position..<end)
    return false
  }

  // MARK: Keys

  mutating func recoverKey(_ byte: UInt8) -> Bool {
    if byte == UInt8(ascii: "'") { return readSingleQuoted() }
    let end = endOfBareWord(position)
    guard isWordCharacter(byte) || byte >= 0x80 else {
      let end = endOfCharacter(position)
      log.add(
        "unexpected-character", "'\(excerpt(position..<end))' cannot stand here, where a key is due.",
        cure: "Write a key in double quotes, or close the object with '}'.", at: position..<end)
      return false
    }
    log.add(
      "unquoted-key", "The key '\(excerpt(position..<end))' is not quoted.", cure: "Put it in double quotes.",
      at: position..<end)
    addScalar(position..<end, text: position..<end, style: .plain)
    position = end
    return true
  }

  mutating func recoverMissingColon(key: Int) -> Bool {
    let record = builder.records[key]
    let span = Int(record.lower)..<Int(record.upper)
    log.add(
      "missing-colon", "No colon follows the key '\(excerpt(span))'.", cure: "Write ':' and a value after it.",
      at: span)
    return false
  }

  /// Keys are compared byte by byte, so one with escapes is decoded at once.
  mutating func decodeKey(_ index: Int) {
    guard builder.records[index].place == .escaped else { return }
    let range = Int(builder.records[index].first)..<Int(builder.records[index].first + builder.records[index].count)
    let start = builder.pool.count
    JSONString.decode(bytes, range, into: &builder.pool)
    builder.records[index].first = UInt32(start)
    builder.records[index].count = UInt32(builder.pool.count - start)
    builder.records[index].place = .pool
  }

  // MARK: Values

  mutating func recoverValue(_ byte: UInt8) -> Bool {
    if byte == UInt8(ascii: "'") { return readSingleQuoted() }
    if isWordCharacter(byte) || byte == UInt8(ascii: "+") || byte == UInt8(ascii: ".") { return recoverBareWord() }
    let end = endOfCharacter(position)
    let isClosing = byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]") || byte == UInt8(ascii: ",")
    log.add(
      isClosing ? "missing-value" : "unexpected-character",
      "'\(excerpt(position..<end))' cannot stand here, where a value is due.",
      cure: isClosing ? "Write the value that is missing, such as 'null'." : "Put text in double quotes.",
      at: position..<end)
    return false
  }

  /// A word or number that is none of JSON's; kept as a plain scalar.
  mutating func recoverBareWord() -> Bool {
    let end = max(endOfBareWord(position), position + 1)
    let range = position..<end
    let word = excerpt(range)
    let first = bytes[position]
    let cure: String
    switch word {
    case "True", "TRUE": cure = "Write 'true'."
    case "False", "FALSE": cure = "Write 'false'."
    case "None", "Null", "NULL", "nil", "undefined": cure = "Write 'null'."
    case "NaN", "Infinity", "-Infinity", "+Infinity":
      cure = "JSON has no such number: write 'null', or a string."
    default:
      cure =
        first == UInt8(ascii: "-") || first == UInt8(ascii: "+") || first == UInt8(ascii: ".")
          || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first)
        ? "Write it as a decimal number without leading zeros or signs of plus, or as a string."
        : "Put text in double quotes."
    }
    log.add("not-a-json-value", "'\(word)' is no JSON value.", cure: cure, at: range)
    addScalar(range, text: range, style: .plain)
    position = end
    return true
  }

  private mutating func readSingleQuoted() -> Bool {
    let start = position
    var end = start + 1
    while end < bytes.count, bytes[end] != UInt8(ascii: "'"), bytes[end] >= 0x20 {
      end += bytes[end] == UInt8(ascii: "\\") && end + 1 < bytes.count ? 2 : 1
    }
    guard end < bytes.count, bytes[end] == UInt8(ascii: "'") else {
      return reportUnclosedString(start)
    }
    log.add(
      "single-quotes", "'\(excerpt(start..<end + 1))' is in single quotes.", cure: "Use double quotes.",
      at: start..<end + 1)
    addScalar(start..<end + 1, text: start + 1..<end, style: .singleQuoted)
    position = end + 1
    return true
  }

  // MARK: Strings

  /// The length of the escape sequence at `index`, complaining if it is none of JSON's; nil when the file ends in it.
  mutating func checkEscape(at index: Int) -> Int? {
    guard index + 1 < bytes.count else { return nil }
    switch bytes[index + 1] {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
      UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      return 2
    case UInt8(ascii: "u"):
      guard let unit = JSONString.unit(bytes, at: index) else { break }
      if unit < 0xD800 || unit > 0xDFFF { return 6 }
      if unit < 0xDC00, let low = JSONString.unit(bytes, at: index + 6), low >= 0xDC00, low <= 0xDFFF { return 12 }
      log.add(
        "lone-surrogate", "'\(excerpt(index..<index + 6))' is half of a surrogate pair.",
        cure: "Write both halves, or the character itself.", at: index..<index + 6)
      return 6
    default: break
    }
    guard bytes[index + 1] >= 0x20 else { return 1 }
    let end = endOfCharacter(index + 1)
    log.add(
      "unknown-escape", "'\(excerpt(index..<end))' is no escape sequence of JSON.",
      cure: "Write '\\\\' for a backslash.", at: index..<end)
    return end - index
  }

  mutating func reportUnclosedString(_ start: Int) -> Bool {
    var end = start
    while end < bytes.count, bytes[end] >= 0x20 { end += 1 }
    log.add(
      "unclosed-string", "The string '\(excerpt(start..<end))' is not closed.", cure: "Add the closing quote.",
      at: start..<end)
    return false
  }

  mutating func reportControlCharacter(_ index: Int, in start: Int) -> Bool {
    if bytes[index] == UInt8(ascii: "\n") || bytes[index] == UInt8(ascii: "\r") {
      log.add(
        "unclosed-string", "The string '\(excerpt(start..<index))' is not closed on its line.",
        cure: "Add the closing quote; write line breaks as '\\n'.", at: start..<index)
    } else {
      let name = "0x" + InputCheck.hexadecimal(UInt32(bytes[index]), digits: 2)
      log.add(
        "control-character", "The control character '\(name)' stands in a string as itself.",
        cure: "Write it as an escape sequence.", at: index..<index + 1)
    }
    return false
  }

  // MARK: Excerpts

  private func isWordCharacter(_ byte: UInt8) -> Bool {
    let letter = byte | 0x20
    return (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(letter)
      || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "_")
      || byte == UInt8(ascii: "$") || byte == UInt8(ascii: "-")
  }

  private func endOfBareWord(_ start: Int) -> Int {
    var end = start
    while end < bytes.count, !isEndOfWord(end) { end += 1 }
    return end > start ? end : endOfCharacter(start)
  }

  private func endOfCharacter(_ start: Int) -> Int {
    var end = min(start + 1, bytes.count)
    while end < bytes.count, bytes[end] & 0xC0 == 0x80 { end += 1 }
    return end
  }

  /// A part of the file, short enough for a message.
  func excerpt(_ range: Range<Int>) -> String {
    Excerpt.of(bytes, range)
  }
}
