import Documents
import SourceText

/// A file of template parameters: `[{"ParameterKey": …, "ParameterValue": …}]`, as `aws cloudformation` reads it, or
/// `{"Parameters": {…}}`, as CodePipeline and `aws cloudformation deploy` read it; as JSON or YAML.
struct ParameterFile {
  private(set) var parameters: [String: String] = [:]
  private(set) var diagnostics: [Diagnostic] = []

  /// Reads a file's bytes.
  init(_ source: SourceFile) {
    let reading = Document.read(source, as: source.path.hasSuffix(".json") ? .json : .yaml)
    diagnostics = reading.diagnostics
    guard let root = reading.documents.first?.root else {
      if diagnostics.isEmpty { complain("The file is empty.", at: Span(source.id, 0..<0)) }
      return
    }
    switch root.kind {
    case .sequence: for item in root.items { readItem(item) }
    case .mapping:
      guard let entry = root.entry("Parameters") else {
        complain("The file has no Parameters.", at: root.span)
        return
      }
      if entry.value.kind == .sequence {
        for item in entry.value.items { readItem(item) }
      } else {
        for entry in entry.value.entries { read(entry.key.text, entry.value) }
      }
    case .scalar: complain("The file holds no parameters.", at: root.span)
    }
  }

  private mutating func readItem(_ item: Node) {
    // `Name=Value`, as CodePipeline and `deploy --parameter-overrides` take them too.
    if item.kind == .scalar, let equals = item.text.firstIndex(of: "=") {
      parameters[String(item.text[..<equals])] = String(item.text[item.text.index(after: equals)...])
      return
    }
    guard let key = item["ParameterKey"], key.kind == .scalar else {
      return complain("An element of the list has no ParameterKey.", at: item.span)
    }
    // The value that the stack has already is nothing that can be known here.
    if let previous = item["UsePreviousValue"], previous.text.lowercased() == "true" { return }
    guard let value = item["ParameterValue"] else {
      return complain("Parameter '\(key.text)' has no ParameterValue.", at: item.span)
    }
    read(key.text, value)
  }

  private mutating func read(_ name: String, _ value: Node) {
    switch value.kind {
    case .scalar where !value.isNull: parameters[name] = value.text
    case .sequence where value.items.allSatisfy({ $0.kind == .scalar }):
      parameters[name] = value.items.map(\.text).joined(separator: ",")
    default: complain("The value of parameter '\(name)' is no string.", at: value.span)
    }
  }

  private mutating func complain(_ message: String, at span: Span) {
    diagnostics.append(
      Diagnostic(
        "malformed-parameters", .error, message,
        cure: #"Write [{"ParameterKey": "Stage", "ParameterValue": "prod"}] or {"Parameters": {"Stage": "prod"}}."#,
        at: span))
  }
}
