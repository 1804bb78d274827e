import SourceText

/// SQL that defines things, found in the string literals of other code.
package enum EmbeddedSQL {
  /// The literals of Python code that hold DDL, in the order in which the code executes them where that can be seen
  /// (`cursor.execute(create_tables_sql())`), else in the order in which they stand.
  package static func find(inPython code: MappedText) -> [SQLSource] {
    PythonSQL.sources(of: code)
  }

  /// The same of JavaScript and TypeScript: strings, template literals and what `+` joins, in the order of the calls
  /// that execute them (`client.query(…)`).
  package static func find(inJavaScript code: MappedText) -> [SQLSource] {
    JavaScriptSQL.sources(of: code)
  }

  /// A cheap look at code for the first words of statements that define things.
  package static func mayDefineSomething(_ bytes: [UInt8]) -> Bool {
    mayDefineSomething(bytes[...])
  }

  /// The same of a part of it.
  static func mayDefineSomething(_ bytes: ArraySlice<UInt8>) -> Bool {
    var index = bytes.startIndex
    while index + 5 < bytes.endIndex {
      switch bytes[index] | 0x20 {
      case UInt8(ascii: "c"), UInt8(ascii: "a"), UInt8(ascii: "g"), UInt8(ascii: "r"), UInt8(ascii: "d"):
        let word = bytes[index...].prefix { (0x61...0x7A).contains($0 | 0x20) }
        if word.count <= 7, word.count >= 4,
          ["create", "alter", "grant", "revoke", "comment", "drop"].contains(
            String(decoding: word.map { $0 | 0x20 }, as: UTF8.self))
        {
          return true
        }
        index += max(word.count, 1)
      default: index += 1
      }
    }
    return false
  }

  /// Whether a text has a statement that defines something and that PostgreSQL's grammar accepts.
  static func definesSomething(_ text: MappedText, holes: [Range<Int>]) -> Bool {
    let bytes = text.bytes
    for statement in StatementSplitter.split(text) {
      guard statement.tokens.count > 2, startsDefinition(statement, in: bytes) else { continue }
      // What a program fills in can make any text an SQL statement or none.
      if holes.contains(where: { $0.overlaps(statement.range) }) { return true }
      guard ParsingLimits.standard.excess(of: statement.tokens[...], in: bytes) == nil else { return true }
      switch SyntaxTree.parse(bytes[statement.range]) {
      case .success: return true
      case .failure:
        // Several statements with one mistake are still SQL; a sentence is not.
        if statement.tokens.count > 12 { return true }
      }
    }
    return false
  }

  private static func startsDefinition(_ statement: Statement, in bytes: [UInt8]) -> Bool {
    let second = bytes.folded(statement.tokens[1])
    switch bytes.folded(statement.tokens[0]) {
    case "create", "alter", "drop", "comment":
      return [
        "table", "or", "extension", "role", "user", "schema", "policy", "trigger", "function", "procedure", "view",
        "materialized", "index", "unique", "type", "domain", "sequence", "unlogged", "temp", "temporary", "foreign",
        "event", "group", "default", "database", "on", "constraint", "publication", "server",
      ].contains(second)
    case "grant", "revoke":
      return statement.tokens.contains { bytes.isKeyword($0, "to") || bytes.isKeyword($0, "from") }
    case "do": return statement.tokens[1].kind == .dollarString || statement.tokens[1].kind == .string
    default: return false
    }
  }
}
