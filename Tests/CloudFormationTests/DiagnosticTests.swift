import Documents
import SourceText
import Testing

@testable import CloudFormation

/// What is wrong in a template, at its place, with its cure.
@Suite struct DiagnosticTests {
  @Test(arguments: [
    ("AWSTemplateFormatVersion: x\n«Resources»:\n", "null-section", "The section 'Resources' is empty."),
    ("AWSTemplateFormatVersion: x\nResources: «[a]»\n", "section-not-mapping", "'Resources' is a list"),
    ("«AWSTemplateFormatVersion»: x\n", "no-resources", "The template has no Resources section."),
    (ok + "  «A»: { Properties: {} }\n", "resource-without-type", "Resource 'A' has no Type."),
    (ok + "  «A»: { type: A::B::C }\n", "resource-without-type", "Write 'Type' where 'type' stands."),
    (ok + "  A: { Type: «[x]» }\n", "resource-without-type", "Write the type's name as a string."),
    (ok + "  «A»: text\n", "resource-not-mapping", "Resource 'A' is a scalar"),
    (ok + "  A: { Type: A::B::C, «Properties»: null }\n", "null-properties", "are null"),
    (ok + "  A:\n    Type: A::B::C\n    «Properties»:\n", "null-properties", "are null"),
    (ok + "  A: { Type: A::B::C, Properties: «[1]» }\n", "properties-not-mapping", "are a list"),
    (
      ok + "  A: { Type: A::B::C, Properties: «!If [C, {}, {}]» }\nConditions: { C: !Equals [a, b] }\n",
      "computed-properties", "a call of 'Fn::If'"
    ),
    (ok + "«Resorces»: {}\n", "unknown-section", "Write 'Resources' if that is meant."),
    (value("!Ref «Kye»"), "undeclared-name", "Write 'Key' if that is meant."),
    (value("{ Ref: «Kye» }"), "undeclared-name", "Write 'Key' if that is meant."),
    (value("!Ref «AWS::Regoin»"), "undeclared-name", "Write 'AWS::Region' if that is meant."),
    (value("!GetAtt «Kye.Arn»"), "undeclared-resource", "no resource 'Kye'"),
    (value("!GetAtt [«Kye», Arn]"), "undeclared-resource", "Write 'Key' if that is meant."),
    (value("!GetAtt «Stage.Arn»"), "attribute-of-parameter", "'Stage' is a parameter"),
    (value("!Sub 'x-«${Kye}»-y'"), "undeclared-name", "Write 'Key' if that is meant."),
    (value("!Sub \"é\\tx-«${Kye.Arn}»-y\""), "undeclared-resource", "Write 'Key' if that is meant."),
    (value("!If [«IsPord», 1, 2]"), "undeclared-condition", "Write 'IsProd' if that is meant."),
    (value("!FindInMap [«Mm», a, b]"), "undeclared-mapping", "Write 'M' if that is meant."),
    (value("!FindInMap [M, «prdo», Enc]"), "undeclared-key", "Write 'prod' if that is meant."),
    (value("!FindInMap [M, prod, «Encc»]"), "undeclared-key", "Write 'Enc' if that is meant."),
    (value("«!GetAttr Key.Arn»"), "unknown-tag", "Write '!GetAtt' if that is meant."),
    (value("{ «Fn::Joiin»: [] }"), "unknown-function", "Write 'Fn::Join' if that is meant."),
    (value("{ «Ref»: Key, Other: 1 }"), "function-with-neighbours", "'Ref'"),
    (value("«!Join [a]»"), "malformed-function", "'!Join' needs a delimiter and a list."),
    (value("«{ 'Fn::If': [IsProd, 1] }»"), "malformed-function", "'Fn::If' needs"),
    (value("«!GetAtt Key»"), "malformed-function", "'!GetAtt' needs"),
    (value("«!Sub [a]»"), "malformed-function", "'!Sub' needs"),
    (value("«null»"), "null-value", "The value is null"),
    (ok + "  A: { Type: A::B::C, DependsOn: [Key, «Kye»] }\n", "undeclared-resource", "Write 'Key' if that is meant."),
    (ok + "  A: { Type: A::B::C, Condition: «No» }\n", "undeclared-condition", "no condition 'No'"),
    (ok + "Outputs: { «O»: { Description: x } }\n", "output-without-value", "Output 'O' has no Value."),
    (ok + "Parameters: { «P»: { Default: x } }\n", "parameter-without-type", "has no Type"),
    (ok + "Parameters: { P: { Type: String, Default: «[x]» } }\n", "malformed-default", "is a list"),
    (
      ok + "Conditions: { «A»: !Not [!Condition B], B: !Or [!Condition A, !Condition A] }\n", "condition-cycle",
      "'A' → 'B' → 'A'"
    ),
  ])
  func isSaid(template: String, id: String, text: String) {
    let linked = Linked(template)
    let found = linked.diagnostics.filter { $0.id == id }
    #expect(found.count == 1, "\(linked.diagnostics)")
    #expect(linked.diagnostics.count == 1, "\(linked.diagnostics)")
    #expect(found.first?.span == linked.marks.first, "\(linked.text(found.first?.span))")
    let message = "\(found.first?.message ?? "") \(found.first?.cure ?? "")"
    #expect(message.contains(text), "\(message)")
    #expect(found.first?.message.hasSuffix(".") == true)
  }

  @Test(arguments: [
    "!Sub ['${Own}', { Own: 1 }]", "!Sub '${!Own}'", "!Ref Key", "!If [IsProd, a, b]", "!GetAtt Key.Arn.More",
    "{ Condition: { StringEquals: x }, Effect: Allow }", "{ Condition: x }", "{ 'Fn::Transform': { Name: X }, A: 1 }",
    "!Base64\n        Fn::Sub: '${Key}'", "!Select [0, !GetAZs '']", "~text",
  ])
  func isFine(value: String) {
    let linked = Linked(Self.value(value))
    #expect(linked.diagnostics.isEmpty, "\(linked.diagnostics)")
  }

  @Test func namesThatLoopsAndMacrosMakeAreNotMissed() {
    for extra in [
      "Conditions: { 'Fn::ForEach::L': [N, [!ImportValue a], { 'C${N}': !Equals [a, b] }] }",
      "'Fn::Transform': { Name: X }",
      "Transform: Mine", "Transform: AWS::Serverless-2016-10-31",
    ] {
      let linked = Linked(
        Self.ok + "  A: { Type: A::B::C, Condition: Ca, Properties: { P: !Ref Made, Q: !GetAtt Made.Arn } }\n" + extra)
      #expect(linked.diagnostics.isEmpty, "\(extra): \(linked.diagnostics)")
      #expect(linked.shown("A", "P") == "unknown: macro")
    }
  }

  @Test(arguments: [
    ("", "it is empty"), ("- a", "it is not a mapping at the top"), ("{}", "it has neither"),
    ("Resources: [a]", "its Resources are not a mapping"), ("Resources: { a: { Kind: x } }", "none of its Resources"),
    ("Resources: { a: { Type: Deployment } }", "none of its Resources"),
  ])
  func isNoTemplate(text: String, reason: String) {
    let source = SourceFile(id: FileID(0), path: "x.yaml", bytes: Array(text.utf8))
    guard let document = Document.read(source, as: .yaml).documents.first else {
      #expect(text.isEmpty)
      return
    }
    #expect(Template.refusal(of: document)?.contains(reason) == true, "\(Template.refusal(of: document) ?? "none")")
    let (deployment, diagnostics) = Deployment.link([TemplateInput(document: document, stackName: "s")])
    #expect(deployment.stacks.isEmpty)
    #expect(diagnostics.map(\.id) == ["not-a-template"])
  }

  static let ok = "Resources:\n  Key: { Type: AWS::KMS::Key }\n"

  static func value(_ text: String) -> String {
    """
    Parameters: { Stage: { Type: String } }
    Mappings: { M: { prod: { Enc: 1 } } }
    Conditions: { IsProd: !Equals [!Ref Stage, prod] }
    Resources:
      Key: { Type: AWS::KMS::Key }
      R:
        Type: A::B::C
        Properties:
          P: \(text)

    """
  }
}
