import CEL
import Documents
import Estate
import Findings
import SourceText
import Testing
import Values

@testable import Rules

/// Judges small projects by small rules.
enum Bench {
  /// A rule file around the given parts.
  static func rule(_ parts: String, settings: [String: String] = [:]) -> (rule: Rule?, diagnostics: [Diagnostic]) {
    let text = """
      id: TEST-001
      name: test-rule
      title: Something is so
      severity: high
      rationale: Because.
      remediation: Mend it.
      \(parts)
      """
    let source = SourceFile(id: FileID(7), path: "test-rule.yaml", bytes: Array(text.utf8))
    let reading = Document.read(source, as: .yaml)
    guard let document = reading.documents.first else { return (nil, reading.diagnostics) }
    let compiled = RuleSet.compile(
      [.init(path: "test-rule.yaml", logic: document, prose: nil, isBuiltIn: true)], model: BuiltIn.model,
      adjustments: ["TEST-001": RuleAdjustment(settings, source: .commandLine)])
    return (compiled.rules.rules.first, reading.diagnostics + compiled.diagnostics)
  }

  static func verdicts(
    _ rule: Rule, template: String? = nil, schema: String? = nil, parameters: [String: String] = [:]
  ) -> RuleSet.Verdicts {
    let (estate, _) = Estate.sample(
      BuiltIn.model, template: template.map { SourceFile(id: FileID(0), path: "t.yaml", bytes: Array($0.utf8)) },
      schema: schema.map { SourceFile(id: FileID(1), path: "s.sql", bytes: Array($0.utf8)) }, parameters: parameters)
    let rules = RuleSet.compile([], model: BuiltIn.model).rules
    return rules.verdicts(on: estate, of: [rule])
  }
}

@Suite struct JudgeTests {
  static let retention = """
    whether: cluster '{cluster.logicalId}' keeps backups
    for: { cluster: estate.clusters }
    require:
      - id: kept
        that: cluster.BackupRetentionPeriod >= 7
        message: Cluster '{cluster.logicalId}' keeps {cluster.BackupRetentionPeriod} days. Keep 7.
        at: cluster.BackupRetentionPeriod
    """

  private func cluster(_ properties: String, head: String = "") -> String {
    """
    \(head)
    Resources:
      Db:
        Type: AWS::RDS::DBCluster
        Properties:
          Engine: aurora-postgresql
    \(properties)
    """
  }

  @Test(arguments: [
    ("      BackupRetentionPeriod: 7", Verdict.pass), ("      BackupRetentionPeriod: '7'", .pass),
    ("      BackupRetentionPeriod: 1", .fail), ("      DeletionProtection: true", .fail),
    ("      BackupRetentionPeriod: seven", .unknown),
    ("      BackupRetentionPeriod: !ImportValue days", .unknown),
    ("      BackupRetentionPeriod: !Ref AWS::NoValue", .fail),
  ])
  func aPropertyDecides(_ properties: String, _ verdict: Verdict) throws {
    let rule = try #require(Bench.rule(Self.retention).rule)
    let verdicts = Bench.verdicts(rule, template: cluster(properties))
    #expect(verdicts.judgements.map(\.verdict) == [verdict])
  }

  /// What `let` names is found when it is needed, by whatever needs it: a gate, a condition, a demand, another `let`, a
  /// message. What nothing needs may be in error.
  @Test func whatLetNamesIsFoundWhenItIsNeeded() throws {
    let compiled = Bench.rule(
      """
      whether: cluster '{cluster.logicalId}' is so
      for: { cluster: estate.clusters }
      let:
        broken: "[1][cluster.BackupRetentionPeriod]"
        days: cluster.BackupRetentionPeriod
        twice: days * 2
        shown: "'twice ' + string(twice)"
      when: days > 0
      require:
        - id: no
          when: twice > 100
          that: broken == 1
          message: No.
          at: cluster
        - id: few
          that: twice >= 14
          message: Cluster has {shown}. Have more.
          at: cluster
      """)
    let rule = try #require(compiled.rule)
    let logic = try #require(rule.body.logic().logic)
    #expect(logic.gateNeeds == [1])
    #expect(logic.obligationNeeds.map(\.condition) == [[1, 2], []])
    #expect(logic.obligationNeeds.map(\.demand) == [[0], [1, 2]])
    let verdicts = Bench.verdicts(rule, template: cluster("      BackupRetentionPeriod: 3"))
    #expect(verdicts.findings.map(\.message.plain) == ["Cluster has twice 6. Have more."])
    #expect(verdicts.diagnostics.isEmpty)
  }

  /// The views of a table: also those that read it through others.
  @Test func aTableKnowsTheViewsThatReadIt() throws {
    let rule = try #require(
      Bench.rule(
        """
        whether: table {table.qualifiedName} is read
        for: { table: estate.tables }
        require:
          - id: unread
            that: "table.views.size() == 0"
            message: "{table.name}: {table.views.map(v, v.name).join(' ')}."
            at: table
        """
      ).rule)
    let schema = """
      CREATE TABLE a (x int); CREATE TABLE b (y int); CREATE TABLE c (z int);
      CREATE VIEW one AS SELECT x FROM a;
      CREATE VIEW two AS SELECT one.x, b.y FROM one, b;
      """
    #expect(Bench.verdicts(rule, schema: schema).findings.map(\.message.plain) == ["a: one two.", "b: two."])
  }

  @Test func nothingToJudgeIsNotApplicable() throws {
    let rule = try #require(Bench.rule(Self.retention).rule)
    #expect(
      Bench.verdicts(rule, template: "Resources: { B: { Type: AWS::S3::Bucket } }").judgements.map(\.verdict) == [
        .notApplicable
      ])
  }

  /// The finding says in which scenario it holds, and only the choices that matter are named.
  @Test func aFindingNamesItsScenario() throws {
    let rule = try #require(Bench.rule(Self.retention).rule)
    let head = """
      Parameters:
        Stage: { Type: String, AllowedValues: [dev, stg, prod] }
        Other: { Type: String, AllowedValues: [a, b, c, d] }
      Conditions:
        IsDev: !Equals [!Ref Stage, dev]
      """
    let verdicts = Bench.verdicts(
      rule, template: cluster("      BackupRetentionPeriod: !If [IsDev, 1, 7]", head: head))
    let finding = try #require(verdicts.findings.first)
    #expect(verdicts.findings.count == 1)
    #expect(finding.scenarios == ["Stage is 'dev'"])
    #expect(finding.message.plain == "Cluster 'Db' keeps 1 days. Keep 7.")
  }

  @Test func whatFailsUnderEveryOptionHasNoScenario() throws {
    let rule = try #require(Bench.rule(Self.retention).rule)
    let head =
      "Parameters: { Stage: { Type: String, AllowedValues: [dev, prod] } }\nConditions: { IsDev: !Equals [!Ref Stage, dev] }"
    let both = Bench.verdicts(
      rule, template: cluster("      BackupRetentionPeriod: !If [IsDev, 1, 1]", head: head))
    #expect(both.findings.map(\.scenarios) == [[]])
  }

  /// A resource under a condition never meets a property that holds only when the condition is false.
  @Test func correlatedConditionsStayCorrelated() throws {
    let rule = try #require(Bench.rule(Self.retention).rule)
    let template = """
      Parameters: { Stage: { Type: String, AllowedValues: [dev, prod] } }
      Conditions: { IsProd: !Equals [!Ref Stage, prod] }
      Resources:
        Db:
          Type: AWS::RDS::DBCluster
          Condition: IsProd
          Properties: { Engine: aurora-postgresql, BackupRetentionPeriod: !If [IsProd, 7, 1] }
      """
    #expect(Bench.verdicts(rule, template: template).findings.isEmpty)
  }

  @Test func aParameterGivenDecides() throws {
    let rule = try #require(Bench.rule(Self.retention).rule)
    let head = "Parameters: { Days: { Type: Number } }"
    let template = cluster("      BackupRetentionPeriod: !Ref Days", head: head)
    #expect(Bench.verdicts(rule, template: template).judgements.map(\.verdict) == [.unknown])
    #expect(Bench.verdicts(rule, template: template, parameters: ["Days": "7"]).judgements.map(\.verdict) == [.pass])
    #expect(Bench.verdicts(rule, template: template, parameters: ["Days": "2"]).judgements.map(\.verdict) == [.fail])
  }

  @Test func aDefaultIsNamedAsAnAssumption() throws {
    let rule = try #require(Bench.rule(Self.retention).rule)
    let template = cluster(
      "      BackupRetentionPeriod: !Ref Days", head: "Parameters: { Days: { Type: Number, Default: 3 } }")
    let finding = try #require(Bench.verdicts(rule, template: template).findings.first)
    #expect(finding.verdict == .fail)
    #expect(finding.assumptions.contains { $0.contains("'Days'") && $0.contains("'3'") })
  }

  /// 2 to the power of 9 scenarios: over the budget, which is a reason of its own and never a pass.
  @Test func tooManyScenariosCannotBeTold() throws {
    let rule = try #require(
      Bench.rule(
        """
        whether: tags are right
        for: { cluster: estate.clusters }
        require:
          - id: long
            that: cluster.effectiveTags.exists(k, cluster.effectiveTags[k] == 'z')
            message: Cluster '{cluster.logicalId}' has no tag z. Add one.
            at: cluster
        """
      ).rule)
    var template = "Parameters:\n"
    for index in 0..<9 { template += "  P\(index): { Type: String, AllowedValues: [a, b] }\n" }
    template +=
      "Resources:\n  Db:\n    Type: AWS::RDS::DBCluster\n    Properties:\n      Engine: aurora-postgresql\n      Tags:\n"
    for index in 0..<9 { template += "        - { Key: k\(index), Value: !Ref P\(index) }\n" }
    let verdicts = Bench.verdicts(rule, template: template)
    #expect(verdicts.judgements.map(\.verdict) == [.unknown])
  }

  @Test func anObligationOverNothingHolds() throws {
    let parts = """
      whether: subnets are isolated
      for: { cluster: estate.clusters }
      require:
        - id: none
          each: { instance: cluster.instances }
          that: "false"
          message: Instance '{instance.logicalId}' is there. Remove it.
          at: instance
      """
    let rule = try #require(Bench.rule(parts).rule)
    #expect(Bench.verdicts(rule, template: cluster("")).judgements.map(\.verdict) == [.pass])
    let with = cluster("") + "\n  I: { Type: AWS::RDS::DBInstance, Properties: { DBClusterIdentifier: !Ref Db } }\n"
    let verdicts = Bench.verdicts(rule, template: with)
    #expect(verdicts.findings.map(\.message.plain) == ["Instance 'I' is there. Remove it."])
  }

  @Test func onUnknownFailMakesAFailure() throws {
    let rule = try #require(Bench.rule(Self.retention + "\non-unknown: fail").rule)
    let verdicts = Bench.verdicts(rule, template: cluster("      BackupRetentionPeriod: !ImportValue x"))
    #expect(verdicts.findings.map(\.verdict) == [.fail])
  }

  @Test func whatStepsOfReasoningAreMadeOf() throws {
    let parts = """
      whether: subnets are isolated
      for: { cluster: estate.clusters, subnet: cluster.subnets }
      require:
        - id: never
          that: "false"
          message: Subnet '{subnet.logicalId}' is bad. Mend it.
          at: subnet
      """
    let rule = try #require(Bench.rule(parts).rule)
    let template =
      cluster("      DBSubnetGroupName: !Ref G") + """

          G: { Type: AWS::RDS::DBSubnetGroup, Properties: { SubnetIds: [!Ref S] } }
          S: { Type: AWS::EC2::Subnet }
        """
    let finding = try #require(Bench.verdicts(rule, template: template).findings.first)
    let steps = finding.steps.map(\.message)
    #expect(steps.first == "Cluster 'Db'")
    #expect(steps.contains("subnetGroup of cluster 'Db' is subnet group 'G'"))
    #expect(steps.last == "Subnet 'S'")
  }

  /// A list that depends on an open choice is another list once the choice is made: the walk must find it again, or what
  /// fails would pass.
  @Test func aListAsAnElementIsFoundAgainAfterAFork() throws {
    let parts = """
      whether: instances are right
      for: { cluster: estate.clusters, instances: "[cluster.instances]" }
      require:
        - id: none
          each: { instance: instances }
          that: "!has(instance.cluster)"
          message: Instance '{instance.logicalId}' is there. Remove it.
          at: instance
      """
    let rule = try #require(Bench.rule(parts).rule)
    let template = """
      Parameters: { Stage: { Type: String, AllowedValues: [dev, prod] } }
      Conditions: { IsProd: !Equals [!Ref Stage, prod] }
      Resources:
        Db: { Type: AWS::RDS::DBCluster, Properties: { Engine: aurora-postgresql } }
        I: { Type: AWS::RDS::DBInstance, Condition: IsProd, Properties: { DBClusterIdentifier: !Ref Db } }
      """
    let verdicts = Bench.verdicts(rule, template: template)
    #expect(verdicts.findings.map(\.scenarios) == [["Stage is 'prod'"]])
    #expect(verdicts.judgements.map(\.verdict) == [.fail])
  }

  /// An element that is one thing or another by an open choice is looked at under each option, and its neighbours once.
  @Test func anElementThatDependsOnAChoice() throws {
    let parts = """
      whether: subnets are right
      for: { cluster: estate.clusters, subnet: cluster.subnets }
      require:
        - id: public
          that: "!subnet.MapPublicIpOnLaunch"
          message: Subnet '{subnet.logicalId}' is public. Mend it.
          at: subnet.MapPublicIpOnLaunch
      """
    let rule = try #require(Bench.rule(parts).rule)
    let template = """
      Parameters: { Stage: { Type: String, AllowedValues: [dev, prod] } }
      Conditions: { IsProd: !Equals [!Ref Stage, prod] }
      Resources:
        Db: { Type: AWS::RDS::DBCluster, Properties: { Engine: aurora-postgresql, DBSubnetGroupName: !Ref G } }
        G: { Type: AWS::RDS::DBSubnetGroup, Properties: { SubnetIds: [!Ref A, !If [IsProd, !Ref B, !Ref C]] } }
        A: { Type: AWS::EC2::Subnet, Properties: { MapPublicIpOnLaunch: true } }
        B: { Type: AWS::EC2::Subnet }
        C: { Type: AWS::EC2::Subnet, Properties: { MapPublicIpOnLaunch: true } }
      """
    let verdicts = Bench.verdicts(rule, template: template)
    #expect(
      verdicts.findings.map(\.message.plain) == ["Subnet 'A' is public. Mend it.", "Subnet 'C' is public. Mend it."])
    #expect(verdicts.findings.map(\.scenarios) == [[], ["Stage is 'dev'"]])
  }

  /// Where a nested stack that is not at hand may hold more clusters, the good one beside it does not make a pass of all.
  @Test func whatMayBeElsewhereIsUnknown() throws {
    let rule = try #require(Bench.rule(Self.retention).rule)
    let nested =
      "  More: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: 'https://s3.amazonaws.com/b/t.yaml' } }"
    let alone = Bench.verdicts(rule, template: "Resources:\n" + nested)
    #expect(alone.judgements.map(\.verdict) == [.unknown])
    let beside = Bench.verdicts(rule, template: cluster("      BackupRetentionPeriod: 7") + "\n" + nested)
    #expect(Set(beside.judgements.map(\.verdict)) == [.pass, .unknown])
  }

  @Test func aStructureThatAnotherReaderMetHasItsLabelAndPlace() throws {
    let template = """
      Resources:
        Role:
          Type: AWS::IAM::Role
          Properties:
            AssumeRolePolicyDocument: { Statement: [] }
            Policies:
              - PolicyName: P
                PolicyDocument: { Statement: [{ Effect: Allow, Action: "kms:*", Resource: "*" }] }
      """
    let source = SourceFile(id: FileID(0), path: "t.yaml", bytes: Array(template.utf8))
    let (estate, _) = Estate.sample(BuiltIn.model, template: source, schema: nil, parameters: [:])
    let (one, other) = (EstateReader(estate, scenario: .none), EstateReader(estate, scenario: .none))
    let statement = one.statementOfFirstRole
    #expect(one.label(of: statement) == "statement of role 'Role'")
    #expect(other.label(of: statement) == one.label(of: statement))
    #expect(other.place(of: statement, members: []) == one.place(of: statement, members: []))
    #expect(other.stackPath(of: statement) == one.stackPath(of: statement))
  }

  @Test func placeholdersAreShownAsTheyAreWritten() throws {
    let rule = try #require(
      Bench.rule(
        """
        whether: table '{table.qualifiedName}' has a key
        for: { table: estate.tables }
        require:
          - id: key
            that: has(table.primaryKey)
            message: Table '{table.qualifiedName}' has no key. Add one.
            at: table
        """
      ).rule)
    let schema =
      "CREATE TABLE ${app}.a (x int);\nCREATE TABLE {{ index .Options \"Ns\" }}.b (x int);\n"
      + "CREATE TABLE :ns.c (x int);\nCREATE TABLE my_ns.d (x int);\n"
    let findings = Bench.verdicts(rule, schema: schema).findings
    #expect(
      findings.map(\.message.plain) == [
        "Table '${app}.a' has no key. Add one.", "Table '{{ index .Options \"Ns\" }}.b' has no key. Add one.",
        "Table ':ns.c' has no key. Add one.", "Table 'my_ns.d' has no key. Add one.",
      ])
    #expect(
      findings.map(\.subject) == [
        "table ${app}.a", "table {{ index .Options \"Ns\" }}.b", "table :ns.c", "table my_ns.d",
      ])
    #expect(findings.first?.primary.path == "${app}.a")
  }
}

extension EstateReader {
  /// The first statement of the first role's own policies.
  fileprivate var statementOfFirstRole: Value {
    let role = ObjectValue("AWS::IAM::Role", 0)
    guard case .list(let statements) = member("statements", of: role).value, let first = statements.elements.first
    else { return .null }
    return first.value
  }
}
