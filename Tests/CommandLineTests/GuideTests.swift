import Foundation
import Testing

/// The guide "Write a rule in ten minutes", done as it says: its rule is checked, tested and used.
@Suite struct GuideTests {
  private static let guide: String =
    (try? String(
      contentsOf: Program.root.appending(path: "Sources/BleaLintKit/BleaLint.docc/WritingRules.md"), encoding: .utf8))
    ?? ""

  /// The guide's YAML, in order: the rule's two halves, then the profile.
  private static let yaml: [String] = guide.components(separatedBy: "```yaml\n").dropFirst().compactMap {
    $0.components(separatedBy: "```").first
  }

  @Test func theGuidesRuleIsRight() throws {
    try #require(Self.yaml.count == 3)
    let folder = FileManager.default.temporaryDirectory.appending(path: "blealint-guide-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let (rules, app) = (folder.appending(path: "rules/naming"), folder.appending(path: "app"))
    for new in [rules, app] { try FileManager.default.createDirectory(at: new, withIntermediateDirectories: true) }
    let rule = rules.appending(path: "naming-team-prefix.yaml")
    let text = Self.yaml[0] + "\n" + Self.yaml[1]
    try text.write(to: rule, atomically: true, encoding: .utf8)
    #expect(try Program.run(["check-rules", "rules"], in: folder).output == "1 rule without a mistake.\n")
    #expect(try Program.run(["test", "rules"], in: folder).output == "4 passed, 0 failed\n")

    try text.replacing("«main-orders»", with: "main-orders").write(to: rule, atomically: true, encoding: .utf8)
    let unmarked = try Program.run(["test", "rules"], in: folder, environment: ["COLUMNS": "100"])
    #expect(unmarked.code == 1)
    #expect(Self.guide.contains(unmarked.output), "\(unmarked.output)")

    let misspelt = text.replacing("cluster.DBClusterIdentifier.starts", with: "cluster.DBClusterIdentifer.starts")
    try misspelt.write(to: rule, atomically: true, encoding: .utf8)
    let mistake = try Program.run(["check-rules", "rules"], in: folder, environment: ["COLUMNS": "100"])
    #expect(mistake.code == 2)
    #expect(Self.guide.contains(mistake.errors), "\(mistake.errors)")

    try text.write(to: rule, atomically: true, encoding: .utf8)
    try """
    Resources:
      Store:
        Type: AWS::RDS::DBCluster
        Properties:
          Engine: aurora-postgresql
          DBClusterIdentifier: chat-store

    """.write(to: app.appending(path: "template.yaml"), atomically: true, encoding: .utf8)
    let check = ["check", "app", "--rules", "rules", "--rule", "naming-team-prefix", "--fail-on", "medium"]
    let found = try Program.run(check, in: folder)
    #expect(found.code == 1)
    #expect(found.output.contains("TEAM-NAMING-001"))
    #expect(try Program.run(check + ["--set", "naming-team-prefix.teams=chat,search"], in: folder).code == 0)

    try Self.yaml[2].write(to: folder.appending(path: "chat.yaml"), atomically: true, encoding: .utf8)
    #expect(try Program.run(check + ["--profile", "./chat.yaml"], in: folder).code == 0)
    let explained = try Program.run(
      ["explain", "naming-team-prefix", "--rules", "rules", "--profile", "./chat.yaml", "--unfold"], in: folder)
    #expect(explained.output.contains("= chat, search, by profile chat"), "\(explained.output)")
    #expect(explained.output.contains("Estate.clusters"))
  }
}
