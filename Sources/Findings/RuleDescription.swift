/// What reports say of a rule: everything about it but how it is evaluated.
package struct RuleDescription: Hashable, Sendable {
  package let id: String
  /// `kms-key-rotation`.
  package let name: String
  package let title: LocalizedText
  package let severity: Severity
  /// Whose demand it is: `blea`, `seed`, `fsbp`, `judgement`.
  package let origin: [String]
  package let controls: [FrameworkControls]
  package let rationale: LocalizedText
  package let remediation: LocalizedText
  package let references: [String]
  package let parameters: [RuleParameter]
  /// What is checked: generators, gates and obligations as they are written.
  package let checks: [RuleCheck]
  package let examples: [RuleExample]
  /// False for a rule of the user's own (`--rules`).
  package let isBuiltIn: Bool
  /// The severity that its author gave it, and who decided the one in force.
  package let ownSeverity: Severity
  package let severitySource: SettingSource

  package init(
    id: String, name: String, title: LocalizedText, severity: Severity, origin: [String],
    controls: [FrameworkControls], rationale: LocalizedText, remediation: LocalizedText, references: [String],
    parameters: [RuleParameter], checks: [RuleCheck], examples: [RuleExample], isBuiltIn: Bool,
    ownSeverity: Severity? = nil, severitySource: SettingSource = .rule
  ) {
    self.id = id
    self.name = name
    self.title = title
    self.severity = severity
    self.origin = origin
    self.controls = controls
    self.rationale = rationale
    self.remediation = remediation
    self.references = references
    self.parameters = parameters
    self.checks = checks
    self.examples = examples
    self.isBuiltIn = isBuiltIn
    self.ownSeverity = ownSeverity ?? severity
    self.severitySource = severitySource
  }
}

/// The controls of one framework that a rule speaks to.
package struct FrameworkControls: Hashable, Sendable {
  /// `securityhub`, `nist-800-53-r5`, `pci-dss-4.0`, `cis-aws-3.0`, …
  package let framework: String
  /// `KMS.4`, `SC-12(2)`.
  package let ids: [String]

  package init(framework: String, ids: [String]) {
    self.framework = framework
    self.ids = ids
  }
}

/// A parameter of a rule with the value in force.
package struct RuleParameter: Hashable, Sendable {
  package let name: String
  package let type: String
  package let value: String
  package let defaultValue: String
  package let description: String
  /// Who gave ``value``.
  package let source: SettingSource

  package init(
    name: String, type: String, value: String, defaultValue: String, description: String,
    source: SettingSource = .rule
  ) {
    self.name = name
    self.type = type
    self.value = value
    self.defaultValue = defaultValue
    self.description = description
    self.source = source
  }
}

/// One line of what a rule checks, for `explain`.
package struct RuleCheck: Hashable, Sendable {
  package enum Role: String, Hashable, Sendable {
    case generator = "for"
    case gate = "when"
    case binding = "let"
    case obligation = "require"
  }

  package let role: Role
  /// The variable or obligation's name; empty for a gate.
  package let name: String
  package let expression: String
  /// The obligation's severity.
  package let severity: Severity?

  package init(role: Role, name: String, expression: String, severity: Severity? = nil) {
    self.role = role
    self.name = name
    self.expression = expression
    self.severity = severity
  }
}

/// An example of a rule, shown by `explain` and proven by `test`. The texts hold no markers.
package struct RuleExample: Hashable, Sendable {
  package let name: String
  package let verdict: Verdict
  package let files: [ExampleFile]

  package init(name: String, verdict: Verdict, files: [ExampleFile]) {
    self.name = name
    self.verdict = verdict
    self.files = files
  }
}

/// One input of an example, with the regions that must be reported.
package struct ExampleFile: Hashable, Sendable {
  /// `template.yaml`, `schema.sql`.
  package let path: String
  package let text: String
  /// UTF-8 offsets into `text`.
  package let marks: [Range<Int>]

  package init(path: String, text: String, marks: [Range<Int>]) {
    self.path = path
    self.text = text
    self.marks = marks
  }
}
