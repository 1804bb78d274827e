import SourceText

/// The order in which a project's migration tool would run its SQL files, told from their names and markers alone.
package struct MigrationOrder: Hashable, Sendable {
  /// Files to run, in order.
  package let entries: [Entry]
  /// Files left out: those that undo, revert or verify.
  package let skipped: [Skipped]
  /// In the order in which they are run.
  package let folders: [Folder]

  /// One line per folder: the convention seen and how it orders.
  package var explanation: String {
    let lines = folders.map { "\($0.path.isEmpty ? "." : $0.path): \($0.convention)" }
    return (lines + [dumpNote].compactMap { $0 }).joined(separator: "\n")
  }

  /// A dump lies beside the migrations that make the same objects; one of both is left out, and this says which.
  package let dumpNote: String?

  /// A folder of migrations.
  package struct Folder: Hashable, Sendable {
    /// Empty for the folder that paths are relative to.
    package let path: String
    /// How its convention orders, as a clause: `by the number in front of each name`.
    package let convention: String
  }

  /// A file to run.
  package struct Entry: Hashable, Sendable {
    /// Its position in the files given.
    package let file: Int
    /// The bytes that migrate up, where markers in the file part them from those that migrate down; else all of it.
    package let parts: [Range<Int>]
    /// A version in its name, or a plan, tells the tool to run it once; or it is a dump, which is restored once.
    package let isVersioned: Bool
    /// The script before runs it, in the session it has.
    package var continuesSession = false
    /// The script of psql that runs it, or that runs others and is run by none; nil where no script runs another.
    package var script: Int?
    /// What it runs besides that was not given.
    package var missing: [MissingScript] = []
  }

  /// A script that another one runs and that is not among the files.
  package struct MissingScript: Hashable, Sendable {
    /// As the command calls it.
    package let name: String
    /// The command, in the bytes of the script that runs it.
    package let range: Range<Int>
  }

  /// A file that is not run.
  package struct Skipped: Hashable, Sendable {
    package let file: Int
    /// A clause, such as `undoes a migration`.
    package let reason: String
  }

  /// Orders files given by their relative paths (with forward slashes) and contents.
  package static func order(_ files: [(path: String, bytes: [UInt8])]) -> MigrationOrder {
    var skipped: [Skipped] = []
    let plans = files.filter { SqitchPlan.isPlan($0.path) }.map { SqitchPlan($0.bytes, at: $0.path) }
    var folders: [String: [MigrationFile]] = [:]
    for (index, file) in files.enumerated() where !SqitchPlan.isPlan(file.path) {
      let migration = MigrationFile(index, file.path)
      if let reason = migration.reasonToSkip {
        skipped.append(Skipped(file: index, reason: reason))
      } else {
        let plan = plans.first { file.path.hasPrefix($0.scripts + "/") }
        folders[plan?.scripts ?? migration.folder, default: []].append(migration)
      }
    }
    // `DropTables.sql` beside `CreateTables.sql` takes back what that makes.
    for (folder, members) in folders where members.contains(where: { $0.label.lowercased().hasPrefix("drop") }) {
      let labels = Set(members.map { $0.label.lowercased() })
      let undoing = members.filter { file in
        let label = file.label.lowercased()
        return label.hasPrefix("drop") && labels.contains("create" + label.dropFirst(4))
      }
      skipped += undoing.map { Skipped(file: $0.index, reason: "drops what another script creates") }
      folders[folder] = members.filter { !undoing.contains($0) }
    }
    var ordered: [MigrationFile] = []
    var seen: [Folder] = []
    var planned: Set<Int> = []
    var dumpNote: String?
    for folder in folders.keys.sorted(by: NaturalOrder.precedes) {
      let files = folders[folder] ?? []
      let convention = MigrationConvention.seen(in: files, plans: plans)
      let result = convention.sorted(files)
      let kept = Set(result.map(\.index))
      for file in files where !kept.contains(file.index) {
        skipped.append(Skipped(file: file.index, reason: convention.reasonToLeaveOut))
      }
      ordered += result
      if case .sqitch = convention { planned.formUnion(result.map(\.index)) }
      seen.append(Folder(path: folder, convention: convention.explanation))
    }
    if let dump = SchemaDump.find(among: ordered.map { ($0, files[$0.index].bytes) }) {
      let path = files[dump.file].path
      if dump.isStale {
        ordered.removeAll { $0.index == dump.file }
        skipped.append(
          Skipped(file: dump.file, reason: "is a dump of what the migrations make, and lacks tables that they make"))
        dumpNote = "'\(path)' repeats the migrations and is older than they are: the migrations are run"
      } else {
        for file in dump.migrations {
          skipped.append(Skipped(file: file, reason: "makes what the dump '\(path)' has"))
        }
        ordered.removeAll { dump.migrations.contains($0.index) }
        dumpNote = "'\(path)' holds all that the migrations make: the dump is run instead of them"
      }
    }
    let entries = ordered.map {
      Entry(
        file: $0.index, parts: UpParts.find(in: files[$0.index].bytes),
        isVersioned: $0.number != nil || planned.contains($0.index) || isDump(files[$0.index].bytes))
    }
    return MigrationOrder(
      entries: ScriptInclusion(files, running: entries).arranged(entries),
      skipped: skipped.sorted { $0.file < $1.file }, folders: seen, dumpNote: dumpNote)
  }
}

extension MigrationOrder {
  /// Whether pg_dump wrote a file, which is restored once.
  private static func isDump(_ bytes: [UInt8]) -> Bool {
    bytes.prefix(400).contains("PostgreSQL database dump")
  }
}
