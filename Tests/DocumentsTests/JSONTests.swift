import SourceText
import Testing

@testable import Documents

@Suite("Reading JSON")
struct JSONTests {
  static let spans = [
    YAMLSpanTests.Example("a", #"{"a": «"b"»}"#),
    YAMLSpanTests.Example("a", #"{"a": «-1.5e3» }"#),
    YAMLSpanTests.Example("a.1", #"{"a": [true,«null»]}"#),
    YAMLSpanTests.Example("日本", #"{"日本" : «{ "a": [] }» }"#),
    YAMLSpanTests.Example("", "\u{FEFF} «[]»\n"),
    YAMLSpanTests.Example("", "«3»"),
    YAMLSpanTests.Example("a b", #"{"a\u0020b": «"\ud83d\udd10 \"x\""»}"#),
  ]

  @Test(arguments: spans)
  func `A value's span is what is written`(_ example: YAMLSpanTests.Example) throws {
    let marked = MarkedText(example.text)
    let reading = Document.read(marked.source, as: .json)
    #expect(reading.diagnostics.isEmpty)
    let node = try #require(reading.documents.first?.root?.at(example.path))
    #expect(node.span == marked.span, "\(marked.text(node.span))")
  }

  @Test func `Strings are decoded, the rest keeps its spelling`() throws {
    let text = #"{"a": "\"\\\/\b\f\n\r\t\u3042\uD83D\uDD10é", "n": 1.50, "t": true, "z": null, "s": "null"}"#
    let root = try #require(Document.read(MarkedText(text).source, as: .json).documents.first?.root)
    #expect(root["a"]?.text == "\"\\/\u{8}\u{C}\n\r\tあ🔐é")
    #expect(root["a"]?.style == .doubleQuoted)
    #expect(root["n"]?.text == "1.50")
    #expect(root["t"]?.style == .plain)
    #expect(root["z"]?.isNull == true)
    #expect(root["s"]?.isNull == false)
  }

  static let mistakes: [(YAMLMistakeTests.Mistake, Bool)] = [
    (.init("trailing-comma", #"{"a": [1«,»]}"#), true),
    (.init("trailing-comma", "{\"a\": 1«,»\n}"), true),
    (.init("comment-in-json", "{«// why»\n\"a\": 1}"), true),
    (.init("comment-in-json", #"{"a": «/* why */» 1}"#), true),
    (.init("comment-in-json", "«# why»\n{}"), true),
    (.init("not-a-json-value", #"{"a": «NaN»}"#), true),
    (.init("not-a-json-value", #"{"a": «-Infinity»}"#), true),
    (.init("not-a-json-value", #"{"a": «True»}"#), true),
    (.init("not-a-json-value", #"{"a": «007»}"#), true),
    (.init("not-a-json-value", #"{"a": «1.»}"#), true),
    (.init("not-a-json-value", #"{"a": «.5»}"#), true),
    (.init("not-a-json-value", #"{"a": «+1»}"#), true),
    (.init("not-a-json-value", #"{"a": «0x1F»}"#), true),
    (.init("not-a-json-value", #"{"a": «nul»}"#), true),
    (.init("single-quotes", #"{"a": «'b'»}"#), true),
    (.init("single-quotes", #"{«'a'»: 1}"#), true),
    (.init("unquoted-key", #"{«a»: 1}"#), true),
    (.init("missing-comma", #"{"a": 1 «"b"»: 2}"#), true),
    (.init("missing-comma", #"[1 «2»]"#), true),
    (.init("missing-colon", #"{«"a"» 1}"#), false),
    (.init("missing-value", #"{"a": «}»"#), false),
    (.init("missing-value", #"[1,«,»2]"#), false),
    (.init("unexpected-character", #"{"a": «@»}"#), false),
    (.init("unexpected-character", #"{"a": 1 «;» }"#), false),
    (.init("unexpected-character", #"{«,» }"#), false),
    (.init("mismatched-bracket", #"{"a": [1«}»"#), false),
    (.init("unclosed-bracket", #"«{»"a": 1"#), false),
    (.init("unclosed-bracket", #"{"a": «[»1, "#), false),
    (.init("unclosed-string", #"{"a": «"b}»"#), false),
    (.init("unclosed-string", "{\"a\": «\"b»\n\", \"c\": 1}"), false),
    (.init("unclosed-string", #"{"a": «"b\»"#), false),
    (.init("control-character", "{\"a\": \"b«\t»c\"}"), true),
    (.init("control-character", "{\"a\": \"b«\u{1}»c\"}"), false),
    (.init("unknown-escape", #"{"a": "«\x»41"}"#), true),
    (.init("unknown-escape", #"{"a": "«\u»12"}"#), true),
    (.init("lone-surrogate", #"{"a": "«\ud83d»x"}"#), true),
    (.init("content-after-end", #"{} «{»}"#), false),
    (.init("empty-document", "  «»"), false),
    (.init("nul-byte", "{\"a\": «\0»}"), false),
  ]

  @Test(arguments: mistakes)
  func `A mistake is told where it stands`(_ mistake: YAMLMistakeTests.Mistake, _ goesOn: Bool) throws {
    let marked = MarkedText(mistake.text)
    let reading = Document.read(marked.source, as: .json)
    let diagnostic = try #require(reading.diagnostics.first)
    #expect(diagnostic.id == mistake.id, "\(diagnostic.message)")
    #expect(diagnostic.severity == .error)
    #expect(diagnostic.span == marked.span, "\(marked.text(diagnostic.span)): \(diagnostic.message)")
    #expect(diagnostic.message.hasSuffix("."))
    #expect(diagnostic.cure?.isEmpty == false)
    #expect(reading.documents.isEmpty != goesOn)
    #expect(reading.diagnostics.count == 1)
  }

  @Test func `Of a key written twice the last counts`() throws {
    for count in [0, 20] {
      let others = (0..<count).map { "\"k\($0)\": 0, " }.joined()
      let marked = MarkedText("{\"a\": 1, \(others)«\"\\u0061\"»: 2}")
      let reading = Document.read(marked.source, as: .json)
      #expect(reading.documents.first?.root?["a"]?.text == "2")
      #expect(reading.diagnostics.map(\.id) == ["duplicate-key"])
      #expect(reading.diagnostics.first?.span == marked.span)
      #expect(reading.diagnostics.first?.related.first?.span.range == 1..<4)
    }
  }

  @Test func `Many problems are cut short`() {
    let text = "[" + String(repeating: "NaN,", count: 500) + "1]"
    let reading = Document.read(MarkedText(text).source, as: .json)
    #expect(reading.diagnostics.count == ReadingLimits.standard.diagnostics + 1)
    #expect(reading.diagnostics.last?.id == "too-many-problems")
  }
}
