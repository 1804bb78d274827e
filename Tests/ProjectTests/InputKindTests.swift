import Testing

@testable import Project

@Suite struct InputKindTests {
  @Test(arguments: [
    ("Resources:\n  A:\n    Type: AWS::S3::Bucket\n", ["Resources"]),
    (
      "# a comment\n---\nAWSTemplateFormatVersion: '2010-09-09'\nResources: {}\n",
      ["AWSTemplateFormatVersion", "Resources"]
    ),
    ("\u{FEFF}\"Resources\" :\r\n  A: 1\r\n", ["Resources"]),
    ("  Resources:\n    A: 1\n  Outputs: {}\n", ["Outputs", "Resources"]),
    ("{\"Resources\": {\"Outputs\": 1}, \"Z\": [\"Q\", {\"R\": 1}]}", ["Resources", "Z"]),
    ("--- {Resources: {A: {Type: x}}, Outputs: {}}", ["Outputs", "Resources"]),
    ("text: |\n  Resources:\n    A: 1\n", ["text"]),
    ("{\"a\\\"Resources\": \"}\", \"b\": 1", ["a\\\"Resources", "b"]),
    ("// made by hand\n{\"Resources\": {}}", ["Resources"]), ("{% set x = 1 %}\nResources: {}", ["Resources"]),
    ("<% x %>\nResources: {}", ["Resources"]), ("{{ header }}\nResources: {}", ["Resources"]), ("//", []), ("<", []),
    ("{\"unclosed", []), ("", []), ("- Resources: 1\n", []), ("{", []), ("\"\\", []),
  ])
  func topLevelKeys(_ text: String, _ keys: [String]) {
    let found = InputKind.topLevelKeys(Array(text.utf8)).sorted()
    // A key with an escape in it is none of those that matter: only that it ends the right way counts.
    #expect(found == keys.sorted())
  }

  @Test func namesPromise() {
    #expect(InputKind.promised(by: "Stack.Template.JSON") == .template)
    #expect(InputKind.promised(by: "0001_init.up.sql") == .sql)
    #expect(InputKind.promised(by: "tsconfig.app.json") == .disregarded)
    #expect(InputKind.promised(by: ".cfnlintrc.yaml") == .disregarded)
    #expect(InputKind.promised(by: "Makefile") == nil)
    #expect(InputKind.promised(by: "index.py") == .code)
  }

  @Test func aTemplateNeedsResourcesOfATypeOrAVersionOrATransform() {
    func reason(_ text: String) -> String? { InputKind.reasonAgainstTemplate(Array(text.utf8)) }
    #expect(reason("Resources:\n  A: {Type: 'AWS::S3::Bucket'}\n") == nil)
    #expect(reason("Resources:\n  A: {Type: Custom::Thing}\n") == nil)
    #expect(reason("AWSTemplateFormatVersion: 2010-09-09\nResource: {}\n") == nil)
    #expect(reason("Transform: MyMacro\nResources: {}\n") == nil)
    #expect(reason("Resources: {}\n") != nil)
    #expect(reason("Outputs: {A: AWS::X}\n") != nil)
  }
}
