import Documents
import Foundation
import SourceText
import Testing
import Values

@testable import CloudFormation

/// The material beside the package: each test is skipped where it is absent.
@Suite struct CorpusTests {
  private static let blea = "corpus/blea"
  private static let intrinsics = "corpus/intrinsics/storage-encrypted.yaml"
  private static let seed = "seed"

  // Skipped without ../shared/corpus/intrinsics.
  @Test(.enabled(if: Shared.has(CorpusTests.intrinsics)))
  func waysToWriteOneProperty() throws {
    let document = try Shared.document(Self.intrinsics, 0, .yaml)
    let (deployment, diagnostics) = Deployment.link([TemplateInput(document: document, stackName: "s")])
    #expect(diagnostics.isEmpty)
    let none = Resolver(deployment, scenario: .none)
    func told(_ logicalID: String) throws -> String {
      let id = try #require(deployment.resource(logicalID, in: StackID(0)))
      switch none.property("StorageEncrypted", of: id).content {
      case .absent: return "absent"
      case .scalar(let text, _): return text
      case .unknown(let unknown):
        guard let choice = unknown.undecidedChoice else { return "unknown: " + unknown.reasons.map(\.text).joined() }
        return try deployment.choice(choice).options.indices.map { option in
          let scenario = Scenario.none.assuming(choice, is: option)
          let value = Resolver(deployment, scenario: scenario).property("StorageEncrypted", of: id)
          let text = value.isAbsent ? "absent" : try #require(value.text)
          return deployment.describe(scenario).joined() + ": " + text
        }.joined(separator: "; ")
      default: return "other"
      }
    }
    let expected = [
      "LitTrue": "true", "LitStrTrue": "true", "LitFalse": "false", "Absent": "absent",
      "RefDefTrue": "EncDefTrue is 'true': true; EncDefTrue is 'false': false",
      "RefDefFalse": "EncDefFalse is 'true': true; EncDefFalse is 'false': false",
      "RefNoDef": "EncNoDef is 'true': true; EncNoDef is 'false': false", "RefNoDefTrueOnly": "true",
      "IfTrueFalse": "Env is 'prod': true; Env is 'dev': false", "IfTrueTrue": "true",
      "IfTrueNoValue": "Env is 'prod': true; Env is 'dev': absent",
      "IfNoDefTrueFalse": "EncNoDef is 'true': true; EncNoDef is 'false': false", "FindInMapTrue": "true",
      "FindInMapFalse": "false", "FindInMapRef": "Env is 'prod': true; Env is 'dev': false",
      "SubTrue": "EncDefTrue is 'true': true; EncDefTrue is 'false': false",
      "ImportVal": "unknown: import 'shared-enc' is in no template given", "CondResource": "false",
      "LoopA": "false", "LoopB": "false",
    ]
    for (logicalID, text) in expected.sorted(by: { $0.key < $1.key }) {
      #expect(try told(logicalID) == text, "\(logicalID)")
    }
    #expect(deployment.resources.count == expected.count)
    #expect(deployment.anyResidual == nil)
  }

  // Skipped without ../shared/corpus/blea.
  @Test(.enabled(if: Shared.has(CorpusTests.blea)))
  func bleaLinks() throws {
    var total = 0
    for version in ["v2.1.1", "v3.1.0"] {
      let files = try Shared.files("\(Self.blea)/\(version)")
      var unresolved: [String] = []
      // One use case at a time: use cases export the same names.
      for group in Dictionary(grouping: files, by: Self.useCase).sorted(by: { $0.key < $1.key }) {
        total += group.value.count
        let inputs = try group.value.enumerated().map { index, file in
          TemplateInput(
            document: try Shared.document("\(Self.blea)/\(version)/\(file)", Int32(index), .json), stackName: file)
        }
        let (deployment, diagnostics) = Deployment.link(inputs)
        #expect(diagnostics.isEmpty, "\(group.key): \(diagnostics.prefix(3))")
        let resolver = Resolver(deployment, scenario: .none)
        for resource in deployment.resources {
          for name in resolver.properties(of: resource.id) {
            let value = resolver.property(name, of: resource.id)
            for reason in Self.reasons(value.content) {
              if reason.kind == .import, version == "v2.1.1" { unresolved.append("\(group.key): \(reason.text)") }
              #expect(
                [.import, .deployment, .parameter].contains(reason.kind), "\(resource.logicalID) \(name) \(reason)")
            }
          }
        }
      }
      #expect(unresolved.isEmpty, "\(Set(unresolved).sorted())")
    }
    #expect(total >= 70)
  }

  /// `blea-guest-ecsapp-sample` of `blea-guest-ecsapp-sample-front.template.json`.
  private static func useCase(_ file: String) -> String {
    for name in ["guest-ecsapp-ssl-sample", "apiapp-nodejs-sample", "apiapp-python-sample", "-sample"] {
      if let range = file.range(of: name) { return String(file[..<range.upperBound]) }
    }
    return file.split(separator: "-").prefix(3).joined(separator: "-")
  }

  static func reasons(_ content: Content) -> [Reason] {
    switch content {
    case .unknown(let unknown): unknown.reasons
    case .template(let parts):
      parts.flatMap { (part) -> [Reason] in
        if case .unknown(let unknown) = part { return unknown.reasons }
        return []
      }
    case .list(let elements, let residual):
      elements.flatMap { reasons($0.value.content) + ($0.membership?.reasons ?? []) } + (residual?.reasons ?? [])
    case .map(let entries, let residual):
      entries.flatMap { reasons($0.value.content) + ($0.membership?.reasons ?? []) } + (residual?.reasons ?? [])
    default: []
    }
  }

  // Skipped without ../shared/seed.
  @Test(.enabled(if: Shared.has(CorpusTests.seed)), arguments: ["cdk.out-repaired", "cdk.out-hardened"])
  func seedAssemblies(directory: String) throws {
    let path = "\(Self.seed)/\(directory)/"
    let manifest = try Shared.document(path + "manifest.json", 0, .json)
    let (assembly, problems) = CloudAssembly.read(manifest: manifest)
    #expect(problems.isEmpty)
    #expect(assembly.stacks.map(\.id) == ["ChatAppNet", "ChatAppDb"])
    #expect(assembly.stacks.map(\.account) == ["123456789012", "123456789012"])
    #expect(assembly.stacks.map(\.region) == ["ap-northeast-1", "ap-northeast-1"])
    #expect(assembly.stacks.last?.dependencies == ["ChatAppNet", "ChatAppDb.assets"])
    #expect(assembly.stacks.first?.tags.map(\.key) == ["Environment", "Repository"])
    #expect(assembly.stacks.first?.terminationProtection == false)
    let inputs = try assembly.stacks.enumerated().map { index, stack in
      let metadata = try Shared.document(path + #require(stack.metadataFile), Int32(index + 10), .json)
      return stack.input(
        try Shared.document(path + stack.templateFile, Int32(index + 1), .json),
        constructs: CloudAssembly.constructs(metadata: metadata))
    }
    let (deployment, diagnostics) = Deployment.link(inputs)
    #expect(diagnostics.isEmpty, "\(diagnostics)")
    #expect(deployment.choices.isEmpty)
    let resolver = Resolver(deployment, scenario: .none)
    let cluster = try #require(deployment.resources(ofType: "AWS::RDS::DBCluster").first)
    #expect(deployment.resource(cluster).constructPath == "ChatAppDb/ChatAppDatabase/Resource")
    let key = try #require(resolver.target(of: resolver.property("KmsKeyId", of: cluster)))
    #expect(deployment.resource(key.resource).type == "AWS::KMS::Key")
    #expect(key.attribute == "Arn")
    guard case .dynamicReference(let password) = resolver.property("MasterUserPassword", of: cluster).content,
      let secret = password.target
    else {
      Issue.record("the password is a dynamic reference")
      return
    }
    #expect(password.isSecret)
    #expect(deployment.resource(secret.resource).type == "AWS::SecretsManager::Secret")
    let group = try #require(resolver.target(of: resolver.property("DBSubnetGroupName", of: cluster)))
    guard case .list(let subnets, nil) = resolver.property("SubnetIds", of: group.resource).content else {
      Issue.record("the subnets are a list")
      return
    }
    #expect(!subnets.isEmpty)
    for subnet in subnets {
      let target = try #require(resolver.target(of: subnet.value))
      #expect(deployment.resource(target.resource).type == "AWS::EC2::Subnet")
      #expect(deployment.stack(deployment.resource(target.resource).stack).name == "ChatAppNet")
      #expect(subnet.value.hops.first?.text.hasPrefix("Imported from export 'ChatAppNet:") == true)
      #expect(subnet.value.origin?.span.file == FileID(2))
    }
    for resource in deployment.resources {
      for name in resolver.properties(of: resource.id) {
        let reasons = Self.reasons(resolver.property(name, of: resource.id).content)
        #expect(reasons.allSatisfy { $0.kind == .deployment }, "\(resource.logicalID) \(name) \(reasons)")
      }
    }
  }
}
