import CEL
import Estate
import Findings
import SourceText
import Values

/// Judges one rule on one estate, over all scenarios.
///
/// Evaluation starts with nothing assumed. Where it comes to an unknown that is only an open choice, it forks: the
/// same walk again under each option, pinned to the elements it had reached. What is decided without a choice is
/// decided once for all its options, so the leaves stay few.
struct Judge {
  let rule: Rule
  let estate: Estate
  private var logic = Rule.Logic(
    generators: [], bindings: [], gate: nil, whether: MessageTemplate(parts: []), obligations: [])
  /// Readers by scenario: a reader remembers what it has read.
  private var readers: [Scenario: EstateReader]
  private var leaves = 0
  /// Subjects that are surely there under a scenario, and so under all that assume more.
  private var certainSubjects: [ElementKey: [CertainSubject]] = [:]
  private(set) var diagnostics: [Diagnostic] = []

  /// How many scenarios have been looked at, besides that with nothing assumed.
  private(set) var scenarioCount = 0

  /// More leaves than this on one subject say nothing more to a reader (design: at most 128 scenarios).
  static let leafLimit = 128

  init(_ rule: Rule, on estate: Estate, sharing reader: EstateReader) {
    self.rule = rule
    self.estate = estate
    readers = [.none: reader]
  }

  /// What a rule came to.
  struct Outcome {
    var judgements: [Judgement] = []
    var findings: [Finding] = []
    var diagnostics: [Diagnostic] = []
  }

  mutating func outcome() -> Outcome {
    var outcome = Outcome()
    if hasNoSubject() {
      outcome.judgements.append(Judgement(rule: rule.id, verdict: .notApplicable, subject: "", location: nil))
      return outcome
    }
    let (compiled, mistakes) = rule.body.logic()
    guard let compiled else {
      // A rule that cannot be compiled passes nothing.
      outcome.diagnostics = mistakes
      return outcome
    }
    logic = compiled
    let results = walk(Walk(scenario: .none, pins: []), bindings: [])
    var subjects: [SubjectKey: SubjectVerdict] = [:]
    var order: [SubjectKey] = []
    for result in results.inOrder {
      let key = SubjectKey(key: result.key.bindings.first)
      if subjects[key] == nil { order.append(key) }
      subjects[key, default: SubjectVerdict()].add(result)
      if var finding = result.finding {
        finding.scenarios = result.cases.map { estate.describe($0) }
        outcome.findings.append(Redaction(texts: estate.hiddenTexts).finding(finding))
      }
    }
    for key in order {
      guard let verdict = subjects[key] else { continue }
      outcome.judgements.append(
        Judgement(rule: rule.id, verdict: verdict.verdict, subject: verdict.subject, location: verdict.location))
    }
    if order.isEmpty {
      outcome.judgements.append(Judgement(rule: rule.id, verdict: .notApplicable, subject: "", location: nil))
    }
    outcome.diagnostics = diagnostics
    return outcome
  }

  /// Whether the first generator surely yields nothing, so that the rest need not be compiled.
  private mutating func hasNoSubject() -> Bool {
    guard let first = rule.body.first else { return false }
    let found = GeneratorValue(reader(.none).evaluate(first.expression, activation([])).value)
    return found.elements.isEmpty && found.residual == nil && found.error == nil
  }

  /// The names of all variables, in the order their values stand in an activation.
  private var variables: [String] {
    ["estate"] + rule.parameters.map(\.name) + logic.generators.map(\.variable) + logic.bindings.map(\.variable)
  }

  // MARK: The walk

  /// Where a walk is: what is assumed, and which elements and obligation it is pinned to since a fork.
  private struct Walk {
    var scenario: Scenario
    var pins: [ElementKey]
    var obligation: Int?
  }

  private mutating func reader(_ scenario: Scenario) -> EstateReader {
    if let reader = readers[scenario] { return reader }
    let reader = EstateReader(estate, scenario: scenario, base: readers[.none])
    readers[scenario] = reader
    scenarioCount += 1
    return reader
  }

  private mutating func walk(_ walk: Walk, bindings: [Binding]) -> Results {
    let level = bindings.count
    if level == 1, walk.pins.isEmpty { leaves = 0 }
    guard level < logic.generators.count else { return judge(walk, bindings) }
    let generator = logic.generators[level]
    let reader = reader(walk.scenario)
    let (value, reads) =
      level == 0
      ? subjects(reader, pinned: walk.pins.first) : reader.evaluate(generator.expression, activation(bindings))
    let source = GeneratorValue(value)
    if let choice = source.residual?.undecidedChoice {
      return fork(walk, on: choice, pinning: bindings)
    }
    let isPinned = level < walk.pins.count
    if !isPinned, let choice = source.elements.lazy.compactMap({ $0.value.unknown?.undecidedChoice }).first {
      // What the element is depends on the choice: all of the list is looked at again under each option.
      return fork(walk, on: choice, pinning: bindings)
    }
    var results = Results()
    for (position, element) in source.elements.enumerated() {
      let key = reader.key(of: element.value, at: position)
      if isPinned, walk.pins[level] != key { continue }
      let binding = Binding(
        variable: generator.variable, value: element.value, key: key, membership: element.membership, reads: reads)
      if let choice = element.membership?.undecidedChoice {
        results.add(fork(walk, on: choice, pinning: bindings + [binding]))
        continue
      }
      if case .unknown(let unknown) = element.value {
        results.add(cannotTell(unknown, walk, bindings, generator: level, reads))
        continue
      }
      results.add(self.walk(walk, bindings: bindings + [binding]))
      // What was read under the scenarios of one subject says little of the next.
      if level == 0, walk.scenario == .none, readers.count > 1 { readers = readers.filter { $0.key == .none } }
    }
    if let residual = source.residual, !isPinned {
      results.add(cannotTell(residual, walk, bindings, generator: level, reads))
    }
    if let error = source.error { report(error, generator.text, bindings, walk) }
    return results
  }

  private struct CertainSubject {
    let scenario: Scenario
    let value: Value
    let reads: EstateReader.Reads
  }

  /// What the first generator yields. Every fork walks anew from there, pinned to one subject: a subject that is there
  /// under a scenario is there in every scenario that assumes more, and is found once.
  private mutating func subjects(_ reader: EstateReader, pinned: ElementKey?) -> (
    value: Value, reads: EstateReader.Reads
  ) {
    if let pinned,
      let known = certainSubjects[pinned]?.first(where: { reader.scenario.assumes(all: $0.scenario) })
    {
      return (known.value, known.reads)
    }
    let found = reader.evaluate(logic.generators[0].expression, activation([]))
    for element in GeneratorValue(found.value).elements
    where element.membership == nil && reader.holdsInEveryScenario(element.value) {
      // A position in the list would be another in the list of one.
      let key = reader.key(of: element.value, at: 0)
      if case .position = key { continue }
      if let pinned, key != pinned { continue }
      certainSubjects[key, default: []].append(
        CertainSubject(
          scenario: reader.scenario, value: .list(ListValue(elements: [element])), reads: found.reads))
    }
    return found
  }

  /// Walks again under each option of a choice, and joins what comes out the same under all of them.
  private mutating func fork(
    _ walk: Walk, on choice: ChoiceID, pinning bindings: [Binding], obligation: Int? = nil
  ) -> Results {
    var joined = Results.Join()
    for option in estate.options(of: choice) {
      let scenario = walk.scenario.assuming(choice, is: option)
      guard estate.isFeasible(scenario) else { continue }
      leaves += 1
      if leaves > Judge.leafLimit {
        let reason = Reason(
          .budget, "more than \(Judge.leafLimit) scenarios would have to be looked at",
          cure: "give some parameters with --parameter NAME=VALUE")
        // What failed in the scenarios that were looked at stands; of the others nothing is known.
        var results = joined.results(isComplete: false)
        results.add(cannotTell(Unknown(reason), walk, bindings, generator: nil, .none))
        return results
      }
      var next = Walk(scenario: scenario, pins: bindings.map(\.key), obligation: obligation ?? walk.obligation)
      if walk.pins.count > next.pins.count { next.pins = walk.pins }
      joined.add(self.walk(next, bindings: []), when: choice, is: option)
    }
    return joined.results(isComplete: true)
  }

  private func activation(_ bindings: [Binding], lets: [Value] = []) -> [Value] {
    [estate.root] + rule.parameters.map(\.value) + bindings.map(\.value) + lets
  }

  // MARK: Obligations

  private mutating func judge(_ walk: Walk, _ bindings: [Binding]) -> Results {
    let reader = reader(walk.scenario)
    var lets: [Value] = []
    for binding in logic.bindings {
      let (value, _) = reader.evaluate(binding.expression, activation(bindings, lets: lets))
      lets.append(value)
    }
    let values = activation(bindings, lets: lets)
    if let gate = logic.gate {
      let (value, reads) = reader.evaluate(gate.expression, values)
      switch value {
      case .bool(true): break
      case .unknown(let unknown):
        if let choice = unknown.undecidedChoice { return fork(walk, on: choice, pinning: bindings) }
        return cannotTell(unknown, walk, bindings, generator: nil, reads)
      case .error(let error):
        report(error, gate.text, bindings, walk)
        return Results()
      default:
        return Results(entry(.notApplicable, nil, walk, bindings))
      }
    }
    var results = Results()
    for index in logic.obligations.indices where walk.obligation == nil || walk.obligation == index {
      results.add(judge(index, walk, bindings, values))
    }
    return results
  }

  private mutating func judge(_ index: Int, _ walk: Walk, _ bindings: [Binding], _ values: [Value]) -> Results {
    let obligation = logic.obligations[index]
    let reader = reader(walk.scenario)
    var condition: Unknown?
    if let when = obligation.condition {
      let (value, _) = reader.evaluate(when.expression, values)
      switch value {
      case .bool(true): break
      case .unknown(let unknown):
        if let choice = unknown.undecidedChoice {
          return fork(walk, on: choice, pinning: bindings, obligation: index)
        }
        condition = unknown
      case .error(let error):
        report(error, when.text, bindings, walk)
        return Results()
      default:
        return Results(entry(.notApplicable, index, walk, bindings))
      }
    }
    var cases: [ObligationCase] = []
    collect(obligation, reader, bindings, values, [], condition, &cases)
    for item in cases {
      if case .unknown(let unknown, _) = item.verdict, let choice = unknown.undecidedChoice {
        return fork(walk, on: choice, pinning: bindings, obligation: index)
      }
    }
    var results = Results()
    for item in cases {
      switch item.verdict {
      case .error(let error): report(error, obligation.that.text, bindings, walk)
      case .pass: break
      case .fail:
        if let membership = (bindings + item.each).compactMap(\.membership).first {
          results.add(finding(.unknown(membership), index, item, walk, bindings))
        } else {
          results.add(finding(.fail, index, item, walk, bindings))
        }
      case .unknown: results.add(finding(item.verdict.state, index, item, walk, bindings))
      }
    }
    if results.isEmpty { results.add(Results(entry(.pass, index, walk, bindings))) }
    return results
  }

  /// Evaluates an obligation for each element of its own generators; the known-true ones are left out.
  private func collect(
    _ obligation: Rule.Obligation, _ reader: EstateReader, _ bindings: [Binding], _ values: [Value],
    _ each: [Binding], _ condition: Unknown?, _ cases: inout [ObligationCase]
  ) {
    guard each.count < obligation.each.count else {
      let (value, reads) = reader.evaluate(obligation.that.expression, values + each.map(\.value))
      let verdict: ObligationCase.Verdict
      switch value {
      case .bool(true): return
      case .bool(false): verdict = condition.map { .unknown($0, reads) } ?? .fail
      case .unknown(let unknown): verdict = .unknown(condition.map { $0.union(unknown) } ?? unknown, reads)
      case .error(let error): verdict = .error(error)
      default: verdict = .error(CELError(.noSuchOverload, "The obligation is no bool."))
      }
      cases.append(ObligationCase(verdict: verdict, each: each, values: values + each.map(\.value), reads: reads))
      return
    }
    let generator = obligation.each[each.count]
    let (value, reads) = reader.evaluate(generator.expression, values + each.map(\.value))
    let source = GeneratorValue(value)
    if let error = source.error {
      cases.append(ObligationCase(verdict: .error(error), each: each, values: values, reads: reads))
    }
    for (position, element) in source.elements.enumerated() {
      if case .unknown(let unknown) = element.value {
        cases.append(ObligationCase(verdict: .unknown(unknown, reads), each: each, values: values, reads: reads))
        continue
      }
      let binding = Binding(
        variable: generator.variable, value: element.value, key: reader.key(of: element.value, at: position),
        membership: element.membership, reads: reads)
      var inner: [ObligationCase] = []
      collect(obligation, reader, bindings, values, each + [binding], condition, &inner)
      // A member that may not be there fails nothing, but keeps what it would fail from being known.
      if let membership = element.membership, membership.undecidedChoice != nil {
        inner = inner.map { $0.verdict.isDecided ? $0.with(.unknown(membership, reads)) : $0 }
      }
      cases += inner
    }
    if let residual = source.residual {
      cases.append(ObligationCase(verdict: .unknown(residual, reads), each: each, values: values, reads: reads))
    }
  }

  private mutating func report(_ error: CELError, _ text: String, _ bindings: [Binding], _ walk: Walk) {
    let reader = reader(walk.scenario)
    let subject = bindings.first.map { reader.label(of: $0.value) } ?? "the project"
    let diagnostic = Diagnostic(
      "rule-error", .error, "Rule \(rule.id) could not evaluate '\(text)' on \(subject): \(error.message)",
      cure: "This is a mistake of the rule: guard the expression.",
      at: bindings.first.flatMap { reader.place(of: $0.value, members: [])?.span })
    if !diagnostics.contains(diagnostic) { diagnostics.append(diagnostic) }
  }

  // MARK: Results

  private mutating func entry(_ verdict: Verdict, _ obligation: Int?, _ walk: Walk, _ bindings: [Binding]) -> Result {
    let reader = reader(walk.scenario)
    return Result(
      key: ResultKey(
        bindings: bindings.map(\.key), obligation: obligation.map { logic.obligations[$0].id } ?? "", detail: []),
      verdict: verdict, finding: nil, cases: [], subject: bindings.first.map { reader.label(of: $0.value) } ?? "",
      location: bindings.first.flatMap { reader.location(of: $0.value, members: []) })
  }

  private mutating func cannotTell(
    _ unknown: Unknown, _ walk: Walk, _ bindings: [Binding], generator: Int?, _ reads: EstateReader.Reads
  ) -> Results {
    var result = entry(rule.unknownFails ? .fail : .unknown, nil, walk, bindings)
    let obligation = generator.map { "for." + logic.generators[$0].variable } ?? "when"
    result.key.obligation = obligation
    let writer = FindingWriter(
      rule: rule, hasSubjects: !logic.generators.isEmpty, reader: reader(walk.scenario), estate: estate)
    result.finding = writer.undetermined(
      unknown, obligation: obligation, whether: logic.whether, severity: rule.severity, place: nil, bindings: bindings,
      values: activation(bindings), variables: variables, reads: reads)
    return Results(result)
  }

  private mutating func finding(
    _ state: ObligationCase.State, _ index: Int, _ item: ObligationCase, _ walk: Walk, _ bindings: [Binding]
  ) -> Results {
    let obligation = logic.obligations[index]
    var result = entry(.fail, index, walk, bindings)
    result.key.detail = item.each.map(\.key)
    let writer = FindingWriter(
      rule: rule, hasSubjects: !logic.generators.isEmpty, reader: reader(walk.scenario), estate: estate)
    let variables = self.variables + obligation.each.map(\.variable)
    switch state {
    case .fail:
      result.finding = writer.failure(
        obligation, bindings: bindings + item.each, values: item.values, variables: variables, reads: item.reads)
    case .unknown(let unknown):
      result.verdict = rule.unknownFails ? .fail : .unknown
      result.finding = writer.undetermined(
        unknown, obligation: obligation.id, whether: obligation.whether ?? logic.whether, severity: obligation.severity,
        place: item.each.count == obligation.each.count ? obligation.place : nil, bindings: bindings + item.each,
        values: item.values, variables: variables, reads: item.reads)
    }
    return Results(result)
  }
}

/// A variable bound to an element of a generator.
struct Binding {
  let variable: String
  let value: Value
  let key: ElementKey
  /// Why it may not be in the list, or nil when it is.
  let membership: Unknown?
  /// What the generator read to yield it.
  let reads: EstateReader.Reads
}

/// What an obligation came to for one combination of its own elements.
struct ObligationCase {
  enum Verdict {
    case pass
    case fail
    case unknown(Unknown, EstateReader.Reads)
    case error(CELError)

    var isDecided: Bool {
      if case .fail = self { return true }
      return false
    }

    var state: State {
      if case .unknown(let unknown, _) = self { return .unknown(unknown) }
      return .fail
    }
  }

  enum State {
    case fail
    case unknown(Unknown)
  }

  let verdict: Verdict
  let each: [Binding]
  let values: [Value]
  let reads: EstateReader.Reads

  func with(_ verdict: Verdict) -> ObligationCase {
    ObligationCase(verdict: verdict, each: each, values: values, reads: reads)
  }
}

/// What a generator yields: the elements it surely or possibly has, and why there may be more.
struct GeneratorValue {
  var elements: [ListValue.Element] = []
  var residual: Unknown?
  var error: CELError?

  init(_ value: Value) {
    switch value {
    case .list(let list):
      elements = list.elements
      residual = list.residual
    case .optional(let wrapped):
      if let wrapped { elements = [ListValue.Element(wrapped)] }
    case .unknown(let unknown): residual = unknown
    case .error(let error): self.error = error
    case .null: break
    default: elements = [ListValue.Element(value)]
    }
  }
}
