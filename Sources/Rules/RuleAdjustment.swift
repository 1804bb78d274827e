import Documents
import Findings
import SourceText

/// What others than the rule's author decide of a rule: its parameters' values and its severity.
package struct RuleAdjustment: Sendable {
  package var parameters: [String: ParameterSetting] = [:]
  /// Takes the place of the severity of the rule and of those obligations that have none of their own.
  package var severity: SeveritySetting?
  /// By obligation: wins over ``severity`` and over the obligation's own.
  package var obligationSeverities: [String: SeveritySetting] = [:]

  package init() {}

  /// Parameters given as texts, as on a command line.
  package init(_ texts: [String: String], source: SettingSource) {
    parameters = texts.mapValues { ParameterSetting(.text($0), source: source) }
  }

  /// Lets another adjustment win wherever it says something.
  package mutating func merge(_ other: RuleAdjustment) {
    parameters.merge(other.parameters) { _, new in new }
    severity = other.severity ?? severity
    obligationSeverities.merge(other.obligationSeverities) { _, new in new }
  }
}

/// A value given for a parameter of a rule, and by whom.
package struct ParameterSetting: Sendable {
  package enum Value: Sendable {
    /// Lists are written with commas.
    case text(String)
    /// As it stands in a file: mistakes are shown there.
    case node(Node)
  }

  package let value: Value
  package let source: SettingSource
  /// Where the parameter is named, for one that the rule does not have.
  package let name: Node?

  package init(_ value: Value, source: SettingSource, name: Node? = nil) {
    self.value = value
    self.source = source
    self.name = name
  }

  /// As its author wrote it.
  var text: String {
    switch value {
    case .text(let text): text
    case .node(let node): node.kind == .scalar ? node.text : node.items.map(\.text).joined(separator: ", ")
    }
  }
}

/// A severity given for a rule or an obligation, and by whom.
package struct SeveritySetting: Sendable {
  package let severity: Severity
  package let source: SettingSource
  /// Where the obligation is named, for one that the rule does not have.
  package let name: Node?

  package init(_ severity: Severity, source: SettingSource, name: Node? = nil) {
    self.severity = severity
    self.source = source
    self.name = name
  }
}
