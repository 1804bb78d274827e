extension View {
  /// The columns that the view's query shows just as the relations have them, by their own names; `*` for all of a
  /// relation's. Nil where the query cannot be read.
  package var plainColumns: [String]? {
    guard let query, case .query(let parsed)? = TermReader.statement(query.source.bytes) else { return nil }
    var columns: [String] = []
    View.collect(parsed, into: &columns)
    return columns
  }

  private static func collect(_ query: Term.Query, into columns: inout [String]) {
    for target in query.targets {
      if case .column(let parts) = target.term.form, let name = parts.last, !columns.contains(name) {
        columns.append(name)
      }
    }
    for branch in query.branches { collect(branch, into: &columns) }
    // What an inner query shows can be shown on by name.
    for source in query.sources {
      if case .query(let inner) = source.form, columns.contains("*") { collect(inner, into: &columns) }
    }
  }
}
