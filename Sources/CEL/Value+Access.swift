import Values

extension Value {
  var isError: Bool { if case .error = self { true } else { false } }

  /// The value itself if it is an unknown or an error, which strict operations hand on.
  var absorbed: Value? {
    switch self {
    case .unknown, .error: self
    default: nil
    }
  }

  /// What a strict operation on two values yields without looking at them: unknown before error.
  static func absorbing(_ a: Value, _ b: Value) -> Value? {
    switch (a, b) {
    case (.unknown(let x), .unknown(let y)): .unknown(x.union(y))
    case (.unknown, _): a
    case (_, .unknown): b
    case (.error, _): a
    case (_, .error): b
    default: nil
    }
  }

  /// How a member or an element was found.
  private enum Found {
    case value(Value)
    case absent
    /// Whether it is there cannot be told.
    case doubtful(Unknown)
    case error(CELError)

    init(_ reading: MemberReading) {
      switch reading.presence {
      case .yes:
        if case .error(let error) = reading.value { self = .error(error) } else { self = .value(reading.value) }
      case .no: self = .absent
      case .unknown(let unknown): self = .doubtful(unknown)
      }
    }

    /// What selecting a member comes to.
    func selected(_ name: String) -> Value {
      switch self {
      case .value(let value): value
      case .absent: .error(CELError(.noSuchKey, "There is no such key: '\(name)'."))
      case .doubtful(let unknown): .unknown(unknown)
      case .error(let error): .error(error)
      }
    }
  }

  // MARK: Members

  private func find(_ name: String, _ host: any Host) -> Found {
    switch self {
    case .map(let map):
      guard let entry = map.entry(name) else { return map.residual.map { .doubtful($0) } ?? .absent }
      return entry.membership.map { .doubtful($0) } ?? .value(entry.value)
    case .object(let object):
      return Found(host.member(name, of: object))
    default:
      return .error(
        CELError(.noSuchOverload, "A value of type '\(runtimeType.runtimeName)' does not support field selection."))
    }
  }

  func selecting(_ name: String, _ host: any Host) -> Value {
    if case .object(let object) = self { return Value.selected(host.member(name, of: object), name) }
    if let absorbed { return absorbed }
    if case .optional = self { return selectingOptional(name, host) }
    return find(name, host).selected(name)
  }

  /// The value of `object.name` where the member has been read.
  static func selected(_ reading: MemberReading, _ name: String) -> Value {
    if case .yes = reading.presence { return reading.value }
    return Found(reading).selected(name)
  }

  func selectingOptional(_ name: String, _ host: any Host) -> Value {
    if let absorbed { return absorbed }
    if case .optional(let wrapped) = self { return wrapped?.selectingOptional(name, host) ?? .optional(nil) }
    return Value.optional(from: find(name, host))
  }

  private static func optional(from found: Found) -> Value {
    switch found {
    case .value(let value): .optional(value)
    case .absent: .optional(nil)
    case .doubtful(let unknown): .unknown(unknown)
    case .error(let error): .error(error)
    }
  }

  /// `has(value.name)`.
  func presence(of name: String, _ host: any Host) -> Value {
    if let absorbed { return absorbed }
    if case .optional(let wrapped) = self { return wrapped?.presence(of: name, host) ?? .bool(false) }
    switch find(name, host) {
    case .value: return .bool(true)
    case .absent: return .bool(false)
    case .doubtful(let unknown): return .unknown(unknown)
    case .error(let error): return .error(error)
    }
  }

  // MARK: Elements

  private func find(at key: Value) -> Found {
    switch self {
    case .map(let map):
      guard let entry = map.entry(key) else { return map.residual.map { .doubtful($0) } ?? .absent }
      return entry.membership.map { .doubtful($0) } ?? .value(entry.value)
    case .list(let list):
      guard let index = key.wholeNumber else {
        return .error(CELError(.invalidArgument, "'\(key.text)' is not an index of a list."))
      }
      guard index >= 0 else { return .absent }
      // Where a residual's elements stand is not known, so no element's place is.
      if let residual = list.residual { return .doubtful(residual) }
      var doubt: Unknown?
      for element in list.elements.prefix(Int(clamping: index)) { doubt = doubt.united(with: element.membership) }
      if index >= list.elements.count { return .absent }
      let element = list.elements[Int(index)]
      if let doubt = doubt.united(with: element.membership) { return .doubtful(doubt) }
      return .value(element.value)
    default: return .error(.noOverload("[]", [self, key]))
    }
  }

  /// The number as an index: a double only if it is whole.
  private var wholeNumber: Int64? {
    switch self {
    case .int(let value): value
    case .uint(let value): Int64(exactly: value)
    case .double(let value): Int64(exactly: value)
    default: nil
    }
  }

  func indexed(by key: Value) -> Value {
    if let absorbed = Value.absorbing(self, key) { return absorbed }
    if case .optional = self { return indexedOptional(by: key) }
    switch find(at: key) {
    case .value(let value): return value
    case .absent:
      if case .list(let list) = self {
        let count = list.elements.count
        return .error(
          CELError(.outOfRange, "The index '\(key.text)' is out of range: the list has \(count) elements."))
      }
      return .error(CELError(.noSuchKey, "There is no such key: '\(key.text)'."))
    case .doubtful(let unknown): return .unknown(unknown)
    case .error(let error): return .error(error)
    }
  }

  func indexedOptional(by key: Value) -> Value {
    if let absorbed = Value.absorbing(self, key) { return absorbed }
    if case .optional(let wrapped) = self { return wrapped?.indexedOptional(by: key) ?? .optional(nil) }
    return Value.optional(from: find(at: key))
  }

  /// `element in collection`: true as soon as one element that is surely there is equal.
  func isIn(_ collection: Value) -> Value {
    if let absorbed = Value.absorbing(self, collection) { return absorbed }
    switch collection {
    case .list(let list):
      var truth = list.residual.map { Truth.unknown($0) } ?? .no
      for element in list.elements {
        let isMember = element.membership.map { Truth.unknown($0) } ?? .yes
        truth = truth || (equals(element.value) && isMember)
        if truth == .yes { break }
      }
      return Value(truth)
    case .map(let map):
      guard let entry = map.entry(self) else { return Value(map.residual.map { Truth.unknown($0) } ?? .no) }
      return Value(entry.membership.map { Truth.unknown($0) } ?? .yes)
    default: return .error(.noOverload("in", [self, collection]))
    }
  }
}
