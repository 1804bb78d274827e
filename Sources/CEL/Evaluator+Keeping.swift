/// Lists of which one element matters. Filters and sums of lists look at elements one by one, so that an element can be
/// followed through them without its neighbours.
extension Evaluator {
  /// The program's value, where a list may leave out all but an element.
  mutating func run(keeping element: Value) -> Value { value(program.root, keeping: element) }

  private mutating func value(_ id: Program.ID, keeping element: Value) -> Value {
    switch program.steps[Int(id)] {
    case .select(let operand, let name):
      let operand = value(operand)
      let name = program.names[Int(name)]
      guard case .object(let object) = operand else { return operand.selecting(name, host) }
      return Value.selected(host.member(name, of: object, keeping: element), name)
    case .loop(let index) where program.loops[Int(index)].kind == .filter:
      let loop = program.loops[Int(index)]
      return self.loop(loop, over: Self.only(element, of: value(loop.source, keeping: element)))
    case .arithmetic(.add, let left, let right):
      return Arithmetic.result(.add, value(left, keeping: element), value(right, keeping: element))
    default: return value(id)
    }
  }

  /// A list without all elements that are not equal to one; other values as they are.
  private static func only(_ element: Value, of value: Value) -> Value {
    guard case .list(let list) = value else { return value }
    return .list(ListValue(elements: list.elements.filter { $0.value == element }, residual: list.residual))
  }
}
