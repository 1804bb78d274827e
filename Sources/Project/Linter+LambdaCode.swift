import CloudFormation
import Documents
import Findings
import PostgresSchema
import SourceText
import SystemPackage

/// The SQL in the folders that Lambda functions are deployed from; what stands in a template is ``InlineSchema``.
struct CodeSchema {
  let function: ResourceID
  /// The files that hold it, each once.
  let files: [FileID]
  /// In the order in which it is executed.
  let sources: [SQLSource]
}

extension Linter {
  mutating func codeInFolders(_ project: inout DiscoveredProject, _ deployment: Deployment) -> [CodeSchema] {
    var schemas: [CodeSchema] = []
    var reader = CodeFolderReader(root: project.files.root, knownSQL: project.sql)
    let functions = deployment.resources(ofType: "AWS::Lambda::Function")
    let assets = functions.isEmpty ? AssetManifests([], &project.files) : AssetManifests(assetManifests, &project.files)
    for id in functions {
      let resource = deployment.resource(id)
      guard let template = project.files[resource.origin.span.file] else { continue }
      let folder = FilePath(template.path).absolute(from: project.files.base).removingLastComponent()
      for path in Self.codeFolders(of: resource, in: folder, assets) {
        if let found = reader.read(path, &project.files) {
          schemas.append(CodeSchema(function: id, files: found.files, sources: found.sources))
          break
        }
      }
    }
    for (path, function) in scripts(in: assets, functions, deployment) {
      guard let function else {
        passedOver.append(
          PassedOver(path: path.shown(from: project.files.base), reason: "an asset that no function refers to"))
        continue
      }
      guard let found = reader.read(path, &project.files) else { continue }
      schemas.append(CodeSchema(function: function, files: found.files, sources: found.sources))
    }
    passedOver += reader.passedOver
    diagnostics += reader.diagnostics
    for (file, language) in reader.languages { roles[file] = (.schema, language) }
    return schemas
  }

  /// Assets that are single files with SQL, each with the function that is told of it: by itself, or by a custom
  /// resource that it serves.
  private func scripts(
    in assets: AssetManifests, _ functions: [ResourceID], _ deployment: Deployment
  ) -> [(path: FilePath, function: ResourceID?)] {
    guard !assets.sqlFiles.isEmpty else { return [] }
    var byText: [(texts: [String], function: ResourceID)] = functions.map { id in
      (AssetManifests.texts(in: deployment.resource(id).declaration.properties), id)
    }
    for resource in deployment.resources {
      guard let token = resource.declaration.properties?["ServiceToken"] else { continue }
      let names = AssetManifests.texts(in: token).compactMap { $0.split(separator: ".").first.map(String.init) }
      guard let function = names.lazy.compactMap({ deployment.resource($0, in: resource.stack) }).first,
        functions.contains(function)
      else { continue }
      byText.append((AssetManifests.texts(in: resource.declaration.properties), function))
    }
    return assets.sqlFiles.map { key, path in
      (path, byText.first { $0.texts.contains { $0.hasSuffix(key) } }?.function)
    }
  }

  /// Where the code of a function may stand: what the asset manifests say of its key or image; an asset of the cloud assembly by the hash in its key (a stage's template
  /// lies deeper than the assets), or a folder that the template names.
  private static func codeFolders(
    of resource: Resource, in folder: FilePath, _ assets: AssetManifests
  ) -> [FilePath] {
    let properties = resource.declaration.properties
    var names: [String] = []
    if let path = resource.declaration.node["Metadata"]?["aws:asset:path"], path.kind == .scalar {
      names.append(path.text)
    }
    let published = ["S3Key", "ImageUri"].compactMap { properties?["Code"]?[$0] }
      .compactMap { $0.kind == .scalar ? $0 : $0["Fn::Sub"] }.filter { $0.kind == .scalar }
    let key = properties?["Code"]?["S3Key"]
    if let key = key?.kind == .scalar ? key : key?["Fn::Sub"], key.kind == .scalar, key.text.hasSuffix(".zip") {
      names.append("asset." + (key.text.split(separator: "/").last ?? "").dropLast(4))
    }
    var folders = published.flatMap { assets.places(of: $0.text) }
    folders += names.flatMap { name in
      [folder, folder.removingLastComponent(), folder.removingLastComponent().removingLastComponent()].map {
        $0.appending(FilePath(name).components).lexicallyNormalized()
      }
    }
    if let local = properties?["CodeUri"] ?? properties?["Code"], local.kind == .scalar, !local.text.contains("://") {
      folders.append(folder.appending(FilePath(local.text).components).lexicallyNormalized())
    }
    return folders
  }
}

/// Reads the folders that functions' code is deployed from, each once, within limits that are told of.
struct CodeFolderReader {
  private let root: FilePath
  private var seen: Set<FilePath> = []
  /// SQL that is replayed already, by its bytes: an asset is a copy of the project's own folder.
  private var paths: [[UInt8]: String] = [:]
  private(set) var passedOver: [PassedOver] = []
  private(set) var diagnostics: [Diagnostic] = []
  private(set) var languages: [FileID: String] = [:]

  /// Code over this is a bundle of libraries: 512 KiB.
  static let codeLimit = 512 << 10
  /// A line over this is a machine's.
  static let lineLimit = 20_000
  static let fileLimit = 500
  static let depthLimit = 12

  init(root: FilePath, knownSQL: [SourceFile]) {
    self.root = root
    for file in knownSQL { paths[file.bytes] = file.path }
  }

  /// The SQL of a folder, `.sql` files first, or of a single file; nil where the project has no such folder or file.
  mutating func read(_ folder: FilePath, _ files: inout FileStore) -> (files: [FileID], sources: [SQLSource])? {
    guard folder.starts(with: root), let type = FileSystem.status(folder)?.type, type != .other else { return nil }
    // Two functions may share their code; it runs once.
    guard seen.insert(folder).inserted else { return ([], []) }
    var found: [(path: FilePath, language: Language)] = []
    if type == .folder {
      collect(folder, base: files.base, depth: 0, &found)
    } else if let language = Self.language(of: folder.lastComponent?.string ?? "") {
      found = [(folder, language)]
    }
    var sql: [SourceFile] = []
    var code: [SQLSource] = []
    var holders: [FileID] = []
    for (path, language) in found {
      do throws(FileError) {
        let source = try files.read(path)
        if let reason = reasonToSkip(source, language) {
          passedOver.append(PassedOver(path: source.path, reason: reason))
          files.drop(source.id)
        } else if language == .sql {
          paths[source.bytes] = source.path
          sql.append(source)
        } else {
          let text = MappedText(source)
          let sources =
            EmbeddedSQL.mayDefineSomething(source.bytes)
            ? language == .python ? EmbeddedSQL.find(inPython: text) : EmbeddedSQL.find(inJavaScript: text) : []
          guard !sources.isEmpty else {
            files.drop(source.id)
            continue
          }
          languages[source.id] = language.rawValue
          holders.append(source.id)
          code += sources
        }
      } catch {
        var diagnostic = error.diagnostic
        diagnostic.severity = .warning
        diagnostics.append(diagnostic)
      }
    }
    let order = MigrationOrder.order(sql.map { ($0.path, $0.bytes) })
    for skipped in order.skipped {
      passedOver.append(PassedOver(path: sql[skipped.file].path, reason: skipped.reason))
    }
    for entry in order.entries { languages[sql[entry.file].id] = "sql" }
    var scripts: [FileID] = []
    for entry in order.entries where !scripts.contains(sql[entry.file].id) { scripts.append(sql[entry.file].id) }
    let sources = order.entries.map { SQLSource(sql[$0.file], $0) }
    return (scripts + holders, sources + code)
  }

  private enum Language: String { case sql, python, javascript, typescript }

  private static func language(of name: String) -> Language? {
    guard let dot = name.lastIndex(of: "."), !name.hasSuffix(".d.ts") else { return nil }
    switch name[name.index(after: dot)...] {
    case "sql": return .sql
    case "py": return .python
    case "js", "mjs", "cjs": return .javascript
    case "ts", "mts", "cts": return .typescript
    default: return nil
    }
  }

  private mutating func collect(
    _ folder: FilePath, base: FilePath, depth: Int, _ found: inout [(path: FilePath, language: Language)]
  ) {
    guard depth < Self.depthLimit, let entries = FileSystem.entries(of: folder) else {
      passedOver.append(PassedOver(path: folder.shown(from: base), reason: "too deep in a function's code"))
      return
    }
    for entry in entries.sorted(by: { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }) {
      let path = folder.appending(entry.name)
      if entry.isLink || entry.name.hasPrefix(".") { continue }
      if entry.type == .folder {
        if entry.name == "node_modules" || entry.name == "site-packages" || entry.name.hasSuffix(".dist-info") {
          passedOver.append(
            PassedOver(path: path.shown(from: base), reason: "libraries of a function's code are not looked through"))
        } else if entry.name != "__pycache__" {
          collect(path, base: base, depth: depth + 1, &found)
        }
      } else if entry.type == .file, let language = Self.language(of: entry.name) {
        guard found.count < Self.fileLimit else {
          passedOver.append(
            PassedOver(
              path: path.shown(from: base), reason: "a function's code has more than \(Self.fileLimit) files"))
          return
        }
        found.append((path, language))
      }
    }
  }

  private func reasonToSkip(_ source: SourceFile, _ language: Language) -> String? {
    if language == .sql {
      return paths[source.bytes].map { "the same as '\($0)', which is replayed" }
        ?? (source.bytes.contains(0) ? "no text: it holds a zero byte" : nil)
    }
    if source.bytes.count > Self.codeLimit { return "code of more than \(Self.codeLimit >> 10) KiB is a bundle" }
    var length = 0
    for byte in source.bytes {
      length = byte == 0x0A ? 0 : length + 1
      if length > Self.lineLimit { return "a line of more than \(Self.lineLimit) bytes tells minified code" }
    }
    return nil
  }
}
