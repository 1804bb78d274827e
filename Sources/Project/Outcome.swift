import Findings
import SourceText

/// What judging came to, and what was then set aside of it.
struct Outcome {
  /// What counts.
  var findings: [Finding] = []
  var setAside: [SetAsideFinding] = []
  var judgements: [Judgement] = []
  var baseline: BaselineComparison?
  /// Whether there are exceptions, well written or not.
  var hasExceptions = false

  /// Puts findings into the order of reports.
  mutating func sort() {
    findings.sort { Self.precedes($0, $1) }
    setAside.sort { Self.precedes($0.finding, $1.finding) }
    judgements = judgements.enumerated().sorted { ($0.element.rule, $0.offset) < ($1.element.rule, $1.offset) }.map(
      \.element)
  }

  private static func precedes(_ a: Finding, _ b: Finding) -> Bool {
    (a.primary.span, a.rule, a.obligation, a.subject) < (b.primary.span, b.rule, b.obligation, b.subject)
  }
}
