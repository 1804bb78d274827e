import SourceText

extension SQLExpression {
  /// The values that a check leaves to a name: `x IN ('a', 'b')`, `x = ANY (ARRAY['a'])`, `x = 'a' OR x = 'b'`, as
  /// written and as PostgreSQL prints them, with casts and brackets. Nil when the check has another form.
  package func values(allowedFor name: String) -> [String]? {
    let bytes = source.bytes
    var tokens: [SQLToken] = []
    var skipsType = false
    for token in SQLLexer.tokens(of: bytes) {
      if token.kind == .operator, bytes.text(token) == "::" {
        skipsType = true
        continue
      }
      if skipsType {
        let isType = token.kind == .word || token.kind == .quotedName || bytes.isPunctuation(token, ".")
        let startsAgain = ["in", "or", "and", "array", "any"].contains {
          token.kind == .word && bytes.folded(token) == $0
        }
        if isType, !startsAgain { continue }
        skipsType = false
      }
      if ["(", ")", "[", "]"].contains(bytes.text(token)) { continue }
      tokens.append(token)
    }
    return alternatives(tokens[...], name)
  }

  /// Reads `name IN 'a', 'b'`, `name = ANY ARRAY 'a', 'b'`, `name = 'a' OR name = 'b'`, brackets and casts taken away.
  private func alternatives(_ tokens: ArraySlice<SQLToken>, _ name: String) -> [String]? {
    let bytes = source.bytes
    var rest = tokens
    var values: [String] = []
    func isWord(_ word: StaticString) -> Bool { rest.first.map { bytes.isKeyword($0, word) } ?? false }
    repeat {
      if !values.isEmpty { rest = rest.dropFirst() }
      guard let subject = rest.first, subject.kind == .word || subject.kind == .quotedName,
        bytes.name(subject) == name || bytes.folded(subject) == name
      else { return nil }
      rest = rest.dropFirst()
      if rest.first.map({ bytes.text($0) == "=" }) ?? false {
        rest = rest.dropFirst()
        if isWord("any") || isWord("some") { rest = rest.dropFirst() }
        if isWord("array") { rest = rest.dropFirst() }
      } else if isWord("in") {
        rest = rest.dropFirst()
      } else {
        return nil
      }
      var expectsValue = true
      while let token = rest.first {
        if expectsValue {
          guard let value = StringLiteral.decoded(token, of: source)?.string else { return nil }
          values.append(value)
        } else if !bytes.isPunctuation(token, ",") {
          break
        }
        expectsValue.toggle()
        rest = rest.dropFirst()
      }
      if expectsValue { return nil }
    } while isWord("or")
    return rest.isEmpty ? values : nil
  }
}
