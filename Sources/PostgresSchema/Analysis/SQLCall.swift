import SourceText

/// A call of a function as it is written somewhere in the SQL, read word by word.
package struct SQLCall: Hashable, Sendable {
  /// In lower case, without the schema.
  package let name: String
  /// Empty where it is not written.
  package let schema: String
  package let arguments: [Argument]
  /// From the function's name to its closing bracket.
  package let span: Span
  /// What the value is assigned to or compared with: the name before `:=` or `=`; empty where there is none.
  package let target: String
  /// In the text it was read from.
  let range: Range<Int>

  /// What stands between two commas.
  package struct Argument: Hashable, Sendable {
    package let text: String
    /// The value where the argument is nothing but a string.
    package let literal: String?
    /// The names in it, without qualifiers.
    package let names: [String]
    /// The functions it calls.
    package let functions: [String]
    /// The strings in it.
    package let strings: [String]
    package let span: Span
  }

  /// pgcrypto's functions that take a key or hash, PostgreSQL's own hashes, dblink's that take a connection string
  /// (PostgreSQL 15, F.28, 9.4, F.11), and uuid-ossp's (F.50).
  private static let noted: Set<String> = [
    "pgp_sym_encrypt", "pgp_sym_encrypt_bytea", "pgp_sym_decrypt", "pgp_sym_decrypt_bytea", "pgp_pub_encrypt",
    "pgp_pub_encrypt_bytea", "pgp_pub_decrypt", "pgp_pub_decrypt_bytea", "encrypt", "decrypt", "encrypt_iv",
    "decrypt_iv", "hmac", "digest", "crypt", "gen_salt", "md5", "sha224", "sha256", "sha384", "sha512", "dblink",
    "dblink_connect", "dblink_connect_u", "dblink_exec", "uuid_generate_v1", "uuid_generate_v1mc",
    "uuid_generate_v3", "uuid_generate_v4", "uuid_generate_v5",
  ]

  /// The call whose name stands at an index, before an opening bracket; nil for functions that are not noted.
  init?(_ tokens: [SQLToken], _ index: Int, _ text: MappedText) {
    let bytes = text.bytes
    let name = bytes.name(tokens[index])
    guard Self.noted.contains(name) else { return nil }
    var start = index
    var schema = ""
    if index > 1, bytes.isPunctuation(tokens[index - 1], ".") {
      schema = bytes.name(tokens[index - 2])
      start = index - 2
    }
    // `CREATE FUNCTION encrypt(…)` calls nothing.
    if start > 0 {
      let before = bytes.folded(tokens[start - 1])
      if ["function", "procedure", "into", "table", "on"].contains(before), before != "on" || schema.isEmpty == false {
        return nil
      }
    }
    var depth = 0
    var arguments: [Argument] = []
    var first = index + 2
    var end = index + 1
    for position in (index + 1)..<tokens.count {
      let token = tokens[position]
      end = position
      if bytes.isPunctuation(token, "(") || bytes.isPunctuation(token, "[") { depth += 1 }
      if bytes.isPunctuation(token, ")") || bytes.isPunctuation(token, "]") { depth -= 1 }
      if bytes.isPunctuation(token, ";") { return nil }
      guard depth == 0 || depth == 1 && bytes.isPunctuation(token, ",") else { continue }
      if first < position { arguments.append(Argument(tokens[first..<position], text)) }
      first = position + 1
      if depth == 0 { break }
    }
    guard depth == 0 else { return nil }
    self.name = name
    self.schema = schema
    self.arguments = arguments
    range = tokens[start].lower..<tokens[end].upper
    span = text.span(range)
    var target = ""
    if start > 1, [":=", "="].contains(bytes.text(tokens[start - 1])),
      [.word, .quotedName].contains(tokens[start - 2].kind)
    {
      target = bytes.name(tokens[start - 2])
    }
    self.target = target
  }
}

extension SQLCall.Argument {
  init(_ tokens: ArraySlice<SQLToken>, _ text: MappedText) {
    let bytes = text.bytes
    var names: [String] = []
    var functions: [String] = []
    var strings: [String] = []
    for (index, token) in zip(tokens.indices, tokens) {
      switch token.kind {
      case .string, .dollarString:
        if let value = StringLiteral.decoded(token, of: text) { strings.append(value.string) }
      case .word, .quotedName:
        let next = index + 1 < tokens.endIndex ? tokens[index + 1] : nil
        if next.map({ bytes.isPunctuation($0, ".") }) ?? false { continue }
        if next.map({ bytes.isPunctuation($0, "(") }) ?? false {
          functions.append(bytes.name(token))
        } else if index == tokens.startIndex || bytes.text(tokens[index - 1]) != "::" {
          names.append(bytes.name(token))
        }
      default: continue
      }
    }
    self.names = names
    self.functions = functions
    self.strings = strings
    // A cast does not make it less of a literal.
    let isLiteral =
      names.isEmpty && functions.isEmpty && strings.count == 1
      && (tokens.count == 1 || tokens.count > 2 && bytes.text(tokens[tokens.startIndex + 1]) == "::")
    literal = isLiteral ? strings.first : nil
    let range = (tokens.first?.lower ?? 0)..<(tokens.last?.upper ?? 0)
    self.text = bytes.text(range)
    span = text.span(range)
  }
}
