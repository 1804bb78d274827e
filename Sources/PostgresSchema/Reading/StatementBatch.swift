import Dispatch
import SourceText
import Synchronization

/// Statements that are parsed together, by whoever comes first: a thread that reads ahead, or the replay itself.
final class StatementBatch: Sendable {
  struct Item: Sendable {
    let statement: Statement
    let text: MappedText
  }

  private enum Progress {
    case waiting, running
    case done([StatementReading])
  }

  private let items: [Item]
  private let limits: ParsingLimits
  private let progress = Mutex(Progress.waiting)
  private let isDone = DispatchSemaphore(value: 0)

  init(_ items: [Item], limits: ParsingLimits) {
    self.items = items
    self.limits = limits
  }

  /// Parses the statements, unless somebody else has begun to.
  func read() {
    let isFirst = progress.withLock { progress in
      guard case .waiting = progress else { return false }
      progress = .running
      return true
    }
    guard isFirst else { return }
    let readings = items.map { StatementReading($0.statement, in: $0.text.bytes, limits: limits) }
    progress.withLock { $0 = .done(readings) }
    isDone.signal()
  }

  /// Hands out what came of the statements, in their order, once. Nobody waits for a thread that has yet to start.
  func takeReadings() -> [StatementReading] {
    read()
    isDone.wait()
    return progress.withLock { progress in
      guard case .done(let readings) = progress else { return [] }
      progress = .done([])
      return readings
    }
  }
}
