/// An expression as it is written, macros recognised. Nodes stand in one array, children before their parents.
struct SyntaxTree {
  typealias ID = Int32

  /// A name and where it stands.
  struct Name {
    let text: String
    let range: Range<Int>
  }

  struct Item {
    let value: ID
    /// Whether a `?` stands in front: an optional whose value is left out when there is none.
    let isOptional: Bool
  }

  struct Entry {
    let key: ID
    let value: ID
    let isOptional: Bool
  }

  /// A macro that runs through a collection.
  struct Comprehension {
    enum Kind {
      case all, exists, existsOne, filter, map, transformList, transformMap, transformMapEntry, sortBy
    }

    let kind: Kind
    let source: ID
    let first: Name
    let second: Name?
    let filter: ID?
    let body: ID
  }

  enum Operator: String {
    case or = "||"
    case and = "&&"
    case not = "!"
    case negate = "-_"
    case conditional = "?:"
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case equal = "=="
    case notEqual = "!="
    case `in` = "in"
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
    case modulo = "%"
  }

  enum Kind {
    case literal(Value)
    case identifier(String, isRooted: Bool)
    case select(ID, Name, isOptional: Bool)
    case index(ID, ID, isOptional: Bool)
    case call(ID?, Name, [ID], isRooted: Bool)
    case operation(Operator, [ID])
    case list([Item])
    case map([Entry])
    case has(ID, Name, isOptional: Bool)
    case comprehension(Comprehension)
    case bind(Name, ID, ID)
    /// `optMap` and, when flat, `optFlatMap`.
    case optionalMap(ID, Name, ID, isFlat: Bool)
    /// Something that was reported when it was read.
    case invalid

    /// The nodes directly below one made by a macro; none for other nodes.
    var children: [ID] {
      switch self {
      case .has(let operand, _, _): [operand]
      case .bind(_, let initial, let body): [initial, body]
      case .optionalMap(let target, _, let body, _): [target, body]
      case .comprehension(let macro): [macro.source, macro.body] + (macro.filter.map { [$0] } ?? [])
      default: []
      }
    }
  }

  struct Node {
    let kind: Kind
    /// In bytes of the expression's text.
    let range: Range<Int>
    /// How many nodes lie on the longest way down, this one included. Where a macro hands a value on from one part to
    /// another, the way leads through both, so that no value nests deeper than the tree is high.
    let height: Int
  }

  private(set) var nodes: [Node] = []
  var root: ID = 0

  subscript(id: ID) -> Node { nodes[Int(id)] }

  mutating func append(_ kind: Kind, _ range: Range<Int>, over children: [ID]) -> ID {
    let heights = children.map { nodes[Int($0)].height }
    let height =
      switch kind {
      case .bind, .optionalMap, .comprehension: heights.reduce(1, +)
      default: (heights.max() ?? 0) + 1
      }
    nodes.append(Node(kind: kind, range: range, height: height))
    return ID(nodes.count - 1)
  }
}
