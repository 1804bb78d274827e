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
    findings.sort(by: Finding.precedes)
    setAside.sort { Finding.precedes($0.finding, $1.finding) }
    // Those of one project are in order already.
    guard !zip(judgements, judgements.dropFirst()).allSatisfy({ $0.rule <= $1.rule }) else { return }
    judgements = judgements.enumerated().sorted { ($0.element.rule, $0.offset) < ($1.element.rule, $1.offset) }.map(
      \.element)
  }
}
