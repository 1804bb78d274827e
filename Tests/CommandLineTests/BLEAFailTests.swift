import Foundation
import Testing

/// The verdicts on BLEA's own samples: every fail is one of ``BLEASampleFails``, what BLEA's code sees to passes, and
/// only the tags of stacks and the TLS versions of PostgreSQL 11 are left open.
@Suite(.enabled(if: BLEACorpus.isThere, "needs ../shared/corpus/blea"))
struct BLEAFailTests {
  @Test(arguments: BLEACorpus.projects)
  func everyVerdictIsRight(_ project: BLEACorpus.UseCase) throws {
    let report = try Self.check(project)
    let names = BLEASampleFails.names[project.testDescription]
    let kinds = BLEASampleFails.fails[project.testDescription] ?? []
    let expected = kinds.flatMap { kind in
      kind.at.flatMap { part -> [String] in
        if case .resource(let name) = part { return ["\(kind.id) \(kind.severity) \(name)"] }
        return (names.map { $0(part) } ?? ["no names"]).map { "\(kind.id) \(kind.severity) \($0)" }
      }
    }
    #expect(Set(report.fails).subtracting(expected) == [], "found, and nobody has said that it is right")
    #expect(Set(expected).subtracting(report.fails) == [], "right, and not found")
    #expect(report.fails.count == expected.count)
    for pass in names == nil ? [] : BLEASampleFails.passes {
      #expect(report.verdicts["BLEA-\(pass.id)"] == ["pass": pass.subjects], "\(pass.id): \(pass.why)")
    }
    let tags = Array(repeating: "BLEA-TAG-001", count: BLEASampleFails.untold[project.testDescription] ?? 0)
    // Both instances of the newer sample are of a burstable class, and only the tags of the stack would say whether in
    // production. The older ones write Environment into their templates.
    let isNew = project.testDescription.hasPrefix("v3")
    let classes = names == nil || !isNew ? [] : ["BLEA-HA-003", "BLEA-HA-003"]
    #expect(report.unknowns == (names == nil ? [] : ["BLEA-ENC-004"]) + classes + tags)
  }

  /// BLEA gives its stacks these two tags, and so none of the other required ones.
  @Test(arguments: BLEACorpus.projects.filter { BLEASampleFails.names[$0.testDescription] != nil })
  func theTagsOfStacksDecide(_ project: BLEACorpus.UseCase) throws {
    let report = try Self.check(
      project, "--stack-tag", "Environment=Development", "--stack-tag", "Repository=baseline-environment-on-aws")
    let untold = BLEASampleFails.untold[project.testDescription] ?? 0
    #expect(report.fails.count { $0.hasPrefix("TAG-001/present medium") } == untold)
    #expect(!report.unknowns.contains("BLEA-TAG-001"))
    #expect(!report.unknowns.contains("BLEA-HA-003"), "it is no production then")
    #expect(!report.fails.contains { $0.hasPrefix("BKP-008/on high") }, "it is a development environment then")
  }

  /// The stacks of one application say together what each says alone.
  @Test func togetherTheyFailTheSame() throws {
    let stacks = BLEACorpus.projects.filter { $0.testDescription.hasPrefix("v3.1.0 blea-guest-ecs-app-sample") }
    let first = try #require(stacks.first)
    #expect(stacks.count == 4)
    let all = BLEACorpus.UseCase(
      version: first.version, name: "all", folder: first.folder, files: stacks.flatMap(\.files))
    #expect(try Self.check(all).fails == stacks.flatMap { try Self.check($0).fails }.sorted())
  }

  /// What stands in other templates is unknown in one alone: it says nothing that all together do not.
  @Test func aTemplateAloneSaysNoMore() throws {
    let sample = try #require(BLEACorpus.projects.first { $0.testDescription == "v2.1.1 blea-guest-ecsapp-sample" })
    let together = try Self.check(sample)
    for file in sample.files {
      let alone = try Self.check(
        BLEACorpus.UseCase(version: sample.version, name: file, folder: sample.folder, files: [file]))
      #expect(Set(alone.fails).subtracting(together.fails) == [], "\(file)")
      #expect(alone.passes.subtracting(together.passes) == [], "\(file)")
    }
  }

  private struct Report {
    /// `BKP-001/kept high stack/logical id`, sorted.
    var fails: [String] = []
    /// Rules, sorted.
    var unknowns: [String] = []
    /// How many subjects, by rule and verdict.
    var verdicts: [String: [String: Int]] = [:]
    /// Rule and subject.
    var passes: Set<String> = []
  }

  private static func check(_ project: BLEACorpus.UseCase, _ options: String...) throws -> Report {
    let run = try Program.run(
      ["check", "--format", "json", "--as-of", "2026-11-22"] + options + project.files, in: project.folder)
    #expect(run.code < 2, "\(run.errors)")
    let object = try #require(try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    #expect((object["diagnostics"] as? [Any])?.isEmpty == true)
    var report = Report()
    for finding in object["findings"] as? [[String: Any]] ?? [] {
      let rule = finding["rule"] as? String ?? ""
      guard finding["verdict"] as? String == "fail" else {
        report.unknowns.append(rule)
        continue
      }
      let location = finding["location"] as? [String: Any]
      let stack = (location?["path"] as? String ?? "").replacing(".template.json", with: "").split(separator: "-").last
      let resource = (location?["logicalPath"] as? String ?? "").split(separator: "/").dropFirst().first
      report.fails.append(
        "\(rule.dropFirst(5))/\(finding["obligation"] as? String ?? "") \(finding["severity"] as? String ?? "") "
          + "\(stack ?? "")/\(resource ?? "")")
    }
    report.fails.sort()
    report.unknowns.sort()
    for judgement in object["judgements"] as? [[String: Any]] ?? [] {
      guard let rule = judgement["rule"] as? String, let verdict = judgement["verdict"] as? String else { continue }
      report.verdicts[rule, default: [:]][verdict, default: 0] += 1
      if verdict == "pass" { report.passes.insert("\(rule) \(judgement["subject"] as? String ?? "")") }
    }
    return report
  }
}
