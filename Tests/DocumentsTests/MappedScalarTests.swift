import SourceText
import Testing

@testable import Documents

@Suite("The way back from decoded text")
struct MappedScalarTests {
  struct Example: CustomTestStringConvertible, Sendable {
    let source: String
    let part: String
    var format = DocumentFormat.yaml
    var testDescription: String { source }

    init(_ source: String, _ part: String, _ format: DocumentFormat = .yaml) {
      self.source = source
      self.part = part
      self.format = format
    }
  }

  /// The part of the text that `a` holds, and where it is written.
  static let examples = [
    Example("a: one «two»", "two"),
    Example("a: one\n  «two\n  three»\n", "two three"),
    Example("a: one\n\n\n  «two»\n", "two"),
    Example("a: あ\n  «い🔐»\n", "い🔐"),
    Example("a: 'it«''»s'", "'"),
    Example("a: 'it''s «two»'", "two"),
    Example("a: 'one\r\n\r\n  «two»'", "two"),
    Example("a: \"one«\\n»two\"", "\n"),
    Example("a: \"one\\n«two»\"", "two"),
    Example("a: \"«\\x41»b\"", "A"),
    Example("a: \"«\\u3042»b\"", "あ"),
    Example("a: \"x«\\U0001F510»b\"", "🔐"),
    Example("a: \"one\\\n  \\  «two»\"", "two"),
    Example("a: \"one \\\n  «two»\"", "two"),
    Example("a: \"one\n\n\n  «two»\"", "two"),
    Example("a: \"\\0\\a\\e\\N\\_\\L\\P\\/\\\"«z»\"", "z"),
    Example("a: |\n  one\n  «two»\n", "two"),
    Example("a: |\n  one\n    «two»\n  three", "two"),
    Example("a: |+\n  one\n\n  «two»\n\n", "two"),
    Example("a: |2\n    one\n  «two»\n", "two"),
    Example("x:\n  a: |1-\n     one\n   «two»\n", "two"),
    Example("a: |\r\n  あ\r\n  «い»\r\n", "い"),
    Example("\u{FEFF}a: |\n\n\n  one\n  «two»\n", "two"),
    Example("a: >\n  one\n  «two»\n", "two"),
    Example("a: >\n  one\n  two\n\n  «three»\n", "three"),
    Example("a: >-\n  one\n    kept\n    «apart»\n  end\n", "apart"),
    Example("a: >+\n\n  one\n\n\n    x\n\n  «あ»\n\n\n", "あ"),
    Example("a: !Sub |\n  one\n  «${x}»\n", "${x}"),
    Example(#"{"a": "one «two»"}"#, "two", .json),
    Example(#"{"a": "one\n«two»"}"#, "two", .json),
    Example(#"{"a": "x«\ud83d\udd10»y"}"#, "🔐", .json),
    Example(#"{"a": "あ\tい«う»"}"#, "う", .json),
  ]

  @Test(arguments: examples)
  func `A part of the text leads to its place`(_ example: Example) throws {
    let marked = MarkedText(example.source)
    let reading = Document.read(marked.source, as: example.format)
    #expect(reading.diagnostics.isEmpty)
    let root = try #require(reading.documents.first?.root)
    let node = try #require(root["a"] ?? root["x"]?["a"])
    let mapped = node.mappedText
    #expect(mapped.string == node.text)
    let range = try #require(mapped.bytes.firstRange(of: Array(example.part.utf8)), "\(mapped.string)")
    #expect(mapped.span(range) == marked.span, "\(marked.text(mapped.span(range)))")
  }

  @Test(arguments: ["a: ''", "a: \"\"", "a:", "a: |\n"])
  func `An empty text stands where it is written`(_ text: String) throws {
    let node = try #require(Document.read(MarkedText(text).source, as: .yaml).documents.first?.root?["a"])
    let span = node.mappedText.span(0..<0)
    #expect(node.contentSpan.contains(span))
    #expect(span.lower > 0)
  }

  @Test func `Every scalar of the fixtures is walked exactly, with any line ends`() throws {
    var scalars = 0
    for fixture in Fixture.all where fixture.format == .yaml {
      let text = String(decoding: fixture.bytes, as: UTF8.self)
      let crlf = text.unicodeScalars.map { $0 == "\n" ? "\r\n" : String($0) }.joined()
      for variant in [text, "\u{FEFF}" + text, crlf] {
        let source = SourceFile(id: FileID(0), path: fixture.path, bytes: Array(variant.utf8))
        let reading = Document.read(source, as: .yaml)
        #expect(reading.diagnostics.isEmpty, "\(fixture.path)")
        for node in reading.documents.compactMap(\.root).flatMap(\.all) where node.record.place == .pool {
          scalars += 1
          let content = node.contentSpan.range
          let exact = source.bytes.withUnsafeBufferPointer {
            YAMLScalarMap.mapped($0, content, node.style, ArraySlice(node.text.utf8), in: source.id)
          }
          #expect(exact != nil, "\(fixture.path): \(source.text(node.span))")
          #expect(node.mappedText.string == node.text)
        }
      }
    }
    #expect(scalars > 20)
  }
}
