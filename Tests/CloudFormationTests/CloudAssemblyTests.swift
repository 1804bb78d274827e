import Documents
import SourceText
import Testing
import Values

@testable import CloudFormation

/// Manifests of CDK cloud assemblies.
@Suite struct CloudAssemblyTests {
  private func read(_ text: String) -> (CloudAssembly, [Diagnostic]) {
    let source = SourceFile(id: FileID(0), path: "manifest.json", bytes: Array(text.utf8))
    let reading = Document.read(source, as: .json)
    guard let document = reading.documents.first else {
      return (CloudAssembly(version: nil, stacks: [], nested: [], assetManifests: []), reading.diagnostics)
    }
    return CloudAssembly.read(manifest: document)
  }

  @Test func stacksAndStagesAreFound() throws {
    let (assembly, diagnostics) = read(
      """
      {"version": "20.0.0", "artifacts": {
        "Tree": {"type": "cdk:tree", "properties": {"file": "tree.json"}},
        "assembly-Prod": {"type": "cdk:cloud-assembly",
          "properties": {"directoryName": "assembly-Prod", "displayName": "Prod"}},
        "ProdDbABC": {"type": "aws:cloudformation:stack", "environment": "aws://unknown-account/unknown-region",
          "properties": {"templateFile": "ProdDb.template.json", "stackName": "Prod-Db", "terminationProtection": true,
            "parameters": {"Stage": "prod"}, "tags": {"A": "1", "B": "2"}},
          "metadata": {"/Prod/Db/Key/Resource": [
            {"type": "aws:cdk:logicalId", "data": "Key961B73FD", "trace": ["new Key (lib/db.ts:12:3)", "main"]}]}},
        "Other": {"type": "aws:cloudformation:stack", "environment": "aws://111122223333/us-gov-west-1",
          "properties": {"templateFile": "o.json", "tags": [{"Key": "C", "Value": "3"}]}, "displayName": "App/Other"}
      }}
      """)
    #expect(diagnostics.isEmpty)
    #expect(assembly.version == "20.0.0")
    #expect(assembly.nested.map(\.directory) == ["assembly-Prod"])
    #expect(assembly.nested.first?.displayName == "Prod")
    let first = try #require(assembly.stacks.first)
    #expect(first.stackName == "Prod-Db")
    #expect(first.account == nil)
    #expect(first.region == nil)
    #expect(first.terminationProtection == true)
    #expect(first.parameters == ["Stage": "prod"])
    #expect(first.tags.map(\.value) == ["1", "2"])
    #expect(
      first.constructs == [
        "Key961B73FD": CloudAssembly.Construct(
          path: "Prod/Db/Key/Resource", trace: ["new Key (lib/db.ts:12:3)", "main"])
      ])
    let second = try #require(assembly.stacks.last)
    #expect(second.stackName == "Other")
    #expect(second.account == "111122223333")
    #expect(second.region == "us-gov-west-1")
    #expect(second.tags.map(\.key) == ["C"])
    #expect(second.displayName == "App/Other")
  }

  @Test(arguments: [
    ("[]", "malformed-manifest"), ("{}", "no-artifacts"), (#"{"artifacts": []}"#, "malformed-manifest"),
    (#"{"artifacts": {"A": {"type": "aws:cloudformation:stack"}}}"#, "stack-without-template"),
    (#"{"artifacts": {"A": {"type": "cdk:cloud-assembly"}}}"#, "assembly-without-directory"),
    (
      #"{"artifacts": {"A": {"type": "aws:cloudformation:stack", "environment": "x", "properties": {"templateFile": "t"}}}}"#,
      "malformed-environment"
    ),
  ])
  func problemsAreSaid(text: String, id: String) {
    #expect(read(text).1.map(\.id) == [id])
  }

  @Test func pathsComeFromTheTemplateWhereNothingElseSaysThem() {
    let linked = Linked(
      """
      Resources:
        A: { Type: A::B::C, Metadata: { 'aws:cdk:path': Stack/A/Resource } }
        B: { Type: A::B::C, Metadata: { 'aws:cdk:path': Stack/B/Resource } }
        C: { Type: A::B::C }
      """
    ) { _, input in input.constructPaths = ["B": "Given/B"] }
    #expect(linked.deployment.resources.map(\.constructPath) == ["Stack/A/Resource", "Given/B", nil])
  }
}
