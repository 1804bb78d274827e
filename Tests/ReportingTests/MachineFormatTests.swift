import Findings
import Foundation
import Reporting
import SourceText
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// What the readers of each format demand, beside the bytes that goldens hold.
@Suite struct MachineFormatTests {
  typealias Object = [String: Any]

  static let target = SecurityHubTarget(account: "123456789012", region: "ap-northeast-1")

  /// A report whose every text tries to break out of the format.
  static let hostile: Report = {
    var report = SampleReport.report
    let text = "a\"b'c<d>&e|f\n::error::x%0A,\u{1}]]>`=1+1`@you\u{1F511}."
    report.projectName = "p<&>\"|"
    report.findings[2].message = Message(text)
    report.findings[2].subject = "=cmd|' /C calc'!A0"
    report.findings[3].subject = text
    report.judgements = report.findings.map {
      Judgement(rule: $0.rule, verdict: $0.verdict, subject: $0.subject, location: $0.primary)
    }
    return report
  }()

  private static func array(_ report: Report, as format: ReportFormat) throws -> [Object] {
    let text = render(report, as: format, options: RenderingOptions(securityHub: target))
    return try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [Object])
  }

  // MARK: JUnit

  /// Elements by name, and what the suites say of themselves.
  private final class Elements: NSObject, XMLParserDelegate {
    var counts: [String: Int] = [:]
    var said: [String: Int] = [:]
    var messages: [String] = []

    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
      attributes: [String: String]
    ) {
      counts[name, default: 0] += 1
      if let message = attributes["message"] { messages.append(message) }
      guard name == "testsuite" else { return }
      for key in ["tests", "failures", "errors", "skipped"] {
        said[key, default: 0] += attributes[key].flatMap(Int.init) ?? -1000
      }
    }
  }

  @Test(arguments: [false, true]) func junitIsWellFormedAndCountsWhatItHolds(isHostile: Bool) throws {
    let report = isHostile ? Self.hostile : SampleReport.report
    let parser = XMLParser(data: Data(render(report, as: .junit).utf8))
    let elements = Elements()
    parser.delegate = elements
    #expect(parser.parse(), "\(parser.parserError.map(String.init(describing:)) ?? "")")
    #expect(elements.said["tests"] == elements.counts["testcase"])
    #expect(elements.said["failures"] == elements.counts["failure"])
    #expect(elements.said["errors"] == elements.counts["error"])
    #expect(elements.said["skipped"] == elements.counts["skipped"])
    let failed = Set(report.judgements.filter { $0.verdict == .fail }.map { [$0.rule, $0.subject] })
    #expect(elements.counts["failure"] == failed.count)
    #expect((elements.counts["skipped"] ?? 0) >= report.judgements.count { $0.verdict == .unknown })
  }

  /// Two templates may call their resources alike: each test case tells what is wrong with its own.
  @Test func junitTellsSubjectsOfOneNameApart() throws {
    var report = SampleReport.report
    let places = [SampleReport.template["key"], SampleReport.template["cluster"]].map {
      Location($0, path: "Resources/Key", kind: "resource")
    }
    report.findings = zip(places, ["First.", "Second."]).map { place, message in
      Finding(
        rule: "BLEA-KMS-001", verdict: .fail, obligation: "enabled", severity: .high, message: Message(message),
        primary: place, steps: [Step("Key 'Key'", at: place, nesting: 0, isEssential: true)], subject: "key 'Key'")
    }
    report.judgements = places.map {
      Judgement(rule: "BLEA-KMS-001", verdict: .fail, subject: "key 'Key'", location: $0)
    }
    let parser = XMLParser(data: Data(render(report, as: .junit).utf8))
    let elements = Elements()
    parser.delegate = elements
    #expect(parser.parse())
    #expect(elements.messages.filter { ["First.", "Second."].contains($0) } == ["First.", "Second."])
    #expect(render(report, as: .junit).components(separatedBy: "Second.").count == 3)
  }

  // MARK: GitHub

  @Test func annotationsAreOneLineEach() throws {
    let lines = render(Self.hostile, as: .github).split(separator: "\n")
    #expect(lines.count == Self.hostile.findings.count + Self.hostile.diagnostics.count)
    let pattern = try Regex("::(error|warning|notice) ([a-zA-Z]+=[^,:]*)(,[a-zA-Z]+=[^,:]*)*::[^\r\n]*")
    for line in lines { #expect(line.wholeMatch(of: pattern) != nil, "\(line)") }
    // The worst first: failures before what could not be told.
    let levels = lines.dropFirst(Self.hostile.diagnostics.count).map { $0.hasPrefix("::notice") }
    #expect(levels == levels.sorted { !$0 && $1 })
  }

  @Test func tooManyAnnotationsAreSaid() {
    var report = SampleReport.report
    report.findings = Array(repeating: report.findings[3], count: 11)
    #expect(render(report, as: .github).contains("13 annotations, of which GitHub shows 10 a level."))
    report.findings = Array(repeating: report.findings[3], count: 9)
    #expect(!render(report, as: .github).contains("of which GitHub shows"))
  }

  // MARK: GitLab

  @Test func gitlabHasWhatItRequires() throws {
    let entries = try Self.array(Self.hostile, as: .gitlab)
    #expect(entries.count == Self.hostile.findings.count)
    for entry in entries {
      for key in ["description", "check_name", "fingerprint"] { #expect((entry[key] as? String)?.isEmpty == false) }
      #expect(["info", "minor", "major", "critical", "blocker"].contains(entry["severity"] as? String))
      let location = try #require(entry["location"] as? Object)
      #expect((location["path"] as? String)?.hasPrefix("/") == false)
      #expect(try #require((location["lines"] as? Object)?["begin"] as? Int) >= 1)
    }
  }

  @Test func fingerprintsAreNeverShared() throws {
    var report = SampleReport.report
    report.findings += report.findings
    let entries = try Self.array(report, as: .gitlab)
    #expect(Set(entries.compactMap { $0["fingerprint"] as? String }).count == report.findings.count)
  }

  // MARK: Security Hub

  /// The attributes that the ASFF requires, and the limits of its texts.
  @Test func asffHasWhatItRequires() throws {
    var report = Self.hostile
    report.findings[1].message = Message(String(repeating: "長い🔑", count: 900))
    for finding in try Self.array(report, as: .asff) {
      for key in [
        "SchemaVersion", "Id", "ProductArn", "GeneratorId", "AwsAccountId", "CreatedAt", "UpdatedAt", "Title",
        "Description",
      ] {
        #expect((finding[key] as? String)?.isEmpty == false, "\(key)")
      }
      #expect((finding["Types"] as? [String])?.count == 1)
      #expect((finding["Title"] as? String ?? "").unicodeScalars.count <= 256)
      #expect((finding["Description"] as? String ?? "").unicodeScalars.count <= 1024)
      #expect(
        ["INFORMATIONAL", "LOW", "MEDIUM", "HIGH", "CRITICAL"]
          .contains((finding["Severity"] as? Object)?["Label"] as? String))
      #expect(["FAILED", "NOT_AVAILABLE"].contains((finding["Compliance"] as? Object)?["Status"] as? String))
      let resource = try #require((finding["Resources"] as? [Object])?.first)
      #expect(resource["Type"] is String && resource["Id"] is String)
      let values = try #require((resource["Details"] as? Object)?["Other"] as? [String: String])
      #expect(values.values.allSatisfy { $0.unicodeScalars.count <= 1024 })
    }
    #expect(Set(try Self.array(report, as: .asff).compactMap { $0["Id"] as? String }).count == report.findings.count)
  }

  @Test(arguments: [
    ("12345678901", "eu-west-1"), ("1234567890123", "eu-west-1"), ("12345678901x", "eu-west-1"),
    ("１２３４５６７８９０１２", "eu-west-1"), ("123456789012", "Tokyo"), ("123456789012", ""),
  ])
  func whatIsNoAccountOrRegionIsRefused(account: String, region: String) {
    #expect(SecurityHubTarget(account: account, region: region) == nil)
  }

  // MARK: CSV

  @Test func tableHasARowForEachJudgement() {
    let rows = Self.rows(render(Self.hostile, as: .csv))
    #expect(rows.count == Self.hostile.judgements.count + 1)
    #expect(rows.allSatisfy { $0.count == rows[0].count })
    // A subject that a spreadsheet would run.
    #expect(rows.contains { $0[5] == "'=cmd|' /C calc'!A0" })
    #expect(rows.contains { $0[10].contains("::error::x%0A") })
  }

  /// Reads CSV back, as RFC 4180 has it.
  private static func rows(_ text: String) -> [[String]] {
    var rows: [[String]] = [[""]]
    var isQuoted = false
    var scalars = Array(text.unicodeScalars.dropFirst())[...]
    func add(_ scalar: Unicode.Scalar) {
      rows[rows.count - 1][rows[rows.count - 1].count - 1].unicodeScalars.append(scalar)
    }
    while let scalar = scalars.popFirst() {
      switch (scalar, isQuoted) {
      case ("\"", true) where scalars.first == "\"":
        scalars.removeFirst()
        add("\"")
      case ("\"", _): isQuoted.toggle()
      case (",", false): rows[rows.count - 1].append("")
      case ("\r", false) where scalars.first == "\n":
        scalars.removeFirst()
        if !scalars.isEmpty { rows.append([""]) }
      default: add(scalar)
      }
    }
    return rows
  }

  // MARK: Markdown

  @Test func markdownKeepsItsTables() {
    let text = render(Self.hostile, as: .markdown)
    for line in text.split(separator: "\n") where line.hasPrefix("|") {
      #expect(line.count { $0 == "|" } == 5, "\(line)")
    }
    #expect(!text.contains("<d>") && !text.contains("@you"))
  }

  // MARK: SARIF's profiles

  private static func results(_ profile: SARIFProfile, omitsUnknowns: Bool = false) throws -> [Object] {
    let options = RenderingOptions(sarifProfile: profile, omitsUnknowns: omitsUnknowns)
    let log = try JSONSerialization.jsonObject(
      with: Data(render(SampleReport.report, as: .sarif, options: options).utf8))
    return try #require(((log as? Object)?["runs"] as? [Object])?.first?["results"] as? [Object])
  }

  @Test func fullHasTheEvidence() throws {
    let results = try Self.results(.full)
    #expect(results.count { $0["kind"] as? String == "open" } == 2)
    #expect(results.count { $0["kind"] as? String == "pass" } == 1)
    #expect(results.count { $0["kind"] as? String == "notApplicable" } == 1)
    for result in results {
      // Level must be absent or `none` for every kind but `fail` (SARIF 2.1.0, section 3.27.10).
      let level = result["level"] as? String
      #expect(result["kind"] as? String == "fail" ? level != nil : level == nil || level == "none")
    }
  }

  @Test func snippetsAreForReadersWithoutSources() throws {
    func snippets(_ profile: SARIFProfile) throws -> [String] {
      try Self.results(profile).compactMap {
        let place = ($0["locations"] as? [Object])?.first?["physicalLocation"] as? Object
        return ((place?["region"] as? Object)?["snippet"] as? Object)?["text"] as? String
      }
    }
    #expect(try snippets(.standard).isEmpty)
    #expect(try snippets(.azure).contains("false"))
    // The migration's one line is too long to show.
    #expect(try !snippets(.azure).contains("GRANT ALL ON public.users TO PUBLIC"))
    #expect(try Self.results(.azure).allSatisfy { $0["kind"] as? String != "pass" })
  }

  @Test func unknownsCanBeLeftOut() throws {
    #expect(try Self.results(.standard, omitsUnknowns: true).count == 4)
    #expect(try Self.results(.standard).count == 6)
  }
}
