import Documents
import SourceText
import Values

/// `Fn::ForEach` inside of values: its entries join those of the mapping that it stands in.
extension Evaluation {
  /// What a loop in a mapping makes.
  struct LoopEntries {
    /// With the values of the variables, those around the loop among them.
    var made: [(key: String, entry: Entry, variables: [String: String], hops: [Hop])] = []
    /// Why there may be more.
    var residual: Unknown?
  }

  /// Goes through a loop over any list that is known in the scenario.
  mutating func entries(of loop: Entry, _ path: String, depth: Int = 0) -> LoopEntries {
    let items = loop.value.items
    guard items.count == 3, items[0].kind == .scalar, items[2].kind == .mapping, depth < 16 else {
      let reason = Reason(.malformed, "'\(loop.key.text)' needs a variable, a list and a mapping", at: loop.key.span)
      return LoopEntries(residual: Unknown(reason))
    }
    let list = value(items[1], path)
    guard case .list(let elements, let residual) = list.content else {
      let reason = Reason(.other, "the list of '\(loop.key.text)' is not known", at: items[1].span)
      return LoopEntries(residual: list.content.unknown ?? Unknown(reason))
    }
    var result = LoopEntries(residual: residual)
    let outer = loopVariables
    defer { loopVariables = outer }
    for element in elements {
      guard element.membership == nil, let text = element.value.text, charge(items[2].entries.count) else {
        let open = element.membership ?? element.value.content.unknown
        let reason = Reason(.other, "an element of the list of '\(loop.key.text)' is not known", at: items[1].span)
        result.leaveOpen(open ?? Unknown(reason))
        continue
      }
      loopVariables = outer
      loopVariables[items[0].text] = text
      for entry in items[2].entries {
        if Intrinsic.isLoop(entry.key.text) {
          let inner = entries(of: entry, path, depth: depth + 1)
          result.made += inner.made
          if let open = inner.residual { result.leaveOpen(open) }
        } else {
          result.made.append(
            (loopText(entry.key.text), entry, loopVariables, Evaluation.united(list.hops, element.value.hops)))
        }
      }
    }
    return result
  }

  /// What the loops of a mapping make under a key; nil when they make nothing of that name. The unknown says why one
  /// may.
  mutating func made(_ name: String, by node: Node, _ path: String) -> (value: ResolvedValue?, open: Unknown?) {
    var open: Unknown?
    for loop in node.entries where Intrinsic.isLoop(loop.key.text) {
      let entries = entries(of: loop, path)
      if let found = entries.made.last(where: { $0.key == name }) {
        return (value(of: found, path + "/" + name), nil)
      }
      if let residual = entries.residual { open = open.map { $0.union(residual) } ?? residual }
    }
    return (nil, open)
  }

  /// The value of an entry that a loop made.
  mutating func value(
    of made: (key: String, entry: Entry, variables: [String: String], hops: [Hop]), _ path: String
  ) -> ResolvedValue {
    let outer = loopVariables
    loopVariables = made.variables
    defer { loopVariables = outer }
    var result = value(made.entry.value, path)
    result.hops = Evaluation.united(made.hops, result.hops)
    return result
  }
}

extension Evaluation.LoopEntries {
  fileprivate mutating func leaveOpen(_ unknown: Unknown) {
    residual = residual.map { $0.union(unknown) } ?? unknown
  }
}
