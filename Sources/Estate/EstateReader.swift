import CEL
import CloudFormation
import PostgresSchema
import SourceText
import Synchronization
import Values

/// Reads the objects of an estate under one scenario: what CEL evaluates against.
///
/// A reader remembers every member it has read, and what that took; it belongs to one thread.
package final class EstateReader: Host {
  package let estate: Estate
  package let scenario: Scenario
  let resolver: Resolver
  /// The reader that assumes nothing: what it knows without an open choice holds under every scenario.
  let base: EstateReader?
  private var cache: [MemberKey: Known] = [:]
  /// What was read before ``age()``, and not since.
  private var older: [MemberKey: Known] = [:]
  /// The stacks whose choices the scenario makes.
  let touched: Set<StackID>
  private var inProgress: Set<MemberKey> = []
  /// What has been read since the innermost evaluation began.
  private var reads: [Remembered] = []
  var referrers: [ReferrersModel: ReferrerIndex] = [:]
  var candidates: [ReferrersModel: NamedReferrers] = [:]
  /// What the code and the environment of functions refer to.
  var codeMentions: [ResourceID: Mentions] = [:]
  /// By stack: the keys of the properties that its parameters are the values of.
  var parameterKeys: [StackID: [String: [String]]] = [:]
  /// What the structures come to that this reader has met, by their ids.
  var structures: [Int32: Structure] = [:]
  /// The data stores that the sources of SQL met so far are for.
  var links: [SchemaSource?: SchemaLink] = [:]
  /// The tables' positions by their names; nil before somebody asked.
  var tablesByName: [String: Int]?
  /// The roles' positions by their names, and the names of each role's direct members; nil before somebody asked.
  var rolesByName: [String: Int]?
  var membersByRole: [String: [String]]?
  /// The tags of the resource that was asked for last: a tag's members are asked for one after the other.
  var latestTags: (resource: ResourceID, tags: ResourceTags)?
  /// The property of a resource that was asked for last: parts of it are asked for one after the other, and the places
  /// of those that rules speak of.
  var latestProperty: (resource: ResourceID, name: String, value: ResolvedValue)?
  /// The resources of a type by the name that a property gives them, where it is known.
  var namedResources: [String: [String: [ResourceID]]] = [:]
  /// The positions of the catalogue's sources by their files; nil before somebody asked.
  var scriptsByFile: [FileID: [Int]]?
  /// The clauses of policies by table and policy; nil before somebody asked.
  var clausesByPolicy: [PolicyPosition: [Int32]]?
  /// The views that read a table, by its name; nil before somebody asked.
  var viewsByTable: [String: [Int32]]?
  /// Why some function may hold SQL that no template shows; the outer nil before that was asked.
  var hiddenCodeOfAll: Unknown??

  private struct MemberKey: Hashable {
    let object: ObjectValue
    let member: String

    /// Cheap, for every member read is looked up: names of one length that end alike are told apart by comparison,
    /// which is quick too, for nearly always it is the same string.
    func hash(into hasher: inout Hasher) {
      hasher.combine(
        Int(object.id) << 24 ^ object.typeName.utf8.count << 16 ^ member.utf8.count << 8 ^ Int(member.utf8.last ?? 0)
          ^ Int(member.utf8.first ?? 0) << 56)
    }
  }

  /// A member that is remembered.
  private struct Known {
    let remembered: Remembered
    /// Which scenarios it holds under; nil before somebody asked.
    var reach: Reach?
  }

  /// Under which scenarios a reading with nothing assumed holds as it is.
  private enum Reach {
    /// Under those that leave the choices of these stacks alone; under every one when there are none.
    case exceptFor(Set<StackID>)
    case none
  }

  /// A member that was read, with what that took: shared by all that read it again.
  fileprivate final class Remembered: Sendable {
    let read: Read
    let beneath: [Remembered]
    /// Whether anything in it was taken for granted.
    let isAssuming: Bool

    init(_ read: Read, _ beneath: [Remembered]) {
      self.read = read
      self.beneath = beneath
      isAssuming = read.hops.contains(where: \.isAssumption) || beneath.contains(where: \.isAssuming)
    }
  }

  /// All that an evaluation read, in order; listed only when a finding tells of it, and once for all that share it.
  package final class Reads: Sendable {
    package static let none = Reads([])

    private let found: [Remembered]
    private let listing = Mutex<Listing>(Listing())

    private struct Listing {
      var reads: [Read]?
      var assumptions: [String]?
    }

    fileprivate init(_ found: [Remembered]) { self.found = found }

    /// Of what was read only what was taken for granted: little even where all resources and tables were read.
    package var assumed: Reads {
      let assumed = found.filter(\.isAssuming)
      return assumed.isEmpty ? .none : Reads(assumed)
    }

    /// Each read once: what it took before itself.
    package var all: [Read] {
      listing.withLock { listing in
        if let known = listing.reads { return known }
        var reads: [Read] = []
        Self.visit(found) { reads.append($0) }
        listing.reads = reads
        return reads
      }
    }

    /// What was taken for granted, each once.
    package var assumptions: [String] {
      listing.withLock { listing in
        if let known = listing.assumptions { return known }
        var assumptions: [String] = []
        var texts: Set<String> = []
        // All the resources of a project may have been read, and few of them on an assumption.
        Self.visit(found, where: \.isAssuming) { read in
          for hop in read.hops where hop.isAssumption && texts.insert(hop.text).inserted {
            assumptions.append(hop.text)
          }
        }
        listing.assumptions = assumptions
        return assumptions
      }
    }

    private static func visit(
      _ found: [Remembered], where isMeant: (Remembered) -> Bool = { _ in true }, _ tell: (Read) -> Void
    ) {
      var seen: Set<ObjectIdentifier> = []
      func visit(_ remembered: Remembered) {
        guard isMeant(remembered), seen.insert(ObjectIdentifier(remembered)).inserted else { return }
        for item in remembered.beneath { visit(item) }
        tell(remembered.read)
      }
      for item in found { visit(item) }
    }
  }

  /// One member that was read, and what it came to.
  package struct Read: Sendable {
    package let object: ObjectValue
    package let member: String
    package let reading: MemberReading
    /// Where the value is written; nil where it is not.
    package let origin: Origin?
    /// How it came about: defaults of parameters, exports, mappings.
    package let hops: [Hop]
    /// False for derived members, whose own reads stand beside them.
    package let isWritten: Bool
  }

  /// - Parameters:
  ///   - estate: what is read.
  ///   - scenario: what is assumed.
  ///   - base: a reader of the same estate that assumes nothing, whose findings are used where they hold.
  package init(_ estate: Estate, scenario: Scenario, base: EstateReader? = nil) {
    self.estate = estate
    self.scenario = scenario
    self.base = base
    resolver = Resolver(estate.deployment, scenario: scenario, narrowing: base?.resolver)
    touched = Set(scenario.assignments.map { estate.deployment.choice($0.choice).stack })
  }

  /// How many members have been read since the reader was made, or aged.
  package var rememberedCount: Int { cache.count }

  /// Forgets what has not been read since this was called before, between two evaluations: it can be read again. What
  /// findings tell of keeps what it took.
  package func age() {
    swap(&cache, &older)
    cache.removeAll(keepingCapacity: true)
  }

  /// A member that is remembered; what is asked for does not get old.
  private func known(_ key: MemberKey) -> Known? {
    if let known = cache[key] { return known }
    guard !older.isEmpty, let known = older[key] else { return nil }
    cache[key] = known
    return known
  }

  /// Evaluates an expression and tells what it read.
  package func evaluate(_ expression: CEL.Expression, _ values: [Value]) -> (value: Value, reads: Reads) {
    let start = reads.count
    let value = expression.evaluate(values, host: self)
    return (value, readsCut(from: start))
  }

  /// Evaluates an expression for one who does not ask what it read.
  package func value(of expression: CEL.Expression, _ values: [Value]) -> Value {
    let start = reads.count
    let value = expression.evaluate(values, host: self)
    reads.removeLast(reads.count - start)
    return value
  }

  /// Evaluates an expression that makes a list of which one element matters, and tells what it read.
  package func evaluate(
    keeping element: Value, _ expression: CEL.Expression, _ values: [Value]
  ) -> (value: Value, reads: Reads) {
    let start = reads.count
    let value = expression.evaluate(keeping: element, values, host: self)
    return (value, readsCut(from: start))
  }

  private func readsCut(from start: Int) -> Reads { start < reads.count ? Reads(cutReads(from: start)) : .none }

  /// What has been read since there were so many reads; it is forgotten here.
  private func cutReads(from start: Int) -> [Remembered] {
    guard start < reads.count else { return [] }
    let found = Array(reads[start...])
    reads.removeLast(found.count)
    return found
  }

  package func member(_ name: String, of object: ObjectValue) -> MemberReading {
    let key = MemberKey(object: object, member: name)
    if let known = known(key)?.remembered {
      reads.append(known)
      return known.read.reading
    }
    if let known = base?.reading(key, leavingAlone: touched) {
      cache[key] = Known(remembered: known)
      reads.append(known)
      return known.read.reading
    }
    let start = reads.count
    let model = estate.model.member(name, of: object.typeName)
    let isDerived = if case .derived? = model?.source { true } else { false }
    // Nothing but an expression can lead back to itself.
    guard !isDerived || inProgress.insert(key).inserted else {
      return MemberReading(.unknown(Unknown(Reason(.other, "'\(name)' is defined by itself"))))
    }
    let (reading, origin, hops) = model.map { compute($0, of: object) } ?? (.absent, nil, [])
    let read = Read(
      object: object, member: name, reading: reading, origin: isDerived ? nil : origin, hops: isDerived ? [] : hops,
      isWritten: !isDerived)
    let remembered = Remembered(read, cutReads(from: start))
    cache[key] = Known(remembered: remembered)
    if isDerived { inProgress.remove(key) }
    reads.append(remembered)
    return reading
  }

  /// Reads a list of which one element matters: of the resources of a type only that one is looked at, and derived lists
  /// follow it.
  package func member(_ name: String, of object: ObjectValue, keeping element: Value) -> MemberReading {
    let key = MemberKey(object: object, member: name)
    guard case .object(let kept) = element, known(key) == nil,
      let model = estate.model.member(name, of: object.typeName)
    else { return member(name, of: object) }
    switch model.source {
    case .all(let type) where estate.model.tables[type] == nil:
      return MemberReading(.list(all(type, among: kept.typeName == type ? [ResourceID(kept.id)] : [])))
    case .derived where !model.isOptional:
      guard let expression = estate.derived.expression(name, of: object.typeName), inProgress.insert(key).inserted
      else { return member(name, of: object) }
      defer { inProgress.remove(key) }
      return MemberReading(expression.evaluate(keeping: element, [.object(object)], host: self))
    default: return member(name, of: object)
    }
  }

  /// A reading that holds under every scenario that makes choices of some stacks only: what it still depends on are
  /// other stacks' choices, and no object in it is told by its place among others of one scenario.
  private func reading(_ key: MemberKey, leavingAlone stacks: Set<StackID>) -> Remembered? {
    var known = self.known(key)
    if known == nil {
      guard !isOfOneScenario(key.object), inProgress.isEmpty else { return nil }
      let start = reads.count
      _ = member(key.member, of: key.object)
      reads.removeLast(reads.count - start)
      known = cache[key]
    }
    guard let known else { return nil }
    var reach = known.reach
    if reach == nil {
      guard !isOfOneScenario(key.object), inProgress.isEmpty else { return nil }
      reach = self.reach(of: known.remembered.read.reading)
      cache[key]?.reach = reach
    }
    guard case .exceptFor(let open)? = reach, open.isDisjoint(with: stacks) else { return nil }
    return known.remembered
  }

  private func reach(of reading: MemberReading) -> Reach {
    if holdsObjectOfOneScenario(reading.value) { return .none }
    var open: Set<StackID> = []
    for unknown in [reading.presence.unknown, reading.value.deepUnknown].compactMap({ $0 }) {
      // Of so many reasons some may have been left out.
      if unknown.reasons.count >= Unknown.limit { return .none }
      open.formUnion(unknown.reasons.compactMap(\.choice).map { estate.deployment.choice($0).stack })
    }
    return .exceptFor(open)
  }

  /// Whether a value that was read with nothing assumed is the same under every scenario.
  package func holdsInEveryScenario(_ value: Value) -> Bool {
    value.deepUnknown?.undecidedChoice == nil && !holdsObjectOfOneScenario(value)
  }

  private func isOfOneScenario(_ object: ObjectValue) -> Bool {
    object.typeName == "cfn::Tag" || estate.model.isStructure(object.typeName)
  }

  /// Whether there is an object in a value that only this reader knows, for it is told by where it was met.
  package func holdsObjectOfOneScenario(_ value: Value) -> Bool {
    switch value {
    case .object(let object): isOfOneScenario(object)
    case .optional(let wrapped?): holdsObjectOfOneScenario(wrapped)
    case .list(let list): list.elements.contains { holdsObjectOfOneScenario($0.value) }
    case .map(let map): map.entries.contains { holdsObjectOfOneScenario($0.value) }
    default: false
    }
  }

  private typealias Computed = (reading: MemberReading, origin: Origin?, hops: [Hop])

  private func compute(_ member: MemberModel, of object: ObjectValue) -> Computed {
    let name = member.name
    switch member.source {
    case .property(let defaultValue, let isShape):
      let resolved = written([name], of: object)
      let field = Field(resource: resource(of: object), name: name, isShape: isShape)
      return (read(resolved, as: member.type, default: defaultValue, field), resolved.origin, resolved.hops)
    case .attribute(let defaultValue):
      let resolved = resolver.attribute(name, of: ResourceID(object.id))
      let field = Field(resource: resource(of: object), name: name, isShape: false)
      return (read(resolved, as: member.type, default: defaultValue, field), resolved.origin, resolved.hops)
    case .reference(let reference):
      return follow(reference, member, from: object)
    case .referrers(let referrers):
      return (MemberReading(.list(resources(referrers, to: ResourceID(object.id)))), nil, [])
    case .all(let type):
      return (MemberReading(.list(all(type))), nil, [])
    case .native:
      return (native(member, of: object), nil, [])
    case .derived:
      guard let expression = estate.derived.expression(name, of: object.typeName) else {
        return (MemberReading(.unknown(Unknown(Reason(.other, "'\(name)' does not compile")))), nil, [])
      }
      let value = expression.evaluate([.object(object)], host: self)
      return (member.isOptional ? MemberReading(unwrapping: value) : MemberReading(value), nil, [])
    }
  }

  /// All resources of a type; one under a condition may not be there.
  private func all(_ type: String) -> ListValue {
    if let table = estate.model.tables[type] {
      return ListValue(
        elements: table.rows.indices.map { ListValue.Element(.object(ObjectValue(type, Int32($0)))) })
    }
    return all(type, among: estate.deployment.resources(ofType: type))
  }

  private func all(_ type: String, among ids: [ResourceID]) -> ListValue {
    var elements: [ListValue.Element] = []
    for id in ids {
      switch resolver.exists(id) {
      case .no: continue
      case .yes: elements.append(ListValue.Element(.object(ObjectValue(type, id.rawValue))))
      case .unknown(let unknown):
        elements.append(ListValue.Element(.object(ObjectValue(type, id.rawValue)), membership: unknown))
      }
    }
    // A macro, a loop over something unknown or a nested stack that is not at hand may make more of them.
    return ListValue(elements: elements, residual: estate.deployment.residual(ofType: type))
  }

  private func native(_ member: MemberModel, of object: ObjectValue) -> MemberReading {
    switch object.typeName {
    case Model.estate:
      switch member.name {
      case "tables": return MemberReading(.list(estate.tables))
      case "parameters": return MemberReading(listOfParameters())
      case "outputs": return MemberReading(listOfOutputs())
      case "all": return MemberReading(.object(ObjectValue("Resources", 0)))
      case "asOf":
        if let date = estate.asOf { return MemberReading(.string(date)) }
        return MemberReading(
          .unknown(Unknown(Reason(.other, "the date to judge by is not given", cure: "give it with --as-of"))))
      default: return databaseMember(member.name)
      }
    case let name where name.hasPrefix("sql::"):
      return schemaMember(member.name, of: object)
    case "cfn::Tag":
      return tagMember(member.name, of: object)
    case "cfn::Parameter": return parameterMember(member.name, of: object)
    case "cfn::Output": return outputMember(member.name, of: object)
    case "cfn::Variable": return variableMember(member.name, of: object)
    case "iam::Statement", "iam::Condition":
      return policyMember(member.name, of: object)
    case let name where name.hasPrefix("aws::"):
      return estate.model.tables[name]?.value(member.name, ofRow: Int(object.id)).map { MemberReading($0) } ?? .absent
    default:
      return resourceMember(member.name, of: ResourceID(object.id))
    }
  }
}

extension MemberReading {
  /// The reading of an optional member whose derived value is an optional.
  init(unwrapping value: Value) {
    switch value {
    case .optional(let wrapped?): self = MemberReading(wrapped)
    case .optional(nil): self = .absent
    case .unknown(let unknown): self = MemberReading(value, presence: .unknown(unknown))
    default: self = MemberReading(value)
    }
  }
}

extension Truth {
  fileprivate var unknown: Unknown? {
    if case .unknown(let unknown) = self { return unknown }
    return nil
  }
}
