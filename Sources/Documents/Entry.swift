import SourceText

/// A key and its value in a mapping.
package struct Entry: Hashable, Sendable {
  private let storage: NodeStorage
  private let keyIndex: UInt32
  private let valueIndex: UInt32

  init(_ storage: NodeStorage, _ position: Int) {
    self.storage = storage
    keyIndex = storage.children[position]
    valueIndex = storage.children[position + 1]
  }

  /// The key: always a scalar.
  package var key: Node { Node(storage, keyIndex) }

  /// The value; where an alias is written, the node that it names.
  package var value: Node { Node(storage, valueIndex) }

  /// Where the value is written in this entry: the alias's own place where there is one, else the value's.
  package var valueSpan: Span {
    let record = storage.records[Int(valueIndex)]
    return Span(storage.file, Int(record.lower)..<Int(record.upper))
  }

  /// From the key to the end of the value (or of the alias that stands for it).
  package var span: Span {
    let key = storage.records[Int(keyIndex)]
    let value = storage.records[Int(valueIndex)]
    return Span(storage.file, Int(key.lower)..<Int(max(key.upper, value.upper)))
  }

  package static func == (a: Entry, b: Entry) -> Bool {
    a.keyIndex == b.keyIndex && a.valueIndex == b.valueIndex && a.storage === b.storage
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(ObjectIdentifier(storage))
    hasher.combine(keyIndex)
    hasher.combine(valueIndex)
  }
}

/// The entries of a mapping, in order; made without copying.
package struct Entries: RandomAccessCollection, Sendable {
  private let storage: NodeStorage
  private let first: Int
  package let startIndex = 0
  package let endIndex: Int

  init(_ storage: NodeStorage, _ first: Int, _ count: Int) {
    self.storage = storage
    self.first = first
    endIndex = count
  }

  package subscript(position: Int) -> Entry {
    precondition(position >= 0 && position < endIndex, "an entry's position lies in its mapping")
    return Entry(storage, first + 2 * position)
  }
}

/// The elements of a sequence, in order; made without copying.
package struct Items: RandomAccessCollection, Sendable {
  private let storage: NodeStorage
  private let first: Int
  package let startIndex = 0
  package let endIndex: Int

  init(_ storage: NodeStorage, _ first: Int, _ count: Int) {
    self.storage = storage
    self.first = first
    endIndex = count
  }

  package subscript(position: Int) -> Node {
    precondition(position >= 0 && position < endIndex, "an element's position lies in its sequence")
    return Node(storage, storage.children[first + position])
  }

  /// Where the element at `position` is written: the alias's own place where there is one, else the element's.
  package func span(at position: Int) -> Span {
    precondition(position >= 0 && position < endIndex, "an element's position lies in its sequence")
    let record = storage.records[Int(storage.children[first + position])]
    return Span(storage.file, Int(record.lower)..<Int(record.upper))
  }
}
