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
  }

  struct Node {
    let kind: Kind
    /// In bytes of the expression's text.
    let range: Range<Int>
    /// How many nodes lie on the longest way down, this one included.
    let height: Int
  }

  private(set) var nodes: [Node] = []
  var root: ID = 0

  subscript(id: ID) -> Node { nodes[Int(id)] }

  mutating func append(_ kind: Kind, _ range: Range<Int>, over children: [ID]) -> ID {
    let height = children.reduce(0) { max($0, nodes[Int($1)].height) } + 1
    nodes.append(Node(kind: kind, range: range, height: height))
    return ID(nodes.count - 1)
  }
}
