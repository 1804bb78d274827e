import Findings
import SourceText

/// What edits make of files, as `git apply` and `patch -p1` read it: three lines of context, paths below `a/` and `b/`.
package enum UnifiedDiff {
  private static let context = 3

  /// The difference of each file, in the order given; to the byte, unless it is coloured for a terminal.
  package static func render(_ files: [EditedFile], options: RenderingOptions = RenderingOptions()) -> [UInt8] {
    guard options.color else { return files.flatMap { file in lines(of: file).flatMap { $0.bytes } } }
    var canvas = TextCanvas(color: true, width: options.width)
    for line in files.flatMap({ lines(of: $0) }) {
      let end = line.bytes.last == UInt8(ascii: "\n") ? line.bytes.endIndex - 1 : line.bytes.endIndex
      canvas.write(String(decoding: line.bytes[..<end], as: UTF8.self), line.style)
      canvas.endLine()
    }
    return Array(canvas.text.utf8)
  }

  private struct Line {
    let bytes: [UInt8]
    let style: TextCanvas.Style
  }

  /// Some lines of a file that become others.
  private struct Change {
    /// Of the file as it is; from zero.
    var old: Range<Int>
    var new: [ArraySlice<UInt8>]
  }

  private static func lines(of file: EditedFile) -> [Line] {
    let old = split(file.source.bytes[...])
    let changes = changes(of: file, old)
    guard !changes.isEmpty else { return [] }
    var result = [
      Line(bytes: Array("--- a/\(file.source.path)\n".utf8), style: .strong),
      Line(bytes: Array("+++ b/\(file.source.path)\n".utf8), style: .strong),
    ]
    // How many lines there are more by now.
    var shift = 0
    var rest = changes[...]
    while let first = rest.first {
      var hunk = [first]
      rest.removeFirst()
      while let next = rest.first, let last = hunk.last, next.old.lowerBound - last.old.upperBound <= 2 * context {
        hunk.append(next)
        rest.removeFirst()
      }
      let lower = max(first.old.lowerBound - context, 0)
      let upper = min((hunk.last ?? first).old.upperBound + context, old.count)
      let more = hunk.map { $0.new.count - $0.old.count }.reduce(0, +)
      let before = start(lower, count: upper - lower)
      let after = start(lower + shift, count: upper - lower + more)
      result.append(Line(bytes: Array("@@ -\(before) +\(after) @@\n".utf8), style: .place))
      var index = lower
      for change in hunk {
        result += old[index..<change.old.lowerBound].map { row(" ", $0, .plain) }
        result += old[change.old].map { row("-", $0, .removed) }
        result += change.new.map { row("+", $0, .added) }
        index = change.old.upperBound
      }
      result += old[index..<upper].map { row(" ", $0, .plain) }
      shift += more
    }
    return result
  }

  /// A hunk's first line and how many it has; a hunk of none is named by the line before it.
  private static func start(_ index: Int, count: Int) -> String {
    let line = count == 0 ? index : index + 1
    return count == 1 ? "\(line)" : "\(line),\(count)"
  }

  private static func row(_ sign: String, _ line: ArraySlice<UInt8>, _ style: TextCanvas.Style) -> Line {
    let isWhole = line.last == UInt8(ascii: "\n")
    return Line(
      bytes: Array(sign.utf8) + line + (isWhole ? [] : Array("\n\\ No newline at end of file\n".utf8)), style: style)
  }

  /// The lines that edits touch, those beside each other together, without what stays of them.
  private static func changes(of file: EditedFile, _ old: [ArraySlice<UInt8>]) -> [Change] {
    var touched: [Range<Int>] = []
    for edit in file.edits {
      let first = index(of: edit.span.lower, in: old)
      // What is inserted between two lines touches neither, unless it leaves a line open.
      let isBetween = edit.span.isEmpty && startOffset(first, in: old, file) == edit.span.lower
      let upper = isBetween ? first : min(index(of: edit.span.upper, in: old) + 1, old.count)
      if let last = touched.last, first <= last.upperBound {
        touched[touched.count - 1] = last.lowerBound..<max(last.upperBound, upper)
      } else {
        touched.append(first..<max(first, upper))
      }
    }
    return touched.compactMap { lines in
      let range = startOffset(lines.lowerBound, in: old, file)..<startOffset(lines.upperBound, in: old, file)
      let bytes = file.bytes(in: range)
      var change = Change(old: lines, new: split(bytes[...]))
      while let a = change.new.last, !change.old.isEmpty, a.elementsEqual(old[change.old.upperBound - 1]) {
        change.new.removeLast()
        change.old = change.old.lowerBound..<change.old.upperBound - 1
      }
      while let a = change.new.first, !change.old.isEmpty, a.elementsEqual(old[change.old.lowerBound]) {
        change.new.removeFirst()
        change.old = change.old.lowerBound + 1..<change.old.upperBound
      }
      return change.old.isEmpty && change.new.isEmpty ? nil : change
    }
  }

  /// The line that an offset is in; that after the last for the end of a file whose last line has ended.
  private static func index(of offset: Int, in lines: [ArraySlice<UInt8>]) -> Int {
    let index = lines.partitioningIndex { $0.endIndex > offset }
    // The end of a file whose last line has not ended belongs to that line.
    if index == lines.count, let last = lines.last, last.last != UInt8(ascii: "\n") { return index - 1 }
    return index
  }

  private static func startOffset(_ index: Int, in lines: [ArraySlice<UInt8>], _ file: EditedFile) -> Int {
    index < lines.count ? lines[index].startIndex : file.source.bytes.count
  }

  /// The lines of a text, each with its end.
  private static func split(_ bytes: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
    var lines: [ArraySlice<UInt8>] = []
    var start = bytes.startIndex
    while start < bytes.endIndex {
      let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? bytes.endIndex
      lines.append(bytes[start..<end])
      start = end
    }
    return lines
  }
}
