import Findings
import SourceText
import SystemPackage

/// Finds what there is to judge in a project.
package enum Discovery {
  /// How far discovery goes.
  package struct Options: Sendable {
    /// The most bytes that a file may have.
    package var fileLimit = FileStore.standardLimit
    /// How deep folders are walked.
    package var depthLimit = 64
    /// How many files and folders are looked at: a link may lead to a whole disk.
    package var entryLimit = 500_000
    /// Leaves out a file or folder by its shown path: the configuration's say.
    package var excludes: (@Sendable (String) -> Bool)?

    /// Whether to compare the times of assemblies with those of the sources beside them. Times are no part of the
    /// bytes that a report follows from, so this is for people at their own desks.
    package var tellsStaleAssemblies = false

    package init() {}
  }

  /// Walks the project that the paths belong to, reads what looks like templates and SQL, and says what it passed
  /// over. Never fails: what cannot be read is among the diagnostics.
  package static func discover(
    _ paths: [String] = ["."], from folder: FilePath? = nil, options: Options = Options()
  ) -> DiscoveredProject {
    discover(ProjectRoot.find(paths, from: folder), options: options)
  }

  /// Walks a project whose root, and so its configuration, is known.
  package static func discover(_ root: ProjectRoot, options: Options = Options()) -> DiscoveredProject {
    var walk = FolderWalk(root: root, options: options)
    for path in root.walked { walk.start(at: path) }
    walk.followLinks()
    if options.tellsStaleAssemblies { walk.findStaleAssemblies() }

    var files = FileStore(root: root.directory, base: root.base, announcing: walk.announced, limit: options.fileLimit)
    let assemblies = walk.assemblies.map {
      DiscoveredAssembly(
        directory: $0.directory,
        manifest: files.keep($0.manifest, at: $0.directory.appending(FolderWalk.manifestName)), isNested: $0.isNested)
    }
    var templates: [SourceFile] = []
    var sql: [SourceFile] = []
    var code: [FilePath] = []
    let candidates = walk.candidates.map { (shown: $0.path.shown(from: root.base), $0.path, $0.kind) }
    for (shown, path, kind) in candidates.sorted(by: { $0.shown.utf8.lexicographicallyPrecedes($1.shown.utf8) }) {
      guard kind != .code else {
        code.append(path)
        continue
      }
      do throws(FileError) {
        let source =
          if let bytes = walk.bytesAtHand[path] { files.keep(bytes, at: path) } else { try files.read(path) }
        if kind == .sql {
          sql.append(source)
        } else if let reason = InputKind.reasonAgainstTemplate(source.bytes) {
          files.drop(source.id)
          walk.passedOver.append(PassedOver(path: shown, reason: reason))
        } else {
          templates.append(source)
        }
      } catch {
        walk.diagnostics.append(error.diagnostic)
      }
    }
    var project = DiscoveredProject(
      root: root, assemblies: assemblies, templates: templates, sql: sql, code: code,
      passedOver: walk.passedOver.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) },
      disregarded: walk.disregarded, diagnostics: root.diagnostics + walk.diagnostics, files: files)
    // Where a given path is not there, that is the reason, and it has been said.
    if let nothing = project.nothingToCheck, !root.given.isEmpty { project.diagnostics.append(nothing) }
    return project
  }
}
