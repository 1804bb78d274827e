import Foundation

/// Whole runs of the program beside other tools on the same templates, each tool one process.
struct PeerComparison {
  let blealint: String
  let rounds: Int
  /// A folder of templates; 100 generated ones when nil.
  let folder: String?

  func run() throws {
    let generated = FileManager.default.temporaryDirectory.appending(path: "blealint-bench-\(getpid())")
    defer { try? FileManager.default.removeItem(at: generated) }
    if folder == nil {
      try FileManager.default.createDirectory(at: generated, withIntermediateDirectories: true)
      for (name, text) in GeneratedTemplates.all(100) {
        try text.write(to: generated.appending(path: name), atomically: false, encoding: .utf8)
      }
    }
    let path = folder ?? generated.path()
    let files = Self.templates(below: path)
    let bytes = files.reduce(0) { sum, file in
      sum + ((try? FileManager.default.attributesOfItem(atPath: file)[.size] as? Int) ?? 0)
    }
    // cloudformation-validate is a library: one engine, every file.
    let validate = """
      import sys
      from cloudformation_validate import CompositeEngine
      engine = CompositeEngine()
      for path in sys.argv[1:]:
          try:
              engine.validate_template(path)
          except Exception:
              pass
      """
    let tools: [(name: String, probe: [String], command: [String])] = [
      ("blealint", [blealint, "--version"], [blealint, "check", path, "--format", "sarif"]),
      ("cfn-lint", ["cfn-lint", "--version"], ["cfn-lint", "--format", "json"] + files),
      (
        "checkov", ["checkov", "--version"],
        ["checkov", "-d", path, "--framework", "cloudformation", "-o", "json", "--quiet", "--compact"]
      ),
      (
        "cloudformation-validate", ["python3", "-c", "import cloudformation_validate"],
        ["python3", "-c", validate] + files
      ),
    ]
    // 127: not in PATH.
    let found = tools.filter { ChildProcess(arguments: $0.probe).run().exitCode == 0 }
    for tool in tools where !found.contains(where: { $0.name == tool.name }) { print("\(tool.name) is not in PATH.") }
    var outcomes = [[ChildProcess.Outcome]](repeating: [], count: found.count)
    for round in 0...rounds {
      for (index, tool) in found.enumerated() {
        let outcome = ChildProcess(arguments: tool.command).run()
        if round > 0 { outcomes[index].append(outcome) }
      }
    }
    let size = (Double(bytes) / 1e6).formatted(2)
    var table = TextTable("\(files.count) templates, \(size) MB", "seconds", "times", "peak MB", "exit")
    let base = found.firstIndex { $0.name == "blealint" }.map { Stopwatch.median(outcomes[$0].map(\.seconds)) }
    for (index, tool) in found.enumerated() {
      let seconds = Stopwatch.median(outcomes[index].map(\.seconds))
      table.add(
        tool.name, seconds.formatted(3), base.map { (seconds / $0).formatted(1) } ?? "",
        ProcessComparison.megabytes(outcomes[index]), outcomes[index].last?.exitCode.map(String.init) ?? "none")
    }
    print("\n" + table.text)
  }

  /// The templates below a folder, by name.
  private static func templates(below path: String) -> [String] {
    guard let walk = FileManager.default.enumerator(atPath: path) else { return [] }
    var files: [String] = []
    while let name = walk.nextObject() as? String {
      if [".json", ".yaml", ".yml", ".template"].contains(where: { name.hasSuffix($0) }) {
        files.append(URL(filePath: path).appending(path: name).path())
      }
    }
    return files.sorted()
  }
}
