import SourceText
import Testing
import Values

@testable import CloudFormation

/// What `AWS::LanguageExtensions` adds, and what stands beside it: loops, JSON text, IPv6 blocks, SAM's functions.
@Suite struct LanguageExtensionTests {
  @Test(arguments: [
    ("2001:db8:1234:1a00::/56", 2, 64, ["2001:db8:1234:1a00::/64", "2001:db8:1234:1a01::/64"]),
    ("2001:db8::/32", 1, 64, ["2001:db8::/64"]), ("::/0", 2, 64, ["::/64", "0:0:0:1::/64"]),
    ("fd00:0:0:1:2:3:4:5/64", 2, 60, ["fd00:0:0:1::/68", "fd00:0:0:1:1000::/68"]),
    ("10.0.0.0/16", 2, 8, ["10.0.0.0/24", "10.0.1.0/24"]), ("10.0.3.7/22", 2, 9, ["10.0.0.0/23", "10.0.2.0/23"]),
    ("0.0.0.0/0", 2, 31, ["0.0.0.0/1", "128.0.0.0/1"]),
  ])
  func blocksAreCut(_ block: String, _ count: Int, _ bits: Int, _ expected: [String]) {
    #expect(AddressBlock.subnets(of: block, count: count, bits: bits) == expected)
  }

  @Test(arguments: [
    ("10.0.0.0/24", 3, 7), ("10.0.0.0/33", 1, 1), ("10.0.0/24", 1, 1), ("1::2::3/64", 1, 60), ("1:2:3/64", 1, 60),
    ("10.0.0.0/24", 0, 1), ("10.0.0.0/24", 257, 1), ("10.0.0.0/24", 1, 9), ("", 1, 1), ("::/0", 1, 128),
    ("12345::/64", 1, 60), ("10.0.0.0/24", 1, -3),
  ])
  func blocksThatCannotBeCutAreRefused(_ block: String, _ count: Int, _ bits: Int) {
    #expect(AddressBlock.subnets(of: block, count: count, bits: bits) == nil)
  }

  @Test func jsonTextKeepsSpellingsAndHoles() {
    let linked = Linked(
      """
      Transform: AWS::LanguageExtensions
      Parameters: { P: { Type: String } }
      Resources:
        Key: { Type: AWS::KMS::Key }
        R:
          Type: A::B::C
          Properties:
            Plain: { 'Fn::ToJsonString': { A: 1, B: '1', C: 1.50, D: 007, E: true, F: yes, G: [], H: -0.5 } }
            Hole: { 'Fn::ToJsonString': [!Ref Key, !Sub 'x-"${Key}"'] }
            Open: { 'Fn::ToJsonString': [!Ref P] }
      """)
    #expect(
      linked.shown("R", "Plain") == #"'{"A":1,"B":"1","C":1.50,"D":"007","E":true,"F":"yes","G":[],"H":-0.5}'"#)
    #expect(linked.shown("R", "Hole") == #""["${Key}","x-\"${Key}\""]""#)
    #expect(linked.shown("R", "Open") == "unknown: parameter")
  }

  @Test func loopsGoOverWhatAParameterHolds() throws {
    let template = """
      Transform: AWS::LanguageExtensions
      Parameters: { Zones: { Type: CommaDelimitedList, Default: 'a, c' } }
      Resources:
        Fn::ForEach::Keys:
          - Zone
          - !Ref Zones
          - Key${Zone}: { Type: AWS::KMS::Key, Properties: { Description: !Ref Zone } }
      """
    let linked = Linked(template)
    #expect(linked.deployment.resources.map(\.logicalID) == ["Keya", "Keyc"])
    let hops = Resolver(linked.deployment, scenario: .none).existence(of: linked.id("Keya")).hops
    #expect(hops.map(\.text) == ["Parameter 'Zones' has the default 'a, c'"])
    #expect(hops.map(\.isAssumption) == [true])
    let given = Linked(template, parameters: ["Zones": "x"])
    #expect(given.deployment.resources.map(\.logicalID) == ["Keyx"])
    let open = Linked(template.replacing(", Default: 'a, c'", with: ""))
    #expect(open.deployment.resources.isEmpty)
    #expect(open.deployment.anyResidual != nil)
  }

  /// Each round of a loop has comparisons of its own: they must not be taken for one.
  @Test func conditionsOfALoopAreToldApart() {
    let linked = Linked(
      """
      Transform: AWS::LanguageExtensions
      Parameters: { Stage: { Type: String } }
      Conditions:
        Fn::ForEach::Stages:
          - Name
          - [dev, prod]
          - Is${Name}: !Equals [!Ref Stage, !Ref Name]
        Either: !Or [!Condition Isdev, !Condition Isprod]
      Resources:
        R: { Type: A::B::C, Properties: { Dev: !If [Isdev, 1, 2], Prod: !If [Isprod, 1, 2], E: !If [Either, 1, 2] } }
      """)
    #expect(linked.diagnostics.isEmpty, "\(linked.diagnostics)")
    #expect(linked.shown("R", "Dev", ("Stage", "'dev'")) == "'1'")
    #expect(linked.shown("R", "Prod", ("Stage", "'dev'")) == "'2'")
    #expect(linked.shown("R", "Prod", ("Stage", "'prod'")) == "'1'")
    #expect(linked.shown("R", "E", ("Stage", "another value")) == "'2'")
  }

  @Test func loopsInPropertiesAddEntries() {
    let linked = Linked(
      """
      Transform: AWS::LanguageExtensions
      Parameters: { Names: { Type: CommaDelimitedList } }
      Resources:
        R:
          Type: A::B::C
          Properties:
            Own: 1
            Fn::ForEach::P: [N, [A, B], { '${N}': !Ref N }]
            Deep: { X: 1, 'Fn::ForEach::D': [N, [Y, Z], { '${N}': !Ref N }] }
            Open: { X: 1, 'Fn::ForEach::D': [N, !Ref Names, { '${N}': !Ref N }] }
      """)
    #expect(linked.shown("R", "A") == "'A'")
    #expect(linked.shown("R", "Absent") == "absent")
    #expect(linked.shown("R", "Deep") == "{X: '1', Y: 'Y', Z: 'Z'}")
    #expect(linked.shown("R", "Open") == "{X: '1', …}")
    #expect(linked.resolver().properties(of: linked.id("R")) == ["Own", "A", "B", "Deep", "Open"])
  }

  @Test func theParameterStoreLeadsFromStackToStack() {
    let stored =
      "Resources: { S: { Type: AWS::SSM::Parameter, Properties: { Name: /vpc, Type: String, Value: !Ref V } },"
    let linked = Linked(
      stored + " V: { Type: AWS::EC2::VPC } }",
      """
      Parameters:
        Vpc: { Type: AWS::SSM::Parameter::Value<AWS::EC2::VPC::Id>, Default: /vpc }
        Other: { Type: AWS::SSM::Parameter::Value<String>, Default: /other }
      Resources: { R: { Type: A::B::C, Properties: { Vpc: !Ref Vpc, Other: !Ref Other } } }
      """)
    #expect(linked.shown("R", "Vpc") == "Ref V")
    #expect(linked.value("R", "Vpc").hops.map(\.text).first?.contains("'/vpc', which stack 'stack0' stores") == true)
    #expect(linked.shown("R", "Other") == "unknown: parameter")
    let twice = Linked(
      stored + " V: { Type: AWS::EC2::VPC } }", stored + " V: { Type: AWS::EC2::VPC } }",
      "{ Parameters: { P: { Type: AWS::SSM::Parameter::Value<String>, Default: /vpc } },"
        + " Resources: { R: { Type: A::B::C, Properties: { P: !Ref P } } } }")
    #expect(twice.shown("R", "P") == "unknown: parameter")
  }

  @Test func namesMayBeComputed() {
    let linked = Linked(
      """
      Transform: AWS::LanguageExtensions
      Parameters: { P: { Type: String } }
      Resources:
        Key: { Type: AWS::KMS::Key }
        R:
          Type: A::B::C
          Properties:
            A: { Ref: { 'Fn::Sub': 'Ke${Y}' } }
            B: !GetAtt [!Join ['', [K, ey]], Arn]
            C: { Ref: !Ref P }
            D: { Ref: !Join ['', [K, ey]] }
      """)
    #expect(linked.shown("R", "B") == "GetAtt Key.Arn")
    #expect(linked.shown("R", "C") == "unknown: parameter")
    #expect(linked.shown("R", "D") == "Ref Key")
  }

  @Test func aServerlessFunctionIsALambdaFunction() {
    let linked = Linked(
      """
      Transform: AWS::Serverless-2016-10-31
      Globals: { Function: { Timeout: 9, MemorySize: 128, Tags: { A: 1 }, VpcConfig: { SubnetIds: [s1] } } }
      Resources:
        F:
          Type: AWS::Serverless::Function
          Properties: { Timeout: 3, InlineCode: pass, Tags: { B: 2 }, VpcConfig: { SubnetIds: [s2] } }
      """)
    #expect(linked.deployment.resources.map(\.type) == ["AWS::Lambda::Function", "AWS::IAM::Role"])
    #expect(linked.shown("F", "Timeout") == "'3'")
    #expect(linked.shown("F", "MemorySize") == "'128'")
    #expect(linked.shown("F", "VpcConfig") == "{SubnetIds: ['s1', 's2']}")
    #expect(linked.shown("F", "Code") == "{ZipFile: 'pass'}")
    #expect(linked.shown("F", "InlineCode") == "absent")
    #expect(linked.shown("F", "Role") == "GetAtt FRole.Arn")
    #expect(linked.shown("FRole", "Policies") == "absent")
    #expect(linked.shown("FRole", "Tags") == "unknown: macro")
    #expect(
      linked.shown("F", "Tags")
        == "[{Key: 'A', Value: '1'}, {Key: 'B', Value: '2'}, {Key: 'lambda:createdBy', Value: 'SAM'}]")
  }
}
