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
    if dropsLeaf(tokens, in: bytes) { return [.policies] }
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

  /// Whether it drops a policy, on which nothing depends: CASCADE takes nothing along.
  private static func dropsLeaf(_ tokens: [SQLToken], in bytes: [UInt8]) -> Bool {
    let literals = tokens.filter { $0.kind == .string || $0.kind == .dollarString }
    guard literals.count == 1, let literal = literals.first else { return false }
    let inner = SQLLexer.tokens(of: bytes, inside(literal, in: bytes))
    guard inner.count > 2, bytes.isKeyword(inner[0], "drop"), bytes.isKeyword(inner[1], "policy"),
      !tokens.contains(where: { bytes.text($0) == "||" })
    else { return false }
    return !inner.contains { bytes.isPunctuation($0, ";") }
  }

  /// Whether statements of a body that are not run could define anything.
  static func mayDefine(_ tokens: [SQLToken], in bytes: [UInt8]) -> Bool {
    !namedAspects(of: tokens, in: bytes).isEmpty || mayCreateTables(tokens, in: bytes)
      || tokens.contains { bytes.isKeyword($0, "execute") }
  }

  /// The aspects that the words of a name such as `addColumnIfNeeded` tell of; all of them where none does.
  static func aspects(named name: String) -> [Aspect] {
    let name = name.lowercased()
    var found: Set<Aspect> = []
    if name.contains("column") { found.insert(.columns) }
    if name.contains("index") { found.insert(.indexes) }
    if ["constraint", "primarykey", "primary_key", "foreignkey", "foreign_key"].contains(where: { name.contains($0) }) {
      found.insert(.constraints)
    }
    return found.isEmpty ? Aspect.allCases : Aspect.allCases.filter(found.contains)
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

  /// The words that the SQL of an EXECUTE begins with, where its expression begins with a constant (or with `format` or
  /// `concat` of one) and makes one statement that takes nothing along: `alter function public`.
  static func leadingWords(of expression: [SQLToken], in bytes: [UInt8]) -> [String] {
    let literals = expression.filter { $0.kind == .string || $0.kind == .dollarString }
    let head = expression.first { token in
      token.kind != .punctuation && !(token.kind == .word && ["format", "concat"].contains(bytes.folded(token)))
    }
    guard let first = literals.first, head == first else { return [] }
    for literal in literals {
      let tokens = SQLLexer.tokens(of: bytes, inside(literal, in: bytes))
      // What it takes along may be anything.
      if tokens.contains(where: { bytes.isKeyword($0, "cascade") }) { return [] }
      let end = tokens.firstIndex { bytes.isPunctuation($0, ";") }
      let next = expression.first { $0.lower >= literal.upper }
      let isEnd = literal == literals.last && next.map { !bytes.isPunctuation($0, ",") } != true
      guard end == nil || isEnd && end == tokens.count - 1 else { return [] }
    }
    let tokens = SQLLexer.tokens(of: bytes, inside(first, in: bytes))
    if literals.count == 1, setsStorage(tokens, in: bytes) { return ["vacuum"] }
    return tokens.prefix { $0.kind == .word }.prefix(8).map { bytes.folded($0) }
  }

  /// Whether a statement only sets how a table is stored and vacuumed: `ALTER TABLE … SET (autovacuum_… = …)`.
  private static func setsStorage(_ tokens: [SQLToken], in bytes: [UInt8]) -> Bool {
    guard tokens.count > 4, bytes.isKeyword(tokens[0], "alter"), bytes.isKeyword(tokens[1], "table"),
      let set = tokens.firstIndex(where: { bytes.isKeyword($0, "set") }), set + 2 < tokens.count,
      bytes.isPunctuation(tokens[set + 1], "("), let last = tokens.last, bytes.isPunctuation(last, ")")
    else { return false }
    // What stands between is the table's name, not another action.
    guard !tokens[2..<set].contains(where: { bytes.isPunctuation($0, ",") || bytes.isPunctuation($0, "(") }),
      set <= 6
    else { return false }
    var isName = true
    for token in tokens[(set + 2)..<(tokens.count - 1)] {
      if bytes.isPunctuation(token, "(") || bytes.isPunctuation(token, ")") { return false }
      if isName, token.kind == .word {
        let name = bytes.folded(token)
        guard
          name == "toast" || name == "fillfactor" || name.hasPrefix("autovacuum") || name.hasPrefix("vacuum")
            || name.hasPrefix("log_autovacuum") || name == "parallel_workers"
        else { return false }
      }
      isName = bytes.isPunctuation(token, ",") || isName && bytes.text(token) == "."
    }
    return true
  }

  /// What a statement that begins so can be about.
  enum Subject {
    /// Rows, or the session: it defines nothing.
    case nothing
    /// Only objects that are no tables: functions, roles, schemas, …
    case others
    /// It makes a table and leaves those alone that there are.
    case newTable
    case anything
  }

  static func subject(of words: [String]) -> Subject {
    switch words.first {
    case "insert", "update", "delete", "analyze", "vacuum", "refresh", "notify", "lock", "reindex", "cluster":
      return .nothing
    case "comment": return .anything
    case "create":
      if words.dropFirst().first(where: { $0 != "temp" && $0 != "temporary" && $0 != "unlogged" }) == "table" {
        return .newTable
      }
      let kind = words.dropFirst().first { $0 != "or" && $0 != "replace" } ?? ""
      return notTables.contains(kind) ? .others : .anything
    case "alter", "drop": return words.count > 1 && notTables.contains(words[1]) ? .others : .anything
    case "grant", "revoke":
      guard let on = words.firstIndex(of: "on"), on + 1 < words.count else { return .anything }
      let kind = words[on + 1] == "all" && on + 2 < words.count ? String(words[on + 2].dropLast()) : words[on + 1]
      return notTables.contains(kind) ? .others : .anything
    default: return .anything
    }
  }

  /// Kinds of objects. Dropping a schema, a type or an extension may take tables or columns along.
  private static let notTables: Set<String> = [
    "function", "procedure", "routine", "aggregate", "role", "user", "group", "sequence", "database", "system",
    "publication", "subscription", "language", "server", "operator", "cast", "collation",
  ]

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
