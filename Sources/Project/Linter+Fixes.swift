import Findings
import SourceText
import SystemPackage

extension Linter {
  /// Runs, and tells what the fixes of what it found would change.
  ///
  /// - Parameters:
  ///   - options: what the run is asked to do.
  ///   - safety: which fixes are wanted; `.unsafe` means both.
  /// - Returns: the report as it is, and what would change.
  package static func planFixes(_ options: Options, allowing safety: Fix.Safety) async -> (
    report: Report, plan: FixPlan
  ) {
    let pass = await FixPass(options)
    return (pass.report, pass.plan(allowing: safety, tried: []))
  }

  /// Runs, makes the fixes of what it found, and runs again, until there is nothing more to fix: what one fix mends may
  /// be what another was waiting for.
  ///
  /// A file is changed in one go or not at all, only where it still is what was judged, and gets its old text back where
  /// it cannot be read any more afterwards.
  ///
  /// - Parameters:
  ///   - options: what each run is asked to do.
  ///   - safety: which fixes are wanted; `.unsafe` means both.
  /// - Returns: the report of what is left, and what was changed.
  package static func fix(_ options: Options, allowing safety: Fix.Safety) async -> (
    report: Report, outcome: FixOutcome
  ) {
    var total = FixOutcome()
    var tried: Set<FixPlan.Key> = []
    var pass = await FixPass(options)
    for _ in 0..<passLimit {
      let plan = pass.plan(allowing: safety, tried: tried)
      var made = plan.outcome
      guard !plan.files.isEmpty else {
        total.left = made.left
        break
      }
      tried.formUnion(plan.mended)
      let written = pass.write(plan.files)
      made.problems += written.problems
      let next = await FixPass(options)
      let broken = next.broken(among: written.files, since: pass)
      if !broken.isEmpty {
        made.problems += broken.map {
          "The fixes of '\($0.source.path)' would leave a file that cannot be read, and were taken back: "
            + "please report this."
        }
        made.problems += pass.restore(broken)
      }
      // A finding counts where all its files were written, and kept.
      let lost = Set(plan.files.map(\.source.path)).subtracting(written.files.map(\.source.path))
        .union(broken.map(\.source.path))
      if !lost.isEmpty {
        made.fixed = 0
        made.files.removeAll { lost.contains($0.path) }
        made.fixed = made.files.map(\.count).reduce(0, +)
      }
      total.add(made)
      pass = broken.isEmpty ? next : await FixPass(options)
      if made.files.isEmpty { break }
    }
    return (pass.report, total)
  }

  /// More passes than any chain of fixes needs.
  private static let passLimit = 8
}

/// One run, and where its files stand.
private struct FixPass {
  let report: Report
  /// What shown paths are relative to; absolute.
  private let base: FilePath
  /// Shown paths of the folders that `cdk synth` writes, each with its slash; empty for the one that paths start in.
  private let generated: [String]

  init(_ options: Linter.Options) async {
    var linter = Linter(options)
    report = await linter.report()
    base = linter.base
    generated = linter.generatedFolders.map { folder in
      let shown = folder.shown(from: linter.base)
      return shown == "." ? "" : shown + "/"
    }
  }

  func plan(allowing safety: Fix.Safety, tried: Set<FixPlan.Key>) -> FixPlan {
    FixPlan(
      report, allowing: safety, isGenerated: { path in generated.contains { path.hasPrefix($0) } }, tried: tried)
  }

  /// Writes files as they become.
  func write(_ files: [EditedFile]) -> (files: [EditedFile], problems: [String]) {
    var written: [EditedFile] = []
    var problems: [String] = []
    for file in files {
      let path = base.pushing(FilePath(file.source.path)).lexicallyNormalized()
      guard
        let found = try? FileSystem.read(path, limit: FileStore.standardLimit, shown: file.source.path),
        found == file.source.fileBytes
      else {
        problems.append("'\(file.source.path)' has changed since it was read, and was left alone. Run again.")
        continue
      }
      if let problem = OutputFile.write(to: path.string, { $0(file.bytes) }) {
        problems.append(problem)
      } else {
        written.append(file)
      }
    }
    return (written, problems)
  }

  /// Puts back what files were.
  func restore(_ files: [EditedFile]) -> [String] {
    files.compactMap { file in
      let path = base.pushing(FilePath(file.source.path)).lexicallyNormalized()
      return OutputFile.write(to: path.string) { $0(file.source.fileBytes) }
    }
  }

  /// The files among those just changed in which there is an error now that was not there before.
  func broken(among files: [EditedFile], since before: FixPass) -> [EditedFile] {
    let old = before.errors
    return files.filter { (errors[$0.source.path] ?? 0) > (old[$0.source.path] ?? 0) }
  }

  /// How many errors each file has, by shown path.
  private var errors: [String: Int] {
    let names = Dictionary(report.files.map { ($0.source.id, $0.source.path) }, uniquingKeysWith: { first, _ in first })
    var counts: [String: Int] = [:]
    for diagnostic in report.diagnostics where diagnostic.severity == .error {
      if let path = diagnostic.span.flatMap({ names[$0.file] }) { counts[path, default: 0] += 1 }
    }
    return counts
  }
}
