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

  /// Judges an estate by rules, on two threads; the result does not depend on how many.
  package func judge(_ estate: Estate, rules: [Rule]) async -> Verdicts {
    let width = 2
    var parts: [Verdicts] = []
    await withTaskGroup(of: (Int, Verdicts).self) { group in
      for lane in 0..<width {
        group.addTask {
          // Every other rule, so that slow families are spread.
          (lane, self.verdicts(on: estate, of: stride(from: lane, to: rules.count, by: width).map { rules[$0] }))
        }
      }
      var found: [(Int, Verdicts)] = []
      for await part in group { found.append(part) }
      parts = found.sorted { $0.0 < $1.0 }.map(\.1)
    }
    return Self.ordered(parts)
  }

  /// Judges an estate by some rules, on the calling thread.
  package func verdicts(on estate: Estate, of rules: [Rule]) -> Verdicts {
    let reader = EstateReader(estate, scenario: .none)
    var verdicts = Verdicts()
    for rule in rules {
      var judge = Judge(rule, on: estate, sharing: reader)
      let outcome = judge.outcome()
      verdicts.findings += Self.withoutRepetition(outcome.findings)
      verdicts.judgements += outcome.judgements
      verdicts.diagnostics += outcome.diagnostics
    }
    return Self.ordered([verdicts])
  }

  /// The findings of one rule without what says the same again: several obligations that cannot be told of one subject
  /// for one reason are one unknown, of the highest severity among them.
  private static func withoutRepetition(_ findings: [Finding]) -> [Finding] {
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

  private static func ordered(_ parts: [Verdicts]) -> Verdicts {
    var all = Verdicts()
    for part in parts {
      all.findings += part.findings
      all.judgements += part.judgements
      all.diagnostics += part.diagnostics
    }
    all.findings.sort {
      ($0.primary.span, $0.rule, $0.obligation, $0.subject) < ($1.primary.span, $1.rule, $1.obligation, $1.subject)
    }
    all.judgements.sort {
      let (a, b) = ($0.location?.span, $1.location?.span)
      if $0.rule != $1.rule { return $0.rule < $1.rule }
      switch (a, b) {
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
