import Documents
import Estate
import Findings
import SourceText
import Testing

@testable import Rules

/// Knowing less never turns a verdict round: a value that is forgotten may make it unknown, and nothing else.
@Suite struct MonotonicityTests {
  /// The leaves below the Properties of a template's resources.
  private func leaves(_ root: Node) -> [Node] {
    var found: [Node] = []
    func walk(_ node: Node) {
      switch node.kind {
      case .scalar: if node.tag == nil, node.span.range.count > 0 { found.append(node) }
      case .sequence: for item in node.items { walk(item) }
      case .mapping: for entry in node.entries { walk(entry.value) }
      }
    }
    for resource in root["Resources"]?.entries.map({ $0.value }) ?? [] {
      if let properties = resource["Properties"] { walk(properties) }
    }
    return found
  }

  @Test func forgettingAValueNeverFlipsAVerdict() throws {
    let rules = BuiltIn.compiled.rules
    var count = 0
    for rule in rules.rules {
      for example in rules.examples(of: rule) where example.settings.isEmpty && example.parameters.isEmpty {
        guard let template = example.template else { continue }
        let source = SourceFile(id: FileID(0), path: template.path, bytes: Array(template.text.utf8))
        guard let root = Document.read(source, as: .yaml).documents.first?.root, root["Parameters"] == nil else {
          continue
        }
        for leaf in leaves(root) {
          var bytes = source.bytes
          bytes.replaceSubrange(leaf.span.range, with: Array("!Ref Forgotten".utf8))
          let forgotten = Array("Parameters: { Forgotten: { Type: String } }\n".utf8) + bytes
          let (estate, diagnostics) = Estate.sample(
            rules.model, template: SourceFile(id: FileID(0), path: "t.yaml", bytes: forgotten),
            schema: example.schema.map { SourceFile(id: FileID(1), path: "s.sql", bytes: Array($0.text.utf8)) },
            stackTags: example.stackTags, account: example.account, asOf: example.asOf)
          // A key of a tag, the type of a principal: where a value cannot be a parameter, there is nothing to forget.
          guard diagnostics.allSatisfy({ $0.severity != .error }) else { continue }
          let verdict = ExampleVerifier.overall(rules.verdicts(on: estate, of: [rule]).judgements.map(\.verdict))
          count += 1
          #expect(
            verdict == example.verdict || verdict == .unknown || example.verdict == .unknown,
            "\(rule.id), \(example.name): \(example.verdict) became \(verdict) without '\(source.text(leaf.span))'")
        }
      }
    }
    #expect(count > 100)
  }
}
