import Values

/// An index, its own or a constraint's.
package struct Index: Hashable, Sendable {
  package var name: String
  /// Columns in order; an expression as its text.
  package var columns: [String]
  /// Columns only carried along (INCLUDE).
  package var includes: [String] = []
  package var method: String
  package var isUnique: Bool
  /// The WHERE clause of a partial index.
  package var predicate: SQLExpression?
  package var origin: Origin
  /// What each column adds to the generated name of a copy: columns as they were called when the index was made.
  var nameParts: [String] = []

  package var isPartial: Bool { predicate != nil }

  /// Whether the index goes when the column goes: a column of it, or one its expressions read.
  func reads(_ column: String) -> Bool {
    if columns.contains(column) || includes.contains(column) { return true }
    return (columns + [predicate?.text ?? ""]).contains { text in
      let bytes = Array(text.utf8)
      let tokens = SQLLexer.tokens(of: bytes)
      return tokens.count > 1
        && tokens.contains { ($0.kind == .word || $0.kind == .quotedName) && bytes.name($0) == column }
    }
  }
}
