/// Turns byte offsets of one text into lines and columns. Made once per file at the edge (reports, diagnostics);
/// nothing below Reporting deals in lines.
public struct LineTable: Sendable {
  private let bytes: [UInt8]
  /// The offset at which each line starts.
  private let starts: [Int]
  /// How many code points and UTF-16 units begin before each 256th byte; empty when the text is ASCII. They keep a
  /// place on a long line (JSON has lines of megabytes) as cheap as one on a short line.
  private let counts: [(scalars: Int, utf16: Int)]
  private let markLength: Int

  private static let stride = 256

  /// Lines end at LF, CR LF or a lone CR, as in YAML 1.2 and in editors.
  public init(_ bytes: [UInt8]) {
    self.bytes = bytes
    var starts = [0]
    bytes.withUnsafeBufferPointer { buffer in
      var index = 0
      while index < buffer.count {
        let byte = buffer[index]
        index += 1
        if byte == 0x0A {
          starts.append(index)
        } else if byte == 0x0D {
          if index < buffer.count, buffer[index] == 0x0A { index += 1 }
          starts.append(index)
        }
      }
    }
    self.starts = starts
    markLength = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    var counts: [(scalars: Int, utf16: Int)] = []
    if bytes.contains(where: { $0 >= 0x80 }) {
      var scalars = 0
      var utf16 = 0
      for (offset, byte) in bytes.enumerated() {
        if offset % Self.stride == 0 { counts.append((scalars, utf16)) }
        if byte & 0xC0 != 0x80 {
          scalars += 1
          utf16 += byte >= 0xF0 ? 2 : 1
        }
      }
    }
    self.counts = counts
  }

  /// How many lines there are: one more than line endings.
  public var lineCount: Int { starts.count }

  /// The place of a byte offset. An offset past the end is the end's place.
  public func position(of offset: Int) -> Position {
    let offset = min(max(offset, 0), bytes.count)
    let line = max(0, starts.partitioningIndex { $0 > offset } - 1)
    // A byte order mark stands on the first line but in no editor's column.
    let start = line == 0 ? min(markLength, offset) : starts[line]
    let (from, to) = (count(before: start), count(before: offset))
    return Position(
      line: line + 1, column: to.scalars - from.scalars + 1, utf16Column: to.utf16 - from.utf16 + 1)
  }

  /// How many code points and UTF-16 units lie before an offset; one that is cut in two does not count.
  private func count(before offset: Int) -> (scalars: Int, utf16: Int) {
    guard !counts.isEmpty else { return (offset, offset) }
    var offset = offset
    while offset > 0, offset < bytes.count, bytes[offset] & 0xC0 == 0x80 { offset -= 1 }
    guard offset > 0 else { return (0, 0) }
    let checkpoint = (offset - 1) / Self.stride
    var (scalars, utf16) = counts[checkpoint]
    for byte in bytes[checkpoint * Self.stride..<offset] where byte & 0xC0 != 0x80 {
      scalars += 1
      utf16 += byte >= 0xF0 ? 2 : 1
    }
    return (scalars, utf16)
  }

  /// The bytes of a line (1-based) without its line ending and without a byte order mark, as offsets; nil when there
  /// is no such line.
  public func range(ofLine line: Int) -> Range<Int>? {
    guard line >= 1, line <= starts.count else { return nil }
    let start = line == 1 ? markLength : starts[line - 1]
    var end = line < starts.count ? starts[line] : bytes.count
    while end > start, bytes[end - 1] == 0x0A || bytes[end - 1] == 0x0D { end -= 1 }
    return start..<end
  }

  /// The text of a line (1-based) without its line ending.
  public func text(ofLine line: Int) -> String? {
    range(ofLine: line).map { String(decoding: bytes[$0], as: UTF8.self) }
  }
}

/// A place as people and SARIF count it: everything is 1-based.
public struct Position: Hashable, Comparable, Sendable {
  /// The line, counted from 1.
  public let line: Int
  /// In Unicode code points: what the text report prints.
  public let column: Int
  /// In UTF-16 code units: what SARIF viewers and editors count.
  public let utf16Column: Int

  /// A place by its numbers, all counted from 1.
  public init(line: Int, column: Int, utf16Column: Int) {
    self.line = line
    self.column = column
    self.utf16Column = utf16Column
  }

  /// By line, then by column.
  public static func < (a: Position, b: Position) -> Bool { (a.line, a.column) < (b.line, b.column) }
}
