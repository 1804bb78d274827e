import Foundation
import Testing

/// `explain`, `rules` and `schema` go by the configuration above the current folder, as a check does; and what no rule
/// decides is told as such.
@Suite struct ConfiguredRulesTests {
  private static let configuration = """
    profile: strict
    rules:
      bkp-retention: { parameters: { minDays: 20 } }
      net-default-port: { enabled: false }
    exclude: [old]
    effects:
      - function: util.protect
        parameters: [target]
        sql: ALTER TABLE {target} ENABLE ROW LEVEL SECURITY;

    """

  @Test func explainShowsWhatIsInForceAndWhoSaysSo() throws {
    let scratch = try Scratch([".blealint.yaml": Self.configuration])
    let configured = try scratch.run(["explain", "bkp-retention"])
    #expect(configured.output.contains("minDays (int) = 20, by .blealint.yaml, default 7"), "\(configured.output)")
    let severity = try scratch.run(["explain", "kms-storage-key"])
    #expect(severity.output.contains("by profile strict"))
    let off = try scratch.run(["explain", "net-default-port"])
    #expect(off.output.contains("Not judged: .blealint.yaml switches it off."))
    let bare = try scratch.run(["explain", "bkp-retention", "--no-config"])
    #expect(bare.output.contains("minDays (int) = 7, default 7"))
    let given = try scratch.run(["explain", "bkp-retention", "--set", "bkp-retention.minDays=21"])
    #expect(given.output.contains("= 21, by the command line"))
  }

  @Test func theListLeavesOutWhatIsSwitchedOff() throws {
    let scratch = try Scratch([".blealint.yaml": Self.configuration])
    let configured = try scratch.run(["rules"])
    let bare = try scratch.run(["rules", "--no-config"])
    #expect(!configured.output.contains("net-default-port") && bare.output.contains("net-default-port"))
    #expect(bare.output.contains("\nRow level security\n"))
    let broken = try Scratch([".blealint.yaml": "profil: strict\n"])
    #expect(try broken.run(["rules"]).code == 2)
  }

  @Test func theSchemaIsReplayedAsACheckWould() throws {
    let scratch = try Scratch([
      ".blealint.yaml": Self.configuration,
      "001.sql": "CREATE TABLE orders (id int);\nSELECT util.protect('orders');\n",
      "old/000.sql": "CREATE TABLE forgotten (id int);\n",
    ])
    let configured = try scratch.run(["schema"])
    #expect(configured.output.contains("postgres, row security\n") && !configured.output.contains("forgotten"))
    let bare = try scratch.run(["schema", "--no-config"])
    #expect(bare.output.contains("orders: table, owner postgres, no row security\n"))
    #expect(bare.output.contains("forgotten"))
  }

  @Test func theSchemaIsReplayedInTheOrderOfTheConfiguration() throws {
    let scratch = try Scratch([
      ".blealint.yaml": """
      projects:
        - name: shop
          templates: [none/*.yaml]
          schemas:
            - files: z_base.sql
            - files: a_more/*.sql
      """,
      "z_base.sql": "CREATE TABLE orders (id int);\n", "a_more/1.sql": "ALTER TABLE orders ADD COLUMN total int;\n",
      "left.sql": "CREATE TABLE scratch (id int);\n",
    ])
    let order = try scratch.run(["schema", "--explain-order"])
    #expect(order.code == 0)
    #expect(order.output.contains("1. z_base.sql\n2. a_more/1.sql\n") && !order.output.contains("left.sql"))
    let schema = try scratch.run(["schema"]).output
    #expect(schema.contains("total") && !schema.contains("assumed") && !schema.contains("scratch"))
    // Of what the configuration names, only what was asked for.
    #expect(try scratch.run(["schema", "--explain-order", "a_more"]).output.hasSuffix("\n1. a_more/1.sql\n"))
    #expect(try scratch.run(["schema", "--explain-order", "left.sql"]).output.hasSuffix("1. left.sql\n"))
  }

  /// Its messages are English, whatever is asked for.
  @Test func theSchemaKnowsNoLanguage() throws {
    let scratch = try Scratch(["1.sql": "CREATE TABLE t (id int);\n"])
    #expect(try scratch.run(["schema", "--lang", "ja"]).code == 2)
  }

  @Test(arguments: ["text", "markdown", "json"])
  func whatNoFileShowsIsExplained(_ format: String) throws {
    let run = try Program.run(["explain", "BLEA-BKP-013", "--no-config", "--format", format])
    #expect(run.code == 0)
    #expect(run.output.contains("describe-db-cluster-snapshot-attributes") && run.output.contains("BLEA-BKP-013"))
  }

  @Test func aCheckByWhatNoFileShowsSaysSo() throws {
    let scratch = try Scratch(["001.sql": "SELECT 1;\n"])
    let run = try scratch.run(["check", "--rule", "BLEA-BKP-013"])
    #expect(run.code == 2)
    #expect(run.output.contains("cannot be decided from files"))
  }

  @Test func sarifNamesTheProfileAndWhatItChanges() throws {
    let scratch = try Scratch(["001.sql": "CREATE TABLE orders (id int);\n"])
    let run = try scratch.run(["check", "--profile", "strict", "--format", "sarif"])
    let log = try #require(JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    let sarif = try #require((log["runs"] as? [[String: Any]])?.first)
    #expect((sarif["properties"] as? [String: Any])?["profile"] as? String == "strict")
    let invocation = try #require((sarif["invocations"] as? [[String: Any]])?.first)
    let overrides = try #require(invocation["ruleConfigurationOverrides"] as? [[String: Any]])
    let key = try #require(
      overrides.first { ($0["descriptor"] as? [String: Any])?["id"] as? String == "BLEA-KMS-003" })
    let configuration = try #require(key["configuration"] as? [String: Any])
    #expect(configuration["level"] as? String == "error")
    #expect((configuration["properties"] as? [String: Any])?["severity"] as? String == "high")
  }

  @Test func anExceptionMayBeForAnotherStage() throws {
    let template = """
      Parameters: { Stage: { Type: String } }
      Conditions: { IsProduction: !Equals [!Ref Stage, prod] }
      Resources:
        Cluster:
          Type: AWS::RDS::DBCluster
          Properties:
            Engine: aurora-postgresql
            # blealint: allow(bkp-retention) restored from production every night
            BackupRetentionPeriod: !If [IsProduction, 14, 1]

      """
    let configuration = """
      projects:
        - name: shop
          stages: { dev: { parameters: { Stage: dev } }, prod: { parameters: { Stage: prod } } }

      """
    let scratch = try Scratch(["template.yaml": template, ".blealint.yaml": configuration])
    func verdicts(_ arguments: [String]) throws -> [String] {
      try scratch.findings(arguments).findings.filter { $0["name"] as? String == "exception-in-use" }
        .compactMap { $0["verdict"] as? String }
    }
    #expect(try verdicts(["--stage", "dev"]) == [])
    #expect(try verdicts(["--stage", "prod"]) == ["unknown"])
    try scratch.remove(".blealint.yaml")
    #expect(try verdicts(["--parameter", "Stage=prod"]) == ["fail"])
  }

  @Test(arguments: [["gitlab"], ["asff", "--aws-account", "123456789012", "--aws-region", "ap-northeast-1"]])
  func whatAFormatCannotHoldIsSaidBesideIt(_ format: [String]) throws {
    let run = try Program.run(
      ["check", "Fixtures/projects/exceptions", "--as-of", "2026-11-22", "--format"] + format)
    #expect(run.errors.contains("Accepted by exceptions:"))
    let quiet = try Program.run(
      ["check", "Fixtures/projects/exceptions", "--as-of", "2026-11-22", "--quiet", "--format"] + format)
    #expect(quiet.errors.isEmpty)
  }
}
