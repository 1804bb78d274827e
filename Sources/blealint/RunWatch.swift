import Project
import Reporting
import Synchronization

/// Watches a run: shows on a terminal how far it is, and measures what took how long.
final class RunWatch: Sendable {
  private struct State {
    /// What has ended less what has begun, both since the start: also right where a step runs on both threads.
    var took: [RunStep: Duration] = [:]
    /// The rules that have been begun with.
    var rules: Set<String> = []
    var shownAt: ContinuousClock.Instant?
  }

  private let state = Mutex(State())
  private let start = ContinuousClock.now
  private let showsProgress: Bool

  /// A run shorter than this needs no progress.
  private static let patience = Duration.milliseconds(700)
  private static let interval = Duration.milliseconds(80)

  /// - Parameter showsProgress: whether standard error is a terminal to show progress on.
  init(showsProgress: Bool) { self.showsProgress = showsProgress }

  /// Takes note of a step that begins or has ended.
  func observe(_ step: RunStep, isDone: Bool) {
    let now = ContinuousClock.now
    let line = state.withLock { state -> String? in
      if isDone {
        state.took[step, default: .zero] += now - start
        return nil
      }
      state.took[step, default: .zero] -= now - start
      if case .rule(let id, _) = step { state.rules.insert(id) }
      guard showsProgress, now - start > Self.patience else { return nil }
      if let last = state.shownAt, now - last < Self.interval { return nil }
      state.shownAt = now
      return Self.text(step, rulesBegun: state.rules.count)
    }
    if let line { Output.write("\r\u{1B}[2K\(line)", to: .standardError) }
  }

  /// Takes the progress away, so that the report starts on a clean line.
  func finish() {
    if state.withLock({ $0.shownAt != nil }) { Output.write("\r\u{1B}[2K", to: .standardError) }
  }

  private static func text(_ step: RunStep, rulesBegun: Int) -> String {
    switch step {
    case .discovery: "Looking for templates and SQL …"
    case .template(let path): "Reading \(path) …"
    case .replay: "Replaying SQL …"
    case .rule(_, let count): "Judging: \(rulesBegun) of \(count) rules …"
    }
  }

  /// What took how long, the slowest first: steps, then files, then rules. Rules run on two threads, so their times add
  /// up to more than the run's.
  var timings: String {
    let took = state.withLock { $0.took }
    var steps: [(String, Duration)] = []
    var files: [(String, Duration)] = []
    var rules: [(String, Duration)] = []
    for (step, duration) in took {
      switch step {
      case .discovery: steps.append(("finding and reading files", duration))
      case .replay: steps.append(("replaying SQL", duration))
      case .template(let path): files.append((path, duration))
      case .rule(let id, _): rules.append((id, duration))
      }
    }
    func total(_ list: [(String, Duration)]) -> Duration { list.reduce(.zero) { $0 + $1.1 } }
    steps.append(("parsing \(files.count) templates", total(files)))
    steps.append(("judging by \(rules.count) rules (on two threads)", total(rules)))
    var lines = ["Took \(Self.text(ContinuousClock.now - start)):"]
    lines += Self.slowest(steps, limit: .max)
    for (title, list) in [("Slowest templates:", files), ("Slowest rules:", rules)] where !list.isEmpty {
      lines += [title] + Self.slowest(list, limit: 10)
    }
    return lines.map { $0 + "\n" }.joined()
  }

  private static func slowest(_ list: [(String, Duration)], limit: Int) -> [String] {
    list.sorted { $0.1 == $1.1 ? $0.0 < $1.0 : $0.1 > $1.1 }.prefix(limit).map { "  \(text($0.1))  \($0.0)" }
  }

  /// Milliseconds with a decimal, right-aligned.
  private static func text(_ duration: Duration) -> String {
    let tenths = duration.components.seconds * 10_000 + duration.components.attoseconds / 100_000_000_000_000
    let number = "\(tenths / 10).\(tenths % 10) ms"
    return String(repeating: " ", count: max(0, 10 - number.utf8.count)) + number
  }
}
