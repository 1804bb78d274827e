import CEL
import Estate
import Findings
import SourceText
import Values

/// What a rule is to be judged on, as it is found with nothing assumed. The subjects are parts that are judged apart:
/// stack by stack over all rules, and on any thread. They never change: shared by all that judge a part.
final class RuleSubjects: Sendable {
  /// The rule compiled; nil where it has no subject, or cannot be compiled.
  let logic: Rule.Logic?
  /// What the first generator yields.
  let source: GeneratorValue
  /// What the first generator read.
  let reads: EstateReader.Reads
  /// In the order in which their results are told.
  let parts: [Part]
  /// The mistakes of a rule that cannot be compiled.
  let mistakes: [Diagnostic]

  enum Part: Sendable {
    /// All there is: what the first generator yields depends on an open choice, or is known to one reader only, or there
    /// is no generator.
    case whole
    /// One element of the first generator, by its position.
    case subject(Int)
    /// What the first generator may yield besides its elements.
    case rest
  }

  /// Finds the subjects of a rule.
  convenience init(of rule: Rule, _ readers: ScenarioReaders) {
    var found: (value: Value, reads: EstateReader.Reads)?
    if let first = rule.body.first {
      let value = readers.base.evaluate(first.expression, rule.activation(readers.estate, []))
      let source = GeneratorValue(value.value)
      if source.isNothing {
        // The rest need not even be compiled.
        self.init(logic: nil, source: source, reads: .none, parts: [], mistakes: [])
        return
      }
      found = value
    }
    let (logic, mistakes) = rule.body.logic()
    guard let logic else {
      // A rule that cannot be compiled passes nothing.
      self.init(logic: nil, source: GeneratorValue(.null), reads: .none, parts: [], mistakes: mistakes)
      return
    }
    guard let first = logic.generators.first else {
      self.init(logic: logic, source: GeneratorValue(.null), reads: .none, parts: [.whole], mistakes: [])
      return
    }
    let (value, reads) =
      found ?? readers.base.evaluate(first.expression, rule.activation(readers.estate, []))
    let source = GeneratorValue(value)
    var parts = [Part.whole]
    let isOfOneReader = source.elements.contains { readers.base.holdsObjectOfOneScenario($0.value) }
    if source.choice(isPinned: false) == nil, !isOfOneReader {
      parts = source.elements.indices.map { .subject($0) }
      if source.residual != nil || source.error != nil { parts.append(.rest) }
    }
    // Of what surely is a subject nothing is told but what finding it took for granted.
    let isSure = source.residual == nil && source.error == nil && source.elements.allSatisfy { $0.value.unknown == nil }
    self.init(
      logic: logic, source: source, reads: isSure ? reads.assumed : reads, parts: parts, mistakes: [])
  }

  private init(
    logic: Rule.Logic?, source: GeneratorValue, reads: EstateReader.Reads, parts: [Part], mistakes: [Diagnostic]
  ) {
    self.logic = logic
    self.source = source
    self.reads = reads
    self.parts = parts
    self.mistakes = mistakes
  }

  /// Where a part stands among those of all rules: what is read for one is soon read again for its neighbours.
  func place(of part: Part, in estate: Estate) -> Place {
    guard case .subject(let position) = part, case .object(let object) = source.elements[position].value,
      let found = estate.position(of: object)
    else { return Place(stack: Place.anywhere, object: 0) }
    return Place(stack: found.stack ?? Place.schema, object: found.index)
  }

  /// A stack of the deployment and a resource in it, by their positions, or a table; what is neither comes first.
  struct Place: Comparable {
    let stack: Int32
    let object: Int32

    /// In place of a stack: what may be about all of the project.
    static let anywhere: Int32 = -2
    /// In place of a stack: tables and their parts.
    static let schema: Int32 = -1

    static func < (a: Place, b: Place) -> Bool { (a.stack, a.object) < (b.stack, b.object) }
  }
}
