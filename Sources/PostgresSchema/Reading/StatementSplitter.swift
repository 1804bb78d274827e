import SourceText

/// Cuts SQL text into statements as psql does: a semicolon ends one outside quotes, parentheses and `BEGIN ATOMIC`
/// bodies; data behind `COPY … FROM stdin` and backslash commands belong to none.
package struct StatementSplitter {
  private let text: MappedText
  private var lexer: SQLLexer
  private var statements: [Statement] = []
  private var tokens: [SQLToken] = []
  private var comments: [SQLToken] = []
  private var parentheses = 0
  private var bodyDepth = 0
  private var isRoutine = false

  package static func split(_ text: MappedText) -> [Statement] {
    var splitter = StatementSplitter(text)
    splitter.run()
    return splitter.statements
  }

  private init(_ text: MappedText) {
    self.text = text
    lexer = SQLLexer(text.bytes, readsMetaCommands: true)
    if text.bytes.starts(with: [0xEF, 0xBB, 0xBF]) { lexer.skip(to: 3) }
  }

  private mutating func run() {
    while let token = lexer.next() {
      switch token.kind {
      case .lineComment, .blockComment:
        if trailsStatement(token) {
          statements[statements.count - 1].innerComments.append(token)
        } else {
          comments.append(token)
        }
      case .metaCommand:
        if sendsStatement(token) {
          finish(endingAt: token.lower)
        } else if tokens.isEmpty {
          comments.removeAll()
        }
      case .punctuation:
        punctuation(token)
      case .word:
        tokens.append(token)
        noteBody(token)
      default:
        tokens.append(token)
      }
    }
    finish(endingAt: text.bytes.count)
  }

  /// Whether a comment stands on the line on which the statement before it ends.
  private func trailsStatement(_ comment: SQLToken) -> Bool {
    guard tokens.isEmpty, comments.isEmpty, let last = statements.last else { return false }
    return !text.bytes[last.range.upperBound..<comment.lower].contains(0x0A)
  }

  private mutating func punctuation(_ token: SQLToken) {
    switch text.bytes[token.lower] {
    case UInt8(ascii: "("):
      parentheses += 1
    case UInt8(ascii: ")"):
      parentheses = max(0, parentheses - 1)
    case UInt8(ascii: ";") where parentheses == 0 && bodyDepth == 0:
      let copiesData = readsCopyData
      finish(endingAt: token.lower)
      if copiesData { skipCopyData(from: token.upper) }
      return
    default:
      break
    }
    tokens.append(token)
  }

  /// Follows `BEGIN ATOMIC … CASE … END … END` as psql does: only in CREATE FUNCTION and CREATE PROCEDURE.
  private mutating func noteBody(_ token: SQLToken) {
    if tokens.count <= 4, spells(token, "function") || spells(token, "procedure") {
      isRoutine = tokens.first.map { spells($0, "create") } ?? false
    }
    guard isRoutine, parentheses == 0 else { return }
    if spells(token, "begin") || (bodyDepth > 0 && spells(token, "case")) {
      bodyDepth += 1
    } else if bodyDepth > 0, spells(token, "end") {
      bodyDepth -= 1
    }
  }

  private func spells(_ token: SQLToken, _ keyword: StaticString) -> Bool {
    text.bytes.isKeyword(token, keyword)
  }

  /// `\g` and its kin send what has been typed; other commands leave it.
  private func sendsStatement(_ token: SQLToken) -> Bool {
    token.range.count >= 2 && text.bytes[token.lower + 1] == UInt8(ascii: "g")
  }

  private var readsCopyData: Bool {
    guard let first = tokens.first, spells(first, "copy") else { return false }
    for (index, token) in tokens.enumerated().dropLast() where spells(token, "from") {
      if spells(tokens[index + 1], "stdin") { return true }
    }
    return false
  }

  private mutating func skipCopyData(from offset: Int) {
    let bytes = text.bytes
    var line = offset
    while line < bytes.count, bytes[line] != 0x0A { line += 1 }
    line += 1
    while line < bytes.count {
      var end = line
      while end < bytes.count, bytes[end] != 0x0A { end += 1 }
      let content = bytes[line..<end]
      line = end + 1
      if content.starts(with: [UInt8(ascii: "\\"), UInt8(ascii: ".")]), content.count <= 3 { break }
    }
    lexer.skip(to: line)
  }

  private mutating func finish(endingAt end: Int) {
    if let first = tokens.first, let last = tokens.last {
      statements.append(
        Statement(
          range: first.lower..<max(last.upper, first.upper), tokens: tokens,
          leadingComments: comments.filter { $0.upper <= first.lower },
          innerComments: comments.filter { $0.lower >= first.lower && $0.upper <= end }))
      comments.removeAll()
    }
    tokens.removeAll()
    parentheses = 0
    bodyDepth = 0
    isRoutine = false
  }
}
