import SourceText

/// Looks through JavaScript and TypeScript for strings that hold DDL, and for the calls that execute them.
struct JavaScriptSQL {
  private let code: MappedText
  private let bytes: [UInt8]
  private let tokens: [JavaScriptToken]
  private var literals: [Literal] = []
  /// The tokens of each function's body, by name.
  private var functions: [String: Range<Int>] = [:]
  /// The tokens of the right side of each name's first assignment.
  private var assignments: [String: Range<Int>] = [:]
  /// What `for (const x of …)` runs over.
  private var loops: [String: Range<Int>] = [:]

  /// One literal, or several joined by `+`, that holds DDL.
  private struct Literal {
    let text: JavaScriptText
    let tokens: Range<Int>
    /// The name it is assigned to, or the function it stands in.
    let name: String
  }

  /// Methods of database drivers and query builders that run SQL, and tags of template literals that do.
  private static let executors: Set<String> = [
    "query", "execute", "exec", "raw", "unsafe", "none", "any", "one", "oneOrNone", "many", "multi", "sql", "run",
    "executeSql", "executeSQL", "runSql", "runSQL", "queryRaw", "executeRaw", "$executeRaw", "$executeRawUnsafe",
    "$queryRaw", "$queryRawUnsafe", "ExecuteStatementCommand", "BatchExecuteStatementCommand", "executeStatement",
    "batchExecuteStatement",
  ]

  init(_ code: MappedText) {
    self.code = code
    bytes = code.bytes
    tokens = JavaScriptLexer.tokens(of: bytes)
    findNames()
    findLiterals()
  }

  /// The literals in order of execution; those that no visible call executes stand at their own place.
  var sources: [SQLSource] {
    var places: [Int: Int] = [:]
    var starts: [Int: Int] = [:]
    for (position, literal) in literals.enumerated() {
      for token in literal.tokens { starts[token] = position }
    }
    for (index, token) in tokens.enumerated() where token.isName && Self.executors.contains(text(token)) {
      guard isSymbol(index + 1, "(") else { continue }
      for literal in executed(by: arguments(index + 1), starts, depth: 0) where places[literal] == nil {
        places[literal] = index
      }
    }
    let order = literals.indices.sorted { a, b in
      let left = places[a] ?? literals[a].tokens.lowerBound
      let right = places[b] ?? literals[b].tokens.lowerBound
      return (left, literals[a].tokens.lowerBound) < (right, literals[b].tokens.lowerBound)
    }
    return order.enumerated().map { position, index in
      let literal = literals[index]
      return SQLSource(
        literal.text.value, name: literal.name, continuesSession: position > 0, holes: literal.text.holes)
    }
  }

  private func text(_ token: JavaScriptToken) -> String { bytes.text(token.range) }

  private func isSymbol(_ index: Int, _ character: Unicode.Scalar) -> Bool {
    guard tokens.indices.contains(index), case .symbol = tokens[index].kind else { return false }
    return bytes[tokens[index].range.lowerBound] == UInt8(ascii: character)
  }

  // MARK: Names

  private mutating func findNames() {
    for (index, token) in tokens.enumerated() where token.isName {
      if text(token) == "function", index + 1 < tokens.count, tokens[index + 1].isName {
        if functions[text(tokens[index + 1])] == nil { functions[text(tokens[index + 1])] = body(from: index + 2) }
        continue
      }
      if index + 1 < tokens.count, tokens[index + 1].isName, text(tokens[index + 1]) == "of", index > 0 {
        loops[text(token)] = index + 2..<end(ofExpressionAt: index + 2)
        continue
      }
      // `const x = …`, `const x: string = …`, `x: …` of an object.
      var sign = index + 1
      if isSymbol(sign, ":"), sign + 2 < tokens.count, tokens[sign + 1].isName, isSymbol(sign + 2, "=") { sign += 2 }
      guard isSymbol(sign, "="), !isSymbol(sign + 1, "="), assignments[text(token)] == nil else { continue }
      if isSymbol(sign + 1, ">") { continue }
      let value = sign + 1..<end(ofExpressionAt: sign + 1)
      assignments[text(token)] = value
      if isFunction(value) { functions[text(token)] = value }
    }
  }

  private func isFunction(_ range: Range<Int>) -> Bool {
    range.prefix(24).contains { isSymbol($0, "=") && isSymbol($0 + 1, ">") }
      || range.prefix(2).contains { tokens[$0].isName && text(tokens[$0]) == "function" }
  }

  /// The tokens of a function: to the brace that closes the first one that opens behind its parameters.
  private func body(from start: Int) -> Range<Int> {
    var index = start
    var parentheses = 0
    while index < tokens.count {
      if isSymbol(index, "(") { parentheses += 1 }
      if isSymbol(index, ")") { parentheses -= 1 }
      if parentheses == 0, isSymbol(index, "{") { return start..<closing(index) }
      index += 1
    }
    return start..<tokens.count
  }

  /// Behind the bracket that closes the one at `open`.
  private func closing(_ open: Int) -> Int {
    var depth = 0
    var index = open
    while index < tokens.count {
      if isSymbol(index, "(") || isSymbol(index, "{") || isSymbol(index, "[") { depth += 1 }
      if isSymbol(index, ")") || isSymbol(index, "}") || isSymbol(index, "]") {
        depth -= 1
        if depth <= 0 { return index + 1 }
      }
      index += 1
    }
    return index
  }

  /// Where an expression ends: at a semicolon or comma outside brackets, at a bracket that closes none of its own, or
  /// at a line's end behind which another statement starts.
  private func end(ofExpressionAt start: Int) -> Int {
    var index = start
    while index < tokens.count {
      if isSymbol(index, ";") || isSymbol(index, ",") { return index }
      if isSymbol(index, ")") || isSymbol(index, "}") || isSymbol(index, "]") { return index }
      if index > start, tokens[index].isName, tokens[index - 1].isText || isSymbol(index - 1, "}"),
        Self.statementWords.contains(text(tokens[index]))
      {
        return index
      }
      index = isSymbol(index, "(") || isSymbol(index, "{") || isSymbol(index, "[") ? closing(index) : index + 1
    }
    return index
  }

  private static let statementWords: Set<String> = [
    "const", "let", "var", "function", "export", "import", "await", "return", "async", "class", "module", "if", "for",
  ]

  // MARK: Literals

  private mutating func findLiterals() {
    let enclosing = functions.map { ($0.key, $0.value) }.sorted { $0.1.lowerBound < $1.1.lowerBound }
    let assigned = assignments.map { ($0.key, $0.value) }.sorted { ($0.1.count, $0.0) < ($1.1.count, $1.0) }
    var index = 0
    while index < tokens.count {
      guard tokens[index].isText else {
        index += 1
        continue
      }
      let start = index
      var text = JavaScriptText(in: code)
      text.append(tokens[index])
      index += 1
      // The strings within a template's holes are code of their own.
      let end = tokens[start].range.upperBound
      var next = index
      while next < tokens.count, tokens[next].range.upperBound <= end { next += 1 }
      while isSymbol(next, "+") {
        guard let following = append(next + 1, to: &text) else { break }
        next = following
      }
      if EmbeddedSQL.definesSomething(text.value, holes: text.holes) {
        let name =
          assigned.first { $0.1.contains(start) && !isFunction($0.1) }?.0
          ?? enclosing.last { $0.1.contains(start) }?.0 ?? "string"
        literals.append(Literal(text: text, tokens: start..<max(next, start + 1), name: name))
        index = max(index, next)
      }
    }
  }

  /// Appends an operand of `+`: a literal, or a hole for a name or call. Returns the token behind it.
  private func append(_ index: Int, to text: inout JavaScriptText) -> Int? {
    guard index < tokens.count else { return nil }
    let token = tokens[index]
    if token.isText {
      text.append(token)
      var next = index + 1
      while next < tokens.count, tokens[next].range.upperBound <= token.range.upperBound { next += 1 }
      return next
    }
    guard token.isName || isSymbol(index, "(") else { return nil }
    var next = isSymbol(index, "(") ? closing(index) : index + 1
    while isSymbol(next, ".") || isSymbol(next, "(") || isSymbol(next, "[") {
      next = isSymbol(next, ".") ? next + 2 : closing(next)
    }
    let last = min(max(next - 1, index), tokens.count - 1)
    text.insert(token.range.lowerBound..<max(tokens[last].range.upperBound, token.range.upperBound))
    return next
  }

  // MARK: Execution

  private func arguments(_ open: Int) -> Range<Int> { open + 1..<max(open + 1, closing(open) - 1) }

  /// The literals that an expression's value comes from: its own, its variables' and those of functions it calls.
  private func executed(by range: Range<Int>, _ starts: [Int: Int], depth: Int) -> [Int] {
    guard depth < 5 else { return [] }
    var found: [Int] = []
    for index in range.clamped(to: 0..<tokens.count) {
      if let literal = starts[index] {
        if !found.contains(literal) { found.append(literal) }
        continue
      }
      guard tokens[index].isName, !isSymbol(index - 1, ".") else { continue }
      let name = text(tokens[index])
      if let body = functions[name], isSymbol(index + 1, "("), !body.contains(index) {
        found += literals.indices.filter { body.contains(literals[$0].tokens.lowerBound) && !found.contains($0) }
      } else if let value = assignments[name] ?? loops[name], !value.contains(index) {
        found += executed(by: value, starts, depth: depth + 1)
      } else if let value = loops[name], !value.contains(index) {
        found += executed(by: value, starts, depth: depth + 1)
      }
    }
    return found
  }
}
