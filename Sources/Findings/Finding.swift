import SourceText

/// What one obligation of a rule came to on one subject: shown when it failed or could not be told, kept as
/// evidence when it passed.
///
/// There are many, and they are sorted, gathered and passed on: what a finding says is shared by its copies.
package struct Finding: Hashable, Sendable {
  private var shared: Shared

  /// What all copies of a finding hold together; it never changes.
  private final class Shared: Hashable, Sendable {
    let content: Content

    init(_ content: Content) { self.content = content }

    static func == (a: Shared, b: Shared) -> Bool { a === b || a.content == b.content }

    func hash(into hasher: inout Hasher) { content.hash(into: &hasher) }
  }

  private struct Content: Hashable, Sendable {
    var rule: String
    var verdict: Verdict
    var obligation: String
    var severity: Severity
    var message: Message
    var primary: Location
    var related: [RelatedLocation]
    var steps: [Step]
    var scenarios: [String]
    var assumptions: [String]
    var reasons: [UnknownReason]
    var fixes: [Fix]
    var subject: String
    var project: String?
    var stack: String
  }

  package init(
    rule: String, verdict: Verdict, obligation: String, severity: Severity, message: Message, primary: Location,
    related: [RelatedLocation] = [], steps: [Step] = [], scenarios: [String] = [], assumptions: [String] = [],
    reasons: [UnknownReason] = [], fixes: [Fix] = [], subject: String, stack: String = ""
  ) {
    shared = Shared(
      Content(
        rule: rule, verdict: verdict, obligation: obligation, severity: severity, message: message, primary: primary,
        related: related, steps: steps, scenarios: scenarios, assumptions: assumptions, reasons: reasons, fixes: fixes,
        subject: subject, project: nil, stack: stack))
  }

  private var content: Content {
    get { shared.content }
    set { shared = Shared(newValue) }
  }

  /// Whether it stands before another in a report: by place, then rule, then obligation, then subject.
  package static func precedes(_ a: Finding, _ b: Finding) -> Bool {
    let (x, y) = (a.shared, b.shared)
    if x.content.primary.span != y.content.primary.span { return x.content.primary.span < y.content.primary.span }
    if x.content.rule != y.content.rule { return x.content.rule < y.content.rule }
    if x.content.obligation != y.content.obligation { return x.content.obligation < y.content.obligation }
    return x.content.subject < y.content.subject
  }
}

extension Finding {
  /// The rule's id, such as `BLEA-KMS-001`.
  package var rule: String {
    get { shared.content.rule }
    set { content.rule = newValue }
  }

  package var verdict: Verdict {
    get { shared.content.verdict }
    set { content.verdict = newValue }
  }

  /// The obligation within the rule, such as `enabled`; a part of the finding's identity.
  package var obligation: String {
    get { shared.content.obligation }
    set { content.obligation = newValue }
  }

  package var severity: Severity {
    get { shared.content.severity }
    set { content.severity = newValue }
  }

  /// The fact, then the cure. For `unknown` it starts "Cannot tell whether".
  package var message: Message {
    get { shared.content.message }
    set { content.message = newValue }
  }

  package var primary: Location {
    get { shared.content.primary }
    set { content.primary = newValue }
  }

  package var related: [RelatedLocation] {
    get { shared.content.related }
    set { content.related = newValue }
  }

  package var steps: [Step] {
    get { shared.content.steps }
    set { content.steps = newValue }
  }

  /// The scenarios it holds in, such as `Stage is 'dev'`; empty when it holds in all.
  package var scenarios: [String] {
    get { shared.content.scenarios }
    set { content.scenarios = newValue }
  }

  /// What it takes for granted, such as `parameter 'Retention' has its default '7'`.
  package var assumptions: [String] {
    get { shared.content.assumptions }
    set { content.assumptions = newValue }
  }

  /// For `unknown`: why it could not be told.
  package var reasons: [UnknownReason] {
    get { shared.content.reasons }
    set { content.reasons = newValue }
  }

  package var fixes: [Fix] {
    get { shared.content.fixes }
    set { content.fixes = newValue }
  }

  /// What was judged, as a reader knows it: `AWS::RDS::DBCluster 'Cluster'`, `table public.users`.
  package var subject: String {
    get { shared.content.subject }
    set { content.subject = newValue }
  }

  /// The configured project that it belongs to; nil where the run is about one project.
  package var project: String? {
    get { shared.content.project }
    set { content.project = newValue }
  }

  /// The stack it is in, with those it is nested in before it (`dev-Store/Network`); empty for what is in none.
  package var stack: String {
    get { shared.content.stack }
    set { content.stack = newValue }
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
