import Glibc

/// Measures competitors in turns.
enum Stopwatch {
  /// Seconds of a clock that only goes forward.
  static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// The median of the seconds that each of the bodies takes, after one round that is not counted.
  static func medians(of rounds: Int, _ bodies: [() -> Void]) -> [Double] {
    var seconds = [[Double]](repeating: [], count: bodies.count)
    for round in 0...rounds {
      for (index, body) in bodies.enumerated() {
        let start = now()
        body()
        if round > 0 { seconds[index].append(now() - start) }
      }
    }
    return seconds.map(median)
  }

  static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    guard let last = sorted.last else { return 0 }
    let middle = sorted.count / 2
    if sorted.count.isMultiple(of: 2) { return (sorted[middle - 1] + sorted[middle]) / 2 }
    return middle < sorted.count ? sorted[middle] : last
  }
}
