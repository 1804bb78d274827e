import Foundation
import Testing

/// `.blealint.yaml`: what is wrong with it, what of it holds, and that the command line wins.
@Suite struct ConfigurationTests {
  @Test func everyMistakeHasItsPlace() throws {
    let run = try Program.run(
      ["config", "--config", "Fixtures/configuration/mistakes.yaml"], environment: ["COLUMNS": "100"])
    #expect(run.code == 2)
    #expect(run.output.isEmpty)
    #expect(try ExpectedText.problem(run.errors, "Fixtures/configuration/mistakes.txt") == nil)
  }

  @Test(arguments: ["text", "json"])
  func settingsAreShownWithWhereTheyComeFrom(_ format: String) throws {
    let run = try Program.run(
      [
        "config", "--config", "Fixtures/configuration/complete.yaml", "--format", format, "--stage", "prod",
        "--parameter", "Stage=blue", "--fail-on", "low", "--set", "bkp-retention.minDays=30", "--no-inline",
      ], environment: ["COLUMNS": "160"])
    #expect(run.code == 0, "\(run.errors)")
    #expect(!run.output.contains(Program.root.path()), "no path of this machine")
    let ending = format == "text" ? "txt" : "json"
    #expect(try ExpectedText.problem(run.output, "Fixtures/configuration/complete.\(ending)") == nil)
  }

  /// Editors read the schema from the repository, so that it must say what the program says.
  @Test func theSchemaForEditorsIsUpToDate() throws {
    let run = try Program.run(["config", "--schema"])
    #expect(run.code == 0)
    #expect(try ExpectedText.problem(run.output, "Rules/schemas/blealint.schema.json") == nil)
    let object = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
    #expect((object?["properties"] as? [String: Any])?.keys.contains("waivers") == true)
  }

  /// What the reader takes and refuses, the schema takes and refuses too.
  @Test(.enabled(if: YAMLSchema.isAvailable, "needs python3 with jsonschema and yaml"))
  func theSchemaAgreesWithTheReader() throws {
    #expect(try YAMLSchema.problems(in: "Fixtures/configuration/complete.yaml") == 0)
    #expect(try YAMLSchema.problems(in: "Fixtures/configuration/mistakes.yaml") > 8)
    #expect(try YAMLSchema.problems(in: "Fixtures/projects/exceptions/.blealint.yaml") == 0)
  }

  static let template = """
    Parameters:
      Stage: { Type: String }
    Resources:
      Key:
        Type: AWS::KMS::Key
        Properties: { EnableKeyRotation: false }
      Cluster:
        Type: AWS::RDS::DBCluster
        Properties: { Engine: aurora-postgresql, StorageEncrypted: true, KmsKeyId: !Ref Key, BackupRetentionPeriod: 10 }

    """

  private func names(_ scratch: Scratch, _ arguments: [String]) throws -> Set<String> {
    Set(try scratch.findings(arguments).findings.compactMap { $0["name"] as? String })
  }

  @Test func theConfigurationIsFoundAboveThePath() throws {
    let scratch = try Scratch([
      ".git/HEAD": "", "infra/a/template.yaml": Self.template,
      ".blealint.yaml": "rules: { kms-key-rotation: { enabled: false } }\n",
    ])
    #expect(try !names(scratch, ["infra/a"]).contains("kms-key-rotation"))
    #expect(try names(scratch, ["infra/a", "--no-config"]).contains("kms-key-rotation"))
    // Asked for by name, a rule is judged whatever the configuration says of it.
    #expect(try names(scratch, ["infra/a", "--rule", "kms-key-rotation"]) == ["kms-key-rotation"])
    try scratch.write("other.yaml", "rules: { bkp-retention: { enabled: false } }\n")
    #expect(try names(scratch, ["infra/a", "--config", "other.yaml"]).contains("kms-key-rotation"))
  }

  @Test func rulesAreChanged() throws {
    let scratch = try Scratch(["template.yaml": Self.template])
    #expect(try !names(scratch, []).contains("bkp-retention"))
    try scratch.write(
      ".blealint.yaml", "rules: { bkp-retention: { severity: low, parameters: { minDays: 20 } } }\nfail-on: never\n")
    let checked = try scratch.findings([])
    let finding = checked.findings.first { $0["name"] as? String == "bkp-retention" }
    #expect(finding?["severity"] as? String == "low")
    #expect(checked.code == 0, "fail-on: never")
    #expect(try scratch.findings(["--fail-on", "low"]).code == 1, "the command line wins")
    #expect(try !names(scratch, ["--set", "bkp-retention.minDays=5"]).contains("bkp-retention"))
  }

  @Test(arguments: [
    ("rules: { kms-key-rotatoin: { enabled: false } }", ".blealint.yaml:1:10", "Did you mean 'kms-key-rotation'?"),
    ("rules: { bkp-retention: { parameters: { minDay: 5 } } }", ".blealint.yaml:1:", "Did you mean 'minDays'?"),
    ("rules: { bkp-retention: { parameters: { minDays: many } } }", ".blealint.yaml:1:", "minDays"),
    ("projects: [{ name: a, templates: infr }]", ".blealint.yaml:1:34", "'infr' matches no template"),
    ("projects: [{ name: a, schemas: [{ files: db }] }]", ".blealint.yaml:1:42", "'db' matches no SQL file"),
    ("baseline: none.sarif", "none.sarif", "There is no"),
  ])
  func whatCannotHoldIsExitTwo(_ text: String, _ place: String, _ message: String) throws {
    let scratch = try Scratch(["template.yaml": Self.template, ".blealint.yaml": text + "\n"])
    let run = try scratch.run(["check"])
    #expect(run.code == 2)
    let all = run.output + run.errors
    #expect(all.contains(place), "\(all)")
    #expect(all.contains(message), "\(all)")
  }

  @Test func stagesGiveParameters() throws {
    let scratch = try Scratch([
      "template.yaml": """
      Parameters:
        Days: { Type: Number }
      Resources:
        Cluster:
          Type: AWS::RDS::DBCluster
          Properties: { Engine: aurora-postgresql, BackupRetentionPeriod: !Ref Days }

      """,
      "prod.json": #"[{"ParameterKey": "Days", "ParameterValue": "35"}]"#,
      ".blealint.yaml": """
      projects:
        - name: shop
          stages:
            dev: { parameters: { Days: 2 } }
            prod: { parameter-files: prod.json }

      """,
    ])
    func verdict(_ arguments: [String]) throws -> String? {
      let findings = try scratch.findings(["--rule", "bkp-retention"] + arguments).findings
      return findings.first?["verdict"] as? String
    }
    #expect(try verdict([]) == "unknown")
    #expect(try verdict(["--stage", "dev"]) == "fail")
    #expect(try verdict(["--stage", "prod"]) == nil)
    #expect(try verdict(["--stage", "prod", "--parameter", "Days=1"]) == "fail", "the command line wins")
    let typo = try scratch.run(["check", "--stage", "prd"])
    #expect(typo.code == 2)
    #expect(typo.output.contains("Did you mean 'prod'?"))
  }

  @Test func projectsAreJudgedApart() throws {
    let scratch = try Scratch([
      "orders/template.yaml": Self.template, "billing/template.yaml": Self.template,
      ".blealint.yaml": """
      projects:
        - { name: orders, folder: orders, parameters: { Stage: dev } }
        - { name: billing, folder: billing }

      """,
    ])
    let all = try scratch.findings(["--rule", "kms-key-rotation"])
    #expect(all.findings.count == 2)
    #expect(Set(all.findings.compactMap { $0["fingerprint"] as? String }).count == 2)
    #expect(try scratch.findings(["--rule", "kms-key-rotation", "--project", "billing"]).findings.count == 1)
    #expect(try scratch.findings(["orders", "--rule", "kms-key-rotation"]).findings.count == 1)
    let typo = try scratch.run(["check", "--project", "biling"])
    #expect(typo.code == 2)
    #expect(typo.output.contains("Did you mean 'billing'?"))
  }

  /// A function of an extension, whose body no SQL of the project shows.
  @Test func effectsAreDeclared() throws {
    let scratch = try Scratch(["1.sql": "CREATE TABLE a (id bigint);\nSELECT util.protect('a');\n"])
    #expect(try names(scratch, ["--rule", "rls-enabled"]) == ["rls-enabled"])
    try scratch.write(
      ".blealint.yaml",
      """
      effects:
        - { function: util.protect, parameters: [target], sql: 'ALTER TABLE {target} ENABLE ROW LEVEL SECURITY;' }

      """)
    #expect(try names(scratch, ["--rule", "rls-enabled"]).isEmpty)
    try scratch.write(".blealint.yaml", "effects: [{ function: util.protect, paramters: [target] }]\n")
    let typo = try scratch.run(["check"])
    #expect(typo.code == 2)
    #expect(typo.errors.contains("Did you mean 'parameters'?"), "\(typo.errors)")
  }

  @Test func furtherReportsAreWritten() throws {
    let scratch = try Scratch([
      "template.yaml": Self.template, ".blealint.yaml": "outputs: { sarif: out.sarif, json: out.json }\n",
    ])
    let run = try scratch.run(["check"])
    #expect(run.output.contains("kms-key-rotation"))
    #expect(try scratch.text("out.sarif").contains("2.1.0"))
    #expect(try scratch.text("out.json").contains("\"version\": 1"))
  }

  @Test func unknownsAreSettledFromTheirEnd() throws {
    let scratch = try Scratch([
      "template.yaml": """
      Parameters: { Days: { Type: Number } }
      Resources:
        Cluster:
          Type: AWS::RDS::DBCluster
          Properties: { Engine: aurora-postgresql, BackupRetentionPeriod: !Ref Days }

      """
    ])
    let run = try scratch.run(["check", "--rule", "bkp-retention"])
    #expect(run.output.contains("What would settle them"), "\(run.output)")
    #expect(run.output.contains("--parameter Days="))
    #expect(run.output.contains("parameters: { Days: … }"))
  }
}

/// The JSON Schema held to YAML files, by python3's jsonschema.
enum YAMLSchema {
  static let isAvailable: Bool = (try? python("import jsonschema, yaml", []))?.code == 0

  static func problems(in path: String) throws -> Int {
    let script = """
      import json, sys, yaml, jsonschema
      class Loader(yaml.SafeLoader): pass
      Loader.yaml_implicit_resolvers = {
        key: [r for r in value if r[0] != 'tag:yaml.org,2002:timestamp']
        for key, value in yaml.SafeLoader.yaml_implicit_resolvers.items()}
      schema = json.load(open('Rules/schemas/blealint.schema.json'))
      document = yaml.load(open(sys.argv[1]), Loader)
      print(len(list(jsonschema.Draft7Validator(schema).iter_errors(document))))
      """
    return Int(try python(script, [path]).output.trimmingCharacters(in: .whitespacesAndNewlines)) ?? -1
  }

  private static func python(_ script: String, _ arguments: [String]) throws -> (code: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", "-c", script] + arguments
    process.currentDirectoryURL = Program.root
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: data, as: UTF8.self))
  }
}
