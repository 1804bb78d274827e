import SourceText

/// Lays out nodes in the order they are read. Children wait in `pending` until their collection closes, so that
/// every collection's children end up in one run and nothing recurses.
struct NodeBuilder {
  /// The file's bytes; valid while the reader runs.
  let source: UnsafeBufferPointer<UInt8>
  var records: [NodeRecord] = []
  var children: [UInt32] = []
  var tables: [UInt32] = []
  var pool: [UInt8] = []
  var tags: [String] = []
  /// The children of the collections that are still open.
  var pending: [UInt32] = []
  /// Keys written twice in one mapping, the overridden one first.
  var duplicates: [(earlier: UInt32, later: UInt32)] = []
  private var tagIndices: [String: UInt32] = [:]

  init(source: UnsafeBufferPointer<UInt8>) {
    self.source = source
    // About what JSON and YAML with short names need; growing by copying costs more than untouched memory.
    records.reserveCapacity(source.count / 16)
    children.reserveCapacity(source.count / 16)
  }

  /// Mappings with more entries than this get a key table.
  static let smallMapping = 8

  @inline(__always)
  mutating func add(_ record: NodeRecord) -> UInt32 {
    let index = UInt32(truncatingIfNeeded: records.count)
    records.append(record)
    pending.append(index)
    return index
  }

  mutating func tagIndex(_ tag: String) -> UInt32 {
    if let known = tagIndices[tag] { return known }
    tags.append(tag)
    let index = UInt32(tags.count)
    tagIndices[tag] = index
    return index
  }

  func resolved(_ index: UInt32) -> UInt32 {
    let record = records[Int(index)]
    return record.kind == .alias ? record.link : index
  }

  /// Ends a sequence whose elements are `pending[start...]`.
  mutating func closeSequence(_ index: UInt32, from start: Int, upper: Int) {
    let count = pending.count - start
    records[Int(index)].first = UInt32(children.count)
    records[Int(index)].count = UInt32(count)
    records[Int(index)].upper = Int32(upper)
    children.append(contentsOf: pending[start...])
    pending.removeLast(count)
  }

  /// Ends a mapping whose keys and values are `pending[start...]` by turns; every key is a scalar. Entries of
  /// `merged`, key and value by turns, are added where no own key stands in their way.
  mutating func closeMapping(_ index: UInt32, from start: Int, upper: Int, merging merged: [UInt32] = []) {
    let own = (pending.count - start) / 2
    let first = children.count
    records[Int(index)].first = UInt32(first)
    records[Int(index)].upper = Int32(upper)
    if own + merged.count / 2 <= Self.smallMapping {
      closeSmallMapping(from: start, first: first, merging: merged)
    } else {
      records[Int(index)].link = UInt32(tables.count + 1)
      var capacity = 16
      while capacity < (own + merged.count / 2) * 2 { capacity *= 2 }
      tables.append(UInt32(capacity))
      tables.append(contentsOf: repeatElement(0, count: capacity))
      let table = tables.count - capacity
      for at in stride(from: start, to: start + 2 * own, by: 2) {
        insert(pending[at], pending[at + 1], first: first, table: table, capacity: capacity, overrides: true)
      }
      for at in stride(from: 0, to: merged.count, by: 2) {
        insert(merged[at], merged[at + 1], first: first, table: table, capacity: capacity, overrides: false)
      }
    }
    records[Int(index)].count = UInt32((children.count - first) / 2)
    pending.removeLast(pending.count - start)
  }

  private mutating func closeSmallMapping(from start: Int, first: Int, merging merged: [UInt32]) {
    for at in stride(from: start, to: pending.count - 1, by: 2) {
      let key = pending[at]
      if let earlier = position(of: key, from: first) {
        duplicates.append((children[earlier], key))
        children[earlier] = key
        children[earlier + 1] = pending[at + 1]
      } else {
        children.append(key)
        children.append(pending[at + 1])
      }
    }
    for at in stride(from: 0, to: merged.count, by: 2) where position(of: merged[at], from: first) == nil {
      children.append(merged[at])
      children.append(merged[at + 1])
    }
  }

  @inline(__always)
  private func position(of key: UInt32, from first: Int) -> Int? {
    var at = first
    while at < children.count {
      if isSameText(children[at], key) { return at }
      at += 2
    }
    return nil
  }

  private mutating func insert(
    _ key: UInt32, _ value: UInt32, first: Int, table: Int, capacity: Int, overrides: Bool
  ) {
    var slot = withText(of: key) { KeyHash.of($0) } & (capacity - 1)
    while tables[table + slot] != 0 {
      let at = first + 2 * Int(tables[table + slot] - 1)
      if isSameText(children[at], key) {
        if overrides {
          duplicates.append((children[at], key))
          children[at] = key
          children[at + 1] = value
        }
        return
      }
      slot = (slot + 1) & (capacity - 1)
    }
    tables[table + slot] = UInt32((children.count - first) / 2 + 1)
    children.append(key)
    children.append(value)
  }

  func withText<Result>(of key: UInt32, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    let record = records[Int(resolved(key))]
    let range = Int(record.first)..<Int(record.first) + Int(record.count)
    guard record.place == .pool else { return body(UnsafeBufferPointer(rebasing: source[range])) }
    return pool.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[range])) }
  }

  @inline(__always)
  func isSameText(_ a: UInt32, _ b: UInt32) -> Bool {
    let one = records[Int(resolved(a))]
    let other = records[Int(resolved(b))]
    guard one.count == other.count else { return false }
    return withText(of: a) { a in
      withText(of: b) { b in
        for offset in 0..<a.count where a[offset] != b[offset] { return false }
        return true
      }
    }
  }

  /// Tells of the keys that were written twice.
  func reportDuplicates(to log: inout DiagnosticLog, in file: FileID) {
    for (earlier, later) in duplicates where !log.isFull {
      let (first, second) = (records[Int(earlier)], records[Int(later)])
      let key = withText(of: later) { Excerpt.of($0, 0..<$0.count) }
      log.add(
        "duplicate-key", "The key '\(key)' is written twice in this mapping; the last one counts.",
        cure: "Remove one of the two.", at: Int(second.lower)..<Int(second.upper),
        related: [Diagnostic.Related(Span(file, Int(first.lower)..<Int(first.upper)), "first written here")],
        severity: .error)
    }
  }
}
