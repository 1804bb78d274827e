import Documents
import SourceText
import SystemPackage

/// What the asset manifests of cloud assemblies (`Stack.assets.json`) say: which folder or file of the app is published
/// under the key or tag that a template names.
struct AssetManifests {
  /// Folders and files by the last part of their object key (`<hash>.zip`), images' folders by their tag.
  private var paths: [String: [FilePath]] = [:]
  /// Single files with SQL, in the order of the manifests.
  private(set) var sqlFiles: [(key: String, path: FilePath)] = []

  /// Reads manifests; one that cannot be read says nothing, as an assembly without one does.
  init(_ manifests: [FilePath], _ files: inout FileStore) {
    for manifest in manifests {
      guard let source = try? files.read(manifest) else { continue }
      let root = Document.read(source, as: .json).documents.first?.root
      files.drop(source.id)
      let folder = manifest.removingLastComponent()
      for asset in root?["files"].map({ Array($0.entries) }) ?? [] {
        add(asset.value["source"]?["path"], in: folder, named: "objectKey", by: asset.value["destinations"])
      }
      for image in root?["dockerImages"].map({ Array($0.entries) }) ?? [] {
        add(image.value["source"]?["directory"], in: folder, named: "imageTag", by: image.value["destinations"])
      }
    }
  }

  private mutating func add(_ path: Node?, in folder: FilePath, named key: String, by destinations: Node?) {
    guard let path, path.kind == .scalar, !path.text.isEmpty else { return }
    let written = FilePath(path.text)
    // Assets that are not staged are named by where they are.
    let place = written.isAbsolute ? written : folder.appending(written.components)
    let target = place.lexicallyNormalized()
    for destination in destinations.map({ Array($0.entries) }) ?? [] {
      guard let name = destination.value[key], name.kind == .scalar else { continue }
      let short = Self.lastPart(of: name.text)
      guard !short.isEmpty, paths[short]?.contains(target) != true else { continue }
      paths[short, default: []].append(target)
      if short.hasSuffix(".sql") { sqlFiles.append((short, target)) }
    }
  }

  /// Where what a template calls by an object key, or by an image's address with its tag, stands on disk.
  func places(of name: String) -> [FilePath] { paths[Self.lastPart(of: name)] ?? [] }

  private static func lastPart(of name: String) -> String {
    String(name[(name.lastIndex { $0 == "/" || $0 == ":" }.map { name.index(after: $0) } ?? name.startIndex)...])
  }

  /// Every text of a part of a template, within limits: keys of assets stand in environments and in properties of
  /// custom resources.
  static func texts(in node: Node?, limit: Int = 2_000) -> [String] {
    var texts: [String] = []
    var open = node.map { [$0] } ?? []
    while let next = open.popLast(), texts.count < limit {
      switch next.kind {
      case .scalar: texts.append(next.text)
      case .sequence: open += Array(next.items)
      case .mapping: open += next.entries.map(\.value)
      }
    }
    return texts
  }
}
