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
  static func find(
    in text: MappedText, header: String, transitionTables: Set<String>, _ bodies: BodyReader
  ) -> [Target] {
    let bytes = text.bytes
    let tokens = SQLLexer.tokens(of: bytes)
    guard mentionsChange(tokens, in: bytes, transitionTables) else { return [] }
    guard let body = bodies.body(text, header: header) else { return inserts(tokens, in: bytes) }
    var targets: [Target] = []
    collect(body.statements, in: bytes, into: &targets)
    return targets
  }

  /// Whether a relation's name says that it keeps changes: `audit.record_version`, `orders_history`, `change_log`.
  static func isNamedLikeAudit(_ parts: [String]) -> Bool {
    let name = parts.joined(separator: ".").lowercased()
    if ["audit", "history", "histories", "journal", "archive", "revision", "changelog"].contains(where: name.contains) {
      return true
    }
    let words = name.split { !$0.isLetter && !$0.isNumber }
    return words.contains {
      ["log", "logs", "event", "events", "version", "versions", "change", "changes", "trail", "hist"].contains($0)
    }
  }

  /// Whether a body keeps the change as such: it writes the operation or the table's name, or a whole row, rather than
  /// a column or two of the new row. A count that is kept up to date asks for TG_OP as well, but writes none of it.
  static func keepsChange(in text: MappedText) -> Bool {
    let bytes = text.bytes
    let tokens = SQLLexer.tokens(of: bytes)
    var isInInsert = false
    for (index, token) in tokens.enumerated() {
      if bytes.isPunctuation(token, ";") { isInInsert = false }
      guard token.kind == .word || token.kind == .quotedName else { continue }
      let name = bytes.name(token)
      let next = index + 1 < tokens.count ? bytes.text(tokens[index + 1]) : ";"
      switch name {
      case "insert": isInInsert = true
      case "tg_op", "tg_table_name", "tg_relname": if isInInsert { return true }
      case "to_jsonb", "to_json", "row_to_json", "hstore": if next == "(" { return true }
      case "new", "old":
        let before = index > 0 ? bytes.folded(tokens[index - 1]) : ""
        // `VALUES (OLD.*)`, `log(NEW)`; RETURN NEW says nothing.
        if next == "." {
          if index + 2 < tokens.count, bytes.text(tokens[index + 2]) == "*" { return true }
        } else if before == "(" || before == "," {
          return true
        }
      default: continue
      }
    }
    return false
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
