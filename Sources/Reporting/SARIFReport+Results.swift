import Findings
import SourceText

extension SARIFReport {
  /// One finding. In the standard profile `kind` is left out on purpose: GitHub ignores it and would turn `open` into
  /// an alert all the same.
  func result(_ finding: Finding, _ aside: SetAsideFinding.Reason? = nil) -> JSONValue {
    let isOpen = finding.verdict == .unknown && profile != .standard
    let rule = reference(to: finding.rule)
    return [
      "ruleId": .string(finding.rule),
      "ruleIndex": rule.index,
      "rule": rule.descriptor,
      "kind": profile == .standard ? nil : .string(isOpen ? "open" : "fail"),
      // An open result has no level (SARIF 2.1.0, section 3.27.10).
      "level": isOpen ? nil : .string(finding.verdict == .unknown ? "note" : finding.severity.sarifLevel),
      "message": message(text(finding)),
      "locations": .array([primaryLocation(finding.primary)]),
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

  /// How a finding compares with the baseline; nil where there is none.
  private func baselineState(_ aside: SetAsideFinding.Reason?) -> JSONValue? {
    guard report.baseline != nil else { return nil }
    return .string(aside == .inBaseline ? "unchanged" : "new")
  }

  /// Present on every result or on none (SARIF 2.1.0, section 3.27.23).
  private func suppressions(_ aside: SetAsideFinding.Reason?) -> JSONValue? {
    guard profile != .standard else { return nil }
    guard case .suppressed(let suppression)? = aside else { return .array([]) }
    let terms: JSONValue = [
      "approver": suppression.approver.map(JSONValue.string), "expires": suppression.expires.map(JSONValue.string),
    ]
    return .array([
      [
        "kind": .string(suppression.kind.rawValue),
        "status": .string("accepted"),
        "justification": .string(suppression.justification),
        "location": ["physicalLocation": physicalLocation(suppression.span)],
        "properties": suppression.approver == nil && suppression.expires == nil ? nil : terms,
      ]
    ])
  }

  /// What the baseline has and the project has not any more.
  func result(_ gone: GoneFinding) -> JSONValue {
    let rule = reference(to: gone.rule)
    return [
      "ruleId": .string(gone.rule),
      "ruleIndex": rule.index,
      "rule": rule.descriptor,
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

  /// A judgement that found nothing to report: an auditor's evidence.
  func evidence(_ judgement: Judgement) -> JSONValue {
    let rule = reference(to: judgement.rule)
    let title = titles[judgement.rule] ?? judgement.rule
    let text = judgement.subject.isEmpty ? title : "\(judgement.subject.withoutFullStop): \(title)"
    return [
      "ruleId": .string(judgement.rule),
      "ruleIndex": rule.index,
      "rule": rule.descriptor,
      "kind": .string(judgement.verdict == .pass ? "pass" : "notApplicable"),
      "level": .string("none"),
      "message": message(text.asSentence),
      "locations": judgement.location.map { .array([location($0)]) },
      "suppressions": suppressions(nil),
      "baselineState": baselineState(nil).map { _ in .string("unchanged") },
      "properties": [
        "verdict": .string(judgement.verdict.rawValue),
        "subject": judgement.subject.isEmpty ? nil : .string(judgement.subject),
      ],
    ]
  }

  /// How a result names its rule: a user's own stands in a component of its own.
  private func reference(to rule: String) -> (index: JSONValue?, descriptor: JSONValue?) {
    let index = ruleIndices[rule].map(JSONValue.int)
    guard userRuleIDs.contains(rule) else { return (index, nil) }
    return (nil, ["id": .string(rule), "index": index, "toolComponent": ["index": .int(0)]])
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
    guard text.utf8.contains(where: { $0 == 0x5B || $0 == 0x5C || $0 == 0x5D }) else { return text }
    return String(text.flatMap { "[]\\".contains($0) ? ["\\", $0] : [$0] })
  }

  /// Text from a template that looks like a link is no link of ours.
  private static func withoutAccidentalLinks(_ text: String) -> String {
    // Nearly all texts have none, and to go through a text by its characters takes longer than to write it.
    var last: UInt8 = 0
    let mayHaveLink = text.utf8.contains { byte in
      defer { last = byte }
      return byte == UInt8(ascii: "(") && last == UInt8(ascii: "]")
    }
    guard mayHaveLink else { return text }
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

  func location(
    _ location: Location, id: Int? = nil, message text: String? = nil, physicalLocation: JSONValue? = nil
  ) -> JSONValue {
    var logical: [JSONValue] = [
      ["fullyQualifiedName": .string(location.path), "kind": .string(location.kind)]
    ]
    if let constructPath = location.constructPath {
      logical.append(["fullyQualifiedName": .string(constructPath), "kind": .string("construct")])
    }
    return [
      "id": id.map(JSONValue.int),
      "physicalLocation": physicalLocation ?? self.physicalLocation(location.span),
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

  /// A result's own place: in the profiles whose readers may not have the sources, with the text that stands there.
  private func primaryLocation(_ location: Location) -> JSONValue {
    guard profile != .standard, let snippets = snippets(location.span) else { return self.location(location) }
    return self.location(
      location,
      physicalLocation: [
        "artifactLocation": artifactLocation(location.span.file), "region": region(location.span, snippets.region),
        "contextRegion": snippets.context,
      ])
  }

  /// The text of a region, and the lines around it. Nothing where a line is longer than a reader can use, as in
  /// templates of one line.
  private func snippets(_ span: Span) -> (region: String, context: JSONValue)? {
    guard let entry = sources[span.file], let (start, end) = sources.positions(span) else { return nil }
    let first = max(1, start.line - 2)
    let last = min(entry.lines.lineCount, end.line + 2)
    guard let lower = entry.lines.range(ofLine: first)?.lowerBound,
      let upper = entry.lines.range(ofLine: last)?.upperBound, upper - lower <= Self.snippetLimit
    else { return nil }
    let bytes = entry.source.bytes
    return (
      String(decoding: bytes[span.lower..<span.upper], as: UTF8.self),
      [
        "startLine": .int(first), "endLine": .int(last),
        "snippet": message(String(decoding: bytes[lower..<upper], as: UTF8.self)),
      ]
    )
  }

  /// The most bytes of a snippet.
  private static var snippetLimit: Int { 4096 }

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
  private func region(_ span: Span, _ snippet: String? = nil) -> JSONValue? {
    guard let (start, end) = sources.positions(span) else { return nil }
    return [
      "startLine": .int(start.line),
      "startColumn": .int(start.utf16Column),
      "endLine": .int(end.line),
      "endColumn": .int(end.utf16Column),
      "snippet": snippet.map(message),
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
