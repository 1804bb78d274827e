import Foundation
import PostgresSchema
import SourceText

/// Replay and analysis of SQL beside the bare parser on the same statements, and whole runs of the program beside
/// squawk on the same files.
struct SQLComparison {
  let blealint: String
  /// Squawk's path, or its name in PATH.
  let squawk: String
  let rounds: Int
  /// Where the generated files are left for a closer look; nil: nowhere.
  let keptIn: String?
  /// Part of the name of what alone is run, for a profiler to watch; nil: all of it, and the processes.
  let only: String?

  func run() throws {
    try compare("dump", [("dump.sql", GeneratedDump.text(bytes: 1_000_000))])
    try compare("migrations", GeneratedMigrations.files(bytes: 10_000_000))
  }

  private func compare(_ name: String, _ files: [(name: String, text: String)]) throws {
    let parent = keptIn.map { URL(filePath: $0) } ?? FileManager.default.temporaryDirectory
    let folder = parent.appending(path: keptIn == nil ? "blealint-bench-\(getpid())-\(name)" : name)
    defer { if keptIn == nil { try? FileManager.default.removeItem(at: folder) } }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for file in files {
      try file.text.write(to: folder.appending(path: file.name), atomically: false, encoding: .utf8)
    }
    let input = Input(files, in: folder)
    comparison(name, input)
    if only == nil { processes(name, input) }
  }

  /// What is measured: the files on disk, and what the bare parsers get of them.
  private struct Input {
    let paths: [String]
    /// The files' statements that are not data, with semicolons between them, each file NUL-terminated.
    let statements: [[CChar]]
    let bytes: Int
    let count: Int

    init(_ files: [(name: String, text: String)], in folder: URL) {
      paths = files.map { folder.appending(path: $0.name).path() }
      var statements: [[CChar]] = []
      var count = 0
      for (_, text) in files {
        let mapped = MappedText(SourceFile(id: FileID(0), path: "", bytes: Array(text.utf8)))
        var kept: [CChar] = []
        for statement in StatementSplitter.split(mapped) where !statement.isData(in: mapped.bytes) {
          kept += mapped.bytes[statement.range].map { CChar(bitPattern: $0) }
          kept += [CChar(bitPattern: UInt8(ascii: ";")), CChar(bitPattern: 0x0A)]
          count += 1
        }
        statements.append(kept + [0])
      }
      self.statements = statements
      self.count = count
      bytes = files.reduce(0) { $0 + $1.text.utf8.count }
    }

    func sources() -> [SQLSource] {
      let files = paths.enumerated().map { index, path in
        SourceFile(id: FileID(Int32(index)), path: path, bytes: FileBytes.read(path))
      }
      let order = MigrationOrder.order(files.map { ($0.path, $0.bytes) })
      return order.entries.map { SQLSource(files[$0.file], parts: $0.parts) }
    }
  }

  private func comparison(_ name: String, _ input: Input) {
    var failures: Set<String> = []
    func note(_ name: String, _ isRight: Bool) { if !isRight { failures.insert(name) } }
    let names = [
      "pg_query_parse_protobuf", "pg_query_parse (JSON)", "read and order", "… split", "… replay", "… analyse",
    ]
    let bodies: [() -> Void] = [
      { for text in input.statements { note(names[0], BareParsers.protobuf(text) != nil) } },
      { for text in input.statements { note(names[1], BareParsers.json(text)) } },
      { note(names[2], input.sources().count == input.paths.count) },
      { note(names[3], input.sources().allSatisfy { !StatementSplitter.split($0.text).isEmpty }) },
      {
        let (catalogue, diagnostics) = Catalogue.replay(input.sources())
        note(names[4], catalogue.tables.count > 100 && diagnostics.isEmpty)
      },
      {
        let (catalogue, _) = Catalogue.replay(input.sources())
        note(names[5], Self.analyse(catalogue) > 100)
      },
    ]
    let measured = names.indices.filter { index in only.map { names[index].contains($0) } ?? true }
    let medians = Stopwatch.medians(of: rounds, measured.map { bodies[$0] })
    let megabytes = Double(input.bytes) / 1e6
    var table = TextTable(
      "\(name): \(megabytes.formatted(1)) MB, \(input.paths.count) files, \(input.count) statements", "ms", "times")
    for (index, seconds) in zip(measured, medians) {
      let name = names[index]
      table.add(
        name, (seconds * 1e3).formatted(1),
        failures.contains(name) ? "not read" : index == 0 || only != nil ? "" : (seconds / medians[0]).formatted(2))
    }
    print("\n" + table.text)
  }

  /// All that rules can ask about policies, triggers, functions and views; the number of answers.
  private static func analyse(_ catalogue: Catalogue) -> Int {
    let analysis = SchemaAnalysis(catalogue)
    var answers = analysis.clauses.count
    for index in catalogue.functions.indices {
      if catalogue.functions[index].isTriggerFunction { answers += analysis.auditing(of: index).events.count }
      answers += analysis.tablesBypassed(byFunction: index).count
    }
    for index in catalogue.views.indices { answers += analysis.tablesBypassed(byView: index).count }
    return answers
  }

  private func processes(_ name: String, _ input: Input) {
    let folder = URL(filePath: input.paths[0]).deletingLastPathComponent().path()
    let tools: [(name: String, probe: [String], command: [String])] = [
      ("blealint schema", [blealint, "--version"], [blealint, "schema", folder]),
      ("blealint check", [blealint, "--version"], [blealint, "check", folder]),
      ("squawk", [squawk, "--version"], [squawk] + input.paths),
    ]
    let found = tools.filter { ChildProcess(arguments: $0.probe).run().exitCode == 0 }
    for tool in tools where !found.contains(where: { $0.name == tool.name }) {
      print("There is no '\(tool.probe[0])' in PATH.")
    }
    var outcomes = [[ChildProcess.Outcome]](repeating: [], count: found.count)
    for round in 0...rounds {
      for (index, tool) in found.enumerated() {
        let outcome = ChildProcess(arguments: tool.command).run()
        if round > 0 { outcomes[index].append(outcome) }
      }
    }
    var table = TextTable("\(name), processes", "ms", "peak MB", "exit")
    for (index, tool) in found.enumerated() {
      table.add(
        tool.name, (Stopwatch.median(outcomes[index].map(\.seconds)) * 1e3).formatted(1),
        ProcessComparison.megabytes(outcomes[index]), outcomes[index].last?.exitCode.map(String.init) ?? "none")
    }
    print("\n" + table.text)
  }
}

/// Files as they stand on disk.
private enum FileBytes {
  static func read(_ path: String) -> [UInt8] { FileManager.default.contents(atPath: path).map { Array($0) } ?? [] }
}
