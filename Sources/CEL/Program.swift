import Values

/// A checked expression in the form in which it is evaluated: names resolved to slots, functions looked up. Steps
/// stand in one array, operands before their users. A step is plain numbers: what is larger stands in a table beside
/// the steps, so that to look at a step copies nothing.
struct Program: Sendable {
  typealias ID = Int32
  /// A position in one of the tables.
  typealias Index = Int32

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

  final class Call: Sendable {
    let function: FunctionDeclaration
    let arguments: [ID]
    let isMember: Bool
    /// Whether the checker could tell that the arguments fit.
    let isVerified: Bool

    init(function: FunctionDeclaration, arguments: [ID], isMember: Bool, isVerified: Bool) {
      self.function = function
      self.arguments = arguments
      self.isMember = isMember
      self.isVerified = isVerified
    }
  }

  /// Some neighbours in one of the tables.
  struct Run: BitwiseCopyable, Sendable {
    let start: Index
    let count: Index

    var range: Range<Int> { Int(start)..<Int(start) + Int(count) }
  }

  enum Step: BitwiseCopyable, Sendable {
    case constant(Index)
    case slot(Index)
    case select(ID, Index)
    case optionalSelect(ID, Index)
    case index(ID, ID)
    case optionalIndex(ID, ID)
    case has(ID, Index)
    case not(ID)
    case negate(ID)
    case and(Run)
    case or(Run)
    case conditional(ID, ID, ID)
    case equal(ID, ID, isNegated: Bool)
    case compare(SyntaxTree.Operator, ID, ID)
    case contains(ID, ID)
    case arithmetic(SyntaxTree.Operator, ID, ID)
    case call(Index)
    /// `matches` with a pattern that was compiled beforehand.
    case matches(ID, Index)
    case list(Run)
    case map(Run)
    case loop(Index)
    case bind(slot: Index, ID, ID)
    case optionalMap(ID, slot: Index, ID, isFlat: Bool)
  }

  private(set) var steps: [Step] = []
  /// Where each step stands in the expression, in bytes.
  private(set) var ranges: [Range<Int>] = []
  var root: ID = 0
  /// How many slots an evaluation needs: the environment's variables, then those of macros.
  var slotCount = 0

  private(set) var constants: [Value] = []
  private(set) var names: [String] = []
  private(set) var operands: [ID] = []
  private(set) var calls: [Call] = []
  private(set) var patterns: [RegularExpression] = []
  private(set) var items: [Item] = []
  private(set) var entries: [Entry] = []
  private(set) var loops: [Loop] = []

  mutating func append(_ step: Step, _ range: Range<Int>) -> ID {
    steps.append(step)
    ranges.append(range)
    return ID(steps.count - 1)
  }

  // MARK: Steps with something in a table

  mutating func constant(_ value: Value) -> Step { .constant(Self.add(value, to: &constants)) }
  mutating func name(_ name: String) -> Index { Self.add(name, to: &names) }
  mutating func run(_ ids: [ID]) -> Run { Self.add(ids, to: &operands) }
  mutating func call(_ call: Call) -> Step { .call(Self.add(call, to: &calls)) }
  mutating func matches(_ operand: ID, _ pattern: RegularExpression) -> Step {
    .matches(operand, Self.add(pattern, to: &patterns))
  }
  mutating func list(_ items: [Item]) -> Step { .list(Self.add(items, to: &self.items)) }
  mutating func map(_ entries: [Entry]) -> Step { .map(Self.add(entries, to: &self.entries)) }
  mutating func loop(_ loop: Loop) -> Step { .loop(Self.add(loop, to: &loops)) }

  /// The value of a step that is a constant.
  func constant(at id: ID) -> Value? {
    if case .constant(let index) = steps[Int(id)] { constants[Int(index)] } else { nil }
  }

  private static func add<Element>(_ element: Element, to table: inout [Element]) -> Index {
    table.append(element)
    return Index(table.count - 1)
  }

  private static func add<Element>(_ elements: [Element], to table: inout [Element]) -> Run {
    defer { table += elements }
    return Run(start: Index(table.count), count: Index(elements.count))
  }
}
