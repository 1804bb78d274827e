import Documents

/// A walk over all calls below a node, without recursion.
enum NodeWalk {
  /// Visits every call at or below `root`, outer ones first. The visitor says whether to go on below the call.
  static func calls(in root: Node, inConditions: Bool, _ visit: (Intrinsic) -> Bool) {
    var stack: [(node: Node, ignoringTag: Bool)] = [(root, false)]
    while let (node, ignoringTag) = stack.popLast() {
      if case .call(let call) = Intrinsic.form(of: node, ignoringTag: ignoringTag, inCondition: inConditions) {
        if visit(call) { stack.append((call.argument, call.isShort)) }
        continue
      }
      switch node.kind {
      case .scalar: break
      case .sequence: for item in node.items.reversed() { stack.append((item, false)) }
      case .mapping: for entry in node.entries.reversed() { stack.append((entry.value, false)) }
      }
    }
  }
}
