import Foundation
import Testing

/// Runs the program as a user does, on the projects in Fixtures.
enum Program {
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// The program that the tests were built with: it stands beside the tests' own bundle.
  static let executable: URL? = {
    let folders = [
      Bundle.main.bundleURL, Bundle.main.executableURL?.deletingLastPathComponent(),
      root.appending(path: ".build/debug"),
    ]
    return folders.compactMap { $0?.appending(path: "blealint") }.first {
      FileManager.default.isExecutableFile(atPath: $0.path())
    }
  }()

  struct Run {
    let code: Int32
    let output: String
    let errors: String
  }

  static func run(
    _ arguments: [String], in folder: URL = root, environment: [String: String] = [:], executable: URL? = executable
  ) throws -> Run {
    let process = Process()
    process.executableURL = try #require(executable)
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }
    let output = FileManager.default.temporaryDirectory.appending(path: "blealint-\(UUID().uuidString)")
    let errors = output.appendingPathExtension("errors")
    defer { for file in [output, errors] { try? FileManager.default.removeItem(at: file) } }
    for file in [output, errors] { FileManager.default.createFile(atPath: file.path(), contents: nil) }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
    process.waitUntilExit()
    return Run(
      code: process.terminationStatus, output: try String(contentsOf: output, encoding: .utf8),
      errors: try String(contentsOf: errors, encoding: .utf8))
  }
}

@Suite struct CommandLineTests {
  @Test func theVersionIsOneLine() throws {
    let run = try Program.run(["--version"])
    #expect(run.code == 0)
    #expect(run.output.split(separator: "\n").count == 1)
  }

  @Test(arguments: [
    ["chekc"], ["check", "--formt", "sarif"], ["check", "--format", "xml"], ["check", "--as-of", "2026-02-30"],
    ["check", "--set", "nonsense"],
  ])
  func aUsageErrorIsExitTwo(_ arguments: [String]) throws {
    let run = try Program.run(arguments)
    #expect(run.code == 2)
    #expect(run.output.isEmpty)
    #expect(!run.errors.isEmpty)
  }

  /// What stands in no file has no place, and is never taken for something else.
  @Test(arguments: [
    (["--stage", "prod"], "error unknown-stage\n  No project has a stage 'prod'."),
    (["--set", "bkp-retention.minDays=soon"], "error type-mismatch\n  'soon' is no value for parameter 'minDays'"),
    (["--set", "bkp-retention.minDays=0"], "error parameter-bounds\n  The value '0' of parameter 'minDays'"),
    ([""], "error empty-path\n  One of the paths given is empty."),
  ])
  func aMistakeOnTheCommandLineIsToldAsOne(_ arguments: [String], _ message: String) throws {
    let run = try Scratch(["rooms.sql": "CREATE TABLE rooms (id int);\n"]).run(["check"] + arguments)
    #expect(run.code == 2 && run.output.contains("\n" + message), "\(run.output)")
  }

  @Test func aValueOfAnotherTypeIsCalledWhatItIs() throws {
    let scratch = try Scratch([
      "template.yaml": """
      Resources:
        Db:
          Type: AWS::RDS::DBCluster
          Properties: { Engine: aurora-postgresql, BackupRetentionPeriod: 1e3, DeletionProtection: perhaps }
      """
    ])
    let run = try scratch.run(["check", "--rule", "bkp-retention", "--rule", "bkp-deletion-protection"])
    #expect(run.output.contains("BackupRetentionPeriod is '1e3', which is no whole number."), "\(run.output)")
    #expect(run.output.contains("DeletionProtection is 'perhaps', which is neither true nor false."), "\(run.output)")
  }

  @Test func helpShowsExamples() throws {
    for arguments in [["--help"], ["check", "--help"], ["explain", "--help"], ["test", "--help"]] {
      let run = try Program.run(arguments)
      #expect(run.code == 0)
      #expect(run.output.contains("EXAMPLES"), "\(arguments)")
    }
  }

  @Test func explainTakesIdOrName() throws {
    let byID = try Program.run(["explain", "BLEA-KMS-001"])
    let byName = try Program.run(["explain", "kms-key-rotation"])
    #expect(byID.code == 0)
    #expect(byID.output == byName.output)
    let japanese = try Program.run(["explain", "--lang", "ja", "kms-key-rotation"])
    #expect(japanese.output.contains("ローテーション"))
  }

  @Test func aMisspeltRuleGetsASuggestion() throws {
    for name in ["BLEA-KMS-01", "kms-key-rotatoin"] {
      let run = try Program.run(["explain", name])
      #expect(run.code == 2)
      #expect(run.errors.contains("Did you mean"), "\(run.errors)")
    }
  }

  @Test func aRuleFileWithMistakesStopsEverything() throws {
    let run = try Program.run(["check", "Fixtures/projects/orders", "--rules", "Fixtures/rules-with-mistakes"])
    #expect(run.code == 2)
    #expect(!run.output.contains("BLEA-"), "nothing is judged")
    #expect(run.output.components(separatedBy: "ten-mistakes.yaml:").count >= 11)
  }

  @Test func aFolderWithNothingSaysSo() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "blealint-empty-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let run = try Program.run(["check"], in: folder)
    #expect(run.code == 2)
    #expect((run.output + run.errors).contains("nothing to check"))
  }

  @Test func noColourInAPipe() throws {
    #expect(!(try Program.run(["check", "Fixtures/projects/orders"])).output.contains("\u{1B}"))
  }

  @Test func theSameBytesTwice() throws {
    for format in ["text", "sarif", "json"] {
      let arguments = ["check", "Fixtures/projects/chatapp", "--format", format, "--as-of", "2026-11-22"]
      #expect(try Program.run(arguments).output == Program.run(arguments).output)
    }
  }

  @Test func theReportGoesToAFile() throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "blealint-\(UUID().uuidString).sarif")
    defer { try? FileManager.default.removeItem(at: file) }
    let run = try Program.run(["check", "Fixtures/projects/chatapp", "--format", "sarif", "--output", file.path()])
    #expect(run.output.isEmpty)
    #expect(try String(contentsOf: file, encoding: .utf8).hasPrefix("{"))
    let refused = try Program.run(["check", "Fixtures/projects/chatapp", "--output", "/no/such/folder/report"])
    #expect(refused.code == 2)
  }

  @Test func severalReportsInOneRun() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "blealint-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let (junit, gitlab) = (folder.appending(path: "report.xml"), folder.appending(path: "report.json"))
    let run = try Program.run([
      "check", "Fixtures/projects/chatapp", "--rule", "kms-key-rotation", "-o", "junit=\(junit.path())", "-o",
      "gitlab=\(gitlab.path())",
    ])
    #expect(run.code == 0)
    #expect(run.output.contains("Judgements:"), "the terminal still gets the report")
    #expect(try String(contentsOf: junit, encoding: .utf8).hasPrefix("<?xml"))
    #expect(try String(contentsOf: gitlab, encoding: .utf8).hasPrefix("["))
  }

  @Test(arguments: [
    (["-o", "a.txt", "-o", "b.txt"], "The report cannot go to both 'a.txt' and 'b.txt'."),
    (["-o", "json=a", "-o", "sarif=a"], "Two reports would go to 'a'."),
    (["--format", "asff"], "Security Hub keeps findings by account and Region."),
    (["-o", "asff=a", "--aws-account", "1", "--aws-region", "eu-west-1"], "'1' and 'eu-west-1' are no account and"),
    (["--format", "jnit"], "jnit"),
  ])
  func whatCannotBeWrittenIsSaidBefore(_ arguments: [String], _ message: String) throws {
    let run = try Program.run(["check", "Fixtures/projects/chatapp"] + arguments)
    #expect(run.code == 2)
    #expect(run.errors.contains(message), "\(run.errors)")
  }

  @Test func quietTellsFailuresOnly() throws {
    let run = try Program.run(["check", "Fixtures/projects/orders", "--quiet"])
    #expect(run.code == 1)
    #expect(run.output.contains("BLEA-BKP-001"))
    #expect(!run.output.contains("Judgements:") && !run.output.contains("Cannot tell whether"))
    #expect(run.errors.isEmpty)
  }

  @Test func verboseTellsWhatTookHowLong() throws {
    let run = try Program.run(["check", "Fixtures/projects/orders", "--verbose", "--format", "json"])
    #expect(run.output.hasPrefix("{"), "the report is left alone")
    for words in ["Took ", "replaying SQL", "Slowest templates:", "orders/template.yaml", "Slowest rules:"] {
      #expect(run.errors.contains(words), "\(words)")
    }
  }

  @Test func thresholdsDecideTheExitCode() throws {
    #expect(try Program.run(["check", "Fixtures/projects/chatapp"]).code == 1)
    #expect(try Program.run(["check", "Fixtures/projects/chatapp", "--fail-on", "never"]).code == 0)
    let low = ["check", "Fixtures/projects/chatapp", "--rule", "bkp-deletion-protection", "--fail-on"]
    #expect(try Program.run(low + ["high"]).code == 0)
    #expect(try Program.run(low + ["low"]).code == 1)
  }

  @Test func aProfileDecidesWhatIsJudgedAndHow() throws {
    let check = ["check", "Fixtures/projects/chatapp-hardened", "--as-of", "2026-11-22", "--profile"]
    #expect(try Program.run(check + ["strict"]).output.contains("Profile: strict."))
    let fsbp = try Program.run(check + ["fsbp", "--format", "json"])
    let report = try #require(try JSONSerialization.jsonObject(with: Data(fsbp.output.utf8)) as? [String: Any])
    #expect(report["profiles"] as? [String] == ["fsbp"])
    let origins = (report["rules"] as? [[String: Any]])?.compactMap { $0["origin"] as? [String] } ?? []
    #expect(!origins.isEmpty && origins.allSatisfy { $0.contains("fsbp") })
    let unknown = try Program.run(check + ["stirct"])
    #expect(unknown.code == 2)
    #expect((unknown.output + unknown.errors).contains("Did you mean 'strict'?"))
  }

  /// The data's own horizon: after it a support that has not ended cannot be told, and one that has stays so.
  @Test func afterTheHorizonNothingIsPromised() throws {
    let check = [
      "check", "Fixtures/projects/chatapp-hardened", "--rule", "ver-major-support", "--format", "json", "--as-of",
    ]
    func verdicts(_ date: String) throws -> [String] {
      let run = try Program.run(check + [date])
      let report = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
      return (report?["judgements"] as? [[String: Any]])?.compactMap { $0["verdict"] as? String } ?? []
    }
    #expect(try verdicts("2026-11-22") == ["pass"])
    #expect(try verdicts("2027-09-01") == ["unknown"])
  }

  @Test func evidenceIsGivenByFramework() throws {
    let check = ["check", "Fixtures/projects/chatapp", "--as-of", "2026-11-22", "--format", "json", "--framework"]
    let run = try Program.run(check + ["fsbp"])
    let report = try #require(try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    let framework = try #require((report["frameworks"] as? [[String: Any]])?.first)
    #expect(framework["id"] as? String == "securityhub")
    let controls = try #require(framework["controls"] as? [[String: Any]])
    let rotation = try #require(controls.first { $0["id"] as? String == "KMS.4" })
    #expect(rotation["verdict"] as? String == "pass")
    #expect((rotation["rules"] as? [[String: Any]])?.first?["rule"] as? String == "BLEA-KMS-001")
    let unknown = try Program.run(check + ["nits-800-53-r5"])
    #expect(unknown.code == 2)
    #expect(unknown.output.contains("nist-800-53-r5"))
  }

  @Test func theHardenedProjectPasses() throws {
    let run = try Program.run([
      "check", "Fixtures/projects/chatapp-hardened", "--fail-on", "unknown", "--as-of", "2026-11-22",
    ])
    #expect(run.code == 0, "\(run.output)")
  }
}

@Suite struct AuthoringTests {
  /// What a newcomer does: a draft, which passes as it stands, and is there only once.
  @Test func aNewRuleIsRightAsItStands() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "blealint-rules-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let draft = ["new-rule", "storage/db-copied-tags", "--folder", folder.path()]
    let written = try Program.run(draft)
    #expect(written.code == 0)
    #expect(try Program.run(["check-rules", folder.path()]).output == "1 rule without a mistake.\n")
    let tested = try Program.run(["test", folder.path()])
    #expect(tested.code == 0)
    #expect(tested.output == "3 passed, 0 failed\n")
    let explained = try Program.run(["explain", "db-copied-tags", "--rules", folder.path(), "--lang", "ja"])
    #expect(explained.output.contains("スナップショット"))
    #expect(try Program.run(draft).code == 2, "an existing file is left alone")
    #expect(try Program.run(["new-rule", "Storage/X", "--folder", folder.path()]).code == 2)
  }

  @Test func whatRulesCanReadIsListed() throws {
    #expect(try Program.run(["model"]).output.contains("\nsql::Table  "))
    let cluster = try Program.run(["model", "aws::rds::dbcluster"])
    #expect(cluster.code == 0)
    #expect(cluster.output.contains("BackupRetentionPeriod             int, 1 where it is not written"))
    #expect(cluster.output.contains("  logicalId  "), "what every resource has")
    #expect(try Program.run(["model", "aws::MajorVersion"]).output.contains("trusted until"))
    let misspelt = try Program.run(["model", "sql::Tabel"])
    #expect(misspelt.code == 2 && misspelt.errors.contains("'sql::Table'"))
  }

  @Test func anExplanationSaysWhoDecides() throws {
    let explained = try Program.run([
      "explain", "bkp-retention", "--profile", "strict", "--unfold", "--set", "bkp-retention.minDays=21",
    ])
    #expect(explained.output.contains("minDays (int) = 21, by the command line, default 7"), "\(explained.output)")
    #expect(explained.output.contains("Estate.standaloneInstances"))
    #expect(explained.output.contains("BLEA-BKP-005"), "a related rule")
    let severity = try Program.run(["explain", "bkp-plan", "--profile", "strict", "--lang", "ja"])
    #expect(severity.output.contains("プロファイル strict による"), "\(severity.output)")
    let json = try Program.run(["explain", "bkp-retention", "--format", "json", "--unfold"])
    let document = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
    #expect((document?["derived"] as? [Any])?.isEmpty == false)
    #expect((document?["examples"] as? [Any])?.isEmpty == false)
  }

  @Test func theBuiltInRulesHaveNoMistake() throws {
    #expect(try Program.run(["check-rules"]).code == 0)
  }

  @Test func aShortHiddenValueTearsNoWordApart() throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "short-\(UUID().uuidString).yaml")
    defer { try? FileManager.default.removeItem(at: file) }
    let template = """
      Parameters:
        Password: { Type: String, NoEcho: true, Default: Auto }
      Resources:
        Instance:
          Type: AWS::RDS::DBInstance
          Properties: { Engine: postgres, MasterUserPassword: !Ref Password, AutoMinorVersionUpgrade: false }
      """
    try template.write(to: file, atomically: true, encoding: .utf8)
    let run = try Program.run(["check", "--format", "json", file.path()])
    #expect(run.output.contains("Set AutoMinorVersionUpgrade to true"))
    #expect(!run.output.contains("'Auto'"))
  }

  /// CloudFormation shows the value of no parameter with NoEcho: neither may a report, wherever the value goes.
  @Test func hiddenParametersAreNeverShown() throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "hidden-\(UUID().uuidString).yaml")
    defer { try? FileManager.default.removeItem(at: file) }
    let template = """
      Parameters:
        Password: { Type: String, NoEcho: true, Default: hunter-default }
        Owner: { Type: String, NoEcho: true }
        Stage: { Type: String, NoEcho: true, AllowedValues: [stage-one, stage-two] }
      Conditions:
        IsOne: !Equals [!Ref Stage, stage-one]
      Resources:
        Cluster:
          Type: AWS::RDS::DBCluster
          Properties:
            Engine: aurora-postgresql
            MasterUsername: !Ref Owner
            MasterUserPassword: !Ref Password
            BackupRetentionPeriod: !If [IsOne, 30, 1]
            Tags:
              - { Key: Environment, Value: !Sub "x-${Owner}" }
      Outputs:
        Password: { Value: !Ref Password }
      """
    try template.write(to: file, atomically: true, encoding: .utf8)
    let given = ["--parameter", "Owner=owner-given"]
    for arguments in [
      ["check", "--format", "json"], ["check", "--format", "text", "--evidence"], ["inspect", "--format", "json"],
    ] {
      let run = try Program.run(arguments + given + [file.path()])
      #expect(run.output.contains("Cluster"))
      // The text report shows the lines of the template itself.
      let lines = run.output.split(separator: "\n").filter { !$0.contains("|") }
      for value in ["hunter-default", "owner-given", "stage-one", "stage-two"] {
        for line in lines { #expect(!line.contains(value), "\(arguments): \(line)") }
      }
    }
  }

  /// A function of SAM without a role gets one, and rules see what its policies allow.
  @Test func rulesSeeTheRoleThatSAMMakes() throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "sam-\(UUID().uuidString).yaml")
    defer { try? FileManager.default.removeItem(at: file) }
    let template = """
      Transform: AWS::Serverless-2016-10-31
      Resources:
        Report:
          Type: AWS::Serverless::Function
          Properties:
            Runtime: python3.13
            Handler: index.handler
            CodeUri: src/
            Policies:
              - Statement: [{ Effect: Allow, Action: "*", Resource: "*" }]
      """
    try template.write(to: file, atomically: true, encoding: .utf8)
    let run = try Program.run(["check", "--rule", "iam-full-access", file.path()])
    #expect(run.code == 1)
    #expect(run.output.contains("'ReportRole' allows every action on every resource"), "\(run.output)")
    #expect(run.output.contains(":10:48"), "the place is the action's: \(run.output)")
  }
}
