/// A function that expressions may call: the library's own, or one of the embedding program.
public struct FunctionDeclaration: Sendable {
  /// One way to call a function.
  public struct Overload: Hashable, Sendable {
    /// The type of what the function is called on (`'a'.size()`), or nil for the global style (`size('a')`).
    public let receiver: CELType?
    /// The types of what stands in parentheses.
    public let parameters: [CELType]
    /// The type of what the function gives.
    public let result: CELType
    /// Whether the last parameter may be given any number of times, at least once.
    public let isVariadic: Bool

    /// A way to call a function; ``CELType/parameter(_:)`` stands for any type, the same wherever it occurs.
    public init(
      on receiver: CELType? = nil, _ parameters: [CELType], returning result: CELType, isVariadic: Bool = false
    ) {
      self.receiver = receiver
      self.parameters = parameters
      self.result = result
      self.isVariadic = isVariadic
    }
  }

  /// Which arguments reach the implementation.
  public enum Strictness: Sendable {
    /// Only what is known through and through; anything unknown, even inside a list, makes the result unknown.
    case deep
    /// Arguments are known, but lists and maps may hold unknowns or be open.
    case shallow
    /// All arguments as they are, unknowns and errors too.
    case none
  }

  /// What a function does: the receiver, if any, is the first argument.
  public typealias Implementation = @Sendable ([Value], any Host) -> Value

  /// The name, with dots where it is qualified (`math.greatest`).
  public let name: String
  /// The ways to call it.
  public let overloads: [Overload]
  /// Which arguments reach the implementation.
  public let strictness: Strictness
  /// What the function does, for editors and generated documentation.
  public let documentation: String
  /// Called with arguments that fit one of the overloads.
  public let implementation: Implementation

  /// Declares a function.
  public init(
    _ name: String, _ overloads: [Overload], strictness: Strictness = .deep, documentation: String = "",
    implementation: @escaping Implementation
  ) {
    self.name = name
    self.overloads = overloads
    self.strictness = strictness
    self.documentation = documentation
    self.implementation = implementation
  }
}

extension FunctionDeclaration.Overload {
  /// The parameter types for a call with this many arguments, receiver first; nil when the call does not have the
  /// overload's shape.
  func signature(isMember: Bool, count: Int) -> [CELType]? {
    guard (receiver != nil) == isMember else { return nil }
    var types = receiver.map { [$0] } ?? []
    types += parameters
    if isVariadic, let last = parameters.last, types.count < count {
      types += Array(repeating: last, count: count - types.count)
    }
    return types.count == count ? types : nil
  }

  /// Whether values fit the overload, as far as their own types tell.
  func accepts(_ arguments: [Value], isMember: Bool) -> Bool {
    guard let types = signature(isMember: isMember, count: arguments.count) else { return false }
    var bindings: [String: CELType] = [:]
    return zip(arguments, types).allSatisfy { argument, type in argument.runtimeType.fits(type, &bindings) }
  }
}
