import CEL
import CloudFormation
import PostgresSchema
import SourceText
import Values

/// Everything one project declares, in both domains, as rules see it through the model. It never changes: shared by all
/// that judge it.
package final class Estate: Sendable {
  package let model: Model
  package let types: ModelTypes
  package let derived: DerivedExpressions
  package let deployment: Deployment
  package let catalogue: Catalogue
  /// What the catalogue's policies and functions do.
  package let analysis: SchemaAnalysis
  /// False when there is no SQL at all: then nothing can be said of tables.
  package let hasSchema: Bool
  /// What was replayed, where it is known.
  package let sources: [SchemaSource]
  /// The same by their files: there may be thousands.
  let sourcesByFile: [FileID: [SchemaSource]]
  /// The SQL in functions' inline code.
  package let inlineSchemas: [InlineSchema]
  /// Who may do what, as statements granted it.
  let privileges: PrivilegeTable
  /// Why there may be more objects than the catalogue has.
  let doubts: SchemaDoubts
  /// The date to judge by as `yyyy-mm-dd`; nil where none is given.
  package let asOf: String?
  /// The parameters of all templates, in the order of the stacks.
  let parameters: [ParameterReference]
  /// The outputs of all templates, in the order of the stacks.
  let outputs: [DeclaredOutput]
  /// What no report may show: see ``Deployment/hiddenTexts``.
  package let hiddenTexts: [String]
  /// The structures inside properties that have been read so far.
  let structures = StructureTable()
  /// Where SQL can be added to the files that have been asked for so far.
  let scriptEnds = ScriptEndTable()

  /// Joins what was read. The model comes compiled, for it is the same for every estate.
  package init(
    _ compiled: CompiledModel, deployment: Deployment, catalogue: Catalogue, hasSchema: Bool,
    sources: [SchemaSource] = [], inlineSchemas: [InlineSchema] = [], asOf: String? = nil
  ) {
    model = compiled.model
    types = compiled.types
    derived = compiled.derived
    self.deployment = deployment
    hiddenTexts = deployment.hiddenTexts
    self.catalogue = catalogue
    analysis = SchemaAnalysis(catalogue)
    self.hasSchema = hasSchema
    self.sources = sources
    sourcesByFile = Dictionary(grouping: sources, by: \.file)
    self.inlineSchemas = inlineSchemas
    privileges = PrivilegeTable(catalogue)
    doubts = SchemaDoubts(catalogue)
    self.asOf = asOf
    parameters = deployment.stacks.flatMap { stack in
      stack.template.parameters.map { ParameterReference(stack: stack.id, name: $0.name) }
    }
    outputs = deployment.stacks.flatMap { stack in
      stack.template.outputs.map { DeclaredOutput(stack: stack.id, declaration: $0) }
    }
  }

  /// The first source in which a place of the SQL stands.
  func source(holding span: Span, where isMeant: (SchemaSource) -> Bool = { _ in true }) -> SchemaSource? {
    sourcesByFile[span.file]?.first { isMeant($0) && $0.holds(span) }
  }

  /// An output of one stack.
  struct DeclaredOutput: Sendable {
    let stack: StackID
    let declaration: Template.Output
  }

  /// Where an object stands: its stack's position in the deployment, and its own. Nil for structures, tags, and what is
  /// neither a resource nor a part of a table.
  package func position(of object: ObjectValue) -> Position? {
    guard Model.isResource(object.typeName), !model.isStructure(object.typeName) else {
      return table(holding: object).map { Position(stack: nil, index: Int32($0)) }
    }
    let resource = deployment.resource(ResourceID(object.id))
    return Position(stack: resource.stack.rawValue, index: resource.id.rawValue)
  }

  /// Where an object stands.
  package struct Position {
    /// Nil for tables and their parts.
    package let stack: Int32?
    /// The resource's number, or that of the table.
    package let index: Int32
  }

  /// The table that an object is, or is a part of.
  private func table(holding object: ObjectValue) -> Int? {
    switch object.typeName {
    case "sql::Table", "sql::ManagedPartitioning": return Int(object.id)
    case "sql::Column", "sql::Policy", "sql::Trigger", "sql::Constraint", "sql::Index": return TablePart(object).table
    case "sql::Grant":
      let index = Int(object.id)
      guard privileges.entries.indices.contains(index), privileges.entries[index].kind == .table else { return nil }
      return privileges.entries[index].object
    default: return nil
    }
  }

  /// The value of the variable `estate`.
  package var root: Value { .object(ObjectValue(Model.estate, 0)) }

  /// The options of a choice, by index.
  package func options(of choice: ChoiceID) -> Range<Int> {
    0..<deployment.choice(choice).options.count
  }

  package func isFeasible(_ scenario: Scenario) -> Bool { deployment.isFeasible(scenario) }

  /// What a scenario assumes, as a clause: `Stage is 'dev' and Region is 'us-east-1'`.
  package func describe(_ assignments: [Scenario.Assignment]) -> String {
    let scenario = assignments.reduce(Scenario.none) { $0.assuming($1.choice, is: $1.option) }
    return deployment.describe(scenario).joined(separator: " and ")
  }

  /// The schema's tables as values, in the order they were created.
  var tables: ListValue {
    ListValue(
      elements: catalogue.tables.indices.map {
        ListValue.Element(
          .object(ObjectValue("sql::Table", Int32($0))), membership: catalogue.tables[$0].uncertainty[.existence])
      }, residual: catalogue.moreTables)
  }
}

/// A model with what is made of it once per process: its types for the checker and its derived members.
package struct CompiledModel: Sendable {
  package let model: Model
  package let types: ModelTypes
  package let derived: DerivedExpressions
  /// What calls to functions of extensions do, for the SQL of examples: read only when one is.
  package let effects: @Sendable () -> [DeclaredEffect]

  package init(_ model: Model, effects: @escaping @Sendable () -> [DeclaredEffect] = { [] }) {
    self.model = model
    self.effects = effects
    types = ModelTypes(model)
    derived = DerivedExpressions(model, types)
  }
}

/// What identifies an element of a generator across scenarios.
package enum ElementKey: Hashable, Sendable {
  case object(ObjectValue)
  case value(Value)
  case position(Int)

  /// The element itself; nil where only its position is told.
  package var value: Value? {
    switch self {
    case .object(let object): .object(object)
    case .value(let value): value
    case .position: nil
    }
  }
}
