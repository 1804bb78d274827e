import BuiltInRules
import CEL
import Documents
import Estate
import Findings
import PostgresSchema
import SourceText
import Testing

@testable import Rules

/// The built-in rules and model, as a run has them.
enum BuiltIn {
  static let model: CompiledModel = {
    let documents = BuiltInRules.model.flatMap { file in
      Document.read(SourceFile(id: FileID(-1), path: file.path, bytes: Array(file.logic.utf8)), as: .yaml).documents
    }
    return CompiledModel(Model.read(documents).model, effects: { effects })
  }()

  static let effects: [DeclaredEffect] = BuiltInRules.effects.flatMap { file in
    document(file.logic, file.path)?.root.map { DeclaredEffect.read($0).0 } ?? []
  }

  static func document(_ text: String, _ path: String) -> Document? {
    Document.read(SourceFile(id: FileID(-1), path: path, bytes: Array(text.utf8)), as: .yaml).documents.first
  }

  static func sources() -> [RuleSet.Source] {
    BuiltInRules.rules.compactMap { file in
      document(file.logic, file.path).map { logic in
        RuleSet.Source(
          path: file.path, logic: logic, prose: { BuiltIn.document(file.prose, file.path) }, isBuiltIn: true)
      }
    }
  }

  static let compiled = RuleSet.compile(sources(), model: model, checksProse: true)
}

@Suite struct RuleSetTests {
  @Test func theModelHasNoMistakes() {
    for file in BuiltInRules.model {
      let reading = Document.read(
        SourceFile(id: FileID(-1), path: file.path, bytes: Array(file.logic.utf8)), as: .yaml)
      #expect(reading.diagnostics.isEmpty, "\(file.path): \(reading.diagnostics.map(\.message))")
      let mistakes = Model.read(reading.documents).diagnostics
      #expect(mistakes.isEmpty, "\(file.path): \(mistakes.map(\.message))")
    }
    let derived = BuiltIn.model.derived.check()
    #expect(derived.isEmpty, "\(derived.map(\.message))")
  }

  @Test func everyReferenceOfTheModelNamesAType() {
    let model = BuiltIn.model.model
    func check(_ type: CELType, _ place: String) {
      switch type {
      case .object(let name): #expect(model.types[name] != nil, "\(place): \(name)")
      case .list(let element): check(element, place)
      default: break
      }
    }
    for type in model.types.values {
      for member in type.members.values {
        check(member.type, "\(type.name).\(member.name)")
        if case .reference(let reference) = member.source {
          for other in reference.through.keys {
            #expect(model.types[other] != nil, "\(type.name).\(member.name): \(other)")
          }
        }
      }
    }
  }

  @Test func everyRuleCompiles() {
    #expect(
      BuiltIn.compiled.diagnostics.isEmpty, "\(BuiltIn.compiled.diagnostics.map { "\($0.message) \($0.cure ?? "")" })")
    #expect(BuiltIn.compiled.rules.rules.count == BuiltInRules.rules.count)
    #expect(!BuiltInRules.rules.isEmpty)
  }

  @Test func everyExampleComesToItsVerdictAtItsMarks() {
    let rules = BuiltIn.compiled.rules
    let outcome = ExampleVerifier(rules).verify(rules.rules)
    for failure in outcome.failures {
      Issue.record(
        "\(failure.rule), \(failure.example): \(failure.problems), \(failure.reported), \(failure.fix as Any)")
    }
    #expect(outcome.count >= 3 * rules.rules.count)
  }

  @Test func everyRuleSpeaksBothLanguages() {
    let rules = BuiltIn.compiled.rules
    for rule in rules.rules {
      let words = rules.description(of: rule)
      for (what, text) in [("title", words.title), ("rationale", words.rationale), ("remediation", words.remediation)] {
        #expect(!text.en.isEmpty, "\(rule.id) has no English \(what)")
        let japanese = text.ja ?? ""
        let isJapanese = japanese.unicodeScalars.contains { (0x3040...0x30FF).contains($0.value) }
        #expect(isJapanese, "\(rule.id) has no Japanese \(what)")
      }
      #expect(!words.controls.isEmpty || words.origin == ["judgement"] || words.origin.contains("seed"), "\(rule.id)")
      #expect(!words.references.isEmpty, "\(rule.id) has no reference")
    }
  }

  /// Facts first, with what is named in single quotes, then what to do: two sentences at least.
  @Test func messagesFollowTheConvention() {
    for rule in BuiltIn.compiled.rules.rules {
      for obligation in rule.body.logic().logic?.obligations ?? [] {
        let text = obligation.message.parts.map { part in
          if case .text(let text) = part { text } else { "x" }
        }.joined()
        #expect(text.hasSuffix("."), "\(rule.id).\(obligation.id): a message ends with a full stop")
        #expect(text.split(separator: ". ").count >= 2, "\(rule.id).\(obligation.id): the fact, then the cure")
        #expect(text.contains("'"), "\(rule.id).\(obligation.id): names stand in single quotes")
        #expect(!text.contains("\n"), "\(rule.id).\(obligation.id): one line")
      }
    }
  }
}
