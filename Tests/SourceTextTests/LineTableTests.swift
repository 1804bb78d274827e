import SourceText
import Testing

@Suite struct LineTableTests {
  /// Columns counted from the line's start, byte by byte.
  private func counted(_ text: String, _ offset: Int) -> (column: Int, utf16Column: Int) {
    let line = String(decoding: Array(text.utf8)[..<offset], as: UTF8.self)
    return (line.unicodeScalars.count + 1, line.utf16.count + 1)
  }

  @Test(arguments: ["", "\u{FEFF}"]) func longLinesHaveTheColumnsTheyWouldHaveIfCounted(_ prefix: String) {
    let body = String(repeating: "a鍵🔑é", count: 2_500)
    let table = LineTable(Array((prefix + body + "\nshort\r\n" + body).utf8))
    var offset = 0
    for (index, character) in body.enumerated() {
      // Around the places that the table remembers, and a sample of the rest.
      if offset % 4096 < 24 || offset % 4096 > 4072 || index.isMultiple(of: 97) {
        let expected = counted(body, offset)
        for (line, start) in [(1, prefix.utf8.count), (3, prefix.utf8.count + body.utf8.count + 8)] {
          let position = table.position(of: start + offset)
          #expect(position.line == line)
          #expect((position.column, position.utf16Column) == expected)
        }
      }
      offset += character.utf8.count
    }
  }

  @Test func everyLineEndCounts() {
    let table = LineTable(Array("a\nb\r\nc\rd".utf8))
    #expect(table.lineCount == 4)
    #expect([0, 2, 5, 7, 8].map { table.position(of: $0).line } == [1, 2, 3, 4, 4])
    #expect((1...5).map { table.text(ofLine: $0) } == ["a", "b", "c", "d", nil])
  }
}
