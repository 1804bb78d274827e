import SourceText
import Testing

@testable import Documents

/// Entries added to mappings, in every manner in which mappings are written.
@Suite struct AdditionTests {
  /// The text with `New: text` in the mapping behind a path of keys; nil where it is not added.
  private func adding(_ key: String, _ value: String, to text: String, _ path: String = "P") -> String? {
    let format: DocumentFormat = text.hasPrefix("{\"") || text.hasPrefix("{\n") ? .json : .yaml
    guard let root = Self.read(text, format) else { return nil }
    var node = root
    for step in path.split(separator: "/") {
      guard let next = node[String(step)] else { return nil }
      node = next
    }
    guard let edit = node.addition(of: key, value) else { return nil }
    var bytes = Array(text.utf8)
    bytes.replaceSubrange(edit.span.range, with: Array(edit.replacement.utf8))
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func read(_ text: String, _ format: DocumentFormat) -> Node? {
    let source = SourceFile(id: FileID(0), path: format == .json ? "t.json" : "t.yaml", bytes: Array(text.utf8))
    let reading = Document.read(source, as: format)
    return reading.diagnostics.contains { $0.severity == .error } ? nil : reading.documents.first?.root
  }

  @Test(arguments: [
    ("P:\n  A: 1\n", "P:\n  A: 1\n  New: x\n"),
    ("P:\n  A: 1", "P:\n  A: 1\n  New: x"),
    ("P:\n  A: 1 # 一\n  # of B\n  B:\n    - C\n", "P:\n  A: 1 # 一\n  New: x\n  # of B\n  B:\n    - C\n"),
    ("P:\n  A: !Ref B\n  C: |\n    D: 1\n", "P:\n  A: !Ref B\n  New: x\n  C: |\n    D: 1\n"),
    ("P:\n  A: [1, 2]\nQ: 2\n", "P:\n  A: [1, 2]\n  New: x\nQ: 2\n"),
    ("P:\n- A: 1\n", nil),
    ("P:\n  A:\n    B: 1\n", nil),
    ("P:\n  A: one\n    more\n  B: 'two' \n", "P:\n  A: one\n    more\n  B: 'two' \n  New: x\n"),
    ("P: {}\n", "P: { New: x }\n"),
    ("P: { }\n", "P: { New: x }\n"),
    ("P: { # none\n }\n", nil),
    ("P: { A: 1, B: { C: 2 } }\n", "P: { New: x, A: 1, B: { C: 2 } }\n"),
    ("P: {\n    A: 1,\n  }\n", "P: {\n    New: x,\n    A: 1,\n  }\n"),
    ("P: {\n    # of A\n    A: 1\n  }\n", nil),
    ("P: text\n", nil),
    ("{\"P\": {}}", "{\"P\": {\"New\": \"x\"}}"),
    ("{\"P\": {\"A\": 1}}", "{\"P\": {\"New\": \"x\", \"A\": 1}}"),
    ("{\n  \"P\": {\n    \"A\": 1\n  }\n}\n", "{\n  \"P\": {\n    \"New\": \"x\",\n    \"A\": 1\n  }\n}\n"),
  ])
  func anEntryIsAdded(_ text: String, _ expected: String?) { #expect(adding("New", "x", to: text) == expected) }

  @Test func anEntryOfAListedMappingStandsAsDeep() {
    let text = "P:\n  - A: 1\n    B: 2\n"
    guard let item = Self.read(text, .yaml)?["P"]?.items.first, let edit = item.addition(of: "New", "x") else {
      Issue.record("no addition")
      return
    }
    #expect(edit.replacement == "\n    New: x" && edit.span.lower == text.utf8.count - 1)
  }

  @Test(arguments: [
    ("true", "true", "true"), ("7", "7", "7"), ("ddl", "ddl", "\"ddl\""), ("16.10", "\"16.10\"", "\"16.10\""),
    ("no", "\"no\"", "\"no\""), ("a b", "\"a b\"", "\"a b\""), ("-1", "\"-1\"", "-1"), ("", "\"\"", "\"\""),
    ("TLSv1.2", "TLSv1.2", "\"TLSv1.2\""), ("007", "007", "\"007\""),
  ])
  func aScalarMeansWhatItSays(_ text: String, _ yaml: String, _ json: String) {
    #expect(DocumentFormat.yaml.scalar(text) == yaml)
    #expect(DocumentFormat.json.scalar(text) == json)
  }

  /// In every mapping of every fixture: the entry is there, and everything else means what it did.
  @Test(arguments: Fixture.all + Fixture.templates)
  func nothingElseChanges(_ fixture: Fixture) throws {
    let text = String(decoding: fixture.bytes, as: UTF8.self)
    guard let root = Self.read(text, fixture.format), Array(text.utf8) == fixture.bytes else { return }
    var paths: [[Int]] = []
    func collect(_ node: Node, _ path: [Int]) {
      guard path.count < 12 else { return }
      if node.kind == .mapping { paths.append(path) }
      for (index, entry) in node.entries.enumerated() { collect(entry.value, path + [index]) }
      for (index, item) in node.items.enumerated() { collect(item, path + [index]) }
    }
    collect(root, [])
    func node(_ path: [Int], in root: Node) -> Node? {
      path.reduce(root) { node, index in
        guard let node else { return nil }
        if node.kind == .mapping { return index < node.entries.count ? node.entries[index].value : nil }
        return index < node.items.count ? node.items[index] : nil
      }
    }
    // Of large files every some mapping will do.
    for path in paths where paths.count < 60 || paths.count % 7 == path.count % 7 {
      guard let mapping = node(path, in: root), mapping["Added"] == nil, let edit = mapping.addition(of: "Added", "x y")
      else { continue }
      var bytes = fixture.bytes
      bytes.replaceSubrange(edit.span.range, with: Array(edit.replacement.utf8))
      let changed = try #require(Self.read(String(decoding: bytes, as: UTF8.self), fixture.format), "\(fixture.path)")
      #expect(Self.meaning(changed).replacing("Added=x y;", with: "") == Self.meaning(root), "\(fixture.path) \(path)")
      #expect(Self.meaning(changed) != Self.meaning(root), "\(fixture.path) \(path)")
    }
  }

  /// A tree as text, entries in the order of their keys.
  private static func meaning(_ node: Node, depth: Int = 0) -> String {
    guard depth < 40 else { return "…" }
    let tag = node.tag ?? ""
    switch node.kind {
    case .scalar: return "\(tag)\(node.text)"
    case .sequence: return "\(tag)[\(node.items.map { meaning($0, depth: depth + 1) }.joined(separator: ","))]"
    case .mapping:
      let entries = node.entries.map { "\($0.key.text)=\(meaning($0.value, depth: depth + 1));" }
      return "\(tag){\(entries.sorted().joined())}"
    }
  }
}
