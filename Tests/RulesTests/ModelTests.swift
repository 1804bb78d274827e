import CEL
import Documents
import Estate
import Findings
import SourceText
import Testing
import Values

@testable import Rules

/// What the model reads out of templates: one relation at a time, by an expression over a small template.
@Suite struct ModelTests {
  /// What an expression comes to; a text that names its unknowns where it cannot be told.
  private func value(_ expression: String, _ resources: String, tags: [String: String]? = [:]) throws -> Value {
    let template = "Resources:\n" + resources.split(separator: "\n").map { "  \($0)\n" }.joined()
    let (estate, diagnostics) = Estate.sample(
      BuiltIn.model, template: SourceFile(id: FileID(0), path: "t.yaml", bytes: Array(template.utf8)), schema: nil,
      stackTags: tags)
    #expect(diagnostics.allSatisfy { $0.severity != .error }, "\(diagnostics.map(\.message))")
    let source = SourceFile(id: FileID(9), path: "e", bytes: Array(expression.utf8))
    let environment = Environment(provider: estate.types, functions: EstateFunctions.all)
      .declaring("estate", .object(Model.estate))
    let compilation = Expression.compile(MappedText(source), in: environment)
    let compiled = try #require(compilation.expression, "\(compilation.diagnostics.map(\.message))")
    return EstateReader(estate, scenario: .none).evaluate(compiled, [estate.root]).value
  }

  private func check(_ expression: String, _ resources: String, _ expected: Value?, tags: [String: String]? = [:])
    throws
  {
    let found = try value(expression, resources, tags: tags)
    if let expected {
      #expect(found == expected, "\(expression) is \(found)")
    } else {
      #expect(found.unknown != nil, "\(expression) is \(found)")
    }
  }

  @Test(arguments: [
    ("{ MinCapacity: 0.5, MaxCapacity: '4' }", "MaxCapacity", Value.double(4)),
    ("{ MinCapacity: 0.5 }", "MaxCapacity", .double(-1)), ("{ MinCapacity: 0 }", "MinCapacity", .double(0)),
  ])
  func aStructureHasTypedMembers(_ text: String, _ member: String, _ expected: Value) throws {
    try check(
      "estate.clusters[0].?ServerlessV2ScalingConfiguration.optFlatMap(s, s.?\(member)).orValue(-1.0)",
      "C: { Type: AWS::RDS::DBCluster, Properties: { Engine: aurora-postgresql, "
        + "ServerlessV2ScalingConfiguration: \(text) } }", expected)
  }

  @Test(
    arguments: [
      ("/aws/rds/cluster/main/postgresql", 1), ("/aws/rds/cluster/MAIN/postgresql", 1),
      ("/aws/rds/cluster/other/postgresql", 0), ("/aws/rds/cluster/mainly/postgresql", 0),
      ("!Sub '/aws/rds/cluster/${C}/postgresql'", 1), ("!Sub '/aws/rds/cluster/${D}/postgresql'", 0),
      ("!Join ['', [/aws/rds/cluster/, !Ref C, /postgresql]]", 1), ("!ImportValue anything", -1),
      ("!Sub ['/aws/lambda/${x}', { x: !ImportValue anything }]", 0),
    ] as [(String, Int64)])
  func aLogGroupBelongsToItsClusterByName(_ name: String, _ count: Int64) throws {
    let resources = """
      C: { Type: AWS::RDS::DBCluster, Properties: { Engine: aurora-postgresql, DBClusterIdentifier: main } }
      D: { Type: AWS::RDS::DBCluster, Properties: { Engine: aurora-mysql } }
      G: { Type: AWS::Logs::LogGroup, Properties: { LogGroupName: \(name) } }
      R: { Type: "Custom::LogRetention", Properties: { LogGroupName: \(name), RetentionInDays: 30 } }
      """
    try check("estate.clusters[0].logGroups.size()", resources, count < 0 ? nil : .int(count))
    try check("estate.clusters[0].logRetentions.size()", resources, count < 0 ? nil : .int(count))
  }

  /// CDK attaches the secret, rotates the attachment, and writes a dynamic reference into Fn::Join.
  @Test func aClusterHasItsSecretAndItsRotation() throws {
    let resources = """
      C:
        Type: AWS::RDS::DBCluster
        Properties:
          Engine: aurora-postgresql
          MasterUserPassword: !Join ["", ["{{resolve:secretsmanager:", !Ref S, ":SecretString:password::}}"]]
      S: { Type: AWS::SecretsManager::Secret, Properties: { GenerateSecretString: { PasswordLength: 30 } } }
      A: { Type: AWS::SecretsManager::SecretTargetAttachment, Properties: { SecretId: !Ref S, TargetId: !Ref C } }
      R:
        Type: AWS::SecretsManager::RotationSchedule
        Properties: { SecretId: !Ref A, RotationRules: { ScheduleExpression: rate(30 days) } }
      """
    try check("estate.clusters[0].secrets.map(s, s.logicalId)", resources, .list([.string("S")]))
    try check("estate.all.secrets[0].rotationSchedules.map(r, r.logicalId)", resources, .list([.string("R")]))
    try check(
      "estate.all.rotationSchedules[0].?RotationRules.optFlatMap(r, r.?ScheduleExpression).orValue('')", resources,
      .string("rate(30 days)"))
    try check("estate.all.secrets[0].?GenerateSecretString.optMap(g, g.PasswordLength).orValue(0)", resources, .int(30))
  }

  @Test func aSecurityGroupHasItsRulesWhereverTheyStand() throws {
    let resources = """
      C: { Type: AWS::RDS::DBCluster, Properties: { Engine: aurora-postgresql, VpcSecurityGroupIds: [!GetAtt G.GroupId] } }
      G:
        Type: AWS::EC2::SecurityGroup
        Properties: { SecurityGroupIngress: { IpProtocol: tcp, FromPort: "5432", ToPort: 5432, CidrIp: 10.0.0.0/8 } }
      I:
        Type: AWS::EC2::SecurityGroupIngress
        Properties:
          GroupId: !GetAtt G.GroupId
          IpProtocol: -1
          SourceSecurityGroupId: !Ref G
          FromPort: !GetAtt C.Endpoint.Port
          CidrIpv6: ::/0
      O: { Type: AWS::EC2::SecurityGroupIngress, Properties: { GroupId: sg-1, IpProtocol: tcp } }
      """
    let rules = "estate.clusters[0].securityGroups[0].ingressRules"
    try check("\(rules).map(r, r.?FromPort.orValue(-1))", resources, .list([.int(5432), .int(5432)]))
    try check("\(rules).map(r, r.isOpenToWorld)", resources, .list([.bool(false), .bool(true)]))
    try check("\(rules).map(r, r.allPorts)", resources, .list([.bool(false), .bool(true)]))
    try check("\(rules)[1].?peer.optMap(g, g.logicalId).orValue('')", resources, .string("G"))
    try check("estate.clusters[0].securityGroups[0].allowsAllEgress", resources, .bool(true))
  }

  @Test(
    arguments: [
      ("Resources: ['*']", true), ("Resources: []", false), ("Resources: ['arn:aws:rds:*:*:cluster:*']", true),
      ("Resources: ['arn:aws:rds:*:*:db:*']", false), ("Resources: ['arn:aws:rds:*:*:cluster:main']", true),
      ("Resources: ['arn:aws:rds:*:*:cluster:other']", false),
      ("Resources: [!Sub 'arn:aws:rds:${AWS::Region}:${AWS::AccountId}:cluster:${C}']", true),
      ("Resources: [!GetAtt C.DBClusterArn]", true),
      ("Resources: ['*'], NotResources: [!GetAtt C.DBClusterArn]", false),
      ("ListOfTags: [{ ConditionType: STRINGEQUALS, ConditionKey: Backup, ConditionValue: 'yes' }]", true),
      ("ListOfTags: [{ ConditionType: STRINGEQUALS, ConditionKey: Backup, ConditionValue: 'no' }]", false),
      ("ListOfTags: [{ ConditionType: STRINGEQUALS, ConditionKey: Stage, ConditionValue: prod }]", true),
      ("Conditions: { StringEquals: [{ ConditionKey: aws:ResourceTag/Backup, ConditionValue: 'yes' }] }", true),
      ("Conditions: { StringLike: [{ ConditionKey: aws:ResourceTag/Stage, ConditionValue: 'p*' }] }", true),
      ("Conditions: { StringNotEquals: [{ ConditionKey: aws:ResourceTag/Stage, ConditionValue: prod }] }", false),
      ("Conditions: { StringNotLike: [{ ConditionKey: aws:ResourceTag/Missing, ConditionValue: x }] }", true),
      ("Resources: [!ImportValue clusters]", nil),
      ("Resources: ['*'], ListOfTags: [{ ConditionKey: Backup, ConditionValue: 'no' }]", nil),
    ] as [(String, Bool?)])
  func aBackupPlanTakesAClusterByArnAndByEffectiveTag(_ selection: String, _ isTaken: Bool?) throws {
    let resources = """
      C:
        Type: AWS::RDS::DBCluster
        Properties: { Engine: aurora-postgresql, DBClusterIdentifier: main, Tags: [{ Key: Backup, Value: "yes" }] }
      P:
        Type: AWS::Backup::BackupPlan
        Properties:
          BackupPlan: { BackupPlanRule: [{ RuleName: daily, TargetBackupVault: !Ref V, Lifecycle: { DeleteAfterDays: 35 } }] }
      V: { Type: AWS::Backup::BackupVault, Properties: { LockConfiguration: { MinRetentionDays: 7 } } }
      S:
        Type: AWS::Backup::BackupSelection
        Properties: { BackupPlanId: !Ref P, BackupSelection: { \(selection) } }
      """
    let expected: Value? = isTaken.map { .bool($0) }
    try check("atLeast(estate.clusters[0].backupPlans, 1)", resources, expected, tags: ["Stage": "prod"])
    if isTaken == true {
      let rules = "estate.clusters[0].backupPlans[0].rules"
      let tags = ["Stage": "prod"]
      try check(
        "\(rules).map(r, r.?vault.optMap(v, v.logicalId).orValue(''))", resources, .list([.string("V")]), tags: tags)
      try check(
        "\(rules)[0].?Lifecycle.optFlatMap(l, l.?DeleteAfterDays).orValue(0)", resources, .int(35), tags: tags)
    }
  }

  @Test(
    arguments: [
      ("Principal: '*'", "principals", Value.list([.string("AWS:*")])),
      ("Principal: { AWS: '*' }", "principals", .list([.string("AWS:*")])),
      (
        "Principal: { AWS: [!Sub 'arn:${AWS::Partition}:iam::${AWS::AccountId}:root'], Service: rds.amazonaws.com }",
        "principals",
        .list([.string("AWS:arn:${AWS::Partition}:iam::${AWS::AccountId}:root"), .string("Service:rds.amazonaws.com")])
      ),
      ("Action: kms:*", "Action", .list([.string("kms:*")])),
      (
        "Action: [kms:Decrypt, 'kms:ReEncrypt*']", "Action", .list([.string("kms:Decrypt"), .string("kms:ReEncrypt*")])
      ),
      ("NotAction: iam:*", "NotAction", .list([.string("iam:*")])),
      ("Resource: !GetAtt K.Arn", "Resource", .list([.string("${K.Arn}")])),
      ("Principal: '*'", "allowsAnybody", .bool(true)), ("Principal: { Service: a }", "allowsAnybody", .bool(false)),
      (
        "Condition: { StringEquals: { kms:CallerAccount: !Ref AWS::AccountId }, Bool: { 'aws:SecureTransport': true } }",
        "conditionKeys", .list([.string("kms:calleraccount"), .string("aws:securetransport")])
      ),
      (
        "Condition: { StringEquals: { 'aws:SourceArn': [a, b] } }", "conditions.map(c, c.values)",
        .list([.list([.string("a"), .string("b")])])
      ),
      (
        "Condition: { StringEquals: { 'aws:SourceArn': [a, b] } }", "conditions.map(c, c.operator)",
        .list([.string("StringEquals")])
      ),
    ] as [(String, String, Value)])
  func policiesAreReadInOneForm(_ statement: String, _ member: String, _ expected: Value) throws {
    for document in ["[{ Effect: Allow, \(statement) }]", "{ Effect: Allow, \(statement) }"] {
      try check(
        "estate.all.keys[0].statements[0].\(member)",
        "K: { Type: AWS::KMS::Key, Properties: { KeyPolicy: { Statement: \(document) } } }", expected)
    }
  }

  @Test func aRoleHasAllItsPolicies() throws {
    let document = "PolicyDocument: { Statement: { Effect: Allow, Resource: '*', Action: "
    let resources = """
      R:
        Type: AWS::IAM::Role
        Properties:
          Policies: [{ PolicyName: a, \(document) 'a:A' } } }]
          ManagedPolicyArns:
            - !Ref M
            - !Sub "arn:${AWS::Partition}:iam::aws:policy/ReadOnlyAccess"
            - arn:aws:iam::aws:policy/ReadOnlyAccess
      M: { Type: AWS::IAM::ManagedPolicy, Properties: { \(document) 'm:M' } } } }
      N: { Type: AWS::IAM::ManagedPolicy, Properties: { Roles: [!Ref R], \(document) 'n:N' } } } }
      P: { Type: AWS::IAM::Policy, Properties: { Roles: [!Ref R], PolicyName: p, \(document) 'p:P' } } } }
      Q: { Type: AWS::IAM::RolePolicy, Properties: { RoleName: !Ref R, PolicyName: q, \(document) 'q:Q' } } } }
      X: { Type: AWS::IAM::Policy, Properties: { Roles: [other], PolicyName: x, \(document) 'x:X' } } } }
      """
    let actions = ["a:A", "p:P", "q:Q", "m:M", "n:N"].map { Value.string($0) }
    try check("estate.all.roles[0].statements.map(s, s.Action[0])", resources, .list(actions))
  }

  @Test(arguments: [
    ("AWS::RDS::DBCluster", "estate.all.clusters", "Snapshot"), ("AWS::KMS::Key", "estate.all.keys", "Delete"),
  ])
  func whatStandsBesidePropertiesHasItsDefault(_ type: String, _ list: String, _ standard: String) throws {
    try check("\(list)[0].DeletionPolicy", "X: { Type: \(type), Properties: {} }", .string(standard))
    try check("\(list)[0].DeletionPolicy", "X: { Type: \(type), DeletionPolicy: Retain }", .string("Retain"))
  }

  @Test(arguments: [
    ("kms:*", "kms:Decrypt", true), ("KMS:decrypt", "kms:Decrypt", true), ("kms:De*pt", "kms:Decrypt", true),
    ("kms:De?rypt", "kms:Decrypt", true), ("kms:Encrypt*", "kms:Decrypt", false), ("*", "", true), ("", "a", false),
    ("a*b*c", "aXbXbXc", true), ("a*b*c", "aXbXbX", false),
  ])
  func wildcardsMatchAsInPolicies(_ pattern: String, _ text: String, _ matches: Bool) throws {
    try check("wildcardMatches('\(pattern)', '\(text)')", "T: { Type: AWS::SNS::Topic }", .bool(matches))
  }

  /// A place inside a structure is the value; where that is missing, the structure; a fix replaces the value.
  @Test(arguments: [
    ("{ IpProtocol: tcp, CidrIp: 0.0.0.0/0 }", "0.0.0.0/0"),
    ("{ IpProtocol: tcp, CidrIpv6: '::/0' }", "{ IpProtocol: tcp, CidrIpv6: '::/0' }"),
  ])
  func placesReachIntoStructures(_ ingress: String, _ shown: String) throws {
    let rule = try #require(
      Bench.rule(
        """
        whether: rules are narrow
        for: { group: estate.all.securityGroups }
        require:
          - id: narrow
            each: { rule: group.ingressRules }
            that: "!rule.isOpenToWorld"
            message: "{rule.IpProtocol} is open in security group '{group.logicalId}'. Narrow it."
            at: rule.CidrIp
            fix: { set: rule.CidrIp, to: "10.0.0.0/8", safety: unsafe }
        """
      ).rule)
    let template =
      "Resources:\n  G:\n    Type: AWS::EC2::SecurityGroup\n    Properties: { SecurityGroupIngress: [\(ingress)] }\n"
    let finding = try #require(Bench.verdicts(rule, template: template).findings.first)
    #expect(String(decoding: Array(template.utf8)[finding.primary.span.range], as: UTF8.self) == shown)
    #expect(finding.fixes.count == (shown == "0.0.0.0/0" ? 1 : 0))
    #expect(finding.message.plain == "tcp is open in security group 'G'. Narrow it.")
  }

  /// The same structure is recognised in every scenario, whatever stands before it in its list.
  @Test func aStructureKeepsItsIdentityAcrossScenarios() throws {
    let rule = try #require(
      Bench.rule(
        """
        whether: rules are narrow
        for: { group: estate.all.securityGroups, rule: group.ingressRules }
        require:
          - id: narrow
            that: "!rule.isOpenToWorld"
            message: Security group '{group.logicalId}' is open. Narrow it.
            at: rule
        """
      ).rule)
    let template = """
      Parameters: { Stage: { Type: String, AllowedValues: [dev, prod] } }
      Conditions: { IsDev: !Equals [!Ref Stage, dev] }
      Resources:
        G:
          Type: AWS::EC2::SecurityGroup
          Properties:
            SecurityGroupIngress:
              - !If [IsDev, { IpProtocol: tcp, CidrIp: 10.0.0.0/8 }, !Ref AWS::NoValue]
              - { IpProtocol: tcp, CidrIp: 0.0.0.0/0 }
              - !If [IsDev, { IpProtocol: udp, CidrIp: 0.0.0.0/0 }, !Ref AWS::NoValue]
      """
    let findings = Bench.verdicts(rule, template: template).findings
    #expect(findings.map(\.scenarios) == [[], ["Stage is 'dev'"]])
  }
}
