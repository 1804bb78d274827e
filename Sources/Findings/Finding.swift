import SourceText

/// What one obligation of a rule came to on one subject: shown when it failed or could not be told, kept as
/// evidence when it passed.
package struct Finding: Hashable, Sendable {
  /// The rule's id, such as `BLEA-KMS-001`.
  package var rule: String
  package var verdict: Verdict
  /// The obligation within the rule, such as `enabled`; a part of the finding's identity.
  package var obligation: String
  package var severity: Severity
  /// The fact, then the cure. For `unknown` it starts "Cannot tell whether".
  package var message: Message
  package var primary: Location
  package var related: [RelatedLocation]
  package var steps: [Step]
  /// The scenarios it holds in, such as `Stage is 'dev'`; empty when it holds in all.
  package var scenarios: [String]
  /// What it takes for granted, such as `parameter 'Retention' has its default '7'`.
  package var assumptions: [String]
  /// For `unknown`: why it could not be told.
  package var reasons: [UnknownReason]
  package var fixes: [Fix]
  /// What was judged, as a reader knows it: `AWS::RDS::DBCluster 'Cluster'`, `table public.users`.
  package var subject: String
  /// The configured project that it belongs to; nil where the run is about one project.
  package var project: String?
  /// The stack it is in, with those it is nested in before it (`dev-Store/Network`); empty for what is in none.
  package var stack: String

  package init(
    rule: String, verdict: Verdict, obligation: String, severity: Severity, message: Message, primary: Location,
    related: [RelatedLocation] = [], steps: [Step] = [], scenarios: [String] = [], assumptions: [String] = [],
    reasons: [UnknownReason] = [], fixes: [Fix] = [], subject: String, stack: String = ""
  ) {
    self.rule = rule
    self.verdict = verdict
    self.obligation = obligation
    self.severity = severity
    self.message = message
    self.primary = primary
    self.related = related
    self.steps = steps
    self.scenarios = scenarios
    self.assumptions = assumptions
    self.reasons = reasons
    self.fixes = fixes
    self.subject = subject
    self.stack = stack
  }
}

/// Why something could not be told, ready to print.
package struct UnknownReason: Hashable, Sendable {
  /// A clause without its full stop: `subnets come from parameter 'SubnetIds', which has no value`.
  package let text: String
  package let location: Span?
  /// What would make it known: `give it with --parameter SubnetIds=…`.
  package let cure: String?

  package init(_ text: String, at location: Span? = nil, cure: String? = nil) {
    self.text = text
    self.location = location
    self.cure = cure
  }
}

/// The verdict of one rule on one subject, over all scenarios: what an auditor wants to see counted.
package struct Judgement: Hashable, Sendable {
  package let rule: String
  package let verdict: Verdict
  package let subject: String
  /// The subject's place; nil when the rule did not apply to anything.
  package let location: Location?

  package init(rule: String, verdict: Verdict, subject: String, location: Location?) {
    self.rule = rule
    self.verdict = verdict
    self.subject = subject
    self.location = location
  }
}
