/// A token of an expression.
struct Token {
  enum Kind: Equatable {
    case identifier(String)
    /// A name in backticks, which may only select.
    case quotedIdentifier(String)
    case literal(Value)
    /// An operator or a bracket, and the keyword `in`.
    case symbol(Symbol)
    /// Something that was reported when it was read.
    case invalid
    case end
  }

  enum Symbol: String, CaseIterable {
    case leftParenthesis = "("
    case rightParenthesis = ")"
    case leftBracket = "["
    case rightBracket = "]"
    case leftBrace = "{"
    case rightBrace = "}"
    case dot = "."
    case comma = ","
    case colon = ":"
    case question = "?"
    case or = "||"
    case and = "&&"
    case not = "!"
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case equal = "=="
    case notEqual = "!="
    case `in` = "in"
    case plus = "+"
    case minus = "-"
    case star = "*"
    case slash = "/"
    case percent = "%"
  }

  let kind: Kind
  /// In bytes of the expression's text.
  let range: Range<Int>

  /// Words that the language keeps for itself; they may name members, but not variables or functions.
  static let reserved: Set<String> = [
    "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "package",
    "namespace", "return", "var", "void", "while",
  ]
}
