import Foundation
import Testing

/// `--changed-since`: everything is judged, and only what a change touches counts.
@Suite(.enabled(if: Git.isThere, "needs git"))
struct ChangedSinceTests {
  private func repository() throws -> Scratch {
    let scratch = try Scratch([
      "template.yaml": """
      Resources:
        Key:
          Type: AWS::KMS::Key
          DeletionPolicy: Retain
          Properties:
            EnableKeyRotation: false
        Cluster:
          Type: AWS::RDS::DBCluster
          Properties:
            Engine: aurora-postgresql
            StorageEncrypted: true
            KmsKeyId: !Ref Key
            BackupRetentionPeriod: 14
            DeletionProtection: true

      """,
      "db/1.sql": "CREATE TABLE a (id bigint);\nCREATE TABLE b (id bigint);\n",
    ])
    try Git.run(["init", "-q", "-b", "main"], in: scratch.url)
    try Git.commit("one", in: scratch.url)
    return scratch
  }

  private func names(_ scratch: Scratch, _ arguments: [String] = ["--changed-since", "HEAD"]) throws -> Set<String> {
    Set(try scratch.findings(arguments).findings.compactMap { $0["name"] as? String })
  }

  @Test func nothingChangedNothingCounts() throws {
    let scratch = try repository()
    let checked = try scratch.findings(["--changed-since", "HEAD"])
    #expect(checked.code == 0)
    #expect(checked.findings.isEmpty)
    #expect(checked.setAside(because: "untouched").count > 5)
    let run = try scratch.run(["check", "--changed-since", "main"])
    #expect(run.output.contains("Not touched by the change since 'main': "))
  }

  @Test func aChangedLineCounts() throws {
    let scratch = try repository()
    let text = try scratch.text("template.yaml")
    try scratch.write("template.yaml", text.replacing("BackupRetentionPeriod: 14", with: "BackupRetentionPeriod: 1"))
    #expect(try names(scratch).contains("bkp-retention"))
    #expect(try !names(scratch).contains("rls-enabled"))
    #expect(try scratch.findings(["--changed-since", "HEAD"]).code == 1)
  }

  /// A finding about what is missing stands at the resource's name, far from the line that is gone.
  @Test func aRemovedLineCounts() throws {
    let scratch = try repository()
    let text = try scratch.text("template.yaml")
    try scratch.write("template.yaml", text.replacing("      DeletionProtection: true\n", with: ""))
    #expect(try names(scratch).contains("bkp-deletion-protection"))
    try scratch.write("template.yaml", text.replacing("    DeletionPolicy: Retain\n", with: ""))
    #expect(try names(scratch).contains("kms-key-retained"))
    #expect(try !names(scratch).contains("rls-enabled"))
  }

  /// The finding is shown where the cluster is, and the change is in what it refers to.
  @Test func aRelatedPlaceCounts() throws {
    let scratch = try repository()
    let text = try scratch.text("template.yaml")
    try scratch.write("template.yaml", text.replacing("EnableKeyRotation: false", with: "EnableKeyRotation: 'false'"))
    #expect(try names(scratch).contains("kms-key-rotation"))
  }

  @Test func filesThatGitDoesNotKnowCount() throws {
    let scratch = try repository()
    try scratch.write("db/2 größe.sql", "CREATE TABLE c (id bigint);\n")
    let checked = try scratch.findings(["--changed-since", "HEAD", "--rule", "rls-enabled"])
    #expect(checked.names == ["rls-enabled enabled public.c"], "\(checked.names)")
    try Git.commit("two", in: scratch.url)
    #expect(try scratch.findings(["--changed-since", "HEAD", "--rule", "rls-enabled"]).names.isEmpty)
    #expect(try scratch.findings(["--changed-since", "HEAD~1", "--rule", "rls-enabled"]).names.count == 1)
  }

  /// What others did on the main branch meanwhile is not this branch's change.
  @Test func theForkCounts() throws {
    let scratch = try repository()
    try Git.run(["checkout", "-q", "-b", "work"], in: scratch.url)
    try scratch.write("db/3.sql", "CREATE TABLE mine (id bigint);\n")
    try Git.commit("mine", in: scratch.url)
    try Git.run(["checkout", "-q", "main"], in: scratch.url)
    try scratch.write("db/1.sql", "CREATE TABLE a (id bigint, note text);\n")
    try Git.commit("theirs", in: scratch.url)
    try Git.run(["checkout", "-q", "work"], in: scratch.url)
    #expect(
      try scratch.findings(["--changed-since", "main", "--rule", "rls-enabled"]).names == [
        "rls-enabled enabled public.mine"
      ])
  }

  @Test func whatGitCannotTellIsExitTwo() throws {
    let scratch = try repository()
    for revision in ["no-such-branch", "--output=x"] {
      let run = try scratch.run(["check", "--changed-since=\(revision)"])
      #expect(run.code == 2, "\(revision)")
      #expect(run.errors.contains("git knows no revision"), "\(run.errors)")
    }
    let outside = try Scratch(["1.sql": "CREATE TABLE a (id bigint);\n"])
    let run = try outside.run(["check", "--changed-since", "HEAD"])
    #expect(run.code == 2)
    #expect(run.errors.contains("needs a git repository"), "\(run.errors)")
    let without = try Program.run(
      ["check", "--changed-since", "HEAD"], in: outside.url, environment: ["PATH": "/nonexistent"])
    #expect(without.code == 2)
    #expect(without.errors.contains("not installed"), "\(without.errors)")
  }
}

/// The real git, in a scratch repository.
enum Git {
  static let isThere: Bool = (try? run(["--version"], in: FileManager.default.temporaryDirectory)) != nil

  struct Failure: Error {}

  static func run(_ arguments: [String], in folder: URL) throws {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["git", "-c", "user.name=Test", "-c", "user.email=test@example.com"] + arguments
    process.currentDirectoryURL = folder
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    if process.terminationStatus != 0 { throw Failure() }
  }

  static func commit(_ message: String, in folder: URL) throws {
    try run(["add", "-A"], in: folder)
    try run(["commit", "-q", "-m", message], in: folder)
  }
}
