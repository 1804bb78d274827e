import Dispatch
import Synchronization

/// Pieces of the input that are read together, by whoever comes first: a thread that reads ahead, or the replay itself.
final class ReadingBatch<Piece: Sendable, Reading: Sendable>: Sendable {
  private enum Progress {
    case waiting, running
    case done([Reading])
  }

  private let pieces: [Piece]
  private let reading: @Sendable (Piece) -> Reading
  private let progress = Mutex(Progress.waiting)
  private let isDone = DispatchSemaphore(value: 0)

  init(_ pieces: [Piece], reading: @escaping @Sendable (Piece) -> Reading) {
    self.pieces = pieces
    self.reading = reading
  }

  /// Reads the pieces, unless somebody else has begun to.
  func read() {
    let isFirst = progress.withLock { progress in
      guard case .waiting = progress else { return false }
      progress = .running
      return true
    }
    guard isFirst else { return }
    let readings = pieces.map(reading)
    progress.withLock { $0 = .done(readings) }
    isDone.signal()
  }

  /// Hands out what came of the pieces, in their order, once. Nobody waits for a thread that has yet to start.
  func takeReadings() -> [Reading] {
    read()
    isDone.wait()
    return progress.withLock { progress in
      guard case .done(let readings) = progress else { return [] }
      progress = .done([])
      return readings
    }
  }
}
