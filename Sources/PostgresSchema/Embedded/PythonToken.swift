/// One lexical element of Python code, as far as finding SQL in its strings needs it.
struct PythonToken: ProgramToken {
  enum Kind {
    case name
    /// A string literal with its prefix and quotes.
    case string(PythonString)
    /// Any other single byte.
    case symbol
    /// The end of a logical line; line breaks within brackets are none.
    case newline
  }

  let kind: Kind
  let range: Range<Int>
  /// The column at which the token's logical line starts.
  let indentation: Int

  var string: PythonString? {
    if case .string(let string) = kind { string } else { nil }
  }

  var isSymbol: Bool {
    if case .symbol = kind { true } else { false }
  }

  var isName: Bool {
    if case .name = kind { true } else { false }
  }

  var isNewline: Bool {
    if case .newline = kind { true } else { false }
  }
}

/// How a Python string literal is to be read.
struct PythonString {
  /// Between the quotes.
  let content: Range<Int>
  /// `r'…'`: backslashes stand for themselves.
  let isRaw: Bool
  /// `f'…'`: braces hold expressions.
  let isFormatted: Bool
  let isBytes: Bool
}
