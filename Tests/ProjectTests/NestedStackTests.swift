import Findings
import SourceText
import Testing

@testable import Project

/// Stacks that deploy stacks, from files.
struct NestedStackTests {
  private func run(_ files: [String: String]) async throws -> Report {
    let folder = try TemporaryFolder(files)
    defer { withExtendedLifetime(folder) {} }
    var options = Linter.Options()
    options.folder = folder.path
    options.paths = ["."]
    options.selection = ["BLEA-ENC-001"]
    return await Linter.run(options)
  }

  private static func stacks(_ files: String...) -> String {
    "Resources:\n"
      + files.enumerated().map { number, file in
        "  S\(number):\n    Type: AWS::CloudFormation::Stack\n    Properties: { TemplateURL: \(file) }\n"
      }.joined()
  }

  private static let cluster =
    "Resources:\n  Db:\n    Type: AWS::RDS::DBCluster\n    Properties: { Engine: aurora-postgresql }\n"

  @Test func aStackInItselfIsAMistake() async throws {
    for files in [
      ["a.yaml": Self.stacks("a.yaml", "db.yaml"), "db.yaml": Self.cluster],
      ["a.yaml": Self.stacks("b.yaml"), "b.yaml": Self.stacks("db.yaml", "a.yaml"), "db.yaml": Self.cluster],
    ] {
      let report = try await run(files)
      let diagnostic = try #require(report.diagnostics.first { $0.id == "nested-in-itself" })
      #expect(diagnostic.severity == .error && diagnostic.cure != nil && diagnostic.span != nil)
      #expect(report.judgements.contains { $0.verdict == .fail })
    }
  }

  /// Each of thirty templates deploys the next one twice: a billion stacks.
  @Test(.timeLimit(.minutes(5))) func stacksThatDoubleAreNotFollowedForEver() async throws {
    var files = ["s30.yaml": Self.cluster]
    for level in 0..<30 { files["s\(level).yaml"] = Self.stacks("s\(level + 1).yaml", "s\(level + 1).yaml") }
    let report = try await run(files)
    let diagnostics = report.diagnostics.filter { $0.id == "stacks-nested-too-deeply" }
    #expect(!diagnostics.isEmpty && diagnostics.allSatisfy { $0.cure != nil && $0.span != nil })
    #expect(Set(diagnostics.map(\.span)).count == diagnostics.count)
    #expect(report.judgements.allSatisfy { $0.verdict != .pass })
  }
}
