import Documents
import SourceText
import Values

/// Reads the sections of a template and says what has the wrong shape.
struct TemplateReader {
  let root: Node
  var transforms: [Template.Transform] = []
  var parameters: [Parameter] = []
  var mappings: [Template.Section] = []
  var conditions: [Template.Section] = []
  var resources: [Template.Declaration] = []
  var outputs: [Template.Output] = []
  var rules: [Template.Section] = []
  var metadata: Node?
  var globals: Node?
  var generators: [Entry] = []
  var loops: LoopExpansion
  /// True where loops or macros stand among the names of a section.
  var hasGeneratedNames = false
  var diagnostics: [Diagnostic] = []

  /// The sections of a template's anatomy, and SAM's Globals.
  static let sectionNames = [
    "AWSTemplateFormatVersion", "Description", "Metadata", "Parameters", "Rules", "Mappings", "Conditions",
    "Transform", "Resources", "Outputs", "Hooks", "Globals",
  ]

  /// What the files that the template includes hold, by their names.
  let included: [String: Node]

  init(root: Node, lists: [String: LoopExpansion.List], included: [String: Node]) {
    self.root = root
    self.included = included
    loops = LoopExpansion(lists: lists)
  }

  mutating func read() {
    for entry in Inclusion.entries(of: root, included) {
      let name = entry.key.text
      switch name {
      case "Transform": readTransforms(entry.value)
      case "Parameters": for item in writtenOut(entry) { readParameter(item.entry) }
      case "Mappings": mappings = sections(entry, kind: .mapping)
      case "Conditions": conditions = sections(entry, kind: .condition)
      case "Rules": rules = sections(entry, kind: .condition)
      case "Resources":
        for entry in entries(of: entry) { readResource(entry) }
      case "Outputs": for item in writtenOut(entry) { readOutput(item.entry, under: item.variables) }
      case "Metadata": metadata = entry.value
      case "Globals": globals = entry.value
      case Intrinsic.Function.transform.rawValue: generators.append(entry)
      default:
        guard !TemplateReader.sectionNames.contains(name), !Intrinsic.isLoop(name) else { continue }
        let nearest = Suggestion.nearest(to: name, among: TemplateReader.sectionNames)
        diagnostics.append(
          Diagnostic(
            "unknown-section", .warning, "'\(name)' is no section of a template.",
            cure: nearest.map { "Write '\($0)' if that is meant." } ?? "Remove it.", at: entry.key.span))
      }
    }
    if root.entry("Resources") == nil {
      diagnostics.append(
        Diagnostic(
          "no-resources", .error, "The template has no Resources section.",
          cure: "Declare at least one resource.", at: root.entries.first?.key.span ?? root.span))
    }
  }

  private mutating func entries(of section: Entry) -> [Entry] {
    if section.value.kind == .mapping {
      let entries = Inclusion.entries(of: section.value, included)
      return entries
    }
    let name = section.key.text
    if section.value.isNull {
      diagnostics.append(
        Diagnostic(
          "null-section", name == "Resources" ? .error : .warning, "The section '\(name)' is empty.",
          cure: "Fill it, or remove its key.", at: section.key.span))
    } else {
      diagnostics.append(
        Diagnostic(
          "section-not-mapping", name == "Resources" ? .error : .warning,
          "The section '\(name)' is \(TemplateReader.noun(section.value)), not a mapping of names to values.",
          cure: "Write it as a mapping.", at: section.value.span))
    }
    return []
  }

  private mutating func sections(_ section: Entry, kind: Origin.Kind) -> [Template.Section] {
    writtenOut(section).map { item in
      let name = LoopExpansion.text(item.entry.key.text, under: item.variables)
      return Template.Section(
        name: name, node: item.entry.value,
        origin: Origin(item.entry.key.span, path: section.key.text + "/" + name, kind: kind),
        loopVariables: item.variables)
    }
  }

  /// The entries of a section with its loops written out; where that cannot be done, names may be missing.
  private mutating func writtenOut(_ section: Entry) -> [LoopExpansion.Made] {
    entries(of: section).flatMap { entry -> [LoopExpansion.Made] in
      guard TemplateReader.isGenerator(entry.key.text) else {
        return [LoopExpansion.Made(entry: entry, variables: [:], hops: [])]
      }
      if Intrinsic.isLoop(entry.key.text), let made = loops.entries(of: entry) { return made }
      hasGeneratedNames = true
      return []
    }
  }

  private mutating func readTransforms(_ node: Node) {
    for item in node.kind == .sequence ? Array(node.items) : [node] {
      if item.kind == .scalar {
        transforms.append(Template.Transform(name: item.text, span: item.span))
      } else if let name = item["Name"], name.kind == .scalar {
        transforms.append(Template.Transform(name: name.text, span: name.span))
      } else {
        diagnostics.append(
          Diagnostic(
            "malformed-transform", .warning, "The transform is \(TemplateReader.noun(item)) without a Name.",
            cure: "Name the macro.", at: item.span))
      }
    }
  }

  private mutating func readParameter(_ entry: Entry) {
    let name = entry.key.text
    let node = entry.value
    guard node.kind == .mapping else {
      diagnostics.append(
        Diagnostic(
          "parameter-not-mapping", .warning, "Parameter '\(name)' is \(TemplateReader.noun(node)), not a mapping.",
          cure: "Write at least its Type.", at: entry.key.span))
      return
    }
    if node["Type"]?.kind != .scalar {
      diagnostics.append(
        Diagnostic(
          "parameter-without-type", .warning, "Parameter '\(name)' has no Type.", cure: "Write 'Type: String'.",
          at: entry.key.span))
    }
    if let value = node["Default"], value.kind != .scalar || value.isNull {
      diagnostics.append(
        Diagnostic(
          "malformed-default", .warning, "The Default of parameter '\(name)' is \(TemplateReader.noun(value)).",
          cure: "Write it as a string; a list's elements are separated by commas.", at: value.span))
    }
    let isTrue = { (node: Node?) in node?.kind == .scalar && ["true", "True", "TRUE", "yes"].contains(node?.text) }
    parameters.append(
      Parameter(
        name: name, type: node["Type"].flatMap { $0.kind == .scalar ? $0.text : nil } ?? "String",
        origin: Origin(entry.key.span, path: "Parameters/" + name, kind: .parameter),
        defaultValue: node["Default"].flatMap { $0.kind == .scalar && !$0.isNull ? $0 : nil },
        allowedValues: node["AllowedValues"].map { Array($0.items).filter { $0.kind == .scalar } } ?? [],
        noEcho: isTrue(node["NoEcho"]), node: node))
  }

  private mutating func readResource(_ entry: Entry) {
    if Intrinsic.isLoop(entry.key.text) {
      guard let made = loops.entries(of: entry) else { return generators.append(entry) }
      for item in made { readResource(item.entry, under: item.variables, hops: item.hops) }
    } else if entry.key.text == Intrinsic.Function.transform.rawValue {
      generators.append(entry)
    } else {
      readResource(entry, under: [:])
    }
  }

  private mutating func readResource(_ entry: Entry, under variables: [String: String], hops: [Hop] = []) {
    let name = LoopExpansion.text(entry.key.text, under: variables)
    let node = entry.value
    guard node.kind == .mapping else {
      diagnostics.append(
        Diagnostic(
          "resource-not-mapping", .error, "Resource '\(name)' is \(TemplateReader.noun(node)), not a mapping.",
          cure: "Write its Type and Properties.", at: entry.key.span))
      return
    }
    guard let type = node["Type"], type.kind == .scalar, !type.text.isEmpty else {
      let given = node.entry("Type")
      let near = Suggestion.nearest(to: "Type", among: node.entries.map(\.key.text))
      diagnostics.append(
        Diagnostic(
          "resource-without-type", .error, "Resource '\(name)' has no Type.",
          cure: given == nil
            ? near.map { "Write 'Type' where '\($0)' stands." } ?? "Write its Type, such as 'AWS::RDS::DBCluster'."
            : "Write the type's name as a string.",
          at: given?.value.span ?? entry.key.span))
      return
    }
    let isServerless = type.text == ServerlessFunction.type
    let properties = node.entry("Properties")
    var propertiesNode: Node?
    if let properties {
      let form = Intrinsic.form(of: properties.value)
      if properties.value.isNull {
        diagnostics.append(
          Diagnostic(
            "null-properties", .warning, "The Properties of resource '\(name)' are null.",
            cure: "Fill them, or remove the key.", at: properties.key.span))
      } else if case .call(let call) = form, call.function != .transform {
        diagnostics.append(
          Diagnostic(
            "computed-properties", .warning,
            "The Properties of resource '\(name)' are a call of '\(call.function.rawValue)', not a mapping.",
            cure: "Call the function in the single properties.", at: properties.value.span))
        propertiesNode = properties.value
      } else if properties.value.kind != .mapping {
        diagnostics.append(
          Diagnostic(
            "properties-not-mapping", .warning,
            "The Properties of resource '\(name)' are \(TemplateReader.noun(properties.value)), not a mapping.",
            cure: "Write them as a mapping.", at: properties.value.span))
        propertiesNode = properties.value
      } else {
        propertiesNode = properties.value
      }
    }
    resources.append(
      Template.Declaration(
        logicalID: name, type: isServerless ? ServerlessFunction.madeType : type.text,
        serverless: isServerless ? .function : nil, node: node,
        origin: Origin(entry.key.span, path: "Resources/" + name, kind: .resource), typeSpan: type.span,
        properties: propertiesNode, propertiesKey: properties?.key.span,
        condition: conditionName(node, of: name, under: variables), loopVariables: variables, loopHops: hops))
    if isServerless { addRole(ofFunction: name, entry, type.span, under: variables, hops) }
  }

  /// The role that SAM makes for a function that names none, under the function's name.
  private mutating func addRole(
    ofFunction name: String, _ entry: Entry, _ typeSpan: Span, under variables: [String: String], _ hops: [Hop]
  ) {
    let globals = root["Globals"]?["Function"]
    guard !ServerlessFunction.namesRole(entry.value["Properties"]), !ServerlessFunction.namesRole(globals) else {
      return
    }
    resources.append(
      Template.Declaration(
        logicalID: name + "Role", type: ServerlessRole.madeType, serverless: .role, node: entry.value,
        origin: Origin(entry.key.span, path: "Resources/" + name, kind: .resource), typeSpan: typeSpan,
        properties: nil, propertiesKey: nil, condition: resources.last?.condition, loopVariables: variables,
        loopHops: hops))
  }

  private mutating func readOutput(_ entry: Entry, under variables: [String: String]) {
    let name = LoopExpansion.text(entry.key.text, under: variables)
    let node = entry.value
    guard node.kind == .mapping, node.entry("Value") != nil else {
      diagnostics.append(
        Diagnostic(
          "output-without-value", .warning, "Output '\(name)' has no Value.", cure: "Write its Value, or remove it.",
          at: entry.key.span))
      return
    }
    outputs.append(
      Template.Output(
        name: name, node: node, origin: Origin(entry.key.span, path: "Outputs/" + name, kind: .output),
        value: node["Value"], condition: conditionName(node, of: name, under: variables),
        exportName: node["Export"]?["Name"], loopVariables: variables))
  }

  private mutating func conditionName(
    _ node: Node, of name: String, under variables: [String: String] = [:]
  ) -> String? {
    guard let condition = node["Condition"] else { return nil }
    guard condition.kind == .scalar, !condition.isNull, !condition.text.isEmpty else {
      diagnostics.append(
        Diagnostic(
          "condition-not-name", .warning,
          "The Condition of '\(name)' is \(TemplateReader.noun(condition)), not a name.",
          cure: "Declare the condition under Conditions and name it here.", at: condition.span))
      return nil
    }
    return LoopExpansion.text(condition.text, under: variables)
  }

  /// True for the keys that stand for entries made at deployment.
  static func isGenerator(_ key: String) -> Bool {
    Intrinsic.isLoop(key) || key == Intrinsic.Function.transform.rawValue
  }

  /// What a node is, with its article.
  static func noun(_ node: Node) -> String {
    if node.isNull { return "null" }
    return switch node.kind {
    case .scalar: "a scalar"
    case .sequence: "a list"
    case .mapping: "a mapping"
    }
  }
}
