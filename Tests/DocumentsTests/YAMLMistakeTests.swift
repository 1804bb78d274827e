import SourceText
import Testing

@testable import Documents

@Suite("What is wrong with YAML")
struct YAMLMistakeTests {
  struct Mistake: CustomTestStringConvertible, Sendable {
    let id: String
    let text: String
    var testDescription: String { "\(id): \(text.prefix(30))" }

    init(_ id: String, _ text: String) {
      self.id = id
      self.text = text
    }
  }

  static let mistakes = [
    Mistake("undefined-alias", "a: «*b»"),
    Mistake("undefined-alias", "a: &base 1\nb: «*bsae»"),
    Mistake("undefined-alias", "--- &a x\n---\n«*a»"),
    Mistake("recursive-alias", "a: &a [«*a»]"),
    Mistake("complex-key", "? «{a: b}»\n: c\nd: e"),
    Mistake("complex-key", "«[a, b]»: c"),
    Mistake("merge-needs-mapping", "a: { <<: «x» }"),
    Mistake("merge-needs-mapping", "a: { <<: «[x]» }"),
    Mistake("unquoted-placeholder", "a: «{{ name }}»\nb: c"),
    Mistake("unquoted-placeholder", "a: «{{ name }}»-suffix\nb: c"),
    Mistake("unquoted-placeholder", "«{% if x %}»\na: b"),
    Mistake("tab-indentation", "a:\n«\t»b: c"),
    Mistake("unclosed-quote", "a: «\"»b\nc: d\n"),
    Mistake("unclosed-quote", "a: «'»b\nc: d\n"),
    Mistake("unclosed-bracket", "a: «[»b, c\nd: e\n"),
    Mistake("unclosed-bracket", "a: «{»b: c\n"),
    Mistake("missing-comma", "a: [\"b\" «\"c\"]»\n"),
    Mistake("missing-colon", "a: b\n«c»\nd: e\n"),
    Mistake("unexpected-colon", "a: b«:» c\n"),
    Mistake("reserved-character", "a: «@»b\n"),
    Mistake("reserved-character", "a: «`»b\n"),
    Mistake("unknown-escape", "a: \"b«\\d»\"\n"),
    Mistake("bad-anchor-name", "a: «*.example.com»\n"),
    Mistake("unknown-tag", "a: «!x!y» b\n"),
    Mistake("bad-block-header", "a: |«x»\n  b\n"),
    Mistake("wrong-indentation", "a:\n  b: c\n «d:» e\n"),
    Mistake("wrong-indentation", "- a\n«b:» c\n"),
    Mistake("content-after-value", "a: 'b' «c»\n"),
    Mistake("content-after-value", "a: 'it'«s'»\n"),
    Mistake("content-after-value", "a: [b]«]»\n"),
    Mistake("content-after-value", "a: \"foo\nb: \"«bar\"»\nc: d\n"),
    Mistake("mismatched-bracket", "a: [b«}»\n"),
    Mistake("unclosed-bracket", "a: {b: «[»c, "),
    Mistake("missing-value", "a: [«,» b]\n"),
    Mistake("content-after-end", "a\n...\n«b»\n%x"),
    Mistake("bad-directive", "«%YAML 2.0»\n---\na\n"),
    Mistake("unexpected-item", "a: «-» b\n"),
    Mistake("control-character", "a: \"«\u{7}»\"\n"),
    Mistake("nul-byte", "a: «\0»\n"),
  ]

  @Test(arguments: mistakes)
  func `A mistake is told where it stands`(_ mistake: Mistake) throws {
    let marked = MarkedText(mistake.text)
    let reading = Document.read(marked.source, as: .yaml)
    let diagnostic = try #require(reading.diagnostics.first)
    #expect(diagnostic.id == mistake.id, "\(diagnostic.message)")
    #expect(diagnostic.severity == .error)
    #expect(diagnostic.span == marked.span, "\(marked.text(diagnostic.span)): \(diagnostic.message)")
    #expect(diagnostic.message.hasSuffix("."))
    #expect(diagnostic.cure?.isEmpty == false)
  }

  @Test func `A near anchor is suggested`() {
    let reading = Document.read(MarkedText("a: &base 1\nb: *bsae").source, as: .yaml)
    #expect(reading.diagnostics.first?.cure == "Did you mean '*base'?")
  }

  @Test func `After a syntax error only whole documents remain`() {
    let reading = Document.read(MarkedText("a: 1\n---\nb: 2\nc: [\n").source, as: .yaml)
    #expect(reading.documents.count == 1)
    #expect(reading.documents.first?.root?["a"]?.text == "1")
    #expect(reading.diagnostics.count == 1)
  }

  @Test func `A placeholder is kept as text`() {
    let reading = Document.read(MarkedText("a: {{ name }}\n").source, as: .yaml)
    #expect(reading.documents.first?.root?["a"]?.text == "{{ name }}")
  }

  @Test func `A key of more than 1,024 characters is told`() {
    let reading = Document.read(
      MarkedText(String(repeating: "k", count: 1_100) + ": a\nb: c\n").source, as: .yaml)
    #expect(reading.diagnostics.map(\.id) == ["key-too-long"])
  }

  @Test(
    arguments: [
      [0x61, 0x00, 0x3A, 0x00], [0x00, 0x61, 0x00, 0x3A],
      [0xFF, 0xFE, 0, 0, 0x61, 0, 0, 0], [0x61, 0xC0, 0x80], [0x61, 0xED, 0xA0, 0x80], [0xE3, 0x81],
      [0x61, 0xF5, 0x80, 0x80, 0x80], [0x82, 0xA0],
    ] as [[UInt8]])
  func `What is not UTF-8 is told`(_ bytes: [UInt8]) {
    for format in [DocumentFormat.yaml, .json] {
      let reading = Document.read(SourceFile(id: FileID(0), path: "x", bytes: bytes), as: format)
      #expect(reading.diagnostics.map(\.id) == ["not-utf-8"])
      #expect(reading.documents.isEmpty)
    }
  }
}
