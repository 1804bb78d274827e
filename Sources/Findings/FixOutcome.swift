/// What came of the fixes of a run's findings.
package struct FixOutcome: Sendable {
  /// A file that was changed, or would be.
  package struct File: Sendable {
    /// As reports show it.
    package let path: String
    /// How many findings are mended in it, by rule; a finding that is mended in two files counts in both.
    package var findings: [String: Int] = [:]

    package init(path: String) { self.path = path }

    package var count: Int { findings.values.reduce(0, +) }
  }

  /// Why a fix that a finding offers was not made.
  package enum Reluctance: String, Hashable, Sendable, CaseIterable {
    /// It may change more than what the rule asks, and that was not allowed.
    case unsafe
    /// The file is written by `cdk synth`: a change in it is lost with the next one.
    case generated
    /// It would change what another fix changes.
    case overlapping
    /// The file is not in UTF-8.
    case otherEncoding
    /// It was made, and the finding is still there.
    case ineffective
  }

  /// By path.
  package var files: [File] = []
  /// How many findings are mended.
  package var fixed = 0
  /// How many findings keep a fix that was not made, by the reason.
  package var left: [Reluctance: Int] = [:]
  /// What went wrong, a sentence each: a file that cannot be written, one that could not be read any more afterwards.
  package var problems: [String] = []

  package init() {}

  /// Adds what one more pass came to; what is left is what the last pass leaves.
  package mutating func add(_ pass: FixOutcome) {
    for file in pass.files {
      let index = files.firstIndex { $0.path == file.path } ?? files.endIndex
      if index == files.endIndex { files.append(File(path: file.path)) }
      files[index].findings.merge(file.findings, uniquingKeysWith: +)
    }
    files.sort { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    fixed += pass.fixed
    left = pass.left
    problems += pass.problems
  }
}
