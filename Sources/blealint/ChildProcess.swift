#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Runs another program and takes what it prints; no shell is between.
enum ChildProcess {
  /// What a program did.
  struct Outcome {
    /// False where there is no such program.
    var isFound = true
    /// Its exit code; that of a signal is 128 and more.
    var code: Int32 = 0
    var output: [UInt8] = []
    /// What it said on standard error, on one line.
    var errors = ""

    /// The output as one line.
    var line: String {
      String(decoding: output.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    }
  }

  /// Runs a program of the search path to its end.
  static func run(_ program: String, _ arguments: [String]) -> Outcome {
    var outcome = Outcome()
    var pipes: [Int32] = [-1, -1, -1, -1]
    let made = pipes.withUnsafeMutableBufferPointer { buffer -> Bool in
      guard let base = buffer.baseAddress else { return false }
      return pipe(base) == 0 && pipe(base + 2) == 0
    }
    defer { for descriptor in pipes where descriptor >= 0 { close(descriptor) } }
    guard made else { return Outcome(code: 127, errors: "no pipe") }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, pipes[1], STDOUT_FILENO)
    posix_spawn_file_actions_adddup2(&actions, pipes[3], STDERR_FILENO)
    for descriptor in pipes { posix_spawn_file_actions_addclose(&actions, descriptor) }
    var words: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    var child: pid_t = 0
    guard posix_spawnp(&child, program, &actions, nil, &words, environ) == 0 else {
      return Outcome(isFound: false, code: 127)
    }
    for index in [1, 3] {
      close(pipes[index])
      pipes[index] = -1
    }
    let (output, errors) = drain(pipes[0], pipes[2])
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0, errno == EINTR {}
    let signal = status & 0x7F
    outcome.code = signal == 0 ? (status >> 8) & 0xFF : 128 + signal
    if outcome.code == 127, output.isEmpty { outcome.isFound = false }
    outcome.output = output
    outcome.errors = String(decoding: errors, as: UTF8.self).split(separator: "\n").joined(separator: " ")
    return outcome
  }

  /// Reads both pipes to their ends, whichever has something: a full pipe would stop the program.
  private static func drain(_ output: Int32, _ errors: Int32) -> ([UInt8], [UInt8]) {
    var texts: [[UInt8]] = [[], []]
    var waiting = [
      pollfd(fd: output, events: Int16(POLLIN), revents: 0), pollfd(fd: errors, events: Int16(POLLIN), revents: 0),
    ]
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while waiting.contains(where: { $0.fd >= 0 }) {
      guard poll(&waiting, nfds_t(waiting.count), -1) >= 0 || errno == EINTR else { break }
      for index in waiting.indices where waiting[index].fd >= 0 && waiting[index].revents != 0 {
        let count = read(waiting[index].fd, &chunk, chunk.count)
        if count > 0 {
          texts[index] += chunk[0..<count]
        } else if count == 0 || errno != EINTR {
          waiting[index].fd = -1
        }
      }
    }
    return (texts[0], texts[1])
  }
}
