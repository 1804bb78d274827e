/// Turns byte offsets of one text into lines and columns. Made once per file at the edge (reports, diagnostics);
/// nothing below Reporting deals in lines.
public struct LineTable: Sendable {
  private let bytes: [UInt8]
  /// The offset at which each line starts.
  private let starts: [Int]

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
  }

  public var lineCount: Int { starts.count }

  /// The place of a byte offset. An offset past the end is the end's place.
  public func position(of offset: Int) -> Position {
    let offset = min(max(offset, 0), bytes.count)
    var low = 0
    var high = starts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if starts[middle] <= offset { low = middle } else { high = middle }
    }
    var utf16 = 0
    var scalars = 0
    // A byte order mark stands on the first line but in no editor's column.
    let start = low == 0 && bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? min(3, offset) : starts[low]
    for byte in bytes[start..<max(start, offset)] where byte & 0xC0 != 0x80 {
      scalars += 1
      utf16 += byte >= 0xF0 ? 2 : 1
    }
    return Position(line: low + 1, column: scalars + 1, utf16Column: utf16 + 1)
  }

  /// The bytes of a line (1-based) without its line ending, as offsets; nil when there is no such line.
  public func range(ofLine line: Int) -> Range<Int>? {
    guard line >= 1, line <= starts.count else { return nil }
    let start = starts[line - 1]
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
  public let line: Int
  /// In Unicode code points: what the text report prints.
  public let column: Int
  /// In UTF-16 code units: what SARIF viewers and editors count.
  public let utf16Column: Int

  public init(line: Int, column: Int, utf16Column: Int) {
    self.line = line
    self.column = column
    self.utf16Column = utf16Column
  }

  public static func < (a: Position, b: Position) -> Bool { (a.line, a.column) < (b.line, b.column) }
}
