import Findings
import SourceText

/// The sources that a report cites, with their line tables: the edge where offsets become lines and columns.
struct SourceMap {
  /// A cited file.
  struct Entry {
    let source: SourceFile
    let lines: LineTable
  }

  private var entries: [FileID: Entry] = [:]
  private var paths: [FileID: String] = [:]

  /// Line tables are made for the cited files only: most files of a project are never quoted.
  init(_ sources: [SourceFile], citing files: Set<FileID>) {
    for source in sources {
      paths[source.id] = source.path
      if files.contains(source.id) { entries[source.id] = Entry(source: source, lines: LineTable(source.bytes)) }
    }
  }

  /// The sources of a report, for its findings and diagnostics, and for its judgements where they are listed.
  init(_ report: Report, withJudgements: Bool) {
    var files: Set<FileID> = []
    func cite(_ location: Location?) {
      if let location { files.insert(location.span.file) }
    }
    for aside in report.setAside { if let suppression = aside.suppression { files.insert(suppression.span.file) } }
    for finding in report.findings + report.setAside.map(\.finding) {
      cite(finding.primary)
      finding.related.forEach { cite($0.location) }
      finding.steps.forEach { cite($0.location) }
      for reason in finding.reasons { if let span = reason.location { files.insert(span.file) } }
      for fix in finding.fixes { for edit in fix.edits { files.insert(edit.span.file) } }
    }
    for diagnostic in report.diagnostics { files.formUnion(diagnostic.files) }
    if withJudgements { report.judgements.forEach { cite($0.location) } }
    self.init(report.files.map(\.source), citing: files)
  }

  /// A cited file; nil when the report does not hold it.
  subscript(file: FileID) -> Entry? { entries[file] }

  /// The path a file is shown by; a file that the report does not hold has no other name than its number.
  func path(_ file: FileID) -> String { paths[file] ?? "file \(file.rawValue)" }

  /// Where a span starts and ends; nil when its file is not held.
  func positions(_ span: Span) -> (start: Position, end: Position)? {
    guard let lines = entries[span.file]?.lines else { return nil }
    let start = lines.position(of: span.lower)
    return (start, span.isEmpty ? start : lines.position(of: span.upper))
  }

  /// `path:line:column`, the form that terminals and editors make clickable.
  func place(_ span: Span) -> String {
    guard let start = positions(span)?.start else { return path(span.file) }
    return "\(path(span.file)):\(start.line):\(start.column)"
  }
}

extension Diagnostic {
  /// The files that it cites a place of.
  var files: Set<FileID> { Set(([span].compactMap { $0 } + related.map(\.span)).map(\.file)) }
}
