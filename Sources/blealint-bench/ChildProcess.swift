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
    /// The most memory it ever held, in bytes.
    let peakMemory: Int
  }

  func run() -> Outcome {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    var pointers: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
    let names = ["PATH", "HOME", "TMPDIR", "LANG"]
    var environment: [UnsafeMutablePointer<CChar>?] =
      names.compactMap { name in getenv(name).map { strdup("\(name)=" + String(cString: $0)) } } + [nil]
    defer { for pointer in pointers + environment { free(pointer) } }

    var child: pid_t = 0
    var status: Int32 = 0
    var usage = rusage()
    let start = Stopwatch.now()
    guard posix_spawnp(&child, arguments[0], &actions, nil, &pointers, &environment) == 0 else {
      return Outcome(seconds: 0, exitCode: nil, peakMemory: 0)
    }
    while wait4(child, &status, 0, &usage) < 0, errno == EINTR {}
    let seconds = Stopwatch.now() - start
    // Linux counts ru_maxrss in KiB.
    let hasExited = status & 0x7F == 0
    return Outcome(
      seconds: seconds, exitCode: hasExited ? (status >> 8) & 0xFF : nil, peakMemory: Int(usage.ru_maxrss) * 1024)
  }
}
