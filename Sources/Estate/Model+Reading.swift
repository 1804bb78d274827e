import CEL
import Documents
import SourceText

extension Model {
  /// Reads the model files. A model file's mistakes are its authors' (tests hold that ours has none): each is a
  /// diagnostic, and the member or type it spoils is left out.
  package static func read(_ documents: [Document]) -> (model: Model, diagnostics: [Diagnostic]) {
    var reader = ModelReader()
    for document in documents { reader.read(document) }
    return (Model(types: reader.types, tables: reader.tables), reader.diagnostics)
  }
}

/// Collects types from model documents.
private struct ModelReader {
  var types: [String: TypeModel] = [:]
  var tables: [String: DatedTable] = [:]
  var diagnostics: [Diagnostic] = []

  mutating func read(_ document: Document) {
    if let root = document.root, root["table"] != nil {
      var reader = DatedTableReader()
      if let (table, type) = reader.table(root) {
        if types[type.name] != nil { complain("type '\(type.name)' is declared twice", root) }
        types[type.name] = type
        tables[type.name] = table
      }
      diagnostics += reader.diagnostics
      return
    }
    guard let types = document.root?["types"] else {
      diagnostics.append(Diagnostic("model-syntax", .error, "A model file has 'types' at its top."))
      return
    }
    for entry in types.entries { read(type: entry.key.text, entry.value) }
  }

  private mutating func read(type name: String, _ node: Node) {
    var members: [String: MemberModel] = [:]
    for section in node.entries {
      let kind = section.key.text
      guard ["properties", "attributes", "references", "referrers", "native", "derived", "all"].contains(kind) else {
        if !["about", "label", "source", "structure", "returns", "oneOf"].contains(kind) {
          complain("unknown key '\(kind)'", section.key)
        }
        continue
      }
      for entry in section.value.entries {
        guard let member = member(kind, entry.key.text, entry.value) else { continue }
        if members.updateValue(member, forKey: member.name) != nil {
          complain("'\(name)' has two members '\(member.name)'", entry.key)
        }
      }
    }
    if types[name] != nil { complain("type '\(name)' is declared twice", node) }
    var type = TypeModel(
      name: name, about: node["about"]?.text ?? "",
      label: node["label"]?.text ?? String(name.split(separator: ":").last ?? ""), source: node["source"]?.text,
      members: members)
    type.isStructure = node["structure"]?.text == "true" || (name.hasPrefix("AWS::") && name.contains("."))
    type.returns = strings(node["returns"])
    type.alternatives = node["oneOf"]?.items.map(\.text) ?? []
    types[name] = type
  }

  private mutating func member(_ kind: String, _ name: String, _ node: Node) -> MemberModel? {
    let typeText = node.kind == .scalar ? node.text : node["type"]?.text ?? (kind == "referrers" ? "" : "dyn")
    guard let type = kind == "referrers" || kind == "all" ? .list(.object(typeText)) : CELType(modelText: typeText)
    else {
      complain("'\(typeText)' is no type", node)
      return nil
    }
    let isRequired = node["required"]?.text == "true"
    var isOptional = node["optional"]?.text == "true"
    let source: MemberSource
    switch kind {
    case "properties":
      let defaultValue = node["default"].flatMap { value(of: $0, as: type) }
      isOptional = defaultValue == nil && !isRequired
      source = .property(default: defaultValue, isShape: node["shape"]?.text == "true")
    case "attributes":
      let defaultValue = node["default"].flatMap { value(of: $0, as: type) }
      isOptional = defaultValue == nil && !isRequired
      source = .attribute(default: defaultValue)
    case "references":
      let path = node["property"]?.text.split(separator: ".").map(String.init) ?? []
      if path.isEmpty { complain("'\(name)' names no property", node) }
      if case .list = type {} else { isOptional = !isRequired }
      source = .reference(
        ReferenceModel(
          path: path, through: strings(node["through"]), exclusion: node["unless"]?.text,
          nameProperty: node["named"]?.text))
    case "referrers":
      source = .referrers(
        ReferrersModel(
          type: typeText, property: node["property"]?.text ?? "", through: strings(node["through"]),
          pattern: node["named"]?.text))
    case "all":
      source = .all(type: typeText)
    case "native":
      source = .native
    default:
      guard let expression = node["cel"] else {
        complain("derived member '\(name)' has no 'cel'", node)
        return nil
      }
      source = .derived(expression.mappedText)
    }
    let place: String? =
      switch source {
      case .reference(let reference): reference.path.first
      default: node["at"]?.text
      }
    return MemberModel(
      name: name, type: type, isOptional: isOptional, about: node["about"]?.text ?? "", place: place, source: source)
  }

  private func strings(_ node: Node?) -> [String: String] {
    var found: [String: String] = [:]
    for entry in node?.entries.map({ $0 }) ?? [] { found[entry.key.text] = entry.value.text }
    return found
  }

  private mutating func value(of node: Node, as type: CELType) -> Value? {
    switch type {
    case .bool: return .bool(node.text == "true")
    case .int:
      if let number = Int64(node.text) { return .int(number) }
    case .string: return .string(node.text)
    case .list where node.kind == .sequence && node.items.isEmpty: return .list([])
    default: break
    }
    complain("'\(node.text)' is no default of this type", node)
    return nil
  }

  private mutating func complain(_ message: String, _ node: Node) {
    diagnostics.append(Diagnostic("model-syntax", .error, "In the model, \(message).", at: node.span))
  }
}

extension CELType {
  /// Reads a type as model and rule files write it: `string`, `list<AWS::EC2::Subnet>`, `map<string, string>`.
  /// Nil when it is not one.
  package init?(modelText: some StringProtocol) {
    let text = modelText.drop { $0 == " " }
    switch text {
    case "string": self = .string
    case "int": self = .int
    case "double": self = .double
    case "bool": self = .bool
    case "dyn": self = .dyn
    case "timestamp": self = .timestamp
    case "duration": self = .duration
    default:
      if text.hasPrefix("list<"), text.hasSuffix(">") {
        guard let element = CELType(modelText: text.dropFirst(5).dropLast()) else { return nil }
        self = .list(element)
      } else if text.hasPrefix("map<string,"), text.hasSuffix(">") {
        guard let value = CELType(modelText: text.dropFirst(11).dropLast()) else { return nil }
        self = .map(.string, value)
      } else if let first = text.first, first.isUppercase || text.contains("::"), !text.contains("<") {
        self = .object(String(text))
      } else {
        return nil
      }
    }
  }
}
