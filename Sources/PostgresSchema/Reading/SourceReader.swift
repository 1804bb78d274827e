import Dispatch
import SourceText

/// Hands out sources in order, each cut into statements, and has the statements that will be needed next parsed on
/// other cores meanwhile. What is read ahead is bounded, and so is the memory that its trees take.
struct SourceReader {
  /// A source that is about to be replayed.
  struct Reading: Sendable {
    let source: SQLSource
    let statements: [Statement]
    /// Positions of statements that a ROLLBACK undoes.
    let undone: Set<Int>
    /// Tools may fill in something.
    let mayHavePlaceholders: Bool
    /// For each statement whether ``SourceReader/nextStatement()`` has it. One that tools may fill in something in is
    /// parsed when that is done.
    let isRead: [Bool]

    init(_ source: SQLSource) {
      let bytes = source.text.bytes
      self.source = source
      let statements = StatementSplitter.split(source.text)
      let undone = Transactions.undone(statements, in: bytes)
      let mayHavePlaceholders = source.holes.isEmpty && Placeholders.mayOccur(in: bytes[...])
      self.statements = statements
      self.undone = undone
      self.mayHavePlaceholders = mayHavePlaceholders
      isRead = statements.indices.map { index in
        guard !undone.contains(index), case .definition = statements[index].kind(in: bytes) else { return false }
        let range = statements[index].range
        return !(mayHavePlaceholders && Placeholders.mayOccur(in: bytes[range]))
          && !source.holes.contains { $0.overlaps(range) }
      }
    }
  }

  private struct Item: Sendable {
    let statement: Statement
    let text: MappedText
  }

  private let limits: ParsingLimits
  /// Whether there is so much to read that other threads are worth their start.
  private let readsAhead: Bool
  /// Sources to be cut into statements.
  private var uncut: BatchQueue<SQLSource, Reading>
  /// Those that are cut, but whose statements are in no batch yet.
  private var cut = Queue<Reading>()
  private var readings = Queue<Reading>()
  /// Statements to be parsed that are in no batch yet.
  private var items: [Item] = []
  private var itemBytes = 0
  private var unparsed: BatchQueue<Item, StatementReading>
  private var parsed = Queue<StatementReading>()

  /// Bytes of SQL that one thread parses in a millisecond or two.
  private static let batchSize = 32 * 1024
  /// How many batches of statements are begun before the first of them is needed.
  private static let batchesAhead = 12
  /// To cut statements takes a fraction of the time that parsing them takes.
  private static let sourceBatchesAhead = 4
  private static let sourceBatchSize = 2 * batchSize

  init(_ sources: [SQLSource], limits: ParsingLimits) {
    self.limits = limits
    var bytes = 0
    readsAhead = sources.contains { source in
      bytes += source.text.bytes.count
      return bytes > 2 * SourceReader.batchSize
    }
    unparsed = BatchQueue(ahead: readsAhead ? SourceReader.batchesAhead : 0) { [limits] item in
      StatementReading(item.statement, in: item.text.bytes, limits: limits)
    }
    uncut = BatchQueue(ahead: readsAhead ? SourceReader.sourceBatchesAhead : 0) { Reading($0) }
    var batch: [SQLSource] = []
    bytes = 0
    for source in sources {
      batch.append(source)
      bytes += source.text.bytes.count
      guard bytes >= SourceReader.sourceBatchSize || !readsAhead else { continue }
      uncut.append(batch)
      batch = []
      bytes = 0
    }
    if !batch.isEmpty { uncut.append(batch) }
  }

  /// The next source; nil behind the last.
  mutating func nextSource() -> Reading? {
    while readings.isEmpty || unparsed.count < SourceReader.batchesAhead && readsAhead, let reading = nextCut() {
      add(reading)
    }
    if cut.isEmpty, uncut.count == 0 { closeBatch() }
    return readings.next()
  }

  /// What the parser makes of the next statement that ``Reading/isRead`` promises.
  mutating func nextStatement() -> StatementReading? {
    if parsed.isEmpty {
      if unparsed.count == 0 { closeBatch() }
      parsed = Queue(unparsed.next())
    }
    return parsed.next()
  }

  private mutating func nextCut() -> Reading? {
    if cut.isEmpty { cut = Queue(uncut.next()) }
    return cut.next()
  }

  private mutating func add(_ reading: Reading) {
    for (statement, isRead) in zip(reading.statements, reading.isRead) where isRead {
      items.append(Item(statement: statement, text: reading.source.text))
      itemBytes += statement.range.count
      if itemBytes >= SourceReader.batchSize { closeBatch() }
    }
    readings.append(reading)
  }

  private mutating func closeBatch() {
    guard !items.isEmpty else { return }
    unparsed.append(items)
    items.removeAll()
    itemBytes = 0
  }
}

/// Batches in order, some of which other threads have begun.
private struct BatchQueue<Piece: Sendable, Reading: Sendable> {
  private var batches = Queue<ReadingBatch<Piece, Reading>>()
  /// Those of ``batches`` that no other thread has been given.
  private var waiting = Queue<ReadingBatch<Piece, Reading>>()
  /// How many are begun before the first of them is needed.
  private let ahead: Int
  private let reading: @Sendable (Piece) -> Reading

  init(ahead: Int, reading: @escaping @Sendable (Piece) -> Reading) {
    self.ahead = ahead
    self.reading = reading
  }

  var count: Int { batches.count }

  mutating func append(_ pieces: [Piece]) {
    let batch = ReadingBatch(pieces, reading: reading)
    batches.append(batch)
    guard ahead > 0 else { return }
    waiting.append(batch)
    readFurther()
  }

  /// What came of the next batch; nothing behind the last.
  mutating func next() -> [Reading] {
    guard let batch = batches.next() else { return [] }
    if ahead > 0 { readFurther() }
    return batch.takeReadings()
  }

  private mutating func readFurther() {
    while batches.count - waiting.count < ahead, let batch = waiting.next() {
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
