import SourceText

/// Reads what a job's command does, following the project's own functions.
struct JobReader {
  private let replay: Replay
  private var followed: Set<Int> = []
  private(set) var statements: [JobStatement] = []

  /// Functions within functions beyond this are not followed.
  private static let depthLimit = 8

  init(_ replay: Replay) { self.replay = replay }

  mutating func read(_ text: MappedText, depth: Int) {
    for statement in StatementSplitter.split(text) { read(statement.tokens, in: text, depth: depth) }
  }

  private mutating func read(_ tokens: [SQLToken], in text: MappedText, depth: Int) {
    guard let first = tokens.first, statements.count < 1_000 else { return }
    let bytes = text.bytes
    let calls = self.calls(tokens, bytes)
    let range = first.lower..<tokens[tokens.count - 1].upper
    let names = calls.map { call in call.slot.flatMap { replay.state.functions[$0]?.name.description } ?? call.name }
    let writes = self.writes(tokens, bytes)
    let condition = tokens.firstIndex { bytes.isKeyword($0, "where") }
    for write in writes {
      statements.append(
        JobStatement(
          kind: write.kind, span: text.span(range), tables: write.tables, calls: names,
          columns: condition.map { columns(tokens[$0...], bytes) } ?? [],
          ageDays: condition.flatMap { age(Array(tokens[$0...]), text) }))
    }
    if writes.isEmpty {
      let kinds = ["select", "call", "drop", "alter", "truncate", "refresh"]
      let word = bytes.folded(first)
      statements.append(
        JobStatement(
          kind: kinds.contains(word) ? word.uppercased() : "OTHER", span: text.span(range), tables: [], calls: names,
          columns: [], ageDays: nil))
    }
    guard depth < JobReader.depthLimit else { return }
    for slot in calls.compactMap(\.slot) where followed.insert(slot).inserted { follow(slot, depth: depth + 1) }
  }

  private mutating func follow(_ slot: Int, depth: Int) {
    guard let function = replay.state.functions[slot], let body = function.body?.source else { return }
    if function.language == "sql" {
      read(body, depth: depth)
    } else if function.language == "plpgsql",
      let parsed = replay.state.catalogue.bodies.body(body, header: function.header)
    {
      follow(parsed.statements, in: body, depth: depth)
    }
  }

  private mutating func follow(_ steps: [PLpgSQLBody.Step], in body: MappedText, depth: Int) {
    for step in steps {
      switch step.kind {
      case .sql, .perform, .call:
        if let query = step.query { read(SQLLexer.tokens(of: body.bytes, query), in: body, depth: depth) }
      case .block(let inner), .loop(let inner), .forEach(_, let inner): follow(inner, in: body, depth: depth)
      case .branch(let branches):
        for branch in branches { follow(branch.steps, in: body, depth: depth) }
      case .execute, .assignment, .other: break
      }
    }
  }

  // MARK: Words

  /// The tables that a statement writes to, one entry for each verb: a WITH query may have several.
  private func writes(_ tokens: [SQLToken], _ bytes: [UInt8]) -> [(kind: String, tables: [String])] {
    var found: [(kind: String, tables: [String])] = []
    func isWord(_ index: Int, _ word: StaticString) -> Bool {
      index < tokens.count && bytes.isKeyword(tokens[index], word)
    }
    for index in tokens.indices where tokens[index].kind == .word {
      var start = index + 1
      var kind = ""
      if isWord(index, "delete"), isWord(index + 1, "from") {
        (kind, start) = ("DELETE", index + 2)
      } else if isWord(index, "insert"), isWord(index + 1, "into") {
        (kind, start) = ("INSERT", index + 2)
      } else if isWord(index, "update"), index == 0 || !isWord(index - 1, "do") && !isWord(index - 1, "for") {
        kind = "UPDATE"
      } else if index == 0, isWord(index, "truncate") {
        (kind, start) = ("TRUNCATE", isWord(1, "table") ? 2 : 1)
      } else if index == 0, isWord(index, "drop"), isWord(1, "table") {
        (kind, start) = ("DROP", isWord(2, "if") ? 4 : 2)
      } else if index == 0, isWord(index, "alter"), isWord(1, "table") {
        (kind, start) = ("ALTER", isWord(2, "if") ? 4 : 2)
      } else {
        continue
      }
      if isWord(start, "only") { start += 1 }
      var tables: [String] = []
      while start < tokens.count, let (name, next) = name(at: start, tokens, bytes) {
        tables.append(name)
        guard kind == "TRUNCATE" || kind == "DROP", next < tokens.count, bytes.isPunctuation(tokens[next], ",") else {
          break
        }
        start = next + 1
      }
      if !tables.isEmpty { found.append((kind, tables)) }
    }
    return found
  }

  /// A relation's name at a token, resolved along the search path, and the token behind it.
  private func name(at index: Int, _ tokens: [SQLToken], _ bytes: [UInt8]) -> (String, Int)? {
    guard tokens[index].kind == .word || tokens[index].kind == .quotedName else { return nil }
    var parts = [bytes.name(tokens[index])]
    var next = index + 1
    while next + 1 < tokens.count, bytes.isPunctuation(tokens[next], ".") {
      parts.append(bytes.name(tokens[next + 1]))
      next += 2
    }
    switch replay.resolve(parts) {
    case .table(let slot)?: return (replay.state.name(ofTable: slot)?.description ?? parts.joined(separator: "."), next)
    case .view, .sequence, nil: return (parts.joined(separator: "."), next)
    }
  }

  private func calls(_ tokens: [SQLToken], _ bytes: [UInt8]) -> [(name: String, slot: Int?)] {
    var found: [(name: String, slot: Int?)] = []
    for index in tokens.indices.dropLast()
    where (tokens[index].kind == .word || tokens[index].kind == .quotedName)
      && bytes.isPunctuation(tokens[index + 1], "(")
    {
      var parts = [bytes.name(tokens[index])]
      if index >= 2, bytes.isPunctuation(tokens[index - 1], ".") { parts.insert(bytes.name(tokens[index - 2]), at: 0) }
      if parts.count == 1, JobReader.syntaxWords.contains(parts[0]) { continue }
      found.append((parts.joined(separator: "."), replay.existingFunction(parts, types: nil)))
    }
    return found
  }

  /// Words in front of a bracket that are no function.
  private static let syntaxWords: Set<String> = [
    "in", "exists", "values", "and", "or", "not", "where", "select", "from", "any", "all", "some", "as", "on", "using",
    "interval", "over", "filter", "union", "with", "into", "then", "else", "when", "by", "limit", "array", "row",
  ]

  private func columns(_ tokens: ArraySlice<SQLToken>, _ bytes: [UInt8]) -> [String] {
    var found: [String] = []
    for index in tokens.indices.dropFirst() where tokens[index].kind == .word || tokens[index].kind == .quotedName {
      let isCall = index + 1 < tokens.endIndex && bytes.isPunctuation(tokens[index + 1], "(")
      let isQualifier = index + 1 < tokens.endIndex && bytes.isPunctuation(tokens[index + 1], ".")
      let isType = bytes.text(tokens[index - 1]) == "::"
      let name = bytes.name(tokens[index])
      if isCall || isQualifier || isType || JobReader.expressionWords.contains(name) || found.contains(name) {
        continue
      }
      found.append(name)
    }
    return found
  }

  private static let expressionWords: Set<String> = syntaxWords.union([
    "current_date", "current_timestamp", "localtimestamp", "now", "null", "is", "true", "false", "like", "ilike",
    "between", "case", "end", "returning", "order", "group", "having", "day", "days", "distinct", "at", "time", "zone",
    "for", "update", "skip", "locked", "asc", "desc",
  ])

  /// N of `< now() - interval 'N'`, `< CURRENT_DATE - 'N'::interval`.
  private func age(_ tokens: [SQLToken], _ text: MappedText) -> Int? {
    let bytes = text.bytes
    for index in tokens.indices where tokens[index].kind == .operator && bytes.text(tokens[index]).hasPrefix("<") {
      let rest = tokens[(index + 1)...].prefix(8)
      guard let first = rest.first,
        ["now", "current_date", "current_timestamp", "localtimestamp", "clock_timestamp", "statement_timestamp"]
          .contains(bytes.folded(first)),
        let minus = rest.firstIndex(where: { $0.kind == .operator && bytes.text($0) == "-" }), minus - index <= 4
      else { continue }
      guard let literal = rest[minus...].dropFirst().prefix(2).first(where: { $0.kind == .string }) else { continue }
      if let days = StringLiteral.decoded(literal, of: text).flatMap({ IntervalText.days($0.string) }) { return days }
    }
    return nil
  }
}
