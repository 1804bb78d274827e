import SourceText
import Testing

@testable import Documents

@Suite("Where YAML's nodes stand")
struct YAMLSpanTests {
  struct Example: CustomTestStringConvertible, Sendable {
    let path: String
    let text: String

    init(_ path: String, _ text: String) {
      self.path = path
      self.text = text
    }

    var testDescription: String { "\(path) in \(text.prefix(40))" }
  }

  static let examples = [
    Example("a", "a: «b»"),
    Example("a", "a: «b c»  # d"),
    Example("a", "a: «'b'' c'»\n"),
    Example("a", "a: «\"b\\n\"»\n"),
    Example("日本", "日本: «あ🔐い»\n次: x"),
    Example("次", "日本: あ🔐い\n次: «'を'»"),
    Example("a", "\u{FEFF}a: «b»\n"),
    Example("b", "\u{FEFF}あ: x\r\nb: «y»\r\n"),
    Example("a", "a: «b\n  c»\n\nd: e"),
    Example("a", "a:\n  «b: c\n  d: e»\n\n# comment\nf: g"),
    Example("a", "a:\n«- b\n- c»\n\n# comment\nf: g"),
    Example("a", "a:\n  «- b\n  -»\nf: g"),
    Example("a", "a:\n  «b:\n    c:\n      - d»\n\n\nf: g"),
    Example("a", "a: «{ b: c }» # d"),
    Example("a", "a: «[b,\n c]»\nd: e"),
    Example("a", "a:«» # comment\nb: c"),
    Example("a", "a:«»\nb: c"),
    Example("a", "{a:«» , b: c}"),
    Example("a", "{a«», b: c}"),
    Example("a", "? a«»\n? b"),
    Example("a", "a: «!Sub \"b\"»"),
    Example("a", "a: «!GetAtt b.c»"),
    Example("a", "a: «!Foo»\nb: c"),
    Example("a", "a: «!If [x, y]»\n"),
    Example("a", "a: «!Foo\n  b: c»\n\n"),
    Example("a", "a: &x «b»"),
    Example("a", "a: &x «!Sub b»"),
    Example("a", "a: «!Sub &x b»"),
    Example("a", "a: &x # why\n  «b: c»"),
    Example("b", "a: &x «b»\nb: *x"),
    Example("a", "a: «|\n  b\n  c»\n\n\nd: e"),
    Example("a", "a: «>-\n  b  »\n\nd: e"),
    Example("a", "a: «|-» # empty\n\nd: e"),
    Example("a", "a: «|» \nd: e"),
    Example("a", "a: «|\r\n  あ\r\n  い»\r\n\r\nd: e"),
    Example("a.0", "a: [«b», c]"),
    Example("a.1.c", "a:\n- b\n- c: «d»"),
    Example("", "«a: b\nc:»\n\n# end\n"),
    Example("", "# start\n«- a\n- b»\n"),
    Example("", "--- «x»\n...\n"),
  ]

  @Test(arguments: examples)
  func `A node's span is what is written`(_ example: Example) throws {
    let marked = MarkedText(example.text)
    let reading = Document.read(marked.source, as: .yaml)
    #expect(reading.diagnostics.isEmpty)
    let node = try #require(reading.documents.first?.root?.at(example.path))
    #expect(node.span == marked.span, "\(marked.text(node.span)), wanted \(marked.text(marked.span))")
  }

  static let keys = [
    Example("a", "«a»: b"),
    Example("あ", "x: é\n«\"あ\"»: b"),
    Example("a", "? «a»\n: b"),
    Example("a b", "'x': 1\n«a b» : b"),
    Example("a", "&x «a»: b"),
    Example("a", "{ «a» : b }"),
  ]

  @Test(arguments: keys)
  func `A key's span is what is written`(_ example: Example) throws {
    let marked = MarkedText(example.text)
    let entry = try #require(Document.read(marked.source, as: .yaml).documents.first?.root?.entry(example.path))
    #expect(entry.key.span == marked.span, "\(marked.text(entry.key.span))")
  }

  @Test func `An entry reaches from its key to its value or its alias`() throws {
    let marked = MarkedText("base: &b {x: 1}\n«use: «*b»»\n")
    let root = try #require(Document.read(marked.source, as: .yaml).documents.first?.root)
    let entry = try #require(root.entry("use"))
    #expect(entry.valueSpan.range == marked.regions[0])
    #expect(entry.span.range == marked.regions[1])
    #expect(entry.value == root["base"])
    #expect(Set(root.all).count == root.all.count)
  }

  @Test func `Content begins behind tag and anchor`() throws {
    let marked = MarkedText("a: !Sub &x «\"b\"»\n")
    let node = try #require(Document.read(marked.source, as: .yaml).documents.first?.root?["a"])
    #expect(node.contentSpan == marked.span)
  }
}
