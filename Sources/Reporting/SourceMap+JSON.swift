import Findings
import SourceText

/// Places in blealint's own JSON; see ``JSONReport`` for the members.
extension SourceMap {
  /// Writes the members of a `location` of a place that has a name.
  func writeMembers(of location: Location, to json: inout JSONWriter) {
    writeMembers(of: location.span, to: &json)
    json.member("logicalPath", location.path)
    json.member("kind", location.kind)
    json.member("constructPath", location.constructPath)
  }

  /// Writes the members of a `location` of a place without a name.
  func writeMembers(of span: Span, to json: inout JSONWriter) {
    json.member("path", path(span.file))
    writeRegion(span, to: &json)
  }

  /// Writes the members of what is wrong with an input.
  func writeMembers(of diagnostic: Diagnostic, to json: inout JSONWriter) {
    json.member("id", diagnostic.id)
    json.member("severity", diagnostic.severity.rawValue)
    json.member("message", diagnostic.message)
    json.member("cure", diagnostic.cure)
    if let span = diagnostic.span {
      json.object("location") { writeMembers(of: span, to: &$0) }
    } else {
      json.member("path", diagnostic.path)
    }
    json.objects("related", diagnostic.related) { json, related in
      json.member("message", related.message)
      json.object("location") { writeMembers(of: related.span, to: &$0) }
    }
  }

  /// Writes the member `region`; nothing when the file is not held.
  func writeRegion(_ span: Span, to json: inout JSONWriter) {
    guard let (start, end) = positions(span) else { return }
    let source = self[span.file]?.source
    json.object("region") { json in
      for (name, position, offset) in [("start" as StaticString, start, span.lower), ("end", end, span.upper)] {
        json.object(name) { json in
          json.member("line", position.line)
          json.member("column", position.column)
          json.member("utf16Column", position.utf16Column)
          json.member("offset", source?.offsetInFile(offset) ?? offset)
        }
      }
    }
  }
}
