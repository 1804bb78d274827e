import CPgQuery
import SourceText
import Values

/// One statement on its way into the catalogue: its text, its tokens, and the places of what it names.
struct StatementContext {
  let text: MappedText
  let tokens: [SQLToken]
  let leadingComments: [SQLToken]
  let innerComments: [SQLToken]
  let range: Range<Int>
  /// Where the parsed text starts: the parser's locations count from here.
  var base: Int { range.lowerBound }
  /// Set for statements that ran only if something could not be told held, and for those that dynamic SQL built.
  var condition: Reason?

  init(_ text: MappedText, _ statement: Statement) {
    self.text = text
    tokens = statement.tokens
    leadingComments = statement.leadingComments
    innerComments = statement.innerComments
    range = statement.range
  }

  var span: Span { text.span(range) }

  var bytes: [UInt8] { text.bytes }

  /// The token at or behind a location of the parser.
  func token(at location: Int32) -> Int? {
    guard location >= 0 else { return nil }
    let offset = base + Int(location)
    let index = tokens.partitioningIndex { $0.upper > offset }
    return index < tokens.count ? index : nil
  }

  /// The bytes of a possibly qualified name that starts at a token.
  func nameRange(from index: Int) -> Range<Int> {
    var last = index
    while last + 2 < tokens.count, bytes.isPunctuation(tokens[last + 1], "."),
      tokens[last + 2].kind == .word || tokens[last + 2].kind == .quotedName
    {
      last += 2
    }
    return tokens[index].lower..<tokens[last].upper
  }

  /// The place of the name that starts at a location of the parser; the statement's where it has none.
  func nameSpan(at location: Int32) -> Span {
    token(at: location).map { text.span(nameRange(from: $0)) } ?? span
  }

  /// The place of the name behind the first of the given keyword outside brackets, past `IF [NOT] EXISTS`.
  func nameSpan(after keyword: StaticString, skipping words: [String] = []) -> Span {
    guard var index = firstToplevel(keyword) else { return span }
    index += 1
    while index < tokens.count, tokens[index].kind == .word,
      ["if", "not", "exists", "concurrently"].contains(bytes.folded(tokens[index]))
        || words.contains(bytes.folded(tokens[index]))
    {
      index += 1
    }
    guard index < tokens.count else { return span }
    return text.span(nameRange(from: index))
  }

  /// The index of a keyword outside brackets, from a token on.
  func firstToplevel(_ keyword: StaticString, from start: Int = 0, to end: Int? = nil) -> Int? {
    var depth = 0
    var index = start
    while index < (end ?? tokens.count) {
      let token = tokens[index]
      if bytes.isPunctuation(token, "(") || bytes.isPunctuation(token, "[") {
        depth += 1
      } else if bytes.isPunctuation(token, ")") || bytes.isPunctuation(token, "]") {
        depth -= 1
      } else if depth == 0, bytes.isKeyword(token, keyword) {
        return index
      }
      index += 1
    }
    return nil
  }

  /// The index of the bracket that closes the one at `open`; the last token where none does.
  func closing(_ open: Int) -> Int {
    var depth = 0
    for index in open..<tokens.count {
      if bytes.isPunctuation(tokens[index], "(") { depth += 1 }
      if bytes.isPunctuation(tokens[index], ")") {
        depth -= 1
        if depth == 0 { return index }
      }
    }
    return tokens.count - 1
  }

  /// The expression in the brackets that follow a token, such as `USING (…)`.
  func expression(inBracketsAfter index: Int, constant: String? = nil) -> SQLExpression? {
    let open = index + 1
    guard open < tokens.count, bytes.isPunctuation(tokens[open], "(") else { return nil }
    return expression(tokens: open + 1..<closing(open), constant: constant)
  }

  /// The expression that the given tokens spell.
  func expression(tokens range: Range<Int>, constant: String? = nil) -> SQLExpression? {
    guard !range.isEmpty, range.lowerBound < tokens.count else { return nil }
    let upper = min(range.upperBound, tokens.count)
    var part = MappedText(file: text.file)
    part.append(text, tokens[range.lowerBound].lower..<tokens[upper - 1].upper)
    return SQLExpression(part, constant: constant)
  }

  /// The elements of a bracketed list, each as its tokens: `(a int, b text)`.
  func elements(inBracketsAt open: Int) -> [Range<Int>] {
    var elements: [Range<Int>] = []
    var start = open + 1
    var depth = 0
    var index = open
    while index < tokens.count {
      let token = tokens[index]
      if token.kind == .punctuation {
        switch bytes[token.lower] {
        case UInt8(ascii: "("), UInt8(ascii: "["): depth += 1
        case UInt8(ascii: ")"), UInt8(ascii: "]"):
          depth -= 1
          if depth == 0 {
            if start < index { elements.append(start..<index) }
            return elements
          }
        case UInt8(ascii: ",") where depth == 1:
          elements.append(start..<index)
          start = index + 1
        default: break
        }
      }
      index += 1
    }
    if start < index { elements.append(start..<index) }
    return elements
  }

  /// The list element in which a location of the parser stands: up to the comma or closing bracket behind it.
  func element(at location: Int32) -> Range<Int>? {
    guard let start = token(at: location) else { return nil }
    var depth = 0
    var index = start
    while index < tokens.count {
      let token = tokens[index]
      if token.kind == .punctuation {
        switch bytes[token.lower] {
        case UInt8(ascii: "("), UInt8(ascii: "["): depth += 1
        case UInt8(ascii: ")"), UInt8(ascii: "]"):
          depth -= 1
          if depth < 0 { return start..<index }
        case UInt8(ascii: ",") where depth == 0: return start..<index
        default: break
        }
      }
      index += 1
    }
    return start..<index
  }

  func span(ofTokens range: Range<Int>) -> Span {
    guard !range.isEmpty, range.lowerBound < tokens.count else { return span }
    return text.span(tokens[range.lowerBound].lower..<tokens[min(range.upperBound, tokens.count) - 1].upper)
  }
}
