import Findings
import SourceText

/// What the fixes of a report's findings would make of its files; nothing is written yet.
package struct FixPlan: Sendable {
  /// What one finding is mended by, known again in the next pass.
  struct Key: Hashable {
    let rule: String
    let obligation: String
    let subject: String
    let stack: String
    let path: String
  }

  /// The files that change, by path.
  package let files: [EditedFile]
  package let outcome: FixOutcome
  /// The findings that are mended.
  let mended: Set<Key>

  /// Plans the first fix of every failure that has one.
  ///
  /// - Parameters:
  ///   - report: the findings, and the files they are in.
  ///   - safety: `.unsafe` allows both.
  ///   - tried: what earlier passes have mended, which is not tried again.
  init(_ report: Report, allowing safety: Fix.Safety, tried: Set<Key> = []) {
    var sources: [FileID: SourceFile] = [:]
    for file in report.files { sources[file.source.id] = file.source }
    var edited: [FileID: EditedFile] = [:]
    var touched: [FileID: FixOutcome.File] = [:]
    var outcome = FixOutcome()
    var mended: Set<Key> = []
    var targets: [String: [TextEdit]] = [:]

    for finding in report.findings where finding.verdict == .fail && !finding.fixes.isEmpty {
      guard let fix = finding.fixes.first(where: { safety == .unsafe || $0.safety == .safe }) else {
        outcome.left[.unsafe, default: 0] += 1
        continue
      }
      let places = Dictionary(grouping: fix.edits, by: \.span.file)
      let files = places.keys.compactMap { sources[$0] }.sorted { $0.id < $1.id }
      guard !files.isEmpty, files.count == places.count else { continue }
      let key = Key(
        rule: finding.rule, obligation: finding.obligation, subject: finding.subject, stack: finding.stack,
        path: files[0].path)
      let reluctance: FixOutcome.Reluctance? =
        if files.contains(where: { $0.wideBytes != nil }) {
          .otherEncoding
        } else if tried.contains(key) {
          .ineffective
        } else if let target = fix.target, let other = targets[target], other != fix.edits {
          .overlapping
        } else {
          nil
        }
      if let reluctance {
        outcome.left[reluctance, default: 0] += 1
        continue
      }
      // All of its files, or none. A copy would be made of all edits so far: only what changes several files needs one.
      let before = files.count > 1 ? files.map { edited[$0.id] } : []
      guard files.allSatisfy({ edited[$0.id, default: EditedFile($0)].add(places[$0.id] ?? []) }) else {
        for (file, earlier) in zip(files, before) { edited[file.id] = earlier }
        outcome.left[.overlapping, default: 0] += 1
        continue
      }
      for file in files {
        touched[file.id, default: FixOutcome.File(path: file.path)].findings[finding.rule, default: 0] += 1
      }
      if let target = fix.target { targets[target] = fix.edits }
      outcome.fixed += 1
      mended.insert(key)
    }
    let ordered = edited.values.filter { !$0.edits.isEmpty }.sorted {
      $0.source.path.utf8.lexicographicallyPrecedes($1.source.path.utf8)
    }
    self.files = ordered
    outcome.files = ordered.compactMap { touched[$0.source.id] }
    self.outcome = outcome
    self.mended = mended
  }
}
