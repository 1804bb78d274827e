import Documents
import SourceText
import Values

/// Reads the manifest of a cloud assembly.
struct ManifestReader {
  private(set) var diagnostics: [Diagnostic] = []

  mutating func read(_ manifest: Document) -> CloudAssembly {
    let empty = Span(manifest.file, 0..<0)
    guard let root = manifest.root, root.kind == .mapping else {
      report(
        .error, "malformed-manifest", "The manifest is no mapping.", "Synthesize the app again with 'cdk synth'.",
        manifest.root?.span ?? empty)
      return CloudAssembly(version: nil, stacks: [], nested: [], assetManifests: [])
    }
    var stacks: [CloudAssembly.StackArtifact] = []
    var nested: [CloudAssembly.NestedAssembly] = []
    var assetManifests: [String] = []
    let artifacts = root["artifacts"]
    if let artifacts, artifacts.kind != .mapping {
      report(
        .error, "malformed-manifest", "The manifest's artifacts are \(TemplateReader.noun(artifacts)), not a mapping.",
        "Synthesize the app again with 'cdk synth'.", artifacts.span)
    } else if artifacts == nil {
      report(
        .warning, "no-artifacts", "The manifest names no artifacts.", "Synthesize the app again with 'cdk synth'.",
        root.span)
    }
    for entry in artifacts.map({ Array($0.entries) }) ?? [] {
      switch text(entry.value["type"]) {
      case "aws:cloudformation:stack": if let stack = stack(entry) { stacks.append(stack) }
      case "cdk:cloud-assembly": if let assembly = assembly(entry) { nested.append(assembly) }
      case "cdk:asset-manifest":
        if let file = text(entry.value["properties"]?["file"]), !file.isEmpty { assetManifests.append(file) }
      default: break
      }
    }
    return CloudAssembly(
      version: text(root["version"]), stacks: stacks, nested: nested, assetManifests: assetManifests)
  }

  private mutating func stack(_ entry: Entry) -> CloudAssembly.StackArtifact? {
    let id = entry.key.text
    let properties = entry.value["properties"]
    let path = "artifacts/" + id
    guard let templateFile = text(properties?["templateFile"]), !templateFile.isEmpty else {
      report(
        .error, "stack-without-template", "The stack artifact '\(id)' names no templateFile.",
        "Synthesize the app again with 'cdk synth'.", entry.key.span)
      return nil
    }
    let environment = self.environment(entry.value["environment"])
    let tags = properties?["tags"].map { self.tags($0, path: path) } ?? []
    let parameters = (properties?["parameters"]?.entries).map { entries in
      entries.compactMap { entry in text(entry.value).map { (entry.key.text, $0) } }
    }
    return CloudAssembly.StackArtifact(
      id: id, templateFile: templateFile, stackName: text(properties?["stackName"]) ?? id, tags: tags,
      account: environment.account, region: environment.region,
      dependencies: entry.value["dependencies"].map { $0.items.compactMap { text($0) } } ?? [],
      metadataFile: text(entry.value["additionalMetadataFile"]), displayName: text(entry.value["displayName"]),
      parameters: Dictionary(parameters ?? [], uniquingKeysWith: { _, last in last }),
      terminationProtection: text(properties?["terminationProtection"]).map { $0 == "true" },
      constructs: entry.value["metadata"].map(ManifestReader.constructs(in:)) ?? [:],
      origin: Origin(entry.key.span, path: path, kind: .file))
  }

  private mutating func assembly(_ entry: Entry) -> CloudAssembly.NestedAssembly? {
    let properties = entry.value["properties"]
    guard let directory = text(properties?["directoryName"]), !directory.isEmpty else {
      report(
        .error, "assembly-without-directory", "The nested assembly '\(entry.key.text)' names no directoryName.",
        "Synthesize the app again with 'cdk synth'.", entry.key.span)
      return nil
    }
    return CloudAssembly.NestedAssembly(
      id: entry.key.text, directory: directory,
      displayName: text(properties?["displayName"]) ?? text(entry.value["displayName"]), span: entry.key.span)
  }

  /// `aws://account/region`, either of which may be unknown.
  private mutating func environment(_ node: Node?) -> (account: String?, region: String?) {
    guard let node, let text = text(node) else { return (nil, nil) }
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 4, parts[0] == "aws:", parts[1].isEmpty else {
      report(
        .warning, "malformed-environment", "The environment '\(text)' is not of the form 'aws://account/region'.", nil,
        node.span)
      return (nil, nil)
    }
    return (
      parts[2] == "unknown-account" || parts[2].isEmpty ? nil : String(parts[2]),
      parts[3] == "unknown-region" || parts[3].isEmpty ? nil : String(parts[3])
    )
  }

  /// A mapping of tags, or the list of keys and values that older manifests write.
  private func tags(_ node: Node, path: String) -> [CloudAssembly.Tag] {
    let pairs: [(String, Node)] =
      node.kind == .sequence
      ? node.items.compactMap { item in
        guard let key = text(item["Key"]), let value = item["Value"] else { return nil }
        return (key, value)
      } : node.entries.map { ($0.key.text, $0.value) }
    return pairs.compactMap { key, value in
      text(value).map { text in
        CloudAssembly.Tag(
          key: key, value: text, origin: Origin(value.span, path: "\(path)/properties/tags/\(key)", kind: .property))
      }
    }
  }

  /// Constructs by logical id, from a mapping of paths to lists of metadata entries. Nested stacks stand in it too, and
  /// may use an id again: then it names nothing.
  static func constructs(in node: Node) -> [String: CloudAssembly.Construct] {
    var constructs: [String: CloudAssembly.Construct] = [:]
    var ambiguous: Set<String> = []
    for (logicalID, construct) in allConstructs(in: node) {
      if constructs.updateValue(construct, forKey: logicalID) != nil { ambiguous.insert(logicalID) }
    }
    for logicalID in ambiguous { constructs[logicalID] = nil }
    return constructs
  }

  /// Constructs with their logical ids, in order of writing.
  static func allConstructs(in node: Node) -> [(logicalID: String, construct: CloudAssembly.Construct)] {
    node.entries.flatMap { entry -> [(String, CloudAssembly.Construct)] in
      let items = entry.value.items
      // The CDK has written the calls beside each entry, and (where asked to) as an entry of their own.
      var trace = items.lazy.compactMap { $0["trace"] }.map(lines).first { !$0.isEmpty } ?? []
      var assignments: [String: [String]] = [:]
      for item in items {
        switch item["type"]?.text {
        case "aws:cdk:creationStack": trace = item["data"].map(lines) ?? trace
        case "aws:cdk:propertyAssignment":
          guard let name = item["data"]?["propertyName"], let calls = item["data"]?["stackTrace"] else { continue }
          assignments[name.text] = lines(calls)
        default: break
        }
      }
      let path = entry.key.text.hasPrefix("/") ? String(entry.key.text.dropFirst()) : entry.key.text
      return items.compactMap { item in
        guard item["type"]?.text == "aws:cdk:logicalId", let data = item["data"], data.kind == .scalar else {
          return nil
        }
        return (data.text, CloudAssembly.Construct(path: path, trace: trace, assignments: assignments))
      }
    }
  }

  private static func lines(_ node: Node) -> [String] { node.items.filter { $0.kind == .scalar }.map(\.text) }

  private func text(_ node: Node?) -> String? {
    guard let node, node.kind == .scalar, !node.isNull else { return nil }
    return node.text
  }

  private mutating func report(
    _ severity: Diagnostic.Severity, _ id: String, _ message: String, _ cure: String?, _ span: Span
  ) {
    diagnostics.append(Diagnostic(id, severity, message, cure: cure, at: span))
  }
}
