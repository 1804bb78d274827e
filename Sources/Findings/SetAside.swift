import SourceText

/// A finding that does not count any more, and why: every report counts these, so that nothing is silent.
package struct SetAsideFinding: Hashable, Sendable {
  package let finding: Finding
  package let reason: Reason

  /// Why a finding does not count.
  package enum Reason: Hashable, Sendable {
    /// Somebody made an exception, with a reason.
    case suppressed(Suppression)
    /// The baseline has it already.
    case inBaseline
    /// The change since a revision does not touch it.
    case untouched
  }

  package init(_ finding: Finding, _ reason: Reason) {
    self.finding = finding
    self.reason = reason
  }

  /// The exception; nil where there is none.
  package var suppression: Suppression? {
    if case .suppressed(let suppression) = reason { suppression } else { nil }
  }
}

/// An exception that silences a finding, in SARIF's terms.
package struct Suppression: Hashable, Sendable {
  /// Who owns the exception.
  package enum Kind: String, Hashable, Sendable {
    /// Written beside what it silences.
    case inSource
    /// Written in the configuration.
    case external
  }

  package let kind: Kind
  /// The reason given.
  package let justification: String
  /// Who accepted it; nil where nobody is named.
  package let approver: String?
  /// The last day on which it holds, `2027-01-31`; nil where it has no end.
  package let expires: String?
  /// Where it is written.
  package let span: Span

  package init(kind: Kind, justification: String, approver: String?, expires: String?, span: Span) {
    self.kind = kind
    self.justification = justification
    self.approver = approver
    self.expires = expires
    self.span = span
  }
}

/// What the baseline holds and the project does not any more.
package struct GoneFinding: Hashable, Sendable {
  package let rule: String
  package let message: String
  /// Where it was when the baseline was written.
  package let path: String
  /// Its place in the input's own terms: `Resources/Key/Properties/EnableKeyRotation`.
  package let logicalPath: String
  /// See ``SubjectFingerprint``.
  package let fingerprint: String

  package init(rule: String, message: String, path: String, logicalPath: String, fingerprint: String) {
    self.rule = rule
    self.message = message
    self.path = path
    self.logicalPath = logicalPath
    self.fingerprint = fingerprint
  }
}

/// How findings compare with a baseline.
package struct BaselineComparison: Hashable, Sendable {
  /// The baseline's file, as it was given.
  package let path: String
  /// In the order of the baseline.
  package let gone: [GoneFinding]

  package init(path: String, gone: [GoneFinding]) {
    self.path = path
    self.gone = gone
  }
}
