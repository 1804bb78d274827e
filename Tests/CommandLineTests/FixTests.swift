import Foundation
import Testing

/// `check --fix` and `check --diff`: files are changed as the fixes say, and nothing else is.
@Suite struct FixTests {
  private static let template = """
    # 鍵
    Resources:
      Key:
        Type: AWS::KMS::Key
        DeletionPolicy: Retain
        UpdateReplacePolicy: Retain
        Properties:
          EnableKeyRotation: false # 後で有効にする
          KeyPolicy: {}
      Cluster:
        Type: AWS::RDS::DBCluster
        DeletionPolicy: Snapshot
        UpdateReplacePolicy: Snapshot
        Properties:
          Engine: aurora-postgresql
          KmsKeyId: !GetAtt Key.Arn
          StorageEncrypted: true
          DeletionProtection: false

    """
  private static let fixed = template.replacing("EnableKeyRotation: false", with: "EnableKeyRotation: true")
    .replacing("DeletionProtection: false", with: "DeletionProtection: true")
  private static let rules = ["--rule", "kms-key-rotation", "--rule", "bkp-deletion-protection"]
  private static let table = "CREATE TABLE rooms (id int);"

  private func check(_ scratch: Scratch, _ arguments: [String]) throws -> Program.Run {
    try scratch.run(["check"] + Self.rules + arguments)
  }

  @Test func whatCanBeMendedIsMendedAndTheRestReported() throws {
    let scratch = try Scratch(["template.yaml": Self.template, "rooms.sql": Self.table])
    let run = try check(scratch, ["--rule", "rls-enabled", "--fix"])
    #expect(try scratch.text("template.yaml") == Self.fixed)
    #expect(try scratch.text("rooms.sql") == Self.table)
    #expect(run.code == 1 && run.output.contains("rls-enabled"), "\(run.output)")
    #expect(!run.output.contains("kms-key-rotation"))
    #expect(
      run.errors.contains("Fixed 2 findings in 1 file.\n  template.yaml: BLEA-BKP-008, BLEA-KMS-001\n"), "\(run.errors)"
    )
    #expect(run.errors.contains("add --unsafe-fixes"), "\(run.errors)")

    let second = try check(scratch, ["--rule", "rls-enabled", "--fix", "--unsafe-fixes", "--lang", "ja"])
    #expect(try scratch.text("rooms.sql") == Self.table + "\nALTER TABLE public.rooms ENABLE ROW LEVEL SECURITY;\n")
    #expect(second.code == 0 && second.errors.contains("1 ファイルの 1 件を修正しました。"), "\(second.errors)")
    #expect(try check(scratch, ["--fix"]).errors == "Nothing to fix.\n")
  }

  @Test func aDifferenceChangesNothing() throws {
    let scratch = try Scratch(["template.yaml": Self.template])
    let run = try check(scratch, ["--diff"])
    #expect(try scratch.text("template.yaml") == Self.template)
    #expect(run.code == 1)
    #expect(
      run.output == """
        --- a/template.yaml
        +++ b/template.yaml
        @@ -5,7 +5,7 @@
             DeletionPolicy: Retain
             UpdateReplacePolicy: Retain
             Properties:
        -      EnableKeyRotation: false # 後で有効にする
        +      EnableKeyRotation: true # 後で有効にする
               KeyPolicy: {}
           Cluster:
             Type: AWS::RDS::DBCluster
        @@ -15,4 +15,4 @@
               Engine: aurora-postgresql
               KmsKeyId: !GetAtt Key.Arn
               StorageEncrypted: true
        -      DeletionProtection: false
        +      DeletionProtection: true

        """)
    #expect(run.errors.hasPrefix("Would fix 2 findings in 1 file.\n"), "\(run.errors)")
    try scratch.write("template.yaml", Self.fixed)
    let second = try check(scratch, ["--diff"])
    #expect(second.code == 0 && second.output.isEmpty && second.errors == "Nothing to fix.\n", "\(second)")
  }

  /// What the difference says is what is done, file by file, on a project with many fixes.
  @Test(.enabled(if: Git.isThere, "needs git")) func theDifferenceIsWhatIsDone() throws {
    let scratch = try Scratch()
    for name in ["shown", "done"] { try scratch.copy("Fixtures/projects/every-rule/aurora", to: name) }
    func run(_ name: String, _ argument: String) throws -> Program.Run {
      try Program.run(
        ["check", ".", argument, "--unsafe-fixes", "--as-of", "2026-11-22"], in: scratch.url.appending(path: name))
    }
    try scratch.write("shown.patch", try run("shown", "--diff").output)
    try Git.run(["apply", "--directory", "shown", "shown.patch"], in: scratch.url)
    _ = try run("done", "--fix")
    let original = try String(
      contentsOf: Program.root.appending(path: "Fixtures/projects/every-rule/aurora/template.yaml"), encoding: .utf8)
    #expect(try scratch.text("shown/template.yaml") != original)
    #expect(try scratch.text("shown/template.yaml") == scratch.text("done/template.yaml"))
  }

  @Test func lineEndsAndPermissionsStay() throws {
    let scratch = try Scratch([
      "template.yaml": Self.template.replacing("\n", with: "\r\n"), "rooms.sql": Self.table + "\r\n",
    ])
    let path = scratch.url.appending(path: "template.yaml").path()
    try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
    _ = try check(scratch, ["--rule", "rls-enabled", "--fix", "--unsafe-fixes"])
    #expect(try scratch.text("template.yaml") == Self.fixed.replacing("\n", with: "\r\n"))
    #expect(
      try scratch.text("rooms.sql") == Self.table + "\r\nALTER TABLE public.rooms ENABLE ROW LEVEL SECURITY;\r\n")
    #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o640)
  }

  @Test func whatIsAcceptedIsNotMended() throws {
    let comment = "# blealint: allow(kms-key-rotation) imported material, until 2099-01-01"
    let accepted = Self.template.replacing("      EnableKeyRotation", with: "      \(comment)\n      EnableKeyRotation")
    let scratch = try Scratch(["template.yaml": accepted])
    _ = try check(scratch, ["--fix"])
    #expect(
      try scratch.text("template.yaml")
        == accepted.replacing("DeletionProtection: false", with: "DeletionProtection: true"))
  }

  /// Each synthesis writes an assembly anew.
  @Test func whatIsGeneratedIsLeftAlone() throws {
    let scratch = try Scratch()
    try scratch.copy("Fixtures/projects/stages", to: "app")
    func templates() throws -> [String: Data] {
      var found: [String: Data] = [:]
      let files = FileManager.default.enumerator(at: scratch.url, includingPropertiesForKeys: nil)
      for case let file as URL in try #require(files) where !file.hasDirectoryPath {
        found[file.path()] = try Data(contentsOf: file)
      }
      return found
    }
    let before = try templates()
    for path in ["app", "app/cdk.out"] {
      _ = try scratch.run(["check", path, "--fix", "--unsafe-fixes"])
      #expect(try templates() == before)
    }
    try scratch.copy("Fixtures/projects/chatapp", to: "chatapp")
    let run = try scratch.run(["check", "chatapp", "--fix", "--unsafe-fixes"])
    #expect(run.errors.contains("in what 'cdk synth' writes"), "\(run.errors)")
  }

  @Test func whatCannotBeWrittenIsSaid() throws {
    let scratch = try Scratch(["infra/template.yaml": Self.template])
    let folder = scratch.url.appending(path: "infra").path()
    try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: folder)
    defer { try? FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder) }
    // Nothing is forbidden to the administrator.
    guard geteuid() != 0 else { return }
    let run = try check(scratch, ["--fix"])
    #expect(run.code == 2 && run.errors.contains("Cannot write"), "\(run.errors)")
    #expect(try scratch.text("infra/template.yaml") == Self.template)
  }

  @Test(arguments: [
    (["--fix", "--diff"], "--diff changes nothing, --fix does."), (["--unsafe-fixes"], "Add --fix or --diff."),
  ])
  func whatMakesNoSenseIsRefused(_ arguments: [String], _ message: String) throws {
    let run = try Scratch(["template.yaml": Self.template]).run(["check"] + arguments)
    #expect(run.code == 2 && run.errors.contains(message), "\(run.errors)")
  }
}
