import SourceText

/// The value of a Python string literal, or of several in a row, with the way back and the places of its holes.
struct PythonText {
  /// How a plain string is filled later.
  enum Filling {
    case none
    /// `'…'.format(…)`
    case braces
    /// `'…' % …`
    case percent
  }

  private(set) var value: MappedText
  /// Ranges of the value where the program inserts what is not known; their bytes are placeholders.
  private(set) var holes: [Range<Int>] = []
  private let source: MappedText

  init(_ strings: [PythonString], in source: MappedText, filling: Filling) {
    self.source = source
    value = MappedText(file: source.file)
    for string in strings {
      append(string, braces: string.isFormatted || filling == .braces, percent: filling == .percent)
    }
  }

  private mutating func append(_ string: PythonString, braces: Bool, percent: Bool) {
    let bytes = source.bytes
    var index = string.content.lowerBound
    var start = index
    let end = string.content.upperBound
    var parenthesis = -1
    func flush(_ text: inout PythonText) {
      if start < index { text.value.append(text.source, start..<index) }
    }
    while index < end {
      let byte = bytes[index]
      let next = index + 1 < end ? bytes[index + 1] : 0
      if byte == UInt8(ascii: "\\"), !string.isRaw {
        flush(&self)
        index = escape(at: index, end)
        start = index
      } else if braces, byte == UInt8(ascii: "{") || byte == UInt8(ascii: "}"), next == byte {
        index += 1
        flush(&self)
        index += 1
        start = index
      } else if braces, byte == UInt8(ascii: "{") {
        flush(&self)
        let close = closing(index, end)
        hole(index..<close)
        index = close
        start = index
      } else if percent, byte == UInt8(ascii: "%"), next != 0 {
        flush(&self)
        // `%(name)s`; a parenthesis that nothing closes is looked for once.
        if next == UInt8(ascii: "("), parenthesis < index {
          parenthesis = bytes[index..<end].firstIndex(of: UInt8(ascii: ")")) ?? end
        }
        let close = next == UInt8(ascii: "(") && parenthesis < end ? parenthesis + 2 : index + 2
        if next == UInt8(ascii: "%") {
          value.append(source, index..<index + 1)
        } else {
          hole(index..<min(close, end))
        }
        index = min(close, end)
        start = index
      } else {
        index += 1
      }
    }
    flush(&self)
  }

  private func closing(_ open: Int, _ end: Int) -> Int {
    var depth = 0
    for index in open..<end {
      if source.bytes[index] == UInt8(ascii: "{") { depth += 1 }
      if source.bytes[index] == UInt8(ascii: "}") {
        depth -= 1
        if depth == 0 { return index + 1 }
      }
    }
    return end
  }

  /// An identifier of the hole's own length, or as long as PostgreSQL's names may be.
  private mutating func hole(_ range: Range<Int>) {
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
    let kind = bytes[index + 1]
    func add(_ decoded: [UInt8], _ length: Int) -> Int {
      let stop = min(index + length, end)
      value.append(decoded, for: source.span(index..<stop).range)
      return stop
    }
    switch kind {
    case 0x0A: return index + 2
    case 0x0D: return min(index + (index + 2 < end && bytes[index + 2] == 0x0A ? 3 : 2), end)
    case UInt8(ascii: "n"): return add([0x0A], 2)
    case UInt8(ascii: "t"): return add([0x09], 2)
    case UInt8(ascii: "r"): return add([0x0D], 2)
    case UInt8(ascii: "a"): return add([0x07], 2)
    case UInt8(ascii: "b"): return add([0x08], 2)
    case UInt8(ascii: "f"): return add([0x0C], 2)
    case UInt8(ascii: "v"): return add([0x0B], 2)
    case UInt8(ascii: "\\"), UInt8(ascii: "'"), UInt8(ascii: "\""): return add([kind], 2)
    case UInt8(ascii: "x"):
      return number(at: index + 2, digits: 2, radix: 16, end).map { add(utf8($0), 4) } ?? raw(index)
    case UInt8(ascii: "u"):
      return number(at: index + 2, digits: 4, radix: 16, end).map { add(utf8($0), 6) } ?? raw(index)
    case UInt8(ascii: "U"):
      return number(at: index + 2, digits: 8, radix: 16, end).map { add(utf8($0), 10) } ?? raw(index)
    case UInt8(ascii: "0")...UInt8(ascii: "7"):
      var length = 1
      while length < 3, index + 1 + length < end, (0x30...0x37).contains(bytes[index + 1 + length]) { length += 1 }
      let code = number(at: index + 1, digits: length, radix: 8, end) ?? 0
      return add(utf8(code), 1 + length)
    default: return raw(index)
    }
  }

  /// A sequence Python does not know keeps its backslash.
  private mutating func raw(_ index: Int) -> Int {
    value.append(source, index..<index + 2)
    return index + 2
  }

  private func number(at start: Int, digits: Int, radix: Int, _ end: Int) -> UInt32? {
    guard start + digits <= end else { return nil }
    return UInt32(source.bytes.text(start..<start + digits), radix: radix)
  }

  private func utf8(_ code: UInt32) -> [UInt8] {
    Unicode.Scalar(code).map { Array(String(Character($0)).utf8) } ?? [0xEF, 0xBF, 0xBD]
  }
}
