import SourceText
import Testing

@testable import Documents

@Suite("What YAML means")
struct YAMLMeaningTests {
  private func root(_ text: String) throws -> Node {
    let reading = Document.read(MarkedText(text).source, as: .yaml)
    #expect(reading.diagnostics.isEmpty)
    return try #require(reading.documents.first?.root)
  }

  @Test func `Scalars keep their spelling, tags theirs`() throws {
    let root = try root("a: 16.10\nb: yes\nc: !Ref X\nd: !!str 7\ne: \"7\"\nf: !GetAtt [A, B]\n")
    #expect(root["a"]?.text == "16.10")
    #expect(root["b"]?.style == .plain)
    #expect(root["c"]?.tag == "!Ref")
    #expect(root["d"]?.tag == "tag:yaml.org,2002:str")
    #expect(root["e"]?.style == .doubleQuoted)
    #expect(root["f"]?.tag == "!GetAtt")
    #expect(root["f"]?.items.map(\.text) == ["A", "B"])
    #expect(root["g"] == nil)
    #expect(root["a"]?["b"] == nil)
  }

  @Test(arguments: [
    ("a: ~", true), ("a:", true), ("a: null", true), ("a: Null", true), ("a: NULL", true), ("a: !!null x", false),
    ("a: ''", false), ("a: 'null'", false), ("a: nUll", false), ("a: !!str", false), ("a: !Ref ~", false),
    ("a: []", false), ("a: |\n", false),
  ])
  func `Null is told from text`(_ text: String, _ isNull: Bool) throws {
    #expect(try root(text)["a"]?.isNull == isNull)
  }

  @Test func `Keys are found by how they begin`() throws {
    let root = try root("Refs: 1\n\"Fn::\\x49f\": 2\nlist: [Fn::Sub]\nFn: { F: 1 }\n")
    #expect(root.hasKey(startingWith: "Fn::"))
    #expect(root.hasKey(startingWith: "Ref"))
    #expect(!root.hasKey(startingWith: "Fn::Sub"))
    #expect(root["list"]?.hasKey(startingWith: "Fn::") == false)
    #expect(root["Fn"]?.hasKey(startingWith: "Fn::") == false)
  }

  @Test func `Own keys win over merged ones, and earlier maps over later ones`() throws {
    let root = try root(
      """
      one: &one { a: 1, b: 1 }
      two: &two { b: 2, c: 2 }
      all:
        <<: [*one, *two]
        c: own
      nested: &nested { <<: *two, d: 4 }
      again: { <<: *nested, b: 5 }
      text: { "<<": 1 }
      """)
    #expect(root["all"]?.entries.map { "\($0.key.text)=\($0.value.text)" } == ["c=own", "a=1", "b=1"])
    #expect(root["again"]?.entries.map { "\($0.key.text)=\($0.value.text)" } == ["b=5", "d=4", "c=2"])
    #expect(root["text"]?["<<"]?.text == "1")
  }

  @Test func `Of a key written twice the last counts`() throws {
    for count in [1, 20] {
      let others = (0..<count).map { "k\($0): x\n" }.joined()
      let marked = MarkedText("a: 1\n\(others)«a»: 2\n")
      let reading = Document.read(marked.source, as: .yaml)
      let root = try #require(reading.documents.first?.root)
      #expect(root["a"]?.text == "2")
      #expect(root.entries.count == count + 1)
      let diagnostic = try #require(reading.diagnostics.first)
      #expect(diagnostic.id == "duplicate-key")
      #expect(diagnostic.severity == .error)
      #expect(diagnostic.span == marked.span)
      #expect(diagnostic.related.map(\.span.range) == [0..<1])
    }
  }

  @Test func `Every document of a stream is read`() throws {
    let reading = Document.read(MarkedText("a: 1\n---\n- b\n---\n--- c\n").source, as: .yaml)
    #expect(reading.documents.map { $0.root?.kind } == [.mapping, .sequence, nil, .scalar])
  }

  @Test(arguments: ["", "\n", "# only a comment\n", "\u{FEFF}", "---\n", "---\n...\n"])
  func `Nothing is one empty document`(_ text: String) {
    let reading = Document.read(MarkedText(text).source, as: .yaml)
    #expect(reading.diagnostics.isEmpty)
    #expect(reading.documents.count == 1)
    #expect(reading.documents.first?.root == nil)
  }

  @Test func `An anchor given again means the later node`() throws {
    let root = try root("a: &x 1\nb: *x\nc: &x 2\nd: *x\n")
    #expect(root["b"]?.text == "1")
    #expect(root["d"]?.text == "2")
  }

  @Test func `A YAML file that holds JSON is read as JSON`() throws {
    let reading = Document.read(MarkedText(#"{"a":"\ud83d\udd10","b":[1]}"#).source, as: .yaml)
    #expect(reading.documents.first?.format == .json)
    #expect(reading.documents.first?.root?["a"]?.text == "🔐")
    #expect(Document.read(MarkedText("{a: b}").source, as: .yaml).documents.first?.format == .yaml)
  }

  @Test func `Large mappings are looked up by key`() throws {
    let text = (0..<5_000).map { "Resource\($0): { Type: T\($0) }\n" }.joined()
    let root = try root(text)
    for index in stride(from: 0, to: 5_000, by: 7) {
      #expect(root["Resource\(index)"]?["Type"]?.text == "T\(index)")
    }
    #expect(root["Resource5000"] == nil)
  }
}
