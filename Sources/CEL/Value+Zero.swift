import Values

extension Value {
  /// Whether the value is its type's zero: empty, 0, false or null.
  var isZero: Truth {
    switch self {
    case .null: return .yes
    case .bool(let value): return Truth(!value)
    case .int(let value): return Truth(value == 0)
    case .uint(let value): return Truth(value == 0)
    case .double(let value): return Truth(value == 0)
    case .string(let value): return Truth(value.isEmpty)
    case .bytes(let value): return Truth(value.isEmpty)
    case .list(let value):
      if value.certainCount > 0 { return .no }
      return value.openness.map { .unknown($0) } ?? .yes
    case .map(let value):
      if value.entries.contains(where: { $0.membership == nil }) { return .no }
      return value.openness.map { .unknown($0) } ?? .yes
    case .duration(let value): return Truth(value.nanoseconds == 0)
    case .optional(let value): return Truth(value == nil)
    case .timestamp, .type, .object: return .no
    case .unknown(let unknown): return .unknown(unknown)
    case .error: return .no
    }
  }
}
