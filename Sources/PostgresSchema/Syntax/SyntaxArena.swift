/// Memory for one syntax tree: given out piece by piece, given back all at once.
final class SyntaxArena {
  private var chunks: [UnsafeMutableRawPointer] = []
  private var next: UnsafeMutableRawPointer
  private var end: UnsafeMutableRawPointer

  /// - Parameter bytes: how much is expected to be asked for.
  init(expecting bytes: Int) {
    let size = max(bytes, 1_024)
    next = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: SyntaxArena.alignment)
    end = next + size
    chunks.append(next)
  }

  deinit { for chunk in chunks { chunk.deallocate() } }

  private static let alignment = 8

  /// Uninitialised memory, aligned for pointers.
  func allocate(_ bytes: Int) -> UnsafeMutableRawPointer {
    let size = (bytes + SyntaxArena.alignment - 1) & ~(SyntaxArena.alignment - 1)
    if end - next < size {
      let chunk = max(size, 65_536)
      next = UnsafeMutableRawPointer.allocate(byteCount: chunk, alignment: SyntaxArena.alignment)
      end = next + chunk
      chunks.append(next)
    }
    defer { next += size }
    return next
  }
}
