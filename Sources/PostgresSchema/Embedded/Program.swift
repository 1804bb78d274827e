import SourceText

/// What the lexers of all languages tell about a token.
protocol ProgramToken {
  /// Where it stands, in UTF-8 offsets.
  var range: Range<Int> { get }
  var isName: Bool { get }
  /// A single byte that is neither a name nor a string.
  var isSymbol: Bool { get }
}

/// The tokens of a program in a language other than SQL, and which of its brackets belong together.
struct Program<Token: ProgramToken> {
  let bytes: [UInt8]
  let tokens: [Token]
  /// Per token: the one behind the bracket that closes it, or behind itself where it opens none.
  private let ends: [Int]

  init(_ bytes: [UInt8], _ tokens: [Token]) {
    self.bytes = bytes
    self.tokens = tokens
    var ends = Array(1..<tokens.count + 1)
    var open: [Int] = []
    for (index, token) in tokens.enumerated() where token.isSymbol {
      switch bytes[token.range.lowerBound] {
      case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): open.append(index)
      case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"):
        if let last = open.popLast() { ends[last] = index + 1 }
      default: break
      }
    }
    for index in open { ends[index] = tokens.count }
    self.ends = ends
  }

  /// The text of a token; empty behind the last.
  func text(_ index: Int) -> String {
    tokens.indices.contains(index) ? bytes.text(tokens[index].range) : ""
  }

  func isName(_ index: Int) -> Bool { tokens.indices.contains(index) && tokens[index].isName }

  func isSymbol(_ index: Int, _ character: Unicode.Scalar) -> Bool {
    guard tokens.indices.contains(index), tokens[index].isSymbol else { return false }
    return bytes[tokens[index].range.lowerBound] == UInt8(ascii: character)
  }

  func opensBracket(_ index: Int) -> Bool {
    isSymbol(index, "(") || isSymbol(index, "[") || isSymbol(index, "{")
  }

  func closesBracket(_ index: Int) -> Bool {
    isSymbol(index, ")") || isSymbol(index, "]") || isSymbol(index, "}")
  }

  /// Behind the bracket that closes the one at `index`, else behind the token itself. Brackets of every kind count
  /// alike; one that is never closed ends with the program.
  func end(ofBracketAt index: Int) -> Int { ends.indices.contains(index) ? ends[index] : tokens.count }

  /// The tokens between a bracket and the one that closes it.
  func contents(ofBracketAt open: Int) -> Range<Int> {
    let end = end(ofBracketAt: open)
    return open + 1..<max(open + 1, closesBracket(end - 1) ? end - 1 : end)
  }
}

/// What a program's names stand for, each as a range of tokens.
struct ProgramNames {
  /// Functions and their bodies.
  var functions: [String: Range<Int>] = [:]
  /// Variables and the right side of their first assignment.
  var assignments: [String: Range<Int>] = [:]
  /// Variables of loops and what they run over.
  var loops: [String: Range<Int>] = [:]

  /// The name that each literal is assigned to, else the function it stands in.
  func names(of literals: [ProgramLiteral]) -> [String] {
    var variables = EnclosingNames(assignments.filter { functions[$0.key] != $0.value })
    var bodies = EnclosingNames(functions)
    return literals.map { literal in
      let function = bodies.innermost(at: literal.tokens.lowerBound)
      return variables.innermost(at: literal.tokens.lowerBound) ?? function ?? "string"
    }
  }
}

/// A string of a program that holds DDL, or several that the program joins.
struct ProgramLiteral {
  let text: MappedText
  /// Ranges of the text where the program inserts what is not known.
  let holes: [Range<Int>]
  /// Its tokens in the program.
  let tokens: Range<Int>
}

/// Finds the name of the innermost range around a position; positions are asked for in rising order.
private struct EnclosingNames {
  private var waiting: ArraySlice<(name: String, range: Range<Int>)>
  private var open: [(name: String, range: Range<Int>)] = []

  init(_ ranges: [String: Range<Int>]) {
    waiting =
      ranges.map { (name: $0.key, range: $0.value) }
      .sorted { ($0.range.lowerBound, $0.name) < ($1.range.lowerBound, $1.name) }[...]
  }

  /// The name whose range holds `position` and starts last.
  mutating func innermost(at position: Int) -> String? {
    while let next = waiting.first, next.range.lowerBound <= position {
      open.append(next)
      waiting.removeFirst()
    }
    while let last = open.last, last.range.upperBound <= position { open.removeLast() }
    return open.last?.name
  }
}
