/// One lexical element of JavaScript or TypeScript, as far as finding SQL in its strings needs it.
struct JavaScriptToken: ProgramToken {
  enum Kind {
    case name
    /// `'…'` or `"…"`: the parts between the quotes.
    case string
    /// A template literal: the text between its backticks and holes.
    case template(holes: [Range<Int>])
    /// Any other single byte.
    case symbol
    /// `/…/g`
    case regularExpression
  }

  let kind: Kind
  let range: Range<Int>
  /// Between the quotes, for strings and templates.
  let content: Range<Int>

  var isText: Bool {
    switch kind {
    case .string, .template: true
    default: false
    }
  }

  var isSymbol: Bool {
    if case .symbol = kind { true } else { false }
  }

  var isName: Bool {
    if case .name = kind { true } else { false }
  }

  var holes: [Range<Int>] {
    if case .template(let holes) = kind { holes } else { [] }
  }
}
