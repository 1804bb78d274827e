import Findings

extension SARIFReport {
  /// The tool with every built-in rule that was enabled, found or not: what was checked is evidence.
  var driver: JSONValue {
    [
      "name": .string("blealint"),
      "fullName": .string("blealint \(report.toolVersion)"),
      "semanticVersion": .string(report.toolVersion),
      "informationUri": .string(Self.informationURI),
      "rules": .filled(builtInRules.map(descriptor)),
      "notifications": .filled(notificationIDs.map { ["id": .string($0), "name": .string(Self.identifier($0))] }),
    ]
  }

  /// The rules of the user's own, which are no part of the tool.
  var userRulesComponent: JSONValue {
    [
      "name": .string("blealint-user-rules"),
      "fullName": .string("blealint rules of the project '\(report.projectName)'"),
      "rules": .filled(userRules.map(descriptor)),
    ]
  }

  private func descriptor(_ rule: RuleDescription) -> JSONValue {
    let help = RuleHelp(rule, language: language)
    return [
      "id": .string(rule.id),
      "name": .string(Self.identifier(rule.name)),
      "shortDescription": message(Self.sentence(rule.title(language))),
      "fullDescription": message(
        Self.sentence(rule.rationale(language).isEmpty ? rule.title(language) : rule.rationale(language))),
      "help": ["text": .string(help.text), "markdown": .string(help.markdown)],
      "helpUri": help.uri.map(JSONValue.string),
      "defaultConfiguration": ["level": .string(rule.ownSeverity.sarifLevel)],
      "relationships": .filled(relationships(rule)),
      "properties": [
        "tags": .filled(tags(rule)),
        "precision": .string("high"),
        "problem.severity": .string(rule.severity.problemSeverity),
        "security-severity": rule.severity.securityScore.map(JSONValue.string),
        "origin": .filled(rule.origin),
        "parameters": rule.parameters.isEmpty
          ? nil : .object(rule.parameters.map { JSONValue.Member($0.name, .string($0.value)) }),
      ],
    ]
  }

  /// GitHub rejects longer descriptions; in UTF-16 units.
  private static let descriptionLimit = 1024

  private func relationships(_ rule: RuleDescription) -> [JSONValue] {
    rule.controls.flatMap { group in
      group.ids.compactMap { id -> JSONValue? in
        guard let (taxonomy, control) = taxonomies.indices(of: id, in: group.framework) else { return nil }
        return [
          "target": [
            "id": .string(id),
            "index": .int(control),
            "toolComponent": [
              "name": .string(taxonomies.taxonomies[taxonomy].framework.name), "index": .int(taxonomy),
            ],
          ],
          "kinds": .array([.string("relevant")]),
        ]
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
