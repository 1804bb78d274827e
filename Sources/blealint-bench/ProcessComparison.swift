import Glibc

/// Whole runs of the program beside an empty process: what a pre-commit hook costs.
struct ProcessComparison {
  let blealint: String
  let rounds: Int

  /// The program that was built beside this one.
  static func neighbour() -> String {
    let own = CommandLine.arguments.first ?? ""
    guard let slash = own.lastIndex(of: "/") else { return "./blealint" }
    return String(own[...slash]) + "blealint"
  }

  func run() {
    let folder = TemporaryFolder()
    defer { folder.remove() }
    let empty = folder.emptyProgram()
    let project = "Fixtures/projects/chatapp"
    var commands = [(empty.name, ChildProcess(empty.path))]
    if access(blealint, X_OK) == 0 {
      commands.append(("blealint --version", ChildProcess(blealint, "--version")))
      if access(project, R_OK) == 0 {
        commands.append(("blealint check \(project)", ChildProcess(blealint, "check", project)))
        let sarif = ChildProcess(blealint, "check", project, "--format", "sarif")
        commands.append(("… --format sarif", sarif))
      }
    } else {
      print("There is no program at '\(blealint)': build it with 'swift build -c release --product blealint'.")
    }
    var outcomes = [[ChildProcess.Outcome]](repeating: [], count: commands.count)
    for round in 0...rounds {
      for (index, command) in commands.enumerated() {
        let outcome = command.1.run()
        if round > 0 { outcomes[index].append(outcome) }
      }
    }
    var table = TextTable("processes", "ms", "ms more", "peak MB", "exit")
    let base = Stopwatch.median(outcomes[0].map(\.seconds))
    for (index, command) in commands.enumerated() {
      let seconds = Stopwatch.median(outcomes[index].map(\.seconds))
      let memory = outcomes[index].map(\.peakMemory).max() ?? 0
      table.add(
        command.0, (seconds * 1e3).formatted(2), index == 0 ? "" : ((seconds - base) * 1e3).formatted(2),
        (Double(memory) / 1e6).formatted(1), outcomes[index].last?.exitCode.map(String.init) ?? "none")
    }
    print("\n" + table.text)
    fflush(nil)
  }
}

/// A folder for what the benchmark makes on the spot.
private struct TemporaryFolder {
  private let path: String?

  init() {
    let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array((parent + "/blealint-bench-XXXXXX").utf8CString)
    path = template.withUnsafeMutableBufferPointer { buffer in
      buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) }
    }
  }

  /// The least a process can be: a C program that does nothing, where there is a C compiler.
  func emptyProgram() -> (name: String, path: String) {
    guard let path, let file = fopen(path + "/empty.c", "w") else { return ("/bin/true", "/bin/true") }
    fputs("int main(void) { return 0; }\n", file)
    fclose(file)
    let program = path + "/empty"
    guard ChildProcess("cc", "-O2", "-o", program, path + "/empty.c").run().exitCode == 0 else {
      return ("/bin/true", "/bin/true")
    }
    return ("empty C program", program)
  }

  func remove() {
    guard let path else { return }
    unlink(path + "/empty.c")
    unlink(path + "/empty")
    rmdir(path)
  }
}
