import Documents
import SourceText
import Testing
import Values

@testable import CloudFormation

/// Nothing crashes, nothing hangs, and what is known stays known.
@Suite struct RobustnessTests {
  private static let templates = [
    """
    Parameters:
      Stage: { Type: String, AllowedValues: [dev, stg, prod], Default: dev }
      Name: { Type: String }
      Other: { Type: String }
      Subnets: { Type: CommaDelimitedList, Default: 'a,b' }
    Mappings: { M: { dev: { N: 1 }, stg: { N: 2 }, prod: { N: 3, L: [x, y] } } }
    Conditions:
      IsProd: !Equals [!Ref Stage, prod]
      IsNamed: !Not [!Equals [!Ref Name, '']]
      IsTokyo: !Equals [!Ref AWS::Region, ap-northeast-1]
      Both: !And [!Condition IsProd, !Condition IsNamed, !Not [!Condition IsTokyo]]
      Odd: !Or [!Equals [!Ref Name, !Ref Other], !Condition Both]
    Resources:
      Key: { Type: 'AWS::KMS::Key', Condition: IsProd }
      R:
        Type: A::B::C
        Properties:
          A: !If [Both, !GetAtt Key.Arn, !Ref AWS::NoValue]
          B: [x, !If [IsProd, y, z], !If [IsNamed, !Ref Name, !Ref AWS::NoValue], !If [Odd, w, w]]
          C: { K: !If [IsTokyo, 1, !Ref AWS::NoValue], L: !FindInMap [M, !Ref Stage, N], M: fixed }
          D: !Sub '${Stage}-${Name}-${AWS::Region}-${Key}'
          E: !Select [1, [a, !If [Odd, b, c], d]]
          F: !Join [',', [a, !If [IsProd, b, !Ref AWS::NoValue]]]
          G: !Split ['-', !Sub 'a-${Stage}']
          H: !If [IsProd, same, same]
          I: !Ref Subnets
          J: !ImportValue here
          K: [!If [IsProd, !If [IsNamed, p, q], r]]
    Outputs:
      O: { Condition: IsProd, Value: !Ref Key, Export: { Name: here } }
      P: { Value: !Sub '${Stage}', Export: { Name: !Sub '${Stage}-x' } }
    """,
    """
    {"Resources": {"Fn::ForEach::L": ["N", ["a", "b"], {"R${N}": {"Type": "A::B::C", "Properties": {"P": {"Fn::Sub":
    ["${N}-${X}", {"X": {"Fn::Base64": {"Ref": "N"}}}]}, "Q": {"Fn::Cidr": ["10.0.0.0/8", 3, 4]}, "S": {"Fn::Join": ["",
    ["{{resolve:secretsmanager:", {"Ref": "Ra"}, ":x}}"]]}}}}]}, "Conditions": {"C": {"Fn::Equals": ["a", {"Ref": "Z"}]}},
    "Outputs": {"O": {"Value": {"Fn::ImportValue": "p"}, "Export": {"Name": "p"}}}}
    """,
  ]

  /// Every assignment of all choices.
  private static func completions(_ deployment: Deployment) -> [Scenario] {
    deployment.choices.reduce([Scenario.none]) { scenarios, choice in
      scenarios.flatMap { scenario in choice.options.indices.map { scenario.assuming(choice.id, is: $0) } }
    }
  }

  @Test func whatIsKnownStaysKnown() {
    let linked = Linked(Self.templates[0])
    #expect(linked.diagnostics.isEmpty)
    #expect(
      linked.deployment.choices.map(\.subject) == ["Stage", "Name", "AWS::Region", "!Equals [!Ref Name, !Ref Other]"])
    let complete = Self.completions(linked.deployment)
    #expect(complete.count == 3 * 2 * 2 * 2)
    let resource = linked.id("R")
    let names = linked.resolver().properties(of: resource)
    // Nothing assumed, then each single choice, against all completions.
    var starts = [Scenario.none]
    for choice in linked.deployment.choices {
      starts += choice.options.indices.map { Scenario.none.assuming(choice.id, is: $0) }
    }
    for start in starts {
      let before = Resolver(linked.deployment, scenario: start)
      for end in complete where start.assignments.allSatisfy({ end[$0.choice] == $0.option }) {
        let after = Resolver(linked.deployment, scenario: end)
        for name in names {
          let a = before.property(name, of: resource).content
          let b = after.property(name, of: resource).content
          #expect(
            Self.agrees(a, b), "\(name) under \(linked.deployment.describe(end)): \(linked.show(a)), \(linked.show(b))")
          #expect(CorpusTests.reasons(b).allSatisfy { $0.kind != .undecided }, "\(name): \(linked.show(b))")
        }
        if let known = before.exists(linked.id("Key")).known { #expect(after.exists(linked.id("Key")).known == known) }
      }
    }
  }

  /// True where `b` says nothing against `a`.
  private static func agrees(_ a: Content, _ b: Content) -> Bool {
    switch (a, b) {
    case (.unknown, _): return true
    case (.template(let parts), _):
      let isOpen = parts.contains { if case .pseudo = $0 { true } else { false } }
      return isOpen || Evaluation.holdsUnknown(parts) || a == b
    case (.list(let x, let residual), .list(let y, _)):
      let sure = x.filter { $0.membership == nil }
      if sure.count == x.count, residual == nil, x.count != y.count { return false }
      return sure.allSatisfy { element in y.contains { agrees(element.value.content, $0.value.content) } }
        && (residual != nil
          || y.allSatisfy { element in x.contains { agrees($0.value.content, element.value.content) } })
    case (.map(let x, let residual), .map(let y, _)):
      return x.allSatisfy { entry in
        guard let other = y.first(where: { $0.key == entry.key }) else { return entry.membership != nil }
        return agrees(entry.value.content, other.value.content)
      } && (residual != nil || y.allSatisfy { entry in x.contains { $0.key == entry.key } })
    default: return Evaluation.isSame(a, b) || a == b
    }
  }

  /// Numerical Recipes' generator: the same mutations every time.
  private struct Generator {
    var state: UInt64
    mutating func next(below bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % max(1, bound)
    }
  }

  @Test func mutationsCrashNothing() {
    var generator = Generator(state: 20260722)
    let pieces = [
      "!Ref ", "!If [", "]", "{", "}", ": ", "\n", "  ", "Fn::Sub", "${", "null", "- ", "!GetAtt ", "'", "é",
    ]
    var linkedCount = 0
    for round in 0..<400 {
      let index = round % Self.templates.count
      var bytes = Array(Self.templates[index].utf8)
      for _ in 0...generator.next(below: 4) {
        let at = generator.next(below: bytes.count)
        switch generator.next(below: 4) {
        case 0: bytes.remove(at: at)
        case 1: bytes[at] = UInt8(generator.next(below: 256))
        case 2: bytes.insert(contentsOf: Array(pieces[generator.next(below: pieces.count)].utf8), at: at)
        default:
          let end = min(bytes.count, at + generator.next(below: 40))
          let slice = Array(bytes[at..<end])
          bytes.insert(contentsOf: slice, at: generator.next(below: bytes.count))
        }
      }
      let source = SourceFile(id: FileID(0), path: "m.yaml", bytes: bytes)
      let inputs = Document.read(source, as: .yaml).documents.map { TemplateInput(document: $0, stackName: "s") }
      let deployment = Deployment.link(inputs).deployment
      linkedCount += deployment.stacks.count
      for scenario in [Scenario.none] + Self.completions(deployment).prefix(3) {
        let resolver = Resolver(deployment, scenario: scenario)
        for resource in deployment.resources {
          _ = resolver.exists(resource.id)
          for name in resolver.properties(of: resource.id) {
            _ = resolver.property(name, of: resource.id)
            _ = resolver.origin(of: resource.id, path: [.key(name), .index(0), .key("K")])
          }
        }
        _ = deployment.describe(scenario)
        _ = deployment.isFeasible(scenario)
      }
    }
    #expect(linkedCount > 50)
  }

  @Test func twentyThousandNestedCallsAreRefused() {
    for (open, close) in [("!If [C, ", ", b]"), ("{ 'Fn::Base64': ", " }"), ("[", "]")] {
      let value = String(repeating: open, count: 20_000) + "a" + String(repeating: close, count: 20_000)
      let linked = Linked("Resources: { R: { Type: A::B::C, Properties: { P: \(value) } } }")
      #expect(linked.diagnostics.contains { $0.severity == .error })
    }
  }

  @Test(.timeLimit(.minutes(5))) func bracesThatNothingClosesAreLookedForOnce() {
    let text = String(repeating: "${", count: 200_000)
    #expect(SubstitutionText(text).pieces == [.literal(text)])
    let closed = SubstitutionText(text + "a}${!b}${ c }")
    #expect(closed.pieces.count == 3)
  }

  @Test func deepButReadableNestingIsUnknown() {
    let value = String(repeating: "{ 'Fn::Base64': ", count: 180) + "a" + String(repeating: " }", count: 180)
    let linked = Linked("Resources: { R: { Type: A::B::C, Properties: { P: \(value) } } }")
    #expect(linked.shown("R", "P") == "unknown: budget")
    let lists = String(repeating: "[", count: 180) + "a" + String(repeating: "]", count: 180)
    #expect(
      Linked("Resources: { R: { Type: A::B::C, Properties: { P: \(lists) } } }").shown("R", "P").contains("budget"))
  }

  @Test func longChainsAreFollowedOrRefused() {
    var template = "Conditions:\n  C0: !Equals [a, a]\n"
    for index in 1...5000 { template += "  C\(index): !Not [!Condition C\(index - 1)]\n" }
    template +=
      "Resources: { R: { Type: A::B::C, Condition: C5000 } }\nOutputs:\n  O0: { Value: x, Export: { Name: e0 } }\n"
    for index in 1...2000 {
      template += "  O\(index): { Value: !ImportValue e\(index - 1), Export: { Name: e\(index) } }\n"
    }
    let linked = Linked(
      template, "Resources: { R2: { Type: A::B::C, Properties: { A: !ImportValue e50, B: !ImportValue e2000 } } }")
    #expect(linked.diagnostics.isEmpty)
    #expect(linked.resolver().exists(linked.id("R")) == .yes)
    #expect(linked.shown("R2", "A") == "'x'")
    #expect(linked.shown("R2", "B") == "unknown: budget")
  }

  @Test func openConditionsInOpenConditionsStayCheap() {
    let value =
      String(repeating: "{ K: !If [C, ", count: 50) + "a" + String(repeating: ", !Ref AWS::NoValue] }", count: 50)
    let linked = Linked(
      """
      Parameters: { Stage: { Type: String, AllowedValues: [a, b] } }
      Conditions: { C: !Equals [!Ref Stage, a] }
      Resources: { R: { Type: A::B::C, Properties: { P: \(value) } } }
      """)
    #expect(
      linked.shown("R", "P") == String(repeating: "{K?: ", count: 50) + "'a'" + String(repeating: "}", count: 50))
  }

  @Test func valuesThatGrowAreCutOff() {
    var template = "Resources: { R: { Type: A::B::C } }\nOutputs:\n  O0: { Value: xxxxxxxxxx, Export: { Name: e0 } }\n"
    for index in 1...60 {
      let one = "!ImportValue e\(index - 1)"
      template += "  O\(index): { Value: !Join [a, [\(one), \(one)]], Export: { Name: e\(index) } }\n"
    }
    let linked = Linked(template, "Resources: { R2: { Type: A::B::C, Properties: { A: !ImportValue e60 } } }")
    #expect(linked.shown("R2", "A").contains("budget"))
  }

  @Test func threadsShareAResolver() async {
    let linked = Linked(Self.templates[0])
    let resolver = linked.resolver()
    let resource = linked.id("R")
    let expected = resolver.properties(of: resource).map { resolver.property($0, of: resource) }
    await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<8 {
        group.addTask { resolver.properties(of: resource).map { resolver.property($0, of: resource) } == expected }
      }
      for await isSame in group { #expect(isSame) }
    }
  }
}
