import Documents
import Findings
import PostgresSchema
import SourceText
import SystemPackage

/// Reads a configuration whose keys and values were checked: what does not fit was told already and is left out.
struct ConfigurationReader {
  let folder: FilePath
  private(set) var diagnostics: [Diagnostic] = []

  init(folder: FilePath) { self.folder = folder }

  mutating func configuration(_ root: Node, _ source: SourceFile) -> Configuration {
    var result = Configuration(source: source, folder: folder)
    result.projects = root["projects"]?.items.compactMap { project($0) } ?? []
    var names: [String: Span] = [:]
    for project in result.projects {
      guard let first = names.updateValue(project.name.span, forKey: project.name.value) else { continue }
      diagnostics.append(
        Diagnostic(
          "duplicate-project", .error, "Two projects are called '\(project.name.value)'.",
          cure: "Call one of them otherwise.", at: project.name.span,
          related: [Diagnostic.Related(first, "the other one")]))
    }
    result.excluded = texts(root["exclude"]).map { Written(PathPattern($0.value), at: $0.span) }
    result.stage = text(root["stage"])
    if let stage = result.stage { checkStage(stage, of: result.projects) }
    result.profile = text(root["profile"])
    result.ruleFolders = texts(root["rule-folders"])
    result.rules = root["rules"]?.entries.map(rule) ?? []
    if let node = root["effects"] {
      let (effects, mistakes) = DeclaredEffect.read(node)
      // With a mistake nothing holds, so that each effect has its element.
      result.effects = zip(effects, node.items).map { Written($0, at: $1.span) }
      diagnostics += mistakes
    }
    result.waivers = root["waivers"]?.items.compactMap(waiver) ?? []
    result.inlineExceptions = bool(root["inline-exceptions"])
    result.baseline = text(root["baseline"])
    result.failOn = text(root["fail-on"]).flatMap { written in
      FailureThreshold(written.value).map { Written($0, at: written.span) }
    }
    result.format = text(root["format"])
    result.outputs = root["outputs"]?.entries.compactMap { output($0) } ?? []
    result.language = text(root["language"]).flatMap { written in
      Language(rawValue: written.value).map { Written($0, at: written.span) }
    }
    return result
  }

  /// A stage that no project has would leave every parameter unknown, silently.
  private mutating func checkStage(_ stage: Written<String>, of projects: [ConfiguredProject]) {
    let stages = projects.flatMap { $0.stages.map(\.name.value) }
    guard !stages.contains(stage.value) else { return }
    diagnostics.append(
      Diagnostic(
        "unknown-stage", .error, "No project has a stage '\(stage.value)'.",
        cure: Suggestion.nearest(to: stage.value, among: stages).map { "Did you mean '\($0)'?" }
          ?? "Write it under 'stages' of a project.", at: stage.span))
  }

  private mutating func output(_ entry: Entry) -> Written<ConfiguredOutput>? {
    let formats = ConfigurationKeys.formats
    guard formats.contains(entry.key.text) else {
      diagnostics.append(
        Diagnostic(
          "unknown-format", .error, "'\(entry.key.text)' is no format of reports.",
          cure: Suggestion.nearest(to: entry.key.text, among: formats).map { "Did you mean '\($0)'?" }
            ?? "Use \(formats.joined(separator: ", ")).", at: entry.key.span))
      return nil
    }
    guard let file = text(entry.value) else { return nil }
    return Written(ConfiguredOutput(format: entry.key.text, path: path(file.value)), at: file.span)
  }

  // MARK: Projects

  private mutating func project(_ node: Node) -> ConfiguredProject? {
    guard let name = text(node["name"]) else { return nil }
    let folder = text(node["folder"])?.value ?? "."
    let base = path(folder)
    return ConfiguredProject(
      name: name, folder: folder,
      templates: node["templates"].map { texts($0).map { Written(PathPattern($0.value), at: $0.span) } },
      schemas: node["schemas"]?.items.compactMap { schema($0) }, given: given(node, in: base),
      assumesDefaults: bool(node["assume-defaults"]),
      stages: node["stages"]?.entries.map { (Written($0.key.text, at: $0.key.span), given($0.value, in: base)) } ?? [])
  }

  private mutating func schema(_ node: Node) -> ConfiguredSchema? {
    let schema = ConfiguredSchema(
      files: texts(node["files"]), function: text(node["function"]), cluster: text(node["cluster"]))
    guard !schema.files.isEmpty || schema.function != nil else {
      diagnostics.append(
        Diagnostic(
          "missing-key", .error, "A schema has neither 'files' nor a 'function'.",
          cure: "Add 'files: [db/migrations]'.",
          at: node.entries.first?.key.span ?? node.span))
      return nil
    }
    return schema
  }

  private func given(_ node: Node, in folder: FilePath) -> GivenToTemplates {
    var given = GivenToTemplates()
    for entry in node["parameters"].map({ Array($0.entries) }) ?? [] {
      let value = entry.value
      let text = value.kind == .sequence ? value.items.map(\.text).joined(separator: ",") : value.text
      given.parameters[entry.key.text] = Written(text, at: entry.key.span)
    }
    given.parameterFiles = texts(node["parameter-files"]).map {
      Written(FilePath($0.value).absolute(from: folder), at: $0.span)
    }
    for entry in node["stack-tags"].map({ Array($0.entries) }) ?? [] {
      given.stackTags[entry.key.text] = Written(entry.value.text, at: entry.key.span)
    }
    return given
  }

  // MARK: Rules and waivers

  private func rule(_ entry: Entry) -> ConfiguredRule {
    let node = entry.value
    return ConfiguredRule(
      rule: Written(entry.key.text, at: entry.key.span), isEnabled: bool(node["enabled"]),
      severity: text(node["severity"]).flatMap { written in
        Severity(rawValue: written.value).map { Written($0, at: written.span) }
      },
      parameters: node["parameters"].map { Array($0.entries) } ?? [])
  }

  private func waiver(_ node: Node) -> Waiver? {
    let rules = texts(node["rule"])
    guard !rules.isEmpty, let reason = text(node["reason"]), let approver = text(node["approver"]),
      let expires = text(node["expires"]), Today.isDate(expires.value)
    else { return nil }
    return Waiver(
      rules: rules, resources: node["resource"].map { texts($0).map(\.value) },
      paths: node["path"].map { texts($0).map { PathPattern($0.value) } },
      tables: node["table"].map { texts($0).map { PathPattern.table($0.value) } }, reason: reason.value,
      approver: approver.value, expires: expires.value, span: node.span)
  }

  // MARK: Values

  private func path(_ written: String) -> FilePath { FilePath(written).absolute(from: folder) }

  private func text(_ node: Node?) -> Written<String>? {
    guard let node, node.kind == .scalar, !node.text.isEmpty else { return nil }
    return Written(node.text, at: node.span)
  }

  private func texts(_ node: Node?) -> [Written<String>] {
    guard let node else { return [] }
    return node.kind == .sequence ? node.items.compactMap { text($0) } : [text(node)].compactMap { $0 }
  }

  private func bool(_ node: Node?) -> Written<Bool>? {
    guard let written = text(node), let value = ConfigurationCheck.bool(written.value) else { return nil }
    return Written(value, at: written.span)
  }
}
