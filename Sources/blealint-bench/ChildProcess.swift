import Glibc

/// A command that is run to its end with its output thrown away.
struct ChildProcess {
  let arguments: [String]

  init(_ arguments: String...) { self.arguments = arguments }

  init(arguments: [String]) { self.arguments = arguments }

  struct Outcome {
    let seconds: Double
    /// The exit code; nil when the command could not be started or died of a signal.
    let exitCode: Int32?
    /// The most memory it ever held, in bytes; nil where that is not known (see ``Launcher``).
    let peakMemory: Int?
  }

  func run() -> Outcome {
    guard let launcher = Launcher.shared.path else { return runWithoutLauncher() }
    var report: [Int32] = [-1, -1]
    guard pipe(&report) == 0 else { return runWithoutLauncher() }
    defer { for descriptor in report { close(descriptor) } }
    _ = start([launcher] + arguments, reportingTo: report[1])
    var text = [UInt8](repeating: 0, count: 100)
    let length = poll(report[0]) ? max(0, read(report[0], &text, text.count)) : 0
    let numbers = String(decoding: text[..<length], as: UTF8.self).split(separator: " ").compactMap { Int($0) }
    guard numbers.count == 3 else { return Outcome(seconds: 0, exitCode: nil, peakMemory: nil) }
    return Outcome(
      seconds: Double(numbers[0]) / 1e9, exitCode: Self.exitCode(Int32(truncatingIfNeeded: numbers[1])),
      peakMemory: numbers[2])
  }

  /// Runs the command as a child of this process, whose own size hides the command's.
  func runWithoutLauncher() -> Outcome {
    let begin = Stopwatch.now()
    let status = start(arguments, reportingTo: nil)
    return Outcome(
      seconds: Stopwatch.now() - begin, exitCode: status.flatMap(Self.exitCode), peakMemory: nil)
  }

  /// Whether there is something to read already.
  private func poll(_ descriptor: Int32) -> Bool {
    var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return Glibc.poll(&waiting, 1, 0) > 0 && waiting.revents & Int16(POLLIN) != 0
  }

  private static func exitCode(_ status: Int32) -> Int32? { status & 0x7F == 0 ? (status >> 8) & 0xFF : nil }

  /// Starts a program and waits for its end; its status, or nil when it could not be started.
  private func start(_ words: [String], reportingTo report: Int32?) -> Int32? {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    if let report { posix_spawn_file_actions_adddup2(&actions, report, Launcher.descriptor) }
    var pointers: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    let names = ["PATH", "HOME", "TMPDIR", "LANG"]
    var environment: [UnsafeMutablePointer<CChar>?] =
      names.compactMap { name in getenv(name).map { strdup("\(name)=" + String(cString: $0)) } } + [nil]
    defer { for pointer in pointers + environment { free(pointer) } }
    var child: pid_t = 0
    var status: Int32 = 0
    guard posix_spawnp(&child, words[0], &actions, nil, &pointers, &environment) == 0 else { return nil }
    while waitpid(child, &status, 0) < 0, errno == EINTR {}
    return status
  }
}
