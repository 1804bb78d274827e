import SourceText
import Testing
import Values

@testable import CloudFormation

/// Where values stand.
@Suite struct PlaceTests {
  private let linked = Linked(
    """
    Parameters: { Stage: { Type: String, AllowedValues: [dev, prod] }, Size: { Type: String, Default: «big» } }
    Conditions: { «IsProd»: !Equals [!Ref Stage, prod] }
    Mappings: { M: { a: { b: «deep» } } }
    Resources:
      «R»:
        Type: A::B::C
        DeletionPolicy: «Retain»
        Properties:
          A: «!Ref Size»
          B: «!FindInMap [M, a, b]»
          C: !If [IsProd, «1», «'2'»]
          Tags:
            - «Key: k
              «Value»: { Inner: «x» }»
            - !If [IsProd, !Ref AWS::NoValue, «y»]
          «D»: { K: 1 }
          Long:
            Fn::GetAtt:
              - R
              - Arn
    """)

  private func place(_ path: PathElement..., choosing choices: (String, String)...) -> Place {
    Resolver(linked.deployment, scenario: linked.scenario(choices)).origin(of: linked.id("R"), path: path)
  }

  private func expect(
    _ place: Place, _ mark: Int, _ path: String, exists: Bool = true, at line: SourceLocation = #_sourceLocation
  ) {
    #expect(place.origin.span == linked.marks[mark], "\(linked.text(place.origin.span))", sourceLocation: line)
    #expect(place.origin.path == path, sourceLocation: line)
    #expect(place.exists == exists, sourceLocation: line)
  }

  @Test func valuesStandWhereTheyAreWritten() {
    #expect(linked.diagnostics.isEmpty)
    expect(place(.key("A")), 5, "Resources/R/Properties/A")
    expect(place(.key("B")), 6, "Resources/R/Properties/B")
    expect(place(.key("C"), choosing: ("Stage", "'prod'")), 7, "Resources/R/Properties/C")
    expect(place(.key("C"), choosing: ("Stage", "'dev'")), 8, "Resources/R/Properties/C")
    expect(place(.key("Tags"), .index(0)), 9, "Resources/R/Properties/Tags/0")
    expect(
      place(.key("Tags"), .index(0), .key("Value"), .key("Inner")), 11, "Resources/R/Properties/Tags/0/Value/Inner")
    expect(place(.key("Tags"), .index(1), choosing: ("Stage", "'dev'")), 12, "Resources/R/Properties/Tags/1")
  }

  @Test func whatIsAbsentStandsAtTheNearestAncestor() {
    expect(place(.key("None")), 3, "Resources/R", exists: false)
    expect(place(.key("None"), .key("More")), 3, "Resources/R", exists: false)
    expect(place(.key("D"), .key("None")), 13, "Resources/R/Properties/D", exists: false)
    expect(place(.key("Tags"), .index(0), .key("None")), 9, "Resources/R/Properties/Tags/0", exists: false)
    expect(
      place(.key("Tags"), .index(0), .key("Value"), .key("None")), 10, "Resources/R/Properties/Tags/0/Value",
      exists: false)
    expect(place(), 3, "Resources/R")
  }

  @Test func attributesHavePlaces() {
    let resolver = linked.resolver()
    #expect(resolver.attribute("DeletionPolicy", of: linked.id("R")).text == "Retain")
    expect(
      resolver.origin(of: linked.id("R"), attribute: "DeletionPolicy"), 4, "Resources/R/DeletionPolicy")
    expect(resolver.origin(of: linked.id("R"), attribute: "UpdatePolicy"), 3, "Resources/R", exists: false)
  }

  @Test func hopsPointToTheirSources() {
    #expect(
      linked.value("R", "A").hops.map(\.origin) == [
        Origin(linked.marks[0], path: "Parameters/Size/Default", kind: .parameter)
      ])
    #expect(
      linked.value("R", "B").hops.map(\.origin) == [Origin(linked.marks[2], path: "Mappings/M/a/b", kind: .mapping)])
    #expect(linked.value("R", "C", ("Stage", "'prod'")).hops.first?.origin.span == linked.marks[1])
  }

  @Test func kindsAreNamed() {
    #expect(linked.value("R", "A").origin?.kind == .property)
    #expect(linked.deployment.resource(linked.id("R")).origin.kind == .resource)
  }
}
