import Findings
import SourceText

/// An exception written beside what it is about: a comment in a template or in SQL, or a resource's Metadata.
struct FindingException: Sendable {
  /// The rules it names, by id or name, each with its place.
  var rules: [Written<String>] = []
  /// Empty where none is given, which is a mistake.
  var reason = ""
  var approver: String?
  /// The last day on which it holds; nil where it has no end.
  var expires: String?
  /// The exception as written.
  let span: Span
  /// What it covers.
  let scope: Span
  /// What is wrong with it in itself: it is not in force then.
  var mistakes: [Mistake] = []

  /// Why an exception is not in force, whatever it names.
  struct Mistake: Sendable {
    /// The obligation of ``ExceptionRules`` that it breaks.
    let obligation: String
    let message: String
    let span: Span
  }

  /// An exception by its places.
  init(at span: Span, covering scope: Span) {
    self.span = span
    self.scope = scope
  }
}
