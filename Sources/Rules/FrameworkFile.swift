import Documents
import Findings
import SourceText

/// A framework as it stands in a file of Rules/frameworks or of the user's own.
package struct FrameworkFile: Sendable {
  package let framework: ControlFramework

  /// Reads one; a mistake is a diagnostic with its place.
  ///
  /// - Parameters:
  ///   - root: the file's top.
  ///   - ruleID: the id of a rule by its id or its name; nil for what no rule is called.
  ///   - suggestion: the id or name that is most like one that no rule has.
  /// - Returns: the framework, nil where there are errors, and what is wrong with it.
  package static func read(
    _ root: Node, ruleID: @escaping (String) -> String?, suggestion: @escaping (String) -> String?
  ) -> (file: FrameworkFile?, diagnostics: [Diagnostic]) {
    var reader = FrameworkReader(ruleID: ruleID, suggestion: suggestion)
    let framework = reader.framework(root)
    let failed = reader.diagnostics.contains { $0.severity == .error }
    return (failed ? nil : framework.map(FrameworkFile.init), reader.diagnostics)
  }
}

private struct FrameworkReader {
  let ruleID: (String) -> String?
  let suggestion: (String) -> String?
  var diagnostics: [Diagnostic] = []
  private var planned: Set<String> = []
  private var seen: Set<String> = []

  init(ruleID: @escaping (String) -> String?, suggestion: @escaping (String) -> String?) {
    self.ruleID = ruleID
    self.suggestion = suggestion
  }

  mutating func framework(_ root: Node) -> ControlFramework? {
    guard root.kind == .mapping else {
      complain("framework-syntax", "A framework holds one mapping with 'id', 'title' and 'groups'.", root)
      return nil
    }
    checkKeys(of: root, allowed: ["id", "title", "about", "planned", "groups"], in: "a framework")
    let id = required("id", in: root)?.text ?? ""
    let title = required("title", in: root).map { text($0) }
    planned = Set(root["planned"]?.items.map(\.text) ?? [])
    let groups = required("groups", in: root)?.items.map { group($0) } ?? []
    return ControlFramework(id: id, title: title, about: root["about"].map { text($0) }, groups: groups)
  }

  private mutating func group(_ node: Node) -> ControlFramework.Group {
    checkKeys(of: node, allowed: ["title", "controls"], in: "a group of controls")
    let title = node["title"].map { text($0) }
    let controls = required("controls", in: node)?.items.map { control($0) } ?? []
    return ControlFramework.Group(title: title, controls: controls)
  }

  private mutating func control(_ node: Node) -> ControlFramework.Control {
    checkKeys(of: node, allowed: ["id", "title", "rules", "beyond-files"], in: "a control")
    let id = required("id", in: node)
    if let id, !seen.insert(id.text).inserted {
      complain("duplicate-control", "Two controls have the id '\(id.text)'.", id)
    }
    let title = required("title", in: node).map { text($0) }
    let beyondFiles = node["beyond-files"].map { text($0) }
    var rules: [String] = []
    for item in node["rules"]?.items.map({ $0 }) ?? [] {
      guard let rule = ruleID(item.text) ?? (planned.contains(item.text) ? item.text : nil) else {
        complain(
          "unknown-rule", "There is no rule '\(item.text)'.", item,
          cure: suggestion(item.text).map { "Did you mean '\($0)'?" } ?? "List them with 'blealint rules'.")
        continue
      }
      if rules.contains(rule) {
        complain("duplicate-rule", "The control names rule '\(item.text)' twice.", item)
      } else {
        rules.append(rule)
      }
    }
    if node["rules"].map({ $0.items.isEmpty }) ?? true, beyondFiles == nil {
      complain(
        "control-without-rules", "Control '\(id?.text ?? "")' names no rule that decides it.", id ?? node,
        cure: "Add 'rules', or say with 'beyond-files' why files cannot show it.")
    }
    return ControlFramework.Control(id: id?.text ?? "", title: title, rules: rules, beyondFiles: beyondFiles)
  }

  private mutating func text(_ node: Node) -> LocalizedText {
    if node.kind != .scalar {
      checkKeys(of: node, allowed: Language.allCases.map(\.rawValue), in: "a text")
      _ = required("en", in: node)
    }
    return LocalizedText(reading: node)
  }

  private mutating func required(_ key: String, in node: Node) -> Node? {
    if let value = node[key], !(value.kind == .scalar && value.text.isEmpty) { return value }
    complain("missing-key", "'\(key)' is missing.", node.entries.first?.key ?? node, cure: "Add '\(key): …'.")
    return nil
  }

  private mutating func checkKeys(of node: Node, allowed: [String], in place: String) {
    for entry in node.entries where !allowed.contains(entry.key.text) {
      complain(
        "unknown-key", "'\(entry.key.text)' is no key of \(place).", entry.key,
        cure: Suggestion.nearest(to: entry.key.text, among: allowed).map { "Did you mean '\($0)'?" }
          ?? "Use \(allowed.joined(separator: ", ")).")
    }
  }

  private mutating func complain(_ id: String, _ message: String, _ node: Node, cure: String? = nil) {
    diagnostics.append(Diagnostic(id, .error, message, cure: cure, at: node.span))
  }
}
