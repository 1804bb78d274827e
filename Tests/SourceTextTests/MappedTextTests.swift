import SourceText
import Testing

@Suite("Decoded text and the way back")
struct MappedTextTests {
  private let file = FileID(3)

  /// `ab\ncd` as a file may write it: `ab` at 10, the escape at 12, `cd` at 14.
  private var text: MappedText {
    var text = MappedText(file: file)
    text.copy(Array("ab".utf8), at: 10)
    text.append([0x0A], for: 12..<14)
    text.copy(Array("cd".utf8), at: 14)
    return text
  }

  @Test(arguments: [
    (0..<5, 10..<16), (0..<2, 10..<12), (1..<2, 11..<12), (2..<3, 12..<14), (1..<4, 11..<15), (3..<5, 14..<16),
    (2..<2, 12..<12), (3..<3, 14..<14), (5..<5, 16..<16), (4..<99, 15..<16), (99..<99, 16..<16),
  ])
  func `A range leads to its place`(_ range: Range<Int>, _ expected: Range<Int>) {
    #expect(text.string == "ab\ncd")
    #expect(text.span(range) == Span(file, expected))
  }

  @Test func `An escape of several bytes is one place`() {
    var text = MappedText(file: file)
    text.append(Array("あ".utf8), for: 4..<10)
    #expect(text.span(0..<1) == Span(file, 4..<10))
    #expect(text.span(2..<3) == Span(file, 4..<10))
    #expect(text.span(3..<3) == Span(file, 10..<10))
  }

  @Test func `What stands for nothing in the file has an empty place`() {
    var text = MappedText(file: file)
    text.append([0x20], for: 7..<7)
    #expect(text.span(0..<1) == Span(file, 7..<7))
  }

  @Test func `An empty text stands where it was made`() {
    #expect(MappedText(file: file, at: 9).span(0..<0) == Span(file, 9..<9))
    let source = SourceFile(id: file, path: "x", bytes: Array("abc".utf8))
    #expect(MappedText(source, 2..<2).span(0..<0) == Span(file, 2..<2))
  }

  @Test func `A part of a file is copied`() {
    let source = SourceFile(id: file, path: "x", bytes: Array("abcdef".utf8))
    #expect(MappedText(source).string == "abcdef")
    #expect(MappedText(source, 2..<99).string == "cdef")
    #expect(MappedText(source, 2..<4).span(1..<2) == Span(file, 3..<4))
  }

  @Test func `A part of a text keeps its way back`() {
    var part = MappedText(file: file)
    part.append(text, 1..<4)
    #expect(part.string == "b\nc")
    #expect(part.span(0..<1) == Span(file, 11..<12))
    #expect(part.span(1..<2) == Span(file, 12..<14))
    #expect(part.span(2..<3) == Span(file, 14..<15))
    part.append(text, 4..<99)
    #expect(part.string == "b\ncd")
    #expect(part.span(2..<4) == Span(file, 14..<16))
  }
}
