import CEL
import Estate

/// The values of a rule's variables on one combination of elements: the estate, the parameters, what is bound, and what
/// `let` names. Of the latter only what an expression needs is found before it is evaluated: most subjects pass, and
/// many are of no concern to the rule at all.
struct Activation {
  /// In the order of the variables; what nobody has needed yet is null.
  private(set) var values: [Value]
  private let logic: Rule.Logic
  private let reader: EstateReader
  /// Where the values of `let` begin.
  private let start: Int
  private var isFound: [Bool]

  init(_ rule: Rule, _ logic: Rule.Logic, _ bindings: [Binding], _ reader: EstateReader) {
    self.logic = logic
    self.reader = reader
    values = rule.activation(reader.estate, bindings)
    start = values.count
    isFound = Array(repeating: false, count: logic.bindings.count)
    values += Array(repeating: .null, count: logic.bindings.count)
  }

  /// Finds the values of some of the rule's `let`, which stand in order with all that they need.
  mutating func find(_ positions: [Int]) {
    for position in positions where !isFound[position] {
      values[start + position] = reader.value(of: logic.bindings[position].expression, values)
      isFound[position] = true
    }
  }

  /// Other values that begin with these, with all that `let` names: a message may tell any of it.
  mutating func completed(_ others: [Value]) -> [Value] {
    find(Array(logic.bindings.indices))
    return values + others.dropFirst(values.count)
  }
}

extension Rule.Logic {
  /// Which of the rule's `let` some expressions need, with what those need, in order.
  static func needs(_ expressions: [Expression?], of bindings: [Rule.LetBinding]) -> [Int] {
    guard !bindings.isEmpty else { return [] }
    var names: Set<String> = []
    for expression in expressions { if let expression { names.formUnion(expression.references.identifiers) } }
    var needed: [Int] = []
    for (position, binding) in bindings.enumerated().reversed() where names.contains(binding.variable) {
      needed.append(position)
      names.formUnion(binding.expression.references.identifiers)
    }
    return needed.reversed()
  }
}
