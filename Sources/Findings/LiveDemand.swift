/// A demand that no file shows, so that no rule decides it: it has to be looked up in the account.
package struct LiveDemand: Hashable, Sendable {
  /// `BLEA-BKP-013`; no rule has it.
  package let id: String
  package let name: String
  package let title: LocalizedText
  package let severity: Severity
  /// Whose demand it is, as of a rule.
  package let origin: [String]
  package let controls: [FrameworkControls]
  /// Why it matters, and why no file shows it.
  package let why: LocalizedText
  /// How to look.
  package let check: LocalizedText
  package let references: [String]

  package init(
    id: String, name: String, title: LocalizedText, severity: Severity, origin: [String],
    controls: [FrameworkControls], why: LocalizedText, check: LocalizedText, references: [String]
  ) {
    self.id = id
    self.name = name
    self.title = title
    self.severity = severity
    self.origin = origin
    self.controls = controls
    self.why = why
    self.check = check
    self.references = references
  }
}

/// What is said of the rules as a whole.
package struct RuleCatalogue: Sendable {
  /// What families are called, by the middle part of their ids: `RLS`.
  package let families: [String: LocalizedText]
  package let liveDemands: [LiveDemand]

  package init(families: [String: LocalizedText] = [:], liveDemands: [LiveDemand] = []) {
    self.families = families
    self.liveDemands = liveDemands
  }

  /// The demand of an id or a name.
  package func liveDemand(_ text: String) -> LiveDemand? { liveDemands.first { $0.id == text || $0.name == text } }

  /// What the family of a rule is called, where it has a name: of `BLEA-RLS-001` "Row level security".
  package func family(ofRule id: String) -> LocalizedText? {
    guard id.hasPrefix("BLEA-") else { return nil }
    return families[String(id.dropFirst(5).prefix { $0 != "-" })]
  }
}
