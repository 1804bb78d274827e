import Values

extension StandardLibrary {
  /// How long a list `lists.range` makes.
  private static let rangeLimit: Int64 = 100_000

  /// cel-go's `lists` extension.
  static let lists: [FunctionDeclaration] = [
    function(
      "distinct", [Overload(on: list, [], returning: list)], "The list without repetitions, the first kept."
    ) { arguments in
      guard case .list(let list) = arguments[0] else { return nil }
      return .list(Lists.distinct(list.elements.map(\.value)))
    },
    function(
      "flatten",
      [
        Overload(on: .list(list), [], returning: list), Overload(on: .list(.dyn), [], returning: .list(.dyn)),
        Overload(on: .list(.dyn), [.int], returning: .list(.dyn)),
      ], strictness: .shallow, "The elements of the lists in a list, so many levels deep, one if nothing is said."
    ) { arguments in
      guard case .list(let list) = arguments[0] else { return nil }
      var depth: Int64 = 1
      if arguments.count > 1 {
        guard case .int(let given) = arguments[1] else { return nil }
        depth = given
      }
      guard depth >= 0 else { return invalid("The depth '\(depth)' is negative.") }
      return .list(Lists.flattened(list, depth: Int(min(depth, 256))))
    },
    function(
      "slice", [Overload(on: list, [.int, .int], returning: list)],
      "The elements from an index up to, not including, another."
    ) { arguments in
      guard case (.list(let list), .int(let start), .int(let end)) = (arguments[0], arguments[1], arguments[2]) else {
        return nil
      }
      guard start >= 0, start <= end, end <= Int64(list.elements.count) else {
        return .error(CELError(.outOfRange, "The list has no slice from '\(start)' to '\(end)'."))
      }
      return .list(ListValue(elements: Array(list.elements[Int(start)..<Int(end)])))
    },
    function("sort", [Overload(on: list, [], returning: list)], "The list in ascending order.") { arguments in
      guard case .list(let list) = arguments[0] else { return nil }
      return Lists.sorted(list.elements.map { ($0.value, $0.value) })
    },
    function(
      "lists.range", [Overload([.int], returning: .list(.int))], "The numbers from 0 up to, not including, another."
    ) { arguments in
      guard case .int(let count) = arguments[0] else { return nil }
      guard count <= rangeLimit else { return Arithmetic.tooLong }
      return .list(count <= 0 ? [] : (0..<count).map { .int($0) })
    },
    end("first", "The first element, if there is one.") { list in list.elements.first },
    end("last", "The last element, if there is one.") { list in list.elements.last },
  ]

  private static func end(
    _ name: String, _ documentation: String, _ pick: @escaping @Sendable (ListValue) -> ListValue.Element?
  ) -> FunctionDeclaration {
    function(name, [Overload(on: list, [], returning: .optional(element))], strictness: .shallow, documentation) {
      arguments in
      guard case .list(let list) = arguments[0] else { return nil }
      if let residual = list.residual { return .unknown(residual) }
      guard let element = pick(list) else { return .optional(nil) }
      return element.membership.map { .unknown($0) } ?? .optional(element.value)
    }
  }

  // MARK: Sets

  /// cel-go's `sets` extension: lists as sets.
  static let sets: [FunctionDeclaration] = [
    set("contains", "Whether every element of the second list is in the first.") { a, b in a.includes(b) },
    set("equivalent", "Whether each of two lists has every element of the other.") { a, b in
      a.includes(b) && b.includes(a)
    },
    set("intersects", "Whether two lists have an element in common.") { a, b in
      // An empty list has nothing in common with anything, however open the other is.
      if [a, b].contains(where: { $0.elements.isEmpty && $0.residual == nil }) { return .no }
      var truth = a.residual.united(with: b.residual).map { Truth.unknown($0) } ?? .no
      for element in a.elements {
        let isThere = element.membership.map { Truth.unknown($0) } ?? .yes
        truth = truth || (isThere && (element.value.isIn(.list(b)).truth ?? .no))
        if truth == .yes { break }
      }
      return truth
    },
  ]

  private static func set(
    _ name: String, _ documentation: String, _ test: @escaping @Sendable (ListValue, ListValue) -> Truth
  ) -> FunctionDeclaration {
    function("sets.\(name)", [Overload([list, list], returning: .bool)], strictness: .shallow, documentation) {
      arguments in
      guard case (.list(let a), .list(let b)) = (arguments[0], arguments[1]) else { return nil }
      return Value(test(a, b))
    }
  }
}

extension ListValue {
  /// Whether every element of another list is in this one.
  fileprivate func includes(_ other: ListValue) -> Truth {
    var truth = other.residual.map { Truth.unknown($0) } ?? .yes
    for element in other.elements {
      var isIncluded = element.value.isIn(.list(self)).truth ?? .no
      if let membership = element.membership { isIncluded = isIncluded || .unknown(membership) }
      truth = truth && isIncluded
      if truth == .no { break }
    }
    return truth
  }
}
