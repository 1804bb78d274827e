import SourceText

/// A statement that could not be parsed, so that what it would have done is not known.
package struct UnparsedStatement: Hashable, Sendable {
  package let span: Span
  /// Where the grammar gave up.
  package let error: Span
  /// PostgreSQL's message.
  package let message: String
  /// The names that follow TABLE, ON, POLICY and the like, as written.
  package let mentions: [String]
  /// Its first words in lower case, at most eight: what it was about to do.
  package let words: [String]
  /// What in it only a later PostgreSQL than the grammar's (15) knows, which is no mistake: `JSON_TABLE`.
  package let newerFeature: String?
}
