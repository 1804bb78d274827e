import Findings
import Foundation
import Reporting
import SourceText
import Testing

/// What SARIF's schema cannot say and its readers rely on. The ids are those of Microsoft's SARIF validator
/// (SARIF…, GH… for GitHub's demands, GHAzDO… for Azure DevOps).
@Suite struct SARIFTests {
  typealias Object = [String: Any]

  private let text: String
  private let run: Object

  init() throws {
    text = render(SampleReport.report, as: .sarif)
    run = try Self.run(of: SampleReport.report)
  }

  private static func run(of report: Report) throws -> Object {
    let log = try JSONSerialization.jsonObject(with: Data(render(report, as: .sarif).utf8))
    return try #require(((log as? Object)?["runs"] as? [Object])?.first)
  }

  private var results: [Object] { run["results"] as? [Object] ?? [] }

  /// Every object in the run.
  private func objects(in value: Any? = nil) -> [Object] {
    switch value ?? run {
    case let object as Object: [object] + object.values.flatMap { objects(in: $0) }
    case let array as [Any]: array.flatMap { objects(in: $0) }
    default: []
    }
  }

  /// Viewers offer "Show paths" for every flow: one that only names the subject where the result is anyway is none.
  @Test func aFlowIsLeftOutOnlyWhereItSaysNothing() throws {
    let place = Location(SampleReport.template["key"], path: "Resources/Key", kind: "resource")
    let elsewhere = Location(SampleReport.template["cluster"], path: "Resources/Cluster", kind: "resource")
    func step(_ text: String, _ location: Location) -> Step {
      Step(text, at: location, nesting: 0, isEssential: true)
    }
    let cases: [(steps: [Step], hasFlow: Bool)] = [
      ([], false), ([step("Key 'Key'", place)], false), ([step("key 'Key'", place)], false),
      ([step("Key 'Key'", elsewhere)], true), ([step("EnableKeyRotation of key 'Key' is not set", place)], true),
      ([step("Key 'Key'", place), step("Key 'Key'", elsewhere)], true),
    ]
    var report = SampleReport.report
    report.findings = cases.map {
      Finding(
        rule: "BLEA-KMS-001", verdict: .fail, obligation: "enabled", severity: .high, message: Message("It fails."),
        primary: place, steps: $0.steps, subject: "key 'Key'")
    }
    let results = try #require(try Self.run(of: report)["results"] as? [Object])
    #expect(results.map { $0["codeFlows"] != nil } == cases.map(\.hasFlow))
  }

  @Test func fullStops_SARIF2014_2015_GHAzDO() {
    for result in results {
      let message = (result["message"] as? Object)?["text"] as? String ?? ""
      #expect(message.hasSuffix("."))
      #expect(result["level"] is String)
      #expect(result["kind"] == nil)
      #expect(result["ruleId"] is String)
      #expect((result["locations"] as? [Object])?.count == 1)
    }
  }

  @Test func unknownsAreNotesThatDoNotOverstate() {
    let unknowns = results.filter { ($0["properties"] as? Object)?["verdict"] as? String == "unknown" }
    #expect(unknowns.count == 2)
    for result in unknowns {
      #expect(result["level"] as? String == "note")
      #expect(((result["message"] as? Object)?["text"] as? String)?.hasPrefix("Cannot tell whether") == true)
    }
  }

  @Test func rulesAreReferredToByTheirIndex_SARIF2005_GHAzDO1018() throws {
    let tool = try #require(run["tool"] as? Object)
    let driver = try #require(tool["driver"] as? Object)
    let builtIn = try #require(driver["rules"] as? [Object])
    let user = try #require((tool["extensions"] as? [Object])?.first?["rules"] as? [Object])
    for key in ["name", "fullName", "semanticVersion", "informationUri"] { #expect(driver[key] is String) }
    for rule in builtIn + user {
      #expect((rule["name"] as? String)?.allSatisfy { $0.isLetter || $0.isNumber } == true)
      let properties = rule["properties"] as? Object
      let tags = properties?["tags"] as? [String]
      #expect(tags?.first == "security")
      #expect((tags?.count ?? 21) <= 20)
      for key in ["shortDescription", "fullDescription"] {
        let description = (rule[key] as? Object)?["text"] as? String ?? ""
        #expect(!description.isEmpty && description.utf16.count <= 1024)
      }
    }
    for result in results {
      let id = result["ruleId"] as? String
      if let index = result["ruleIndex"] as? Int {
        #expect(builtIn[index]["id"] as? String == id)
        #expect(result["rule"] == nil)
      } else {
        let rule = try #require(result["rule"] as? Object)
        let index = try #require(rule["index"] as? Int)
        #expect(user[index]["id"] as? String == id)
        #expect((rule["toolComponent"] as? Object)?["index"] as? Int == 0)
      }
    }
  }

  @Test func scoresMatchGitHubsSeverities() throws {
    let rules = try #require(((run["tool"] as? Object)?["driver"] as? Object)?["rules"] as? [Object])
    let scores = rules.map { ($0["properties"] as? Object)?["security-severity"] as? String }
    #expect(scores == ["8.0", "9.5", "5.5", "2.0", nil])
  }

  @Test func controlsAreFoundByIndex() throws {
    let taxonomies = try #require(run["taxonomies"] as? [Object])
    let targets = objects().compactMap { $0["target"] as? Object }
    #expect(targets.count == 5)
    for target in targets {
      let component = try #require(target["toolComponent"] as? Object)
      let index = try #require(component["index"] as? Int)
      let taxonomy = taxonomies[index]
      #expect(taxonomy["name"] as? String == component["name"] as? String)
      let taxa = try #require(taxonomy["taxa"] as? [Object])
      let control = try #require(target["index"] as? Int)
      #expect(taxa[control]["id"] as? String == target["id"] as? String)
    }
  }

  @Test func urisAreRelativeAndEncoded_SARIF1002_1004_2016() throws {
    let artifacts = try #require(run["artifacts"] as? [Object])
    for location in objects().filter({ $0["uri"] != nil && $0["uriBaseId"] != nil }) {
      let uri = try #require(location["uri"] as? String)
      #expect(location["uriBaseId"] as? String == "SRCROOT")
      #expect(!uri.hasPrefix("/") && !uri.contains("\\") && !uri.contains(" "))
      #expect(!uri.split(separator: "/").contains(".."))
      #expect(uri.utf8.allSatisfy { $0 < 0x80 } && URL(string: uri) != nil)
      if let index = location["index"] as? Int {
        #expect((artifacts[index]["location"] as? Object)?["uri"] as? String == uri)
      }
    }
    #expect(!text.contains("file:") && !text.contains(#filePath))
  }

  @Test func regionsAreWhole_SARIF1007_GH1001() throws {
    for region in objects().filter({ $0["startLine"] != nil }) {
      let values = try ["startLine", "startColumn", "endLine", "endColumn"].map { try #require(region[$0] as? Int) }
      #expect(values.allSatisfy { $0 >= 1 })
      #expect((values[0], values[1]) <= (values[2], values[3]))
    }
  }

  @Test func columnsCountUTF16() throws {
    let region = try #require(self.region(ofRule: "BLEA-KMS-001"))
    // Before `false` stand six ideographs and kana of one unit each, and a key of two.
    let line = "    Properties: { Description: \"注文データの鍵 🔑\", EnableKeyRotation: false }"
    let column = try #require(line.range(of: "false")).lowerBound.utf16Offset(in: line) + 1
    #expect(region["startLine"] as? Int == 12)
    #expect(region["startColumn"] as? Int == column)
    #expect(region["endColumn"] as? Int == column + 5)
  }

  @Test func linesEndInCarriageReturns() throws {
    let region = try #require(self.region(ofRule: "BLEA-SQL-010"))
    #expect(region["startLine"] as? Int == 2 && region["startColumn"] as? Int == 1)
    #expect(region["endLine"] as? Int == 7 && region["endColumn"] as? Int == 3)
  }

  private func region(ofRule id: String) -> Object? {
    let result = results.first { $0["ruleId"] as? String == id }
    let location = (result?["locations"] as? [Object])?.first?["physicalLocation"] as? Object
    return location?["region"] as? Object
  }

  @Test func linksLeadToRelatedLocations() throws {
    let result = try #require(results.first { $0["ruleId"] as? String == "BLEA-KMS-001" })
    let message = try #require((result["message"] as? Object)?["text"] as? String)
    #expect(message.hasPrefix("KMS key ['Key'](1) encrypts cluster ['Cluster\\[0\\]'](2) but"))
    let ids = (result["relatedLocations"] as? [Object])?.compactMap { $0["id"] as? Int }
    #expect(ids == [1, 2])
  }

  @Test func deadAndAccidentalLinksAreText() throws {
    var report = SampleReport.report
    report.findings = [
      Finding(
        rule: "BLEA-KMS-001", verdict: .unknown, obligation: "o", severity: .high,
        message: Message([.text("Key '[click](https://example.com)' and "), .link("'Gone'", 9), .text(".")]),
        primary: Location(SampleReport.template["key"], path: "Resources/Key", kind: "resource"), subject: "key")
    ]
    let result = try #require((try Self.run(of: report)["results"] as? [Object])?.first)
    #expect(
      (result["message"] as? Object)?["text"] as? String
        == "Cannot tell whether this holds: Key '[click\\](https://example.com)' and 'Gone'.")
  }

  @Test func longDescriptionsAreCutToGitHubsLimit() throws {
    var report = SampleReport.report
    report.rules = [SampleReport.rule("A-B-1", "long", String(repeating: "長い🔑 ", count: 400), .low)]
    let tool = try #require(try Self.run(of: report)["tool"] as? Object)
    let rule = try #require(((tool["driver"] as? Object)?["rules"] as? [Object])?.first)
    for key in ["shortDescription", "fullDescription"] {
      let text = try #require((rule[key] as? Object)?["text"] as? String)
      #expect(text.utf16.count <= 1024 && text.utf16.count > 1015 && text.hasSuffix("…"))
    }
  }

  @Test func notificationsHaveDescriptors() throws {
    let descriptors = try #require(((run["tool"] as? Object)?["driver"] as? Object)?["notifications"] as? [Object])
    let invocation = try #require((run["invocations"] as? [Object])?.first)
    let notifications = try #require(invocation["toolExecutionNotifications"] as? [Object])
    #expect(invocation["executionSuccessful"] as? Bool == false)
    #expect(notifications.count == 7)
    for notification in notifications {
      let descriptor = try #require(notification["descriptor"] as? Object)
      let index = try #require(descriptor["index"] as? Int)
      #expect(descriptors[index]["id"] as? String == descriptor["id"] as? String)
    }
  }

  @Test func aCleanRunSucceeds() throws {
    var report = SampleReport.report
    report.diagnostics = []
    report.exitCode = 1
    let invocation = try #require((try Self.run(of: report)["invocations"] as? [Object])?.first)
    #expect(invocation["executionSuccessful"] as? Bool == true)
  }

  @Test func fingerprintsSurviveMovedCode() throws {
    let moved = MarkedSource(0, "infra/moved.yaml", "# moved\n\nResources: { Key: «key:x» }\n")
    func finding(_ span: Span, obligation: String = "enabled", stack: String = "store") -> Finding {
      Finding(
        rule: "BLEA-KMS-001", verdict: .fail, obligation: obligation, severity: .high, message: Message("M."),
        primary: Location(span, path: "Resources/Key", kind: "resource"), subject: "key", stack: stack)
    }
    let fingerprint = SubjectFingerprint.of(finding(SampleReport.template["key"]), inProject: "orders")
    #expect(fingerprint == SubjectFingerprint.of(finding(moved["key"]), inProject: "orders"))
    #expect(fingerprint == SHA256.hexadecimal(Array("BLEA-KMS-001\0orders\0store\0Resources/Key\0enabled".utf8)))
    #expect(fingerprint != SubjectFingerprint.of(finding(moved["key"]), inProject: "other"))
    #expect(fingerprint != SubjectFingerprint.of(finding(moved["key"], obligation: "o"), inProject: "orders"))
    #expect(fingerprint != SubjectFingerprint.of(finding(moved["key"], stack: "prod-store"), inProject: "orders"))
  }

  // MARK: The schema

  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// The schema is not ours to commit: it lies beside the repository where it is at hand, as worktrees do.
  private static let schema = ["../shared", "../../shared"]
    .map { root.appendingPathComponent($0).appendingPathComponent("schemas/sarif-schema-2.1.0.json").standardized.path }
    .first { FileManager.default.fileExists(atPath: $0) }

  private static func python(_ arguments: [String]) -> (status: Int32, output: String)? {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3"] + arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    guard (try? process.run()) != nil else { return nil }
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }

  private static let canValidate = schema != nil && python(["-c", "import jsonschema"])?.status == 0

  @Test(
    .enabled(if: canValidate, "SARIF's schema (../shared/schemas) or python3 with jsonschema is not at hand."))
  func schemaHolds() throws {
    for name in ["report.sarif", "report-full.sarif", "report-azure.sarif"] { try schemaHolds(for: name) }
  }

  private func schemaHolds(for name: String) throws {
    let script = """
      import json, sys, jsonschema
      schema, report = (json.load(open(path, encoding="utf-8")) for path in sys.argv[1:])
      validator = jsonschema.validators.validator_for(schema)(schema)
      errors = [f"{list(e.absolute_path)}: {e.message[:200]}" for e in validator.iter_errors(report)]
      print("\\n".join(errors))
      sys.exit(len(errors) > 0)
      """
    let golden = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Goldens/\(name)").path
    let schema = try #require(Self.schema)
    let validation = try #require(Self.python(["-c", script, schema, golden]))
    #expect(validation.status == 0, "\(validation.output)")
  }
}
