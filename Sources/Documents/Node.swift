import SourceText

/// How a scalar is written. JSON strings are double quoted, its numbers and words plain.
package enum ScalarStyle: UInt8, Hashable, Sendable {
  case plain, singleQuoted, doubleQuoted, literal, folded
}

/// One node of a document: a handle, cheap to copy and to compare. Two nodes are equal when they are the same place
/// of the same reading; an alias is the very node it names.
package struct Node: Sendable {
  /// What a node is.
  package enum Kind: Hashable, Sendable {
    case scalar, sequence, mapping
  }

  let storage: NodeStorage
  let index: UInt32

  init(_ storage: NodeStorage, _ index: UInt32) {
    self.storage = storage
    self.index = storage.resolved(index)
  }

  var record: NodeRecord { storage.records[Int(index)] }

  /// What the node is.
  package var kind: Kind {
    switch record.kind {
    case .sequence: .sequence
    case .mapping: .mapping
    case .scalar, .alias: .scalar
    }
  }

  /// The node as written, with its tag and quotes; a block collection ends where its last content ends. An empty
  /// value has an empty span behind its key's colon.
  package var span: Span {
    let record = record
    return Span(storage.file, Int(record.lower)..<Int(record.upper))
  }

  /// The node as written, without tag and anchor.
  package var contentSpan: Span {
    let record = record
    return Span(storage.file, Int(record.content)..<Int(max(record.content, record.upper)))
  }

  /// An application's tag as written (`!Sub`), YAML's own in full (`tag:yaml.org,2002:str`), nil when there is none.
  package var tag: String? {
    let tag = record.tag
    return tag == 0 ? nil : storage.tags[Int(tag) - 1]
  }

  /// How a scalar is written; plain for collections.
  package var style: ScalarStyle { record.style }

  /// Whether this is the absence of a value: nothing at all, `~` or `null`, unquoted and not tagged as something else.
  package var isNull: Bool {
    let record = record
    guard record.kind == .scalar, record.style == .plain, record.count <= 4 else { return false }
    if let tag, tag != "tag:yaml.org,2002:null" { return false }
    if record.count == 0 { return true }
    if storage.format == .json { return text == "null" }
    return ["~", "null", "Null", "NULL"].contains(text)
  }

  /// The elements of a sequence; empty for other nodes.
  package var items: Items {
    let record = record
    guard record.kind == .sequence else { return Items(storage, 0, 0) }
    return Items(storage, Int(record.first), Int(record.count))
  }

  /// The entries of a mapping in the order written, with merge keys applied; empty for other nodes. Of a key written
  /// twice the last counts, as in CloudFormation.
  package var entries: Entries {
    let record = record
    guard record.kind == .mapping else { return Entries(storage, 0, 0) }
    return Entries(storage, Int(record.first), Int(record.count))
  }

  /// The value of the entry whose key's text is `key`; nil when there is none or this is no mapping.
  package subscript(key: String) -> Node? { entry(key)?.value }

  /// The entry whose key's text is `key`; nil when there is none or this is no mapping.
  package func entry(_ key: String) -> Entry? {
    let record = record
    var key = key
    guard let ordinal = key.withUTF8({ storage.ordinal(of: $0, in: record) }) else { return nil }
    return Entry(storage, Int(record.first) + 2 * ordinal)
  }

  /// Whether any key of this mapping begins with a text of letters and colons; false for what is no mapping. Cheap, for
  /// no key is made a string.
  package func hasKey(startingWith prefix: StaticString) -> Bool { storage.hasKey(of: record, startingWith: prefix) }
}

extension Node: Hashable {
  package static func == (a: Node, b: Node) -> Bool { a.index == b.index && a.storage === b.storage }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(ObjectIdentifier(storage))
    hasher.combine(index)
  }
}
