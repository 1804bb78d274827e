import BuiltInRules
import Documents
import Findings
import Foundation
import Testing

@testable import Rules

extension RuleSetTests {
  /// A rule's number belongs to its family, its family's letters lead its name, and its file stands where both say.
  @Test func idsNamesAndFilesAgree() {
    for file in BuiltInRules.rules {
      let root = BuiltIn.document(file.logic, file.path)?.root
      let (id, name) = (root?["id"]?.text ?? "", root?["name"]?.text ?? "")
      let family = id.split(separator: "-").dropFirst().first.map { $0.lowercased() } ?? ""
      #expect(id.wholeMatch(of: /BLEA-[A-Z]+-[0-9]{3}/) != nil, "\(file.path): \(id)")
      #expect(file.path == "\(family)/\(name).yaml", "\(file.path): \(id) \(name)")
      #expect(name.hasPrefix(family + "-"), "\(file.path): a name begins with its family")
    }
  }

  /// Waivers and baselines name rules by their id for years.
  @Test func retiredIdsAreNeverReused() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let text = try String(contentsOf: root.appending(path: "Rules/retired-ids.txt"), encoding: .utf8)
    let lines = text.split(separator: "\n").filter { !$0.hasPrefix("#") }
    let retired = lines.compactMap { $0.split(separator: " ").first.map(String.init) }
    #expect(Set(retired).count == retired.count)
    for id in retired {
      #expect(id.wholeMatch(of: /BLEA-[A-Z]+-[0-9]{3}/) != nil, "\(id)")
      #expect(BuiltIn.compiled.rules.rule(id) == nil, "\(id) was retired")
    }
  }

  /// Controls are looked up by others' tools, so they are spelt as their publishers spell them.
  @Test func controlsAreWellFormed() {
    let rules = BuiltIn.compiled.rules
    func isWellFormed(_ control: String, _ framework: String) -> Bool? {
      switch framework {
      case "securityhub": control.wholeMatch(of: /[A-Za-z0-9]+\.[1-9][0-9]*/) != nil
      case "nist-800-53-r5": control.wholeMatch(of: /[A-Z]{2}-[1-9][0-9]*(\([1-9][0-9]*\))?/) != nil
      case let name where name.hasPrefix("cis-aws-"): control.wholeMatch(of: /[1-9][0-9]*(\.[1-9][0-9]*)+/) != nil
      case let name where name.hasPrefix("pci-dss-"): control.wholeMatch(of: /A?[1-9][0-9]*(\.[0-9]+)+/) != nil
      case "cfn-guard", "aws-config": control.wholeMatch(of: /[A-Za-z][A-Za-z0-9_-]*/) != nil
      case "cdk-nag": control.wholeMatch(of: /[A-Za-z0-9]+/) != nil
      case "gdpr", "appi": control.wholeMatch(of: /Art\. [1-9][0-9]*(-[1-9])?(\([0-9a-z]+\))*/) != nil
      case "cwe": control.wholeMatch(of: /CWE-[1-9][0-9]*/) != nil
      case "cis-postgresql": control.wholeMatch(of: /[1-9][0-9]*(\.[1-9][0-9]*)+/) != nil
      default: nil
      }
    }
    for rule in rules.rules {
      let words = rules.description(of: rule, withExamples: false)
      #expect(Set(words.controls.map(\.framework)).count == words.controls.count, "\(rule.id)")
      for group in words.controls {
        #expect(!group.ids.isEmpty && Set(group.ids).count == group.ids.count, "\(rule.id): \(group.framework)")
        for control in group.ids {
          let verdict = isWellFormed(control, group.framework)
          #expect(verdict != nil, "\(rule.id): '\(group.framework)' is no framework that is known")
          #expect(verdict ?? true, "\(rule.id): '\(control)' is no control of \(group.framework)")
        }
      }
      let origins: Set = ["blea", "seed", "fsbp", "judgement"]
      #expect(!rule.origin.isEmpty && origins.isSuperset(of: rule.origin), "\(rule.id): \(rule.origin)")
    }
  }

  /// "Cannot tell whether …": a clause that goes on, not a sentence.
  @Test func clausesGoOn() {
    for file in BuiltInRules.rules {
      guard let root = BuiltIn.document(file.logic, file.path)?.root else { continue }
      let obligations = root["require"]?.items.map { $0 } ?? []
      for text in ([root["whether"]] + obligations.map { $0["whether"] }).compactMap({ $0?.text }) {
        #expect(!text.hasSuffix("."), "\(file.path): \(text)")
        #expect(!text.hasPrefix("whether "), "\(file.path): \(text)")
        let isName = text.dropFirst().first?.isUppercase ?? false || text.hasPrefix("Performance Insights")
        #expect(text.first.map { !$0.isUppercase } ?? false || isName, "\(file.path): \(text)")
      }
      for text in obligations.compactMap({ $0["message"]?.text }) {
        let isName = text.hasPrefix("pgAudit") || text.prefix { $0 != " " }.contains("_")
        #expect(isName || text.first.map { !$0.isLowercase } ?? false, "\(file.path): \(text)")
        let words = text.replacing(/\{[^}]*\}/, with: "x")
        #expect(!words.contains("  ") && !words.contains("!"), "\(file.path): \(text)")
      }
    }
  }

  /// A failing example shows where, a passing one something that was judged, and each says something of its own.
  @Test func examplesShowWhatTheySay() {
    let rules = BuiltIn.compiled.rules
    for rule in rules.rules {
      let examples = rules.examples(of: rule)
      for verdict in [Verdict.pass, .fail, .unknown] {
        #expect(examples.contains { $0.verdict == verdict }, "\(rule.id) has no example that is \(verdict)")
      }
      #expect(Set(examples.map(\.name)).count == examples.count, "\(rule.id) has two examples of one name")
      for example in examples {
        let marks = example.files.reduce(0) { $0 + $1.marks.count }
        // What nobody shows, nobody needs to mark; ExampleVerifier holds that what is marked is what is reported.
        #expect((example.verdict == .fail) == (marks > 0) || example.verdict == .unknown, "\(rule.id), \(example.name)")
      }
    }
  }

  /// Every obligation fails in some example: one that never does might be one that never can.
  @Test func everyObligationFailsSomewhere() {
    let rules = BuiltIn.compiled.rules
    let verifier = ExampleVerifier(rules)
    for rule in rules.rules {
      var failed: Set<String> = []
      for example in rules.examples(of: rule) where example.verdict == .fail {
        guard let judged = rules.rule(rule, with: example.settings) else { continue }
        let (template, schema) = example.sources
        let found = verifier.verdicts(of: example, judged, template: template, schema: schema).verdicts
        failed.formUnion(found.findings.filter { $0.verdict == .fail }.map(\.obligation))
      }
      // Some only ask what no file can tell, and are unknown where they do not hold.
      let decidable = rule.body.logic().logic?.obligations.filter { !$0.that.text.contains("cannotTell(") }
      let obligations = Set(decidable?.map(\.id) ?? [])
      #expect(obligations.subtracting(failed).isEmpty, "\(rule.id): \(obligations.subtracting(failed)) never fails")
    }
  }
}
