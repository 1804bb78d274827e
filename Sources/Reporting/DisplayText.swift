/// Text as a terminal shows it: what each character takes in columns, and nothing that could drive the terminal.
///
/// Terminals count columns as `wcwidth` does, which is what is followed here: East Asian wide and full-width
/// characters and emoji take two, combining marks none. Tabs become spaces up to the next of every four columns.
/// Control characters, bidirectional controls and other invisible formatting are shown as `\u{1B}`: a template must
/// neither move the cursor nor make a line read differently from what it says.
struct DisplayText {
  /// One character as it is shown.
  struct Cell {
    let text: String
    /// Columns.
    let width: Int
    /// The bytes it stands for, as offsets into what was decoded.
    let bytes: Range<Int>
    /// A line may be broken after it.
    let isBreakable: Bool
  }

  private(set) var cells: [Cell] = []

  /// Bytes of a file, decoded as UTF-8; each invalid byte is shown as U+FFFD.
  init(_ bytes: some RandomAccessCollection<UInt8>, at offset: Int = 0) {
    var scalars: [Unicode.Scalar] = []
    var lengths: [Int] = []
    scalars.reserveCapacity(bytes.count)
    lengths.reserveCapacity(bytes.count)
    var decoder = UTF8.ForwardParser()
    var iterator = bytes.makeIterator()
    decoding: while true {
      switch decoder.parseScalar(from: &iterator) {
      case .valid(let encoded):
        scalars.append(UTF8.decode(encoded))
        lengths.append(encoded.count)
      case .error(let length):
        scalars.append("\u{FFFD}")
        lengths.append(length)
      case .emptyInput: break decoding
      }
    }
    append(scalars, lengths: lengths, at: offset)
  }

  /// A message or a name. Line ends become spaces: whoever prints it breaks the lines.
  init(_ text: String) {
    let scalars = text.unicodeScalars.map { (0x09...0x0D).contains($0.value) ? " " : $0 }
    append(scalars, lengths: scalars.map { UTF8.width($0) }, at: 0)
  }

  private mutating func append(_ scalars: [Unicode.Scalar], lengths: [Int], at offset: Int) {
    var offset = offset
    var index = 0
    var column = 0
    cells.reserveCapacity(lengths.count)
    func stepOver(_ count: Int) -> Range<Int> {
      let start = offset
      for length in lengths[index..<index + count] { offset += length }
      index += count
      return start..<offset
    }
    // Only what is not ASCII joins others to one character, and what stands beside it may be joined: the rest need not
    // be asked.
    func isAlone(_ index: Int) -> Bool {
      (0x20..<0x7F).contains(scalars[index].value) && (index == 0 || scalars[index - 1].value < 0x300)
        && (index + 1 == scalars.count || scalars[index + 1].value < 0x300)
    }
    while index < scalars.count {
      if isAlone(index) {
        let scalar = scalars[index]
        cells.append(Cell(text: String(scalar), width: 1, bytes: stepOver(1), isBreakable: scalar == " "))
        column += 1
        continue
      }
      var end = index + 1
      while end < scalars.count, !isAlone(end) { end += 1 }
      var text = String.UnicodeScalarView()
      text.append(contentsOf: scalars[index..<end])
      for character in String(text) {
        let cell = Self.cell(character, bytes: stepOver(character.unicodeScalars.count), column: column)
        column += cell.width
        cells.append(cell)
      }
    }
  }

  private static func cell(_ character: Character, bytes: Range<Int>, column: Int) -> Cell {
    if character == "\t" {
      let width = tabWidth - column % tabWidth
      return Cell(text: String(repeating: " ", count: width), width: width, bytes: bytes, isBreakable: true)
    }
    let scalars = character.unicodeScalars
    if scalars.count == 1, let scalar = scalars.first, (0x20..<0x7F).contains(scalar.value) {
      return Cell(text: String(character), width: 1, bytes: bytes, isBreakable: scalar == " ")
    }
    var text = ""
    var width = 0
    let isSequence = scalars.count > 1
    for scalar in scalars {
      if isEscaped(scalar, inSequence: isSequence) {
        let escape = "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
        text += escape
        width += escape.utf8.count
      } else {
        text.unicodeScalars.append(scalar)
        width += DisplayWidth.of(scalar)
      }
    }
    // A sequence of emoji, or one with a variation selector, is drawn as one.
    if isSequence, width > 0, DisplayWidth.isEmojiSequence(scalars), !text.contains("\\u{") { width = 2 }
    return Cell(text: text, width: width, bytes: bytes, isBreakable: width == 2)
  }

  private static let tabWidth = 4

  private static func isEscaped(_ scalar: Unicode.Scalar, inSequence: Bool) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator, .surrogate: true
    // Joiners and tags have a meaning between what they join, and deceive anywhere else.
    case .format: !(inSequence && (scalar.value == 0x200C || scalar.value == 0x200D || scalar.value >= 0xE0020))
    default: false
    }
  }

  /// The columns that it takes.
  var width: Int { cells.reduce(0) { $0 + $1.width } }

  /// What is printed.
  var text: String { Self.text(of: cells[...]) }

  private static func text(of cells: ArraySlice<Cell>) -> String {
    var text = ""
    for cell in cells { text += cell.text }
    return text
  }

  /// A message or a name, safe to print.
  static func safe(_ text: String) -> String {
    // Nearly everything printed is plain ASCII: that is seen without taking it apart.
    text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F } ? text : DisplayText(text).text
  }

  /// The columns that a message or a name takes.
  static func width(_ text: String) -> Int { DisplayText(text).width }

  /// A message in lines of at most `width` columns, broken at spaces and after wide characters.
  static func wrapped(_ text: String, width limit: Int) -> [String] {
    let limit = max(limit, 20)
    // Nearly everything printed is plain ASCII, of which every byte is a column.
    if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return wrappedASCII(Array(text.utf8), width: limit) }
    var lines: [String] = []
    var line: [Cell] = []
    var lineWidth = 0
    var breakAt: Int?
    for cell in DisplayText(text).cells {
      if lineWidth + cell.width > limit, cell.text != " " {
        let cut = breakAt ?? line.count
        lines.append(trimmedEnd(line[..<cut]))
        line = Array(line[cut...].drop { $0.text == " " })
        lineWidth = line.reduce(0) { $0 + $1.width }
        breakAt = nil
      }
      if lines.isEmpty || !line.isEmpty || cell.text != " " {
        line.append(cell)
        lineWidth += cell.width
      }
      if cell.isBreakable { breakAt = line.count }
      // Japanese never starts a line with closing punctuation: it stays with what it closes.
      if noLineStart.contains(cell.text), line.count > 1, breakAt == line.count - 1 { breakAt = line.count }
    }
    lines.append(trimmedEnd(line[...]))
    return lines
  }

  private static func wrappedASCII(_ bytes: [UInt8], width limit: Int) -> [String] {
    let space = UInt8(ascii: " ")
    var lines: [String] = []
    func add(_ range: Range<Int>) {
      var end = range.upperBound
      while end > range.lowerBound, bytes[end - 1] == space { end -= 1 }
      lines.append(String(decoding: bytes[range.lowerBound..<end], as: UTF8.self))
    }
    var start = 0
    while bytes.count - start > limit {
      // The first character that does not fit; spaces at a line's end always do.
      guard let over = bytes[(start + limit)...].firstIndex(where: { $0 != space }) else { break }
      let cut = bytes[start..<over].lastIndex(of: space).map { $0 + 1 } ?? over
      add(start..<cut)
      start = bytes[cut...].firstIndex { $0 != space } ?? bytes.count
    }
    add(start..<bytes.count)
    return lines
  }

  private static let noLineStart: Set<String> = ["、", "。", "」", "』", "）", "】", "，", "．", "？", "！"]

  private static func trimmedEnd(_ cells: ArraySlice<Cell>) -> String {
    let end = cells.lastIndex { $0.text != " " }.map { $0 + 1 } ?? cells.startIndex
    return text(of: cells[..<end])
  }
}
