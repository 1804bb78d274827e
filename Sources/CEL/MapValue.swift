import Values

/// A map in the order it was written, of which some may be unknown: whether an entry is in it, and whether there
/// are more.
public struct MapValue: Hashable, Sendable {
  /// A key, its value, and whether they are in the map.
  public struct Entry: Hashable, Sendable {
    /// A bool, an int, a uint or a string.
    public let key: Value
    /// The value, where the entry is in the map.
    public var value: Value
    /// Nil: surely in the map; else why that cannot be told.
    public var membership: Unknown?

    /// An entry, surely in the map unless a reason for doubt is given.
    public init(_ key: Value, _ value: Value, membership: Unknown? = nil) {
      self.key = key
      self.value = value
      self.membership = membership
    }
  }

  private final class Storage: Sendable {
    let entries: [Entry]
    let index: [MapKey: Int]
    let residual: Unknown?
    let weight: Int32

    init(entries: [Entry], index: [MapKey: Int], residual: Unknown?) {
      self.entries = entries
      self.index = index
      self.residual = residual
      weight = entries.reduce(1) { $0.addingSaturated($1.value.weight).addingSaturated($1.key.weight) }
    }
  }

  private let storage: Storage

  /// A map of these entries; of entries with the same key the last is kept, and entries whose key cannot be a key
  /// (a double, a list, an unknown) are left out.
  public init(_ entries: [Entry], residual: Unknown? = nil) {
    var kept: [Entry] = []
    var index: [MapKey: Int] = [:]
    kept.reserveCapacity(entries.count)
    for entry in entries {
      guard let key = MapKey(entry.key) else { continue }
      if let at = index[key] {
        kept[at] = entry
      } else {
        index[key] = kept.count
        kept.append(entry)
      }
    }
    storage = Storage(entries: kept, index: index, residual: residual)
  }

  /// A map from strings, in the order given.
  public init(_ pairs: [(String, Value)], residual: Unknown? = nil) {
    self.init(pairs.map { Entry(.string($0.0), $0.1) }, residual: residual)
  }

  /// The entries that are known of, in the order they were written.
  public var entries: [Entry] { storage.entries }

  /// How much there is in the map, all the way down: see ``Value/weight``.
  var weight: Int32 { storage.weight }

  /// Nil: there are no more entries; else why there may be.
  public var residual: Unknown? { storage.residual }

  /// The entry of a key; numbers of different types are the same key when they are equal.
  public func entry(_ key: Value) -> Entry? {
    guard let key = MapKey(lookingUp: key), let at = storage.index[key] else { return nil }
    return storage.entries[at]
  }

  /// The entry of a string.
  public func entry(_ key: String) -> Entry? { storage.index[.string(Array(key.utf8))].map { storage.entries[$0] } }

  /// Why the number of entries cannot be told, or nil when it can.
  public var openness: Unknown? {
    entries.reduce(residual) { $0.united(with: $1.membership) }
  }

  /// Everything unknown about the map and its values.
  public var deepUnknown: Unknown? {
    entries.reduce(openness) { $0.united(with: $1.value.deepUnknown) }
  }

  /// Whether both hold the same entries in the same order.
  public static func == (a: MapValue, b: MapValue) -> Bool {
    a.storage === b.storage || (a.entries == b.entries && a.residual == b.residual)
  }

  /// Feeds what equality compares.
  public func hash(into hasher: inout Hasher) { hasher.combine(entries.count) }
}

/// A key in the form in which it is looked up: equal numbers of different types are one key.
enum MapKey: Hashable, Sendable {
  case bool(Bool)
  case int(Int64)
  case uint(UInt64)
  /// In UTF-8, for two strings are the same key only when their code points are.
  case string([UInt8])

  /// The key for a value that may be a key of a map.
  init?(_ value: Value) {
    switch value {
    case .bool(let value): self = .bool(value)
    case .int(let value): self = .int(value)
    case .uint(let value): self = value <= UInt64(Int64.max) ? .int(Int64(value)) : .uint(value)
    case .string(let value): self = .string(Array(value.utf8))
    default: return nil
    }
  }

  /// The key that a value finds; a double finds the integer it equals.
  init?(lookingUp value: Value) {
    guard case .double(let number) = value else {
      self.init(value)
      return
    }
    if let exact = Int64(exactly: number) {
      self = .int(exact)
    } else if let exact = UInt64(exactly: number) {
      self = .uint(exact)
    } else {
      return nil
    }
  }
}
