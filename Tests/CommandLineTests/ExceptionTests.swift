import Foundation
import Testing

/// Exceptions: what they silence, who owns them, and when they end.
@Suite struct ExceptionTests {
  private func check(_ arguments: [String]) throws -> Program.Run {
    try Program.run(["check", "Fixtures/projects/exceptions"] + arguments, environment: ["COLUMNS": "100"])
  }

  @Test(arguments: [("text", "txt"), ("json", "json"), ("sarif", "sarif"), ("sarif-full", "full.sarif")])
  func aReportCountsWhatIsAccepted(_ format: String, _ ending: String) throws {
    var arguments = ["--as-of", "2026-11-22"]
    switch format {
    case "text": arguments += ["--evidence"]
    case "sarif-full": arguments += ["--format", "sarif", "--sarif-profile", "full"]
    default: arguments += ["--format", format]
    }
    // Fewer rules make a report that a person can read.
    for rule in ["rls-enabled", "kms-key-rotation", "bkp-retention", "log-retention", "log-export"] {
      arguments += ["--rule", rule]
    }
    let run = try check(arguments)
    #expect(run.code == 1)
    #expect(try ExpectedText.problem(run.output, "Fixtures/reports/exceptions.\(ending)") == nil)
  }

  @Test(.enabled(if: SARIFSchema.isAvailable, "needs ../shared/schemas and python3 with jsonschema"))
  func sarifWithSuppressionsKeepsItsSchema() throws {
    let run = try check(["--format", "sarif", "--sarif-profile", "full"])
    #expect(try SARIFSchema.problems(in: run.output) == "")
  }

  @Test func everyFormatCountsThem() throws {
    let rule = ["--rule", "rls-enabled", "--as-of", "2026-11-22"]
    let junit = try check(rule + ["--format", "junit"]).output
    #expect(
      junit.contains("<skipped message=\"accepted: one tenant only: Row level security is not enabled"), "\(junit)")
    #expect(
      junit.contains("<failure type=\"high\" message=\"Row level security is not enabled on table 'public.carts'"))
    for format in ["markdown", "github", "sarif", "text"] {
      let output = try check(rule + ["--format", format]).output
      #expect(output.contains("Accepted by exceptions: 5 (4 beside the code, 1 by waivers)."), "\(format) \(output)")
    }
    #expect(
      try check(rule + ["--format", "csv"]).output.contains(
        "accepted: reference data that everybody may read (by security@example.com, until 2027-06-30)"))
  }

  /// The same exception holds on its last day and not on the next.
  @Test func anExceptionEnds() throws {
    let scratch = try Scratch([
      "1.sql": "CREATE TABLE orders (id bigint); -- blealint: allow(rls-enabled) one tenant only, until 2026-11-22\n"
    ])
    func run(_ date: String) throws -> Program.Run {
      try scratch.run(["check", "--rule", "rls-enabled", "--as-of", date])
    }
    #expect(try run("2026-11-22").code == 0)
    let late = try run("2026-11-23")
    #expect(late.code == 1)
    #expect(late.output.contains("accepted until 2026-11-22"), "\(late.output)")
  }

  @Test func aWaiverEnds() throws {
    let scratch = try Scratch([
      "1.sql": "CREATE TABLE orders (id bigint);\n",
      ".blealint.yaml": """
      waivers:
        - { rule: rls-enabled, table: public.orders, reason: one tenant, approver: Aiko, expires: 2026-11-22 }

      """,
    ])
    #expect(try scratch.run(["check", "--rule", "rls-enabled", "--as-of", "2026-11-22"]).code == 0)
    let late = try scratch.run(["check", "--rule", "rls-enabled", "--as-of", "2026-11-23"])
    #expect(late.code == 1)
    #expect(late.output.contains("accepted by Aiko until 2026-11-22"))
  }

  @Test func aSecurityTeamCanOwnAllExceptions() throws {
    let scratch = try Scratch(["1.sql": "CREATE TABLE orders (id bigint); -- blealint: allow(rls-enabled) mine\n"])
    let rule = ["--rule", "rls-enabled"]
    #expect(try scratch.findings(rule).setAside(because: "suppressed").count == 1)
    #expect(try scratch.findings(rule + ["--no-inline"]).setAside.isEmpty)
    #expect(try scratch.findings(rule + ["--no-inline"]).findings.count == 1)
    try scratch.write(".blealint.yaml", "inline-exceptions: false\n")
    #expect(try scratch.findings(rule).findings.count == 1)
  }

  /// What a comment covers: what it stands on the line of, or directly before, and nothing else.
  @Test(arguments: [
    ("-- blealint: allow(rls-enabled) x\nCREATE TABLE a (id int);\n", true),
    ("-- blealint: allow(rls-enabled) x\n-- more words\nCREATE TABLE a (id int);\n", true),
    ("/* blealint: allow(rls-enabled) x */\nCREATE TABLE a (id int);\n", true),
    ("CREATE TABLE a (id int); -- blealint: allow(rls-enabled) x\n", true),
    ("CREATE TABLE\n  -- blealint: allow(rls-enabled) x\n  a (id int);\n", true),
    ("CREATE TABLE a ( -- blealint: allow(rls-enabled) x\n  id int);\n", true),
    ("CREATE TABLE a (\n  id int -- blealint: allow(rls-enabled) x\n);\n", false),
    ("-- blealint: allow(rls-enabled) x\n\nCREATE TABLE a (id int);\n", false),
    ("CREATE TABLE a (id int);\n-- blealint: allow(rls-enabled) x\nSELECT 1;\n", false),
    ("-- blealint: allow(rls-forced) x\nCREATE TABLE a (id int);\n", false),
    ("-- blealint: allow(rls-enabled)\nCREATE TABLE a (id int);\n", false),
    ("SELECT '-- blealint: allow(rls-enabled) x';\nCREATE TABLE a (id int);\n", false),
  ])
  func aCommentInSQLCovers(_ sql: String, _ isCovered: Bool) throws {
    let scratch = try Scratch(["1.sql": sql])
    let checked = try scratch.findings(["--rule", "rls-enabled"])
    #expect(checked.names.contains { $0.hasPrefix("rls-enabled") } != isCovered, "\(checked.names)")
  }

  @Test(arguments: [
    ("  # blealint: allow(kms-key-rotation) x\n  Key:", true), ("  Key: # blealint: allow(kms-key-rotation) x", true),
    ("  # blealint: allow(kms-key-rotation) x\n\n  Key:", false),
    ("# blealint: allow(kms-key-rotation) x\n  Key:", true),
  ])
  func aCommentInATemplateCovers(_ key: String, _ isCovered: Bool) throws {
    let template = ConfigurationTests.template.replacing("  Key:\n", with: key + "\n")
    let scratch = try Scratch(["template.yaml": template])
    let checked = try scratch.findings(["--rule", "kms-key-rotation"])
    #expect(checked.names.contains { $0.hasPrefix("kms-key-rotation") } != isCovered, "\(checked.names)")
  }

  @Test func anExceptionForAWholeTemplateIsNone() throws {
    let template = "# blealint: allow(kms-key-rotation) everything\n" + ConfigurationTests.template
    let checked = try Scratch(["template.yaml": template]).findings(["--rule", "kms-key-rotation"])
    #expect(checked.names.contains { $0.hasPrefix("kms-key-rotation") })
    #expect(checked.names.contains { $0.hasPrefix("exception-in-use") })
  }

  /// Severities of the rules about exceptions are the project's to set.
  @Test func leftOverExceptionsCanFail() throws {
    let scratch = try Scratch([
      "1.sql": "-- blealint: allow(aud-append-only) x\nCREATE TABLE a (id int);\n",
      ".blealint.yaml": "rules: { exception-in-use: { severity: critical }, rls-enabled: { enabled: false } }\n",
    ])
    let checked = try scratch.findings([])
    let finding = checked.findings.first { $0["name"] as? String == "exception-in-use" }
    #expect(finding?["severity"] as? String == "critical")
    let explained = try Program.run(["explain", "exception-in-use"])
    #expect(explained.code == 0)
  }
}
