/// What the checker knows to be present at some place: optional members that were tested before.
public struct Facts: Hashable, Sendable {
  /// The paths that are present, keys as members.
  private(set) var present: Set<MemberPath>
  /// Whether the place cannot be reached, so that anything may be taken for granted.
  private(set) var isUnreachable: Bool

  /// Nothing is known to be present.
  public static let none = Facts()
  static let unreachable = Facts([], isUnreachable: true)

  /// The fact that these paths are present.
  public init(present paths: [MemberPath] = []) { self.init(Set(paths.map(\.normalized)), isUnreachable: false) }

  private init(_ present: Set<MemberPath>, isUnreachable: Bool) {
    self.present = present
    self.isUnreachable = isUnreachable
  }

  /// Whether a path is known to be present.
  public func contains(_ path: MemberPath) -> Bool { isUnreachable || present.contains(path.normalized) }

  /// What holds where both hold.
  public func and(_ other: Facts) -> Facts {
    if other.present.isEmpty && !other.isUnreachable { return self }
    if present.isEmpty && !isUnreachable { return other }
    return Facts(present.union(other.present), isUnreachable: isUnreachable || other.isUnreachable)
  }

  /// What holds where one of them holds, and nobody knows which.
  func or(_ other: Facts) -> Facts {
    if isUnreachable { return other }
    if other.isUnreachable { return self }
    return Facts(present.intersection(other.present), isUnreachable: false)
  }

  /// The paths that are present below another, as the steps from it, in a fixed order.
  func extensions(of path: MemberPath) -> [[MemberPath.Segment]] {
    let base = path.normalized
    return present.filter { $0.variable == base.variable && $0.segments.starts(with: base.segments) }
      .map { Array($0.segments.dropFirst(base.segments.count)) }.filter { !$0.isEmpty }
      .sorted { "\($0)" < "\($1)" }
  }

  /// The facts about variables of the environment, which hold beyond one expression.
  var exported: Facts { Facts(present.filter { !$0.variable.hasPrefix("#") }, isUnreachable: false) }
}
