import CEL
import Documents
import Findings
import SourceText

extension RuleFileReader {
  private static let exampleKeys = [
    "name", "verdict", "template", "schema", "parameters", "stack-tags", "account", "settings",
    "as-of", "message", "fixed",
  ]

  /// Reads what people read of a rule. In a file of its own the prose stands with the logic; a built-in rule's comes
  /// apart (`root` is then the prose alone).
  mutating func prose(_ root: Node, requiringExamples: Bool, readsExamples: Bool = true) -> RuleProse {
    let rationale = required("rationale", in: root).map { localized($0) } ?? LocalizedText(en: "")
    let remediation = required("remediation", in: root).map { localized($0) } ?? LocalizedText(en: "")
    let references = root["references"].map(strings) ?? []
    for node in root["references"]?.items.map({ $0 }) ?? [] where !node.text.hasPrefix("https://") {
      complain("reference", "'\(node.text)' is no https address.", node)
    }
    let controls =
      root["controls"]?.entries.map { FrameworkControls(framework: $0.key.text, ids: strings($0.value)) } ?? []
    let examples = readsExamples ? root["examples"]?.items.compactMap { example($0) } ?? [] : []
    if requiringExamples, let node = root["examples"] ?? root.entries.first?.key {
      for verdict in [Verdict.pass, .fail, .unknown] where !examples.contains(where: { $0.verdict == verdict }) {
        complain(
          "missing-example", "The rule has no example with 'verdict: \(verdict.rawValue)'.",
          root.entry("examples")?.key ?? node,
          cure: verdict == .unknown
            ? "Replace a deciding value of an example by a parameter without a default."
            : "Add one: it is the rule's test.")
      }
    }
    return RuleProse(
      rationale: rationale, remediation: remediation, references: references, controls: controls, examples: examples)
  }

  private mutating func example(_ node: Node) -> Example? {
    checkKeys(of: node, allowed: Self.exampleKeys, in: "an example")
    guard let name = required("name", in: node)?.text, let verdictNode = required("verdict", in: node) else {
      return nil
    }
    guard let verdict = Verdict(rawValue: verdictNode.text) else {
      complain(
        "unknown-verdict", "'\(verdictNode.text)' is no verdict.", verdictNode,
        cure: Suggestion.nearest(to: verdictNode.text, among: Verdict.allCases.map(\.rawValue))
          .map { "Did you mean '\($0)'?" } ?? "Use pass, fail, unknown or notApplicable.")
      return nil
    }
    if node["template"] == nil, node["schema"] == nil {
      complain("missing-key", "The example has neither 'template' nor 'schema'.", verdictNode)
    }
    return Example(
      name: name, verdict: verdict,
      template: node["template"].map { MarkedText.file("template.yaml", $0.text) },
      schema: node["schema"].map { MarkedText.file("schema.sql", $0.text) },
      parameters: texts(node["parameters"]), stackTags: node["stack-tags"].map { texts($0) },
      account: node["account"]?.text, settings: texts(node["settings"]), asOf: node["as-of"]?.text,
      message: node["message"]?.text, fixed: node["fixed"]?.text,
      span: node.span)
  }

  private func texts(_ node: Node?) -> [String: String] {
    var result: [String: String] = [:]
    for entry in node?.entries.map({ $0 }) ?? [] {
      result[entry.key.text] =
        entry.value.kind == .sequence ? entry.value.items.map(\.text).joined(separator: ",") : entry.value.text
    }
    return result
  }
}

/// Text with regions marked «like this».
enum MarkedText {
  /// Cuts the marks out and tells where they stood.
  static func file(_ path: String, _ marked: String) -> ExampleFile {
    // « is C2 AB and » is C2 BB in UTF-8.
    let source = Array(marked.utf8)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(source.count)
    var marks: [Range<Int>] = []
    var starts: [Int] = []
    var index = 0
    while index < source.count {
      if source[index] == 0xC2, index + 1 < source.count, source[index + 1] == 0xAB || source[index + 1] == 0xBB {
        if source[index + 1] == 0xAB {
          starts.append(bytes.count)
        } else if let start = starts.popLast() {
          marks.append(start..<bytes.count)
        }
        index += 2
      } else {
        bytes.append(source[index])
        index += 1
      }
    }
    return ExampleFile(path: path, text: String(decoding: bytes, as: UTF8.self), marks: marks)
  }
}
