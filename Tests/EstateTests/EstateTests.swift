import CEL
import Documents
import SourceText
import Testing
import Values

@testable import Estate

/// A small model and what can be read through it.
enum Sample {
  static let text = """
    types:
      Estate:
        about: The project.
        native:
          all: { type: Resources, about: All. }
          tables: { type: "list<sql::Table>", about: Tables. }
      Resources:
        about: All resources.
        all: { clusters: AWS::RDS::DBCluster, keys: AWS::KMS::Key }
      AWS::*:
        about: Any resource.
        native:
          logicalId: { type: string, about: Its name. }
          tags: { type: "map<string, string>", about: Tags. }
          effectiveTags: { type: "map<string, string>", about: Tags. }
      AWS::RDS::DBCluster:
        about: A cluster.
        label: cluster
        properties:
          Days: { type: int, default: 1 }
          Flag: { type: bool, default: false }
          Name: string
          Names: list<string>
        references:
          key:
            type: AWS::KMS::Key
            property: KmsKeyId
            through: { AWS::KMS::Alias: TargetKeyId }
            unless: alias/aws/
        derived:
          double: { type: int, about: Twice., cel: self.Days * 2 }
          circle: { type: int, about: Itself., cel: self.circle + 1 }
      AWS::KMS::Key:
        about: A key.
        label: key
        referrers:
          clusters: { type: AWS::RDS::DBCluster, property: KmsKeyId }
      AWS::KMS::Alias: { about: An alias. }
      sql::Table: { about: A table. }
    """

  static let model: CompiledModel = {
    let source = SourceFile(id: FileID(-1), path: "model.yaml", bytes: Array(text.utf8))
    return CompiledModel(Model.read(Document.read(source, as: .yaml).documents).model)
  }()

  static func reader(_ template: String, parameters: [String: String] = [:], tags: [String: String]? = nil)
    -> EstateReader
  {
    let source = SourceFile(id: FileID(0), path: "t.yaml", bytes: Array(template.utf8))
    return EstateReader(
      Estate.sample(model, template: source, schema: nil, parameters: parameters, stackTags: tags).estate,
      scenario: .none)
  }

  /// A value read by an expression over `estate`.
  static func value(_ expression: String, _ reader: EstateReader) throws -> Value {
    let source = SourceFile(id: FileID(9), path: "e", bytes: Array(expression.utf8))
    let environment = Environment(provider: reader.estate.types, functions: EstateFunctions.all)
      .declaring("estate", .object(Model.estate))
    let compilation = Expression.compile(MappedText(source), in: environment)
    let compiled = try #require(compilation.expression, "\(compilation.diagnostics.map(\.message))")
    return reader.evaluate(compiled, [reader.estate.root]).value
  }
}

@Suite struct EstateReaderTests {
  private func cluster(_ properties: String) -> String {
    "Resources:\n  C:\n    Type: AWS::RDS::DBCluster\n    Properties: { \(properties) }\n  K: { Type: AWS::KMS::Key }\n"
      + "  A: { Type: AWS::KMS::Alias, Properties: { TargetKeyId: !Ref K } }\n"
  }

  /// Coercion happens where the model reads a document, by the member's declared type.
  @Test(arguments: [
    ("Days: 7", "Days", Value.int(7)), ("Days: '7'", "Days", .int(7)), ("", "Days", .int(1)),
    ("Flag: yes", "Flag", .bool(true)), ("Flag: 'True'", "Flag", .bool(true)), ("Flag: off", "Flag", .bool(false)),
    ("Name: 16.10", "Name", .string("16.10")), ("Name: 007", "Name", .string("007")),
    ("Names: [a, 1.0]", "Names", .list([.string("a"), .string("1.0")])),
    ("Days: 7", "double", .int(14)),
  ])
  func valuesHaveTheirDeclaredType(_ properties: String, _ member: String, _ value: Value) throws {
    let reader = Sample.reader(cluster(properties))
    let expression = ["Name", "Names"].contains(member) ? ".?\(member).value()" : ".\(member)"
    #expect(try Sample.value("estate.all.clusters[0]\(expression)", reader) == value)
  }

  @Test(arguments: ["Days: many", "Days: !ImportValue x", "Days: !GetAtt K.Arn", "Days: [1]"])
  func whatCannotBeReadIsUnknown(_ properties: String) throws {
    let value = try Sample.value("estate.all.clusters[0].Days", Sample.reader(cluster(properties)))
    #expect(value.unknown != nil, "\(value)")
  }

  @Test func aMemberDefinedByItselfIsUnknown() throws {
    #expect(try Sample.value("estate.all.clusters[0].circle", Sample.reader(cluster(""))).unknown != nil)
  }

  @Test(arguments: [
    ("KmsKeyId: !Ref K", Value.string("K")), ("KmsKeyId: !GetAtt K.Arn", .string("K")),
    ("KmsKeyId: !Sub 'arn:aws:kms:us-east-1:1:key/${K}'", .string("K")), ("KmsKeyId: !Ref A", .string("K")),
    ("KmsKeyId: alias/aws/rds", .string("none")), ("", .string("none")),
  ])
  func referencesAreFollowed(_ properties: String, _ key: Value) throws {
    let expression = "estate.all.clusters[0].?key.optMap(k, k.logicalId).orValue('none')"
    #expect(try Sample.value(expression, Sample.reader(cluster(properties))) == key)
  }

  @Test(arguments: ["KmsKeyId: alias/own", "KmsKeyId: !ImportValue key"])
  func aReferenceToNothingDeclaredIsUnknown(_ properties: String) throws {
    #expect(try Sample.value("has(estate.all.clusters[0].key)", Sample.reader(cluster(properties))).unknown != nil)
  }

  @Test func referrersAreThoseWhosePropertyNamesTheObject() throws {
    let none = try Sample.value("estate.all.keys[0].clusters.size()", Sample.reader(cluster("KmsKeyId: key-1")))
    #expect(none == .int(0), "a literal id is never a resource that the template makes")
    let one = try Sample.value("estate.all.keys[0].clusters.size()", Sample.reader(cluster("KmsKeyId: !GetAtt K.Arn")))
    #expect(one == .int(1))
    let open = try Sample.value(
      "estate.all.keys[0].clusters.size()", Sample.reader(cluster("KmsKeyId: !ImportValue k")))
    #expect(open.unknown != nil)
  }

  @Test func tagsOfTheStackAreThereWhenKnown() throws {
    let template = cluster("Tags: [{ Key: a, Value: own }, { Key: b, Value: '2' }]")
    let known = Sample.reader(template, tags: ["a": "stack", "c": "3"])
    #expect(try Sample.value("estate.all.clusters[0].effectiveTags['a']", known) == .string("own"))
    #expect(try Sample.value("estate.all.clusters[0].effectiveTags['c']", known) == .string("3"))
    #expect(try Sample.value("'z' in estate.all.clusters[0].effectiveTags", known) == .bool(false))
    let alone = Sample.reader(template)
    #expect(try Sample.value("'a' in estate.all.clusters[0].effectiveTags", alone) == .bool(true))
    #expect(try Sample.value("'z' in estate.all.clusters[0].effectiveTags", alone).unknown != nil)
    #expect(try Sample.value("'z' in estate.all.clusters[0].tags", alone) == .bool(false))
  }

  @Test func placesAreTheSmallestThereAre() throws {
    let template = "Resources:\n  C:\n    Type: AWS::RDS::DBCluster\n    Properties: { Days: 7 }\n"
    let reader = Sample.reader(template)
    let bytes = Array(template.utf8)
    func text(_ member: String?) throws -> String {
      let origin = try #require(
        reader.place(of: .object(ObjectValue("AWS::RDS::DBCluster", 0)), members: member.map { [$0] } ?? []))
      return String(decoding: bytes[origin.span.range], as: UTF8.self)
    }
    #expect(try text("Days") == "7")
    #expect(try text("Flag") == "C", "what is not written is shown at its resource")
    #expect(try text(nil) == "C")
    #expect(try text("key") == "C")
  }
}
