import SourceText

/// Scripts of psql that run other scripts: `\i`, `\ir`, `\include` and `\include_relative`. A script that another one runs
/// is run there, once, in the same session, and not at the place that its name would give it; one that only prepares the
/// session (`SET search_path …`) is run wherever it is asked for. `\c` begins a new session.
struct ScriptInclusion {
  private let files: [(path: String, bytes: [UInt8])]
  /// Positions of files by their paths.
  private let places: [String: Int]
  /// Paths of all files, of those too that are not run.
  private let paths: Set<String>
  private var commands: [Int: [Command]] = [:]

  /// Scripts within scripts beyond this are not followed.
  private static let depthLimit = 50

  private enum Command {
    /// Another file is run.
    case include(Int, at: Range<Int>)
    /// A new connection: what SET said is forgotten.
    case connect(at: Range<Int>)
    /// A file would be run that was not given.
    case missing(MigrationOrder.MissingScript)

    var range: Range<Int> {
      switch self {
      case .include(_, let range), .connect(let range): range
      case .missing(let script): script.range
      }
    }

    var isInclusion: Bool {
      if case .include = self { true } else { false }
    }
  }

  /// Reads the commands of the files that are run.
  init(_ files: [(path: String, bytes: [UInt8])], running entries: [MigrationOrder.Entry]) {
    self.files = files
    paths = Set(files.map(\.path))
    places = Dictionary(entries.map { (files[$0.file].path, $0.file) }) { first, _ in first }
    for entry in entries where commands[entry.file] == nil {
      let found = read(entry.file)
      if !found.isEmpty { commands[entry.file] = found }
    }
  }

  /// The entries with every script where it is run.
  func arranged(_ entries: [MigrationOrder.Entry]) -> [MigrationOrder.Entry] {
    guard !commands.isEmpty else { return entries }
    var included: Set<Int> = []
    for (file, commands) in commands {
      for case .include(let other, _) in commands where other != file { included.insert(other) }
    }
    let byFile = Dictionary(entries.map { ($0.file, $0) }) { first, _ in first }
    var result: [MigrationOrder.Entry] = []
    var done: Set<Int> = []
    func run(
      _ entry: MigrationOrder.Entry, continues: Bool, isVersioned: Bool, root: Int?, depth: Int
    ) -> Bool {
      guard depth < ScriptInclusion.depthLimit,
        done.insert(entry.file).inserted || depth > 0 && preparesSession(entry.file)
      else { return continues }
      var continues = continues
      let script = root ?? ((commands[entry.file] ?? []).contains { $0.isInclusion } ? entry.file : nil)
      let isVersioned = isVersioned || entry.isVersioned
      let bytes = files[entry.file].bytes
      let all = entry.parts.isEmpty ? [0..<bytes.count] : entry.parts
      var start = 0
      var missing: [MigrationOrder.MissingScript] = []
      func emit(upTo end: Int) {
        let piece = all.map { $0.clamped(to: start..<max(start, end)) }.filter { range in
          bytes[range].contains { $0 != 0x20 && $0 != 0x0A && $0 != 0x0D && $0 != 0x09 }
        }
        // A script of nothing but commands has been read all the same.
        guard !piece.isEmpty || start == 0 else { return }
        var made = MigrationOrder.Entry(
          file: entry.file, parts: piece.isEmpty ? [0..<0] : piece, isVersioned: isVersioned,
          continuesSession: continues)
        made.script = script
        made.missing = missing
        missing = []
        result.append(made)
        continues = true
      }
      for command in commands[entry.file] ?? [] where all.contains(where: { $0.contains(command.range.lowerBound) }) {
        if case .missing(let script) = command {
          missing.append(script)
          continue
        }
        emit(upTo: command.range.lowerBound)
        start = command.range.upperBound
        switch command {
        case .missing: continue
        case .connect: continues = false
        case .include(let other, _):
          guard let inner = byFile[other] else { continue }
          continues = run(inner, continues: continues, isVersioned: isVersioned, root: script, depth: depth + 1)
        }
      }
      emit(upTo: bytes.count)
      return continues
    }
    for entry in entries where !included.contains(entry.file) {
      _ = run(entry, continues: false, isVersioned: false, root: nil, depth: 0)
    }
    // Scripts that only run each other have no beginning.
    for entry in entries where !done.contains(entry.file) {
      _ = run(entry, continues: false, isVersioned: false, root: nil, depth: 0)
    }
    return result
  }

  /// Whether a script only says how the session goes on, and so defines nothing twice.
  private func preparesSession(_ file: Int) -> Bool {
    let bytes = files[file].bytes
    guard commands[file] == nil, bytes.count < 10_000 else { return false }
    let text = MappedText(SourceFile(id: FileID(0), path: files[file].path, bytes: bytes))
    return StatementSplitter.split(text).allSatisfy { statement in
      statement.tokens.first.map { ScriptInclusion.sessionWords.contains($0, in: bytes) } ?? true
    }
  }

  private static let sessionWords: KeywordSet = ["set", "reset", "select"]

  /// The commands of a file; none where it takes back what it did, for that is told from the whole of it.
  private func read(_ file: Int) -> [Command] {
    let bytes = files[file].bytes
    guard ScriptInclusion.mayOccur(in: bytes) else { return [] }
    var commands: [Command] = []
    var lexer = SQLLexer(bytes, readsMetaCommands: true)
    while let token = lexer.next() {
      if token.kind == .word, bytes.isKeyword(token, "rollback") { return [] }
      guard token.kind == .metaCommand else { continue }
      let words = bytes.text(token.range).dropFirst().split(separator: " ", maxSplits: 1)
      guard let name = words.first else { continue }
      switch name {
      case "c", "connect": commands.append(.connect(at: token.range))
      case "i", "include", "ir", "include_relative":
        guard let argument = words.dropFirst().first else { continue }
        switch place(of: String(argument), from: files[file].path, isRelative: name.contains("r")) {
        case .run(let other): commands.append(.include(other, at: token.range))
        case .leftOut: continue
        case .missing(let name): commands.append(.missing(.init(name: name, range: token.range)))
        }
      default: continue
      }
    }
    return commands
  }

  private enum Place {
    /// A file that is run, by its position.
    case run(Int)
    /// It was given, but is not run.
    case leftOut
    /// It was not given, or a variable names it.
    case missing(String)
  }

  /// A file by what a command calls it. Without `r` that is a path from wherever psql was started: the script's own
  /// folder or one around it.
  private func place(of argument: String, from path: String, isRelative: Bool) -> Place {
    let kept = argument.filter { $0 != "'" && $0 != "\"" && $0 != "\t" && $0 != "\r" && $0 != ";" }
    let name = String(kept.split(separator: " ").first ?? "")
    guard !name.isEmpty, !name.hasPrefix(":"), !name.hasPrefix("/") else { return .missing(name) }
    var folder = path.split(separator: "/").dropLast().map(String.init)
    while true {
      let path = ScriptInclusion.joined(folder, name)
      if let found = places[path] { return .run(found) }
      if paths.contains(path) { return .leftOut }
      if isRelative || folder.isEmpty { return .missing(name) }
      folder.removeLast()
    }
  }

  private static func joined(_ folder: [String], _ name: String) -> String {
    var parts = folder
    for part in name.split(separator: "/") {
      switch part {
      case ".": continue
      case "..": _ = parts.popLast()
      default: parts.append(String(part))
      }
    }
    return parts.joined(separator: "/")
  }

  /// Whether a line begins with a command of interest: one look at the bytes, for most files have none.
  private static func mayOccur(in bytes: [UInt8]) -> Bool {
    bytes.withUnsafeBufferPointer { buffer in
      guard buffer.count > 3 else { return false }
      for index in 0..<buffer.count - 1 where buffer[index] == UInt8(ascii: "\\") {
        guard index == 0 || buffer[index - 1] == 0x0A else { continue }
        if buffer[index + 1] == UInt8(ascii: "i") || buffer[index + 1] == UInt8(ascii: "c") { return true }
      }
      return false
    }
  }
}
