import Foundation
import Testing

/// `init` as a new user runs it: it writes a configuration that holds, and the check after it says something.
@Suite struct InitTests {
  private func expectSound(_ scratch: Scratch, _ name: String) throws -> Program.Run {
    let written = try scratch.run(["init"])
    #expect(written.code == 0, "\(written.errors)")
    #expect(written.output.contains("Next: blealint check"))
    #expect(
      try ExpectedText.problem(scratch.text(".blealint.yaml"), "Fixtures/configuration/init-\(name).yaml") == nil)
    #expect(try scratch.run(["config"]).code == 0)
    let check = try scratch.run(["check"])
    #expect(check.code == 1, "\(check.output.suffix(600)) \(check.errors)")
    let diagnostics = try scratch.findings([]).diagnostics
    #expect(!diagnostics.contains { $0["severity"] as? String == "error" }, "\(diagnostics)")
    return check
  }

  @Test func chatapp() throws {
    let scratch = try Scratch()
    try scratch.copy("Fixtures/projects/chatapp/cdk.out", to: "cdk.out")
    try scratch.write("cdk.json", "{}\n")
    let check = try expectSound(scratch, "chatapp")
    #expect(check.output.contains("rls-"), "the SQL in Lambda code is judged")
  }

  @Test func aSAMProject() throws {
    let scratch = try Scratch([
      "template.yaml": """
      Transform: AWS::Serverless-2016-10-31
      Parameters:
        Environment: { Type: String, AllowedValues: [dev, prod] }
        SubnetIds: { Type: 'List<AWS::EC2::Subnet::Id>' }
      Resources:
        Api:
          Type: AWS::Serverless::Function
          Properties: { Runtime: python3.12, Handler: app.handler, CodeUri: src/ }
        OrdersDb:
          Type: AWS::RDS::DBCluster
          Properties:
            Engine: aurora-postgresql
            BackupRetentionPeriod: 1
            DeletionProtection: false

      """,
      "samconfig.toml": "version = 0.1\n", "src/app.py": "def handler(event, context): pass\n",
      "params/prod.json": #"[{"ParameterKey": "Environment", "ParameterValue": "prod"}]"#,
      "migrations/V1__orders.sql": "CREATE TABLE orders (id bigint PRIMARY KEY);\n",
    ])
    let check = try expectSound(scratch, "sam")
    #expect(check.output.contains("bkp-retention"))
    #expect(check.output.contains("rls-enabled"))
    #expect(try scratch.run(["check", "--stage", "prod"]).code == 1)
  }

  @Test func aFolderOfMigrations() throws {
    let scratch = try Scratch()
    try scratch.copy("Fixtures/projects/orders/migrations", to: "migrations")
    let check = try expectSound(scratch, "migrations")
    #expect(check.output.contains("rls-enabled"))
  }

  @Test func projectsSideBySide() throws {
    let scratch = try Scratch([
      "services/orders/template.yaml": ConfigurationTests.template,
      "services/orders/db/1.sql": "CREATE TABLE a (id bigint);\n",
      "services/billing/template.yaml": ConfigurationTests.template,
      "services/billing/db/1.sql": "CREATE TABLE b (id bigint);\n",
    ])
    _ = try expectSound(scratch, "side-by-side")
  }

  @Test func nothingIsOverwrittenUnasked() throws {
    let scratch = try Scratch(["1.sql": "CREATE TABLE a (id bigint);\n", ".blealint.yaml": "fail-on: low\n"])
    let refused = try scratch.run(["init"])
    #expect(refused.code == 2)
    #expect(refused.errors.contains("--force"))
    #expect(try scratch.text(".blealint.yaml") == "fail-on: low\n")
    #expect(try scratch.run(["init", "--force"]).code == 0)
    #expect(try scratch.text(".blealint.yaml").contains("schemas:"))
  }

  @Test func anEmptyFolderGetsAConfigurationAndAHint() throws {
    let scratch = try Scratch(["README.md": "# Nothing yet\n"])
    let run = try scratch.run(["init"])
    #expect(run.code == 0)
    #expect(run.output.contains("nothing to judge yet"))
    #expect(try scratch.run(["config"]).code == 0)
  }
}
