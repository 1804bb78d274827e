import SourceText
import Values

/// An expression, compiled once and evaluated as often as needed.
public struct Expression: Sendable {
  /// What compiling yields: an expression unless there are errors, and what was found either way.
  public struct Compilation: Sendable {
    /// Nil when there are errors among the diagnostics.
    public let expression: Expression?
    /// The type as far as it could be told.
    public let type: CELType
    /// What is wrong with the expression, each at its place in the file.
    public let diagnostics: [Diagnostic]
    /// What is known to be present where the expression is true, for expressions that are evaluated only then; it
    /// holds for variables of the same names.
    public let factsWhenTrue: Facts
  }

  /// How many steps an evaluation may take unless said otherwise: seconds of work, and far more than rules need.
  public static let standardBudget = 2_000_000

  /// The expression as it was written.
  public var text: MappedText { storage.text }
  /// The type of the value, `dyn` where it cannot be told.
  public var resultType: CELType { storage.resultType }
  /// The path that the expression is, such as `cluster.tags['env']`, if it is nothing else; `.?` and `[?]` count as
  /// `.` and `[]`.
  public var memberPath: MemberPath? { storage.memberPath }
  /// What the expression reads.
  public var references: References { storage.references }
  /// What is known to be present where the expression is true.
  public var factsWhenTrue: Facts { storage.factsWhenTrue }
  /// What is known to be present where the expression, an optional such as `a.?b`, has a value.
  public var factsWhenPresent: Facts { storage.factsWhenPresent }

  private let storage: Storage

  /// What an expression consists of: shared, so that expressions are cheap to hand about.
  final class Storage: Sendable {
    let text: MappedText
    let resultType: CELType
    let memberPath: MemberPath?
    let references: References
    let factsWhenTrue: Facts
    let factsWhenPresent: Facts
    let elementFacts: [[MemberPath.Segment]]
    let program: Program

    init(
      text: MappedText, resultType: CELType, memberPath: MemberPath?, references: References, factsWhenTrue: Facts,
      factsWhenPresent: Facts, elementFacts: [[MemberPath.Segment]], program: Program
    ) {
      self.text = text
      self.resultType = resultType
      self.memberPath = memberPath
      self.references = references
      self.factsWhenTrue = factsWhenTrue
      self.factsWhenPresent = factsWhenPresent
      self.elementFacts = elementFacts
      self.program = program
    }
  }

  /// Parses and checks an expression.
  ///
  /// - Parameters:
  ///   - text: The expression, with the way back to the file that holds it.
  ///   - environment: What it may speak of.
  ///   - expected: The type its value must have; nil for any. A `dyn` fits everything.
  ///   - facts: What is known to be present, from expressions that were true before.
  ///   - isChecked: Whether mistakes of typing are errors. Without it they show when the expression is evaluated.
  /// - Returns: The expression unless something is wrong with it, and what was found.
  public static func compile(
    _ text: MappedText, in environment: Environment, expecting expected: CELType? = nil,
    assuming facts: Facts = .none, isChecked: Bool = true
  ) -> Compilation {
    var parser = Parser(text)
    parser.run()
    guard parser.diagnostics.isEmpty else {
      return Compilation(expression: nil, type: .error, diagnostics: parser.diagnostics, factsWhenTrue: .none)
    }
    var checker = Checker(parser.tree, text, in: environment, isStrict: isChecked)
    let root = parser.tree.root
    let checked = checker.check(root, facts)
    if checker.diagnostics.isEmpty, let expected, !checked.type.fits(expected) {
      let isOptional = if case .optional = checked.type { expected != .optional(.dyn) } else { false }
      checker.report(
        "type-mismatch", "The expression is of type '\(checked.type)', and '\(expected)' is wanted.",
        parser.tree[root].range,
        cure: isOptional ? "Say what holds when it is absent, such as '.orValue(\(expected.sample))'." : nil)
    }
    checker.program.root = checked.step
    let type = checked.type.settled
    let whenTrue = checked.whenTrue.exported
    guard checker.diagnostics.isEmpty else {
      return Compilation(expression: nil, type: type, diagnostics: checker.diagnostics, factsWhenTrue: whenTrue)
    }
    let path = checked.path ?? checked.optionalPath
    let storage = Storage(
      text: text, resultType: type, memberPath: path.flatMap { $0.variable.hasPrefix("#") ? nil : $0 },
      references: checker.references, factsWhenTrue: whenTrue,
      factsWhenPresent: Facts(present: checked.optionalPath.map(checker.prefixes) ?? []).exported,
      elementFacts: checked.elementFacts, program: checker.program)
    return Compilation(expression: Expression(storage: storage), type: type, diagnostics: [], factsWhenTrue: whenTrue)
  }

  /// What is known to be present in each element of the list that the expression makes, such as after
  /// `filter(x, has(x.y))`, said of a variable that is to stand for an element.
  public func factsAboutElements(named variable: String) -> Facts {
    Facts(present: storage.elementFacts.map { MemberPath(variable, $0) })
  }

  /// Evaluates the expression.
  ///
  /// - Parameters:
  ///   - values: The values of the environment's variables in the order of their slots; a missing one is an
  ///     error where it is read. There may be more than the environment had when the expression was compiled.
  ///   - host: What the objects among them are read through.
  ///   - budget: How many steps may be taken; after that the value is unknown because of the budget.
  /// - Returns: The value, an unknown with its reasons, or an error with its place.
  public func evaluate(
    _ values: [Value] = [], host: any Host = NoHost(), budget: Int = Expression.standardBudget
  ) -> Value {
    var evaluator = Evaluator(storage, values, host, budget: budget)
    return evaluator.run()
  }

  /// Evaluates an expression that makes a list, for one who asks only whether an element is in it and why it may be:
  /// all other elements may be left out, and need not even be found.
  ///
  /// - Parameters:
  ///   - element: The element that matters.
  ///   - values: See ``evaluate(_:host:budget:)``.
  ///   - host: See there.
  /// - Returns: The list, or what else the expression makes.
  public func evaluate(keeping element: Value, _ values: [Value] = [], host: any Host = NoHost()) -> Value {
    var evaluator = Evaluator(storage, values, host, budget: Expression.standardBudget)
    return evaluator.run(keeping: element)
  }
}
