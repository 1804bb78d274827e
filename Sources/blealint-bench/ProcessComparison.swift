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

  /// The most that any run of a command held; a dash where that is not known.
  static func megabytes(_ outcomes: [ChildProcess.Outcome]) -> String {
    outcomes.compactMap(\.peakMemory).max().map { (Double($0) / 1e6).formatted(1) } ?? "-"
  }

  func run() {
    let folder = TemporaryFolder()
    // The least a process can be.
    let program = folder.program("empty", "int main(void) { return 0; }\n")
    defer { folder.remove(program) }
    let empty = program.map { (name: "empty C program", path: $0) } ?? (name: "/bin/true", path: "/bin/true")
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
      table.add(
        command.0, (seconds * 1e3).formatted(2), index == 0 ? "" : ((seconds - base) * 1e3).formatted(2),
        Self.megabytes(outcomes[index]), outcomes[index].last?.exitCode.map(String.init) ?? "none")
    }
    print("\n" + table.text)
    fflush(nil)
  }
}
