import Dispatch
import SourceText

/// Hands out sources in order, each cut into statements, and has the statements that will be needed next parsed on
/// other cores meanwhile. What is read ahead is bounded, and so is the memory that its trees take.
struct SourceReader {
  /// A source that is about to be replayed.
  struct Reading {
    let source: SQLSource
    let statements: [Statement]
    /// Positions of statements that a ROLLBACK undoes.
    let undone: Set<Int>
    /// Tools may fill in something: statements are parsed when that is done.
    let mayHavePlaceholders: Bool
    /// For each statement whether ``SourceReader/nextStatement()`` has it.
    fileprivate(set) var isRead: [Bool] = []

    init(_ source: SQLSource) {
      let bytes = source.text.bytes
      self.source = source
      statements = StatementSplitter.split(source.text)
      undone = Transactions.undone(statements, in: bytes)
      mayHavePlaceholders = source.holes.isEmpty && Placeholders.mayOccur(in: bytes)
      isRead = statements.indices.map { index in
        guard !mayHavePlaceholders, !undone.contains(index), case .definition = statements[index].kind(in: bytes)
        else { return false }
        return !source.holes.contains { $0.overlaps(statements[index].range) }
      }
    }
  }

  private let limits: ParsingLimits
  /// Those that are not cut yet, the next one last.
  private var sources: [SQLSource]
  /// Whether there is so much to read that other threads are worth their start.
  private let readsAhead: Bool
  private var readings = Queue<Reading>()
  /// Statements to be parsed that are in no batch yet.
  private var items: [StatementBatch.Item] = []
  private var itemBytes = 0
  private var batches = Queue<StatementBatch>()
  /// Those of ``batches`` that no other thread has been given.
  private var waiting = Queue<StatementBatch>()
  private var parsed = Queue<StatementReading>()

  /// Bytes of SQL that one thread parses in a millisecond or two.
  private static let batchSize = 32 * 1024
  /// How many batches are begun before the first of them is needed.
  private static let batchesAhead = 12

  init(_ sources: [SQLSource], limits: ParsingLimits) {
    self.sources = sources.reversed()
    self.limits = limits
    var bytes = 0
    readsAhead = sources.contains { source in
      bytes += source.text.bytes.count
      return bytes > 2 * SourceReader.batchSize
    }
  }

  /// The next source; nil behind the last.
  mutating func nextSource() -> Reading? {
    while readings.isEmpty || readsAhead && batches.count < SourceReader.batchesAhead, let source = sources.popLast() {
      add(Reading(source))
    }
    if sources.isEmpty { closeBatch() }
    return readings.next()
  }

  /// What the parser makes of the next statement that ``Reading/isRead`` promises.
  mutating func nextStatement() -> StatementReading? {
    if parsed.isEmpty {
      if batches.isEmpty { closeBatch() }
      guard let batch = batches.next() else { return nil }
      readFurther()
      parsed = Queue(batch.takeReadings())
    }
    return parsed.next()
  }

  private mutating func add(_ reading: Reading) {
    for (statement, isRead) in zip(reading.statements, reading.isRead) where isRead {
      items.append(StatementBatch.Item(statement: statement, text: reading.source.text))
      itemBytes += statement.range.count
      if itemBytes >= SourceReader.batchSize { closeBatch() }
    }
    readings.append(reading)
  }

  private mutating func closeBatch() {
    guard !items.isEmpty else { return }
    let batch = StatementBatch(items, limits: limits)
    items.removeAll()
    itemBytes = 0
    batches.append(batch)
    guard readsAhead else { return }
    waiting.append(batch)
    readFurther()
  }

  private mutating func readFurther() {
    while batches.count - waiting.count < SourceReader.batchesAhead, let batch = waiting.next() {
      DispatchQueue.global(qos: .userInitiated).async { batch.read() }
    }
  }
}

/// First in, first out.
private struct Queue<Element> {
  private var elements: [Element?] = []
  private var first = 0

  init(_ elements: [Element] = []) { self.elements = elements }

  var count: Int { elements.count - first }
  var isEmpty: Bool { count == 0 }

  mutating func append(_ element: Element) { elements.append(element) }

  mutating func next() -> Element? {
    guard first < elements.count else { return nil }
    let element = elements[first]
    elements[first] = nil
    first += 1
    if first > 64, first * 2 > elements.count {
      elements.removeFirst(first)
      first = 0
    }
    return element
  }
}
