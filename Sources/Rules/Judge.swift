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
  private let logic: Rule.Logic
  private let readers: ScenarioReaders
  private var leaves = 0
  /// Subjects that are surely there under a scenario, and so under all that assume more.
  private var certainSubjects: [ElementKey: [CertainSubject]] = [:]
  private(set) var diagnostics: [Diagnostic] = []

  /// More leaves than this on one subject say nothing more to a reader (design: at most 128 scenarios).
  static let leafLimit = 128

  init(_ rule: Rule, _ logic: Rule.Logic, _ readers: ScenarioReaders) {
    self.rule = rule
    self.logic = logic
    self.readers = readers
    estate = readers.estate
  }

  /// What a part of the rule's subjects comes to.
  mutating func results(of part: RuleSubjects.Part, among subjects: RuleSubjects) -> Results {
    let walk = Walk(reader: readers.base, pins: [])
    switch part {
    case .whole: return self.walk(walk, bindings: [])
    case .subject(let position):
      let element = subjects.source.elements[position]
      note(element, in: readers.base, subjects.reads, pinned: nil)
      return visit(element, at: position, walk, [], subjects.reads)
    case .rest: return rest(subjects.source, walk, [], subjects.reads)
    }
  }

  /// The names of all variables, in the order their values stand in an activation.
  private var variables: [String] {
    ["estate"] + rule.parameters.map(\.name) + logic.generators.map(\.variable) + logic.bindings.map(\.variable)
  }

  // MARK: The walk

  /// Where a walk is: what is assumed, and which elements and obligation it is pinned to since a fork.
  private struct Walk {
    let reader: EstateReader
    var pins: [ElementKey]
    var obligation: Int?

    var scenario: Scenario { reader.scenario }
  }

  private mutating func walk(_ walk: Walk, bindings: [Binding]) -> Results {
    let level = bindings.count
    guard level < logic.generators.count else { return judge(walk, bindings) }
    let generator = logic.generators[level]
    let reader = walk.reader
    let (value, reads) =
      level == 0
      ? subjects(reader, pinned: walk.pins.first)
      : reader.evaluate(generator.expression, rule.activation(estate, bindings))
    let source = GeneratorValue(value)
    let isPinned = level < walk.pins.count
    if let choice = source.choice(isPinned: isPinned) { return fork(walk, on: choice, pinning: bindings) }
    var results = Results()
    for (position, element) in source.elements.enumerated() {
      results.add(visit(element, at: position, walk, bindings, reads))
    }
    if isPinned {
      if let error = source.error { report(error, generator.text, bindings, walk) }
    } else {
      results.add(rest(source, walk, bindings, reads))
    }
    return results
  }

  /// Walks on from one element of a generator, unless the walk is pinned to another.
  private mutating func visit(
    _ element: ListValue.Element, at position: Int, _ walk: Walk, _ bindings: [Binding], _ reads: EstateReader.Reads
  ) -> Results {
    let level = bindings.count
    let key = walk.reader.key(of: element.value, at: position)
    if level < walk.pins.count, walk.pins[level] != key { return Results() }
    if level == 0, walk.pins.isEmpty {
      leaves = 0
      readers.trim()
    }
    let binding = Binding(
      variable: logic.generators[level].variable, value: element.value, key: key, membership: element.membership,
      reads: reads, subject: level == 0 ? readers.subject(element.value, by: walk.reader) : nil)
    if let choice = element.membership?.undecidedChoice {
      return fork(walk, on: choice, pinning: bindings + [binding])
    }
    if case .unknown(let unknown) = element.value {
      return cannotTell(unknown, walk, bindings, generator: level, reads)
    }
    return self.walk(walk, bindings: bindings + [binding])
  }

  /// What a generator may yield besides its elements.
  private mutating func rest(
    _ source: GeneratorValue, _ walk: Walk, _ bindings: [Binding], _ reads: EstateReader.Reads
  ) -> Results {
    let level = bindings.count
    if let error = source.error { report(error, logic.generators[level].text, bindings, walk) }
    guard let residual = source.residual else { return Results() }
    return cannotTell(residual, walk, bindings, generator: level, reads)
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
    let (expression, values) = (logic.generators[0].expression, rule.activation(estate, []))
    let found =
      pinned?.value.map { reader.evaluate(keeping: $0, expression, values) } ?? reader.evaluate(expression, values)
    for element in GeneratorValue(found.value).elements { note(element, in: reader, found.reads, pinned: pinned) }
    return found
  }

  /// Keeps a subject that is surely there under a reader's scenario.
  private mutating func note(
    _ element: ListValue.Element, in reader: EstateReader, _ reads: EstateReader.Reads, pinned: ElementKey?
  ) {
    guard element.membership == nil, reader.holdsInEveryScenario(element.value) else { return }
    // A position in the list would be another in the list of one.
    let key = reader.key(of: element.value, at: 0)
    if case .position = key { return }
    if let pinned, key != pinned { return }
    certainSubjects[key, default: []].append(
      CertainSubject(scenario: reader.scenario, value: .list(ListValue(elements: [element])), reads: reads))
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
      var next = Walk(reader: readers[scenario], pins: bindings.map(\.key), obligation: obligation ?? walk.obligation)
      if walk.pins.count > next.pins.count { next.pins = walk.pins }
      joined.add(self.walk(next, bindings: []), when: choice, is: option)
    }
    return joined.results(isComplete: true)
  }

  // MARK: Obligations

  private mutating func judge(_ walk: Walk, _ bindings: [Binding]) -> Results {
    let reader = walk.reader
    var activation = Activation(rule, logic, bindings, reader)
    if let gate = logic.gate {
      activation.find(logic.gateNeeds)
      let (value, reads) = reader.evaluate(gate.expression, activation.values)
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
      results.add(judge(index, walk, bindings, &activation))
    }
    return results
  }

  private mutating func judge(
    _ index: Int, _ walk: Walk, _ bindings: [Binding], _ activation: inout Activation
  ) -> Results {
    let obligation = logic.obligations[index]
    let reader = walk.reader
    var condition: Unknown?
    if let when = obligation.condition {
      activation.find(logic.obligationNeeds[index].condition)
      let value = reader.value(of: when.expression, activation.values)
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
    activation.find(logic.obligationNeeds[index].demand)
    collect(obligation, reader, bindings, activation.values, [], condition, &cases)
    for item in cases {
      if case .unknown(let unknown, _) = item.verdict, let choice = unknown.undecidedChoice {
        return fork(walk, on: choice, pinning: bindings, obligation: index)
      }
    }
    var results = Results()
    for var item in cases {
      item.values = activation.completed(item.values)
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
    let bound = each.isEmpty ? values : values + each.map(\.value)
    guard each.count < obligation.each.count else {
      let (value, reads) = reader.evaluate(obligation.that.expression, bound)
      let verdict: ObligationCase.Verdict
      switch value {
      case .bool(true): return
      case .bool(false): verdict = condition.map { .unknown($0, reads) } ?? .fail
      case .unknown(let unknown): verdict = .unknown(condition.map { $0.union(unknown) } ?? unknown, reads)
      case .error(let error): verdict = .error(error)
      default: verdict = .error(CELError(.noSuchOverload, "The obligation is no bool."))
      }
      cases.append(ObligationCase(verdict: verdict, each: each, values: bound, reads: reads))
      return
    }
    let generator = obligation.each[each.count]
    let (value, reads) = reader.evaluate(generator.expression, bound)
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
    let reader = walk.reader
    let subject = bindings.first.map { reader.label(of: $0.value) } ?? "the project"
    let diagnostic = Diagnostic(
      "rule-error", .error, "Rule \(rule.id) could not evaluate '\(text)' on \(subject): \(error.message)",
      cure: "This is a mistake of the rule: guard the expression.",
      at: bindings.first.flatMap { reader.place(of: $0.value, members: [])?.span })
    if !diagnostics.contains(diagnostic) { diagnostics.append(diagnostic) }
  }

  // MARK: Results

  private mutating func entry(_ verdict: Verdict, _ obligation: Int?, _ walk: Walk, _ bindings: [Binding]) -> Result {
    Result(
      key: ResultKey(
        bindings: bindings.map(\.key), obligation: obligation.map { logic.obligations[$0].id } ?? "", detail: []),
      verdict: verdict, subject: bindings.first?.subject)
  }

  private mutating func cannotTell(
    _ unknown: Unknown, _ walk: Walk, _ bindings: [Binding], generator: Int?, _ reads: EstateReader.Reads
  ) -> Results {
    let obligation = generator.map { "for." + logic.generators[$0].variable } ?? "when"
    let writer = FindingWriter(
      rule: rule, hasSubjects: !logic.generators.isEmpty, reader: walk.reader, estate: estate)
    let finding = writer.undetermined(
      unknown, obligation: obligation, whether: logic.whether, severity: rule.severity, place: nil, bindings: bindings,
      values: rule.activation(estate, bindings), variables: variables, reads: reads)
    return Results(
      Result(
        key: ResultKey(bindings: bindings.map(\.key), obligation: obligation, detail: []),
        verdict: rule.unknownFails ? .fail : .unknown, finding: finding, subject: bindings.first?.subject))
  }

  private mutating func finding(
    _ state: ObligationCase.State, _ index: Int, _ item: ObligationCase, _ walk: Walk, _ bindings: [Binding]
  ) -> Results {
    let obligation = logic.obligations[index]
    let verdict: Verdict
    let finding: Finding
    let writer = FindingWriter(
      rule: rule, hasSubjects: !logic.generators.isEmpty, reader: walk.reader, estate: estate)
    let variables = self.variables + obligation.each.map(\.variable)
    switch state {
    case .fail:
      verdict = .fail
      finding = writer.failure(
        obligation, bindings: bindings + item.each, values: item.values, variables: variables, reads: item.reads)
    case .unknown(let unknown):
      verdict = rule.unknownFails ? .fail : .unknown
      finding = writer.undetermined(
        unknown, obligation: obligation.id, whether: obligation.whether ?? logic.whether, severity: obligation.severity,
        place: item.each.count == obligation.each.count ? obligation.place : nil, bindings: bindings + item.each,
        values: item.values, variables: variables, reads: item.reads)
    }
    let key = ResultKey(bindings: bindings.map(\.key), obligation: obligation.id, detail: item.each.map(\.key))
    return Results(Result(key: key, verdict: verdict, finding: finding, subject: bindings.first?.subject))
  }
}

/// A variable bound to an element of a generator. It never changes, and every result below it tells of it: shared.
final class Binding: Sendable {
  let variable: String
  let value: Value
  let key: ElementKey
  /// Why it may not be in the list, or nil when it is.
  let membership: Unknown?
  /// What the generator read to yield it.
  let reads: EstateReader.Reads
  /// Set for the first variable of a rule.
  let subject: Subject?

  init(
    variable: String, value: Value, key: ElementKey, membership: Unknown?, reads: EstateReader.Reads,
    subject: Subject? = nil
  ) {
    self.variable = variable
    self.value = value
    self.key = key
    self.membership = membership
    self.reads = reads
    self.subject = subject
  }
}

/// What a rule's judgement is about, as reports show it: shared by all results on it.
final class Subject: Sendable {
  let label: String
  let location: Location?

  init(_ value: Value, _ reader: EstateReader) {
    label = reader.label(of: value)
    location = reader.location(of: value, members: [])
  }
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
  var values: [Value]
  let reads: EstateReader.Reads

  func with(_ verdict: Verdict) -> ObligationCase {
    ObligationCase(verdict: verdict, each: each, values: values, reads: reads)
  }
}

extension Rule {
  /// The values that a generator is evaluated with: the estate, the parameters, then what is bound.
  func activation(_ estate: Estate, _ bindings: [Binding]) -> [Value] {
    var values: [Value] = []
    values.reserveCapacity(1 + settings.count + bindings.count)
    values.append(estate.root)
    values += settings
    for binding in bindings { values.append(binding.value) }
    return values
  }
}

/// What a generator yields: the elements it surely or possibly has, and why there may be more.
struct GeneratorValue: Sendable {
  var elements: [ListValue.Element] = []
  var residual: Unknown?
  var error: CELError?

  /// Whether there surely is nothing.
  var isNothing: Bool { elements.isEmpty && residual == nil && error == nil }

  /// The open choice that the list as a whole hangs on: which elements there are, or what one of them is. A pinned walk
  /// knows its element.
  func choice(isPinned: Bool) -> ChoiceID? {
    if let choice = residual?.undecidedChoice { return choice }
    return isPinned ? nil : elements.lazy.compactMap { $0.value.unknown?.undecidedChoice }.first
  }

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
