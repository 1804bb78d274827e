extension Value {
  /// The largest value that an expression may make: it must not be able to fill the memory, nor, by putting one list
  /// into another many times over, to make what takes forever to look through.
  static let weightLimit: Int32 = 1 << 22

  /// How many values there are in this one, all the way down and counted as often as they occur; long strings and
  /// bytes count for more than one.
  var weight: Int32 {
    switch self {
    case .string(let value): Int32(clamping: 1 + value.utf8.count / 16)
    case .bytes(let value): Int32(clamping: 1 + value.count / 16)
    case .list(let value): value.weight
    case .map(let value): value.weight
    case .optional(let value?): value.weight.addingSaturated(1)
    default: 1
    }
  }
}

extension Int32 {
  func addingSaturated(_ other: Int32) -> Int32 {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? .max : sum
  }
}
