import CloudFormation
import Documents
import PostgresSchema
import SourceText

extension Estate {
  /// A small project of one template and one SQL file, as examples of rules are: linked and replayed like any other.
  ///
  /// - Parameters:
  ///   - compiled: the model.
  ///   - template: CloudFormation: JSON by its name, else YAML.
  ///   - schema: SQL.
  ///   - parameters: values of the template's parameters.
  ///   - stackTags: the tags of the template's stack; nil for a template on its own, whose stack's tags nobody knows.
  ///   - account: the account the template's stack is for, twelve digits; nil where nobody knows.
  ///   - asOf: the date to judge by.
  /// - Returns: the estate, and what is wrong with the inputs.
  package static func sample(
    _ compiled: CompiledModel, template: SourceFile?, schema: SourceFile?, parameters: [String: String] = [:],
    stackTags: [String: String]? = nil, account: String? = nil, asOf: String? = nil
  ) -> (estate: Estate, diagnostics: [Diagnostic]) {
    var diagnostics: [Diagnostic] = []
    var inputs: [TemplateInput] = []
    var sources: [SQLSource] = []
    if let template {
      let reading = Document.read(template, as: template.path.hasSuffix(".json") ? .json : .yaml)
      diagnostics += reading.diagnostics
      inputs = reading.documents.filter { $0.root != nil }.map {
        TemplateInput(
          document: $0, stackName: "Example", isStackNameKnown: stackTags != nil, tags: stackTags ?? [:],
          tagsKnown: stackTags != nil, account: account, parameters: parameters)
      }
    }
    let (deployment, linking) = Deployment.link(inputs)
    diagnostics += linking
    if let schema { sources.append(SQLSource(schema)) }
    let inline = InlineSchema.find(in: deployment)
    sources += inline.flatMap(\.sources)
    var options = ReplayOptions()
    options.effects = compiled.effects()
    let (catalogue, replay) = Catalogue.replay(sources, options: options)
    diagnostics += replay
    return (
      Estate(
        compiled, deployment: deployment, catalogue: catalogue, hasSchema: !sources.isEmpty,
        sources: (schema.map { [SchemaSource(file: $0.id)] } ?? [])
          + inline.map { SchemaSource(code: $0.code, of: $0.function) },
        inlineSchemas: inline, asOf: asOf), diagnostics
    )
  }
}
