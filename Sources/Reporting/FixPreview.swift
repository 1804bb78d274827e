import Findings
import SourceText

/// What a fix makes of the lines it touches, as `-` and `+` lines.
struct FixPreview {
  /// A line that goes or comes.
  struct Row {
    enum Change: String {
      case removed = "-"
      case added = "+"
    }

    let change: Change
    /// The line's number in the file as it is; nil for a line that comes.
    let line: Int?
    let text: String
  }

  private(set) var rows: [Row] = []

  /// More lines than this say less than the fix's own description.
  private static let rowLimit = 8

  /// The preview of a fix of one place, in at most `limit` columns; empty for what is too long to be taken in, or
  /// changes several files.
  init(_ fix: Fix, sources: SourceMap, limit: Int) {
    let edits = fix.edits.sorted { $0.span < $1.span }
    guard let first = edits.first?.span, let last = edits.last?.span, first.file == last.file,
      let source = sources[first.file], let lines = Self.lines(source, from: first.lower, to: last.upper)
    else { return }
    var edited = EditedFile(source.source)
    guard edited.add(edits) else { return }
    var oldLines = Self.split(Array(source.source.bytes[lines.range]))
    var newLines = Self.split(edited.bytes(in: lines.range))
    var number = lines.first
    while let a = oldLines.first, let b = newLines.first, a == b {
      oldLines.removeFirst()
      newLines.removeFirst()
      number += 1
    }
    while let a = oldLines.last, let b = newLines.last, a == b {
      oldLines.removeLast()
      newLines.removeLast()
    }
    guard oldLines.count + newLines.count <= Self.rowLimit else { return }
    func excerpt(_ line: [UInt8], beside other: [UInt8]?) -> String {
      let region = other.map { Self.changed(line, from: $0) } ?? 0..<min(line.count, 1)
      return LineExcerpt(line, line: 0..<line.count, region: region, limit: limit).text
    }
    for (index, line) in oldLines.enumerated() {
      let other = index < newLines.count ? newLines[index] : nil
      rows.append(Row(change: .removed, line: number + index, text: excerpt(line, beside: other)))
    }
    for (index, line) in newLines.enumerated() {
      let other = index < oldLines.count ? oldLines[index] : nil
      rows.append(Row(change: .added, line: nil, text: excerpt(line, beside: other)))
    }
  }

  /// Bytes of a line on either side of a change that are looked at: more than any excerpt shows.
  private static let reach = 4_000

  /// The whole lines between two offsets; of lines far longer than any excerpt, what stands around.
  private static func lines(_ source: SourceMap.Entry, from lower: Int, to upper: Int) -> (
    first: Int, range: Range<Int>
  )? {
    let first = source.lines.position(of: lower).line
    guard let start = source.lines.range(ofLine: first),
      let end = source.lines.range(ofLine: source.lines.position(of: upper).line), start.lowerBound <= end.upperBound
    else { return nil }
    let bytes = source.source.bytes
    var (from, to) = (max(start.lowerBound, lower - reach), min(end.upperBound, upper + reach))
    // Characters stay whole.
    while from < lower, bytes[from] & 0xC0 == 0x80 { from += 1 }
    while to > upper, to < end.upperBound, bytes[to] & 0xC0 == 0x80 { to -= 1 }
    return (first, from..<to)
  }

  private static func split(_ bytes: [UInt8]) -> [[UInt8]] {
    let table = LineTable(bytes)
    return (1...table.lineCount).compactMap { table.range(ofLine: $0).map { Array(bytes[$0]) } }
  }

  /// What of a line is not also at either end of another.
  private static func changed(_ line: [UInt8], from other: [UInt8]) -> Range<Int> {
    let shared = min(line.count, other.count)
    var start = 0
    while start < shared, line[start] == other[start] { start += 1 }
    var end = 0
    while end < shared - start, line[line.count - 1 - end] == other[other.count - 1 - end] { end += 1 }
    return start..<line.count - end
  }
}
