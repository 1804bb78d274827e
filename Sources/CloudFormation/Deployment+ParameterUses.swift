import Documents

extension Deployment {
  /// Whether a condition of its template compares a parameter with its own default: such a default stands for
  /// "none given", and is no value.
  package func comparesDefault(of reference: ParameterReference) -> Bool {
    guard let value = parameter(reference)?.defaultValue else { return false }
    let compared = ComparedLiterals(stacks[reference.stack.index].template)
    return compared.texts[reference.name]?.contains { $0.text == value.text && $0.origin.kind == .condition } ?? false
  }

  /// The keys of the properties whose whole value a parameter of a stack may be, by the parameter's name: what stands
  /// behind the key is `Ref`, or `Fn::If` with a `Ref` in a branch. Keys are in the order of the template.
  package func propertyKeys(takingParametersOf stack: StackID) -> [String: [String]] {
    var keys: [String: [String]] = [:]
    for index in self.stack(stack).resources {
      guard let properties = resources[index].declaration.properties else { continue }
      var open: [(node: Node, key: String, ignoringTag: Bool)] = [(properties, "", false)]
      while let (node, key, ignoringTag) = open.popLast() {
        if case .call(let call) = Intrinsic.form(of: node, ignoringTag: ignoringTag) {
          switch call.function {
          case .ref where !(keys[call.argument.text]?.contains(key) ?? false):
            keys[call.argument.text, default: []].append(key)
          case .if: open += call.argument.items.dropFirst().reversed().map { ($0, key, false) }
          default: break
          }
          continue
        }
        switch node.kind {
        case .scalar: break
        case .sequence: open += node.items.reversed().map { ($0, key, false) }
        case .mapping: open += node.entries.reversed().map { ($0.value, $0.key.text, false) }
        }
      }
    }
    return keys
  }
}
