/// What SQL text that cannot be evaluated could change, told from the words in it.
enum DynamicEffect {
  /// The aspects of tables that the words name, in the order of ``Aspect``; all of them when no word says.
  static func aspects(of tokens: [SQLToken], in bytes: [UInt8]) -> [Aspect] {
    let found = namedAspects(of: tokens, in: bytes)
    return found.isEmpty ? Aspect.allCases : found
  }

  /// The aspects that the words name, those inside strings included: dynamic SQL is built from strings.
  static func namedAspects(of tokens: [SQLToken], in bytes: [UInt8]) -> [Aspect] {
    var found: Set<Aspect> = []
    for (index, token) in tokens.enumerated() {
      switch token.kind {
      case .word: note(bytes.folded(token), after: index > 0 ? bytes.folded(tokens[index - 1]) : "", &found)
      case .string, .dollarString:
        var previous = ""
        for inner in SQLLexer.tokens(of: bytes, inside(token, in: bytes)) where inner.kind == .word {
          let word = bytes.folded(inner)
          note(word, after: previous, &found)
          previous = word
        }
      default: break
      }
    }
    return Aspect.allCases.filter(found.contains)
  }

  /// Whether statements of a body that are not run could define anything.
  static func mayDefine(_ tokens: [SQLToken], in bytes: [UInt8]) -> Bool {
    !namedAspects(of: tokens, in: bytes).isEmpty || mayCreateTables(tokens, in: bytes)
      || tokens.contains { bytes.isKeyword($0, "execute") }
  }

  /// Whether the words could create tables.
  static func mayCreateTables(_ tokens: [SQLToken], in bytes: [UInt8]) -> Bool {
    var previous = ""
    func isCreation(_ word: String) -> Bool {
      defer { previous = word }
      return word == "table" && ["create", "unlogged", "temp", "temporary", "foreign"].contains(previous)
    }
    for token in tokens {
      if token.kind == .word, isCreation(bytes.folded(token)) { return true }
      guard token.kind == .string || token.kind == .dollarString else { continue }
      previous = ""
      for inner in SQLLexer.tokens(of: bytes, inside(token, in: bytes)) where inner.kind == .word {
        if isCreation(bytes.folded(inner)) { return true }
      }
    }
    return false
  }

  private static func inside(_ token: SQLToken, in bytes: [UInt8]) -> Range<Int> {
    guard token.kind == .dollarString else {
      let quote = bytes[token.range].firstIndex(of: UInt8(ascii: "'")) ?? token.lower
      return min(quote + 1, token.upper)..<max(quote + 1, token.upper - 1)
    }
    let second = bytes[token.lower + 1..<token.upper].firstIndex(of: UInt8(ascii: "$")) ?? token.lower
    return second + 1..<max(second + 1, token.upper - (second + 1 - token.lower))
  }

  private static func note(_ word: String, after previous: String, _ found: inout Set<Aspect>) {
    switch word {
    case "security" where previous == "level": found.insert(.rowSecurity)
    case "policy": found.insert(.policies)
    case "trigger": found.insert(.triggers)
    case "grant", "revoke", "privileges": found.insert(.privileges)
    case "owner": found.insert(.owner)
    case "column": found.insert(.columns)
    case "constraint", "foreign", "primary", "references", "check": found.insert(.constraints)
    case "index": found.insert(.indexes)
    case "comment": found.insert(.comment)
    case "table" where previous == "drop": found.formUnion(Aspect.allCases)
    case "cascade": found.formUnion([.policies, .triggers, .constraints])
    default: break
    }
  }
}
