import Dispatch
import Synchronization

/// Maps over both cores: every other element to each of two lanes, so that what is slow is spread. The results are in
/// the order of the elements, whatever finishes first.
package func concurrentMap<Element: Sendable, Result: Sendable>(
  _ elements: [Element], _ transform: @Sendable (Element) -> Result
) -> [Result] {
  let lanes = 2
  guard elements.count >= lanes else { return elements.map(transform) }
  let finished = Mutex<[[Result]]>(Array(repeating: [], count: lanes))
  DispatchQueue.concurrentPerform(iterations: lanes) { lane in
    let part = stride(from: lane, to: elements.count, by: lanes).map { transform(elements[$0]) }
    finished.withLock { $0[lane] = part }
  }
  let parts = finished.withLock { $0 }
  return elements.indices.map { parts[$0 % lanes][$0 / lanes] }
}
