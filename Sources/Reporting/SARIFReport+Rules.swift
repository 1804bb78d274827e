import Findings

extension SARIFReport {
  /// Writes the tool's members, with every built-in rule that was enabled, found or not: what was checked is evidence.
  func writeDriver(to json: inout JSONWriter) {
    json.member("name", "blealint")
    json.member("fullName", "blealint \(report.toolVersion)")
    json.member("semanticVersion", report.toolVersion)
    json.member("informationUri", Self.informationURI)
    json.objects("rules", unlessEmpty: builtInRules) { writeDescriptor(of: $1, to: &$0) }
    json.objects("notifications", unlessEmpty: notificationIDs) { json, id in
      json.member("id", id)
      json.member("name", Self.identifier(id))
    }
  }

  /// Writes the members of the component of the user's own rules, which are no part of the tool.
  func writeUserRulesComponent(to json: inout JSONWriter) {
    json.member("name", "blealint-user-rules")
    json.member("fullName", "blealint rules of the project '\(report.projectName)'")
    json.objects("rules", unlessEmpty: userRules) { writeDescriptor(of: $1, to: &$0) }
  }

  private func writeDescriptor(of rule: RuleDescription, to json: inout JSONWriter) {
    let help = RuleHelp(rule, language: language)
    let rationale = rule.rationale(language)
    json.member("id", rule.id)
    json.member("name", Self.identifier(rule.name))
    json.object("shortDescription") { $0.member("text", Self.sentence(rule.title(language))) }
    json.object("fullDescription") { json in
      json.member("text", Self.sentence(rationale.isEmpty ? rule.title(language) : rationale))
    }
    json.object("help") { json in
      json.member("text", help.text)
      json.member("markdown", help.markdown)
    }
    json.member("helpUri", help.uri)
    json.object("defaultConfiguration") { $0.member("level", rule.ownSeverity.sarifLevel) }
    json.objects("relationships", unlessEmpty: relationships(of: rule)) { json, relationship in
      json.object("target") { json in
        json.member("id", relationship.id)
        json.member("index", relationship.control)
        json.object("toolComponent") { json in
          json.member("name", taxonomies.taxonomies[relationship.taxonomy].framework.name)
          json.member("index", relationship.taxonomy)
        }
      }
      json.strings("kinds", ["relevant"])
    }
    json.object("properties") { json in
      json.strings("tags", unlessEmpty: tags(rule))
      json.member("precision", "high")
      json.member("problem.severity", rule.severity.problemSeverity)
      json.member("security-severity", rule.severity.securityScore)
      json.strings("origin", unlessEmpty: rule.origin)
      if !rule.parameters.isEmpty { json.object("parameters") { write(rule.parameters, to: &$0) } }
    }
  }

  /// GitHub rejects longer descriptions; in UTF-16 units.
  private static let descriptionLimit = 1024

  /// The controls of the taxonomies that a rule answers.
  private func relationships(of rule: RuleDescription) -> [(id: String, taxonomy: Int, control: Int)] {
    rule.controls.flatMap { group in
      group.ids.compactMap { id in
        taxonomies.indices(of: id, in: group.framework).map { (id, $0.0, $0.1) }
      }
    }
  }

  /// GitHub takes twenty and shows ten: what makes it a security alert first, then the family, then the controls.
  private func tags(_ rule: RuleDescription) -> [String] {
    var tags = ["security"]
    if let family = rule.family { tags.append(family) }
    for group in rule.controls {
      for id in group.ids { tags.append("\(group.framework)/\(id)") }
    }
    var seen: Set<String> = []
    return Array(tags.filter { seen.insert($0).inserted }.prefix(20))
  }

  /// `kms-key-rotation` as the identifier that SARIF asks of names: `KmsKeyRotation`.
  static func identifier(_ name: String) -> String {
    name.split { !$0.isLetter && !$0.isNumber }
      .map { $0.prefix(1).uppercased() + $0.dropFirst() }
      .joined()
  }

  /// A text as one that ends with a full stop, within GitHub's limit.
  private static func sentence(_ text: String) -> String {
    var text = text.trimmed
    if let last = text.last, !".!?。".contains(last) { text += "." }
    guard text.utf16.count > descriptionLimit else { return text }
    var shortened = ""
    var count = 1
    for character in text {
      count += character.utf16.count
      guard count <= descriptionLimit else { break }
      shortened.append(character)
    }
    return shortened + "…"
  }
}

extension Severity {
  /// CodeQL's word for how a result is ranked where it is no security alert.
  fileprivate var problemSeverity: String {
    switch self {
    case .critical, .high: "error"
    case .medium: "warning"
    case .low, .info: "recommendation"
    }
  }

  /// The score by which GitHub names a security alert critical (over 9.0), high (7.0 and up), medium (4.0 and up) or
  /// low; `info` has none, and is no security alert.
  fileprivate var securityScore: String? {
    switch self {
    case .critical: "9.5"
    case .high: "8.0"
    case .medium: "5.5"
    case .low: "2.0"
    case .info: nil
    }
  }
}

extension RuleDescription {
  /// `kms` of `BLEA-KMS-001`.
  var family: String? {
    let parts = id.split(separator: "-")
    return parts.count >= 3 ? parts[parts.count - 2].lowercased() : nil
  }
}

extension StringProtocol {
  /// Without white space at either end.
  var trimmed: String {
    let start = firstIndex { !$0.isWhitespace } ?? endIndex
    let end = lastIndex { !$0.isWhitespace }.map { index(after: $0) } ?? endIndex
    return start < end ? String(self[start..<end]) : ""
  }
}
