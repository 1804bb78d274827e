/// What can be saved of a statement that does not parse.
enum StatementRecovery {
  /// The statements that a text with a missing semicolon or bracket was meant to be, cut where a line starts with a
  /// keyword that starts statements; empty when no cut makes a piece that parses.
  static func pieces(of statement: Statement, in bytes: [UInt8], limits: ParsingLimits) -> [Statement] {
    var cuts = [0]
    for index in statement.tokens.indices.dropFirst() where cuts.count < 256 {
      if startsStatement(statement.tokens, index, in: bytes) { cuts.append(index) }
    }
    guard cuts.count > 1 else { return [] }
    var pieces: [Statement] = []
    for (position, cut) in cuts.enumerated() {
      var end = position + 1 < cuts.count ? cuts[position + 1] : statement.tokens.count
      while end > cut, bytes.isPunctuation(statement.tokens[end - 1], ";") { end -= 1 }
      guard end > cut else { continue }
      let tokens = Array(statement.tokens[cut..<end])
      let range = tokens[0].lower..<tokens[tokens.count - 1].upper
      pieces.append(
        Statement(
          range: range, tokens: tokens, leadingComments: position == 0 ? statement.leadingComments : [],
          innerComments: statement.innerComments.filter { range.contains($0.lower) }))
    }
    let saves = pieces.contains { piece in
      guard limits.excess(of: piece.tokens[...], in: bytes) == nil else { return false }
      if case .success = SyntaxTree.parse(bytes[piece.range]) { return true }
      return false
    }
    return saves ? pieces : []
  }

  /// A keyword such as CREATE at the start of a line, behind a token that can end a statement.
  private static func startsStatement(_ tokens: [SQLToken], _ index: Int, in bytes: [UInt8]) -> Bool {
    let token = tokens[index]
    guard token.kind == .word, tokens[index - 1].kind != .operator else { return false }
    switch bytes.folded(token) {
    case "create", "alter", "drop", "comment", "grant", "revoke", "do": break
    default: return false
    }
    var before = token.lower
    while before > 0, bytes[before - 1] == 0x20 || bytes[before - 1] == 0x09 { before -= 1 }
    guard before == 0 || bytes[before - 1] == 0x0A || bytes[before - 1] == 0x0D else { return false }
    return before == token.lower || tokens[index - 1].kind == .dollarString
      || bytes.isPunctuation(tokens[index - 1], ";") || bytes.isPunctuation(tokens[index - 1], ")")
  }

  /// The names a statement acts on, as far as its words show: what follows TABLE, ON, VIEW, FUNCTION and REFERENCES.
  static func mentions(of statement: Statement, in bytes: [UInt8]) -> [String] {
    var mentions: [String] = []
    let tokens = statement.tokens
    var index = 0
    while index < tokens.count, mentions.count < 64 {
      defer { index += 1 }
      guard tokens[index].kind == .word else { continue }
      switch bytes.folded(tokens[index]) {
      case "table", "on", "view", "function", "procedure", "references", "into", "of", "only", "partition": break
      default: continue
      }
      var next = index + 1
      while next < tokens.count, tokens[next].kind == .word,
        ["if", "not", "exists", "only"].contains(bytes.folded(tokens[next]))
      {
        next += 1
      }
      guard next < tokens.count, tokens[next].kind == .word || tokens[next].kind == .quotedName else { continue }
      var name = bytes.name(tokens[next])
      while next + 2 < tokens.count, bytes.isPunctuation(tokens[next + 1], ".") {
        next += 2
        name += "." + bytes.name(tokens[next])
      }
      if !mentions.contains(name) { mentions.append(name) }
    }
    return mentions
  }
}
