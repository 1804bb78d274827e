import SourceText
import Testing

@Suite("Spans")
struct SpanTests {
  private let file = FileID(1)

  @Test func `Spans join, contain and sort`() {
    let (a, b) = (Span(file, 2..<5), Span(file, 7..<9))
    #expect(a.union(b) == Span(file, 2..<9))
    #expect(a.union(Span(FileID(2), 0..<1)) == a)
    #expect(a.union(b).contains(b))
    #expect(!a.contains(b))
    #expect(!Span(FileID(2), 0..<99).contains(a))
    #expect([Span(FileID(2), 0..<1), b, a].sorted() == [a, b, Span(FileID(2), 0..<1)])
  }

  @Test func `A source's text is repaired and kept in bounds`() {
    let source = SourceFile(id: file, path: "x", bytes: [0x61, 0xFF, 0x62])
    #expect(source.text(Span(file, 0..<99)) == "a\u{FFFD}b")
    #expect(source.text(Span(file, 50..<99)) == "")
  }
}
