import SourceText

/// A value that PL/pgSQL or a query over the catalogue works with. What is not known is nil instead.
indirect enum Datum {
  case null
  case bool(Bool)
  case number(Int)
  case text(MappedText)
  case list([Datum])
  case row(Row)

  /// Columns of a query's result, or fields of a record.
  struct Row {
    var names: [String]
    /// nil: not known.
    var values: [Datum?]

    subscript(name: String) -> Datum?? {
      names.firstIndex(of: name).map { values[$0] }
    }
  }

  /// The value as text; nil for NULL and for what has no text.
  var string: String? {
    switch self {
    case .null, .list, .row: nil
    case .bool(let value): value ? "true" : "false"
    case .number(let value): String(value)
    case .text(let value): value.string
    }
  }

  var isNull: Bool {
    if case .null = self { true } else { false }
  }

  /// The value as text that maps back to where it came from.
  func mapped(in file: FileID, for range: Range<Int>) -> MappedText? {
    if case .text(let value) = self { return value }
    guard let string else { return nil }
    var text = MappedText(file: file)
    text.append(string.utf8, for: range)
    return text
  }

  /// Equality as SQL's `=` sees it: of texts, whatever the type; nil where one is NULL or has no text.
  func equals(_ other: Datum) -> Bool? {
    guard let a = string, let b = other.string else { return nil }
    return a == b
  }
}
