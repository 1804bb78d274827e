import Findings
import SourceText
import SystemPackage

/// One walk through a project's folders, in the order of names: it looks at names and at `manifest.json` files, and
/// leaves the reading of everything else to whoever asked.
struct FolderWalk {
  static let manifestName = "manifest.json"

  struct Candidate {
    let path: FilePath
    let kind: InputKind
  }

  struct Assembly {
    let directory: FilePath
    let manifest: [UInt8]
    let isNested: Bool
  }

  private let root: ProjectRoot
  private let options: Discovery.Options
  /// Folders and files that were seen, by whatever path.
  private var seen: Set<FileSystem.Identity> = []
  /// Links are followed last, so that everything has the path it really stands at.
  private var links: [FilePath] = []
  private var entryCount = 0

  private(set) var candidates: [Candidate] = []
  private(set) var assemblies: [Assembly] = []
  /// Paths that will or may be read, for the order of ids.
  private(set) var announced: [FilePath] = []
  /// Bytes that had to be read to tell what they are.
  private(set) var bytesAtHand: [FilePath: [UInt8]] = [:]
  /// Files that a CDK app may be written in, for how old they are.
  private var appSources: [FilePath] = []
  var passedOver: [PassedOver] = []
  private(set) var disregarded = 0
  var diagnostics: [Diagnostic] = []

  init(root: ProjectRoot, options: Discovery.Options) {
    self.root = root
    self.options = options
  }

  /// Walks a path that was asked for, whatever its name.
  mutating func start(at path: FilePath) {
    guard let status = FileSystem.status(path) else { return }
    switch status.type {
    case .folder: folder(path, depth: 0)
    case .file:
      guard isNew(path) else { return }
      let folder = path.removingLastComponent()
      // A template of an assembly is nothing without the manifest that says which stack it is.
      if let manifest = assemblyManifest(in: folder) {
        if isNew(folder) { assembly(folder, manifest, isNested: false, depth: 0) }
      } else if !file(path, name: path.lastComponent?.string ?? "") {
        pass(path, "neither CloudFormation nor SQL by its name")
      }
    case .other: diagnostics.append(FileError(.notAFile, path: shown(path)).diagnostic)
    }
  }

  /// Follows the links that the walk met: each target once, and only those that were not met anyway.
  mutating func followLinks() {
    while !links.isEmpty {
      let met = links.sorted { $0.string.utf8.lexicographicallyPrecedes($1.string.utf8) }
      links = []
      for link in met {
        guard let status = FileSystem.status(link) else { continue }
        if status.type == .file {
          if seen.insert(status.identity).inserted {
            _ = file(link, name: link.lastComponent?.string ?? "")
          } else {
            pass(link, "a link to a file that is checked where it stands")
          }
        } else if isAncestorOfRoot(status.identity) {
          pass(link, "a link to a folder that holds the project itself")
        } else if seen.contains(status.identity) {
          pass(link, "a link to a folder that is checked where it stands")
        } else {
          folder(link, depth: link.components.count - root.directory.components.count)
        }
      }
    }
  }

  private mutating func folder(_ path: FilePath, depth: Int) {
    guard isNew(path) else { return }
    guard depth < options.depthLimit else {
      return pass(path, "more than \(options.depthLimit) folders deep")
    }
    guard let entries = FileSystem.entries(of: path) else {
      diagnostics.append(FileError(.system("the folder cannot be listed"), path: shown(path)).diagnostic)
      return
    }
    if entries.contains(where: { $0.name == Self.manifestName && $0.type == .file }),
      let manifest = assemblyManifest(in: path)
    {
      return assembly(path, manifest, isNested: false, depth: depth)
    }
    for entry in entries {
      entryCount += 1
      guard entryCount <= options.entryLimit else {
        if entryCount == options.entryLimit + 1 {
          diagnostics.append(
            Diagnostic(
              "too-many-files", .error, "The project holds more than \(options.entryLimit) files and folders.",
              cure: "Give the folders that hold templates and SQL.", path: shown(path)))
        }
        return
      }
      let child = path.appending(entry.name)
      if options.excludes?(shown(child)) == true {
        pass(child, "excluded by the configuration")
      } else if entry.isBroken {
        brokenLink(child, name: entry.name)
      } else if entry.type == .folder {
        subfolder(child, entry, depth: depth + 1)
      } else if entry.isLink {
        if InputKind.promised(by: entry.name) != nil { links.append(child) }
      } else if entry.type == .file {
        // Asking for a file's identity costs a call to the system: most files are none of our business.
        if InputKind.promised(by: entry.name) != nil, isNew(child) { _ = file(child, name: entry.name) }
        if options.tellsStaleAssemblies, InputKind.isAppSource(entry.name) { appSources.append(child) }
      }
    }
  }

  private mutating func subfolder(_ path: FilePath, _ entry: FileSystem.Entry, depth: Int) {
    guard !Self.isSkipped(entry.name) else { return }
    if entry.isLink {
      links.append(path)
    } else if FileSystem.status(path.appending(ProjectRoot.configurationName))?.type == .file {
      // Unless it was asked for, of course: given paths are walked by name.
      if !root.given.contains(where: { $0.starts(with: path) }) {
        pass(path, "a project of its own (it has a \(ProjectRoot.configurationName))")
      }
    } else if entry.name == "cdk.out", assemblyManifest(in: path) == nil {
      pass(path, "no cloud assembly (no manifest.json that names stacks): run 'cdk synth'")
    } else {
      folder(path, depth: depth)
    }
  }

  /// Notes a file that may be judged; false when its name promises nothing.
  private mutating func file(_ path: FilePath, name: String) -> Bool {
    guard let kind = InputKind.promised(by: name) else { return false }
    guard kind != .disregarded else {
      disregarded += 1
      return true
    }
    candidates.append(Candidate(path: path, kind: kind))
    announced.append(path)
    return true
  }

  private mutating func brokenLink(_ path: FilePath, name: String) {
    guard let kind = InputKind.promised(by: name), kind != .disregarded else { return }
    diagnostics.append(FileError(.brokenLink, path: shown(path)).diagnostic)
  }

  // MARK: Cloud assemblies

  /// The bytes of a folder's manifest, if it is a cloud assembly's; else they are kept for later.
  private mutating func assemblyManifest(in folder: FilePath) -> [UInt8]? {
    let path = folder.appending(Self.manifestName)
    if let bytes = bytesAtHand[path] { return InputKind.isAssemblyManifest(bytes) ? bytes : nil }
    guard FileSystem.status(path)?.type == .file,
      let bytes = try? FileStore.bytes(of: path, limit: options.fileLimit, shown: shown(path))
    else { return nil }
    bytesAtHand[path] = bytes
    return InputKind.isAssemblyManifest(bytes) ? bytes : nil
  }

  /// Takes an assembly's folder for what its manifest says, with the assemblies of its stages.
  private mutating func assembly(_ folder: FilePath, _ manifest: [UInt8], isNested: Bool, depth: Int) {
    assemblies.append(Assembly(directory: folder, manifest: manifest, isNested: isNested))
    announced.append(folder.appending(Self.manifestName))
    for entry in FileSystem.entries(of: folder) ?? [] {
      let child = folder.appending(entry.name)
      if entry.type == .file, entry.name.hasSuffix(".json") {
        _ = isNew(child)
        announced.append(child)
      } else if entry.type == .folder, !entry.isLink, !Self.isSkipped(entry.name), depth < options.depthLimit,
        let nested = assemblyManifest(in: child), isNew(child)
      {
        assembly(child, nested, isNested: true, depth: depth + 1)
      }
    }
  }

  /// Says which assemblies were made before the sources beside them were last changed.
  mutating func findStaleAssemblies() {
    for assembly in assemblies where !assembly.isNested {
      let app = assembly.directory.removingLastComponent()
      guard let made = FileSystem.status(assembly.directory.appending(Self.manifestName))?.modified else { continue }
      var newest: (path: FilePath, modified: Int)?
      for source in appSources where source.starts(with: app) {
        guard let modified = FileSystem.status(source)?.modified, modified > newest?.modified ?? made else { continue }
        newest = (source, modified)
      }
      // A checkout writes all files within moments, in any order.
      guard let newest, newest.modified > made + 60 else { continue }
      diagnostics.append(
        Diagnostic(
          "stale-assembly", .note,
          "'\(shown(assembly.directory))' is older than '\(shown(newest.path))', which it may have been made from.",
          cure: "Run 'cdk synth' again.", path: shown(assembly.directory.appending(Self.manifestName))))
    }
  }

  // MARK: Folders

  /// Folders that hold what others wrote, or what was built.
  private static func isSkipped(_ name: String) -> Bool {
    name.hasPrefix(".") || name == "node_modules" || name == "dist" || name == "__pycache__"
  }

  private mutating func isNew(_ path: FilePath) -> Bool {
    guard let status = FileSystem.status(path) else { return false }
    return seen.insert(status.identity).inserted
  }

  private func isAncestorOfRoot(_ identity: FileSystem.Identity) -> Bool {
    var folder = root.directory
    while true {
      if FileSystem.status(folder)?.identity == identity { return true }
      let parent = folder.removingLastComponent()
      if parent == folder || folder.components.isEmpty { return false }
      folder = parent
    }
  }

  private mutating func pass(_ path: FilePath, _ reason: String) {
    passedOver.append(PassedOver(path: shown(path), reason: reason))
  }

  private func shown(_ path: FilePath) -> String { path.shown(from: root.base) }
}
