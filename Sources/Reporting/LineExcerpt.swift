/// What is shown of one source line: all of it where it fits, else a window around the region.
///
/// A minified template, or a migration held in one JSON string, is one enormous line. The window is then cut at the
/// escaped line ends (`\n`) nearest to the region, so that the statement's own line is what is seen. Only the window is
/// decoded, so that the length of the line does not matter.
struct LineExcerpt {
  /// Safe to print.
  private(set) var text = ""
  /// The columns of the region: where it starts, and how many (at least one, even where the region is empty).
  private(set) var marked: Range<Int>?

  private static let ellipsis = "…"

  /// The excerpt of a line of a file, in at most `limit` columns. The line (without its line end) and the region to
  /// mark in it (nil for a line of context) are offsets into the file's bytes.
  init(_ bytes: [UInt8], line: Range<Int>, region: Range<Int>?, limit: Int) {
    let limit = max(limit, 24)
    // Nearly every line is plain ASCII, of which every byte is a column.
    if line.count <= limit, bytes[line].allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) {
      text = String(decoding: bytes[line], as: UTF8.self)
      width = line.count
      if let region {
        let shown = region.clamped(to: line)
        if !shown.isEmpty { marked = shown.lowerBound - line.lowerBound..<shown.upperBound - line.lowerBound }
        closeMark(region)
      }
      return
    }
    if line.count <= 4 * limit {
      let whole = DisplayText(bytes[line], at: line.lowerBound).cells
      if whole.reduce(0, { $0 + $1.width }) <= limit {
        append(whole[...], marking: region)
        if let region { closeMark(region) }
        return
      }
    }
    let reach = 4 * limit
    guard let region else {
      let head = Self.boundary(bytes, line.lowerBound + reach, in: line)
      let cells = DisplayText(bytes[line.lowerBound..<head], at: line.lowerBound).cells
      append(Self.prefix(cells[...], width: limit - 1), marking: nil)
      text += Self.ellipsis
      return
    }
    let start = Self.boundary(bytes, region.lowerBound - reach, in: line)
    let end = Self.boundary(bytes, region.upperBound + reach, in: line)
    let before = DisplayText(bytes[start..<max(start, region.lowerBound)], at: start).cells
    let after = DisplayText(bytes[min(region.upperBound, end)..<end], at: region.upperBound).cells
    if region.count <= reach {
      let inside = DisplayText(bytes[region], at: region.lowerBound).cells
      if Self.width(inside[...]) <= limit - 2 {
        show(before, inside, after, of: line, marking: region, limit: limit)
        return
      }
    }
    showEnds(of: region, bytes: bytes, line: line, limit: limit)
  }

  /// The region with as much around it as there is room for.
  private mutating func show(
    _ before: [DisplayText.Cell], _ inside: [DisplayText.Cell], _ after: [DisplayText.Cell], of line: Range<Int>,
    marking region: Range<Int>, limit: Int
  ) {
    let room = limit - Self.width(inside[...]) - 2
    let afterWidth = Self.width(after[...])
    let left = Self.suffix(before[...], width: max(room / 2, room - afterWidth))
    let visibleLeft = Self.afterLastEscapedLineEnd(left)
    let right = Self.prefix(after[...], width: room - Self.width(left))
    let visibleRight = Self.beforeFirstEscapedLineEnd(right)
    if let first = (visibleLeft.first ?? inside.first), first.bytes.lowerBound > line.lowerBound {
      text += Self.ellipsis
    } else if visibleLeft.isEmpty, inside.isEmpty, region.lowerBound > line.lowerBound {
      text += Self.ellipsis
    }
    append(visibleLeft, marking: region)
    append(inside[...], marking: region)
    closeMark(region)
    append(visibleRight, marking: nil)
    if (visibleRight.last?.bytes.upperBound ?? region.upperBound) < line.upperBound { text += Self.ellipsis }
  }

  /// Where the region itself is too long: its beginning and its end.
  private mutating func showEnds(of region: Range<Int>, bytes: [UInt8], line: Range<Int>, limit: Int) {
    let reach = 4 * limit
    let headEnd = Self.boundary(bytes, region.lowerBound + reach, in: region)
    let tailStart = Self.boundary(bytes, region.upperBound - reach, in: region)
    let headCells = DisplayText(bytes[region.lowerBound..<headEnd], at: region.lowerBound).cells
    let tailCells = DisplayText(bytes[tailStart..<region.upperBound], at: tailStart).cells
    var head = Self.prefix(headCells[...], width: (limit - 5) * 2 / 3)
    var tail = Self.suffix(tailCells[...], width: (limit - 5) / 3)
    let firstLine = Self.beforeFirstEscapedLineEnd(head)
    if Self.width(firstLine) >= 12 { head = firstLine }
    let lastLine = Self.afterLastEscapedLineEnd(tail)
    if !lastLine.isEmpty { tail = lastLine }
    if region.lowerBound > line.lowerBound { text += Self.ellipsis }
    append(head, marking: region)
    // The ellipsis stands for bytes of the region, and is marked with it.
    appendMarked(" \(Self.ellipsis) ", width: 3)
    append(tail, marking: region)
    if region.upperBound < line.upperBound { text += Self.ellipsis }
  }

  // MARK: Putting together

  private var width = 0

  private mutating func append(_ cells: ArraySlice<DisplayText.Cell>, marking region: Range<Int>?) {
    for cell in cells {
      if let region, cell.bytes.lowerBound < region.upperBound, cell.bytes.upperBound > region.lowerBound {
        appendMarked(cell.text, width: cell.width)
      } else {
        settle()
        text += cell.text
        width += cell.width
      }
    }
  }

  /// Counts what was put into `text` without a cell: ellipses.
  private mutating func settle() {
    if width == 0, text == Self.ellipsis { width = 1 }
  }

  private mutating func appendMarked(_ piece: String, width pieceWidth: Int) {
    settle()
    let start = marked?.lowerBound ?? width
    text += piece
    width += pieceWidth
    marked = start..<width
  }

  /// Gives an empty region, or one of characters without width, the one column where it stands.
  private mutating func closeMark(_ region: Range<Int>) {
    settle()
    if let marked, !marked.isEmpty { return }
    marked = width..<width + 1
  }

  // MARK: Cutting

  private static func width(_ cells: ArraySlice<DisplayText.Cell>) -> Int { cells.reduce(0) { $0 + $1.width } }

  private static func prefix(_ cells: ArraySlice<DisplayText.Cell>, width limit: Int) -> ArraySlice<DisplayText.Cell> {
    var width = 0
    let end = cells.firstIndex { cell in
      width += cell.width
      return width > limit
    }
    return cells[..<(end ?? cells.endIndex)]
  }

  private static func suffix(_ cells: ArraySlice<DisplayText.Cell>, width limit: Int) -> ArraySlice<DisplayText.Cell> {
    var width = 0
    let start = cells.lastIndex { cell in
      width += cell.width
      return width > limit
    }
    return cells[(start.map { $0 + 1 } ?? cells.startIndex)...]
  }

  /// The offset nearest to `offset` in `range` at which a character starts.
  private static func boundary(_ bytes: [UInt8], _ offset: Int, in range: Range<Int>) -> Int {
    var offset = min(max(offset, range.lowerBound), range.upperBound)
    while offset > range.lowerBound, offset < range.upperBound, bytes[offset] & 0xC0 == 0x80 { offset -= 1 }
    return offset
  }

  private static func afterLastEscapedLineEnd(_ cells: ArraySlice<DisplayText.Cell>) -> ArraySlice<DisplayText.Cell> {
    cells[(escapedLineEnds(cells).last.map { $0 + 2 } ?? cells.startIndex)...]
  }

  private static func beforeFirstEscapedLineEnd(_ cells: ArraySlice<DisplayText.Cell>) -> ArraySlice<DisplayText.Cell> {
    cells[..<(escapedLineEnds(cells).first ?? cells.endIndex)]
  }

  /// Where `\n` stands that is not the end of `\\n`.
  private static func escapedLineEnds(_ cells: ArraySlice<DisplayText.Cell>) -> [Int] {
    var found: [Int] = []
    var index = cells.startIndex
    while index + 1 < cells.endIndex {
      if cells[index].text == "\\" {
        if cells[index + 1].text == "n" { found.append(index) }
        index += 2
      } else {
        index += 1
      }
    }
    return found
  }
}
