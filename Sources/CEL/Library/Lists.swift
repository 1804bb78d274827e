import Values

/// What the functions on lists share.
enum Lists {
  /// Values in the order of their keys, ties as they stood; an error where the keys have no common order.
  static func sorted(_ pairs: [(key: Value, value: Value)]) -> Value {
    if let first = pairs.first {
      for pair in pairs {
        let isSame = pair.key.runtimeType == first.key.runtimeType
        guard isSame, Value.order(pair.key, pair.key) != nil || pair.key.isNaN else {
          return .error(.noOverload("sort", [first.key, pair.key]))
        }
      }
    }
    let order = pairs.enumerated().sorted { a, b in
      let compared = Value.order(a.element.key, b.element.key) ?? 0
      return compared == 0 ? a.offset < b.offset : compared < 0
    }
    return .list(order.map(\.element.value))
  }

  /// The first of equal values, in their order. Strings, numbers, truth values and objects are found by hash, so that
  /// long lists of them take no quadratic time.
  static func distinct(_ values: [Value]) -> [Value] {
    var keys: Set<MapKey> = []
    var objects: Set<ObjectValue> = []
    var others: [Value] = []
    return values.filter { value in
      if let key = MapKey(lookingUp: value) { return keys.insert(key).inserted }
      if case .object(let object) = value { return objects.insert(object).inserted }
      if others.contains(where: { $0.equals(value) == .yes }) { return false }
      others.append(value)
      return true
    }
  }

  static func flattened(_ list: ListValue, depth: Int) -> ListValue {
    guard depth > 0 else { return list }
    var elements: [ListValue.Element] = []
    var residual = list.residual
    for element in list.elements {
      switch element.value {
      case .list(let inner):
        let inner = flattened(inner, depth: depth - 1)
        for nested in inner.elements {
          let membership = element.membership.united(with: nested.membership)
          elements.append(ListValue.Element(nested.value, membership: membership))
        }
        residual = residual.united(with: inner.residual)
      case .unknown(let unknown):
        // It may be a list of any length.
        residual = residual.united(with: element.membership.united(with: unknown))
      default: elements.append(element)
      }
    }
    return ListValue(elements: elements, residual: residual)
  }
}

extension Value {
  fileprivate var isNaN: Bool { if case .double(let number) = self { number.isNaN } else { false } }
}
