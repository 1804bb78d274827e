import Findings
import SourceText

/// SARIF 2.1.0. In its standard profile it can be uploaded anywhere: failures with their level, unknowns as notes that
/// say "Cannot tell whether", and nothing that a reader would mistake for an alert. The other profiles say more; see
/// ``SARIFProfile``.
///
/// No times, machines, accounts, absolute paths or random identifiers: the same report gives the same bytes.
package struct SARIFReport: Sendable {
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
  let artifactIndices: [FileID: Int]
  let lineHashes: [FileID: LineHashes]

  /// Where the tool is described. The one address of the project that reports carry.
  package static let informationURI = "https://github.com/blealint/blealint"
  static let sourceRoot = "SRCROOT"

  private init(_ report: Report, options: RenderingOptions) {
    self.report = report
    language = options.language
    profile = options.sarifProfile
    omitsUnknowns = options.omitsUnknowns
    sources = SourceMap(report, withJudgements: profile == .full)
    let rules = report.rules.sorted { $0.id < $1.id }
    taxonomies = ControlTaxonomies(rules)
    titles = Dictionary(
      rules.map { [language] in ($0.id, $0.title(language)) }, uniquingKeysWith: { first, _ in first })
    builtInRules = rules.filter(\.isBuiltIn)
    userRules = rules.filter { !$0.isBuiltIn }
    var indices: [String: Int] = [:]
    for group in [builtInRules, userRules] {
      for (index, rule) in group.enumerated() { indices[rule.id] = index }
    }
    ruleIndices = indices
    userRuleIDs = Set(userRules.map(\.id))
    var artifacts: [FileID: Int] = [:]
    for (index, file) in report.files.enumerated() { artifacts[file.source.id] = index }
    artifactIndices = artifacts
    var hashes: [FileID: LineHashes] = [:]
    for finding in report.findings + report.setAside.map(\.finding) {
      let file = finding.primary.span.file
      if hashes[file] == nil, let entry = sources[file] { hashes[file] = LineHashes(entry.source.bytes) }
    }
    lineHashes = hashes
  }

  /// The report's text.
  package static func render(_ report: Report, options: RenderingOptions = RenderingOptions()) -> String {
    JSONWriter.text(SARIFReport(report, options: options).log)
  }

  /// Writes the report's text piece by piece.
  static func write(_ report: Report, options: RenderingOptions, to sink: @escaping ([UInt8]) -> Void) {
    JSONWriter.write(SARIFReport(report, options: options).log, to: sink)
  }

  private var log: JSONDraft {
    .members([
      ("$schema", .value(.string("https://json.schemastore.org/sarif-2.1.0.json"))),
      ("version", .value(.string("2.1.0"))),
      ("runs", .array([run])),
    ])
  }

  private var run: JSONDraft {
    let entries = entries
    return .members([
      (
        "tool",
        .value([
          "driver": driver,
          "extensions": userRules.isEmpty ? nil : .array([userRulesComponent]),
        ])
      ),
      ("language", .value(.string(language.rawValue))),
      ("automationDetails", .value(["id": .string("blealint/\(report.projectName)/")])),
      ("columnKind", .value(.string("utf16CodeUnits"))),
      (
        "originalUriBaseIds",
        .value(
          .object([
            JSONValue.Member(Self.sourceRoot, ["description": message("The root of the repository.")])
          ]))
      ),
      ("taxonomies", .optional(.filled(taxonomies.taxonomies.map(taxonomy)))),
      ("artifacts", .optional(.filled(report.files.map(artifact)))),
      ("invocations", .value(.array([invocation]))),
      ("properties", .optional(report.profiles.last.map { ["profile": .string($0)] })),
      ("results", .made(entries.count) { index in result(entries[index]) }),
    ])
  }

  /// What a result is made of.
  private enum Entry {
    case finding(Finding, SetAsideFinding.Reason?)
    case gone(GoneFinding)
    case clean(Judgement)
  }

  private func result(_ entry: Entry) -> JSONValue {
    switch entry {
    case .finding(let finding, let reason): result(finding, reason)
    case .gone(let gone): result(gone)
    case .clean(let judgement): evidence(judgement)
    }
  }

  /// Findings, and in the full profile the evidence that nothing was found. What the baseline knows is told all the
  /// same, for a reader that compares uploads would take it for cured; what is excepted is only told to readers that
  /// know suppressions.
  private var entries: [Entry] {
    let counting = report.findings.map { (finding: $0, reason: SetAsideFinding.Reason?.none) }
    let aside = report.setAside.filter { profile != .standard || $0.suppression == nil }.map {
      (finding: $0.finding, reason: SetAsideFinding.Reason?.some($0.reason))
    }
    let shown = (counting + aside).filter { entry in
      entry.finding.verdict == .fail || (entry.finding.verdict == .unknown && !omitsUnknowns)
    }
    // Each is in its place already where nothing is put between.
    let placed =
      report.setAside.isEmpty
      ? shown
      : shown.enumerated().sorted {
        ($0.element.finding.primary.span, $0.offset) < ($1.element.finding.primary.span, $1.offset)
      }.map(\.element)
    let results = placed.map { Entry.finding($0.finding, $0.reason) }
    guard profile != .standard else { return results }
    let gone = report.baseline?.gone.map(Entry.gone) ?? []
    guard profile == .full else { return results + gone }
    let clean = report.judgements.filter { $0.verdict == .pass || $0.verdict == .notApplicable }
    return results + gone + clean.map(Entry.clean)
  }

  // MARK: What was read

  private func artifact(_ file: ReadFile) -> JSONValue {
    let bytes = file.source.fileBytes
    return [
      "location": ["uri": .string(URIReference.relative(file.source.path)), "uriBaseId": .string(Self.sourceRoot)],
      "length": .int(bytes.count),
      "roles": .array([.string("analysisTarget")]),
      "encoding": file.source.wideBytes != nil
        ? .string("UTF-16") : String(validating: bytes, as: UTF8.self) == nil ? nil : .string("UTF-8"),
      "sourceLanguage": .string(file.language),
      "hashes": ["sha-256": .string(SHA256.hexadecimal(bytes))],
      "properties": ["role": .string(file.role.rawValue)],
    ]
  }

  private func taxonomy(_ taxonomy: ControlTaxonomies.Taxonomy) -> JSONValue {
    [
      "name": .string(taxonomy.framework.name),
      "informationUri": taxonomy.framework.informationURI.map(JSONValue.string),
      "isComprehensive": .bool(false),
      "taxa": .array(taxonomy.controls.map { ["id": .string($0)] }),
    ]
  }

  // MARK: What the tool says of its own run

  /// The stable names of the notifications that this report carries, in order.
  var notificationIDs: [String] {
    var ids = Set(report.diagnostics.map(\.id))
    if !report.passedOver.isEmpty { ids.insert(Self.passedOver) }
    if !counts.isEmpty { ids.insert(Self.setAside) }
    return ids.sorted()
  }

  private static let passedOver = "file-passed-over"
  private static let setAside = "findings-set-aside"

  /// What does not count and why, a sentence each: told wherever the findings themselves are left out.
  private var counts: [String] {
    Wording(language).setAside(
      ReportSummary(report), baseline: report.baseline, changedSince: report.changedSince)
  }

  private func notification(_ count: String, index: Int?) -> JSONValue {
    [
      "descriptor": ["id": .string(Self.setAside), "index": index.map(JSONValue.int)], "level": .string("note"),
      "message": message(count),
    ]
  }

  private var invocation: JSONValue {
    let hasError = report.diagnostics.contains { $0.severity == .error }
    var indices: [String: Int] = [:]
    for (index, id) in notificationIDs.enumerated() { indices[id] = index }
    let notifications =
      report.diagnostics.map { notification($0, index: indices[$0.id]) }
      + report.passedOver.map { notification($0, index: indices[Self.passedOver]) }
      + counts.map { notification($0, index: indices[Self.setAside]) }
    return [
      "executionSuccessful": .bool(!hasError && report.exitCode != 2),
      "exitCode": .int(report.exitCode),
      "toolExecutionNotifications": .filled(notifications),
      "ruleConfigurationOverrides": .filled((builtInRules + userRules).compactMap(configurationOverride)),
      "properties": ["asOf": .string(report.asOf)],
    ]
  }

  /// What the profile or the user has changed of a rule. SARIF's levels are coarser than severities, so these are told
  /// as well.
  private func configurationOverride(_ rule: RuleDescription) -> JSONValue? {
    let parameters = changedParameters(rule)
    let severity = rule.severity == rule.ownSeverity ? nil : rule.severity
    guard parameters != nil || severity != nil else { return nil }
    return [
      "configuration": [
        "level": severity.map { .string($0.sarifLevel) },
        "parameters": parameters,
        "properties": severity.map { ["severity": .string($0.rawValue)] },
      ],
      "descriptor": [
        "id": .string(rule.id),
        "index": ruleIndices[rule.id].map(JSONValue.int),
        "toolComponent": rule.isBuiltIn ? nil : ["index": .int(0)],
      ],
    ]
  }

  /// The parameters whose value is not their default; nil where there are none.
  private func changedParameters(_ rule: RuleDescription) -> JSONValue? {
    let changed = rule.parameters.filter { $0.value != $0.defaultValue }
    return changed.isEmpty ? nil : .object(changed.map { JSONValue.Member($0.name, .string($0.value)) })
  }

  private func notification(_ diagnostic: Diagnostic, index: Int?) -> JSONValue {
    var locations: [JSONValue] = []
    if let span = diagnostic.span {
      locations.append(["physicalLocation": physicalLocation(span)])
    } else if let path = diagnostic.path {
      locations.append(["physicalLocation": ["artifactLocation": artifactLocation(path: path)]])
    }
    // Notifications have no related locations of their own (SARIF 2.1.0, section 3.58).
    for related in diagnostic.related {
      locations.append(["physicalLocation": physicalLocation(related.span), "message": message(related.message)])
    }
    let text = [diagnostic.message, diagnostic.cure].compactMap { $0 }.joined(separator: " ")
    return [
      "descriptor": ["id": .string(diagnostic.id), "index": index.map(JSONValue.int)],
      "level": .string(diagnostic.severity.rawValue),
      "message": message(text),
      "locations": .filled(locations),
    ]
  }

  private func notification(_ file: PassedOver, index: Int?) -> JSONValue {
    [
      "descriptor": ["id": .string(Self.passedOver), "index": index.map(JSONValue.int)],
      "level": .string("note"),
      "message": message("'\(file.path)' was not judged: \(file.reason)."),
      "locations": .array([["physicalLocation": ["artifactLocation": artifactLocation(path: file.path)]]]),
    ]
  }

  /// A message object whose text is shown as it stands.
  func message(_ text: String) -> JSONValue { ["text": .string(text)] }
}
