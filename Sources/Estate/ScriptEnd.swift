import CEL
import PostgresSchema
import SourceText
import Synchronization

/// The end of a file of SQL, where a statement can be added.
package struct ScriptEnd: Sendable {
  /// The empty region behind the last byte that is executed.
  package let span: Span
  /// What has to stand in front of a statement that is added: a line end, a semicolon.
  package let lead: String

  /// The end of a text; files that a tool runs in parts (up, down) end where what goes up ends.
  init(of text: MappedText) {
    span = text.span(text.bytes.count..<text.bytes.count)
    var lead = text.bytes.last.map { $0 == UInt8(ascii: "\n") } ?? true ? "" : "\n"
    if let last = StatementSplitter.split(text).last {
      let next = text.bytes[last.range.upperBound...].first { !Self.isSpace($0) }
      // One semicolon too many does no harm.
      if next != UInt8(ascii: ";") { lead += ";\n" }
    }
    self.lead = lead
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}

/// The ends of files, looked for once: several findings may add to one file.
final class ScriptEndTable: Sendable {
  private let ends = Mutex<[FileID: ScriptEnd?]>([:])

  func end(of file: FileID, _ find: () -> ScriptEnd?) -> ScriptEnd? {
    ends.withLock { ends in
      if let known = ends[file] { return known }
      let end = find()
      ends[file] = .some(end)
      return end
    }
  }
}

extension EstateReader {
  /// Where a statement can be added to the file of SQL that a path of members stands in. Nil for SQL in the code of a
  /// function, whose literals are not ours to write, and for a versioned file that others follow: a migration tool has
  /// run it, and refuses it when it changes.
  package func scriptEnd(of value: Value, members: [String]) -> ScriptEnd? {
    guard let file = place(of: value, members: members)?.span.file else { return nil }
    if scriptsByFile == nil {
      scriptsByFile = Dictionary(grouping: estate.catalogue.sources.indices) { estate.catalogue.sources[$0].text.file }
    }
    return estate.scriptEnds.end(of: file) {
      guard let known = estate.sourcesByFile[file]?.first, known.function == nil, known.range == nil,
        let scripts = scriptsByFile?[file], scripts.count == 1, let index = scripts.first
      else { return nil }
      let source = estate.catalogue.sources[index]
      let isLast = index == estate.catalogue.sources.count - 1
      guard source.holes.isEmpty, !source.isVersioned || isLast else { return nil }
      return ScriptEnd(of: source.text)
    }
  }
}
