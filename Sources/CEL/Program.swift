import Values

/// A checked expression in the form in which it is evaluated: names resolved to slots, functions looked up. Steps
/// stand in one array, operands before their users.
struct Program: Sendable {
  typealias ID = Int32

  struct Item: Sendable {
    let value: ID
    let isOptional: Bool
  }

  struct Entry: Sendable {
    let key: ID
    let value: ID
    let isOptional: Bool
  }

  struct Loop: Sendable {
    let kind: SyntaxTree.Comprehension.Kind
    let source: ID
    /// The slots of the variables.
    let first: Int
    let second: Int?
    let filter: ID?
    let body: ID
  }

  struct Call: Sendable {
    let function: FunctionDeclaration
    let arguments: [ID]
    let isMember: Bool
    /// Whether the checker could not tell that the arguments fit.
    let isVerified: Bool
  }

  enum Step: Sendable {
    case constant(Value)
    case slot(Int)
    case select(ID, String)
    case optionalSelect(ID, String)
    case index(ID, ID)
    case optionalIndex(ID, ID)
    case has(ID, String)
    case not(ID)
    case negate(ID)
    case and([ID])
    case or([ID])
    case conditional(ID, ID, ID)
    case equal(ID, ID, isNegated: Bool)
    case compare(SyntaxTree.Operator, ID, ID)
    case contains(ID, ID)
    case arithmetic(SyntaxTree.Operator, ID, ID)
    case call(Call)
    /// `matches` with a pattern that was compiled beforehand.
    case matches(ID, RegularExpression)
    case list([Item])
    case map([Entry])
    case loop(Loop)
    case bind(slot: Int, ID, ID)
    case optionalMap(ID, slot: Int, ID, isFlat: Bool)
  }

  var steps: [Step] = []
  /// Where each step stands in the expression, in bytes.
  var ranges: [Range<Int>] = []
  var root: ID = 0
  /// How many slots an evaluation needs: the environment's variables, then those of macros.
  var slotCount = 0

  mutating func append(_ step: Step, _ range: Range<Int>) -> ID {
    steps.append(step)
    ranges.append(range)
    return ID(steps.count - 1)
  }
}
