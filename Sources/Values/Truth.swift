/// Kleene's three-valued logic, with reasons.
public enum Truth: Hashable, Sendable {
  case no
  case yes
  case unknown(Unknown)

  /// A truth that is known.
  public init(_ value: Bool) { self = value ? .yes : .no }

  /// Not known stays not known, for the same reasons.
  public static prefix func ! (a: Truth) -> Truth {
    switch a {
    case .no: .yes
    case .yes: .no
    case .unknown: a
    }
  }

  /// False decides; otherwise reasons unite.
  public static func && (a: Truth, b: @autoclosure () -> Truth) -> Truth {
    if case .no = a { return .no }
    switch (a, b()) {
    case (_, .no): return .no
    case (.unknown(let x), .unknown(let y)): return .unknown(x.union(y))
    case (.unknown(let x), _), (_, .unknown(let x)): return .unknown(x)
    default: return .yes
    }
  }

  /// True decides; otherwise reasons unite.
  public static func || (a: Truth, b: @autoclosure () -> Truth) -> Truth {
    if case .yes = a { return .yes }
    switch (a, b()) {
    case (_, .yes): return .yes
    case (.unknown(let x), .unknown(let y)): return .unknown(x.union(y))
    case (.unknown(let x), _), (_, .unknown(let x)): return .unknown(x)
    default: return .no
    }
  }

  /// True or false when known, else nil.
  public var known: Bool? {
    switch self {
    case .no: false
    case .yes: true
    case .unknown: nil
    }
  }
}
