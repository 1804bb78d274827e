import SourceText

/// One node as it lies in the arena. Indices are into the arrays of ``NodeStorage``.
struct NodeRecord {
  enum Kind: UInt8 {
    case scalar, sequence, mapping
    /// Stands where an alias is written; `link` is the node it names.
    case alias
  }

  /// Where a scalar's decoded text is found.
  enum TextPlace: UInt8 {
    /// In the file, just so.
    case file
    /// In the pool of decoded texts.
    case pool
    /// In the file with JSON's escapes, to be decoded when asked for.
    case escaped
  }

  /// The node's span: from its tag on.
  var lower: Int32
  var upper: Int32
  /// Where the content begins, behind tag and anchor.
  var content: Int32
  /// Of a collection, its first child in `children`; of a scalar, the first byte of its text.
  var first: UInt32 = 0
  /// Of a sequence its elements, of a mapping its entries, of a scalar the bytes of its text.
  var count: UInt32 = 0
  /// Of an alias its target; of a mapping with many entries, 1 + the start of its key table.
  var link: UInt32 = 0
  /// 0, or 1 + the index of its tag.
  var tag: UInt32 = 0
  var kind: Kind
  var style: ScalarStyle = .plain
  var place: TextPlace = .file
}

/// All nodes of one file, immutable once read.
final class NodeStorage: Sendable {
  let file: FileID
  let format: DocumentFormat
  let bytes: [UInt8]
  let records: [NodeRecord]
  /// The children of every collection, each collection's in one run; of mappings, key and value by turns.
  let children: [UInt32]
  /// The key tables of large mappings: capacity, then that many slots, each 0 or 1 + an entry's ordinal.
  let tables: [UInt32]
  let pool: [UInt8]
  let tags: [String]

  init(_ builder: consuming NodeBuilder, source: SourceFile, format: DocumentFormat) {
    file = source.id
    bytes = source.bytes
    self.format = format
    records = builder.records
    children = builder.children
    tables = builder.tables
    pool = builder.pool
    tags = builder.tags
  }

  /// The node that `index` stands for: an alias's target, else itself.
  func resolved(_ index: UInt32) -> UInt32 {
    let record = records[Int(index)]
    return record.kind == .alias ? record.link : index
  }

  /// The ordinal of the entry of `mapping` whose key's text is `key`.
  func ordinal(of key: UnsafeBufferPointer<UInt8>, in mapping: NodeRecord) -> Int? {
    guard mapping.kind == .mapping else { return nil }
    guard mapping.link > 0 else {
      for ordinal in 0..<Int(mapping.count) where isText(of: children[Int(mapping.first) + 2 * ordinal], key) {
        return ordinal
      }
      return nil
    }
    let start = Int(mapping.link)
    let mask = Int(tables[start - 1]) - 1
    var slot = KeyHash.of(key) & mask
    while true {
      let found = tables[start + slot]
      if found == 0 { return nil }
      if isText(of: children[Int(mapping.first) + 2 * Int(found - 1)], key) { return Int(found - 1) }
      slot = (slot + 1) & mask
    }
  }

  /// Whether any key of `mapping` begins with a text of letters and colons.
  func hasKey(of mapping: NodeRecord, startingWith prefix: StaticString) -> Bool {
    guard mapping.kind == .mapping else { return false }
    let wanted = UnsafeBufferPointer(start: prefix.utf8Start, count: prefix.utf8CodeUnitCount)
    for ordinal in 0..<Int(mapping.count) {
      let record = records[Int(resolved(children[Int(mapping.first) + 2 * ordinal]))]
      guard record.kind == .scalar, Int(record.count) >= wanted.count else { continue }
      let start = Int(record.first)
      let isMeant = (record.place == .pool ? pool : bytes).withUnsafeBufferPointer { buffer in
        for offset in 0..<wanted.count where buffer[start + offset] != wanted[offset] { return false }
        return true
      }
      if isMeant { return true }
    }
    return false
  }

  private func isText(of key: UInt32, _ wanted: UnsafeBufferPointer<UInt8>) -> Bool {
    let record = records[Int(resolved(key))]
    guard record.kind == .scalar, Int(record.count) == wanted.count else { return false }
    let start = Int(record.first)
    return (record.place == .pool ? pool : bytes).withUnsafeBufferPointer { buffer in
      for offset in 0..<wanted.count where buffer[start + offset] != wanted[offset] { return false }
      return true
    }
  }
}

/// The hash of a key's text. The standard library's hasher is seeded, so that no file can be made to collide.
enum KeyHash {
  static func of(_ text: UnsafeBufferPointer<UInt8>) -> Int {
    var hasher = Hasher()
    hasher.combine(bytes: UnsafeRawBufferPointer(text))
    return hasher.finalize() & Int.max
  }
}
