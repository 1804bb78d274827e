import Values

/// A list of which some may be unknown: whether an element is in it, and whether there are more.
public struct ListValue: Hashable, Sendable {
  /// An element and whether it is in the list.
  public struct Element: Hashable, Sendable {
    /// The element itself, where it is in the list.
    public var value: Value
    /// Nil: surely in the list; else why that cannot be told.
    public var membership: Unknown?

    /// An element, surely in the list unless a reason for doubt is given.
    public init(_ value: Value, membership: Unknown? = nil) {
      self.value = value
      self.membership = membership
    }
  }

  /// The elements that are known of, in order.
  public let elements: [Element]
  /// Nil: there are no more elements; else why there may be more, and nobody knows at which places.
  public let residual: Unknown?
  /// How much there is in the list, all the way down: see ``Value/weight``.
  let weight: Int32

  /// A list whose elements are surely all there is.
  public init(_ values: [Value]) {
    self.init(elements: values.map { Element($0) })
  }

  /// A list of guarded elements, and of more to come if there is a residual.
  public init(elements: [Element], residual: Unknown? = nil) {
    self.elements = elements
    self.residual = residual
    var weight: Int32 = 1
    // By position, which copies no element.
    for index in elements.indices { weight = weight.addingSaturated(elements[index].value.weight) }
    self.weight = weight
  }

  /// `[]`.
  public static let empty = ListValue([])

  /// How many elements are surely in the list.
  public var certainCount: Int { elements.reduce(0) { $0 + ($1.membership == nil ? 1 : 0) } }

  /// Why the number of elements cannot be told, or nil when it can.
  public var openness: Unknown? {
    var result = residual
    for element in elements {
      if let membership = element.membership { result = result.united(with: membership) }
    }
    return result
  }

  /// Everything unknown about the list and its elements.
  public var deepUnknown: Unknown? {
    elements.reduce(openness) { $0.united(with: $1.value.deepUnknown) }
  }
}

extension Unknown? {
  /// Both reasons, or the one there is.
  func united(with other: Unknown?) -> Unknown? {
    guard let self else { return other }
    guard let other else { return self }
    return self.union(other)
  }
}
