import SourceText

/// The source lines around a span, with the span underlined.
struct CodeFrame {
  /// One line of a frame; columns count from the start of the source text.
  enum Row {
    case source(line: Int, text: String)
    case marks(Range<Int>)
    /// Lines of the region that are left out.
    case gap
  }

  private(set) var rows: [Row] = []
  /// The last line's number, by which the gutter is as wide as it must be.
  private(set) var lastLine = 1

  /// Regions of up to this many lines are shown whole.
  private static let wholeRegionLines = 4

  /// The lines of a span, with so many lines of context before and after it, in at most `limit` columns of source.
  init(_ source: SourceMap.Entry, _ span: Span, before: Int, after: Int, limit: Int) {
    let bytes = source.source.bytes
    let span = Span(span.file, min(span.lower, bytes.count)..<min(max(span.upper, span.lower), bytes.count))
    let first = source.lines.position(of: span.lower).line
    var last = source.lines.position(of: span.upper).line
    // A span that ends with its line's end does not reach into the next line.
    if last > first, let range = source.lines.range(ofLine: last), range.lowerBound >= span.upper { last -= 1 }

    func show(_ line: Int, isMarked: Bool) {
      guard let range = source.lines.range(ofLine: line) else { return }
      var region: Range<Int>?
      if isMarked {
        let lower = line == first ? span.lower : Self.firstVisible(bytes, in: range)
        let upper = line == last ? span.upper : range.upperBound
        let start = min(max(lower, range.lowerBound), range.upperBound)
        region = start..<max(start, min(upper, range.upperBound))
        if first != last, region?.isEmpty == true { region = nil }
      }
      let excerpt = LineExcerpt(bytes, line: range, region: region, limit: limit)
      rows.append(.source(line: line, text: excerpt.text))
      if let marked = excerpt.marked { rows.append(.marks(marked)) }
      lastLine = line
    }
    func isBlank(_ line: Int) -> Bool {
      guard let range = source.lines.range(ofLine: line) else { return true }
      return Self.firstVisible(bytes, in: range) == range.upperBound
    }

    var start = max(1, first - before)
    while start < first, isBlank(start) { start += 1 }
    for line in start..<max(start, first) { show(line, isMarked: false) }
    if last - first < Self.wholeRegionLines {
      for line in first...last { show(line, isMarked: true) }
    } else {
      show(first, isMarked: true)
      show(first + 1, isMarked: true)
      rows.append(.gap)
      show(last, isMarked: true)
    }
    var end = min(source.lines.lineCount, last + after)
    while end > last, isBlank(end) { end -= 1 }
    for line in last + 1..<max(last + 1, end + 1) { show(line, isMarked: false) }
  }

  /// The whole of a short text, such as an example's, with each of some regions underlined.
  init(_ source: SourceMap.Entry, marks: [Range<Int>], limit: Int) {
    let bytes = source.source.bytes
    for line in 1...max(1, source.lines.lineCount) {
      guard let range = source.lines.range(ofLine: line) else { continue }
      // What follows the last line end is no line of its own.
      if line == source.lines.lineCount, line > 1, range.isEmpty { continue }
      let regions = marks.filter { $0.lowerBound <= range.upperBound && $0.upperBound >= range.lowerBound }
        .map { $0.clamped(to: Self.firstVisible(bytes, in: range)..<range.upperBound) }
      let excerpts = regions.filter { !$0.isEmpty }
        .map { LineExcerpt(bytes, line: range, region: $0, limit: limit) }
      let text = excerpts.first ?? LineExcerpt(bytes, line: range, region: nil, limit: limit)
      rows.append(.source(line: line, text: text.text))
      for excerpt in excerpts where excerpt.text == text.text {
        if let marked = excerpt.marked { rows.append(.marks(marked)) }
      }
      lastLine = line
    }
  }

  private static func firstVisible(_ bytes: [UInt8], in range: Range<Int>) -> Int {
    bytes[range].firstIndex { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") } ?? range.upperBound
  }
}
