import Documents
import Estate
import Findings
import Foundation
import SourceText
import Testing

@testable import Rules

/// What an example says must not hang on how it is written. Each is rewritten in ways that mean the same, and must come
/// to the same verdict at the same regions.
///
/// A run takes a share of them, the same every time; `BLEALINT_MUTATIONS=all` takes all.
@Suite struct ExampleMutationTests {
  /// An example, written otherwise.
  struct Mutant {
    let name: String
    let template: SourceFile?
    let schema: SourceFile?
    /// Whether what is reported reads as it did: the quotes of another syntax are other text.
    var keepsWords = true
  }

  static let takesAll = ProcessInfo.processInfo.environment["BLEALINT_MUTATIONS"] == "all"
  /// One of how many is taken otherwise.
  static let share = 3

  private static func template(_ text: String, _ path: String = "template.yaml") -> SourceFile {
    SourceFile(id: FileID(0), path: path, bytes: Array(text.utf8))
  }

  private static func schema(_ text: String) -> SourceFile {
    SourceFile(id: FileID(1), path: "schema.sql", bytes: Array(text.utf8))
  }

  /// All that mean the same as an example.
  static func mutants(of example: Example) -> [Mutant] {
    let template = example.template.map { Self.template($0.text) }
    let schema = example.schema.map { Self.schema($0.text) }
    var mutants: [Mutant] = []
    let before = "# 監査ログ🔐 – before\n\n#\tend\n"
    mutants.append(
      Mutant(
        name: "comments and multi-byte text before",
        template: example.template.map { Self.template(before + $0.text) },
        schema: example.schema.map { Self.schema("-- 監査ログ🔐\n/* – /* 入れ子 */ */\n\n" + $0.text) }))
    mutants.append(
      Mutant(
        name: "CRLF", template: example.template.map { Self.template($0.text.withCRLF) },
        schema: example.schema.map { Self.schema($0.text.withCRLF) }))
    mutants.append(
      Mutant(
        name: "a byte order mark", template: example.template.map { Self.template("\u{FEFF}" + $0.text) },
        schema: example.schema.map { Self.schema("\u{FEFF}" + $0.text) }))
    if let text = example.schema?.text {
      mutants.append(
        Mutant(
          name: "unrelated statements", template: template,
          schema: Self.schema("SET client_min_messages = warning;\nSELECT 1;\n" + text + "\nSELECT '終わり';\n")))
    }
    guard let template, let root = Document.read(template, as: .yaml).documents.first?.root else { return mutants }
    let ways: [(String, TemplateText)] = [
      ("", TemplateText()), (", reordered", TemplateText(reversesResources: true)),
      (", with a neighbour", TemplateText(neighbour: "UnrelatedTopic")),
    ]
    for (name, writer) in ways {
      if let json = writer.json(root) {
        mutants.append(
          Mutant(
            name: "JSON" + name, template: Self.template(json, "template.json"), schema: schema, keepsWords: false))
        mutants.append(
          Mutant(name: "JSON read as YAML" + name, template: Self.template(json), schema: schema, keepsWords: false))
      }
      if let yaml = writer.yaml(root) {
        mutants.append(
          Mutant(name: "block YAML" + name, template: Self.template(yaml), schema: schema, keepsWords: false))
      }
    }
    return mutants
  }

  @Test func anExampleWrittenOtherwiseComesToTheSame() {
    let rules = BuiltIn.compiled.rules
    let verifier = ExampleVerifier(rules)
    var position = 0
    var count = 0
    for rule in rules.rules {
      for example in rules.examples(of: rule) {
        guard let judged = rules.rule(rule, with: example.settings) else { continue }
        var original: [String]?
        for mutant in Self.mutants(of: example) {
          position += 1
          // 31 is coprime to the number of mutants of an example: the share goes through all kinds.
          guard Self.takesAll || position * 31 % Self.share == 0 else { continue }
          count += 1
          if original == nil {
            let template = example.template.map { Self.template($0.text) }
            let schema = example.schema.map { Self.schema($0.text) }
            original = Self.words(
              verifier.verdicts(of: example, judged, template: template, schema: schema).verdicts, template, schema)
          }
          let found = verifier.verdicts(of: example, judged, template: mutant.template, schema: mutant.schema).verdicts
          let verdict = ExampleVerifier.overall(found.judgements.map(\.verdict))
          let words = Self.words(found, mutant.template, mutant.schema)
          let text = "\(mutant.template.map { String(decoding: $0.bytes, as: UTF8.self) } ?? "")"
          #expect(
            verdict == example.verdict, "\(rule.id), \(example.name), \(mutant.name): \(found.diagnostics) \(text)")
          if mutant.keepsWords {
            #expect(words == original, "\(rule.id), \(example.name), \(mutant.name)")
          } else {
            #expect(words.count == original?.count, "\(rule.id), \(example.name), \(mutant.name): \(words) \(text)")
          }
        }
      }
    }
    #expect(count > (Self.takesAll ? 3_000 : 1_000))
  }

  /// What is reported, as it is written, line ends aside.
  private static func words(_ verdicts: RuleSet.Verdicts, _ template: SourceFile?, _ schema: SourceFile?) -> [String] {
    verdicts.findings.map { finding in
      let source = finding.primary.span.file == FileID(0) ? template : schema
      return source?.text(finding.primary.span).filter { $0 != "\r" && $0 != "\r\n" && $0 != "\n" } ?? ""
    }.sorted()
  }
}

extension String {
  fileprivate var withCRLF: String {
    split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\r\n")
  }
}
