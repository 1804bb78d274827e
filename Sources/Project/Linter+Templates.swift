import CloudFormation
import Documents
import Findings
import SourceText
import SystemPackage
import Values

extension Linter {
  /// Reads the templates of assemblies and those that stand alone, as inputs to link; the templates of nested stacks
  /// behind those that deploy them.
  mutating func readTemplates(
    _ project: inout DiscoveredProject, _ parameters: [String: String], tags: [String: String]
  ) -> [TemplateInput] {
    var inputs: [TemplateInput] = []
    let folders = Set(project.assemblies.map(\.directory))
    for assembly in project.assemblies {
      read(assembly, folders, parameters, &project.files, &inputs)
    }
    var found: [Found] = []
    for source in project.templates { found += documents(of: source) }
    // What another template deploys is no stack of its own.
    var children: Set<FileID> = []
    for template in found {
      let folder = Self.folder(of: template.source, project.files)
      for nested in Template.nestedStacks(of: template.document) {
        guard let file = nested.file, let path = Self.path(of: file, in: folder, project.files) else { continue }
        children.insert(project.files.id(of: path))
      }
    }
    // Templates that deploy each other in a circle are nobody's children.
    let roots = found.filter { !children.contains($0.source.id) }
    for template in roots.isEmpty ? found : roots {
      var input = TemplateInput(
        document: template.document, stackName: Self.stackName(of: template.source.path), isStackNameKnown: false,
        tags: tags, tagsKnown: !tags.isEmpty, parameters: parameters)
      input.included = included(
        by: template.document, in: Self.folder(of: template.source, project.files), &project.files)
      inputs.append(input)
      readNested(
        in: Self.folder(of: template.source, project.files), ancestors: [template.source.id], &project.files, &inputs)
    }
    return inputs
  }

  /// A template that stands alone.
  private struct Found {
    let source: SourceFile
    let document: Document
  }

  /// The templates in a file; what is none is said.
  private mutating func documents(of source: SourceFile) -> [Found] {
    let format = DocumentFormat(of: source)
    let reading = observed(.template(source.path)) { Document.read(source, as: format) }
    diagnostics += reading.diagnostics
    roles[source.id] = (.template, format == .json ? "json" : "yaml")
    var found: [Found] = []
    for document in reading.documents {
      guard document.root != nil else {
        diagnostics.append(
          Diagnostic(
            "empty-template", .error, "The file is empty.", cure: "Remove it, or write the template.",
            path: source.path))
        continue
      }
      if let reason = Template.refusal(of: document) {
        passedOver.append(PassedOver(path: source.path, reason: reason))
        continue
      }
      found.append(Found(source: source, document: document))
    }
    return found
  }

  /// A name to show for the stack of a template on its own: the file's.
  private static func stackName(of path: String) -> String {
    let file = path.split(separator: "/").last ?? ""
    return String(file.prefix { $0 != "." })
  }

  // MARK: Nested stacks

  /// How deep stacks are followed into each other.
  private static let nestingLimit = 16
  /// How many stacks are followed at all: more than an account may have (2,000, AWS CloudFormation quotas).
  private static let stackLimit = 2_500

  /// Reads the templates that the input just added deploys, and theirs.
  private mutating func readNested(
    in folder: FilePath, ancestors: [FileID], _ files: inout FileStore, _ inputs: inout [TemplateInput]
  ) {
    guard let parent = inputs.last else { return }
    let position = inputs.count - 1
    for nested in Template.nestedStacks(of: parent.document) {
      guard let file = nested.file, let path = Self.path(of: file, in: folder, files) else { continue }
      guard ancestors.count <= Self.nestingLimit, inputs.count < Self.stackLimit else {
        tellOnce(
          Diagnostic(
            "stacks-nested-too-deeply", .warning,
            "The nested stack '\(nested.logicalID)' is not followed: stacks nest too deeply here, or are too many.",
            cure: "Give its template alone.", at: nested.span))
        return
      }
      let source: SourceFile
      do throws(FileError) {
        source = try files.read(path)
      } catch {
        var diagnostic = error.diagnostic
        diagnostic.severity = .warning
        diagnostic.span = nested.span
        diagnostic.cure = "Give the template of the nested stack '\(nested.logicalID)' as well."
        diagnostics.append(diagnostic)
        continue
      }
      guard !ancestors.contains(source.id) else {
        tellOnce(
          Diagnostic(
            "nested-in-itself", .error,
            "The template of the nested stack '\(nested.logicalID)' holds this stack itself: it can never be created.",
            cure: "Let TemplateURL name another template.", at: nested.span))
        continue
      }
      guard let document = documents(of: source).first?.document else { continue }
      var input = TemplateInput(
        document: document, stackName: nested.logicalID, isStackNameKnown: false, tags: parent.tags,
        tagsKnown: parent.tagsKnown, tagOrigins: parent.tagOrigins, account: parent.account, region: parent.region,
        parent: TemplateInput.Parent(input: position, logicalID: nested.logicalID))
      input.included = included(by: document, in: Self.folder(of: source, files), &files)
      inputs.append(input)
      readNested(
        in: Self.folder(of: source, files), ancestors: ancestors + [source.id], &files, &inputs)
    }
  }

  /// One template may be nested in many places.
  private mutating func tellOnce(_ diagnostic: Diagnostic) {
    if !diagnostics.contains(diagnostic) { diagnostics.append(diagnostic) }
  }

  private static func folder(of source: SourceFile, _ files: FileStore) -> FilePath {
    FilePath(source.path).absolute(from: files.base).removingLastComponent()
  }

  /// Where a file stands that a template names; nil where that is outside of the project.
  private static func path(of file: String, in folder: FilePath, _ files: FileStore) -> FilePath? {
    let relative = FilePath(file)
    let path = folder.appending(relative.components).lexicallyNormalized()
    return relative.isRelative && path.starts(with: files.root) ? path : nil
  }

  /// The files that a template includes; one that is not there leaves its entries unknown.
  private mutating func included(
    by document: Document, in folder: FilePath, _ files: inout FileStore
  ) -> [String: Node] {
    var found: [String: Node] = [:]
    for location in Template.inclusions(of: document) {
      guard let path = Self.path(of: location, in: folder, files), let source = try? files.read(path) else { continue }
      let format = DocumentFormat(of: source)
      let reading = observed(.template(source.path)) { Document.read(source, as: format) }
      diagnostics += reading.diagnostics
      found[location] = reading.documents.first?.root
    }
    return found
  }

  // MARK: Cloud assemblies

  private mutating func read(
    _ assembly: DiscoveredAssembly, _ folders: Set<FilePath>, _ parameters: [String: String],
    _ files: inout FileStore, _ inputs: inout [TemplateInput]
  ) {
    roles[assembly.manifest.id] = (.assembly, "json")
    let reading = Document.read(assembly.manifest, as: .json)
    diagnostics += reading.diagnostics
    guard let document = reading.documents.first else { return }
    let (manifest, found) = CloudAssembly.read(manifest: document)
    diagnostics += found
    assetManifests += manifest.assetManifests.map {
      assembly.directory.appending(FilePath($0).components).lexicallyNormalized()
    }
    for nested in manifest.nested {
      let folder = assembly.directory.appending(FilePath(nested.directory).components).lexicallyNormalized()
      guard !folders.contains(folder) else { continue }
      diagnostics.append(
        Diagnostic(
          "missing-assembly", .error, "The nested assembly '\(nested.id)' has no manifest in '\(nested.directory)'.",
          cure: "Run 'cdk synth' again.", at: nested.span))
    }
    for stack in manifest.stacks {
      guard let template = load(stack.templateFile, for: stack.origin, in: assembly, &files) else { continue }
      roles[template.source.id] = (.template, "json")
      var constructs: [String: CloudAssembly.Construct] = [:]
      let app = Self.app(of: assembly.directory, folders)
      sources.add(
        Dictionary(stack.constructs.values.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first }), app: app)
      if let name = stack.metadataFile, let metadata = load(name, for: stack.origin, in: assembly, &files) {
        constructs = CloudAssembly.constructs(metadata: metadata.document)
        sources.add(CloudAssembly.constructsByPath(metadata: metadata.document), app: app)
      }
      inputs.append(stack.input(template.document, constructs: constructs, parameters: parameters))
      readNested(in: assembly.directory, ancestors: [template.source.id], &files, &inputs)
    }
  }

  /// The folder of the app that an assembly, or the one that holds it, was made from.
  private static func app(of directory: FilePath, _ folders: Set<FilePath>) -> FilePath {
    var outermost = directory
    while folders.contains(outermost.removingLastComponent()) { outermost = outermost.removingLastComponent() }
    return outermost.removingLastComponent()
  }

  private mutating func load(
    _ name: String, for origin: Origin, in assembly: DiscoveredAssembly, _ files: inout FileStore
  ) -> (source: SourceFile, document: Document)? {
    do throws(FileError) {
      let source = try files.read(name, in: assembly.directory)
      let reading = observed(.template(source.path)) { Document.read(source, as: .json) }
      diagnostics += reading.diagnostics
      return reading.documents.first.map { (source, $0) }
    } catch {
      var diagnostic = error.diagnostic
      diagnostic.span = origin.span
      diagnostic.cure = "Run 'cdk synth' again."
      diagnostics.append(diagnostic)
      return nil
    }
  }
}
