import SourceText
import Testing
import Values

@testable import CloudFormation

/// What each function comes to, written as the value of property `P` of resource `R`.
@Suite struct FunctionTests {
  private func linked(_ value: String) -> Linked {
    let indented = value.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\n        ")
    return Linked(
      """
      Parameters:
        Text: { Type: String, Default: hello }
        Names: { Type: CommaDelimitedList, Default: 'a, b,c' }
        Subnets: { Type: 'List<AWS::EC2::Subnet::Id>' }
        Free: { Type: String }
        Ami: { Type: 'AWS::SSM::Parameter::Value<String>', Default: /aws/ami }
        Stage: { Type: String, AllowedValues: [dev, prod], Default: dev }
        Only: { Type: String, AllowedValues: ['true'] }
        Password: { Type: String, NoEcho: true, Default: hunter2 }
        Compared: { Type: String }
      Mappings:
        M: { prod: { Enc: true, List: [x, y] }, dev: { Enc: false } }
      Conditions:
        IsProd: !Equals [!Ref Stage, prod]
        IsHello: !Equals [!Ref Text, hello]
        IsSpecial: !Equals [special, !Ref Compared]
        Opaque: !Equals [!Ref Free, !Ref Compared]
      Resources:
        Key: { Type: 'AWS::KMS::Key' }
        Secret: { Type: 'AWS::SecretsManager::Secret' }
        R:
          Type: A::B::C
          Properties:
            P: \(indented)
      """)
  }

  @Test(arguments: [
    ("true", "'true'"), ("'7'", "'7'"), ("16.10", "'16.10'"), ("yes", "'yes'"),
    ("!Ref Text", "'hello'"), ("{ Ref: Text }", "'hello'"), ("!Ref Key", "Ref Key"),
    ("!Ref Names", "['a', 'b', 'c']"), ("!Ref Subnets", "unknown: parameter"), ("!Ref Free", "unknown: parameter"),
    ("!Ref Ami", "unknown: parameter"), ("!Ref Stage", "unknown: undecided"), ("!Ref Only", "'true'"),
    ("!Ref Compared", "unknown: undecided"), ("!Ref Nothing", "unknown: undeclared"),
    ("!Ref AWS::Region", "\"${AWS::Region}\""), ("!Ref AWS::NoValue", "absent"),
    ("!GetAtt Key.Arn", "GetAtt Key.Arn"), ("!GetAtt [Key, Arn]", "GetAtt Key.Arn"),
    ("{ 'Fn::GetAtt': [Key, Endpoint.Address] }", "GetAtt Key.Endpoint.Address"),
    ("{ 'Fn::GetAtt': Key.Arn }", "GetAtt Key.Arn"), ("!GetAtt Key", "unknown: malformed"),
    ("!Sub 'a-${Text}'", "'a-hello'"), ("!Sub '${Text}'", "'hello'"), ("!Sub '${!Text}-${Text}'", "'${Text}-hello'"),
    ("!Sub '${Key}'", "Ref Key"), ("!Sub '${Key.Arn}'", "GetAtt Key.Arn"),
    ("!Sub 'arn:${AWS::Partition}:kms:::key/${Key}'", "\"arn:${AWS::Partition}:kms:::key/${Key}\""),
    ("!Sub ['${A}-${Text}', { A: !GetAtt Key.Arn }]", "\"${Key.Arn}-hello\""),
    ("!Sub '${Free}x'", "\"${?parameter}x\""), ("!Sub 'a${AWS::NoValue}b'", "'ab'"), ("!Sub '${'", "'${'"),
    ("!Join ['-', [a, !Ref Text, b]]", "'a-hello-b'"), ("!Join [',', !Ref Names]", "'a,b,c'"),
    ("!Join ['', [!Ref Key]]", "Ref Key"), ("!Join [',', !Ref Subnets]", "unknown: parameter"),
    (
      "!Join ['', ['{{resolve:secretsmanager:', !Ref Secret, ':SecretString:password::}}']]",
      "<secretsmanager ${Secret}:SecretString:password::>"
    ),
    ("!Sub '{{resolve:ssm-secure:/db/${Text}:1}}'", "<ssm-secure /db/hello:1>"),
    ("'{{resolve:ssm:/x}}'", "<ssm /x>"), ("'a{{resolve:ssm:/x}}b'", "\"a<ssm /x>b\""),
    ("'{{resolve:other:/x}}'", "'{{resolve:other:/x}}'"), ("'{{resolve:ssm:/x'", "'{{resolve:ssm:/x'"),
    ("!Select [1, !Ref Names]", "'b'"), ("!Select ['1', [a, !Ref AWS::NoValue, c]]", "'c'"),
    ("!Select [9, !Ref Names]", "unknown: malformed"), ("!Select [0, !Ref Subnets]", "unknown: parameter"),
    ("!Select [0, !GetAZs '']", "\"${Fn::GetAZs/0}\""), ("!GetAZs ''", "[…]"),
    ("!Select\n- 1\n- Fn::GetAZs: !Ref AWS::Region", "\"${Fn::GetAZs/1}\""),
    ("!Split [',', 'a,b']", "['a', 'b']"), ("!Select [2, !Split ['-', 'a-b-c']]", "'c'"),
    ("!Select [1, !Split ['/', !Sub 'x/${AWS::Region}']]", "\"${AWS::Region}\""),
    ("!Split ['-', !Ref AWS::Region]", "unknown: deployment"), ("!Split [':', !GetAtt Key.Arn]", "unknown: deployment"),
    ("!Base64 hello", "'aGVsbG8='"), ("\nFn::Base64: !Sub '${Text}!'", "'aGVsbG8h'"),
    ("!FindInMap [M, prod, Enc]", "'true'"), ("!FindInMap [M, prod, List]", "['x', 'y']"),
    ("!FindInMap [M, !Ref Stage, Enc]", "unknown: undecided"), ("!FindInMap [M, prod, No]", "unknown: malformed"),
    ("!FindInMap [M, prod, No, { DefaultValue: 3 }]", "'3'"), ("!FindInMap [No, a, b]", "unknown: undeclared"),
    ("!If [IsHello, 1, 2]", "'1'"), ("!If [IsProd, 1, 2]", "unknown: undecided"), ("!If [IsProd, 1, 1]", "'1'"),
    ("!If [IsProd, 1, !Ref AWS::NoValue]", "unknown: undecided"), ("!If [No, 1, 2]", "unknown: undeclared"),
    ("[a, !If [IsProd, b, !Ref AWS::NoValue], !If [IsHello, c, d]]", "['a', 'b'?, 'c']"),
    ("[!If [IsProd, b, c]]", "['b'?, 'c'?]"), ("[!If [IsProd, b, b]]", "['b']"),
    ("{ K: !If [IsProd, b, !Ref AWS::NoValue], L: !Ref AWS::NoValue, M: 1 }", "{K?: 'b', M: '1'}"),
    ("{ A: 1, 'Fn::Transform': { Name: AWS::Include } }", "{A: '1', …}"),
    ("!ImportValue x", "unknown: import"), ("!Cidr [10.0.0.0/16, 2, 8]", "['10.0.0.0/24', '10.0.1.0/24']"),
    ("!Cidr [!GetAtt Key.Cidr, 2, 8]", "unknown: deployment"), ("{ 'Fn::Length': !Ref Names }", "'3'"),
    ("{ 'Fn::ToJsonString': { a: 1 } }", #"'{"a":1}'"#), ("!Transform { Name: X }", "unknown: macro"),
    ("!Foo x", "unknown: malformed"), ("{ Ref: Text, Other: 1 }", "unknown: malformed"), ("", "unknown: malformed"),
  ])
  func comesTo(value: String, expected: String) {
    let linked = linked(value)
    #expect(linked.shown("R", "P") == expected, "\(value)")
  }

  @Test func aScenarioDecides() {
    let linked = linked("[!Ref Stage, !If [IsProd, b, !Ref AWS::NoValue], !FindInMap [M, !Ref Stage, Enc]]")
    #expect(linked.shown("R", "P", ("Stage", "'prod'")) == "['prod', 'b', 'true']")
    #expect(linked.shown("R", "P", ("Stage", "'dev'")) == "['dev', 'false']")
  }

  @Test func anotherValueIsNoneOfTheLiterals() {
    let linked = linked("[!Ref Compared, !If [IsSpecial, b, c], !If [Opaque, d, e]]")
    #expect(linked.shown("R", "P", ("Compared", "'special'")) == "['special', 'b', 'd'?, 'e'?]")
    #expect(linked.shown("R", "P", ("Compared", "another value")) == "[unknown: parameter, 'c', 'd'?, 'e'?]")
    let atom = "!Equals [!Ref Free, !Ref Compared]"
    #expect(
      linked.shown("R", "P", ("Compared", "another value"), (atom, "true")) == "[unknown: parameter, 'c', 'd']")
    #expect(linked.deployment.describe(linked.scenario([(atom, "false")])) == ["\(atom) is false"])
  }

  @Test func hopsTellTheWay() {
    func hops(_ value: String) -> [String] {
      linked(value).value("R", "P").hops.map { $0.text + ($0.isAssumption ? " (assumed)" : "") }
    }
    #expect(hops("!Ref Text") == ["Parameter 'Text' has the default 'hello' (assumed)"])
    #expect(hops("!Ref Password") == ["Parameter 'Password' has the default '…' (not shown) (assumed)"])
    #expect(hops("!Ref Only") == ["Parameter 'Only' allows only 'true'"])
    #expect(hops("!FindInMap [M, prod, Enc]") == ["Mapping 'M' has 'true' for 'prod', 'Enc'"])
    #expect(
      hops("!If [IsHello, 1, 2]") == [
        "Condition 'IsHello' is true", "Parameter 'Text' has the default 'hello' (assumed)",
      ])
  }

  @Test func theParameterIsNamed() throws {
    let linked = linked("!Ref Password")
    let parameter = try #require(linked.value("R", "P").parameter)
    #expect(linked.deployment.parameter(parameter)?.noEcho == true)
    #expect(linked.value("R", "P").text == "hunter2")
  }

  @Test func defaultsMayBeAssumed() {
    let linked = Linked(
      """
      Parameters: { Stage: { Type: String, AllowedValues: [dev, prod], Default: dev } }
      Resources: { R: { Type: A::B::C, Properties: { P: !Ref Stage } } }
      """, assumingDefaults: true)
    #expect(linked.shown("R", "P") == "'dev'")
    #expect(linked.deployment.choices.isEmpty)
  }

  @Test func givenValuesWin() {
    let linked = Linked(
      """
      Parameters: { Stage: { Type: String, AllowedValues: [dev, prod], Default: dev } }
      Resources: { R: { Type: A::B::C, Properties: { P: !Ref Stage } } }
      """, parameters: ["Stage": "prod"])
    #expect(linked.shown("R", "P") == "'prod'")
    #expect(linked.value("R", "P").hops.map(\.text) == ["Parameter 'Stage' is given as 'prod'"])
  }
}
