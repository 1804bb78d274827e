import Foundation
import Testing

/// Fixtures/reports/chatapp.verdicts.md: the verdict of every rule on the seed's stack, beside the one that the
/// catalogue of rules foretells. Where the two differ, and only there, the table says why.
///
/// BLEALINT_UPDATE=1 writes the verdicts anew and keeps the explanations; the test fails once.
@Suite struct SeedVerdictTests {
  @Test func everyDifferenceIsExplained() throws {
    let found = try Self.verdicts()
    let url = Program.root.appending(path: "Fixtures/reports/chatapp.verdicts.md")
    let text = (try? String(contentsOf: url, encoding: .utf8)) ?? ""
    let rows = Self.rows(text)
    let foretold = try Self.foretold()
    let expected = found.keys.sorted().map { rule in
      Row(
        rule: rule, foretold: foretold?[rule] ?? rows[rule]?.foretold ?? "", verdicts: found[rule] ?? "",
        why: rows[rule]?.why ?? "")
    }
    for row in expected {
      #expect(
        row.agrees == row.why.isEmpty,
        "\(row.rule): foretold '\(row.foretold)', found '\(row.verdicts)', explained by '\(row.why)'")
    }
    #expect(expected.count > 160)
    let page = Self.page(expected)
    guard page != text else { return }
    if ProcessInfo.processInfo.environment["BLEALINT_UPDATE"] == "1" {
      try page.write(to: url, atomically: true, encoding: .utf8)
      Issue.record("chatapp.verdicts.md was written anew: look at it, and run again.")
      return
    }
    Issue.record("\(GoldenTests.difference(text, page)) BLEALINT_UPDATE=1 writes it anew.")
  }

  private struct Row {
    let rule: String
    /// The catalogue's words: `fail`, `pass, info`.
    let foretold: String
    /// How many findings or subjects: `fail 2, pass 3`.
    let verdicts: String
    let why: String

    /// One word is the gravest verdict found, several are all of them. `info` and `warn` are no verdicts.
    var agrees: Bool {
      let words = foretold.components(separatedBy: ", ")
      let found = verdicts.components(separatedBy: ", ").map {
        $0.split(separator: " ").dropLast().joined(separator: " ")
      }
      return words.count == 1 ? found.first == words[0] : Set(found) == Set(words)
    }
  }

  private static func page(_ rows: [Row]) -> String {
    let differing = rows.count { !$0.why.isEmpty }
    return """
      # The verdicts on chatapp

      The verdict of every rule on Fixtures/projects/chatapp, beside the one that the catalogue of rules foretells for
      the seed's stack. Of a fail and an unknown the number is that of findings, else of subjects. \(rows.count) rules,
      \(differing) differ; each difference is explained.

      | Rule | Foretold | Found | Why they differ |
      | --- | --- | --- | --- |

      """ + rows.map { "| \($0.rule) | \($0.foretold) | \($0.verdicts) | \($0.why) |\n" }.joined()
  }

  private static func rows(_ text: String) -> [String: Row] {
    var rows: [String: Row] = [:]
    for line in text.components(separatedBy: "\n") where line.hasPrefix("| BLEA-") {
      let cells = line.components(separatedBy: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      guard cells.count == 6 else { continue }
      rows[cells[1]] = Row(rule: cells[1], foretold: cells[2], verdicts: cells[3], why: cells[4])
    }
    return rows
  }

  /// Of each rule, what the catalogue says of the seed; nil where there is no catalogue at hand.
  private static func foretold() throws -> [String: String]? {
    guard let data = try? Data(contentsOf: Program.root.appending(path: "../shared/rule-catalogue.json")) else {
      return nil
    }
    let catalogue = try #require(try JSONSerialization.jsonObject(with: data) as? [[String: Any]])
    var words: [String: String] = [:]
    for entry in catalogue {
      guard let id = entry["id"] as? String, let seed = entry["seed"] as? String else { continue }
      // What would come of it if something else were so is no verdict of today.
      let today = ["; FAIL if", " / FAIL once"].reduce(seed) { $0.components(separatedBy: $1).first ?? $0 }
      let all = today.split { !$0.isLetter && $0 != "/" }.flatMap { part -> [String] in
        part == "N/A" ? ["not applicable"] : part.split(separator: "/").compactMap { names[String($0)] }
      }
      var distinct: [String] = []
      for word in all where !distinct.contains(word) { distinct.append(word) }
      words[id] = distinct.isEmpty ? "no verdict" : distinct.joined(separator: ", ")
    }
    return words
  }

  private static let names = [
    "PASS": "pass", "FAIL": "fail", "UNKNOWN": "unknown", "INFO": "info", "WARN": "warn",
  ]

  private static func verdicts() throws -> [String: String] {
    let run = try Program.run(["check", "Fixtures/projects/chatapp", "--format", "json", "--as-of", "2026-11-22"])
    let report = try #require(try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    var counts: [String: [String: Int]] = [:]
    for judgement in report["judgements"] as? [[String: Any]] ?? [] {
      guard let rule = judgement["rule"] as? String, let verdict = judgement["verdict"] as? String else { continue }
      counts[rule, default: [:]][verdict, default: 0] += ["fail", "unknown"].contains(verdict) ? 0 : 1
    }
    for finding in report["findings"] as? [[String: Any]] ?? [] {
      guard let rule = finding["rule"] as? String, let verdict = finding["verdict"] as? String else { continue }
      counts[rule, default: [:]][verdict, default: 0] += 1
    }
    let order = [("fail", "fail"), ("unknown", "unknown"), ("pass", "pass"), ("notApplicable", "not applicable")]
    return counts.mapValues { counts in
      // Subjects that a rule does not concern say nothing beside those that it does.
      let judged = counts.keys.contains { $0 != "notApplicable" }
      return order.filter { counts[$0.0] != nil && !(judged && $0.0 == "notApplicable") }
        .map { "\($0.1) \(counts[$0.0] ?? 0)" }.joined(separator: ", ")
    }
  }
}
