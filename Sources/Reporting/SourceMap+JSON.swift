import Findings
import SourceText

/// Places in blealint's own JSON; see ``JSONReport`` for the members.
extension SourceMap {
  /// A `location` of a place that has a name.
  func json(_ location: Location) -> JSONValue {
    [
      "path": .string(path(location.span.file)),
      "region": region(location.span),
      "logicalPath": .string(location.path),
      "kind": .string(location.kind),
      "constructPath": location.constructPath.map(JSONValue.string),
    ]
  }

  /// A `location` of a place without a name.
  func json(_ span: Span) -> JSONValue {
    ["path": .string(path(span.file)), "region": region(span)]
  }

  /// What is wrong with an input.
  func json(_ diagnostic: Diagnostic) -> JSONValue {
    [
      "id": .string(diagnostic.id),
      "severity": .string(diagnostic.severity.rawValue),
      "message": .string(diagnostic.message),
      "cure": diagnostic.cure.map(JSONValue.string),
      "location": diagnostic.span.map { json($0) },
      "path": diagnostic.span == nil ? diagnostic.path.map(JSONValue.string) : nil,
      "related": .array(diagnostic.related.map { ["message": .string($0.message), "location": json($0.span)] }),
    ]
  }

  /// A `region`; nil when the file is not held.
  func region(_ span: Span) -> JSONValue? {
    guard let (start, end) = positions(span) else { return nil }
    let source = self[span.file]?.source
    return [
      "start": json(start, offset: source?.offsetInFile(span.lower) ?? span.lower),
      "end": json(end, offset: source?.offsetInFile(span.upper) ?? span.upper),
    ]
  }

  private func json(_ position: Position, offset: Int) -> JSONValue {
    [
      "line": .int(position.line), "column": .int(position.column), "utf16Column": .int(position.utf16Column),
      "offset": .int(offset),
    ]
  }
}
