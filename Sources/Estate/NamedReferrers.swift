import CEL
import CloudFormation
import SourceText
import Values

/// The resources that may refer to others by a name that follows a pattern such as
/// `/aws/rds/cluster/{DBClusterIdentifier}/*`.
///
/// A project may have hundreds of either, and every scenario asks anew: names that are told as a whole are looked up.
struct NamedReferrers {
  private struct Candidate {
    let object: Value
    var existence: Truth
    /// The name with its holes, or what of it can be told; nil where there is none that refers to anything.
    var name: Swift.Result<String, EstateReader.Shapeless>?
    var folded = ""
  }

  private let before: String
  private let after: String
  /// Whether any rest may follow.
  private let isOpen: Bool
  private var candidates: [Candidate] = []
  private var positions: [ResourceID: Int] = [:]
  /// Those that depend on open choices.
  private(set) var undecided: [(id: ResourceID, choices: [ChoiceID])] = []
  /// Positions by the folded name, where the pattern is a whole name.
  private var byName: [String: [Int]] = [:]
  /// Positions of names without a hole.
  private var literals: [Int] = []
  /// Positions of names that cannot be told to their end.
  private var open: [Int] = []

  init(_ pattern: String) {
    let braces = Self.braces(in: pattern)
    before = String(pattern[..<braces.lowerBound])
    let rest = pattern[braces.upperBound...]
    isOpen = rest.hasSuffix("*")
    after = String(isOpen ? rest.dropLast() : rest)
  }

  /// The property that a pattern has in braces.
  static func property(of pattern: String) -> String { String(pattern[braces(in: pattern)].dropFirst().dropLast()) }

  private static func braces(in pattern: String) -> Range<String.Index> {
    guard let open = pattern.firstIndex(of: "{"), let close = pattern.firstIndex(of: "}"), open < close else {
      return pattern.endIndex..<pattern.endIndex
    }
    return open..<pattern.index(after: close)
  }

  /// Adds a resource; a name that is no string refers to nothing.
  mutating func add(
    _ object: Value, _ id: ResourceID, _ existence: Truth, _ name: Swift.Result<String, EstateReader.Shapeless>?
  ) {
    if case .no = existence { return }
    let position = candidates.count
    positions[id] = position
    candidates.append(Candidate(object: object, existence: existence, name: nil))
    enter(name, at: position)
    var reasons: [Reason] = []
    if case .unknown(let unknown) = existence { reasons += unknown.reasons }
    if case .failure(let shapeless)? = name { reasons += shapeless.unknown.reasons }
    let choices = reasons.compactMap(\.choice)
    if !choices.isEmpty { undecided.append((id, choices)) }
  }

  /// Says anew what a resource comes to.
  mutating func update(
    _ id: ResourceID, _ existence: Truth, _ name: Swift.Result<String, EstateReader.Shapeless>?
  ) {
    guard let position = positions[id] else { return }
    candidates[position].existence = existence
    enter(name, at: position)
  }

  private mutating func enter(_ name: Swift.Result<String, EstateReader.Shapeless>?, at position: Int) {
    candidates[position].name = nil
    switch name {
    case nil: return
    case .success(let text)?:
      let folded = text.lowercased()
      // Most names are told apart by how they begin.
      guard folded.hasPrefix(before.lowercased()) else { return }
      if !isOpen, byName[folded]?.contains(position) != true { byName[folded, default: []].append(position) }
      if !PseudoParameter.isOpen(text), literals.last != position { literals.append(position) }
      candidates[position].folded = folded
    case .failure(let shapeless)?:
      // What is known of the beginning may already tell that it is another name.
      let length = min(shapeless.prefix.utf8.count, before.utf8.count)
      guard shapeless.prefix.utf8.prefix(length).elementsEqual(before.utf8.prefix(length)) else { return }
      open.append(position)
    }
    candidates[position].name = name
  }

  /// Those that refer to what goes by some names, surely or possibly, in their order.
  func referring(to names: [Swift.Result<String, EstateReader.Shapeless>]) -> [ListValue.Element] {
    var positions: Set<Int> = isOpen ? Set(candidates.indices) : Set(open)
    for name in names where !isOpen {
      switch name {
      case .success(let text): positions.formUnion(byName[(before + text + after).lowercased()] ?? [])
      case .failure: positions.formUnion(literals)
      }
    }
    return positions.sorted().compactMap { position in
      let candidate = candidates[position]
      switch candidate.existence && refers(candidate, to: names) {
      case .no: return nil
      case .yes: return ListValue.Element(candidate.object)
      case .unknown(let unknown): return ListValue.Element(candidate.object, membership: unknown)
      }
    }
  }

  private func refers(_ candidate: Candidate, to names: [Swift.Result<String, EstateReader.Shapeless>]) -> Truth {
    let text: String
    switch candidate.name {
    case nil: return .no
    case .success(let whole)?: text = whole
    case .failure(let shapeless)?: return .unknown(shapeless.unknown)
    }
    var answer = Truth.no
    for name in names {
      switch name {
      case .success(let name):
        // RDS stores identifiers in lower case, and so do the names it makes of them.
        let isReference = name.hasPrefix("${")
        let wanted = isReference ? before + name + after : (before + name + after).lowercased()
        let given = isReference ? text : candidate.folded
        if isOpen ? given.hasPrefix(wanted) : given == wanted { return .yes }
      case .failure(let shapeless):
        if text.hasPrefix(before), !PseudoParameter.isOpen(text) { answer = .unknown(shapeless.unknown) }
      }
    }
    return answer
  }
}
