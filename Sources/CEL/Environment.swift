/// What an expression may speak of: variables, functions, and the types of the embedding program.
public struct Environment: Sendable {
  /// A variable and its type.
  public struct Variable: Hashable, Sendable {
    /// The name; it may be qualified (`a.b`).
    public let name: String
    /// What the checker takes its value to be.
    public let type: CELType
  }

  /// The variables in the order of their slots: values are given to an evaluation in this order.
  public private(set) var variables: [Variable] = []
  /// The types of the embedding program.
  public private(set) var provider: any TypeProvider
  /// The namespace in which names are looked up first, such as `google.api`; usually empty.
  public var container: String
  private(set) var functions: [String: FunctionDeclaration]
  private var slots: [String: Int] = [:]

  /// An environment with the standard library and the extensions, and nothing else.
  public init(
    provider: any TypeProvider = NoTypes(), functions: [FunctionDeclaration] = [], container: String = ""
  ) {
    self.provider = provider
    self.container = container
    self.functions = StandardLibrary.functions
    for function in functions { declare(function) }
  }

  /// Declares a variable and gives its slot. A variable that is there already keeps its slot and gets a new type.
  @discardableResult
  public mutating func declare(_ name: String, _ type: CELType) -> Int {
    if let slot = slots[name] {
      variables[slot] = Variable(name: name, type: type)
      return slot
    }
    slots[name] = variables.count
    variables.append(Variable(name: name, type: type))
    return variables.count - 1
  }

  /// Adds a function, in place of one with the same name.
  public mutating func declare(_ function: FunctionDeclaration) { functions[function.name] = function }

  /// This environment with one more variable; what was compiled in the smaller one can be evaluated with the
  /// values of the larger.
  public func declaring(_ name: String, _ type: CELType) -> Environment {
    var copy = self
    copy.declare(name, type)
    return copy
  }

  /// This environment with other types of the embedding program.
  public func resolvingTypes(by provider: any TypeProvider) -> Environment {
    var copy = self
    copy.provider = provider
    return copy
  }

  /// The slot of a variable, or nil when there is none of that name.
  public func slot(of name: String) -> Int? { slots[name] }

  /// The declaration of a function, or nil when there is none of that name.
  public func function(_ name: String) -> FunctionDeclaration? { functions[name] }

  /// The names of all functions, sorted.
  public var functionNames: [String] { functions.keys.sorted() }
}
