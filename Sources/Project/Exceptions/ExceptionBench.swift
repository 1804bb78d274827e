import Findings
import Rules
import SourceText

/// Holds findings against exceptions, and then says what became of the exceptions themselves.
struct ExceptionBench {
  /// What becomes of a finding.
  enum Treatment {
    /// It counts; where an exception of it ran out, its message says so.
    case counts(Finding)
    case silenced(Suppression)
  }

  /// One exception, wherever it is written.
  private struct Entry {
    let names: [Written<String>]
    /// Ids of the rules that there are.
    let rules: Set<String>
    let suppression: Suppression
    /// Nil for a waiver.
    let scope: Span?
    let waiver: Waiver?
    let mistakes: [FindingException.Mistake]
    /// The rules it has silenced, or would have were it in force.
    var used: Set<String> = []
  }

  private let ruleSet: RuleSet
  private let judged: Set<String>
  private let date: String
  private var entries: [Entry] = []
  private var inlineByFile: [FileID: [Int]] = [:]
  private var waivers: [Int] = []

  init(rules: RuleSet, judged: Set<String>, date: String) {
    ruleSet = rules
    self.judged = judged
    self.date = date
  }

  var isEmpty: Bool { entries.isEmpty }

  mutating func add(_ exception: FindingException) {
    var mistakes = exception.mistakes
    if exception.reason.isEmpty, mistakes.isEmpty {
      mistakes.append(
        FindingException.Mistake(
          obligation: "reason",
          message: "The exception gives no reason, so it does not hold. Write why behind allow(…).",
          span: exception.span))
    }
    inlineByFile[exception.scope.file, default: []].append(entries.count)
    append(
      Entry(
        names: exception.rules, rules: ids(of: exception.rules),
        suppression: Suppression(
          kind: .inSource, justification: exception.reason, approver: exception.approver, expires: exception.expires,
          span: exception.span), scope: exception.scope, waiver: nil, mistakes: mistakes))
  }

  mutating func add(_ waiver: Waiver) {
    waivers.append(entries.count)
    append(
      Entry(
        names: waiver.rules, rules: ids(of: waiver.rules),
        suppression: Suppression(
          kind: .external, justification: waiver.reason, approver: waiver.approver, expires: waiver.expires,
          span: waiver.span), scope: nil, waiver: waiver, mistakes: []))
  }

  private mutating func append(_ entry: Entry) { entries.append(entry) }

  private func ids(of names: [Written<String>]) -> Set<String> { Set(names.compactMap { ruleSet.rule($0.value)?.id }) }

  // MARK: Findings

  /// Holds a finding against all exceptions: those beside it first, then the configuration's.
  mutating func treat(_ finding: Finding, _ subject: (Finding) -> Waiver.Subject) -> Treatment {
    var silenced: Suppression?
    var lapsed: Suppression?
    func matches(_ entry: Entry) -> Bool { entry.rules.contains(finding.rule) }
    var meant: [Int] = []
    for index in inlineByFile[finding.primary.span.file] ?? [] where matches(entries[index]) {
      let scope = entries[index].scope ?? finding.primary.span
      if scope.lower <= finding.primary.span.lower, finding.primary.span.lower < scope.upper { meant.append(index) }
    }
    if waivers.contains(where: { matches(entries[$0]) }) {
      let subject = subject(finding)
      meant += waivers.filter { matches(entries[$0]) && entries[$0].waiver?.selects(subject) == true }
    }
    for index in meant {
      entries[index].used.insert(finding.rule)
      guard entries[index].mistakes.isEmpty else { continue }
      let suppression = entries[index].suppression
      if let expires = suppression.expires, expires < date {
        lapsed = lapsed ?? suppression
      } else {
        silenced = silenced ?? suppression
      }
    }
    if let silenced { return .silenced(silenced) }
    guard let lapsed else { return .counts(finding) }
    var finding = finding
    let who = lapsed.approver.map { " by \($0)" } ?? ""
    finding.message = Message(
      finding.message.fragments + [
        .text(
          " This was accepted\(who) until \(lapsed.expires ?? date) ('\(lapsed.justification)') and is not any more.")
      ])
    finding.related.append(
      RelatedLocation(
        id: (finding.related.map(\.id).max() ?? 0) + 1, message: "The exception that ran out.",
        location: Location(lapsed.span, path: "", kind: "exception")))
    return .counts(finding)
  }

  // MARK: Exceptions

  /// What is wrong with the exceptions, and each one's verdicts. Unless all projects were judged (`isComplete`), a waiver
  /// may be about another; an exception may be for one of the stages that were not judged.
  func verdicts(isComplete: Bool, stage: String?, otherStages: [String]) -> (
    findings: [Finding], judgements: [Judgement]
  ) {
    var findings: [Finding] = []
    var judgements: [Judgement] = []
    for entry in entries {
      let subject = self.subject(of: entry)
      var mistakes = entry.mistakes
      for name in entry.names where ruleSet.rule(name.value) == nil { mistakes.append(unknownRule(name)) }
      findings += mistakes.map { finding(ExceptionRules.inOrder, $0, of: entry) }
      let place = location(entry.suppression.span, of: entry)
      judgements.append(
        Judgement(
          rule: ExceptionRules.inOrder, verdict: mistakes.isEmpty ? .pass : .fail, subject: subject, location: place))
      // Of one with a mistake nobody knows what it is meant to silence.
      guard entry.mistakes.isEmpty, isComplete || entry.waiver == nil else { continue }
      let idle = entry.names.filter { name in
        ruleSet.rule(name.value).map { judged.contains($0.id) && !entry.used.contains($0.id) } ?? false
      }
      findings += idle.map {
        otherStages.isEmpty
          ? finding(ExceptionRules.inUse, unused($0, entry), of: entry)
          : unusedHere($0, entry, stage: stage, otherStages: otherStages)
      }
      guard !entry.rules.isDisjoint(with: judged) else { continue }
      let verdict: Verdict = idle.isEmpty ? .pass : otherStages.isEmpty ? .fail : .unknown
      judgements.append(
        Judgement(rule: ExceptionRules.inUse, verdict: verdict, subject: subject, location: place))
    }
    return (findings, judgements)
  }

  private func unknownRule(_ name: Written<String>) -> FindingException.Mistake {
    let hint =
      RuleCatalogue.builtIn.liveDemand(name.value).map { "'blealint explain \($0.id)' says why." }
      ?? ruleSet.suggestion(for: name.value).map { "Did you mean '\($0)'?" } ?? "'blealint rules' lists them."
    return FindingException.Mistake(
      obligation: "rule", message: "The exception is for rule '\(name.value)', which there is not. \(hint)",
      span: name.span)
  }

  private func unused(_ name: Written<String>, _ entry: Entry) -> FindingException.Mistake {
    let cure =
      entry.waiver == nil
      ? "Remove it, or move it to the line, statement or resource that the finding is shown at."
      : "Remove it, or mend what it selects."
    return FindingException.Mistake(
      obligation: "used", message: "The exception for rule '\(name.value)' silences nothing. \(cure)", span: name.span)
  }

  /// Of an exception that silences nothing in the one stage that was judged.
  private func unusedHere(
    _ name: Written<String>, _ entry: Entry, stage: String?, otherStages: [String]
  ) -> Finding {
    let others = otherStages.map { "'\($0)'" }.joined(separator: ", ")
    let why =
      "nothing is silenced \(stage.map { "in stage '\($0)'" } ?? "without a stage"), "
      + "and \(others) \(otherStages.count == 1 ? "was" : "were") not judged"
    let cure = "judge the other stages as well (--stage)"
    return Finding(
      rule: ExceptionRules.inUse, verdict: .unknown, obligation: "used", severity: .medium,
      message: Message(
        "Cannot tell whether the exception for rule '\(name.value)' silences a finding: \(why). To know, \(cure)."),
      primary: location(name.span, of: entry), reasons: [UnknownReason(why, cure: cure)], subject: subject(of: entry))
  }

  private func finding(_ rule: String, _ mistake: FindingException.Mistake, of entry: Entry) -> Finding {
    Finding(
      rule: rule, verdict: .fail, obligation: mistake.obligation, severity: .medium,
      message: Message(mistake.message), primary: location(mistake.span, of: entry), subject: subject(of: entry))
  }

  private func subject(of entry: Entry) -> String {
    let names = entry.names.map(\.value).joined(separator: ", ")
    return "\(entry.waiver == nil ? "exception" : "waiver") of \(names.isEmpty ? "no rule" : names)"
  }

  private func location(_ span: Span, of entry: Entry) -> Location {
    Location(span, path: subject(of: entry), kind: entry.waiver == nil ? "exception" : "waiver")
  }
}
