/// A regular expression in RE2's syntax, matched in time linear in the text: all ways to match are followed at
/// once, so there are no back-references and nothing to backtrack.
struct RegularExpression: Sendable {
  /// Why a pattern does not compile.
  struct Mistake: Error, Hashable {
    /// A clause with its full stop, such as `the group is not closed.`
    let message: String
    /// Where, in code points of the pattern.
    let offset: Int
  }

  enum Instruction: Sendable {
    case scalar(Unicode.Scalar, isFolding: Bool)
    case set(Int, isFolding: Bool)
    case any(includingNewline: Bool)
    case split(Int, Int)
    case jump(Int)
    case assert(Assertion)
    case match
  }

  enum Assertion: Sendable {
    case textStart, textEnd, lineStart, lineEnd, wordBoundary, noWordBoundary
  }

  /// The longest program a pattern may compile to: counted repetitions multiply.
  static let sizeLimit = 5_000

  let instructions: [Instruction]
  let sets: [CharacterSet]
  /// The text to look for, when the pattern is nothing but that.
  private let literal: [UInt8]?

  static func compile(_ pattern: String) -> Result<RegularExpression, Mistake> {
    var parser = RegularExpressionParser(pattern)
    do throws(Mistake) {
      let tree = try parser.parse()
      var builder = RegularExpressionBuilder()
      try builder.append(tree)
      builder.instructions.append(.match)
      return .success(
        RegularExpression(instructions: builder.instructions, sets: builder.sets, literal: tree.literal))
    } catch {
      return .failure(error)
    }
  }

  private init(instructions: [Instruction], sets: [CharacterSet], literal: [UInt8]?) {
    self.instructions = instructions
    self.sets = sets
    self.literal = literal
  }

  /// What a match may cost, in steps of an evaluation: the time grows with the pattern as well as with the text.
  func steps(for text: String) -> Int {
    literal == nil ? instructions.count * text.utf8.count / 64 : text.utf8.count / 64
  }

  /// Whether the pattern matches some part of the text.
  func matches(_ text: String) -> Bool {
    if let literal { return Array(text.utf8).firstRange(of: literal, from: 0) != nil }
    let scalars = Array(text.unicodeScalars)
    var current = Threads(capacity: instructions.count)
    var next = Threads(capacity: instructions.count)
    for at in 0...scalars.count {
      // The pattern may begin to match at any place.
      if follow(0, &current, scalars, at) { return true }
      guard at < scalars.count else { return false }
      let scalar = scalars[at]
      next.removeAll()
      for thread in current.dense where consumes(instructions[thread], scalar) {
        if follow(thread + 1, &next, scalars, at + 1) { return true }
      }
      swap(&current, &next)
    }
    return false
  }

  private func consumes(_ instruction: Instruction, _ scalar: Unicode.Scalar) -> Bool {
    switch instruction {
    case .scalar(let wanted, let isFolding):
      scalar == wanted || (isFolding && scalar.folded == wanted.folded)
    case .set(let index, let isFolding): sets[index].contains(scalar, isFolding: isFolding)
    case .any(let includesNewline): includesNewline || scalar != "\n"
    default: false
    }
  }

  /// Adds the places reachable without consuming anything; true when the match is among them.
  private func follow(_ start: Int, _ threads: inout Threads, _ text: [Unicode.Scalar], _ at: Int) -> Bool {
    threads.pending.append(start)
    while let index = threads.pending.popLast() {
      guard threads.insert(index) else { continue }
      switch instructions[index] {
      case .match:
        threads.pending.removeAll(keepingCapacity: true)
        return true
      case .jump(let target): threads.pending.append(target)
      case .split(let a, let b):
        threads.pending.append(b)
        threads.pending.append(a)
      case .assert(let assertion): if holds(assertion, text, at) { threads.pending.append(index + 1) }
      case .scalar, .set, .any: break
      }
    }
    return false
  }

  private func holds(_ assertion: Assertion, _ text: [Unicode.Scalar], _ at: Int) -> Bool {
    switch assertion {
    case .textStart: return at == 0
    case .textEnd: return at == text.count
    case .lineStart: return at == 0 || text[at - 1] == "\n"
    case .lineEnd: return at == text.count || text[at] == "\n"
    case .wordBoundary, .noWordBoundary:
      let isBoundary = (at > 0 && text[at - 1].isWord) != (at < text.count && text[at].isWord)
      return isBoundary == (assertion == .wordBoundary)
    }
  }

  /// A set of places in the program with constant-time insertion and clearing.
  private struct Threads {
    private(set) var dense: [Int] = []
    private var sparse: [Int]
    var pending: [Int] = []

    init(capacity: Int) { sparse = Array(repeating: 0, count: capacity) }

    mutating func insert(_ index: Int) -> Bool {
      let at = sparse[index]
      if at < dense.count, dense[at] == index { return false }
      sparse[index] = dense.count
      dense.append(index)
      return true
    }

    mutating func removeAll() { dense.removeAll(keepingCapacity: true) }
  }
}

extension Unicode.Scalar {
  /// What counts as a word for `\w` and `\b`: ASCII only, as in RE2.
  var isWord: Bool {
    switch self {
    case "a"..."z", "A"..."Z", "0"..."9", "_": true
    default: false
    }
  }

  /// The letter without its case, where that is a single code point.
  var folded: Unicode.Scalar {
    if isASCII { return ("A"..."Z").contains(self) ? Unicode.Scalar(UInt8(value) + 0x20) : self }
    return upper.lower
  }

  var lower: Unicode.Scalar { single(properties.lowercaseMapping) }
  var upper: Unicode.Scalar { single(properties.uppercaseMapping) }

  private func single(_ mapping: String) -> Unicode.Scalar {
    let scalars = mapping.unicodeScalars
    return scalars.count == 1 ? scalars.first ?? self : self
  }
}
