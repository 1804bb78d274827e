import CEL
import Documents
import SourceText

extension RuleFileReader {
  /// The value that somebody gave a parameter; nil, with a diagnostic at its place, where it is none.
  mutating func given(
    _ setting: ParameterSetting, _ parameter: Entry, _ type: CELType, _ reader: ParameterValueReader
  ) -> Value? {
    let value: Value?
    // What the command line says stands in no file.
    var place: Node? = setting.source == .commandLine ? nil : parameter.key
    switch setting.value {
    case .text(let text): value = reader.value(ofText: text, as: type)
    case .node(let node):
      value = reader.value(of: node, as: type)
      place = node
    }
    let name = parameter.key.text
    guard let value else {
      diagnostics.append(
        Diagnostic(
          "type-mismatch", .error,
          "'\(setting.text)' is no value for parameter '\(name)' (\(parameter.value["type"]?.text ?? "")).",
          cure: parameter.value["default"].map { "Its default is \(Self.sample($0))." }, at: place?.span))
      return nil
    }
    if let bound = reader.outOfBounds(value, parameter.value) {
      diagnostics.append(
        Diagnostic(
          "parameter-bounds", .error, "The value '\(setting.text)' of parameter '\(name)' is \(bound).",
          at: place?.span))
      return nil
    }
    return value
  }

  /// A value as it is written for a parameter: `7`, or `[postgresql, upgrade]`.
  private static func sample(_ node: Node) -> String {
    node.kind == .scalar ? "'\(node.text)'" : "'\(node.items.map(\.text).joined(separator: ", "))'"
  }

  /// A setting of a parameter that the rule does not have would hold nowhere.
  mutating func checkAdjustedParameters(among parameters: [Rule.Parameter], of rule: String) {
    let known = parameters.map(\.name)
    for (name, setting) in adjustment.parameters.sorted(by: { $0.key < $1.key }) where !known.contains(name) {
      diagnostics.append(
        Diagnostic(
          "unknown-parameter", .error, "Rule '\(rule)' has no parameter '\(name)'.",
          cure: Suggestion.nearest(to: name, among: known).map { "Did you mean '\($0)'?" }
            ?? (known.isEmpty ? "It has none." : "It has \(known.map { "'\($0)'" }.joined(separator: ", "))."),
          at: setting.name?.span))
    }
  }

  mutating func checkAdjustedObligations(in root: Node, of rule: String) {
    guard !adjustment.obligationSeverities.isEmpty else { return }
    let known = root["require"]?.items.compactMap { $0["id"]?.text } ?? []
    for (name, setting) in adjustment.obligationSeverities.sorted(by: { $0.key < $1.key })
    where !known.contains(name) {
      diagnostics.append(
        Diagnostic(
          "unknown-obligation", .error, "Rule '\(rule)' has no obligation '\(name)'.",
          cure: Suggestion.nearest(to: name, among: known).map { "Did you mean '\($0)'?" }
            ?? "It has \(known.map { "'\($0)'" }.joined(separator: ", ")).", at: setting.name?.span))
    }
  }
}
