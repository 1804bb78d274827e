import Estate
import Findings
import SourceText
import Synchronization

/// What is to be judged: the parts of all rules' subjects, stack by stack. Lanes take them in chunks until there are
/// none left; what comes of them does not depend on who took what.
final class JudgingAgenda: Sendable {
  private let rules: [Rule]
  private let subjects: [RuleSubjects]
  private let estate: Estate
  private let items: [Item]
  /// Where chunks begin, and where the last one ends.
  private let bounds: [Int]
  private let next = Mutex(0)
  private let redaction: Redaction

  private struct Item {
    let rule: Int
    /// Among the rule's parts.
    let part: Int
    let place: RuleSubjects.Place
  }

  /// What one part of a rule's subjects came to.
  struct PartOutcome: Sendable {
    let rule: Int
    let part: Int
    /// In the order in which the subjects were met.
    fileprivate(set) var verdicts: [(subject: SubjectKey, verdict: SubjectVerdict)] = []
    fileprivate(set) var findings: [Finding] = []
    let diagnostics: [Diagnostic]
  }

  /// What a rule came to.
  struct Outcome: Sendable {
    var judgements: [Judgement] = []
    var findings: [Finding] = []
    var diagnostics: [Diagnostic] = []
  }

  /// A chunk has so many parts or more only where a stack ends late.
  private static let chunk = 64

  init(_ rules: [Rule], _ subjects: [RuleSubjects], of estate: Estate) {
    self.rules = rules
    self.subjects = subjects
    self.estate = estate
    redaction = Redaction(texts: estate.hiddenTexts)
    var items: [Item] = []
    for (rule, found) in subjects.enumerated() {
      for (part, which) in found.parts.enumerated() {
        items.append(Item(rule: rule, part: part, place: found.place(of: which, in: estate)))
      }
    }
    items.sort { ($0.place, $0.rule, $0.part) < ($1.place, $1.rule, $1.part) }
    var bounds = [0]
    for index in items.indices {
      let size = index - bounds[bounds.count - 1]
      guard size > 0 else { continue }
      let (place, last) = (items[index].place, items[index - 1].place)
      let isNewStack = place.stack != last.stack
      // A table and what belongs to it is read by one lane only.
      let isWhole = place.stack != RuleSubjects.Place.schema || place.object != last.object
      // What is about all of the project may be as much work as a stack.
      if isNewStack || size >= Self.chunk && isWhole || place.stack == RuleSubjects.Place.anywhere {
        bounds.append(index)
      }
    }
    bounds.append(items.count)
    self.items = items
    self.bounds = bounds
  }

  /// Judges what is left, on the calling thread.
  func results(_ readers: ScenarioReaders, _ observer: RuleSet.Observer?) -> [PartOutcome] {
    var outcomes: [PartOutcome] = []
    var stack: Int32?
    while let chunk = take() {
      for item in items[chunk] {
        if stack != item.place.stack { readers.forget() }
        stack = item.place.stack
        let rule = rules[item.rule]
        guard let logic = subjects[item.rule].logic else { continue }
        observer?(rule.id, false)
        defer { observer?(rule.id, true) }
        var judge = Judge(rule, logic, readers)
        let results = judge.results(of: subjects[item.rule].parts[item.part], among: subjects[item.rule])
          .withoutRefused(Set(logic.obligations.filter(\.isRefused).map(\.id)))
        var outcome = PartOutcome(rule: item.rule, part: item.part, diagnostics: judge.diagnostics)
        add(results, to: &outcome)
        outcomes.append(outcome)
      }
    }
    return outcomes
  }

  /// Sums results up by subject.
  private func add(_ results: Results, to outcome: inout PartOutcome) {
    let names = estate.catalogue.placeholderNames
    var positions: [SubjectKey: Int] = [:]
    for result in results.inOrder {
      let key = SubjectKey(key: result.key.bindings.first)
      if let last = outcome.verdicts.indices.last, outcome.verdicts[last].subject == key {
        outcome.verdicts[last].verdict.add(result)
      } else if let position = positions[key] {
        outcome.verdicts[position].verdict.add(result)
      } else {
        positions[key] = outcome.verdicts.count
        outcome.verdicts.append((key, SubjectVerdict(result)))
      }
      if var finding = result.finding {
        if !result.cases.isEmpty { finding.scenarios = result.cases.map { estate.describe($0) } }
        // No file has the names that stand for placeholders.
        if !names.isEmpty { finding = finding.mappingTexts(names.asWritten) }
        outcome.findings.append(redaction.finding(finding))
      }
    }
  }

  private func take() -> Range<Int>? {
    let chunk = next.withLock { next in
      defer { next += 1 }
      return next
    }
    return chunk + 1 < bounds.count ? bounds[chunk]..<bounds[chunk + 1] : nil
  }

  /// What each rule came to, in the rules' order.
  func outcomes(_ parts: [PartOutcome]) -> [Outcome] {
    var byRule = [[PartOutcome]](repeating: [], count: rules.count)
    for part in parts { byRule[part.rule].append(part) }
    let gathered = byRule
    return concurrentMap(Array(rules.indices)) { rule in
      self.outcome(of: rule, gathered[rule].sorted { $0.part < $1.part })
    }
  }

  private func outcome(of index: Int, _ parts: [PartOutcome]) -> Outcome {
    let rule = rules[index]
    var outcome = Outcome()
    outcome.diagnostics = subjects[index].mistakes
    guard outcome.diagnostics.isEmpty else { return outcome }
    var verdicts: [SubjectKey: SubjectVerdict] = [:]
    var order: [SubjectKey] = []
    let names = estate.catalogue.placeholderNames
    for part in parts {
      for diagnostic in part.diagnostics where !outcome.diagnostics.contains(diagnostic) {
        outcome.diagnostics.append(diagnostic)
      }
      for (key, verdict) in part.verdicts {
        if let earlier = verdicts[key] {
          verdicts[key] = earlier.joined(with: verdict)
        } else {
          order.append(key)
          verdicts[key] = verdict
        }
      }
      outcome.findings += part.findings
    }
    for key in order {
      guard let verdict = verdicts[key] else { continue }
      outcome.judgements.append(
        Judgement(
          rule: rule.id, verdict: verdict.verdict, subject: names.asWritten(verdict.subject),
          location: verdict.location?.mappingTexts(names.asWritten)))
    }
    if order.isEmpty {
      outcome.judgements.append(Judgement(rule: rule.id, verdict: .notApplicable, subject: "", location: nil))
    }
    outcome.findings = RuleSet.joined(RuleSet.withoutRepetition(outcome.findings))
    return outcome
  }
}
