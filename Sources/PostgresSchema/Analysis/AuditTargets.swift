import SourceText

/// Finds where a trigger function writes about the change that fired it.
enum AuditTargets {
  /// What one INSERT of a body writes into.
  struct Target {
    /// The parts of the name; nil where dynamic SQL computes it.
    let parts: [String]?
    let range: Range<Int>
  }

  /// The targets of a body's INSERT statements, where the body mentions the row, the operation or a transition table.
  static func find(in text: MappedText, header: String, transitionTables: Set<String>) -> [Target] {
    let bytes = text.bytes
    let tokens = SQLLexer.tokens(of: bytes)
    guard mentionsChange(tokens, in: bytes, transitionTables) else { return [] }
    guard let body = PLpgSQLBody(text, header: header) else { return inserts(tokens, in: bytes) }
    var targets: [Target] = []
    collect(body.statements, in: bytes, into: &targets)
    return targets
  }

  private static func mentionsChange(_ tokens: [SQLToken], in bytes: [UInt8], _ tables: Set<String>) -> Bool {
    tokens.contains { token in
      guard token.kind == .word || token.kind == .quotedName else { return false }
      let name = bytes.name(token)
      return ["new", "old", "tg_op", "tg_table_name", "tg_relname"].contains(name) || tables.contains(name)
    }
  }

  private static func collect(_ steps: [PLpgSQLBody.Step], in bytes: [UInt8], into targets: inout [Target]) {
    for step in steps {
      switch step.kind {
      case .sql:
        if let query = step.query { targets += inserts(SQLLexer.tokens(of: bytes, query), in: bytes) }
      case .execute:
        if let query = step.query { targets += dynamicInserts(SQLLexer.tokens(of: bytes, query), in: bytes) }
      case .block(let steps), .loop(let steps), .forEach(_, let steps): collect(steps, in: bytes, into: &targets)
      case .branch(let branches):
        for branch in branches { collect(branch.steps, in: bytes, into: &targets) }
      case .perform, .call, .assignment, .other: continue
      }
    }
  }

  /// Names behind `INSERT INTO`.
  private static func inserts(_ tokens: [SQLToken], in bytes: [UInt8]) -> [Target] {
    var targets: [Target] = []
    for index in tokens.indices.dropLast(2)
    where bytes.isKeyword(tokens[index], "insert") && bytes.isKeyword(tokens[index + 1], "into") {
      var last = index + 2
      guard tokens[last].kind == .word || tokens[last].kind == .quotedName else { continue }
      var parts = [bytes.name(tokens[last])]
      while last + 2 < tokens.count, bytes.isPunctuation(tokens[last + 1], ".") {
        last += 2
        parts.append(bytes.name(tokens[last]))
      }
      targets.append(Target(parts: parts, range: tokens[index + 2].lower..<tokens[last].upper))
    }
    return targets
  }

  /// A string of dynamic SQL that starts with INSERT INTO: the name where the string has it whole.
  private static func dynamicInserts(_ tokens: [SQLToken], in bytes: [UInt8]) -> [Target] {
    for token in tokens where token.kind == .string || token.kind == .dollarString {
      let inner = SQLLexer.tokens(of: bytes, token.lower + 1..<max(token.lower + 1, token.upper - 1))
      guard inner.count > 1, bytes.isKeyword(inner[0], "insert") else { continue }
      let named = inserts(inner, in: bytes)
      return named.isEmpty ? [Target(parts: nil, range: token.range)] : named
    }
    return []
  }
}
