import Findings
import SourceText

extension SARIFReport {
  /// All results, by place. What the baseline knows is told all the same, for a reader that compares uploads would
  /// take it for cured; what is excepted is only told to readers that know suppressions.
  var results: [JSONValue] {
    let counting = report.findings.filter { $0.verdict == .fail || $0.verdict == .unknown }.map {
      (finding: $0, aside: SetAsideFinding.Reason?.none)
    }
    let aside = report.setAside.filter { profile == .full || $0.suppression == nil }.map {
      (finding: $0.finding, aside: SetAsideFinding.Reason?.some($0.reason))
    }
    let all = (counting + aside).enumerated().sorted {
      ($0.element.finding.primary.span, $0.offset) < ($1.element.finding.primary.span, $1.offset)
    }
    let gone = profile == .full ? report.baseline?.gone ?? [] : []
    return all.map { result($0.element.finding, $0.element.aside) } + gone.map(result)
  }

  /// How a finding compares with the baseline; nil where there is none.
  private func baselineState(_ aside: SetAsideFinding.Reason?) -> JSONValue? {
    guard report.baseline != nil else { return nil }
    return .string(aside == .inBaseline ? "unchanged" : "new")
  }

  /// Present on every result or on none (SARIF 2.1.0, section 3.27.23).
  private func suppressions(_ aside: SetAsideFinding.Reason?) -> JSONValue? {
    guard profile == .full else { return nil }
    guard case .suppressed(let suppression)? = aside else { return .array([]) }
    return .array([
      [
        "kind": .string(suppression.kind.rawValue),
        "status": .string("accepted"),
        "justification": .string(suppression.justification),
        "location": ["physicalLocation": physicalLocation(suppression.span)],
        "properties": suppression.approver == nil && suppression.expires == nil
          ? nil
          : [
            "approver": suppression.approver.map(JSONValue.string),
            "expires": suppression.expires.map(JSONValue.string),
          ],
      ]
    ])
  }

  /// What the baseline has and the project has not any more.
  private func result(_ gone: GoneFinding) -> JSONValue {
    [
      "ruleId": .string(gone.rule),
      "kind": .string("fail"),
      "level": .string("note"),
      "message": message(Self.withoutAccidentalLinks(gone.message)),
      "locations": .array([
        [
          "physicalLocation": ["artifactLocation": artifactLocation(path: gone.path)],
          "logicalLocations": .array([["fullyQualifiedName": .string(gone.logicalPath)]]),
        ]
      ]),
      "partialFingerprints": .object([JSONValue.Member(SubjectFingerprint.name, .string(gone.fingerprint))]),
      "suppressions": .array([]),
      "baselineState": .string("absent"),
    ]
  }

  /// One finding. `kind` is left out by default on purpose: GitHub ignores it and would turn `open` into an alert all
  /// the same.
  private func result(_ finding: Finding, _ aside: SetAsideFinding.Reason?) -> JSONValue {
    let isOpen = profile == .full && finding.verdict == .unknown
    let index = ruleIndices[finding.rule]
    let isUserRule = userRuleIDs.contains(finding.rule)
    return [
      "ruleId": .string(finding.rule),
      "ruleIndex": isUserRule ? nil : index.map(JSONValue.int),
      "rule": isUserRule
        ? [
          "id": .string(finding.rule), "index": index.map(JSONValue.int), "toolComponent": ["index": .int(0)],
        ] : nil,
      "kind": profile == .full ? .string(isOpen ? "open" : "fail") : nil,
      "level": isOpen ? nil : .string(finding.verdict == .unknown ? "note" : finding.severity.sarifLevel),
      "message": message(text(finding)),
      "locations": .array([location(finding.primary)]),
      "relatedLocations": .filled(finding.related.map(relatedLocation)),
      "codeFlows": finding.steps.isEmpty ? nil : .array([codeFlow(finding.steps)]),
      "fixes": .filled(finding.fixes.filter { !$0.edits.isEmpty }.map(fix)),
      "partialFingerprints": partialFingerprints(finding),
      "suppressions": suppressions(aside),
      "baselineState": baselineState(aside),
      "properties": [
        "verdict": .string(finding.verdict.rawValue),
        "obligation": .string(finding.obligation),
        "severity": .string(finding.severity.rawValue),
        "subject": .string(finding.subject),
        "scenarios": .filled(finding.scenarios),
        "assumptions": .filled(finding.assumptions),
        "reasons": .filled(finding.reasons.map(reason)),
      ],
    ]
  }

  // MARK: Messages

  /// The message with its links. A link whose related location is missing is plain text, for a dead link is an error.
  private func text(_ finding: Finding) -> String {
    let ids = Set(finding.related.map(\.id))
    let text = finding.message.fragments.map { fragment in
      switch fragment {
      case .text(let text): Self.withoutAccidentalLinks(text)
      case .link(let text, let id) where ids.contains(id): "[\(Self.escapedLinkText(text))](\(id))"
      case .link(let text, _): Self.withoutAccidentalLinks(text)
      }
    }.joined()
    if finding.verdict == .unknown, !text.hasPrefix(Self.cannotTell) {
      return "\(Self.cannotTell) this holds: \(text)"
    }
    return text
  }

  private static let cannotTell = "Cannot tell whether"

  /// Brackets and backslashes in a link's text are escaped by a backslash (SARIF 2.1.0, section 3.11.6).
  private static func escapedLinkText(_ text: String) -> String {
    String(text.flatMap { "[]\\".contains($0) ? ["\\", $0] : [$0] })
  }

  /// Text from a template that looks like a link is no link of ours.
  private static func withoutAccidentalLinks(_ text: String) -> String {
    var result = ""
    for character in text {
      if character == "(", result.hasSuffix("]") { result.insert("\\", at: result.index(before: result.endIndex)) }
      result.append(character)
    }
    return result
  }

  private func reason(_ reason: UnknownReason) -> JSONValue {
    [
      "text": .string(reason.text),
      "cure": reason.cure.map(JSONValue.string),
      "location": reason.location.map { ["physicalLocation": physicalLocation($0)] },
    ]
  }

  // MARK: Places

  func location(_ location: Location, id: Int? = nil, message text: String? = nil) -> JSONValue {
    var logical: [JSONValue] = [
      ["fullyQualifiedName": .string(location.path), "kind": .string(location.kind)]
    ]
    if let constructPath = location.constructPath {
      logical.append(["fullyQualifiedName": .string(constructPath), "kind": .string("construct")])
    }
    return [
      "id": id.map(JSONValue.int),
      "physicalLocation": physicalLocation(location.span),
      "logicalLocations": location.path.isEmpty ? nil : .array(logical),
      "message": text.map(message),
    ]
  }

  private func relatedLocation(_ related: RelatedLocation) -> JSONValue {
    location(related.location, id: related.id, message: related.message)
  }

  func physicalLocation(_ span: Span) -> JSONValue {
    ["artifactLocation": artifactLocation(span.file), "region": region(span)]
  }

  func artifactLocation(path: String) -> JSONValue {
    ["uri": .string(URIReference.relative(path)), "uriBaseId": .string(Self.sourceRoot)]
  }

  private func artifactLocation(_ file: FileID) -> JSONValue {
    [
      "uri": .string(URIReference.relative(sources.path(file))),
      "uriBaseId": .string(Self.sourceRoot),
      "index": artifactIndices[file].map(JSONValue.int),
    ]
  }

  /// The exact region, in UTF-16 units; the end column is that of the first character after it.
  private func region(_ span: Span) -> JSONValue? {
    guard let (start, end) = sources.positions(span) else { return nil }
    return [
      "startLine": .int(start.line),
      "startColumn": .int(start.utf16Column),
      "endLine": .int(end.line),
      "endColumn": .int(end.utf16Column),
    ]
  }

  // MARK: Reasoning and cure

  /// Inline locations, since GitHub takes none by index.
  private func codeFlow(_ steps: [Step]) -> JSONValue {
    let locations = steps.map { step -> JSONValue in
      [
        "location": location(step.location, message: step.message),
        "nestingLevel": .int(step.nesting),
        "importance": .string(step.isEssential ? "essential" : "important"),
      ]
    }
    return ["threadFlows": .array([["locations": .array(locations)]])]
  }

  private func fix(_ fix: Fix) -> JSONValue {
    var files: [FileID] = []
    for edit in fix.edits where !files.contains(edit.span.file) { files.append(edit.span.file) }
    let changes = files.map { file -> JSONValue in
      let edits = fix.edits.filter { $0.span.file == file }.sorted { $0.span < $1.span }
      return [
        "artifactLocation": artifactLocation(file),
        "replacements": .array(
          edits.map { edit in
            [
              "deletedRegion": region(edit.span) ?? [:],
              "insertedContent": edit.replacement.isEmpty ? nil : message(edit.replacement),
            ]
          }),
      ]
    }
    return [
      "description": message(fix.description),
      "artifactChanges": .array(changes),
      "properties": ["safety": .string(fix.safety.rawValue)],
    ]
  }

  private func partialFingerprints(_ finding: Finding) -> JSONValue {
    let span = finding.primary.span
    let line = sources.positions(span)?.start.line
    return .object(
      [
        line.flatMap { lineHashes[span.file]?.ofLine($0) }.map {
          JSONValue.Member("primaryLocationLineHash", .string($0))
        },
        JSONValue.Member(
          SubjectFingerprint.name, .string(SubjectFingerprint.of(finding, inProject: report.projectName))),
      ].compactMap { $0 })
  }
}

extension Severity {
  /// SARIF's level. An `info` is told, never demanded.
  var sarifLevel: String {
    switch self {
    case .critical, .high: "error"
    case .medium: "warning"
    case .low, .info: "note"
    }
  }
}
