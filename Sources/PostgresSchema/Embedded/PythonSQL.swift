import SourceText

/// Looks through Python code for strings that hold DDL, and for the calls that execute them.
struct PythonSQL {
  private let code: MappedText
  private let bytes: [UInt8]
  private let tokens: [PythonToken]
  private var literals: [Literal] = []
  /// The tokens of each function's body, by name.
  private var functions: [String: Range<Int>] = [:]
  /// The tokens of the right side of each name's first assignment that has strings.
  private var assignments: [String: Range<Int>] = [:]
  /// What a loop's variable runs over.
  private var loops: [String: Range<Int>] = [:]

  /// One literal, or several in a row, that holds DDL.
  private struct Literal {
    let text: PythonText
    /// The literal's tokens.
    let tokens: Range<Int>
    /// The function it stands in, or the name it is assigned to.
    let name: String
  }

  /// Methods of database drivers that run SQL.
  private static let executors: Set<String> = [
    "execute", "executescript", "executemany", "execute_statement", "batch_execute_statement", "run", "query", "fetch",
    "run_sql", "execute_sql", "op_execute",
  ]

  init(_ code: MappedText) {
    self.code = code
    bytes = code.bytes
    tokens = PythonLexer.tokens(of: bytes)
    findNames()
    findLiterals()
  }

  /// The literals in order of execution; those that no visible call executes stand at their own place.
  var sources: [SQLSource] {
    var places: [Int: Int] = [:]
    for (index, token) in tokens.enumerated() where token.isName && PythonSQL.executors.contains(text(token)) {
      guard index + 1 < tokens.count, isSymbol(index + 1, "(") else { continue }
      for literal in executed(by: arguments(index + 1), depth: 0) where places[literal] == nil {
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

  private func text(_ token: PythonToken) -> String { bytes.text(token.range) }

  private func isSymbol(_ index: Int, _ character: Unicode.Scalar) -> Bool {
    guard tokens.indices.contains(index), case .symbol = tokens[index].kind else { return false }
    return bytes[tokens[index].range.lowerBound] == UInt8(ascii: character)
  }

  // MARK: Names

  private mutating func findNames() {
    for (index, token) in tokens.enumerated() where token.isName {
      switch text(token) {
      case "def":
        guard index + 1 < tokens.count, tokens[index + 1].isName else { continue }
        functions[text(tokens[index + 1])] = body(from: index)
      case "for":
        guard index + 2 < tokens.count, tokens[index + 1].isName, tokens[index + 2].isName,
          text(tokens[index + 2]) == "in"
        else { continue }
        loops[text(tokens[index + 1])] = index + 3..<endOfLine(from: index + 3)
      default:
        guard isSymbol(index + 1, "="), !isSymbol(index + 2, "="), index == 0 || tokens[index - 1].isNewline else {
          continue
        }
        let value = index + 2..<endOfLine(from: index + 2)
        if assignments[text(token)] == nil, value.contains(where: { tokens[$0].string != nil }) {
          assignments[text(token)] = value
        }
      }
    }
  }

  /// The tokens of a function: up to the next line that is indented no deeper than its `def`.
  private func body(from start: Int) -> Range<Int> {
    var index = start + 1
    while index < tokens.count {
      if tokens[index - 1].isNewline, !tokens[index].isNewline, tokens[index].indentation <= tokens[start].indentation {
        break
      }
      index += 1
    }
    return start..<index
  }

  private func endOfLine(from start: Int) -> Int {
    var index = start
    while index < tokens.count, !tokens[index].isNewline { index += 1 }
    return max(start, index)
  }

  // MARK: Literals

  private mutating func findLiterals() {
    var index = 0
    var enclosing: [(name: String, range: Range<Int>)] = functions.map { ($0.key, $0.value) }
    enclosing.sort { $0.range.lowerBound < $1.range.lowerBound }
    while index < tokens.count {
      guard tokens[index].string != nil else {
        index += 1
        continue
      }
      let start = index
      var strings: [PythonString] = []
      while index < tokens.count, let string = tokens[index].string {
        strings.append(string)
        index += 1
      }
      guard !isDocumentation(start, index) else { continue }
      let filling: PythonText.Filling =
        isSymbol(index, ".") && index + 1 < tokens.count && text(tokens[index + 1]) == "format"
        ? .braces : isSymbol(index, "%") ? .percent : .none
      let text = PythonText(strings, in: code, filling: filling)
      guard EmbeddedSQL.definesSomething(text.value, holes: text.holes) else { continue }
      let function = enclosing.last { $0.range.contains(start) }?.name
      let assigned = assignments.filter { $0.value.contains(start) }.map(\.key).min()
      literals.append(Literal(text: text, tokens: start..<index, name: assigned ?? function ?? "string"))
    }
  }

  /// A string that is a statement of its own.
  private func isDocumentation(_ start: Int, _ end: Int) -> Bool {
    (start == 0 || tokens[start - 1].isNewline) && (end >= tokens.count || tokens[end].isNewline)
  }

  // MARK: Execution

  /// The tokens between a bracket and the one that closes it.
  private func arguments(_ open: Int) -> Range<Int> {
    var depth = 0
    var index = open
    while index < tokens.count {
      if isSymbol(index, "(") { depth += 1 }
      if isSymbol(index, ")") {
        depth -= 1
        if depth == 0 { return open + 1..<max(open + 1, index) }
      }
      index += 1
    }
    return open + 1..<max(open + 1, tokens.count)
  }

  /// The literals that an expression's value comes from: its own, its variables' and those of functions it calls.
  private func executed(by range: Range<Int>, depth: Int) -> [Int] {
    guard depth < 5 else { return [] }
    var found: [Int] = []
    for index in range {
      if tokens[index].string != nil {
        found += literals.indices.filter { literals[$0].tokens.lowerBound == index }
        continue
      }
      guard tokens[index].isName, !isSymbol(index - 1, ".") else { continue }
      let name = text(tokens[index])
      if let body = functions[name], isSymbol(index + 1, "("), !body.contains(index) {
        found += literals.indices.filter { body.contains(literals[$0].tokens.lowerBound) }
      } else if let value = assignments[name], !value.contains(index) {
        found += executed(by: value, depth: depth + 1)
      } else if let value = loops[name], !value.contains(index) {
        found += executed(by: value, depth: depth + 1)
      }
    }
    return found
  }
}
