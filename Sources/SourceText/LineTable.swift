/// Turns byte offsets of one text into lines and columns. Made once per file at the edge (reports, diagnostics);
/// nothing below Reporting deals in lines.
public struct LineTable: Sendable {
  private let bytes: [UInt8]
  /// The offset at which each line starts.
  private let starts: [Int]
  /// Places within lines that are longer than ``stride``, so that a minified file of one line takes no more time.
  private let waypoints: [Waypoint]

  private struct Waypoint {
    var offset: Int
    /// What stands between the line's start and the offset.
    var scalars: Int
    var utf16: Int
  }

  /// How many bytes of a line are counted at most to find a column.
  private static let stride = 4096

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
    waypoints = Self.waypoints(bytes, starts)
  }

  private static func waypoints(_ bytes: [UInt8], _ starts: [Int]) -> [Waypoint] {
    var waypoints: [Waypoint] = []
    for (line, start) in starts.enumerated() {
      let end = line + 1 < starts.count ? starts[line + 1] : bytes.count
      guard end - start > stride else { continue }
      var waypoint = Waypoint(offset: textStart(bytes, line: line, start: start), scalars: 0, utf16: 0)
      while end - waypoint.offset > stride {
        let next = waypoint.offset + stride
        count(bytes[waypoint.offset..<next], into: &waypoint)
        waypoint.offset = next
        waypoints.append(waypoint)
      }
    }
    return waypoints
  }

  private static func count(_ slice: ArraySlice<UInt8>, into waypoint: inout Waypoint) {
    for byte in slice where byte & 0xC0 != 0x80 {
      waypoint.scalars += 1
      waypoint.utf16 += byte >= 0xF0 ? 2 : 1
    }
  }

  /// A byte order mark stands on the first line but in no editor's column.
  private static func textStart(_ bytes: [UInt8], line: Int, start: Int) -> Int {
    line == 0 && bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : start
  }

  public var lineCount: Int { starts.count }

  /// The place of a byte offset. An offset past the end is the end's place.
  public func position(of offset: Int) -> Position {
    let offset = min(max(offset, 0), bytes.count)
    let line = Self.lastIndex(starts.count) { starts[$0] <= offset }
    let start = min(Self.textStart(bytes, line: line, start: starts[line]), offset)
    var place = Waypoint(offset: start, scalars: 0, utf16: 0)
    if offset - start >= Self.stride, !waypoints.isEmpty {
      let nearest = waypoints[Self.lastIndex(waypoints.count) { waypoints[$0].offset <= offset }]
      if nearest.offset > start, nearest.offset <= offset { place = nearest }
    }
    Self.count(bytes[place.offset..<offset], into: &place)
    return Position(line: line + 1, column: place.scalars + 1, utf16Column: place.utf16 + 1)
  }

  /// The last of some indices for which a condition holds that holds for the first ones only; 0 where for none.
  private static func lastIndex(_ count: Int, where holds: (Int) -> Bool) -> Int {
    var low = 0
    var high = count
    while high - low > 1 {
      let middle = (low + high) / 2
      if holds(middle) { low = middle } else { high = middle }
    }
    return low
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
