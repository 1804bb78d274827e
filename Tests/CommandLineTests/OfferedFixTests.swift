import Foundation
import Testing

/// Where SQL is offered a fix, and where none is.
@Suite struct OfferedFixTests {
  private func fixes(_ files: [String: String]) throws -> [String] {
    try Scratch(files).findings(["--rule", "rls-enabled"]).findings
      .flatMap { $0["fixes"] as? [[String: Any]] ?? [] }.flatMap { $0["edits"] as? [[String: Any]] ?? [] }
      .map { "\($0["path"] as? String ?? ""): \($0["replacement"] as? String ?? "")" }
  }

  private static let table = "CREATE TABLE orders (id int);\n"
  private static let fix = "ALTER TABLE public.orders ENABLE ROW LEVEL SECURITY;\n"

  @Test func aStatementIsAddedToTheFileOfTheTable() throws {
    #expect(try fixes(["orders.sql": Self.table, "rooms.sql": "CREATE SCHEMA a;\n"]) == ["orders.sql: \(Self.fix)"])
  }

  @Test func aMigrationThatOthersFollowIsNotChanged() throws {
    let one = "V1__orders.sql"
    #expect(try fixes([one: Self.table]) == ["\(one): \(Self.fix)"])
    #expect(try fixes([one: Self.table, "V2__more.sql": "CREATE SCHEMA a;\n"]) == [])
  }

  @Test func codeOfAFunctionIsNotChanged() throws {
    let template = """
      Resources:
        Initializer:
          Type: AWS::Lambda::Function
          Properties:
            Runtime: python3.13
            Handler: index.handler
            Role: arn:aws:iam::123456789012:role/a
            Code:
              ZipFile: |
                SCHEMA = "CREATE TABLE orders (id int);"
                def handler(event, context):
                    connection.cursor().execute(SCHEMA)

      """
    let scratch = try Scratch(["template.yaml": template])
    let found = try scratch.findings(["--rule", "rls-enabled"]).findings
    #expect(found.count == 1 && (found[0]["fixes"] as? [Any])?.isEmpty == true)
  }
}
