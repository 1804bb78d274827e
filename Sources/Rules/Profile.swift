import Documents
import Findings
import SourceText

/// Which rules are judged, with which thresholds and severities: data in Rules/profiles, or a file of the user's own
/// that extends one of them.
package struct Profile: Sendable {
  package let name: String
  package let title: LocalizedText
  package let about: LocalizedText
  /// The profile that it builds on.
  package let base: (name: String, node: Node)?
  /// Rules of these origins are judged; nil for what the base says, or all.
  package let origins: [String]?
  /// Rules judged besides, and rules left out, by id or name; later profiles of a chain win.
  package let included: [RuleReference]
  package let excluded: [RuleReference]
  package let severities: [(rule: RuleReference, obligation: String?, severity: Severity)]
  package let parameters: [(rule: RuleReference, settings: [(name: Node, value: Node)])]

  /// A rule as a profile names it.
  package struct RuleReference: Sendable {
    package let text: String
    package let node: Node
  }

  /// Reads a profile; a mistake is a diagnostic with its place.
  package static func read(_ root: Node) -> (profile: Profile?, diagnostics: [Diagnostic]) {
    var reader = ProfileReader()
    let profile = reader.profile(root)
    let failed = reader.diagnostics.contains { $0.severity == .error }
    return (failed ? nil : profile, reader.diagnostics)
  }
}

/// A profile and those it builds on, the base first.
package struct ProfileChain: Sendable {
  package let profiles: [Profile]

  package init(_ profiles: [Profile]) { self.profiles = profiles }

  /// The rule files that can be spoken of: enough of them to resolve a name.
  package struct KnownRule: Sendable {
    package let id: String
    package let name: String
    package let origin: [String]
    package let isBuiltIn: Bool

    package init(id: String, name: String, origin: [String], isBuiltIn: Bool) {
      self.id = id
      self.name = name
      self.origin = origin
      self.isBuiltIn = isBuiltIn
    }
  }

  /// What a chain of profiles makes of a set of rules.
  package struct Resolution: Sendable {
    /// The ids of the rules to judge.
    package var enabled: Set<String> = []
    /// By rule id.
    package var adjustments: [String: RuleAdjustment] = [:]
    package var diagnostics: [Diagnostic] = []
  }

  /// Resolves the names of rules. A name that no rule has is a mistake: it would be a threshold that holds nowhere.
  package func resolve(_ rules: [KnownRule]) -> Resolution {
    var resolution = Resolution()
    var ids: [String: String] = [:]
    for rule in rules {
      ids[rule.id.lowercased()] = rule.id
      ids[rule.name] = rule.id
    }
    func id(_ reference: Profile.RuleReference) -> String? {
      if let id = ids[reference.text] ?? ids[reference.text.lowercased()] { return id }
      resolution.diagnostics.append(
        Diagnostic(
          "unknown-rule", .error, "There is no rule '\(reference.text)'.",
          cure: Suggestion.nearest(to: reference.text, among: rules.map(\.id) + rules.map(\.name))
            .map { "Did you mean '\($0)'?" } ?? "List them with 'blealint rules'.", at: reference.node.span))
      return nil
    }
    let origins = profiles.last { $0.origins != nil }?.origins
    for rule in rules {
      // Who writes a rule of their own wants it judged, whatever origin they gave it.
      if !rule.isBuiltIn || origins.map({ !Set($0).isDisjoint(with: rule.origin) }) ?? true {
        resolution.enabled.insert(rule.id)
      }
    }
    for profile in profiles {
      let source = SettingSource.profile(profile.name)
      for id in profile.included.compactMap(id) { resolution.enabled.insert(id) }
      for id in profile.excluded.compactMap(id) { resolution.enabled.remove(id) }
      for (reference, obligation, severity) in profile.severities {
        guard let id = id(reference) else { continue }
        let setting = SeveritySetting(severity, source: source, name: reference.node)
        if let obligation {
          resolution.adjustments[id, default: RuleAdjustment()].obligationSeverities[obligation] = setting
        } else {
          resolution.adjustments[id, default: RuleAdjustment()].severity = setting
        }
      }
      for (reference, settings) in profile.parameters {
        guard let id = id(reference) else { continue }
        for (name, value) in settings {
          resolution.adjustments[id, default: RuleAdjustment()].parameters[name.text] = ParameterSetting(
            .node(value), source: source, name: name)
        }
      }
    }
    return resolution
  }
}

/// Reads one profile file.
private struct ProfileReader {
  var diagnostics: [Diagnostic] = []

  private static let keys = ["name", "title", "about", "extends", "rules", "severity", "parameters"]
  private static let ruleKeys = ["origin", "include", "exclude"]

  mutating func profile(_ root: Node) -> Profile? {
    guard root.kind == .mapping else {
      complain("profile-syntax", "A profile holds one mapping with 'name', 'extends', 'rules', 'parameters' …", root)
      return nil
    }
    checkKeys(of: root, allowed: Self.keys, in: "a profile")
    guard let name = root["name"], !name.text.isEmpty else {
      complain("missing-key", "'name' is missing.", root.entries.first?.key ?? root, cure: "Add 'name: …'.")
      return nil
    }
    if !RuleFileReader.isKebabCase(name.text) {
      complain("profile-name", "'\(name.text)' is not in kebab case.", name, cure: "Write it like our-own.")
    }
    let rules = root["rules"]
    if let rules { checkKeys(of: rules, allowed: Self.ruleKeys, in: "the selection of rules") }
    var severities: [(Profile.RuleReference, String?, Severity)] = []
    for entry in mapping("severity", in: root) {
      guard let severity = Severity(rawValue: entry.value.text) else {
        let names = Severity.allCases.map(\.rawValue)
        complain(
          "unknown-severity", "'\(entry.value.text)' is no severity.", entry.value,
          cure: suggestion(entry.value.text, names) ?? "Use critical, high, medium, low or info.")
        continue
      }
      let parts = entry.key.text.split(separator: ".", maxSplits: 1).map(String.init)
      let reference = Profile.RuleReference(text: parts.first ?? "", node: entry.key)
      severities.append((reference, parts.count > 1 ? parts[1] : nil, severity))
    }
    var parameters: [(Profile.RuleReference, [(name: Node, value: Node)])] = []
    for entry in mapping("parameters", in: root) {
      guard entry.value.kind == .mapping else {
        complain(
          "profile-syntax", "The parameters of '\(entry.key.text)' are no mapping.", entry.value,
          cure: "Write them like { minDays: 35 }.")
        continue
      }
      parameters.append(
        (
          Profile.RuleReference(text: entry.key.text, node: entry.key),
          entry.value.entries.map { ($0.key, $0.value) }
        ))
    }
    return Profile(
      name: name.text, title: text(root["title"]) ?? LocalizedText(en: name.text),
      about: text(root["about"]) ?? LocalizedText(en: ""), base: root["extends"].map { ($0.text, $0) },
      origins: rules?["origin"].map { $0.kind == .scalar ? [$0.text] : $0.items.map(\.text) },
      included: references(rules?["include"]), excluded: references(rules?["exclude"]), severities: severities,
      parameters: parameters)
  }

  private func references(_ node: Node?) -> [Profile.RuleReference] {
    guard let node else { return [] }
    let items = node.kind == .scalar ? [node] : node.items.map { $0 }
    return items.map { Profile.RuleReference(text: $0.text, node: $0) }
  }

  private mutating func mapping(_ key: String, in root: Node) -> [Entry] {
    guard let node = root[key] else { return [] }
    guard node.kind == .mapping else {
      complain("profile-syntax", "'\(key)' is a mapping by rule.", node)
      return []
    }
    return node.entries.map { $0 }
  }

  private func text(_ node: Node?) -> LocalizedText? {
    node.map { LocalizedText(reading: $0) }
  }

  private mutating func checkKeys(of node: Node, allowed: [String], in place: String) {
    for entry in node.entries where !allowed.contains(entry.key.text) {
      complain(
        "unknown-key", "'\(entry.key.text)' is no key of \(place).", entry.key,
        cure: suggestion(entry.key.text, allowed) ?? "Use \(allowed.joined(separator: ", ")).")
    }
  }

  private func suggestion(_ name: String, _ candidates: [String]) -> String? {
    Suggestion.nearest(to: name, among: candidates).map { "Did you mean '\($0)'?" }
  }

  private mutating func complain(_ id: String, _ message: String, _ node: Node, cure: String? = nil) {
    diagnostics.append(Diagnostic(id, .error, message, cure: cure, at: node.span))
  }
}
