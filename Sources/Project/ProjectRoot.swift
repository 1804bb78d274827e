import SourceText
import SystemPackage

/// The project that given paths belong to. All of it is judged, since a cluster here can break a table's promise
/// there; what is shown is what was asked for.
package struct ProjectRoot: Sendable {
  /// The name of a project's configuration file.
  package static let configurationName = ".blealint.yaml"

  /// What says that a folder is a project's root, strongest first.
  package enum Marker: Int, Hashable, Comparable, Sendable {
    /// `.blealint.yaml`.
    case configuration
    /// `cdk.json`, or a folder `cdk.out`.
    case cdk
    /// Nothing does: the given path is all there is.
    case none

    package static func < (a: Marker, b: Marker) -> Bool { a.rawValue < b.rawValue }
  }

  /// The project's folder; absolute.
  package let directory: FilePath
  /// The folder that shown paths are relative to: the repository's root, since code hosts and editors count from
  /// there; the project's own folder where there is no repository. Absolute.
  package let base: FilePath
  package let marker: Marker
  /// The configuration file, where there is one; absolute.
  package let configuration: FilePath?
  /// The paths that were asked for and exist; absolute.
  package let given: [FilePath]
  /// Folders and files to walk; absolute.
  package let walked: [FilePath]
  /// Paths that are not there, and paths of projects that do not go together.
  package let diagnostics: [Diagnostic]

  /// The folder's name, a part of every finding's identity.
  package var name: String { directory.lastComponent?.string ?? "project" }

  /// Finds the project of the given paths, relative to a folder (the current one, when none is given).
  ///
  /// The root is the nearest folder above with a configuration, else the nearest with a CDK app; the search ends at the
  /// repository's root. A repository alone does not widen what is judged: one may hold many projects, and templates of
  /// one would be linked to another's schema.
  package static func find(_ paths: [String] = ["."], from folder: FilePath? = nil) -> ProjectRoot {
    let folder = folder ?? FileSystem.currentDirectory()
    var diagnostics: [Diagnostic] = []
    var given: [FilePath] = []
    var roots: [(root: FilePath, marker: Marker)] = []
    for written in paths.isEmpty ? ["."] : paths {
      // A shell's variable that is not set: not the current folder.
      guard !written.isEmpty else {
        diagnostics.append(
          Diagnostic("empty-path", .error, "One of the paths given is empty.", cure: "Leave it out, or write '.'."))
        continue
      }
      let path = FilePath(written).absolute(from: folder)
      guard let status = FileSystem.status(path) else {
        diagnostics.append(missing(path, written))
        continue
      }
      if !given.contains(path) { given.append(path) }
      let start = status.type == .folder ? path : path.removingLastComponent()
      let found = nearestMarker(from: start) ?? (start, .none)
      if !roots.contains(where: { $0.root == found.0 }) { roots.append(found) }
    }
    // A project inside another one of the run is a part of it.
    let outer = roots.filter { candidate in
      !roots.contains { $0.root != candidate.root && candidate.root.starts(with: $0.root) }
    }
    guard let first = outer.first else {
      return ProjectRoot(
        directory: folder, base: repository(above: folder) ?? folder, marker: .none, configuration: nil, given: [],
        walked: [], diagnostics: diagnostics)
    }
    let directory = outer.dropFirst().reduce(first.root) { commonFolder($0, $1.root) }
    let configured = roots.filter { $0.marker == .configuration }
    if outer.count > 1, !configured.isEmpty {
      let names = outer.map { "'\($0.root.shown(from: directory))'" }.sorted().joined(separator: " and ")
      diagnostics.append(
        Diagnostic(
          "several-projects", .error, "The paths belong to different projects: \(names).",
          cure: "Check one project at a time."))
    }
    let marked = outer.filter { $0.marker != .none }.map(\.root)
    let configuration = outer.count == 1 && first.marker == .configuration
    return ProjectRoot(
      directory: directory, base: repository(above: directory) ?? directory, marker: first.marker,
      configuration: configuration ? directory.appending(configurationName) : nil, given: given,
      walked: marked + given, diagnostics: diagnostics)
  }

  /// Whether what stands at a shown path (``SourceFile/path``) was asked for.
  package func shows(_ path: String) -> Bool {
    let path = FilePath(path).absolute(from: base)
    return given.contains { path.starts(with: $0) }
  }

  private static func nearestMarker(from folder: FilePath) -> (FilePath, Marker)? {
    var best: (FilePath, Marker)?
    var folder = folder
    while true {
      let found = marker(of: folder)
      if let found, found < (best?.1 ?? .none) { best = (folder, found) }
      if found == .configuration || isRepository(folder) { return best }
      let parent = folder.removingLastComponent()
      if parent == folder || folder.components.isEmpty { return best }
      folder = parent
    }
  }

  private static func marker(of folder: FilePath) -> Marker? {
    if FileSystem.status(folder.appending(configurationName))?.type == .file { return .configuration }
    if FileSystem.status(folder.appending("cdk.json"))?.type == .file { return .cdk }
    if FileSystem.status(folder.appending("cdk.out"))?.type == .folder { return .cdk }
    return nil
  }

  private static func isRepository(_ folder: FilePath) -> Bool {
    FileSystem.status(folder.appending(".git")) != nil
  }

  private static func repository(above folder: FilePath) -> FilePath? {
    var folder = folder
    while !isRepository(folder) {
      let parent = folder.removingLastComponent()
      if parent == folder || folder.components.isEmpty { return nil }
      folder = parent
    }
    return folder
  }

  private static func missing(_ path: FilePath, _ written: String) -> Diagnostic {
    if FileSystem.isLink(path) { return FileError(.brokenLink, path: written).diagnostic }
    var diagnostic = FileError(.missing, path: written).diagnostic
    guard written != "-" else {
      diagnostic.cure = "Standard input has no place that a finding could name: write it to a file, and give that."
      return diagnostic
    }
    let siblings = FileSystem.entries(of: path.removingLastComponent()) ?? []
    if let name = path.lastComponent?.string,
      let near = Suggestion.nearest(to: name, among: siblings.map(\.name))
    {
      diagnostic.cure = "Did you mean '\(near)'?"
    }
    return diagnostic
  }

  private static func commonFolder(_ a: FilePath, _ b: FilePath) -> FilePath {
    var common = FilePath(root: "/")
    for (mine, theirs) in zip(a.components, b.components) where mine == theirs {
      // Components agree from the left; the first that differs ends it.
      guard a.starts(with: common.appending(mine)), b.starts(with: common.appending(mine)) else { break }
      common.append(mine)
    }
    return common
  }
}
