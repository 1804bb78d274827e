import SourceText

/// The value of JavaScript strings and template literals that `+` joins, with the way back and the places of what the
/// program inserts.
struct JavaScriptText {
  private(set) var value: MappedText
  /// Ranges of the value where the program inserts what is not known; their bytes are placeholders.
  private(set) var holes: [Range<Int>] = []
  private let source: MappedText

  init(in source: MappedText) {
    self.source = source
    value = MappedText(file: source.file)
  }

  mutating func append(_ token: JavaScriptToken) {
    var index = token.content.lowerBound
    let end = token.content.upperBound
    var start = index
    var holes = token.holes[...]
    func flush(_ text: inout JavaScriptText) {
      if start < index { text.value.append(text.source, start..<index) }
    }
    while index < end {
      if let hole = holes.first, hole.lowerBound == index {
        flush(&self)
        insert(hole.clamped(to: index..<end))
        index = min(hole.upperBound, end)
        start = index
        holes.removeFirst()
      } else if source.bytes[index] == UInt8(ascii: "\\") {
        flush(&self)
        index = escape(at: index, end)
        start = index
      } else {
        index += 1
      }
    }
    flush(&self)
  }

  /// A name of the hole's own length, or as long as PostgreSQL's names may be: a hole can be half the program.
  mutating func insert(_ range: Range<Int>) {
    let start = value.bytes.count
    value.append(
      [UInt8](repeating: UInt8(ascii: "x"), count: max(1, min(range.count, 63))), for: source.span(range).range)
    holes.append(start..<value.bytes.count)
  }

  /// Appends what the escape sequence at `index` stands for; returns where it ends.
  private mutating func escape(at index: Int, _ end: Int) -> Int {
    let bytes = source.bytes
    guard index + 1 < end else {
      value.append(source, index..<end)
      return end
    }
    func add(_ decoded: [UInt8], _ length: Int) -> Int {
      let stop = min(index + length, end)
      value.append(decoded, for: source.span(index..<stop).range)
      return stop
    }
    switch bytes[index + 1] {
    case 0x0A: return index + 2
    case 0x0D: return min(index + (index + 2 < end && bytes[index + 2] == 0x0A ? 3 : 2), end)
    case UInt8(ascii: "n"): return add([0x0A], 2)
    case UInt8(ascii: "t"): return add([0x09], 2)
    case UInt8(ascii: "r"): return add([0x0D], 2)
    case UInt8(ascii: "b"): return add([0x08], 2)
    case UInt8(ascii: "f"): return add([0x0C], 2)
    case UInt8(ascii: "v"): return add([0x0B], 2)
    case UInt8(ascii: "x"): return number(index + 2, 2, end).map { add(utf8($0), 4) } ?? add([bytes[index + 1]], 2)
    case UInt8(ascii: "u"):
      if index + 2 < end, bytes[index + 2] == UInt8(ascii: "{"),
        let close = bytes[index..<min(index + 12, end)].firstIndex(of: UInt8(ascii: "}"))
      {
        return number(index + 3, close - index - 3, end).map { add(utf8($0), close + 1 - index) } ?? add([0x75], 2)
      }
      return number(index + 2, 4, end).map { add(utf8($0), 6) } ?? add([0x75], 2)
    // Any other character stands for itself.
    default: return add([bytes[index + 1]], 2)
    }
  }

  private func number(_ start: Int, _ digits: Int, _ end: Int) -> UInt32? {
    guard digits > 0, start + digits <= end else { return nil }
    return UInt32(source.bytes.text(start..<start + digits), radix: 16)
  }

  private func utf8(_ code: UInt32) -> [UInt8] {
    Unicode.Scalar(code).map { Array(String(Character($0)).utf8) } ?? [0xEF, 0xBF, 0xBD]
  }
}
