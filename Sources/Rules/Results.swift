import Estate
import Findings
import Values

/// What identifies a result across scenarios: the elements it is about, and the obligation.
struct ResultKey: Hashable, Sendable {
  var bindings: [ElementKey]
  var obligation: String
  /// The elements of the obligation's own generators.
  var detail: [ElementKey]
}

/// The verdict of one obligation on one combination of elements, in some scenarios. It is handed on from fork to fork:
/// shared.
final class Result: Sendable {
  let key: ResultKey
  let verdict: Verdict
  let finding: Finding?
  /// The scenarios it holds in, each a list of choices; empty when it holds in all.
  let cases: [[Scenario.Assignment]]
  /// Nil for what is about the whole project.
  let subject: Subject?

  init(
    key: ResultKey, verdict: Verdict, finding: Finding? = nil, cases: [[Scenario.Assignment]] = [], subject: Subject?
  ) {
    self.key = key
    self.verdict = verdict
    self.finding = finding
    self.cases = cases
    self.subject = subject
  }

  /// The same result, in some scenarios only.
  func holding(in cases: [[Scenario.Assignment]]) -> Result {
    Result(key: key, verdict: verdict, finding: finding, cases: cases, subject: subject)
  }
}

/// Results in the order they were found.
struct Results: Sendable {
  private(set) var inOrder: [Result] = []

  init() {}

  init(_ result: Result) { inOrder = [result] }

  var isEmpty: Bool { inOrder.isEmpty }

  mutating func add(_ other: Results) { inOrder += other.inOrder }

  /// The results without the failures of some obligations that only several choices together come to, where another
  /// combination holds: nobody can deploy those.
  func withoutRefused(_ obligations: Set<String>) -> Results {
    guard !obligations.isEmpty else { return self }
    // The further elements of a key may be the chosen values themselves.
    func demand(_ key: ResultKey) -> ResultKey {
      ResultKey(bindings: Array(key.bindings.prefix(1)), obligation: key.obligation, detail: [])
    }
    let holding = Set(inOrder.filter { $0.verdict == .pass }.map { demand($0.key) })
    var results = Results()
    for result in inOrder {
      guard result.verdict == .fail, obligations.contains(result.key.obligation), holding.contains(demand(result.key)),
        !result.cases.isEmpty
      else {
        results.inOrder.append(result)
        continue
      }
      let cases = result.cases.filter { Set($0.map(\.choice)).count <= 1 }
      if !cases.isEmpty { results.inOrder.append(result.holding(in: cases)) }
    }
    return results
  }

  /// Joins the results of a fork's options: what came out the same under every option, words and place included, holds
  /// without the choice.
  struct Join {
    private var order: [Slot] = []
    private var found: [Slot: [(assignment: Scenario.Assignment, result: Result)]] = [:]
    private var options = 0

    private struct Slot: Hashable {
      let key: ResultKey
      let verdict: Verdict
      let place: Location?
      let message: Message?
    }

    mutating func add(_ results: Results, when choice: ChoiceID, is option: Int) {
      options += 1
      guard let assignment = Scenario.none.assuming(choice, is: option).assignments.first else { return }
      for result in results.inOrder {
        let slot = Slot(
          key: result.key, verdict: result.verdict, place: result.finding?.primary, message: result.finding?.message)
        if found[slot] == nil { order.append(slot) }
        found[slot, default: []].append((assignment, result))
      }
    }

    /// The results; not all options were looked at unless `isComplete`.
    func results(isComplete: Bool) -> Results {
      var results = Results()
      for slot in order {
        guard let items = found[slot], let first = items.first?.result else { continue }
        let isEverywhere = isComplete && items.count == options && items.allSatisfy { $0.result.cases.isEmpty }
        let cases = items.flatMap { item in
          item.result.cases.isEmpty ? [[item.assignment]] : item.result.cases.map { [item.assignment] + $0 }
        }
        results.inOrder.append(isEverywhere ? first : first.holding(in: cases))
      }
      return results
    }
  }
}

/// What a judgement is about.
struct SubjectKey: Hashable, Sendable {
  let key: ElementKey?
}

/// The verdict on a subject, as its obligations' results come in: fail beats unknown beats pass.
struct SubjectVerdict: Sendable {
  private(set) var verdict = Verdict.notApplicable
  private var about: Subject?

  var subject: String { about?.label ?? "" }
  var location: Location? { about?.location }

  init(_ result: Result) { add(result) }

  /// The verdict on the subject with what further results came to.
  func joined(with later: SubjectVerdict) -> SubjectVerdict {
    var joined = self
    if location == nil { joined.about = later.about }
    if Self.rank(later.verdict) > Self.rank(verdict) { joined.verdict = later.verdict }
    return joined
  }

  mutating func add(_ result: Result) {
    if location == nil { about = result.subject }
    if Self.rank(result.verdict) > Self.rank(verdict) { verdict = result.verdict }
  }

  private static func rank(_ verdict: Verdict) -> Int {
    switch verdict {
    case .notApplicable: 0
    case .pass: 1
    case .unknown: 2
    case .fail: 3
    }
  }
}
