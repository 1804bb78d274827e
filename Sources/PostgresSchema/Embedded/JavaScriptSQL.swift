import SourceText

/// Looks through JavaScript and TypeScript for strings that hold DDL, and for the calls that execute them.
struct JavaScriptSQL {
  private let code: MappedText
  private let program: Program<JavaScriptToken>
  /// Per token: where an expression that starts there ends.
  private var expressionEnds: [Int] = []
  /// Per token: the first brace from there on that opens outside of parentheses.
  private var braces: [Int] = []
  private var names = ProgramNames()

  /// Methods of database drivers and query builders that run SQL, and tags of template literals that do.
  private static let executors: Set<String> = [
    "query", "execute", "exec", "raw", "unsafe", "none", "any", "one", "oneOrNone", "many", "multi", "sql", "run",
    "executeSql", "executeSQL", "runSql", "runSQL", "queryRaw", "executeRaw", "$executeRaw", "$executeRawUnsafe",
    "$queryRaw", "$queryRawUnsafe", "ExecuteStatementCommand", "BatchExecuteStatementCommand", "executeStatement",
    "batchExecuteStatement",
  ]

  /// The strings of a program that hold DDL, in order of execution.
  static func sources(of code: MappedText) -> [SQLSource] {
    var reader = JavaScriptSQL(code)
    let literals = reader.literals()
    guard !literals.isEmpty else { return [] }
    reader.findNames()
    return ExecutionOrder.sources(of: literals, in: reader.program, reader.names, executors: executors)
  }

  private init(_ code: MappedText) {
    self.code = code
    program = Program(code.bytes, JavaScriptLexer.tokens(of: code.bytes))
  }

  // MARK: Names

  private mutating func findNames() {
    measureExpressions()
    var type: Int?
    for index in program.tokens.indices where program.isName(index) && index != type {
      let name = program.text(index)
      if name == "function", program.isName(index + 1) {
        let function = program.text(index + 1)
        if names.functions[function] == nil { names.functions[function] = body(from: index + 2) }
        continue
      }
      if program.isName(index + 1), program.text(index + 1) == "of", index > 0 {
        names.loops[name] = expression(at: index + 2)
        continue
      }
      // `const x = …`, `const x: string = …`, `x: …` of an object.
      var sign = index + 1
      if program.isSymbol(sign, ":"), program.isName(sign + 1), program.isSymbol(sign + 2, "=") {
        type = sign + 1
        sign += 2
      }
      guard program.isSymbol(sign, "="), !program.isSymbol(sign + 1, "="), !program.isSymbol(sign + 1, ">"),
        names.assignments[name] == nil
      else { continue }
      let value = expression(at: sign + 1)
      names.assignments[name] = value
      if isFunction(value) { names.functions[name] = value }
    }
  }

  private func isFunction(_ range: Range<Int>) -> Bool {
    range.prefix(24).contains { program.isSymbol($0, "=") && program.isSymbol($0 + 1, ">") }
      || range.prefix(2).contains { program.isName($0) && program.text($0) == "function" }
  }

  /// The tokens of a function: to the brace that closes the first one that opens behind its parameters.
  private func body(from start: Int) -> Range<Int> {
    guard braces.indices.contains(start) else { return start..<max(start, program.tokens.count) }
    return start..<max(start, program.end(ofBracketAt: braces[start]))
  }

  private func expression(at start: Int) -> Range<Int> {
    start..<(expressionEnds.indices.contains(start) ? expressionEnds[start] : max(start, program.tokens.count))
  }

  /// Finds where expressions end: at a semicolon or comma outside brackets, at a bracket that closes none of their own,
  /// or at a line's end behind which another statement starts. From the last token to the first, as an expression ends
  /// where the rest of it does.
  private mutating func measureExpressions() {
    let count = program.tokens.count
    expressionEnds = Array(repeating: count, count: count + 1)
    braces = Array(repeating: count, count: count + 1)
    for index in program.tokens.indices.reversed() {
      let next = program.end(ofBracketAt: index)
      if !program.isSymbol(index, ")") {
        braces[index] =
          program.isSymbol(index, "{") ? index : braces[program.isSymbol(index, "(") ? next : index + 1]
      }
      if program.isSymbol(index, ";") || program.isSymbol(index, ",") || program.closesBracket(index) {
        expressionEnds[index] = index
      } else {
        expressionEnds[index] = startsStatement(next) ? next : expressionEnds[next]
      }
    }
  }

  /// Whether a statement starts at a token without a semicolon before it.
  private func startsStatement(_ index: Int) -> Bool {
    guard program.isName(index), index > 0 else { return false }
    return (program.tokens[index - 1].isText || program.isSymbol(index - 1, "}"))
      && Self.statementWords.contains(program.text(index))
  }

  private static let statementWords: Set<String> = [
    "const", "let", "var", "function", "export", "import", "await", "return", "async", "class", "module", "if", "for",
  ]

  // MARK: Literals

  private func literals() -> [ProgramLiteral] {
    var literals: [ProgramLiteral] = []
    let tokens = program.tokens
    // Strings that `+` appends to one before them: what they hold is a part of its value. Where the whole is no DDL
    // (a hole may stand for a line break), the rest from the first operand that could start some is tried, once.
    var operands = Set<Int>()
    var retried = Set<Int>()
    var index = 0
    while index < tokens.count {
      guard tokens[index].isText, !operands.contains(index) else {
        index += 1
        continue
      }
      let start = index
      var text = JavaScriptText(in: code)
      text.append(tokens[index])
      // The strings within a template's holes are code of their own.
      var next = end(ofTextAt: index)
      var appended: [Int] = []
      while program.isSymbol(next, "+") {
        guard let following = append(next + 1, to: &text) else { break }
        if tokens[next + 1].isText { appended.append(next + 1) }
        next = following
      }
      operands.formUnion(appended)
      index += 1
      if EmbeddedSQL.definesSomething(text.value, holes: text.holes) {
        literals.append(ProgramLiteral(text: text.value, holes: text.holes, tokens: start..<next))
        index = next
      } else if !retried.contains(start), let rest = appended.first(where: mayDefineSomething) {
        operands.remove(rest)
        retried.insert(rest)
      }
    }
    return literals
  }

  private func mayDefineSomething(_ index: Int) -> Bool {
    EmbeddedSQL.mayDefineSomething(program.bytes[program.tokens[index].content])
  }

  /// The token behind a string, or behind a template and all that stands in its holes.
  private func end(ofTextAt index: Int) -> Int {
    let end = program.tokens[index].range.upperBound
    let behind = program.tokens[index...].partitioningIndex { $0.range.lowerBound >= end }
    return max(index + 1, behind)
  }

  /// Appends an operand of `+`: a literal, or a hole for a name or call. Returns the token behind it.
  private func append(_ index: Int, to text: inout JavaScriptText) -> Int? {
    guard index < program.tokens.count else { return nil }
    let token = program.tokens[index]
    if token.isText {
      text.append(token)
      return end(ofTextAt: index)
    }
    guard token.isName || program.isSymbol(index, "(") else { return nil }
    var next = program.end(ofBracketAt: index)
    while program.isSymbol(next, ".") || program.isSymbol(next, "(") || program.isSymbol(next, "[") {
      next = program.isSymbol(next, ".") ? next + 2 : program.end(ofBracketAt: next)
    }
    next = min(next, program.tokens.count)
    text.insert(
      token.range.lowerBound..<max(program.tokens[max(next - 1, index)].range.upperBound, token.range.upperBound))
    return next
  }
}
