import Foundation
import Testing

/// The day on which an old code base gets its linter: hundreds of findings that nobody can mend at once, and from then
/// on only new ones count, whatever is done to the files.
@Suite struct BaselineTests {
  /// Fifty templates and five schemas, laid out so that their text can be changed and their meaning stays.
  struct OldCodeBase {
    /// By the template's number; those of the set lack protection against deletion.
    var unprotected: Set<Int> = []
    /// JSON on many lines, YAML in another style, comments, and resources in another order.
    var isReformatted = false

    var files: [String: String] {
      var files: [String: String] = [:]
      for number in 1...50 {
        let resources = resources(number)
        if number % 2 == 0 {
          files["stacks/service\(number).template.json"] = json(resources)
        } else {
          files["stacks/service\(number).yaml"] = yaml(resources)
        }
      }
      for schema in 1...5 {
        let tables = (1...6).map { "CREATE TABLE s\(schema).t\($0) (id bigint PRIMARY KEY, note text);\n" }
        let create = "CREATE SCHEMA s\(schema);\n"
        if isReformatted {
          // Other lines, other case, another file for half of the tables.
          let spread = tables.map { $0.replacing(" (", with: "\n(\n  ").replacing(", ", with: ",\n  -- a note\n  ") }
          files["db/\(schema)0_schema.sql"] = "-- moved\n\n" + create + spread[0..<3].reversed().joined(separator: "\n")
          files["db/\(schema)1_more.sql"] = spread[3...].joined(separator: "\n\n")
        } else {
          files["db/\(schema)0_schema.sql"] = create + tables.joined()
        }
      }
      return files
    }

    /// Names, types and properties; every value is a word, a number or a bool.
    private func resources(_ number: Int) -> [(name: String, type: String, properties: [(String, String)])] {
      let resources = [
        (
          "Database", "AWS::RDS::DBCluster",
          [
            ("Engine", "aurora-postgresql"), ("DBClusterIdentifier", "service\(number)"), ("StorageEncrypted", "false"),
            ("BackupRetentionPeriod", "1"), ("DeletionProtection", unprotected.contains(number) ? "false" : "true"),
          ]
        ),
        (
          "Writer", "AWS::RDS::DBInstance",
          [
            ("Engine", "aurora-postgresql"), ("DBClusterIdentifier", "service\(number)"),
            ("DBInstanceClass", "db.r6g.large"), ("PubliclyAccessible", "true"),
          ]
        ),
        (
          "Logs", "AWS::Logs::LogGroup",
          [("LogGroupName", "/aws/rds/cluster/service\(number)/postgresql"), ("RetentionInDays", "7")]
        ),
      ]
      return isReformatted ? resources.reversed() : resources
    }

    private func json(_ resources: [(name: String, type: String, properties: [(String, String)])]) -> String {
      let (line, colon) = isReformatted ? ("\n      ", " : ") : ("", ":")
      let body = resources.map { resource in
        let properties = resource.properties.map { name, value in
          let isBare = value == "true" || value == "false" || Int(value) != nil
          return "\(line)\"\(name)\"\(colon)\(isBare ? value : "\"\(value)\"")"
        }
        let parts = (isReformatted ? properties.reversed() : properties).joined(separator: ",")
        return
          "\(line)\"\(resource.name)\"\(colon){\"Properties\"\(colon){\(parts)},\(line)\"Type\":\"\(resource.type)\"}"
      }
      return "{\"Resources\"\(colon){\(body.joined(separator: ","))}}\n"
    }

    private func yaml(_ resources: [(name: String, type: String, properties: [(String, String)])]) -> String {
      var text =
        isReformatted ? "# Reformatted.\nAWSTemplateFormatVersion: '2010-09-09'\n\nResources:\n" : "Resources:\n"
      for resource in resources {
        let properties = resource.properties.map { "\($0): \($1)" }
        if isReformatted {
          text += "    # \(resource.name)\n    \(resource.name): { Type: \(resource.type),\n"
          text += "      Properties: { \(properties.reversed().joined(separator: ",\n        ")) } }\n\n"
        } else {
          text += "  \(resource.name):\n    Type: \(resource.type)\n    Properties:\n"
          text += properties.map { "      \($0)\n" }.joined()
        }
      }
      return text
    }
  }

  @Test func onlyWhatIsNewCounts() throws {
    let old = OldCodeBase()
    let scratch = try Scratch(old.files)
    let before = try scratch.findings([])
    #expect(before.findings.count > 300, "\(before.findings.count)")
    let written = try scratch.run(["baseline", "--as-of", "2026-11-22"])
    #expect(written.code == 0, "\(written.errors)")
    #expect(written.output.contains("\(before.findings.count) findings"))

    let known = ["--baseline", ".blealint-baseline.sarif"]
    let after = try scratch.findings(known)
    #expect(after.code == 0)
    #expect(after.findings.isEmpty)
    #expect(after.setAside(because: "known").count == before.findings.count)

    func layOut(_ code: OldCodeBase) throws {
      for folder in ["stacks", "db"] { try scratch.remove(folder) }
      for (path, text) in code.files { try scratch.write(path, text) }
    }
    // As it was, then with YAML and JSON written otherwise.
    for (number, isReformatted) in [(7, false), (8, true), (9, true)] {
      try layOut(OldCodeBase(unprotected: [number], isReformatted: isReformatted))
      let now = try scratch.findings(known)
      #expect(now.names == ["bkp-deletion-protection on Resources/Database/Properties/DeletionProtection"])
      let path = (now.findings.first?["location"] as? [String: Any])?["path"] as? String
      #expect(path?.hasPrefix("stacks/service\(number).") == true, "\(path ?? "")")
      #expect(now.code == 1)
      #expect(now.setAside(because: "known").count == before.findings.count, "all old ones are known again")
      #expect(now.gone.isEmpty, "\(now.gone.first ?? [:])")
    }
    // What is mended is gone from the baseline, and what comes back after that is not.
    try layOut(old)
    try scratch.write("stacks/service9.yaml", "Resources: { Topic: { Type: AWS::SNS::Topic } }\n")
    let mended = try scratch.findings(known)
    #expect(mended.findings.isEmpty)
    #expect(mended.gone.count > 5)
    #expect(mended.gone.allSatisfy { $0["path"] as? String == "stacks/service9.yaml" })
  }

  @Test func theReportCountsWhatIsOldAndSaysWhatIsGone() throws {
    let scratch = try Scratch([
      "1.sql": "CREATE TABLE a (id bigint);\n", "2.sql": "CREATE TABLE b (id bigint);\n",
      ".blealint.yaml": "baseline: known.sarif\n",
    ])
    let rule = ["--rule", "rls-enabled"]
    let written = try scratch.run(["baseline"])
    #expect(written.output.contains("known.sarif"))
    try scratch.write("2.sql", "CREATE TABLE c (id bigint);\n")
    let run = try scratch.run(["check"] + rule)
    #expect(run.code == 1)
    #expect(run.output.contains("Known to the baseline 'known.sarif': 1; gone from it: 1."), "\(run.output)")
    #expect(run.output.contains("gone: BLEA-RLS-001 at public.b, 2.sql"))
    #expect(!run.output.contains("1.sql:1:14"))
    // What a run does not look at is not gone.
    #expect(try scratch.findings(rule + ["1.sql"]).gone.isEmpty)
    #expect(try scratch.findings(["--rule", "rls-forced"]).gone.isEmpty)

    let full = try scratch.run(["check", "--format", "sarif", "--sarif-profile", "full"] + rule)
    for state in ["unchanged", "new", "absent"] { #expect(full.output.contains("\"baselineState\": \"\(state)\"")) }
    let standard = try scratch.run(["check", "--format", "sarif"] + rule)
    #expect(standard.output.contains("\"baselineState\": \"unchanged\""))
    #expect(!standard.output.contains("\"baselineState\": \"absent\""))
  }

  @Test(.enabled(if: SARIFSchema.isAvailable, "needs ../shared/schemas and python3 with jsonschema"))
  func theBaselineKeepsTheSchema() throws {
    let scratch = try Scratch(["1.sql": "CREATE TABLE a (id bigint);\n"])
    _ = try scratch.run(["baseline"])
    #expect(try SARIFSchema.problems(in: scratch.text(".blealint-baseline.sarif")) == "")
    _ = try scratch.run(["baseline", "-o", "again.sarif"])
    #expect(try scratch.text("again.sarif") == scratch.text(".blealint-baseline.sarif"))
    try scratch.write("2.sql", "CREATE TABLE b (id bigint);\n")
    let full = try scratch.run([
      "check", "--baseline", "again.sarif", "--format", "sarif", "--sarif-profile", "full",
    ])
    #expect(try SARIFSchema.problems(in: full.output) == "")
  }

  @Test(arguments: [
    ("{", "cannot be read as a baseline"), ("{}", "is no SARIF"), ("[]", "is no SARIF"),
    (#"{"runs": [{"tool": {"driver": {"name": "CodeQL"}}, "results": []}]}"#, "holds no run of blealint's"),
  ])
  func whatIsNoBaselineIsExitTwo(_ text: String, _ message: String) throws {
    let scratch = try Scratch(["1.sql": "CREATE TABLE a (id bigint);\n", "known.sarif": text])
    let run = try scratch.run(["check", "--baseline", "known.sarif"])
    #expect(run.code == 2)
    #expect(run.errors.contains(message), "\(run.errors)")
  }
}
