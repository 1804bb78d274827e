import Documents
import SourceText
import Values

/// What the manifest of a CDK cloud assembly (`cdk.out/manifest.json`) says, without reading the files it names.
package struct CloudAssembly: Sendable {
  /// The version of the assembly's schema.
  package let version: String?
  /// In the order of writing.
  package let stacks: [StackArtifact]
  /// Assemblies in directories of their own (stages), which the caller reads in turn.
  package let nested: [NestedAssembly]
  /// The files that say what is published for the stacks (`Stack.assets.json`), relative to the manifest's directory.
  package let assetManifests: [String]

  /// An artifact of type `aws:cloudformation:stack`.
  package struct StackArtifact: Sendable {
    /// The artifact's key in the manifest.
    package let id: String
    /// The template's file, relative to the manifest's directory.
    package let templateFile: String
    /// `properties.stackName`, else the artifact's id.
    package let stackName: String
    /// In the order of writing.
    package let tags: [Tag]
    /// Nil where the stack is for any account.
    package let account: String?
    /// Nil where the stack is for any region.
    package let region: String?
    /// Ids of artifacts of the same manifest.
    package let dependencies: [String]
    /// The file that says which construct made which resource, relative to the manifest's directory.
    package let metadataFile: String?
    /// The name that the CDK shows; nil where nothing says it.
    package let displayName: String?
    /// Values that the deployment gives to the template's parameters.
    package let parameters: [String: String]
    /// Nil where nothing says it.
    package let terminationProtection: Bool?
    /// The constructs that older manifests name in the artifact itself, by logical id.
    package let constructs: [String: Construct]
    /// The artifact's key in the manifest.
    package let origin: Origin
  }

  /// A tag that the deployment puts on the stack's resources.
  package struct Tag: Hashable, Sendable {
    /// The tag's key.
    package let key: String
    /// The tag's value.
    package let value: String
    /// Where the value is written.
    package let origin: Origin
  }

  /// An artifact of type `cdk:cloud-assembly`.
  package struct NestedAssembly: Hashable, Sendable {
    /// The artifact's key in the manifest.
    package let id: String
    /// The directory with its manifest, relative to this manifest's directory.
    package let directory: String
    /// The name that the CDK shows; nil where nothing says it.
    package let displayName: String?
    /// The place of the key in the manifest.
    package let span: Span
  }

  /// The construct that made a resource.
  package struct Construct: Hashable, Sendable {
    /// Without the slash in front, as in `aws:cdk:path`: `ChatAppDb/Key/Resource`.
    package let path: String
    /// The calls that made it, innermost first, as the CDK wrote them; empty where it recorded none.
    package let trace: [String]
    /// By property: the calls that gave it a value later than that, innermost first.
    package let assignments: [String: [String]]

    /// A construct at a path, with what is known of the calls that made it.
    package init(path: String, trace: [String], assignments: [String: [String]] = [:]) {
      self.path = path
      self.trace = trace
      self.assignments = assignments
    }
  }

  /// Reads a manifest.
  package static func read(manifest: Document) -> (assembly: CloudAssembly, diagnostics: [Diagnostic]) {
    var reader = ManifestReader()
    let assembly = reader.read(manifest)
    return (assembly, reader.diagnostics)
  }

  /// The constructs of a metadata file (`Stack.metadata.json`), by the logical ids they got; without those whose id
  /// a construct of a nested stack got too.
  package static func constructs(metadata: Document) -> [String: Construct] {
    metadata.root.map(ManifestReader.constructs(in:)) ?? [:]
  }

  /// All constructs of a metadata file, those of nested stacks too, by their paths.
  package static func constructsByPath(metadata: Document) -> [String: Construct] {
    let constructs = metadata.root.map(ManifestReader.allConstructs(in:)) ?? []
    return Dictionary(constructs.map { ($0.construct.path, $0.construct) }, uniquingKeysWith: { first, _ in first })
  }
}

extension CloudAssembly.StackArtifact {
  /// The artifact as an input to link, once its template and its metadata file are read: `constructs` are those of
  /// the file, and `given` are values that override the artifact's own parameters.
  package func input(
    _ document: Document, constructs: [String: CloudAssembly.Construct] = [:], parameters given: [String: String] = [:]
  ) -> TemplateInput {
    TemplateInput(
      document: document, stackName: stackName,
      tags: Dictionary(tags.map { ($0.key, $0.value) }, uniquingKeysWith: { _, last in last }), tagsKnown: true,
      tagOrigins: Dictionary(tags.map { ($0.key, $0.origin) }, uniquingKeysWith: { _, last in last }),
      account: account, region: region,
      constructPaths: self.constructs.merging(constructs) { _, file in file }.mapValues(\.path),
      parameters: parameters.merging(given) { _, given in given })
  }
}
