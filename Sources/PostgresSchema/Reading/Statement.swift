/// One SQL statement of a text: its tokens and the comments in front of it and within it.
package struct Statement: Sendable {
  /// From the first token to the last, without comments around it and without the semicolon.
  package let range: Range<Int>
  /// Without comments.
  package let tokens: [SQLToken]
  package let leadingComments: [SQLToken]
  /// Comments between its tokens, and those behind its semicolon on the same line.
  package internal(set) var innerComments: [SQLToken]

  /// What a statement is, told from its first words, so that only what matters is parsed.
  enum Kind: Hashable {
    /// Reads or writes rows: never parsed.
    case data
    /// A SELECT that calls a function or sets a setting, or creates a table by INTO.
    case select
    case begin, commit, rollback
    case savepoint(String)
    case rollbackTo(String)
    case definition
    /// Cannot change the catalogue: VACUUM, SHOW, COPY and the like.
    case other
  }

  /// Whether it only reads or writes rows, so that it is never parsed.
  package func isData(in bytes: [UInt8]) -> Bool {
    switch kind(in: bytes) {
    case .data, .other: true
    default: false
    }
  }

  func kind(in bytes: [UInt8]) -> Kind {
    guard let first = tokens.first else { return .other }
    guard first.kind == .word else { return bytes.isPunctuation(first, "(") ? .data : .definition }
    if Statement.definitions.contains(first, in: bytes) { return .definition }
    if Statement.dataWords.contains(first, in: bytes) { return .data }
    if Statement.otherWords.contains(first, in: bytes) { return .other }
    switch bytes.folded(first) {
    case "select": return .select
    case "begin": return .begin
    case "start":
      return tokens.count > 1 && bytes.isKeyword(tokens[1], "transaction") ? .begin : .definition
    case "commit", "end": return .commit
    case "abort": return .rollback
    case "rollback":
      guard let to = tokens.firstIndex(where: { bytes.isKeyword($0, "to") }) else { return .rollback }
      guard let name = tokens.last, to < tokens.count - 1 else { return .rollback }
      return .rollbackTo(bytes.name(name))
    case "savepoint": return .savepoint(tokens.last.map { bytes.name($0) } ?? "")
    default: return .definition
    }
  }

  /// What most definitions start with: any other first word that is not named here starts one too.
  private static let definitions: KeywordSet = ["create", "alter", "drop", "comment", "grant", "revoke", "do", "set"]

  private static let dataWords: KeywordSet = [
    "insert", "update", "delete", "values", "explain", "merge", "table", "with",
  ]

  private static let otherWords: KeywordSet = [
    "copy", "vacuum", "analyze", "analyse", "show", "fetch", "close", "declare", "lock", "checkpoint", "listen",
    "notify", "unlisten", "cluster", "reindex", "load", "discard", "prepare", "deallocate", "execute", "release",
    "truncate", "refresh", "move",
  ]
}

extension [UInt8] {
  /// The text of a token as written.
  func text(_ token: SQLToken) -> String { text(token.range) }

  func text(_ range: Range<Int>) -> String {
    String(decoding: self[range.clamped(to: 0..<count)], as: UTF8.self)
  }

  /// A word folded to lower case as PostgreSQL folds it: ASCII letters only.
  func folded(_ token: SQLToken) -> String {
    let range = token.range
    return String(unsafeUninitializedCapacity: range.count) { buffer in
      for (offset, index) in range.enumerated() {
        let byte = self[index]
        buffer[offset] = (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
      }
      return range.count
    }
  }

  /// The name that a word or a quoted name spells.
  func name(_ token: SQLToken) -> String {
    guard token.kind == .quotedName else { return folded(token) }
    var range = token.range
    if self[range.lowerBound] != UInt8(ascii: "\"") {
      range = Swift.min(range.lowerBound + 2, range.upperBound)..<range.upperBound
    }
    range = Swift.min(range.lowerBound + 1, range.upperBound)..<range.upperBound
    if token.isTerminated, !range.isEmpty { range = range.lowerBound..<range.upperBound - 1 }
    return undoubled(range, UInt8(ascii: "\""))
  }

  /// Whether an unquoted word is the given keyword (in lower case).
  func isKeyword(_ token: SQLToken, _ keyword: StaticString) -> Bool {
    guard token.kind == .word, token.range.count == keyword.utf8CodeUnitCount else { return false }
    let start = token.lower
    for index in 0..<keyword.utf8CodeUnitCount {
      let byte = self[start + index]
      let lower = (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
      if lower != keyword.utf8Start[index] { return false }
    }
    return true
  }

  func isPunctuation(_ token: SQLToken, _ character: Unicode.Scalar) -> Bool {
    token.kind == .punctuation && self[token.lower] == UInt8(ascii: character)
  }

  private func undoubled(_ range: Range<Int>, _ quote: UInt8) -> String {
    var result: [UInt8] = []
    var index = range.lowerBound
    while index < range.upperBound {
      result.append(self[index])
      index += self[index] == quote && index + 1 < range.upperBound && self[index + 1] == quote ? 2 : 1
    }
    return String(decoding: result, as: UTF8.self)
  }
}
