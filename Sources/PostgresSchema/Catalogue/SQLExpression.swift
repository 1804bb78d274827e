import SourceText

/// SQL text within an object: a default, a policy's condition, a function's body.
package struct SQLExpression: Hashable, Sendable {
  /// As written, comments and all.
  package let text: String
  package let span: Span
  /// The value where the expression is a constant, without its quotes; nil else, and for NULL.
  package let constant: String?
  /// The text with the way back to its file, to analyse further.
  package let source: MappedText

  package init(_ source: MappedText, constant: String? = nil) {
    text = source.string
    span = source.span(0..<source.bytes.count)
    self.constant = constant
    self.source = source
  }

  package static func == (a: SQLExpression, b: SQLExpression) -> Bool {
    a.span == b.span && a.text == b.text && a.constant == b.constant
  }

  package func hash(into hasher: inout Hasher) { hasher.combine(span) }
}
