import Documents
import SourceText
import Values

/// One CloudFormation template: its sections, by name and in the order of writing.
package struct Template: Sendable {
  /// What was read.
  package let document: Document
  /// The name of the mapping behind `Transform`: `AWS::LanguageExtensions`, `AWS::Serverless-2016-10-31`, a macro.
  package let transforms: [Transform]
  /// The section Parameters.
  package let parameters: [Parameter]
  /// The section Mappings.
  package let mappings: [Section]
  /// The section Conditions.
  package let conditions: [Section]
  /// The section Resources, with its loops written out.
  package let resources: [Declaration]
  /// The section Outputs.
  package let outputs: [Output]
  /// The section Rules.
  package let rules: [Section]
  /// SAM's section Globals.
  package let globals: Node?
  /// The section Metadata.
  package let metadata: Node?
  /// Entries of Resources that make resources nobody can tell here: `Fn::Transform`, and `Fn::ForEach` over a list
  /// that is not written out.
  package let generators: [Entry]
  /// The names of all variables of loops in Resources.
  let loopVariableNames: Set<String>

  private let hasGeneratedNames: Bool
  private let parameterIndex: [String: Int]
  private let mappingIndex: [String: Int]
  private let conditionIndex: [String: Int]
  private let resourceIndex: [String: Int]

  /// A macro that the template asks for.
  package struct Transform: Hashable, Sendable {
    /// As written.
    package let name: String
    /// The name's place.
    package let span: Span

    /// True for the transforms of AWS whose effect on written resources is documented; false for anyone's macro.
    package var isDocumented: Bool {
      name == "AWS::LanguageExtensions" || name == "AWS::SecretsManager-2020-07-23"
        || name == "AWS::SecretsManager-2024-09-16" || isServerless || name.hasPrefix("AWS::CodeDeployBlueGreen")
    }

    /// True for SAM, which declares resources of its own.
    package var isServerless: Bool { name.hasPrefix("AWS::Serverless") }
  }

  /// An entry of Mappings, Conditions or Rules.
  package struct Section: Sendable {
    /// As written.
    package let name: String
    /// The whole value.
    package let node: Node
    /// The name's place, with the section in the path.
    package let origin: Origin
    /// The values of the variables of the `Fn::ForEach` loops that made it; empty for what is written out.
    package let loopVariables: [String: String]
  }

  /// An entry of Resources.
  package struct Declaration: Sendable {
    /// Where a loop made the resource, with the loop's variables put in.
    package let logicalID: String
    /// The value of `Type`; for SAM's functions, the type that they become.
    package let type: String
    /// What SAM makes it of or for a `AWS::Serverless::Function`; nil for what is written as it is deployed.
    let serverless: Serverless?
    /// The whole value; of a role that SAM makes, the function's.
    package let node: Node
    /// The logical id's place.
    package let origin: Origin
    /// The place of `Type`'s value.
    package let typeSpan: Span
    /// The value of `Properties`; nil when there is none or it is `null`.
    package let properties: Node?
    /// The place of the key `Properties`.
    package let propertiesKey: Span?
    /// The name of the condition under which the resource exists.
    package let condition: String?
    /// The values of the variables of the `Fn::ForEach` loops that made it; empty for what is written out.
    package let loopVariables: [String: String]
    /// What the loops took their lists from.
    package let loopHops: [Hop]
  }

  /// What SAM makes of a function.
  enum Serverless: Sendable {
    case function
    /// The role that it makes for a function without one.
    case role
  }

  /// An entry of Outputs.
  package struct Output: Sendable {
    /// As written.
    package let name: String
    /// The whole value.
    package let node: Node
    /// The name's place, with the section in the path.
    package let origin: Origin
    /// The value of `Value`.
    package let value: Node?
    /// The name of the condition under which the output exists.
    package let condition: String?
    /// The value of `Export.Name`.
    package let exportName: Node?
    /// The values of the variables of the `Fn::ForEach` loops that made it; empty for what is written out.
    package let loopVariables: [String: String]
  }

  /// What reading a document as a template yields.
  package struct Reading: Sendable {
    /// Nil when the document is no template: ``reason`` says why.
    package let template: Template?
    /// A clause without a full stop, such as `it has no Resources section`.
    package let reason: String?
    /// What is malformed, in the order of the places.
    package let diagnostics: [Diagnostic]
  }

  /// The parameter of a name.
  package func parameter(_ name: String) -> Parameter? { parameterIndex[name].map { parameters[$0] } }
  /// The mapping of a name.
  package func mapping(_ name: String) -> Section? { mappingIndex[name].map { mappings[$0] } }
  /// The condition of a name.
  package func condition(_ name: String) -> Section? { conditionIndex[name].map { conditions[$0] } }
  /// The resource with a logical id.
  package func resource(_ logicalID: String) -> Declaration? { resourceIndex[logicalID].map { resources[$0] } }
  /// The position of a resource among ``resources``.
  package func position(ofResource logicalID: String) -> Int? { resourceIndex[logicalID] }
  /// The position of a condition among ``conditions``.
  package func position(ofCondition name: String) -> Int? { conditionIndex[name] }

  /// True where names may be declared by a macro or by SAM, so that an undeclared one is no mistake.
  package var mayDeclareMore: Bool {
    !generators.isEmpty || hasGeneratedNames || transforms.contains { $0.isServerless || !$0.isDocumented }
  }

  /// Why a document is no template: a clause without a full stop; nil when it is one. A template has
  /// `AWSTemplateFormatVersion`, or Resources of which at least one has a `Type`.
  package static func refusal(of document: Document) -> String? {
    guard let root = document.root else { return "it is empty" }
    guard root.kind == .mapping else { return "it is not a mapping at the top" }
    if root.entry("AWSTemplateFormatVersion") != nil { return nil }
    guard let resources = root["Resources"] else { return "it has neither AWSTemplateFormatVersion nor Resources" }
    guard resources.kind == .mapping else { return "its Resources are not a mapping" }
    let hasType = resources.entries.contains { entry in
      if Intrinsic.isLoop(entry.key.text) { return true }
      guard let type = entry.value["Type"], type.kind == .scalar else { return false }
      return type.text.utf8.contains(UInt8(ascii: ":"))
    }
    return hasType ? nil : "none of its Resources has a Type"
  }

  /// Reads a document as a template, and says what is malformed in it.
  package static func read(_ document: Document) -> Reading { read(document, lists: [:], included: [:]) }

  /// Reads a document where something is known of its list parameters and of the files that it includes.
  static func read(
    _ document: Document, lists: [String: LoopExpansion.List], included: [String: Node]
  ) -> Reading {
    if let reason = refusal(of: document) { return Reading(template: nil, reason: reason, diagnostics: []) }
    guard let root = document.root else { return Reading(template: nil, reason: "it is empty", diagnostics: []) }
    var reader = TemplateReader(root: root, lists: lists, included: included)
    reader.read()
    let template = Template(document: document, reader: reader)
    var check = TemplateCheck(template, diagnostics: reader.diagnostics)
    check.run()
    return Reading(template: template, reason: nil, diagnostics: check.sortedDiagnostics)
  }

  private init(document: Document, reader: TemplateReader) {
    self.document = document
    transforms = reader.transforms
    parameters = reader.parameters
    mappings = reader.mappings
    conditions = reader.conditions
    resources = reader.resources
    outputs = reader.outputs
    rules = reader.rules
    metadata = reader.metadata
    globals = reader.globals
    generators = reader.generators
    hasGeneratedNames = reader.hasGeneratedNames
    loopVariableNames = reader.loops.variableNames
    parameterIndex = Template.index(parameters.map(\.name))
    mappingIndex = Template.index(mappings.map(\.name))
    conditionIndex = Template.index(conditions.map(\.name))
    resourceIndex = Template.index(resources.map(\.logicalID))
  }

  private static func index(_ names: [String]) -> [String: Int] {
    Dictionary(names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
  }
}
