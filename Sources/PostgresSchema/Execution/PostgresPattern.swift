/// A regular expression as PostgreSQL's `~` and `regexp_replace` read it, without captures, look-around and
/// non-greedy quantifiers.
///
/// It follows all ways through the text at once, so the time is bounded by the pattern's size times the square of the
/// text's length, whatever the pattern, and by the budget given.
struct PostgresPattern {
  indirect private enum Node {
    case set(Set<Unicode.Scalar>, ranges: [ClosedRange<Unicode.Scalar>], isNegated: Bool)
    case any
    case start, end
    case sequence([Node])
    case alternatives([Node])
    case repeated(Node, least: Int, most: Int?)
  }

  private let root: Node
  private let ignoresCase: Bool

  /// Patterns of more characters than this are not read.
  private static let lengthLimit = 2_000
  private static let repetitionLimit = 255

  /// nil where the pattern has what only a server can tell.
  init?(_ pattern: String, ignoresCase: Bool = false) {
    let scalars = Array((ignoresCase ? pattern.lowercased() : pattern).unicodeScalars)
    // `***` chooses another flavour.
    guard scalars.count <= Self.lengthLimit, !pattern.hasPrefix("***") else { return nil }
    var reader = Reader(scalars: scalars)
    guard let node = reader.alternatives(depth: 0), reader.position == scalars.count else { return nil }
    root = node
    self.ignoresCase = ignoresCase
  }

  /// Whether a text matches; nil where that takes more than the budget has left.
  func matches(_ text: String, within budget: EvaluationBudget) -> Bool? {
    let scalars = self.scalars(of: text)
    let isMatch = !ends(of: root, from: Set(0...scalars.count), in: scalars, budget).isEmpty
    return budget.isExhausted ? nil : isMatch
  }

  /// The text with the first match, or all of them, replaced; of several at one place the longest counts. nil where
  /// that takes more than the budget has left, or makes a text longer than any statement.
  func replacing(
    in text: String, by replacement: String, everywhere: Bool, within budget: EvaluationBudget
  ) -> String? {
    let original = Array(text.unicodeScalars)
    let scalars = self.scalars(of: text)
    // Lower case may have another length, as of `İ`.
    guard original.count == scalars.count else { return text }
    var result = String.UnicodeScalarView()
    var length = 0
    var position = 0
    var isDone = false
    while position <= scalars.count {
      guard !isDone, let end = ends(of: root, from: [position], in: scalars, budget).max() else {
        if position < original.count { result.append(original[position]) }
        position += 1
        continue
      }
      length += replacement.utf8.count
      guard length <= EvaluationBudget.textLimit else { return nil }
      result.append(contentsOf: replacement.unicodeScalars)
      isDone = !everywhere
      if end == position {
        if position < original.count { result.append(original[position]) }
        position += 1
      } else {
        position = end
      }
    }
    return budget.isExhausted ? nil : String(result)
  }

  private func scalars(of text: String) -> [Unicode.Scalar] {
    Array((ignoresCase ? text.lowercased() : text).unicodeScalars)
  }

  /// Where matches of a node can end that start at one of the places.
  private func ends(
    of node: Node, from places: Set<Int>, in text: [Unicode.Scalar], _ budget: EvaluationBudget
  ) -> Set<Int> {
    guard budget.spend(8 + 8 * places.count) else { return [] }
    switch node {
    case .set(let members, let ranges, let isNegated):
      return Set(
        places.lazy.filter { place in
          place < text.count
            && (members.contains(text[place]) || ranges.contains { $0.contains(text[place]) }) != isNegated
        }.map { $0 + 1 })
    case .any: return Set(places.lazy.filter { $0 < text.count }.map { $0 + 1 })
    case .start: return places.contains(0) ? [0] : []
    case .end: return places.contains(text.count) ? [text.count] : []
    case .sequence(let parts):
      var current = places
      for part in parts where !current.isEmpty { current = ends(of: part, from: current, in: text, budget) }
      return current
    case .alternatives(let choices):
      return choices.reduce(into: []) { $0.formUnion(ends(of: $1, from: places, in: text, budget)) }
    case .repeated(let inner, let least, let most):
      var current = places
      for _ in 0..<least where !current.isEmpty { current = ends(of: inner, from: current, in: text, budget) }
      var reached = current
      var count = least
      while !current.isEmpty, most.map({ count < $0 }) ?? true {
        current = ends(of: inner, from: current, in: text, budget).filter { !reached.contains($0) }
        reached.formUnion(current)
        count += 1
      }
      return reached
    }
  }

  // MARK: Reading

  private struct Reader {
    let scalars: [Unicode.Scalar]
    var position = 0

    private static let depthLimit = 50

    private var next: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
      guard next == scalar else { return false }
      position += 1
      return true
    }

    mutating func alternatives(depth: Int) -> Node? {
      guard depth < Self.depthLimit else { return nil }
      var choices: [Node] = []
      repeat {
        guard let choice = sequence(depth: depth) else { return nil }
        choices.append(choice)
      } while take("|")
      return choices.count == 1 ? choices[0] : .alternatives(choices)
    }

    private mutating func sequence(depth: Int) -> Node? {
      var parts: [Node] = []
      while let scalar = next, scalar != "|", scalar != ")" {
        guard let part = atom(depth: depth), let repeated = quantified(part) else { return nil }
        parts.append(repeated)
      }
      return .sequence(parts)
    }

    private mutating func atom(depth: Int) -> Node? {
      guard let scalar = next else { return nil }
      position += 1
      switch scalar {
      case "^": return .start
      case "$": return .end
      case ".": return .any
      case "[": return bracket()
      case "\\": return escape()
      case "*", "+", "?", "{": return nil
      case "(":
        if take("?"), !take(":") { return nil }
        guard let inner = alternatives(depth: depth + 1), take(")") else { return nil }
        return inner
      default: return .set([scalar], ranges: [], isNegated: false)
      }
    }

    private mutating func quantified(_ node: Node) -> Node? {
      var result: Node
      switch next {
      case "*": result = .repeated(node, least: 0, most: nil)
      case "+": result = .repeated(node, least: 1, most: nil)
      case "?": result = .repeated(node, least: 0, most: 1)
      case "{":
        position += 1
        guard let least = number() else { return nil }
        var most: Int? = least
        if take(",") { most = next == "}" ? nil : number() ?? -1 }
        guard next == "}", most.map({ $0 >= least }) ?? true else { return nil }
        result = .repeated(node, least: least, most: most)
      default: return node
      }
      position += 1
      // `*?` wants as little as possible; a second quantifier is an error.
      if let following = next, ["*", "+", "?", "{"].contains(following) { return nil }
      if case .repeated(.start, _, _) = result { return nil }
      if case .repeated(.end, _, _) = result { return nil }
      return result
    }

    private mutating func number() -> Int? {
      var value: Int?
      while let scalar = next, let digit = Int(String(scalar)), scalar.isASCII {
        value = (value ?? 0) * 10 + digit
        position += 1
        if let value, value > PostgresPattern.repetitionLimit { return nil }
      }
      return value
    }

    private static let digits: ClosedRange<Unicode.Scalar> = "0"..."9"
    private static let lower: ClosedRange<Unicode.Scalar> = "a"..."z"
    private static let upper: ClosedRange<Unicode.Scalar> = "A"..."Z"
    private static let blanks: Set<Unicode.Scalar> = [" ", "\t", "\n", "\r", "\u{0B}", "\u{0C}"]

    private mutating func escape() -> Node? {
      guard let scalar = next else { return nil }
      position += 1
      switch scalar {
      case "d": return .set([], ranges: [Self.digits], isNegated: false)
      case "D": return .set([], ranges: [Self.digits], isNegated: true)
      case "s": return .set(Self.blanks, ranges: [], isNegated: false)
      case "S": return .set(Self.blanks, ranges: [], isNegated: true)
      case "w": return .set(["_"], ranges: [Self.digits, Self.lower, Self.upper], isNegated: false)
      case "W": return .set(["_"], ranges: [Self.digits, Self.lower, Self.upper], isNegated: true)
      case "A": return .start
      case "Z": return .end
      case "n": return .set(["\n"], ranges: [], isNegated: false)
      case "t": return .set(["\t"], ranges: [], isNegated: false)
      case "r": return .set(["\r"], ranges: [], isNegated: false)
      default:
        // Letters and digits after a backslash mean something else; everything else means itself.
        let isWord = scalar.properties.isAlphabetic || Self.digits.contains(scalar)
        return isWord ? nil : .set([scalar], ranges: [], isNegated: false)
      }
    }

    /// `[a-z_]`, `[^…]`, `[[:alpha:]]`.
    private mutating func bracket() -> Node? {
      let isNegated = take("^")
      var members: Set<Unicode.Scalar> = []
      var ranges: [ClosedRange<Unicode.Scalar>] = []
      var isFirst = true
      while let scalar = next, scalar != "]" || isFirst {
        position += 1
        isFirst = false
        if scalar == "[", let kind = next, [":", ".", "="].contains(kind) {
          guard kind == ":", let (named, namedRanges) = characterClass() else { return nil }
          members.formUnion(named)
          ranges += namedRanges
          continue
        }
        guard let first = scalar == "\\" ? member(&members, &ranges) : .some(.some(scalar)) else { return nil }
        guard let first else { continue }
        guard next == "-", position + 1 < scalars.count, scalars[position + 1] != "]" else {
          members.insert(first)
          continue
        }
        position += 1
        guard let last = next, last != "[", last != "\\", first <= last else { return nil }
        position += 1
        ranges.append(first...last)
      }
      return take("]") ? .set(members, ranges: ranges, isNegated: isNegated) : nil
    }

    /// What stands behind a backslash in brackets: a character, or a class, which is added (an inner nil).
    private mutating func member(
      _ members: inout Set<Unicode.Scalar>, _ ranges: inout [ClosedRange<Unicode.Scalar>]
    ) -> Unicode.Scalar?? {
      guard case .set(let added, let addedRanges, false)? = escape() else { return nil }
      if addedRanges.isEmpty, added.count == 1, let only = added.first { return .some(only) }
      members.formUnion(added)
      ranges += addedRanges
      return .some(nil)
    }

    private mutating func characterClass() -> (Set<Unicode.Scalar>, [ClosedRange<Unicode.Scalar>])? {
      position += 1
      var name = ""
      while let scalar = next, scalar != ":" {
        name.unicodeScalars.append(scalar)
        position += 1
      }
      guard take(":"), take("]") else { return nil }
      switch name {
      case "alpha": return ([], [Self.lower, Self.upper])
      case "alnum": return ([], [Self.digits, Self.lower, Self.upper])
      case "digit": return ([], [Self.digits])
      case "lower": return ([], [Self.lower])
      case "upper": return ([], [Self.upper])
      case "space": return (Self.blanks, [])
      case "blank": return ([" ", "\t"], [])
      default: return nil
      }
    }
  }
}
