/// What the parser makes of one statement: a matter of its text alone, whatever was replayed before it.
enum StatementReading: Sendable {
  case parsed(SyntaxTree)
  case rejected(SyntaxTree.Failure)
  /// It is more than ``ParsingLimits`` allow; why, as a clause.
  case excessive(String)

  init(_ statement: Statement, in bytes: [UInt8], limits: ParsingLimits) {
    if let excess = limits.excess(of: statement.tokens[...], in: bytes) {
      self = .excessive(excess)
      return
    }
    switch SyntaxTree.parse(bytes[statement.range]) {
    case .success(let tree): self = .parsed(tree)
    case .failure(let failure): self = .rejected(failure)
    }
  }
}
