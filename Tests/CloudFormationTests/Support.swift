import Documents
import Foundation
import SourceText
import Testing
import Values

@testable import CloudFormation

/// Templates written in a test, linked. `«…»` marks regions, which are taken out before reading.
struct Linked {
  let deployment: Deployment
  let diagnostics: [Diagnostic]
  /// The marked regions of all templates, in order.
  let marks: [Span]
  private let sources: [SourceFile]

  init(
    _ templates: String..., format: DocumentFormat = .yaml, assumingDefaults: Bool = false,
    parameters: [String: String] = [:], configure: (Int, inout TemplateInput) -> Void = { _, _ in }
  ) {
    self.init(
      templates, format: format, assumingDefaults: assumingDefaults, parameters: parameters, configure: configure)
  }

  init(
    _ templates: [String], format: DocumentFormat = .yaml, assumingDefaults: Bool = false,
    parameters: [String: String] = [:], configure: (Int, inout TemplateInput) -> Void = { _, _ in }
  ) {
    var marks: [Span] = []
    var inputs: [TemplateInput] = []
    var diagnostics: [Diagnostic] = []
    var sources: [SourceFile] = []
    for (index, template) in templates.enumerated() {
      let id = FileID(Int32(index))
      let (bytes, spans) = Linked.unmarked(template, id)
      marks += spans
      let source = SourceFile(id: id, path: "t\(index).yaml", bytes: bytes)
      sources.append(source)
      let reading = Document.read(source, as: format)
      diagnostics += reading.diagnostics
      guard let document = reading.documents.first else { continue }
      var input = TemplateInput(document: document, stackName: "stack\(index)", parameters: parameters)
      configure(index, &input)
      inputs.append(input)
    }
    let linked = Deployment.link(inputs, options: LinkOptions(assumesDefaults: assumingDefaults))
    deployment = linked.deployment
    self.diagnostics = diagnostics + linked.diagnostics
    self.marks = marks
    self.sources = sources
  }

  private static func unmarked(_ text: String, _ file: FileID) -> ([UInt8], [Span]) {
    var bytes: [UInt8] = []
    var open: [(start: Int, slot: Int)] = []
    var spans: [Span?] = []
    for scalar in text.unicodeScalars {
      switch scalar {
      case "«":
        open.append((bytes.count, spans.count))
        spans.append(nil)
      case "»":
        if let (start, slot) = open.popLast() { spans[slot] = Span(file, start..<bytes.count) }
      default: bytes += Array(String(scalar).utf8)
      }
    }
    return (bytes, spans.compactMap { $0 })
  }

  func resolver(_ choices: (String, String)...) -> Resolver { Resolver(deployment, scenario: scenario(choices)) }

  /// The scenario that picks options by the subjects and labels of choices.
  func scenario(_ choices: [(String, String)]) -> Scenario {
    var scenario = Scenario.none
    for (subject, label) in choices {
      guard let choice = deployment.choices.first(where: { $0.subject == subject }),
        let option = choice.options.firstIndex(where: { $0.label == label })
      else {
        Issue.record("no choice \(subject) = \(label) among \(deployment.choices)")
        continue
      }
      scenario = scenario.assuming(choice.id, is: option)
    }
    return scenario
  }

  func id(_ logicalID: String) -> ResourceID {
    guard let resource = deployment.resources.first(where: { $0.logicalID == logicalID }) else {
      Issue.record("no resource \(logicalID)")
      return ResourceID(0)
    }
    return resource.id
  }

  func value(_ logicalID: String, _ property: String, _ choices: (String, String)...) -> ResolvedValue {
    Resolver(deployment, scenario: scenario(choices)).property(property, of: id(logicalID))
  }

  /// The value in the tests' notation.
  func shown(_ logicalID: String, _ property: String, _ choices: (String, String)...) -> String {
    show(Resolver(deployment, scenario: scenario(choices)).property(property, of: id(logicalID)).content)
  }

  func text(_ span: Span?) -> String {
    guard let span else { return "" }
    return sources[Int(span.file.rawValue)].text(span)
  }

  /// `'text'`, `Ref Key`, `GetAtt Key.Arn`, `"a${…}"`, `[x, y?]`, `{K: v}`, `unknown: reasons`.
  func show(_ content: Content) -> String {
    switch content {
    case .absent: "absent"
    case .unknown(let unknown): "unknown: " + unknown.reasons.map { "\($0.kind.rawValue)" }.joined(separator: ", ")
    case .scalar(let text, _): "'\(text)'"
    case .reference(let id, nil): "Ref \(deployment.resource(id).logicalID)"
    case .reference(let id, let attribute?): "GetAtt \(deployment.resource(id).logicalID).\(attribute)"
    case .template(let parts): "\"" + parts.map(show).joined() + "\""
    case .dynamicReference(let reference): show(reference)
    case .list(let elements, let residual):
      "["
        + (elements.map { show($0.value.content) + ($0.membership == nil ? "" : "?") } + (residual == nil ? [] : ["…"]))
        .joined(separator: ", ") + "]"
    case .map(let entries, let residual):
      "{"
        + (entries.map { "\($0.key)\($0.membership == nil ? "" : "?"): \(show($0.value.content))" }
        + (residual == nil ? [] : ["…"])).joined(separator: ", ") + "}"
    }
  }

  private func show(_ reference: DynamicReference) -> String {
    "<\(reference.kind.rawValue) \(reference.key.map(show).joined())>"
  }

  private func show(_ part: TemplatePart) -> String {
    switch part {
    case .literal(let text): text
    case .pseudo(let name): "${\(name)}"
    case .reference(let id, nil): "${\(deployment.resource(id).logicalID)}"
    case .reference(let id, let attribute?): "${\(deployment.resource(id).logicalID).\(attribute)}"
    case .unknown(let unknown): "${?\(unknown.reasons.map(\.kind.rawValue).joined(separator: ","))}"
    case .dynamicReference(let reference): show(reference)
    }
  }
}

/// Material beside the package, which not every checkout has.
enum Shared {
  /// `shared` beside the package; beside the main checkout, where this one is a worktree further down.
  static let root: URL = {
    let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let beside = package.deletingLastPathComponent().appendingPathComponent("shared")
    if FileManager.default.fileExists(atPath: beside.path) { return beside }
    return package.deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("shared")
  }()

  static func has(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: root.appendingPathComponent(path).path)
  }

  static func document(_ path: String, _ file: Int32, _ format: DocumentFormat) throws -> Document {
    let bytes = try Array(Data(contentsOf: root.appendingPathComponent(path)))
    let reading = Document.read(SourceFile(id: FileID(file), path: path, bytes: bytes), as: format)
    #expect(reading.diagnostics.isEmpty, "\(path): \(reading.diagnostics)")
    return try #require(reading.documents.first)
  }

  static func files(_ path: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: root.appendingPathComponent(path).path).sorted()
  }
}
