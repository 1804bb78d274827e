import Documents
import Findings
import SourceText
import Testing

@testable import Rules

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

@Suite struct RuleFileTests {
  /// The diagnostics of a rule made of the given parts, as `id text-it-stands-at`.
  private func mistakes(_ parts: String) -> [String] {
    Bench.rule(parts).diagnostics.filter { $0.id != "missing-example" }.map(\.id)
  }

  private static let good = """
    whether: cluster '{cluster.logicalId}' is so
    for: { cluster: estate.clusters }
    require:
      - id: one
        that: cluster.StorageEncrypted
        message: Cluster '{cluster.logicalId}' is not. Mend it.
        at: cluster.StorageEncrypted
    """

  @Test func aGoodRuleHasNoMistakes() {
    #expect(mistakes(Self.good) == [])
  }

  @Test(arguments: [
    ("that: cluster.StorageEncrypted", "that: cluster.StorageEncryptd", "unknown-member"),
    ("that: cluster.StorageEncrypted", "that: cluster.KmsKeyId == 'x'", "optional-without-guard"),
    ("that: cluster.StorageEncrypted", "that: cluster.logicalId", "type-mismatch"),
    ("that: cluster.StorageEncrypted", "taht: cluster.StorageEncrypted", "unknown-key"),
    ("estate.clusters", "estate.cluster", "unknown-member"),
    ("estate.clusters", "estate.clusters.size()", "type-mismatch"),
    ("'{cluster.logicalId}' is not", "'{cluster.logicalID}' is not", "unknown-member"),
    ("'{cluster.logicalId}' is not", "'{cluster.logicalId' is not", "message-hole"),
    ("'{cluster.logicalId}' is not", "'{cluster}' is not", "message-hole"),
    ("  at: cluster.StorageEncrypted", "  at: cluster.StorageEncrypted == true", "no-place"),
    ("  at: cluster.StorageEncrypted", "  at: cluster.Storage", "unknown-member"),
    ("- id: one", "- id: ''", "missing-key"),
  ])
  func aMistakeIsFound(_ good: String, _ bad: String, _ id: String) {
    #expect(mistakes(Self.good.replacing(good, with: bad)).contains(id), "\(mistakes(Self.good.replacing(good, with: bad)))")
  }

  /// `at:` is a path to show: what may be absent needs no guard there, for its ancestor is shown then.
  @Test func aPlaceNeedsNoGuard() {
    #expect(mistakes(Self.good.replacing("  at: cluster.StorageEncrypted", with: "  at: cluster.KmsKeyId")) == [])
  }

  @Test func aGateNarrowsWhatFollows() {
    let gated = Self.good.replacing("that: cluster.StorageEncrypted", with: "when: has(cluster.KmsKeyId)\n    that: cluster.KmsKeyId != ''")
    #expect(mistakes(gated) == [])
  }

  @Test func settingsAreCheckedAgainstBounds() {
    let rule =
      Self.good + """

        parameters:
          days: { type: int, default: 7, min: 1, max: 35, description: Days. }
        """
    #expect(Bench.rule(rule, settings: ["days": "14"]).rule != nil)
    #expect(Bench.rule(rule, settings: ["days": "99"]).rule == nil)
    #expect(Bench.rule(rule, settings: ["days": "many"]).rule == nil)
  }

  /// Ten mistakes, ten diagnostics, each at its line: none hides another, none is said twice.
  @Test func tenMistakesAreTen() throws {
    let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    let path = "/\(root)/Fixtures/rules-with-mistakes/ten-mistakes.yaml"
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    let source = SourceFile(id: FileID(0), path: "ten-mistakes.yaml", bytes: bytes)
    let reading = Document.read(source, as: .yaml)
    let document = try #require(reading.documents.first)
    let compiled = RuleSet.compile(
      [.init(path: source.path, logic: document, prose: nil, isBuiltIn: false)], model: BuiltIn.model)
    #expect(reading.diagnostics.isEmpty)
    #expect(compiled.rules.rules.isEmpty)
    let table = LineTable(bytes)
    // The numbered lines of the fixture, in order.
    let lines = (1...table.lineCount).filter { line in
      table.text(ofLine: line)?.contains(#/# \d+ /#) ?? false
    }
    #expect(lines.count == 10)
    #expect(compiled.diagnostics.map { table.position(of: $0.span?.lower ?? 0).line } == lines)
    #expect(compiled.diagnostics.allSatisfy { $0.cure != nil }, "\(compiled.diagnostics.filter { $0.cure == nil }.map(\.message))")
  }
}
