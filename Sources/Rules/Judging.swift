import CEL
import Estate
import Findings
import SourceText
import Values

extension RuleSet {
  /// What all rules came to on an estate, in canonical order.
  package struct Verdicts: Sendable {
    package var findings: [Finding] = []
    package var judgements: [Judgement] = []
    /// Mistakes of rules that only evaluation shows.
    package var diagnostics: [Diagnostic] = []

    package init() {}
  }

  /// Told before a rule is judged on a part of its subjects (`isDone` false) and after it, from either thread.
  package typealias Observer = @Sendable (_ rule: String, _ isDone: Bool) -> Void

  /// Judges an estate by rules, on two threads; the result does not depend on how many.
  package func judge(_ estate: Estate, rules: [Rule], observer: Observer? = nil) async -> Verdicts {
    let lanes = [JudgingLane(estate), JudgingLane(estate)]
    // Every other rule, so that slow families are spread.
    async let even = lanes[0].subjects(of: rules, from: 0, by: 2, observer)
    async let odd = lanes[1].subjects(of: rules, from: 1, by: 2, observer)
    let halves = await [even, odd]
    let agenda = JudgingAgenda(rules, rules.indices.map { halves[$0 % 2][$0 / 2] }, of: estate)
    async let ones = lanes[0].results(of: agenda, observer)
    async let others = lanes[1].results(of: agenda, observer)
    return Self.verdicts(agenda.outcomes(await ones + others))
  }

  /// Judges an estate by some rules, on the calling thread.
  package func verdicts(on estate: Estate, of rules: [Rule], observer: Observer? = nil) -> Verdicts {
    let readers = ScenarioReaders(estate)
    let agenda = JudgingAgenda(rules, rules.map { RuleSubjects(of: $0, readers) }, of: estate)
    return Self.verdicts(agenda.outcomes(agenda.results(readers, observer)))
  }

  private static func verdicts(_ outcomes: [JudgingAgenda.Outcome]) -> Verdicts {
    var all = Verdicts()
    for outcome in outcomes {
      all.findings += outcome.findings
      all.judgements += outcome.judgements
      all.diagnostics += outcome.diagnostics
    }
    return ordered(all)
  }

  /// The findings of one rule without what says the same again: several obligations that cannot be told of one subject
  /// for one reason are one unknown, of the highest severity among them.
  static func withoutRepetition(_ findings: [Finding]) -> [Finding] {
    struct Unknown: Hashable {
      let subject: String
      let message: Message
      let span: Span
    }
    var kept: [Finding] = []
    var positions: [Unknown: Int] = [:]
    for finding in findings {
      guard finding.verdict == .unknown else {
        kept.append(finding)
        continue
      }
      let key = Unknown(subject: finding.subject, message: finding.message, span: finding.primary.span)
      if let position = positions[key] {
        if kept[position].severity < finding.severity { kept[position] = finding }
      } else {
        positions[key] = kept.count
        kept.append(finding)
      }
    }
    return kept
  }

  /// CloudFormation's quota of resources in a template. What cannot be told of more subjects for one reason is told of
  /// their stack: no project that can be deployed has so many.
  private static let joinLimit = 500

  /// The findings of one rule, of which those that cannot be told of a great many subjects of one stack for the same
  /// reason are one.
  static func joined(_ findings: [Finding]) -> [Finding] {
    struct Cause: Hashable {
      let obligation: String
      let stack: String
      let file: FileID
      let reasons: [UnknownReason]
    }
    guard findings.count > joinLimit else { return findings }
    func cause(_ finding: Finding) -> Cause? {
      guard finding.verdict == .unknown, !finding.reasons.isEmpty else { return nil }
      return Cause(
        obligation: finding.obligation, stack: finding.stack, file: finding.primary.span.file,
        reasons: finding.reasons)
    }
    var counts: [Cause: Int] = [:]
    for finding in findings { if let cause = cause(finding) { counts[cause, default: 0] += 1 } }
    var told: Set<Cause> = []
    return findings.compactMap { finding in
      guard let cause = cause(finding), let count = counts[cause], count > joinLimit else { return finding }
      guard told.insert(cause).inserted else { return nil }
      var joined = finding
      joined.message = Message(
        finding.message.fragments + [.text(" The same holds for \(count - 1) more in this file.")])
      // Not the first one's: an exception for that would hide the others.
      joined.primary = Location(Span(cause.file, 0..<0), path: "", kind: "file")
      joined.subject = "the project"
      return joined
    }
  }

  private static func ordered(_ verdicts: Verdicts) -> Verdicts {
    var all = verdicts
    all.findings.sort(by: Finding.precedes)
    all.judgements.sort {
      if $0.rule != $1.rule { return $0.rule < $1.rule }
      switch ($0.location?.span, $1.location?.span) {
      case (let a?, let b?) where a != b: return a < b
      case (nil, .some): return true
      case (.some, nil): return false
      default: return $0.subject < $1.subject
      }
    }
    all.diagnostics.sort { ($0.id, $0.message) < ($1.id, $1.message) }
    return all
  }
}
