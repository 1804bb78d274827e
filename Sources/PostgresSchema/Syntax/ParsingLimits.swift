/// How much of a statement the parser is given: its recursion must stay within any thread's stack (measured: chains
/// of 3,000 terms overflow 512 kB, of 50,000 terms 8 MB).
package struct ParsingLimits: Hashable, Sendable {
  /// Bytes of one statement.
  package var statementSize = 256 * 1024
  /// Operators and keywords in one statement that can each make the tree one level deeper.
  package var chainLength = 1_500
  /// Brackets within brackets.
  package var nesting = 400

  package static let standard = ParsingLimits()

  package init() {}

  /// Why a statement is too much, as a clause; nil when it is not.
  func excess(of tokens: ArraySlice<SQLToken>, in bytes: [UInt8]) -> String? {
    guard let first = tokens.first, let last = tokens.last else { return nil }
    if last.upper - first.lower > statementSize {
      return "is longer than \(statementSize / 1024) kB"
    }
    var chain = 0
    var depth = 0
    for token in tokens {
      switch token.kind {
      case .operator:
        chain += 1
      case .word:
        if ParsingLimits.links.contains(token, in: bytes) { chain += 1 }
      case .punctuation:
        switch bytes[token.lower] {
        case UInt8(ascii: "("), UInt8(ascii: "["):
          depth += 1
          chain += bytes[token.lower] == UInt8(ascii: "[") ? 1 : 0
        case UInt8(ascii: ")"), UInt8(ascii: "]"): depth -= 1
        default: break
        }
      default: break
      }
      if depth > nesting { return "nests more than \(nesting) brackets" }
      if chain > chainLength { return "chains more than \(chainLength) operators" }
    }
    return nil
  }

  private static let links: KeywordSet = [
    "and", "or", "not", "union", "except", "intersect", "join", "case", "select", "is", "like", "ilike", "similar",
    "between", "in", "collate", "at", "isnull", "notnull", "overlaps", "operator",
  ]
}
