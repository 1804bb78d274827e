import CloudFormation
import Documents
import Estate
import Findings
import PostgresSchema
import SourceText
import Testing

@testable import Rules

/// What judging with open choices says of each scenario is what judging that scenario alone says.
@Suite struct ScenarioTests {
  /// Numbers that look random and are the same in every run (SplitMix64).
  private struct Numbers: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }

    mutating func below(_ count: Int) -> Int { Int(next() % UInt64(count)) }

    mutating func pick<T>(_ items: [T]) -> T { items[below(items.count)] }
  }

  /// A template with parameters of a few allowed values each, conditions over them, and values that depend on both.
  private struct Sample {
    var parameters: [(name: String, values: [String])] = []
    var text = ""

    init(seed: UInt64) {
      var numbers = Numbers(state: seed)
      parameters = (0..<(1 + numbers.below(3))).map { index in
        ("P\(index)", (0..<(2 + numbers.below(2))).map { ["1", "7", "30"][$0] })
      }
      var conditions: [String] = []
      text = "Parameters:\n"
      for (name, values) in parameters {
        text += "  \(name): { Type: String, AllowedValues: [\(values.map { "'\($0)'" }.joined(separator: ", "))] }\n"
      }
      text += "Conditions:\n"
      for index in 0..<(2 + numbers.below(3)) {
        let condition = self.condition(&numbers, conditions, depth: 0)
        text += "  C\(index): \(condition)\n"
        conditions.append("C\(index)")
      }
      text += "Resources:\n"
      for name in ["A", "B"] {
        let condition = numbers.below(3) == 0 ? "\n    Condition: \(numbers.pick(conditions))" : ""
        text += """
            \(name):
              Type: AWS::RDS::DBCluster\(condition)
              Properties:
                Engine: aurora-postgresql
                BackupRetentionPeriod: \(value(&numbers, conditions, ["1", "7", "14"], depth: 0))
                DeletionProtection: \(value(&numbers, conditions, ["true", "false"], depth: 0, refers: false))
                Tags:
                  - \(element(&numbers, conditions, "{ Key: a, Value: '7' }", "{ Key: a, Value: !Ref P0 }"))
                  - \(element(&numbers, conditions, "{ Key: b, Value: x }", "{ Key: c, Value: y }"))

          """
      }
      for name in ["I", "J"] {
        let condition = numbers.below(3) == 0 ? "\n    Condition: \(numbers.pick(conditions))" : ""
        let cluster = numbers.below(2) == 0 ? "!Ref A" : "!If [\(numbers.pick(conditions)), !Ref A, !Ref B]"
        text += """
            \(name):
              Type: AWS::RDS::DBInstance\(condition)
              Properties:
                DBClusterIdentifier: \(cluster)
                PromotionTier: \(value(&numbers, conditions, ["0", "5"], depth: 0))
                PubliclyAccessible: \(value(&numbers, conditions, ["true", "false"], depth: 0, refers: false))

          """
      }
      text += """
          G:
            Type: AWS::EC2::SecurityGroup
            Properties:
              SecurityGroupIngress:
                - \(element(&numbers, conditions, "{ IpProtocol: tcp, CidrIp: 10.0.0.0/8 }", open))
                - \(element(&numbers, conditions, open, "{ IpProtocol: udp, CidrIp: 10.0.0.0/8 }"))

        """
    }

    private let open = "{ IpProtocol: tcp, CidrIp: 0.0.0.0/0 }"

    private func condition(_ numbers: inout Numbers, _ earlier: [String], depth: Int) -> String {
      let (name, values) = numbers.pick(parameters)
      switch numbers.below(depth > 1 ? 2 : 6) {
      case 0, 1: return "!Equals [!Ref \(name), '\(numbers.pick(values + ["none"]))']"
      case 2: return "!Not [\(condition(&numbers, earlier, depth: depth + 1))]"
      case 3, 4:
        let function = numbers.below(2) == 0 ? "!And" : "!Or"
        let first = condition(&numbers, earlier, depth: depth + 1)
        return "\(function) [\(first), \(condition(&numbers, earlier, depth: depth + 1))]"
      default: return earlier.isEmpty ? "!Equals [!Ref \(name), '7']" : "!Not [!Condition \(numbers.pick(earlier))]"
      }
    }

    private func value(
      _ numbers: inout Numbers, _ conditions: [String], _ literals: [String], depth: Int, refers: Bool = true
    ) -> String {
      switch numbers.below(depth > 1 ? 2 : 6) {
      case 0: return numbers.pick(literals)
      case 1: return refers ? "!Ref \(numbers.pick(parameters).name)" : numbers.pick(literals)
      case 2: return "!If [\(numbers.pick(conditions)), !Ref 'AWS::NoValue', \(numbers.pick(literals))]"
      default:
        let first = value(&numbers, conditions, literals, depth: depth + 1, refers: refers)
        let second = value(&numbers, conditions, literals, depth: depth + 1, refers: refers)
        return "!If [\(numbers.pick(conditions)), \(first), \(second)]"
      }
    }

    private func element(_ numbers: inout Numbers, _ conditions: [String], _ one: String, _ other: String) -> String {
      switch numbers.below(4) {
      case 0: one
      case 1: "!If [\(numbers.pick(conditions)), \(one), \(other)]"
      case 2: "!If [\(numbers.pick(conditions)), \(other), !Ref 'AWS::NoValue']"
      default: "!If [\(numbers.pick(conditions)), !Ref 'AWS::NoValue', \(one)]"
      }
    }

    /// Every complete assignment of the parameters.
    var assignments: [[String: String]] {
      parameters.reduce([[:]]) { partial, parameter in
        partial.flatMap { given in
          parameter.values.map { value in given.merging([parameter.name: value]) { $1 } }
        }
      }
    }
  }

  private static let rules = [
    """
    whether: backups are kept
    for: { cluster: estate.clusters }
    require:
      - { id: kept, that: cluster.BackupRetentionPeriod >= 7, message: Short. Longer., at: cluster.BackupRetentionPeriod }
      - id: tagged
        that: "'a' in cluster.tags && cluster.tags['a'] == '7'"
        message: Untagged. Tag it.
        at: cluster
    """,
    """
    whether: instances are private
    for: { cluster: estate.clusters }
    when: cluster.DeletionProtection
    require:
      - id: private
        each: { instance: cluster.instances }
        that: "!instance.?PubliclyAccessible.orValue(false)"
        message: "Public. Close '{instance.logicalId}'."
        at: instance.PubliclyAccessible
    """,
    """
    whether: instances are promoted early
    for: { cluster: estate.clusters, instance: cluster.instances }
    require:
      - { id: early, that: instance.PromotionTier < 5 && cluster.BackupRetentionPeriod < 30, message: "Late. Mend '{instance.logicalId}'.", at: instance }
    """,
    """
    whether: rules are narrow
    for: { group: estate.all.securityGroups, rule: group.ingressRules }
    require:
      - { id: narrow, that: "!rule.isOpenToWorld", message: "Open. Close '{rule.IpProtocol}'.", at: rule.CidrIp }
    """,
    """
    whether: there are few clusters
    for: { group: estate.all.securityGroups }
    require:
      - { id: few, that: estate.clusters.size() < 2 || estate.all.instances.size() < 2, message: Many. Fewer., at: group }
    """,
  ]

  /// One thing that is said of one scenario.
  private struct Said: Hashable {
    let verdict: Verdict
    let obligation: String
    let subject: String
    /// Names the elements it is about. (The place may be coarser where all branches of a condition say the same.)
    let message: String
  }

  /// What findings say of one scenario.
  private func said(_ findings: [Finding], under assignment: [String: String]? = nil) -> Set<Said> {
    let facts = Set((assignment ?? [:]).map { "\($0.key) is '\($0.value)'" })
    var found: Set<Said> = []
    for finding in findings {
      let holds =
        assignment == nil || finding.scenarios.isEmpty
        || finding.scenarios.contains { scenario in
          Self.clauses(scenario).allSatisfy { facts.contains($0) }
        }
      guard holds else { continue }
      found.insert(
        Said(
          verdict: finding.verdict, obligation: finding.obligation, subject: finding.subject,
          message: finding.message.plain))
    }
    return found
  }

  /// `P0 is '1' and P1 is '7'`, taken apart.
  private static func clauses(_ scenario: String) -> [String] {
    var clauses: [String] = []
    var words = scenario.split(separator: " ")[...]
    while words.count >= 3 {
      clauses.append(words.prefix(3).joined(separator: " "))
      words = words.dropFirst(4)
    }
    return clauses
  }

  @Test(arguments: 0..<60)
  func openChoicesSayWhatEveryScenarioSays(_ seed: Int) throws {
    let sample = Sample(seed: UInt64(seed))
    for text in Self.rules {
      let rule = try #require(Bench.rule(text).rule)
      let open = Bench.verdicts(rule, template: sample.text)
      var worst: [String: Verdict] = [:]
      for assignment in sample.assignments {
        let alone = Bench.verdicts(rule, template: sample.text, parameters: assignment)
        #expect(
          said(open.findings, under: assignment) == said(alone.findings),
          "seed \(seed), \(rule.id), \(assignment):\n\(sample.text)")
        for judgement in alone.judgements where judgement.verdict != .notApplicable {
          worst[judgement.subject] = ExampleVerifier.overall([
            worst[judgement.subject] ?? .notApplicable, judgement.verdict,
          ])
        }
      }
      let joined = Dictionary(
        open.judgements.filter { $0.verdict != .notApplicable }.map { ($0.subject, $0.verdict) },
        uniquingKeysWith: { $1 }
      )
      #expect(joined == worst, "seed \(seed), \(rule.id):\n\(sample.text)")
    }
  }

  /// What is forgotten is read again, and comes to the same.
  @Test(arguments: 0..<20)
  func whatIsForgottenComesToTheSame(_ seed: Int) throws {
    let sample = Sample(seed: UInt64(seed))
    let (estate, _) = Estate.sample(
      BuiltIn.model, template: SourceFile(id: FileID(0), path: "t.yaml", bytes: Array(sample.text.utf8)), schema: nil)
    for text in Self.rules {
      let rule = try #require(Bench.rule(text).rule)
      let outcomes = [nil, 0].map { capacity in
        let readers = ScenarioReaders(estate, capacity: capacity)
        let agenda = JudgingAgenda([rule], [RuleSubjects(of: rule, readers)], of: estate)
        return agenda.outcomes(agenda.results(readers, nil))[0]
      }
      #expect(outcomes[0].findings == outcomes[1].findings, "seed \(seed):\n\(sample.text)")
    }
  }

  /// Forty conditions that no verdict joins cost forty forks, not two to the power of forty: judged with the steps of
  /// a single scenario times the options that matter.
  @Test func manyConditionsThatAreIndependentStayCheap() throws {
    let rule = try #require(Bench.rule(JudgeTests.retention).rule)
    var template = "Parameters:\n"
    for index in 0..<40 { template += "  P\(index): { Type: String, AllowedValues: [a, b] }\n" }
    template += "Conditions:\n"
    for index in 0..<40 { template += "  C\(index): !Equals [!Ref P\(index), a]\n" }
    template += "Resources:\n"
    for index in 0..<40 {
      template += "  D\(index):\n    Type: AWS::RDS::DBCluster\n    Condition: C\(index)\n"
      template += "    Properties: { Engine: aurora-postgresql, BackupRetentionPeriod: !If [C\(index), 1, 7] }\n"
    }
    let (estate, _) = Estate.sample(
      BuiltIn.model, template: SourceFile(id: FileID(0), path: "t.yaml", bytes: Array(template.utf8)), schema: nil)
    let readers = ScenarioReaders(estate)
    let agenda = JudgingAgenda([rule], [RuleSubjects(of: rule, readers)], of: estate)
    let outcome = agenda.outcomes(agenda.results(readers, nil))[0]
    #expect(outcome.findings.map(\.scenarios) == (0..<40).map { ["P\($0) is 'a'"] })
    #expect(readers.scenarioCount <= 80)
  }

  /// A value that depends on forty conditions at once is over the budget: said, and the work is bounded.
  @Test func manyConditionsThatAreJoinedAreOverTheBudget() throws {
    let rule = try #require(Bench.rule(JudgeTests.retention).rule)
    var template = "Parameters:\n"
    for index in 0..<40 { template += "  P\(index): { Type: String, AllowedValues: [a, b] }\n" }
    template += "Conditions:\n"
    for index in 0..<40 { template += "  C\(index): !Equals [!Ref P\(index), a]\n" }
    var value = "8"
    for index in 0..<40 { value = "!If [C\(index), \(value), \(index + 9)]" }
    template +=
      "Resources:\n  D:\n    Type: AWS::RDS::DBCluster\n"
      + "    Properties: { Engine: aurora-postgresql, BackupRetentionPeriod: \(value) }\n"
    let (estate, _) = Estate.sample(
      BuiltIn.model, template: SourceFile(id: FileID(0), path: "t.yaml", bytes: Array(template.utf8)), schema: nil)
    let readers = ScenarioReaders(estate)
    let agenda = JudgingAgenda([rule], [RuleSubjects(of: rule, readers)], of: estate)
    let outcome = agenda.outcomes(agenda.results(readers, nil))[0]
    #expect(outcome.findings.allSatisfy { $0.verdict == .unknown })
    #expect(readers.scenarioCount <= 2 * Judge.leafLimit)
  }

  /// The order in which templates are given changes nothing that is said.
  @Test func theOrderOfFilesDoesNotMatter() throws {
    let rules = BuiltIn.compiled.rules
    let network = """
      Resources:
        Key: { Type: AWS::KMS::Key, Properties: { EnableKeyRotation: false } }
        Subnet: { Type: AWS::EC2::Subnet }
        Table: { Type: AWS::EC2::RouteTable }
        Use: { Type: AWS::EC2::SubnetRouteTableAssociation, Properties: { SubnetId: !Ref Subnet, RouteTableId: !Ref Table } }
        Route: { Type: AWS::EC2::Route, Properties: { RouteTableId: !Ref Table, DestinationCidrBlock: 0.0.0.0/0, NatGatewayId: nat-1 } }
      Outputs:
        Key: { Value: !GetAtt Key.Arn, Export: { Name: key } }
        Subnet: { Value: !Ref Subnet, Export: { Name: subnet } }
      """
    let database = """
      Resources:
        Group: { Type: AWS::RDS::DBSubnetGroup, Properties: { SubnetIds: [!ImportValue subnet] } }
        Cluster:
          Type: AWS::RDS::DBCluster
          Properties: { Engine: aurora-postgresql, KmsKeyId: !ImportValue key, DBSubnetGroupName: !Ref Group }
      """
    func said(_ order: [Int]) -> [String] {
      let files = [(0, "network", network), (1, "database", database)]
      let inputs = order.compactMap { index -> TemplateInput? in
        let (id, name, text) = files[index]
        let source = SourceFile(id: FileID(Int32(id)), path: "\(name).yaml", bytes: Array(text.utf8))
        return Document.read(source, as: .yaml).documents.first.map {
          TemplateInput(
            document: $0, stackName: name, isStackNameKnown: true, tags: [:], tagsKnown: true, parameters: [:])
        }
      }
      let estate = Estate(
        rules.model, deployment: Deployment.link(inputs).0, catalogue: Catalogue.replay([]).0, hasSchema: false)
      return rules.verdicts(on: estate, of: rules.rules).findings.map {
        "\($0.rule) \($0.verdict) \($0.subject) \($0.primary.path) \($0.message.plain) \($0.steps.map(\.message))"
      }
    }
    let found = said([0, 1])
    #expect(found.contains { $0.contains("BLEA-NET-002") && $0.contains("NAT") })
    #expect(said([1, 0]) == found)
    #expect(said([0, 1]) == found)
  }
}

extension Rule {
  var obligations: [Obligation] { body.logic().logic?.obligations ?? [] }
}
