import Findings
import SourceText

/// What `blealint test` says: each example that came out otherwise, what is marked beside what is reported.
package enum ExampleFailureText {
  /// The text.
  ///
  /// - Parameters:
  ///   - failures: the examples that came out otherwise.
  ///   - sources: the rule files, as far as they are the user's own.
  ///   - options: colour and width.
  /// - Returns: nothing at all where there are no failures.
  package static func render(
    _ failures: [ExampleFailure], sources: [SourceFile], options: RenderingOptions = RenderingOptions()
  ) -> String {
    let map = SourceMap(sources, citing: Set(failures.map(\.span.file)))
    var canvas = TextCanvas(color: options.color, width: options.width)
    for failure in failures { write(failure, map, on: &canvas) }
    return canvas.text
  }

  private static func write(_ failure: ExampleFailure, _ map: SourceMap, on canvas: inout TextCanvas) {
    canvas.leaveBlankLine()
    if map[failure.span.file] != nil {
      canvas.write(map.place(failure.span), .place)
      canvas.write(" ")
    }
    canvas.write(failure.rule, .strong)
    canvas.write(" \(failure.ruleName): \(failure.example)")
    canvas.endLine()
    for problem in failure.problems { canvas.paragraph(problem, indent: 2) }
    for file in failure.files {
      let reported = failure.reported.filter { $0.path == file.path }
      let found = Set(reported.map(\.range))
      let entry = entry(file)
      let agreed = file.marks.filter(found.contains)
      for mark in file.marks.filter({ !found.contains($0) }) {
        heading("marked, and not reported:", .removed, on: &canvas)
        write(mark, of: entry, .removed, on: &canvas)
      }
      for finding in reported where !agreed.contains(finding.range) {
        heading("reported, and not marked:", .added, on: &canvas)
        write(finding.range, of: entry, .added, notes: [finding.message], on: &canvas)
      }
      if !agreed.isEmpty, agreed.count < max(file.marks.count, found.count) {
        for mark in agreed {
          heading("marked and reported:", .dim, on: &canvas)
          write(mark, of: entry, .dim, on: &canvas)
        }
      } else {
        // Where the places are right, the message or the verdict is not.
        for finding in reported where agreed.contains(finding.range) {
          canvas.paragraph("\(finding.verdict.rawValue): \(finding.message)", indent: 4)
        }
      }
    }
    for finding in failure.reported where !failure.files.contains(where: { $0.path == finding.path }) {
      canvas.paragraph("\(finding.verdict.rawValue): \(finding.message)", indent: 4)
    }
    if let fix = failure.fix { write(fix, on: &canvas) }
  }

  private static func heading(_ text: String, _ style: TextCanvas.Style, on canvas: inout TextCanvas) {
    canvas.write("  \(text)", style)
    canvas.endLine()
  }

  private static func entry(_ file: ExampleFile) -> SourceMap.Entry {
    let source = SourceFile(id: FileID(0), path: file.path, bytes: Array(file.text.utf8))
    return SourceMap.Entry(source: source, lines: LineTable(source.bytes))
  }

  private static func write(
    _ range: Range<Int>, of entry: SourceMap.Entry, _ style: TextCanvas.Style, notes: [String] = [],
    on canvas: inout TextCanvas
  ) {
    let frame = CodeFrame(entry, Span(FileID(0), range), before: 1, after: 0, limit: canvas.width - 11)
    let indent = max(6, String(frame.lastLine).utf8.count + 4)
    canvas.frame(frame, barAt: indent, marks: style, hasNotes: !notes.isEmpty)
    canvas.note("says:", notes, indent: indent)
  }

  /// Line by line, what `fixed` says (-) and what the fixes make (+).
  private static func write(_ fix: ExampleFailure.Fixed, on canvas: inout TextCanvas) {
    let expected = fix.expected.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let found = fix.found.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    for change in found.difference(from: expected).inferringMoves() {
      switch change {
      case .remove(_, let line, _):
        canvas.write("    - \(line)", .removed)
      case .insert(_, let line, _):
        canvas.write("    + \(line)", .added)
      }
      canvas.endLine()
    }
  }
}
