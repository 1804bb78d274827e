import Findings
import SourceText

/// SARIF 2.1.0. In its standard profile it can be uploaded anywhere: failures with their level, unknowns as notes that
/// say "Cannot tell whether", and nothing that a reader would mistake for an alert. The other profiles say more; see
/// ``SARIFProfile``.
///
/// What it is made from is looked up for every place that is written, on both cores: it is shared, not copied.
///
/// No times, machines, accounts, absolute paths or random identifiers: the same report gives the same bytes.
package final class SARIFReport: Sendable {
  let report: Report
  let language: Language
  let profile: SARIFProfile
  private let omitsUnknowns: Bool
  let sources: SourceMap
  let taxonomies: ControlTaxonomies
  let builtInRules: [RuleDescription]
  let userRules: [RuleDescription]
  /// Each rule's title in the report's language.
  let titles: [String: String]
  /// Each rule's index in its own tool component.
  let ruleIndices: [String: Int]
  let userRuleIDs: Set<String>
  /// What locations say of each file that was read.
  let artifacts: [FileID: Artifact]
  /// What does not count and why, a sentence each: told wherever the findings themselves are left out.
  let counts: [String]

  /// Where the tool is described. The one address of the project that reports carry.
  package static let informationURI = "https://github.com/blealint/blealint"
  static let sourceRoot = "SRCROOT"

  /// A file as locations name it.
  struct Artifact: Sendable {
    let uri: String
    /// Among the run's artifacts.
    let index: Int
    /// Nil where no finding is in it.
    var hashes: LineHashes?
  }

  private init(_ report: Report, options: RenderingOptions) {
    self.report = report
    language = options.language
    profile = options.sarifProfile
    omitsUnknowns = options.omitsUnknowns
    sources = SourceMap(report, withJudgements: profile == .full)
    let rules = report.rules.sorted { $0.id < $1.id }
    taxonomies = ControlTaxonomies(rules)
    titles = Dictionary(
      rules.map { ($0.id, $0.title(options.language)) }, uniquingKeysWith: { first, _ in first })
    builtInRules = rules.filter(\.isBuiltIn)
    userRules = rules.filter { !$0.isBuiltIn }
    var indices: [String: Int] = [:]
    for group in [builtInRules, userRules] {
      for (index, rule) in group.enumerated() { indices[rule.id] = index }
    }
    ruleIndices = indices
    userRuleIDs = Set(userRules.map(\.id))
    var artifacts: [FileID: Artifact] = [:]
    for (index, file) in report.files.enumerated() {
      artifacts[file.source.id] = Artifact(uri: URIReference.relative(file.source.path), index: index)
    }
    for file in Set((report.findings + report.setAside.map(\.finding)).map(\.primary.span.file)) {
      if let entry = sources[file] { artifacts[file]?.hashes = LineHashes(entry.source.bytes) }
    }
    self.artifacts = artifacts
    counts = Wording(options.language).setAside(
      ReportSummary(report), baseline: report.baseline, changedSince: report.changedSince)
  }

  /// The report's text.
  package static func render(_ report: Report, options: RenderingOptions = RenderingOptions()) -> String {
    JSONWriter.text { SARIFReport(report, options: options).write(to: &$0) }
  }

  /// Writes the report's text piece by piece.
  static func write(_ report: Report, options: RenderingOptions, to sink: @escaping ([UInt8]) -> Void) {
    JSONWriter.write(to: sink) { SARIFReport(report, options: options).write(to: &$0) }
  }

  private func write(to json: inout JSONWriter) {
    json.object { json in
      json.member("$schema", "https://json.schemastore.org/sarif-2.1.0.json")
      json.member("version", "2.1.0")
      json.objects("runs", [self]) { $1.writeRun(to: &$0) }
    }
  }

  private func writeRun(to json: inout JSONWriter) {
    json.object("tool") { json in
      json.object("driver", writeDriver)
      if !userRules.isEmpty { json.objects("extensions", [self]) { $1.writeUserRulesComponent(to: &$0) } }
    }
    json.member("language", language.rawValue)
    json.object("automationDetails") { $0.member("id", "blealint/\(report.projectName)/") }
    json.member("columnKind", "utf16CodeUnits")
    Self.writeSourceRoots(to: &json)
    json.objects("taxonomies", unlessEmpty: taxonomies.taxonomies) { write($1, to: &$0) }
    json.objects("artifacts", unlessEmpty: report.files) { write($1, to: &$0) }
    json.objects("invocations", [self]) { $1.writeInvocation(to: &$0) }
    if let profile = report.profiles.last { json.object("properties") { $0.member("profile", profile) } }
    let entries = entries
    json.objects("results", count: entries.count) { json, index in
      switch entries[index] {
      case .finding(let index): writeResult(report.findings[index], nil, to: &json)
      case .aside(let index): writeResult(report.setAside[index].finding, report.setAside[index].reason, to: &json)
      case .gone(let gone): writeResult(gone, to: &json)
      case .clean(let index): writeEvidence(report.judgements[index], to: &json)
      }
    }
  }

  /// Writes what paths are relative to.
  static func writeSourceRoots(to json: inout JSONWriter) {
    json.object("originalUriBaseIds") { json in
      json.member(named: sourceRoot) { json in
        json.object { $0.object("description") { $0.member("text", "The root of the repository.") } }
      }
    }
  }

  /// What a result is made of; by its index in the report where there may be many.
  private enum Entry {
    case finding(Int)
    case aside(Int)
    case gone(GoneFinding)
    case clean(Int)
  }

  /// Findings, and in the full profile the evidence that nothing was found. What the baseline knows is told all the
  /// same, for a reader that compares uploads would take it for cured; what is excepted is only told to readers that
  /// know suppressions.
  private var entries: [Entry] {
    func isShown(_ verdict: Verdict) -> Bool { verdict == .fail || (verdict == .unknown && !omitsUnknowns) }
    var entries = report.findings.indices.filter { isShown(report.findings[$0].verdict) }.map(Entry.finding)
    // Each is in its place already where nothing is put between.
    if !report.setAside.isEmpty {
      let aside = report.setAside.indices.filter { index in
        isShown(report.setAside[index].finding.verdict)
          && (profile != .standard || report.setAside[index].suppression == nil)
      }
      func place(_ entry: Entry) -> Span? {
        switch entry {
        case .finding(let index): report.findings[index].primary.span
        case .aside(let index): report.setAside[index].finding.primary.span
        case .gone, .clean: nil
        }
      }
      entries = (entries + aside.map(Entry.aside)).enumerated().compactMap { offset, entry in
        place(entry).map { (span: $0, offset: offset, entry: entry) }
      }.sorted { ($0.span, $0.offset) < ($1.span, $1.offset) }.map(\.entry)
    }
    if profile != .standard { entries += report.baseline?.gone.map(Entry.gone) ?? [] }
    if profile == .full {
      entries += report.judgements.indices.filter { index in
        [.pass, .notApplicable].contains(report.judgements[index].verdict)
      }.map(Entry.clean)
    }
    return entries
  }

  // MARK: What was read

  private func write(_ file: ReadFile, to json: inout JSONWriter) {
    let bytes = file.source.fileBytes
    json.object("location") { json in
      json.member("uri", URIReference.relative(file.source.path))
      json.member("uriBaseId", Self.sourceRoot)
    }
    json.member("length", bytes.count)
    json.strings("roles", ["analysisTarget"])
    if file.source.wideBytes != nil {
      json.member("encoding", "UTF-16")
    } else if String(validating: bytes, as: UTF8.self) != nil {
      json.member("encoding", "UTF-8")
    }
    json.member("sourceLanguage", file.language)
    json.object("hashes") { $0.member("sha-256", SHA256.hexadecimal(bytes)) }
    json.object("properties") { $0.member("role", file.role.rawValue) }
  }

  private func write(_ taxonomy: ControlTaxonomies.Taxonomy, to json: inout JSONWriter) {
    json.member("name", taxonomy.framework.name)
    json.member("informationUri", taxonomy.framework.informationURI)
    json.member("isComprehensive", false)
    json.objects("taxa", taxonomy.controls) { $0.member("id", $1) }
  }
}

extension JSONWriter {
  /// Writes the member `message`, whose text is shown as it stands.
  mutating func message(_ text: String) { object("message") { $0.member("text", text) } }
}
