import PostgresSchema
import SourceText

/// The exceptions in comments of SQL, wherever the SQL stands.
///
/// A comment directly before a statement, or behind it on its last line, covers the statement. One within a statement
/// covers the line it stands on, or where it has a line of its own, the line behind it.
struct SQLExceptions {
  private let text: MappedText
  private let bytes: [UInt8]
  private let lines: LineTable
  private(set) var found: [FindingException] = []

  /// The exceptions of a text, in its order.
  static func find(in text: MappedText) -> [FindingException] {
    guard text.bytes.contains(ExceptionText.mark) else { return [] }
    var reading = SQLExceptions(text)
    for statement in StatementSplitter.split(text) { reading.read(statement) }
    return reading.found
  }

  private init(_ text: MappedText) {
    self.text = text
    bytes = text.bytes
    lines = LineTable(text.bytes)
  }

  private mutating func read(_ statement: Statement) {
    for comment in statement.leadingComments {
      let isNear = isDirectlyBefore(statement.range.lowerBound, comment.upper)
      // A comment that stands apart is about nothing.
      read(comment.range, covering: isNear ? statement.range : comment.upper..<comment.upper)
    }
    for comment in statement.innerComments {
      if comment.lower >= statement.range.upperBound {
        read(comment.range, covering: statement.range)
      } else {
        readWithin(comment.range)
      }
    }
    for token in statement.tokens where token.kind == .dollarString { readBody(token.range) }
  }

  /// Comments in the body of a function.
  private mutating func readBody(_ range: Range<Int>) {
    guard let delimiter = bytes[range].dropFirst().firstIndex(of: UInt8(ascii: "$")) else { return }
    let width = delimiter + 1 - range.lowerBound
    guard range.count >= 2 * width else { return }
    var lexer = SQLLexer(bytes, range.lowerBound + width..<range.upperBound - width)
    while let token = lexer.next() { if token.isComment { readWithin(token.range) } }
  }

  private mutating func readWithin(_ comment: Range<Int>) {
    let line = line(at: comment.lowerBound)
    let trails = bytes[line.lowerBound..<comment.lowerBound].contains { !ExceptionText.isBlank($0) }
    read(comment, covering: trails ? line : lineBehind(comment.upperBound))
  }

  private mutating func read(_ comment: Range<Int>, covering scope: Range<Int>) {
    // Its opening and, in a block, its closing are no text of it.
    var inside = comment.lowerBound + 2..<comment.upperBound
    if bytes[comment.lowerBound] == UInt8(ascii: "/"), inside.count >= 2 {
      inside = inside.lowerBound..<inside.upperBound - 2
    }
    var content = MappedText(file: text.file)
    content.append(text, inside)
    if let exception = ExceptionText(content).read(covering: text.span(scope)) { found.append(exception) }
  }

  /// Whether nothing but comments, and no blank line, stands between two places.
  private func isDirectlyBefore(_ statement: Int, _ comment: Int) -> Bool {
    let last = number(at: statement)
    var number = number(at: comment) + 1
    while number < last, let line = lines.range(ofLine: number) {
      if bytes[line].allSatisfy({ ExceptionText.isBlank($0) }) { return false }
      number += 1
    }
    return true
  }

  /// The line behind that of an offset and those of further comments; nothing where it is blank.
  private func lineBehind(_ offset: Int) -> Range<Int> {
    var number = number(at: offset) + 1
    while let line = lines.range(ofLine: number) {
      let content = bytes[line].drop { ExceptionText.isBlank($0) }
      if content.isEmpty { break }
      if !content.starts(with: "--".utf8) { return line }
      number += 1
    }
    return offset..<offset
  }

  private func number(at offset: Int) -> Int { lines.position(of: offset).line }

  /// The line that an offset lies on, without its end.
  private func line(at offset: Int) -> Range<Int> { lines.range(ofLine: number(at: offset)) ?? offset..<offset }
}
