/// Where text for a terminal is put together. Everything that comes from an input passes through ``DisplayText``, so
/// that the only control sequences in the result are the colours chosen here.
struct TextCanvas {
  /// What a piece of text is, of which its colour follows.
  enum Style {
    case plain, strong, dim, place, gutter, help
    case critical, high, medium, low, info
    case pass, removed, added

    /// The parameters of ANSI's Select Graphic Rendition, of the sixteen colours that every terminal's theme sets.
    fileprivate var codes: String? {
      switch self {
      case .plain: nil
      case .strong: "1"
      case .dim: "2"
      case .place: "36"
      case .gutter: "34"
      case .help: "1;36"
      case .critical: "1;95"
      case .high: "1;31"
      case .medium: "1;33"
      case .low: "1;34"
      case .info: "1;37"
      case .pass, .added: "32"
      case .removed: "31"
      }
    }
  }

  private(set) var text = ""
  let color: Bool
  /// The columns of the terminal.
  let width: Int

  init(color: Bool, width: Int) {
    self.color = color
    self.width = max(width, 40)
  }

  /// Appends text to the current line.
  mutating func write(_ piece: String, _ style: Style = .plain) {
    writeSafe(DisplayText.safe(piece), style)
  }

  mutating func endLine() {
    while text.last == " " { text.removeLast() }
    text += "\n"
  }

  /// Leaves one blank line, but none at the top and never two.
  mutating func leaveBlankLine() {
    if !text.isEmpty, !text.hasSuffix("\n\n") { text += "\n" }
  }

  /// A paragraph, each line indented.
  mutating func paragraph(_ content: String, indent: Int, _ style: Style = .plain) {
    for line in DisplayText.wrapped(content, width: width - indent) {
      text += String(repeating: " ", count: indent)
      writeSafe(line, style)
      endLine()
    }
  }

  /// A label and its text, whose further lines start below the first.
  mutating func note(_ label: String, _ paragraphs: [String], indent: Int, labelStyle: Style = .strong) {
    guard !paragraphs.isEmpty else { return }
    let start = String(repeating: " ", count: indent) + "= "
    let hang = min(DisplayText.width(label) + 1, 14)
    var isFirst = true
    for paragraph in paragraphs {
      let lead = String(paragraph.prefix { $0 == " " })
      let content = String(paragraph.dropFirst(lead.count))
      for line in DisplayText.wrapped(content, width: width - indent - 2 - hang - lead.count) {
        if isFirst {
          text += start
          write(label, labelStyle)
          text += " "
        } else {
          text += String(repeating: " ", count: indent + 2 + hang)
        }
        isFirst = false
        writeSafe(lead + line, .plain)
        endLine()
      }
    }
  }

  /// A frame with its gutter, aligned so that the bar stands `indent` columns in; notes below it get some air.
  mutating func frame(_ frame: CodeFrame, barAt indent: Int, marks: Style, hasNotes: Bool) {
    func gutter(_ number: String) -> String {
      String(repeating: " ", count: max(0, indent - number.utf8.count - 1)) + number + " |"
    }
    writeSafe(gutter(""), .gutter)
    endLine()
    for row in frame.rows {
      switch row {
      case .source(let line, let source):
        writeSafe(gutter(String(line)), .gutter)
        text += source.isEmpty ? "" : " \(source)"
      case .marks(let range):
        writeSafe(gutter(""), .gutter)
        text += String(repeating: " ", count: range.lowerBound + 1)
        writeSafe(String(repeating: "^", count: range.count), marks)
      case .gap:
        writeSafe(String(repeating: " ", count: max(0, indent - 3)) + "...", .gutter)
      }
      endLine()
    }
    if hasNotes {
      writeSafe(gutter(""), .gutter)
      endLine()
    }
  }

  /// What a fix changes, with its signs in the column of the frame's bar.
  mutating func preview(_ preview: FixPreview, barAt indent: Int) {
    for row in preview.rows {
      let number = row.line.map(String.init) ?? ""
      text += String(repeating: " ", count: max(0, indent - number.utf8.count - 1))
      writeSafe(number, .gutter)
      text += " "
      writeSafe("\(row.change.rawValue) \(row.text)", row.change == .removed ? .removed : .added)
      endLine()
    }
  }

  /// Appends text that holds no control characters any more.
  private mutating func writeSafe(_ piece: String, _ style: Style) {
    if color, let codes = style.codes, !piece.isEmpty {
      text += "\u{1B}[\(codes)m\(piece)\u{1B}[0m"
    } else {
      text += piece
    }
  }
}
