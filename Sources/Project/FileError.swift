import SourceText

/// Why the bytes of a file or the entries of a folder could not be had.
package struct FileError: Error, Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    case missing
    /// A link whose target is missing.
    case brokenLink
    /// A pipe, a socket, a device, or a folder where a file was asked for.
    case notAFile
    /// Larger than the limit, in bytes.
    case tooLarge(size: Int, limit: Int)
    /// A file of the project names a path that leads out of the project.
    case outside
    /// UTF-32 by its byte order mark.
    case utf32
    /// What the system says: `Permission denied`.
    case system(String)
  }

  package let kind: Kind
  /// As shown: relative to the project's root.
  package let path: String

  package init(_ kind: Kind, path: String) {
    self.kind = kind
    self.path = path
  }

  /// The error as reports show it.
  package var diagnostic: Diagnostic {
    switch kind {
    case .missing:
      Diagnostic(
        "file-missing", .error, "There is no '\(path)'.", cure: "Check how the path is spelled.", path: path)
    case .brokenLink:
      Diagnostic(
        "broken-link", .error, "'\(path)' is a link to something that is not there.",
        cure: "Mend the link or remove it.", path: path)
    case .notAFile:
      Diagnostic(
        "not-a-file", .error, "'\(path)' is not a regular file.", cure: "Give a file or a folder.", path: path)
    case .tooLarge(let size, let limit):
      Diagnostic(
        "file-too-large", .error,
        "'\(path)' has \(size) bytes, more than the \(limit) that blealint reads.",
        cure: "Split the file, or leave it out of the paths to check.", path: path)
    case .outside:
      Diagnostic(
        "path-outside-project", .error, "'\(path)' leads out of the project.",
        cure: "Check the folder that holds both, or correct the path.", path: path)
    case .utf32:
      Diagnostic(
        "not-utf-8", .error, "'\(path)' is encoded in UTF-32.", cure: "Save the file as UTF-8.", path: path)
    case .system(let reason):
      Diagnostic(
        "file-unreadable", .error, "Cannot read '\(path)': \(reason).",
        cure: "Make it readable, or leave it out of the paths to check.", path: path)
    }
  }
}
