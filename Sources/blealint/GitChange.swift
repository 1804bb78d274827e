import Project

/// Asks git what has changed since a revision.
enum GitChange {
  /// Why git has no answer.
  struct Refusal: Error {
    let sentence: String
  }

  /// The lines that differ between the working tree and the point where its branch left the revision, and the files that
  /// git does not know yet.
  static func since(_ revision: String, for paths: [String]) -> Result<ChangeSet, Refusal> {
    let root = ProjectRoot.find(paths)
    let folder = root.base.string
    func git(_ arguments: [String]) -> ChildProcess.Outcome {
      ChildProcess.run("git", ["-C", folder, "-c", "core.quotePath=false"] + arguments)
    }
    let inside = git(["rev-parse", "--show-toplevel"])
    guard inside.isFound else {
      return .failure(Refusal(sentence: "--changed-since needs git, which is not installed."))
    }
    guard inside.code == 0 else {
      return .failure(
        Refusal(sentence: "--changed-since needs a git repository, and '\(folder)' is in none."))
    }
    // A revision that looks like an option must not become one.
    let known = git(["rev-parse", "--verify", "--quiet", "--end-of-options", revision + "^{commit}"])
    guard known.code == 0 else {
      return .failure(
        Refusal(sentence: "git knows no revision '\(revision)'. In a shallow clone, fetch it first."))
    }
    let commit = known.line
    let fork = git(["merge-base", commit, "HEAD"])
    let from = fork.code == 0 ? fork.line : commit
    let diff = git(["diff", "--unified=0", "--no-color", "--no-ext-diff", "--no-prefix", "--no-renames", from, "--"])
    guard diff.code == 0 else { return .failure(Refusal(sentence: "git diff failed: \(diff.errors)")) }
    let untracked = git(["ls-files", "--others", "--exclude-standard", "--full-name", "-z"])
    let names = untracked.output.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    return .success(ChangeSet(revision: revision, diff: diff.output, untracked: names))
  }
}
