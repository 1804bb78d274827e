/// A path that can be read off an expression without evaluating it: a variable, then members, literal keys and
/// indices.
public struct MemberPath: Hashable, Sendable, CustomStringConvertible {
  /// One step of a path.
  public enum Segment: Hashable, Sendable {
    /// `.name` or `.?name`.
    case member(String)
    /// `["key"]`.
    case key(String)
    /// `[0]`.
    case index(Int)
  }

  /// The variable that the path begins at.
  public let variable: String
  /// The steps from the variable on.
  public var segments: [Segment]

  /// A path from a variable.
  public init(_ variable: String, _ segments: [Segment] = []) {
    self.variable = variable
    self.segments = segments
  }

  func appending(_ segment: Segment) -> MemberPath {
    var copy = self
    copy.segments.append(segment)
    return copy
  }

  /// The path as an expression.
  public var description: String {
    segments.reduce(variable) { text, segment in
      switch segment {
      case .member(let name): "\(text).\(name)"
      case .key(let key): "\(text)['\(key)']"
      case .index(let index): "\(text)[\(index)]"
      }
    }
  }

  /// A path with every literal key as a member, under which facts are kept.
  var normalized: MemberPath {
    MemberPath(
      variable,
      segments.map { segment in
        if case .key(let key) = segment { .member(key) } else { segment }
      })
  }
}
