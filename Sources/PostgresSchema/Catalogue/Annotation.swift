import SourceText

/// `@blea key=value` in a comment on a table or column, or in a line comment on or above it.
package struct Annotation: Hashable, Sendable {
  /// `classification`, `pii`, `retention`, `exempt`, or any other word.
  package let key: String
  /// Without quotes; "" for a key alone.
  package let value: String
  /// The value's place, or the key's where there is no value.
  package let span: Span
  /// It stands in COMMENT ON's string, which a later COMMENT replaces, not in a line comment.
  package let isFromComment: Bool

  package init(key: String, value: String, span: Span, isFromComment: Bool) {
    self.key = key
    self.value = value
    self.span = span
    self.isFromComment = isFromComment
  }
}
