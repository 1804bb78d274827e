import SourceText
import Testing

@Suite("Lines and columns")
struct LineTableTests {
  private func place(_ text: String, _ offset: Int) -> String {
    let position = LineTable(Array(text.utf8)).position(of: offset)
    return "\(position.line):\(position.column)/\(position.utf16Column)"
  }

  @Test(arguments: [
    ("", 0, "1:1/1"), ("abc", 2, "1:3/3"), ("a\nb", 2, "2:1/1"), ("a\r\nb", 3, "2:1/1"), ("a\rb", 2, "2:1/1"),
    ("a\n", 2, "2:1/1"), ("a\nb", 1, "1:2/2"), ("あb", 3, "1:2/2"), ("🔐b", 4, "1:2/3"), ("x\nあ🔐b", 9, "2:3/4"),
    ("abc", 99, "1:4/4"), ("abc", -1, "1:1/1"),
    // An offset inside a character is that character's place.
    ("あb", 1, "1:1/1"), ("🔐b", 3, "1:1/1"),
    // A byte order mark has no column.
    ("\u{FEFF}ab", 3, "1:1/1"), ("\u{FEFF}ab", 4, "1:2/2"), ("\u{FEFF}ab", 0, "1:1/1"), ("\u{FEFF}a\nあb", 8, "2:2/2"),
  ])
  func `An offset has its line and columns`(_ text: String, _ offset: Int, _ expected: String) {
    #expect(place(text, offset) == expected)
  }

  @Test func `Long lines count across checkpoints`() {
    let text = "first あ\n" + String(repeating: "aあ🔐", count: 1_000)
    let table = LineTable(Array(text.utf8))
    let start = "first あ\n".utf8.count
    for index in [0, 1, 31, 32, 33, 64, 500, 999, 1_000] {
      let position = table.position(of: start + 8 * index)
      #expect(position == Position(line: 2, column: 3 * index + 1, utf16Column: 4 * index + 1))
    }
  }

  @Test func `A line's text comes without its ending and without a mark`() {
    let table = LineTable(Array("\u{FEFF}one\r\n\r\nthree\rfour".utf8))
    #expect(table.lineCount == 4)
    #expect((1...4).map { table.text(ofLine: $0) } == ["one", "", "three", "four"])
    #expect(table.text(ofLine: 0) == nil)
    #expect(table.text(ofLine: 5) == nil)
    #expect(LineTable([]).text(ofLine: 1) == "")
    #expect(LineTable([0xEF, 0xBB, 0xBF]).text(ofLine: 1) == "")
    #expect(LineTable(Array("\u{FEFF}\nb".utf8)).range(ofLine: 1) == 3..<3)
  }
}
