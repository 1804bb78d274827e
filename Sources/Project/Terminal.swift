#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What the run's surroundings say about how to print: the only place that asks.
package struct Terminal: Hashable, Sendable {
  /// Whether standard output is a terminal.
  package let isInteractive: Bool
  /// Whether to print in colour: on a terminal, unless `NO_COLOR` (https://no-color.org) or a dumb terminal speaks
  /// against it.
  package let usesColor: Bool
  /// Whether standard error is a terminal that can take back what it shows.
  package let showsProgress: Bool
  /// The width in columns; nil where there is no terminal and `COLUMNS` says nothing.
  package let columns: Int?

  /// The terminal of this process.
  package static func current() -> Terminal {
    Terminal(
      isInteractive: isatty(STDOUT_FILENO) == 1, hasErrorTerminal: isatty(STDERR_FILENO) == 1,
      windowColumns: windowColumns(), environment: variable)
  }

  /// The terminal that an environment describes.
  init(
    isInteractive: Bool, hasErrorTerminal: Bool = false, windowColumns: Int?, environment: (String) -> String?
  ) {
    self.isInteractive = isInteractive
    showsProgress = hasErrorTerminal && environment("TERM") != "dumb" && environment("CI") == nil
    let forbidden = environment("NO_COLOR").map { !$0.isEmpty } ?? false
    usesColor = isInteractive && !forbidden && environment("TERM") != "dumb"
    let wanted = environment("COLUMNS").flatMap(Int.init).flatMap { $0 > 0 ? $0 : nil }
    columns = wanted ?? windowColumns
  }

  private static func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

  private static func windowColumns() -> Int? {
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }
}
