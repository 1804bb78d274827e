import SourceText

/// Something in the SQL that older versions of PostgreSQL do not know.
package struct VersionFeature: Hashable, Sendable {
  /// As PostgreSQL's release notes call it: `MERGE`, `security_invoker`.
  package let name: String
  /// The first versions that know it, one for each major version that got it later than at its start; all later major
  /// versions know it too. From the release notes (https://www.postgresql.org/docs/release/), of `pg_columnmask` from
  /// the Aurora PostgreSQL release notes.
  package let since: [String]
  package let span: Span

  /// Consecutive words of a statement that tell of a feature; `(` is itself.
  private struct Pattern {
    let name: String
    let since: [String]
    let words: [String]
    /// The statement begins with the words.
    var isAtStart = false
    /// The statement begins with CREATE.
    var isInCreate = false
  }

  private static let patterns: [Pattern] = [
    Pattern(name: "identity columns", since: ["10"], words: ["as", "identity"], isInCreate: true),
    Pattern(name: "EXECUTE FUNCTION", since: ["11"], words: ["execute", "function"], isInCreate: true),
    Pattern(name: "procedures", since: ["11"], words: ["create", "procedure"], isAtStart: true),
    Pattern(name: "procedures", since: ["11"], words: ["create", "or", "replace", "procedure"], isAtStart: true),
    Pattern(name: "generated columns", since: ["12"], words: ["generated", "always", "as", "("], isInCreate: true),
    Pattern(name: "gen_random_uuid()", since: ["13"], words: ["gen_random_uuid", "("]),
    Pattern(
      name: "CREATE OR REPLACE TRIGGER", since: ["14"], words: ["create", "or", "replace", "trigger"], isAtStart: true),
    Pattern(name: "BEGIN ATOMIC", since: ["14"], words: ["begin", "atomic"], isInCreate: true),
    Pattern(name: "security_invoker", since: ["15"], words: ["security_invoker"]),
    Pattern(name: "MERGE", since: ["15"], words: ["merge", "into"]),
    Pattern(name: "NULLS NOT DISTINCT", since: ["15"], words: ["nulls", "not", "distinct"]),
    Pattern(name: "privileges on parameters", since: ["15"], words: ["set", "on", "parameter"]),
    Pattern(name: "GRANT WITH INHERIT", since: ["16"], words: ["with", "inherit", "true"]),
    Pattern(name: "GRANT WITH INHERIT", since: ["16"], words: ["with", "inherit", "false"]),
    Pattern(name: "GRANT WITH SET", since: ["16"], words: ["with", "set", "true"]),
    Pattern(name: "GRANT WITH SET", since: ["16"], words: ["with", "set", "false"]),
    Pattern(name: "MAINTAIN", since: ["17"], words: ["grant", "maintain"], isAtStart: true),
    Pattern(name: "JSON_TABLE", since: ["17"], words: ["json_table", "("]),
    Pattern(name: "uuidv7()", since: ["18"], words: ["uuidv7", "("]),
    Pattern(name: "WITHOUT OVERLAPS", since: ["18"], words: ["without", "overlaps"]),
    Pattern(name: "NOT ENFORCED", since: ["18"], words: ["not", "enforced"]),
    Pattern(name: "pg_columnmask", since: ["16.10", "17.6"], words: ["extension", "pg_columnmask"]),
    Pattern(
      name: "pg_columnmask", since: ["16.10", "17.6"], words: ["extension", "if", "not", "exists", "pg_columnmask"]),
  ]

  /// By their first words, so that most words of a text are looked up once.
  private static let byFirstWord = Dictionary(grouping: patterns) { $0.words[0] }

  /// The features that some SQL uses, function bodies included, in the order in which they stand. Where the extension
  /// pgcrypto is created, `gen_random_uuid` is its own, which it has had since long before.
  static func find(in sources: [SQLSource], hasPgcrypto: Bool) -> [VersionFeature] {
    var found: [VersionFeature] = []
    for source in sources {
      for statement in StatementSplitter.split(source.text) {
        find(in: statement.tokens, of: source.text, hasPgcrypto: hasPgcrypto, &found)
        for token in statement.tokens where token.kind == .dollarString {
          guard let body = StringLiteral.decoded(token, of: source.text) else { continue }
          find(in: SQLLexer.tokens(of: body.bytes), of: body, hasPgcrypto: hasPgcrypto, &found)
        }
      }
    }
    return found
  }

  /// What a statement that PostgreSQL 15's grammar rejects has of a later version.
  static func newerThanGrammar(_ tokens: [SQLToken], of text: MappedText, rejectedWith message: String) -> String? {
    // PostgreSQL 16 gives such a subquery a name of its own.
    if message.hasSuffix("in FROM must have an alias") { return "a subquery in FROM without an alias" }
    var found: [VersionFeature] = []
    find(in: tokens, of: text, hasPgcrypto: true, &found)
    if let feature = found.first(where: { $0.since.allSatisfy { $0 >= "16" } }) { return feature.name }
    return message.hasSuffix("\"VIRTUAL\"") || message.hasSuffix("\"virtual\"") ? "a virtual generated column" : nil
  }

  private static func find(
    in tokens: [SQLToken], of text: MappedText, hasPgcrypto: Bool, _ found: inout [VersionFeature]
  ) {
    let bytes = text.bytes
    let isCreate = tokens.first.map { bytes.isKeyword($0, "create") || bytes.isKeyword($0, "alter") } ?? false
    for (index, token) in tokens.enumerated() where token.kind == .word {
      for pattern in byFirstWord[bytes.folded(token)] ?? [] {
        guard !pattern.isAtStart || index == 0, !pattern.isInCreate || isCreate,
          index + pattern.words.count <= tokens.count,
          zip(pattern.words, tokens[index...]).allSatisfy({ matches($0, $1, bytes) })
        else { continue }
        if hasPgcrypto, pattern.name == "gen_random_uuid()" { continue }
        let last = tokens[index + pattern.words.count - 1]
        let end = bytes.isPunctuation(last, "(") ? token.upper : last.upper
        found.append(
          VersionFeature(name: pattern.name, since: pattern.since, span: text.span(token.lower..<end)))
      }
    }
  }

  private static func matches(_ word: String, _ token: SQLToken, _ bytes: [UInt8]) -> Bool {
    word == "(" ? bytes.isPunctuation(token, "(") : token.kind == .word && bytes.folded(token) == word
  }
}
