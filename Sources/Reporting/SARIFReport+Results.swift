import Findings
import SourceText

extension SARIFReport {
  /// Writes the members of one finding. In the standard profile `kind` is left out on purpose: GitHub ignores it and
  /// would turn `open` into an alert all the same.
  func writeResult(_ finding: Finding, _ aside: SetAsideFinding.Reason?, to json: inout JSONWriter) {
    let isOpen = finding.verdict == .unknown && profile != .standard
    writeReference(to: finding.rule, to: &json)
    if profile != .standard { json.member("kind", isOpen ? "open" : "fail") }
    // An open result has no level (SARIF 2.1.0, section 3.27.10).
    if !isOpen { json.member("level", finding.verdict == .unknown ? "note" : finding.severity.sarifLevel) }
    json.message(text(finding))
    json.objects("locations", CollectionOfOne(finding.primary)) { writePrimaryLocation($1, to: &$0) }
    json.objects("relatedLocations", unlessEmpty: finding.related) { json, related in
      writeLocation(related.location, id: related.id, message: related.message, to: &json)
    }
    if !finding.steps.isEmpty, !finding.stepsRepeatIt { writeCodeFlow(finding.steps, to: &json) }
    json.objects("fixes", unlessEmpty: finding.fixes.filter { !$0.edits.isEmpty }) { write($1, to: &$0) }
    writePartialFingerprints(of: finding, to: &json)
    writeSuppressions(aside, to: &json)
    writeBaselineState(aside == .inBaseline ? "unchanged" : "new", to: &json)
    json.object("properties") { json in
      json.member("verdict", finding.verdict.rawValue)
      json.member("obligation", finding.obligation)
      json.member("severity", finding.severity.rawValue)
      json.member("subject", finding.subject)
      json.strings("scenarios", unlessEmpty: finding.scenarios)
      json.strings("assumptions", unlessEmpty: finding.assumptions)
      json.objects("reasons", unlessEmpty: finding.reasons) { json, reason in
        json.member("text", reason.text)
        json.member("cure", reason.cure)
        if let location = reason.location { json.object("location") { writePhysicalLocation(location, to: &$0) } }
      }
    }
  }

  /// Writes how a finding compares with the baseline; nothing where there is none.
  private func writeBaselineState(_ state: String, to json: inout JSONWriter) {
    if report.baseline != nil { json.member("baselineState", state) }
  }

  /// Present on every result or on none (SARIF 2.1.0, section 3.27.23).
  private func writeSuppressions(_ aside: SetAsideFinding.Reason?, to json: inout JSONWriter) {
    guard profile != .standard else { return }
    var suppressions: [Suppression] = []
    if case .suppressed(let suppression)? = aside { suppressions = [suppression] }
    json.objects("suppressions", suppressions) { json, suppression in
      json.member("kind", suppression.kind.rawValue)
      json.member("status", "accepted")
      json.member("justification", suppression.justification)
      json.object("location") { writePhysicalLocation(suppression.span, to: &$0) }
      guard suppression.approver != nil || suppression.expires != nil else { return }
      json.object("properties") { json in
        json.member("approver", suppression.approver)
        json.member("expires", suppression.expires)
      }
    }
  }

  /// Writes the members of what the baseline has and the project has not any more.
  func writeResult(_ gone: GoneFinding, to json: inout JSONWriter) {
    writeReference(to: gone.rule, to: &json)
    json.member("kind", "fail")
    json.member("level", "note")
    json.message(Self.withoutAccidentalLinks(gone.message))
    json.objects("locations", CollectionOfOne(gone)) { json, gone in
      json.object("physicalLocation") { writeArtifactLocation(path: gone.path, to: &$0) }
      json.objects("logicalLocations", CollectionOfOne(gone)) { $0.member("fullyQualifiedName", $1.logicalPath) }
    }
    json.object("partialFingerprints") { json in
      json.member(named: SubjectFingerprint.name) { $0.write(gone.fingerprint) }
    }
    writeSuppressions(nil, to: &json)
    json.member("baselineState", "absent")
  }

  /// Writes the members of a judgement that found nothing to report: an auditor's evidence.
  func writeEvidence(_ judgement: Judgement, to json: inout JSONWriter) {
    let title = titles[judgement.rule] ?? judgement.rule
    let text = judgement.subject.isEmpty ? title : "\(judgement.subject.withoutFullStop): \(title)"
    writeReference(to: judgement.rule, to: &json)
    json.member("kind", judgement.verdict == .pass ? "pass" : "notApplicable")
    json.member("level", "none")
    json.message(text.asSentence)
    if let location = judgement.location {
      json.objects("locations", CollectionOfOne(location)) { writeLocation($1, to: &$0) }
    }
    writeSuppressions(nil, to: &json)
    writeBaselineState("unchanged", to: &json)
    json.object("properties") { json in
      json.member("verdict", judgement.verdict.rawValue)
      if !judgement.subject.isEmpty { json.member("subject", judgement.subject) }
    }
  }

  /// Writes how a result names its rule: a user's own stands in a component of its own.
  private func writeReference(to rule: String, to json: inout JSONWriter) {
    json.member("ruleId", rule)
    let index = ruleIndices[rule]
    guard userRuleIDs.contains(rule) else { return json.member("ruleIndex", index) }
    json.object("rule") { json in
      json.member("id", rule)
      json.member("index", index)
      json.object("toolComponent") { $0.member("index", 0) }
    }
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

  // MARK: Places

  private func writeLocation(
    _ location: Location, id: Int? = nil, message: String? = nil, withSnippets snippets: Snippets? = nil,
    to json: inout JSONWriter
  ) {
    json.member("id", id)
    writePhysicalLocation(location.span, withSnippets: snippets, to: &json)
    if !location.path.isEmpty {
      json.array("logicalLocations", 0..<(location.constructPath == nil ? 1 : 2)) { json, index in
        json.object { json in
          json.member("fullyQualifiedName", index == 0 ? location.path : location.constructPath)
          json.member("kind", index == 0 ? location.kind : "construct")
        }
      }
    }
    if let message { json.message(message) }
  }

  /// Writes the member `physicalLocation` of a place.
  func writePhysicalLocation(_ span: Span, withSnippets snippets: Snippets? = nil, to json: inout JSONWriter) {
    json.object("physicalLocation") { json in
      writeArtifactLocation(span.file, to: &json)
      writeRegion("region", span, snippets?.region, to: &json)
      if let snippets {
        json.object("contextRegion") { json in
          json.member("startLine", snippets.lines.lowerBound)
          json.member("endLine", snippets.lines.upperBound)
          json.object("snippet") { $0.member("text", snippets.context) }
        }
      }
    }
  }

  /// Writes a result's own place: in the profiles whose readers may not have the sources, with the text that stands
  /// there.
  private func writePrimaryLocation(_ location: Location, to json: inout JSONWriter) {
    let snippets = profile == .standard ? nil : snippets(location.span)
    writeLocation(location, withSnippets: snippets, to: &json)
  }

  /// The text of a region, and the lines around it.
  struct Snippets {
    let region: String
    let context: String
    /// Those of ``context``, from 1.
    let lines: ClosedRange<Int>
  }

  /// What a reader without the sources sees of a region. Nothing where a line is longer than a reader can use, as in
  /// templates of one line.
  private func snippets(_ span: Span) -> Snippets? {
    guard let entry = sources[span.file], let (start, end) = sources.positions(span) else { return nil }
    let first = max(1, start.line - 2)
    let last = min(entry.lines.lineCount, end.line + 2)
    guard let lower = entry.lines.range(ofLine: first)?.lowerBound,
      let upper = entry.lines.range(ofLine: last)?.upperBound, upper - lower <= Self.snippetLimit
    else { return nil }
    let bytes = entry.source.bytes
    return Snippets(
      region: String(decoding: bytes[span.lower..<span.upper], as: UTF8.self),
      context: String(decoding: bytes[lower..<upper], as: UTF8.self), lines: first...max(first, last))
  }

  /// The most bytes of a snippet.
  private static var snippetLimit: Int { 4096 }

  /// Writes the member `artifactLocation` of a file that the report does not hold.
  func writeArtifactLocation(path: String, to json: inout JSONWriter) {
    json.object("artifactLocation") { json in
      json.member("uri", URIReference.relative(path))
      json.member("uriBaseId", Self.sourceRoot)
    }
  }

  private func writeArtifactLocation(_ file: FileID, to json: inout JSONWriter) {
    guard let artifact = artifacts[file] else { return writeArtifactLocation(path: sources.path(file), to: &json) }
    json.object("artifactLocation") { json in
      json.member("uri", artifact.uri)
      json.member("uriBaseId", Self.sourceRoot)
      json.member("index", artifact.index)
    }
  }

  /// Writes the exact region, in UTF-16 units; the end column is that of the first character after it.
  private func writeRegion(_ name: StaticString, _ span: Span, _ snippet: String? = nil, to json: inout JSONWriter) {
    guard let (start, end) = sources.positions(span) else { return }
    json.object(name) { json in
      json.member("startLine", start.line)
      json.member("startColumn", start.utf16Column)
      json.member("endLine", end.line)
      json.member("endColumn", end.utf16Column)
      if let snippet { json.object("snippet") { $0.member("text", snippet) } }
    }
  }

  // MARK: Reasoning and cure

  /// Inline locations, since GitHub takes none by index.
  private func writeCodeFlow(_ steps: [Step], to json: inout JSONWriter) {
    json.objects("codeFlows", CollectionOfOne(steps)) { json, steps in
      json.objects("threadFlows", CollectionOfOne(steps)) { json, steps in
        json.objects("locations", steps) { json, step in
          json.object("location") { writeLocation(step.location, message: step.message, to: &$0) }
          json.member("nestingLevel", step.nesting)
          json.member("importance", step.isEssential ? "essential" : "important")
        }
      }
    }
  }

  private func write(_ fix: Fix, to json: inout JSONWriter) {
    var files: [FileID] = []
    for edit in fix.edits where !files.contains(edit.span.file) { files.append(edit.span.file) }
    json.object("description") { $0.member("text", fix.description) }
    json.objects("artifactChanges", files) { json, file in
      writeArtifactLocation(file, to: &json)
      let edits = fix.edits.filter { $0.span.file == file }.sorted { $0.span < $1.span }
      json.objects("replacements", edits) { json, edit in
        writeRegion("deletedRegion", edit.span, to: &json)
        if !edit.replacement.isEmpty { json.object("insertedContent") { $0.member("text", edit.replacement) } }
      }
    }
    json.object("properties") { $0.member("safety", fix.safety.rawValue) }
  }

  private func writePartialFingerprints(of finding: Finding, to json: inout JSONWriter) {
    let span = finding.primary.span
    let line = sources.positions(span)?.start.line
    json.object("partialFingerprints") { json in
      json.member("primaryLocationLineHash", line.flatMap { artifacts[span.file]?.hashes?.ofLine($0) })
      json.member(named: SubjectFingerprint.name) { json in
        json.write(SubjectFingerprint.of(finding, inProject: report.projectName))
      }
    }
  }
}

extension Finding {
  /// Whether the way to the finding is no way: one step, which names the subject at the finding's own place.
  fileprivate var stepsRepeatIt: Bool {
    guard steps.count == 1, steps[0].location == primary else { return false }
    // A step is written like a sentence.
    let message = steps[0].message
    return message.dropFirst() == subject.dropFirst()
      && message.prefix(1).lowercased() == subject.prefix(1).lowercased()
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
