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

    init(_ read: Read, _ beneath: [Remembered]) {
      self.read = read
      self.beneath = beneath
    }
  }

  /// All that an evaluation read, in order; listed only when a finding tells of it, and once for all that share it.
  package final class Reads: Sendable {
    package static let none = Reads([])

    private let found: [Remembered]
    private let listing = Mutex<Listing?>(nil)

    private struct Listing {
      var reads: [Read] = []
      var assumptions: [String] = []
    }

    fileprivate init(_ found: [Remembered]) { self.found = found }

    /// Each read once: what it took before itself.
    package var all: [Read] { listed.reads }

    /// What was taken for granted, each once.
    package var assumptions: [String] { listed.assumptions }

    private var listed: Listing {
      listing.withLock { listing in
        if let listing { return listing }
        let made = list()
        listing = made
        return made
      }
    }

    private func list() -> Listing {
      var list = Listing()
      var seen: Set<ObjectIdentifier> = []
      var texts: Set<String> = []
      func add(_ remembered: Remembered) {
        guard seen.insert(ObjectIdentifier(remembered)).inserted else { return }
        for item in remembered.beneath { add(item) }
        list.reads.append(remembered.read)
        for hop in remembered.read.hops where hop.isAssumption && texts.insert(hop.text).inserted {
          list.assumptions.append(hop.text)
        }
      }
      for item in found { add(item) }
      return list
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

  /// How many members are remembered.
  package var rememberedCount: Int { cache.count }

  /// Forgets what has been read, between two evaluations: it can be read again. What findings tell of keeps what it took.
  package func forget() { cache.removeAll() }

  /// Evaluates an expression and tells what it read.
  package func evaluate(_ expression: CEL.Expression, _ values: [Value]) -> (value: Value, reads: Reads) {
    let start = reads.count
    let value = expression.evaluate(values, host: self)
    return (value, Reads(cutReads(from: start)))
  }

  /// Evaluates an expression that makes a list of which one element matters, and tells what it read.
  package func evaluate(
    keeping element: Value, _ expression: CEL.Expression, _ values: [Value]
  ) -> (value: Value, reads: Reads) {
    let start = reads.count
    let value = expression.evaluate(keeping: element, values, host: self)
    return (value, Reads(cutReads(from: start)))
  }

  /// What has been read since there were so many reads; it is forgotten here.
  private func cutReads(from start: Int) -> [Remembered] {
    let found = Array(reads[start...])
    reads.removeSubrange(start...)
    return found
  }

  package func member(_ name: String, of object: ObjectValue) -> MemberReading {
    let key = MemberKey(object: object, member: name)
    if let known = cache[key]?.remembered {
      reads.append(known)
      return known.read.reading
    }
    if let known = base?.reading(key, leavingAlone: touched) {
      cache[key] = Known(remembered: known)
      reads.append(known)
      return known.read.reading
    }
    guard inProgress.insert(key).inserted else {
      return MemberReading(.unknown(Unknown(Reason(.other, "'\(name)' is defined by itself"))))
    }
    let start = reads.count
    let model = estate.model.member(name, of: object.typeName)
    let (reading, origin, hops) = model.map { compute($0, of: object) } ?? (.absent, nil, [])
    let isDerived = if case .derived? = model?.source { true } else { false }
    let read = Read(
      object: object, member: name, reading: reading, origin: isDerived ? nil : origin, hops: isDerived ? [] : hops,
      isWritten: !isDerived)
    let remembered = Remembered(read, cutReads(from: start))
    cache[key] = Known(remembered: remembered)
    inProgress.remove(key)
    reads.append(remembered)
    return reading
  }

  /// Reads a list of which one element matters: of the resources of a type only that one is looked at, and derived lists
  /// follow it.
  package func member(_ name: String, of object: ObjectValue, keeping element: Value) -> MemberReading {
    let key = MemberKey(object: object, member: name)
    guard case .object(let kept) = element, cache[key] == nil,
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
    var known = cache[key]
    if known == nil {
      guard !isOfOneScenario(key.object), inProgress.isEmpty else { return nil }
      let start = reads.count
      _ = member(key.member, of: key.object)
      reads.removeSubrange(start...)
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
