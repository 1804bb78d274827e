/// In which order a program executes its literals, as far as its calls and names show it.
///
/// A call executes the literals among its arguments, those of the variables that stand there, and those in the bodies
/// of functions called there, through any number of names. The first call that reaches a token decides for it, so every
/// token is looked at once: names made of names made of names cost no more than their text.
struct ExecutionOrder<Token: ProgramToken> {
  private let program: Program<Token>
  private let names: ProgramNames
  /// In the order in which they stand; none overlaps another.
  private let literals: [ProgramLiteral]
  /// The call that executes each literal, as a token.
  private var calls: [Int?]
  private var unreadTokens: RemainingIndices
  private var unreachedLiterals: RemainingIndices

  /// The literals in the order in which calls of `executors`, the functions and methods that run SQL, execute them;
  /// those that no visible call executes stand at their own place.
  static func sources(
    of literals: [ProgramLiteral], in program: Program<Token>, _ names: ProgramNames, executors: Set<String>
  ) -> [SQLSource] {
    var order = ExecutionOrder(program, names, literals)
    for index in program.tokens.indices
    where program.isName(index) && program.isSymbol(index + 1, "(") && executors.contains(program.text(index)) {
      order.follow(program.contents(ofBracketAt: index + 1), from: index)
    }
    let inOrder = literals.indices.sorted { a, b in
      let left = order.calls[a] ?? literals[a].tokens.lowerBound
      let right = order.calls[b] ?? literals[b].tokens.lowerBound
      return (left, a) < (right, b)
    }
    let names = names.names(of: literals)
    return inOrder.enumerated().map { position, index in
      SQLSource(
        literals[index].text, name: names[index], continuesSession: position > 0, holes: literals[index].holes)
    }
  }

  private init(_ program: Program<Token>, _ names: ProgramNames, _ literals: [ProgramLiteral]) {
    self.program = program
    self.names = names
    self.literals = literals
    calls = Array(repeating: nil, count: literals.count)
    unreadTokens = RemainingIndices(count: program.tokens.count)
    unreachedLiterals = RemainingIndices(count: literals.count)
  }

  /// Marks what an expression's value comes from as executed by `call`.
  private mutating func follow(_ expression: Range<Int>, from call: Int) {
    var expressions = [expression]
    while let range = expressions.popLast() {
      while let index = unreadTokens.take(in: range) {
        if let literal = literal(at: index) {
          reach(literal..<literal + 1, from: call)
        } else if program.isName(index), !program.isSymbol(index - 1, ".") {
          let name = program.text(index)
          if let body = names.functions[name], program.isSymbol(index + 1, "("), !body.contains(index) {
            reach(firstLiteral(from: body.lowerBound)..<firstLiteral(from: body.upperBound), from: call)
          } else if let value = names.assignments[name], !value.contains(index) {
            expressions.append(value)
          } else if let value = names.loops[name], !value.contains(index) {
            expressions.append(value)
          }
        }
      }
    }
  }

  private mutating func reach(_ indices: Range<Int>, from call: Int) {
    while let literal = unreachedLiterals.take(in: indices) { calls[literal] = call }
  }

  /// The first literal that starts at a token or behind it.
  private func firstLiteral(from token: Int) -> Int {
    literals.partitioningIndex { $0.tokens.lowerBound >= token }
  }

  private func literal(at token: Int) -> Int? {
    let literal = firstLiteral(from: token + 1) - 1
    return literals.indices.contains(literal) && literals[literal].tokens.contains(token) ? literal : nil
  }
}

/// Indices that are taken one by one, never twice; finding the next one left takes almost constant time.
private struct RemainingIndices {
  /// Per index: itself while it is left, else one behind it from which to look on.
  private var next: [Int]

  init(count: Int) { next = Array(0...count) }

  /// Takes the first index left of a range.
  mutating func take(in range: Range<Int>) -> Int? {
    var index = max(0, range.lowerBound)
    while index < next.count - 1, next[index] != index {
      next[index] = next[next[index]]
      index = next[index]
    }
    guard index < min(range.upperBound, next.count - 1) else { return nil }
    next[index] = index + 1
    return index
  }
}
