import Foundation
import Testing

/// `blealint inspect` on the templates of Fixtures/cloudformation: what stands beside each (`.inspect.txt`) is held to
/// the byte, what is wrong with it included. Written anew with BLEALINT_UPDATE=1, and then the test fails once.
@Suite struct InspectTests {
  static let folder = Program.root.appending(path: "Fixtures/cloudformation")

  /// Templates, and folders that are one project each, by their names.
  static let fixtures: [String] = {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path())) ?? []
    return names.filter { !$0.hasSuffix(".txt") && !$0.hasSuffix(".md") && !$0.hasPrefix(".") }.sorted()
  }()

  /// More arguments for some: what is given to a template is a part of what it means.
  static let arguments: [String: [String]] = [
    "given-parameters": ["--parameters", "Fixtures/cloudformation/given-parameters/parameters.json"]
  ]

  @Test(arguments: fixtures)
  func aTemplateComesToWhatIsExpected(_ name: String) throws {
    let run = try Program.run(
      ["inspect", "Fixtures/cloudformation/\(name)"] + (Self.arguments[name] ?? []), environment: ["COLUMNS": "120"])
    let text = run.output + (run.errors.isEmpty ? "" : "\n---\n" + run.errors)
    #expect(!text.contains(Program.root.path()), "no path of this machine")
    let stem = name.split(separator: ".").first.map(String.init) ?? name
    let golden = Self.folder.appending(path: "\(stem).inspect.txt")
    let expected = (try? String(contentsOf: golden, encoding: .utf8)) ?? ""
    guard text != expected else { return }
    if ProcessInfo.processInfo.environment["BLEALINT_UPDATE"] == "1" {
      try text.write(to: golden, atomically: true, encoding: .utf8)
      Issue.record("\(golden.lastPathComponent) was written anew: look at it, and run again.")
      return
    }
    Issue.record("\(GoldenTests.difference(expected, text)) BLEALINT_UPDATE=1 writes it anew.")
  }

  @Test func jsonSaysTheSameToScripts() throws {
    let run = try Program.run(["inspect", "Fixtures/cloudformation/scenarios.yaml", "--format", "json"])
    #expect(run.code == 0)
    let object = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
    let stacks = try #require(object?["stacks"] as? [[String: Any]])
    let resources = try #require(stacks.first?["resources"] as? [[String: Any]])
    #expect(resources.contains { $0["logicalID"] as? String == "Cluster" })
  }

  @Test func oneResourceIsShownByItsIDOrItsConstruct() throws {
    for name in ["Key961B73FD", "Prod/Data/Key/Resource"] {
      let run = try Program.run(["inspect", "Fixtures/projects/stages", "--resource", name])
      #expect(run.code == 0)
      #expect(run.output.contains("Key961B73FD AWS::KMS::Key"))
      #expect(!run.output.contains("AWS::RDS::DBCluster"))
      #expect(run.output.contains("made at Fixtures/projects/stages/lib/data-stack.js:22:17"))
    }
    let run = try Program.run(["inspect", "Fixtures/projects/stages", "--resource", "Key961B73F"])
    #expect(run.code == 2)
    #expect(run.errors.contains("Did you mean 'Key961B73FD'?"))
  }

  @Test func aMisspeltParameterIsSaid() throws {
    let run = try Program.run(["inspect", "Fixtures/cloudformation/scenarios.yaml", "--parameter", "Stagge=prod"])
    #expect(run.errors.contains("Did you mean 'Stage'?"))
  }

  @Test func aStaleAssemblyIsANote() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "blealint-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.copyItem(at: Program.root.appending(path: "Fixtures/projects/stages"), to: folder)
    let past = Date(timeIntervalSinceNow: -3_600)
    try FileManager.default.setAttributes(
      [.modificationDate: past], ofItemAtPath: folder.appending(path: "cdk.out/manifest.json").path())
    try FileManager.default.setAttributes(
      [.modificationDate: Date()], ofItemAtPath: folder.appending(path: "app.js").path())
    let asked = try Program.run(["inspect", "--stale-assemblies"], in: folder)
    #expect(asked.code == 0)
    #expect(asked.errors.contains("stale-assembly"))
    #expect(!(try Program.run(["inspect"], in: folder)).errors.contains("stale-assembly"), "a pipe is no desk")
  }

  /// Sizes that break readers: each is read, or refused with its place, in a moment.
  @Test func largeInputIsReadAndDeepInputRefused() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "blealint-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    var large = "Resources:\n"
    var count = 0
    while large.utf8.count < 5_000_000 {
      large +=
        "  Key\(count):\n    Type: AWS::KMS::Key\n    Properties: { Description: !Sub 'key \(count) of ${AWS::Region}' }\n"
      count += 1
    }
    try large.write(to: folder.appending(path: "large.yaml"), atomically: true, encoding: .utf8)
    let read = try Program.run(["inspect", "large.yaml", "--resource", "Key\(count - 1)"], in: folder)
    #expect(read.code == 0)
    #expect(read.output.contains("Description: key \(count - 1) of ${AWS::Region}"))
    for name in ["deep.json", "deep.yaml"] {
      let deep = "{\"Resources\": {\"A\": {\"Type\": \"A::B::C\", \"Properties\": {\"P\": "
      let text = deep + String(repeating: "[", count: 20_000) + String(repeating: "]", count: 20_000) + "}}}}"
      try text.write(to: folder.appending(path: name), atomically: true, encoding: .utf8)
      let refused = try Program.run(["inspect", name], in: folder)
      #expect(refused.code == 2)
      #expect(refused.errors.contains("\(name):1:"), "\(refused.errors.prefix(500))")
    }
  }

  /// cfn-lint knows CloudFormation's own refusals: a fixture that is meant to be valid must be valid.
  @Test(.enabled(if: CfnLint.isAvailable, "needs cfn-lint"))
  func validFixturesAreValid() throws {
    let problems = try CfnLint.errors(in: CfnLint.validTemplates)
    #expect(problems == "")
  }
}

/// AWS's own linter, where it is installed.
enum CfnLint {
  static let isAvailable: Bool = (try? run(["--version"]).code) == 0

  /// All but those that are there for their mistakes.
  static var validTemplates: [String] {
    let files = FileManager.default.enumerator(atPath: InspectTests.folder.path())?.compactMap { $0 as? String } ?? []
    return files.filter { file in
      (file.hasSuffix(".yaml") || file.hasSuffix(".json")) && !file.hasPrefix("traps/")
        && !["parameters.json", "snippet.yaml"].contains { file.hasSuffix($0) }
    }.sorted()
  }

  static func errors(in files: [String]) throws -> String {
    // Errors only: warnings are advice.
    try run(["--non-zero-exit-code", "error", "--ignore-checks", "W", "I", "--"] + files).output
  }

  private static func run(_ arguments: [String]) throws -> (code: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["cfn-lint"] + arguments
    process.currentDirectoryURL = InspectTests.folder
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }
}
