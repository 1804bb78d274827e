import CloudFormation
import Documents
import Findings
import SourceText
import SystemPackage
import Values

extension Linter {
  /// Reads the templates of assemblies and those that stand alone, as inputs to link.
  mutating func readTemplates(
    _ project: inout DiscoveredProject, _ parameters: [String: String]
  ) -> [TemplateInput] {
    var inputs: [TemplateInput] = []
    for assembly in project.assemblies {
      inputs += read(assembly, parameters, &project.files)
    }
    for source in project.templates {
      let format: DocumentFormat = language(of: source.path) == "json" ? .json : .yaml
      let reading = Document.read(source, as: format)
      diagnostics += reading.diagnostics
      roles[source.id] = (.template, format == .json ? "json" : "yaml")
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
        inputs.append(
          TemplateInput(
            document: document, stackName: Self.stackName(of: source.path), isStackNameKnown: false,
            tags: options.stackTags, tagsKnown: !options.stackTags.isEmpty, parameters: parameters))
      }
    }
    return inputs
  }

  /// A name to show for the stack of a template on its own: the file's.
  private static func stackName(of path: String) -> String {
    let file = path.split(separator: "/").last ?? ""
    return String(file.prefix { $0 != "." })
  }

  private mutating func read(
    _ assembly: DiscoveredAssembly, _ parameters: [String: String], _ files: inout FileStore
  ) -> [TemplateInput] {
    roles[assembly.manifest.id] = (.assembly, "json")
    let reading = Document.read(assembly.manifest, as: .json)
    diagnostics += reading.diagnostics
    guard let document = reading.documents.first else { return [] }
    let (manifest, found) = CloudAssembly.read(manifest: document)
    diagnostics += found
    var inputs: [TemplateInput] = []
    for stack in manifest.stacks {
      guard let template = load(stack.templateFile, for: stack.origin, in: assembly, &files) else { continue }
      roles[template.source.id] = (.template, "json")
      var constructs: [String: CloudAssembly.Construct] = [:]
      if let name = stack.metadataFile, let metadata = load(name, for: stack.origin, in: assembly, &files) {
        constructs = CloudAssembly.constructs(metadata: metadata.document)
      }
      inputs.append(stack.input(template.document, constructs: constructs, parameters: parameters))
    }
    return inputs
  }

  private mutating func load(
    _ name: String, for origin: Origin, in assembly: DiscoveredAssembly, _ files: inout FileStore
  ) -> (source: SourceFile, document: Document)? {
    do throws(FileError) {
      let source = try files.read(name, in: assembly.directory)
      let reading = Document.read(source, as: .json)
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
