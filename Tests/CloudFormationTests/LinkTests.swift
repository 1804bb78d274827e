import Documents
import SourceText
import Testing
import Values

@testable import CloudFormation

/// Several stacks, conditions, choices.
@Suite struct LinkTests {
  private static let network = """
    Parameters: { Prefix: { Type: String, Default: net } }
    Conditions: { Never: !Equals [a, b] }
    Resources: { Vpc: { Type: AWS::EC2::VPC }, Key: { Type: AWS::KMS::Key } }
    Outputs:
      Vpc: { Value: «!Ref Vpc», Export: { Name: !Sub '${Prefix}-vpc' } }
      Arn: { Value: !GetAtt Key.Arn, Export: { Name: !Sub '${AWS::Region}-${AWS::StackName}-key' } }
      Not: { Value: x, Condition: Never, Export: { Name: never } }
      Here: { Value: !Sub 'in ${AWS::Region}', Export: { Name: !Sub 'here-${AWS::Region}' } }
      Loop: { Value: !ImportValue loop, Export: { Name: loop } }
    """

  @Test func importsAreFollowed() {
    let linked = Linked(
      Self.network,
      """
      Resources:
        R:
          Type: A::B::C
          Properties:
            A: «!ImportValue net-vpc»
            B: { 'Fn::ImportValue': !Sub '${AWS::Region}-stack0-key' }
            C: !ImportValue never
            D: !ImportValue { 'Fn::Sub': 'here-${AWS::Region}' }
            E: !ImportValue loop
            F: !Join [',', [!ImportValue net-vpc, x]]
      """)
    #expect(linked.diagnostics.isEmpty)
    #expect(linked.shown("R", "A") == "Ref Vpc")
    #expect(linked.shown("R", "B") == "GetAtt Key.Arn")
    #expect(linked.shown("R", "C") == "unknown: import")
    #expect(linked.shown("R", "D") == "\"in ${AWS::Region}\"")
    #expect(linked.shown("R", "E") == "unknown: malformed")
    #expect(linked.shown("R", "F") == "\"${Vpc},x\"")
    let value = linked.value("R", "A")
    #expect(value.origin == Origin(linked.marks[1], path: "Resources/R/Properties/A", kind: .property))
    #expect(value.hops.map(\.text).last == "Imported from export 'net-vpc' of stack 'stack0'")
    #expect(value.hops.last?.origin == Origin(linked.marks[0], path: "Outputs/Vpc/Value", kind: .output))
  }

  @Test func twoExportsOfOneNameAreAmbiguous() {
    let importing = "Resources: { R: { Type: A::B::C, Properties: { A: !ImportValue net-vpc } } }"
    let linked = Linked(Self.network, Self.network, importing)
    let reasons = linked.value("R", "A").content.unknown?.reasons
    #expect(reasons?.map(\.kind) == [.ambiguous])
    #expect(reasons?.first?.text == "several stacks export 'net-vpc': 'stack0', 'stack1'")
    let apart = Linked(Self.network, Self.network, importing) { index, input in
      input.region = index == 1 ? "us-east-1" : "eu-west-1"
    }
    #expect(apart.shown("R", "A") == "Ref Vpc")
  }

  @Test func namesOfOneStackMeanNothingInAnother() {
    let linked = Linked(
      """
      Resources: { Vpc: { Type: AWS::EC2::VPC } }
      Outputs: { O: { Value: !Sub '${AWS::StackName}-x', Export: { Name: n } } }
      """, "Resources: { R: { Type: A::B::C, Properties: { A: !ImportValue n, B: !Sub '${AWS::StackName}-x' } } }"
    ) { _, input in input.isStackNameKnown = false }
    #expect(linked.shown("R", "A") == "\"${?deployment}-x\"")
    #expect(linked.shown("R", "B") == "\"${AWS::StackName}-x\"")
  }

  @Test func exportsUnderChoicesFork() {
    let linked = Linked(
      """
      Parameters: { Stage: { Type: String, AllowedValues: [dev, prod] } }
      Resources: { Vpc: { Type: AWS::EC2::VPC } }
      Outputs: { O: { Value: !Ref Vpc, Export: { Name: !Sub '${Stage}-vpc' } } }
      """, "Resources: { R: { Type: A::B::C, Properties: { A: !ImportValue dev-vpc } } }")
    #expect(linked.shown("R", "A") == "unknown: undecided")
    #expect(linked.shown("R", "A", ("Stage", "'dev'")) == "Ref Vpc")
    #expect(linked.shown("R", "A", ("Stage", "'prod'")) == "unknown: import")
  }

  @Test func environmentsAreKnown() {
    let template = """
      Resources:
        R:
          Type: A::B::C
          Properties:
            A: !Sub '${AWS::AccountId} ${AWS::Region} ${AWS::Partition} ${AWS::URLSuffix} ${AWS::StackName}'
            B: !Ref AWS::StackId
      """
    let linked = Linked(template) { _, input in
      input.account = "123456789012"
      input.region = "cn-north-1"
    }
    #expect(linked.shown("R", "A") == "'123456789012 cn-north-1 aws-cn amazonaws.com.cn stack0'")
    #expect(linked.shown("R", "B") == "\"${AWS::StackId}\"")
  }

  @Test func regionsComparedAreChoices() {
    let linked = Linked(
      """
      Conditions:
        Tokyo: !Equals [!Ref AWS::Region, ap-northeast-1]
        China: !Equals [aws-cn, !Ref AWS::Partition]
      Resources:
        R: { Type: A::B::C, Properties: { A: !If [Tokyo, 1, 2], B: !Sub 'x ${AWS::Region}', C: !If [China, 1, 2] } }
      """)
    #expect(linked.shown("R", "A") == "unknown: undecided")
    #expect(linked.shown("R", "B") == "\"x ${AWS::Region}\"")
    let tokyo = ("AWS::Region", "'ap-northeast-1'")
    #expect(linked.shown("R", "A", tokyo) == "'1'")
    #expect(linked.shown("R", "B", tokyo) == "'x ap-northeast-1'")
    #expect(linked.shown("R", "A", ("AWS::Region", "another value")) == "'2'")
    #expect(!linked.deployment.isFeasible(linked.scenario([tokyo, ("AWS::Partition", "'aws-cn'")])))
    #expect(linked.deployment.isFeasible(linked.scenario([tokyo, ("AWS::Partition", "another value")])))
  }

  @Test func conditionsDecideExistence() {
    let linked = Linked(
      """
      Parameters: { Stage: { Type: String, AllowedValues: [dev, prod] }, Size: { Type: String, Default: big } }
      Conditions:
        IsProd: !Equals [!Ref Stage, prod]
        IsBig: { 'Fn::Equals': [{ Ref: Size }, big] }
        Both: !And [!Condition IsProd, { Condition: IsBig }]
        Either: !Or [!Condition IsProd, !Condition IsBig]
        Small: !Not [!Condition IsBig]
        Cycle: !Not [!Condition Cycle]
      Resources:
        P: { Type: A::B::C, Condition: IsProd }
        B: { Type: A::B::C, Condition: Both }
        E: { Type: A::B::C, Condition: Either }
        S: { Type: A::B::C, Condition: Small }
        C: { Type: A::B::C, Condition: Cycle }
        N: { Type: A::B::C }
      """)
    func exists(_ id: String, _ choices: (String, String)...) -> Bool? {
      Resolver(linked.deployment, scenario: linked.scenario(choices)).exists(linked.id(id)).known
    }
    #expect(exists("P") == nil)
    #expect(exists("P", ("Stage", "'prod'")) == true)
    #expect(exists("B", ("Stage", "'prod'")) == true)
    #expect(exists("B", ("Stage", "'dev'")) == false)
    #expect(exists("E") == true)
    #expect(exists("S") == false)
    #expect(exists("C") == nil)
    #expect(exists("N") == true)
    let existence = linked.resolver().existence(of: linked.id("E"))
    #expect(
      existence.hops.map(\.text) == ["Condition 'Either' is true", "Parameter 'Size' has the default 'big'"])
    #expect(linked.deployment.choices.map(\.subject) == ["Stage"])
  }

  @Test func oneParameterInTwoStacksIsTwo() {
    let template = """
      Parameters: { Stage: { Type: String, AllowedValues: [dev, prod] } }
      Resources: { R: { Type: A::B::C, Properties: { A: !Ref Stage } } }
      """
    let linked = Linked(template, template)
    #expect(linked.deployment.choices.count == 2)
    let scenario = Scenario.none.assuming(ChoiceID(1), is: 1)
    #expect(linked.deployment.describe(scenario) == ["Stage of stack 'stack1' is 'prod'"])
  }

  @Test func opaqueComparisonsAreOneChoiceWhereverWritten() {
    let linked = Linked(
      """
      Parameters: { A: { Type: String }, B: { Type: String } }
      Conditions:
        X: !Equals [!Ref A, !Ref B]
        Y: { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: B }, { Ref: A }] }] }
        Z: !Equals [!Sub '${A}-x', y-x]
        Same: !Equals [!Sub '${A}-x', !Sub '${A}-x']
      Resources: { R: { Type: A::B::C, Properties: { P: [!If [X, a, b], !If [Y, c, d], !If [Same, e, f]] } } }
      """)
    #expect(linked.deployment.choices.map(\.subject) == ["!Equals [!Ref A, !Ref B]", "!Equals [!Sub '${A}-x', 'y-x']"])
    #expect(linked.shown("R", "P", ("!Equals [!Ref A, !Ref B]", "true")) == "['a', 'd', 'e']")
    #expect(linked.shown("R", "P", ("!Equals [!Ref A, !Ref B]", "false")) == "['b', 'c', 'e']")
  }

  @Test func rulesOfTheTemplateExcludeScenarios() {
    let linked = Linked(
      """
      Parameters:
        Stage: { Type: String, AllowedValues: [dev, prod] }
        Size: { Type: String, AllowedValues: [small, medium, big] }
      Rules:
        ProdIsBig:
          RuleCondition: !Equals [!Ref Stage, prod]
          Assertions: [{ Assert: { 'Fn::Contains': [[medium, big], !Ref Size] } }]
      Resources: { R: { Type: A::B::C } }
      """)
    #expect(linked.diagnostics.isEmpty)
    func isFeasible(_ choices: (String, String)...) -> Bool {
      linked.deployment.isFeasible(linked.scenario(choices))
    }
    #expect(isFeasible())
    #expect(isFeasible(("Stage", "'prod'")))
    #expect(isFeasible(("Stage", "'prod'"), ("Size", "'big'")))
    #expect(!isFeasible(("Stage", "'prod'"), ("Size", "'small'")))
    #expect(isFeasible(("Stage", "'dev'"), ("Size", "'small'")))
    #expect(isFeasible(("Size", "'small'")))
  }

  @Test func keysLookedUpAreOptions() {
    let linked = Linked(
      """
      Parameters: { Env: { Type: String }, Given: { Type: String, Default: dev } }
      Mappings: { M: { dev: { N: 1 }, «prod»: { N: 35 } } }
      Conditions: { IsProd: !Equals [!Ref Env, prod] }
      Resources:
        R: { Type: A::B::C, Properties: { P: !FindInMap [M, !Ref Env, N], Q: !FindInMap [M, !Ref Given, N] } }
      """)
    #expect(linked.deployment.choices.map(\.subject) == ["Env"])
    #expect(linked.deployment.choices.first?.options.map(\.label) == ["'prod'", "'dev'", "another value"])
    #expect(linked.shown("R", "P", ("Env", "'dev'")) == "'1'")
    #expect(linked.shown("R", "P", ("Env", "another value")) == "unknown: parameter")
    #expect(linked.shown("R", "Q") == "'1'")
  }

  @Test func macrosLeaveThingsOpen() {
    let linked = Linked("Transform: [Mine]\nResources: { R: { Type: A::B::C, Properties: { A: !Ref Nobody } } }")
    #expect(linked.diagnostics.isEmpty)
    #expect(linked.shown("R", "A") == "unknown: macro")
    #expect(linked.shown("R", "B") == "unknown: macro")
    #expect(linked.deployment.residual(ofType: "AWS::KMS::Key")?.reasons.map(\.kind) == [.macro])
  }

  /// AWS SAM makes functions and roles, but no keys and no clusters.
  @Test func theServerlessTransformMakesWhatItMakes() {
    let linked = Linked("Transform: AWS::Serverless-2016-10-31\nResources: { R: { Type: A::B::C } }")
    #expect(linked.deployment.residual(ofType: "AWS::IAM::Role")?.reasons.map(\.kind) == [.macro])
    #expect(linked.deployment.residual(ofType: "AWS::Lambda::Permission") != nil)
    #expect(linked.deployment.residual(ofType: "AWS::RDS::DBCluster") == nil)
    #expect(linked.deployment.residual(ofType: "AWS::SecretsManager::Secret") == nil)
    #expect(linked.deployment.anyResidual != nil)
    let nesting = Linked(
      "Transform: AWS::Serverless-2016-10-31\nResources: { App: { Type: AWS::Serverless::Application } }")
    #expect(nesting.deployment.residual(ofType: "AWS::RDS::DBCluster")?.reasons.map(\.kind) == [.undeclared])
  }

  /// The application that rotates a secret holds a function and its role; another one may hold anything.
  @Test(arguments: [
    ("arn:aws:serverlessrepo:us-east-1:297356227824:applications/SecretsManagerRDSPostgreSQLRotationSingleUser", true),
    ("arn:aws:serverlessrepo:us-east-1:123456789012:applications/SecretsManagerRDSPostgreSQLRotationSingleUser", false),
    ("arn:aws:serverlessrepo:us-east-1:297356227824:applications/data-stores", false),
    ("!Ref Application", false),
    ("!FindInMap [M, !Ref AWS::Partition, id]", false),
  ]) func onlyARotationApplicationIsKnown(_ identifier: String, isKnown: Bool) {
    let linked = Linked(
      """
      Mappings: { M: { aws: { id: arn:aws:serverlessrepo:us-east-1:123456789012:applications/a } } }
      Resources:
        App:
          Type: AWS::Serverless::Application
          Properties: { Location: { ApplicationId: \(identifier), SemanticVersion: 1.1.671 } }
      """)
    #expect((linked.deployment.residual(ofType: "AWS::RDS::DBCluster") == nil) == isKnown)
  }

  @Test func whatIsNoTransformMakesNothing() {
    #expect(Linked("Resources: { R: { Type: A::B::C } }").deployment.anyResidual == nil)
  }

  @Test func propertiesMayBeComputed() {
    let linked = Linked(
      """
      Parameters: { Stage: { Type: String, AllowedValues: [dev, prod] } }
      Conditions: { IsProd: !Equals [!Ref Stage, prod] }
      Resources:
        R: { Type: A::B::C, Properties: !If [IsProd, { P: 1 }, !Ref AWS::NoValue] }
        T: { Type: A::B::C, Properties: { 'Fn::Transform': { Name: AWS::Include }, P: 1 } }
        L: { Type: A::B::C, Properties: [1] }
        N: { Type: A::B::C, Properties: null }
      """)
    #expect(linked.shown("R", "P") == "unknown: undecided")
    #expect(linked.shown("R", "P", ("Stage", "'prod'")) == "'1'")
    #expect(linked.shown("R", "P", ("Stage", "'dev'")) == "absent")
    #expect(linked.shown("T", "P") == "'1'")
    #expect(linked.shown("T", "Q") == "unknown: macro")
    #expect(linked.shown("L", "P") == "unknown: malformed")
    #expect(linked.shown("N", "P") == "absent")
    #expect(linked.resolver(("Stage", "'prod'")).properties(of: linked.id("R")) == ["P"])
  }

  @Test func loopsAreWrittenOut() {
    let linked = Linked(
      """
      Transform: AWS::LanguageExtensions
      Resources:
        Fn::ForEach::Outer:
          - N
          - [a, b-c]
          - Fn::ForEach::Inner:
              - M
              - ['1']
              - 'R&{N}${M}':
                  Type: A::B::C
                  Properties: { P: !Ref N, Q: !Sub '${N}-${M}-${AWS::Region}', T: 'x${N}', G: !GetAtt 'R&{N}${M}.Arn' }
        Fn::ForEach::Open: [N, !Ref Names, { 'O${N}': { Type: A::B::C } }]
      Parameters: { Names: { Type: CommaDelimitedList } }
      """)
    #expect(linked.diagnostics.isEmpty, "\(linked.diagnostics)")
    #expect(linked.deployment.resources.map(\.logicalID) == ["Ra1", "Rbc1"])
    #expect(linked.shown("Rbc1", "P") == "'b-c'")
    #expect(linked.shown("Rbc1", "Q") == "\"b-c-1-${AWS::Region}\"")
    #expect(linked.shown("Rbc1", "T") == "'xb-c'")
    #expect(linked.shown("Rbc1", "G") == "GetAtt Rbc1.Arn")
    #expect(linked.deployment.anyResidual != nil)
  }

  @Test func handMadeARNsDenoteResources() {
    let linked = Linked(
      """
      Resources:
        Key: { Type: AWS::KMS::Key }
        R:
          Type: A::B::C
          Properties:
            A: !Sub 'arn:aws:kms:eu-west-1:1:key/${Key}'
            B: !Join [':', [a, b, !GetAtt Key.Arn]]
            C: !Sub '${Key}-x'
            D: !Sub 'x${Key}'
            E: !GetAtt Key.Arn
            F: plain
      """)
    let resolver = linked.resolver()
    func target(_ name: String) -> ReferenceTarget? { resolver.target(of: linked.value("R", name)) }
    let key = linked.id("Key")
    #expect(target("A") == ReferenceTarget(resource: key, attribute: nil))
    #expect(target("B") == ReferenceTarget(resource: key, attribute: "Arn"))
    #expect(target("C") == nil)
    #expect(target("D") == nil)
    #expect(target("E") == ReferenceTarget(resource: key, attribute: "Arn"))
    #expect(target("F") == nil)
  }
}

/// Stacks in stacks.
@Suite struct NestedStackTests {
  private static let parent = """
    Parameters: { Stage: { Type: String, AllowedValues: [dev, prod] } }
    Conditions: { Wanted: !Equals [!Ref Stage, prod] }
    Resources:
      SubnetA: { Type: AWS::EC2::Subnet }
      SubnetB: { Type: AWS::EC2::Subnet }
      Child:
        Type: AWS::CloudFormation::Stack
        Condition: Wanted
        Metadata: { 'aws:asset:path': Child.nested.template.json }
        Properties:
          TemplateURL: https://example.com/x
          Parameters:
            Subnets: «!Join [',', [!Ref SubnetA, !GetAtt SubnetB.SubnetId]]»
            Stage: !Ref Stage
      Out: { Type: A::B::C, Properties: { P: !GetAtt Child.Outputs.Key, Q: !GetAtt Child.Outputs.None } }
    """
  private static let child = """
    Parameters:
      Subnets: { Type: 'List<AWS::EC2::Subnet::Id>' }
      Stage: { Type: String }
      Size: { Type: String, Default: big, AllowedValues: [big, small] }
      Missing: { Type: String }
    Conditions: { IsProd: !Equals [!Ref Stage, prod] }
    Resources:
      Key: { Type: AWS::KMS::Key }
      R:
        Type: A::B::C
        Properties: { S: «!Ref Subnets», T: !If [IsProd, 1, 2], U: !Ref Size, V: !Ref Missing }
    Outputs: { Key: { Value: !GetAtt Key.Arn } }
    """

  @Test func valuesPassBothWays() {
    let linked = Linked(Self.parent, Self.child) { index, input in
      if index == 1 { input.parent = TemplateInput.Parent(input: 0, logicalID: "Child") }
    }
    #expect(linked.diagnostics.isEmpty, "\(linked.diagnostics)")
    #expect(linked.deployment.anyResidual == nil)
    #expect(linked.shown("R", "S") == "[Ref SubnetA, GetAtt SubnetB.SubnetId]")
    let value = linked.value("R", "S")
    #expect(value.origin?.span == linked.marks[1])
    #expect(value.hops.map(\.text) == ["Parameter 'Subnets' is passed by stack 'stack0'"])
    #expect(value.hops.first?.origin.span == linked.marks[0])
    #expect(linked.shown("R", "T") == "unknown: undecided")
    #expect(linked.shown("R", "T", ("Stage", "'prod'")) == "'1'")
    #expect(linked.shown("R", "T", ("Stage", "'dev'")) == "'2'")
    #expect(linked.shown("R", "U") == "'big'")
    #expect(linked.value("R", "U").hops.map(\.isAssumption) == [false])
    #expect(linked.shown("R", "V") == "unknown: parameter")
    #expect(linked.shown("Out", "P") == "GetAtt Key.Arn")
    #expect(linked.shown("Out", "Q") == "unknown: undeclared")
    #expect(linked.resolver(("Stage", "'prod'")).exists(linked.id("Key")) == .yes)
    #expect(linked.resolver(("Stage", "'dev'")).exists(linked.id("Key")) == .no)
  }

  @Test func withoutItsTemplateAStackIsOpen() {
    let linked = Linked(Self.parent)
    #expect(linked.deployment.anyResidual?.reasons.map(\.kind) == [.undeclared])
    #expect(linked.shown("Out", "P") == "GetAtt Child.Outputs.Key")
    let nested = linked.deployment.stacks.first?.template.nestedStacks
    #expect(nested?.map(\.file) == ["Child.nested.template.json"])
  }

  @Test func valuesThatAreNotAllowedAreSaid() {
    let linked = Linked(
      """
      Parameters: { «Stage»: { Type: String, AllowedValues: [dev, prod] } }
      Resources: { R: { Type: A::B::C } }
      """, parameters: ["Stage": "prd"])
    #expect(linked.diagnostics.map(\.id) == ["value-not-allowed"])
    #expect(linked.diagnostics.first?.span == linked.marks.first)
    #expect(linked.diagnostics.first?.cure == "Give 'prod' if that is meant.")
  }
}
