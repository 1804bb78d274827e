import SourceText

/// What a tool fills in before a server sees the SQL: `${schema}` (Flyway, goose), `$(schema)` (sqlcmd), `{{ schema }}`
/// and `{% if … %}` (Jinja, Handlebars), `<%= schema %>`, `@schema@` (extension scripts), and psql's variables
/// `:schema`, `:'schema'` and `:"schema"`.
///
/// Each is replaced by a name of its own length that is made of its own letters, so that `${app}.users` is a table of
/// the schema `__app_` and the same placeholder is the same name everywhere. A psql variable that the file sets is
/// replaced by its value.
struct Placeholders {
  /// A placeholder that was replaced by a name.
  struct Found: Hashable {
    /// As written.
    let text: String
    /// The name that stands for it; nil where a value is known, or nothing does.
    let name: String?
    let span: Span
  }

  private(set) var found: [Found] = []
  /// `\set NAME value` so far.
  private var variables: [String: String] = [:]

  /// Whether a text can hold placeholders: one look at its bytes, for most texts have none.
  static func mayOccur(in bytes: ArraySlice<UInt8>) -> Bool {
    bytes.withUnsafeBufferPointer { buffer in
      guard buffer.count > 2 else { return false }
      for index in 0..<buffer.count - 1 {
        switch buffer[index] {
        case UInt8(ascii: "$"): if buffer[index + 1] == UInt8(ascii: "{") || buffer[index + 1] == 0x28 { return true }
        case UInt8(ascii: "{"):
          if [UInt8(ascii: "{"), UInt8(ascii: "%"), UInt8(ascii: "#")].contains(buffer[index + 1]) { return true }
        case UInt8(ascii: "<"): if buffer[index + 1] == UInt8(ascii: "%") { return true }
        case UInt8(ascii: "@"):
          var end = index + 1
          while end < buffer.count, end - index < 200, isSchemaByte(buffer[end]) { end += 1 }
          if end > index + 1, end < buffer.count, buffer[end] == UInt8(ascii: "@") { return true }
        case UInt8(ascii: ":"):
          if index > 0, buffer[index - 1] == UInt8(ascii: ":") { continue }
          let next = buffer[index + 1]
          if isNameByte(next) || next == UInt8(ascii: "'") || next == UInt8(ascii: "\"") { return true }
        default: break
        }
      }
      return false
    }
  }

  /// Reads `\set NAME value` between two statements.
  mutating func readSettings(in text: MappedText, _ range: Range<Int>) {
    let bytes = text.bytes
    var start = range.lowerBound
    while start < range.upperBound {
      var end = start
      while end < range.upperBound, bytes[end] != 0x0A { end += 1 }
      let line = bytes[start..<end].drop { $0 == 0x20 || $0 == 0x09 }
      start = end + 1
      guard line.starts(with: "\\set ".utf8) else { continue }
      let words = String(decoding: line.dropFirst(5), as: UTF8.self).split(separator: " ", maxSplits: 1)
      guard words.count == 2, !words[1].contains(":"), !words[1].contains("`") else { continue }
      variables[String(words[0])] = String(words[1].filter { $0 != "'" && $0 != "\r" }).trimmingBlanks
    }
  }

  /// The statement with its placeholders replaced; nil where it has none.
  mutating func replaced(_ statement: Statement, in text: MappedText) -> (text: MappedText, statement: Statement)? {
    let bytes = text.bytes
    var edits: [(range: Range<Int>, with: [UInt8])] = []
    var skipsTo = statement.range.lowerBound
    var brackets = 0
    for (index, token) in statement.tokens.enumerated() where token.lower >= skipsTo {
      switch token.kind {
      case .dollarString, .quotedName, .string:
        // psql leaves quotes alone; the others do not look at SQL at all. A constant is one whatever it says.
        if token.kind == .string { continue }
        var place = token.lower
        while place < token.upper {
          guard let edit = template(at: place, end: token.upper, text, inQuotes: true) else {
            place += 1
            continue
          }
          edits.append(edit)
          place = edit.range.upperBound
        }
      case .punctuation, .operator:
        if bytes[token.lower] == UInt8(ascii: "[") { brackets += 1 }
        if bytes[token.lower] == UInt8(ascii: "]") { brackets -= 1 }
        var place = token.lower
        while place < token.upper {
          let edit =
            template(at: place, end: statement.range.upperBound, text)
            ?? (brackets == 0 && token.kind == .punctuation ? variable(at: index, statement, text) : nil)
          guard let edit else {
            place += 1
            continue
          }
          edits.append(edit)
          place = edit.range.upperBound
          skipsTo = place
        }
      case .word where bytes[token.upper - 1] == UInt8(ascii: "$"):
        // In `role_${database}` the lexer takes the dollar sign for a letter of the word.
        guard let edit = template(at: token.upper - 1, end: statement.range.upperBound, text) else { continue }
        edits.append(edit)
        skipsTo = edit.range.upperBound
      default: continue
      }
    }
    guard !edits.isEmpty else { return nil }
    var result = MappedText(file: text.file)
    var place = statement.leadingComments.first?.lower ?? statement.range.lowerBound
    for edit in edits {
      result.append(text, place..<edit.range.lowerBound)
      result.append(edit.with, for: text.span(edit.range).range)
      place = edit.range.upperBound
    }
    let end = max(statement.range.upperBound, statement.innerComments.last?.upper ?? 0)
    result.append(text, place..<end)
    // What is blanked out may leave nothing.
    guard let first = StatementSplitter.split(result).first else { return (result, statement.without(tokens: text)) }
    return (result, first)
  }

  // MARK: Kinds

  /// A placeholder that a tool fills in whatever the SQL says.
  private mutating func template(
    at place: Int, end: Int, _ text: MappedText, inQuotes: Bool = false
  ) -> (range: Range<Int>, with: [UInt8])? {
    let bytes = text.bytes
    guard place + 2 < end else { return nil }
    func closing(_ mark: StaticString, from start: Int, isNameOnly: Bool) -> Int? {
      var index = start
      let count = mark.utf8CodeUnitCount
      while index + count <= end, index - start < 200, bytes[index] != 0x0A {
        if (0..<count).allSatisfy({ bytes[index + $0] == mark.utf8Start[$0] }) {
          return index > start ? index + count : nil
        }
        if isNameOnly, !Placeholders.isSchemaByte(bytes[index]) { return nil }
        index += 1
      }
      return nil
    }
    switch (bytes[place], bytes[place + 1]) {
    case (UInt8(ascii: "$"), UInt8(ascii: "{")):
      return closing("}", from: place + 2, isNameOnly: true).map { name(place..<$0, text) }
    case (UInt8(ascii: "$"), UInt8(ascii: "(")) where !inQuotes:
      return closing(")", from: place + 2, isNameOnly: true).map { name(place..<$0, text) }
    case (UInt8(ascii: "{"), UInt8(ascii: "{")):
      guard let end = closing("}}", from: place + 2, isNameOnly: false) else { return nil }
      // `{{1,2},{3,4}}` is an array.
      // `{{.prefix}}` is a field to Go's templates.
      let inside = bytes[place + 2..<end - 2].drop { $0 == 0x20 || $0 == UInt8(ascii: ".") }
      guard let first = inside.first, first >= 0x41, Placeholders.isNameByte(first),
        !inside.contains(UInt8(ascii: "{")), !inside.contains(UInt8(ascii: "}")),
        !inQuotes || !inside.contains(UInt8(ascii: ","))
      else { return nil }
      return name(place..<end, text)
    case (UInt8(ascii: "{"), UInt8(ascii: "%")), (UInt8(ascii: "{"), UInt8(ascii: "#")):
      let mark: StaticString = bytes[place + 1] == UInt8(ascii: "%") ? "%}" : "#}"
      return closing(mark, from: place + 2, isNameOnly: false).map { end in
        note(place..<end, name: nil, text)
        return (place..<end, [UInt8](repeating: 0x20, count: end - place))
      }
    case (UInt8(ascii: "<"), UInt8(ascii: "%")) where bytes[place + 2] == UInt8(ascii: "="):
      return closing("%>", from: place + 3, isNameOnly: false).map { name(place..<$0, text) }
    case (UInt8(ascii: "@"), let next) where Placeholders.isNameByte(next):
      return closing("@", from: place + 1, isNameOnly: true).map { name(place..<$0, text) }
    default: return nil
    }
  }

  /// One of psql's variables.
  private mutating func variable(
    at index: Int, _ statement: Statement, _ text: MappedText
  ) -> (range: Range<Int>, with: [UInt8])? {
    let bytes = text.bytes
    let colon = statement.tokens[index]
    guard bytes[colon.lower] == UInt8(ascii: ":"), index + 1 < statement.tokens.count else { return nil }
    let next = statement.tokens[index + 1]
    guard next.lower == colon.upper, next.isTerminated else { return nil }
    let range = colon.lower..<next.upper
    switch next.kind {
    case .word:
      // In `a :b` the colon starts a variable; in `a:b` nothing that SQL knows.
      if let value = variables[bytes.text(next)] { return known(range, value, text) }
      return name(range, text)
    case .string, .quotedName:
      let quote = bytes[next.lower]
      guard quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\""), next.range.count > 2 else { return nil }
      let inside = bytes.text(next.lower + 1..<next.upper - 1)
      let mark = String(decoding: [quote], as: UTF8.self)
      if let value = variables[inside] {
        return known(range, mark + value.split(separator: mark).joined(separator: mark + mark) + mark, text)
      }
      let inner = next.lower + 1..<next.upper - 1
      let name = [UInt8(ascii: "_")] + self.name(inner, text, noting: range).with
      return (range, [quote] + name + [quote])
    default: return nil
    }
  }

  private func known(_ range: Range<Int>, _ value: String, _ text: MappedText) -> (Range<Int>, [UInt8]) {
    (range, Array(value.utf8))
  }

  /// A name of the placeholder's length: its letters in lower case, an underscore for everything else.
  private mutating func name(
    _ range: Range<Int>, _ text: MappedText, noting whole: Range<Int>? = nil
  ) -> (range: Range<Int>, with: [UInt8]) {
    var name = text.bytes[range].map { byte in
      (0x41...0x5A).contains(byte) ? byte | 0x20 : Placeholders.isNameByte(byte) ? byte : UInt8(ascii: "_")
    }
    if let first = name.first, (0x30...0x39).contains(first) { name[0] = UInt8(ascii: "_") }
    let taken = String(decoding: name, as: UTF8.self)
    note(whole ?? range, name: whole == nil ? taken : "_" + taken, text)
    return (range, name)
  }

  private mutating func note(_ range: Range<Int>, name: String?, _ text: MappedText) {
    let written = text.bytes.text(range)
    guard !found.contains(where: { $0.text == written }), found.count < 200 else { return }
    found.append(Found(text: written, name: name, span: text.span(range)))
  }

  /// What may stand between the marks of a placeholder that is a name.
  private static func isSchemaByte(_ byte: UInt8) -> Bool {
    isNameByte(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: ":") || byte == UInt8(ascii: "-")
  }

  static func isNameByte(_ byte: UInt8) -> Bool {
    (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "_")
  }
}

extension Placeholders {
  /// What a reader should know: which names are not the real ones.
  var diagnostics: [Diagnostic] {
    found.map { placeholder in
      if let name = placeholder.name {
        return Diagnostic(
          "sql-placeholder", .note,
          "'\(placeholder.text)' is filled in when the SQL is run: what it names is taken to be called '\(name)'.",
          cure: "Give the SQL as it is run to judge it under its own names.", at: placeholder.span)
      }
      return Diagnostic(
        "sql-placeholder", .note,
        "'\(placeholder.text)' is for a template engine: the SQL around it is taken as if it were not there.",
        cure: "Give the SQL as it is run.", at: placeholder.span)
    }
  }
}

extension Statement {
  /// A statement of which nothing is left.
  fileprivate func without(tokens text: MappedText) -> Statement {
    Statement(
      range: range.lowerBound..<range.lowerBound, tokens: [], leadingComments: leadingComments, innerComments: [])
  }
}

extension String {
  fileprivate var trimmingBlanks: String {
    var text = self[...]
    while text.last == " " || text.last == "\t" { text.removeLast() }
    return String(text.drop { $0 == " " || $0 == "\t" })
  }
}
