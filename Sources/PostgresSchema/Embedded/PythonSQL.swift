import SourceText

/// Looks through Python code for strings that hold DDL, and for the calls that execute them.
struct PythonSQL {
  private let code: MappedText
  private let program: Program<PythonToken>
  private var names = ProgramNames()

  /// Methods of database drivers that run SQL.
  private static let executors: Set<String> = [
    "execute", "executescript", "executemany", "execute_statement", "batch_execute_statement", "run", "query", "fetch",
    "run_sql", "execute_sql", "op_execute",
  ]

  /// The strings of a program that hold DDL, in order of execution.
  static func sources(of code: MappedText) -> [SQLSource] {
    var reader = PythonSQL(code)
    let literals = reader.literals()
    guard !literals.isEmpty else { return [] }
    reader.findNames()
    return ExecutionOrder.sources(of: literals, in: reader.program, reader.names, executors: executors)
  }

  private init(_ code: MappedText) {
    self.code = code
    program = Program(code.bytes, PythonLexer.tokens(of: code.bytes))
  }

  // MARK: Names

  /// Definitions and assignments count where a line starts with them, as Python's grammar wants it.
  private mutating func findNames() {
    for line in lines() {
      let first = line.lowerBound
      let definition = program.text(first) == "async" ? first + 1 : first
      if program.text(definition) == "def", program.isName(definition + 1) {
        names.functions[program.text(definition + 1)] = body(from: first)
      } else if program.isName(first), program.isSymbol(first + 1, "="), !program.isSymbol(first + 2, "=") {
        let value = first + 2..<line.upperBound
        if names.assignments[program.text(first)] == nil,
          value.contains(where: { program.tokens[$0].string != nil })
        {
          names.assignments[program.text(first)] = value
        }
      }
      for index in line.dropLast(2)
      where program.isName(index + 1) && program.text(index) == "for" && program.text(index + 2) == "in" {
        names.loops[program.text(index + 1)] = index + 3..<line.upperBound
      }
    }
  }

  /// The tokens of each logical line, without the line break; lines without any are left out.
  private func lines() -> [Range<Int>] {
    program.tokens.indices.split { program.tokens[$0].isNewline }.map { $0.startIndex..<$0.endIndex }
  }

  /// The tokens of a function: up to the next line that is indented no deeper than its `def`.
  private func body(from start: Int) -> Range<Int> {
    let tokens = program.tokens
    var index = start + 1
    while index < tokens.count {
      if tokens[index - 1].isNewline, !tokens[index].isNewline, tokens[index].indentation <= tokens[start].indentation {
        break
      }
      index += 1
    }
    return start..<index
  }

  // MARK: Literals

  private func literals() -> [ProgramLiteral] {
    var literals: [ProgramLiteral] = []
    let tokens = program.tokens
    var index = 0
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
        program.isSymbol(index, ".") && program.text(index + 1) == "format"
        ? .braces : program.isSymbol(index, "%") ? .percent : .none
      let text = PythonText(strings, in: code, filling: filling)
      guard EmbeddedSQL.definesSomething(text.value, holes: text.holes) else { continue }
      literals.append(ProgramLiteral(text: text.value, holes: text.holes, tokens: start..<index))
    }
    return literals
  }

  /// A string that is a statement of its own.
  private func isDocumentation(_ start: Int, _ end: Int) -> Bool {
    (start == 0 || program.tokens[start - 1].isNewline)
      && (end >= program.tokens.count || program.tokens[end].isNewline)
  }
}
