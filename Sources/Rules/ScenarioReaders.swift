import CEL
import Estate
import Values

/// The readers of one estate by scenario, for one thread. Rules share them: what one rule has read under a scenario, the
/// next finds read.
final class ScenarioReaders {
  let estate: Estate
  /// The reader that assumes nothing.
  let base: EstateReader
  private var narrowed: [Scenario: EstateReader] = [:]

  /// The object that a judgement was about last.
  private var latest: (object: ObjectValue, subject: Subject)?

  /// How many readers there have been besides that which assumes nothing.
  private(set) var scenarioCount = 0

  /// How many members may be remembered under scenarios together before they are forgotten: enough for the rules on one
  /// stack, and little beside its template.
  private let capacity: Int
  /// The same for what is read with nothing assumed, of which what is read again is kept. A rule that looks at all
  /// resources or tables for each of them has to find them there.
  private let baseCapacity: Int

  /// - Parameters:
  ///   - estate: What is read.
  ///   - capacity: How many members may be remembered of either kind, where it is not the estate that decides.
  init(_ estate: Estate, capacity: Int? = nil) {
    self.estate = estate
    self.capacity = capacity ?? 5_000
    base = EstateReader(estate, scenario: .none)
    let objects = estate.catalogue.tables.reduce(estate.deployment.resources.count) { count, table in
      count + 1 + table.columns.count + table.policies.count + table.triggers.count + table.grants.count
    }
    baseCapacity = capacity ?? 10_000 + objects / 2
  }

  /// The reader that assumes what a scenario does.
  subscript(scenario: Scenario) -> EstateReader {
    if scenario == .none { return base }
    if let reader = narrowed[scenario] { return reader }
    let reader = EstateReader(estate, scenario: scenario, base: base)
    narrowed[scenario] = reader
    scenarioCount += 1
    return reader
  }

  /// What a judgement on a value is about. What the project declares is called the same under every scenario, and one rule
  /// after the other judges it.
  func subject(_ value: Value, by reader: EstateReader) -> Subject {
    guard case .object(let object) = value, estate.position(of: object) != nil else { return Subject(value, reader) }
    if let latest, latest.object == object { return latest.subject }
    let subject = Subject(value, reader)
    latest = (object, subject)
    return subject
  }

  /// Drops the readers under scenarios: what was read under the choices of one stack says little of another's.
  func forget() { narrowed.removeAll(keepingCapacity: true) }

  /// Forgets what has been read where that is much. Between two subjects only.
  func trim() {
    if base.rememberedCount > baseCapacity { base.age() }
    var count = 0
    for reader in narrowed.values { count += reader.rememberedCount }
    if count > capacity { forget() }
  }
}
