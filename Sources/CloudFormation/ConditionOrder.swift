import Documents

/// The conditions of a template in an order in which each stands after those it refers to.
struct ConditionOrder {
  /// Positions in the template's conditions, without those in or behind a cycle.
  private(set) var order: [Int] = []
  /// The conditions in each cycle, as positions, in the order of reference from the first written.
  private(set) var cycles: [[Int]] = []

  init(_ template: Template) {
    let needs = template.conditions.map { condition in
      ConditionOrder.names(in: condition.node).compactMap {
        template.position(ofCondition: LoopExpansion.text($0, under: condition.loopVariables))
      }
    }
    enum State { case unseen, open, done, cyclic }
    var states = [State](repeating: .unseen, count: needs.count)
    for start in needs.indices where states[start] == .unseen {
      var path: [(condition: Int, next: Int)] = [(start, 0)]
      states[start] = .open
      while let (condition, next) = path.last {
        if next < needs[condition].count {
          path[path.count - 1].next += 1
          let needed = needs[condition][next]
          switch states[needed] {
          case .unseen:
            states[needed] = .open
            path.append((needed, 0))
          case .open:
            let from = path.firstIndex { $0.condition == needed } ?? 0
            cycles.append(path[from...].map(\.condition))
            states[condition] = .cyclic
          // What needs a cycle is as undecidable as the cycle.
          case .cyclic: states[condition] = .cyclic
          case .done: break
          }
        } else {
          if states[condition] == .open {
            states[condition] = .done
            order.append(condition)
          }
          path.removeLast()
          if states[condition] == .cyclic, let above = path.last?.condition { states[above] = .cyclic }
        }
      }
    }
  }

  /// The names of conditions that a condition's body refers to.
  static func names(in node: Node) -> [String] {
    var names: [String] = []
    NodeWalk.calls(in: node, inConditions: true) { call in
      switch call.function {
      case .condition where call.argument.kind == .scalar: names.append(call.argument.text)
      case .if: if let first = call.arguments.first, first.kind == .scalar { names.append(first.text) }
      default: break
      }
      return true
    }
    return names
  }
}
