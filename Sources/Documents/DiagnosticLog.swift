import SourceText

/// Gathers what is wrong with one file, up to a limit, and puts it in order.
struct DiagnosticLog {
  private let file: FileID
  private let limit: Int
  private var diagnostics: [Diagnostic] = []
  /// The gravest of those that there was no room for.
  private var dropped: Diagnostic.Severity?

  init(file: FileID, limit: Int) {
    self.file = file
    self.limit = limit
  }

  /// Whether what is added now is dropped, but for a word that there was more.
  var isFull: Bool { dropped != nil }

  mutating func add(
    _ id: String, _ message: String, cure: String?, at range: Range<Int>, related: [Diagnostic.Related] = [],
    severity: Diagnostic.Severity = .error
  ) {
    guard diagnostics.count < limit else {
      dropped = max(dropped ?? severity, severity)
      return
    }
    diagnostics.append(
      Diagnostic(id, severity, message, cure: cure, at: Span(file, range), related: related))
  }

  /// In the order of their places; at one place in the order found.
  func sorted() -> [Diagnostic] {
    var result = diagnostics.enumerated().sorted {
      let (a, b) = ($0.element.span?.lower ?? 0, $1.element.span?.lower ?? 0)
      return a == b ? $0.offset < $1.offset : a < b
    }.map(\.element)
    if let dropped, let last = result.last {
      result.append(
        Diagnostic(
          "too-many-problems", dropped, "More than '\(limit)' problems were found; the rest is not shown.",
          cure: "Mend these first.", at: last.span))
    }
    return result
  }
}
