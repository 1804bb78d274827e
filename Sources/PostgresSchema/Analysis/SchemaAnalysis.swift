import Dispatch
import SourceText
import Synchronization
import Values

/// What the policies and audit functions of a schema do, analysed when it is first asked for and then remembered.
package final class SchemaAnalysis: Sendable {
  let catalogue: Catalogue
  let functions: FunctionBodies
  /// Positions of views by their qualified names.
  let views: [String: Int]
  /// Positions of types by their names, with their schemas and without: the first of a name.
  private let types: [String: Int]
  private let remembered = Mutex(Remembered())
  private let rememberedClauses = Mutex<[PolicyClause]?>(nil)

  private struct Remembered {
    var auditing: [Int: AuditFunction] = [:]
    var text: StatementText?
    var features: [VersionFeature]?
    var rowUses: [Int: RowUse] = [:]
    var relations: [Int: BodyRelations] = [:]
  }

  package init(_ catalogue: Catalogue) {
    self.catalogue = catalogue
    functions = FunctionBodies(catalogue)
    views = Dictionary(
      catalogue.views.enumerated().map { ($1.name.description, $0) }, uniquingKeysWith: { first, _ in first })
    types = Dictionary(
      catalogue.types.enumerated().flatMap { [($1.name.description, $0), ($1.name.name, $0)] },
      uniquingKeysWith: { first, _ in first })
  }

  /// A view by its qualified name.
  package func view(named name: String) -> View? { views[name].map { catalogue.views[$0] } }

  /// A type by the name that a column gives it, with or without its schema.
  package func type(named name: String) -> UserType? { types[name].map { catalogue.types[$0] } }

  /// The written clauses of all policies, in the order of tables and policies, USING first.
  package var clauses: [PolicyClause] {
    // Whoever asks meanwhile waits, rather than reading them all once more.
    rememberedClauses.withLock { remembered in
      if let remembered { return remembered }
      let share = 64
      let parts = Mutex([[PolicyClause]](repeating: [], count: (catalogue.tables.count + share - 1) / share))
      DispatchQueue.concurrentPerform(iterations: parts.withLock(\.count)) { part in
        let tables = part * share..<min((part + 1) * share, catalogue.tables.count)
        let clauses = tables.flatMap { self.clauses(ofTable: $0) }
        parts.withLock { $0[part] = clauses }
      }
      let clauses = parts.withLock { $0.flatMap { $0 } }
      remembered = clauses
      return clauses
    }
  }

  private func clauses(ofTable table: Int) -> [PolicyClause] {
    catalogue.tables[table].policies.enumerated().flatMap { index, policy in
      let using = policy.using.map { PolicyClause($0, .using, table: table, policy: index, functions) }
      let check = policy.withCheck.map { PolicyClause($0, .withCheck, table: table, policy: index, functions) }
      return [using, check].compactMap { $0 }
    }
  }

  /// What a trigger function records, by its position in ``Catalogue/functions``.
  package func auditing(of function: Int) -> AuditFunction {
    if let known = remembered.withLock({ $0.auditing[function] }) { return known }
    let result = AuditFunction(function, catalogue, functions)
    remembered.withLock { $0.auditing[function] = result }
    return result
  }

  /// What the statements say word by word.
  package var text: StatementText {
    if let known = remembered.withLock({ $0.text }) { return known }
    let text = StatementText(catalogue.sources)
    remembered.withLock { $0.text = text }
    return text
  }

  /// What in the SQL older versions of PostgreSQL do not know.
  package var features: [VersionFeature] {
    if let known = remembered.withLock({ $0.features }) { return known }
    let features = VersionFeature.find(in: catalogue.sources, hasPgcrypto: catalogue.hasExtension("pgcrypto"))
    remembered.withLock { $0.features = features }
    return features
  }

  /// The fields of its row that a trigger function names, by its position in ``Catalogue/functions``.
  package func rowUse(of function: Int) -> RowUse {
    if let known = remembered.withLock({ $0.rowUses[function] }) { return known }
    let use = RowUse(catalogue.functions[function])
    remembered.withLock { $0.rowUses[function] = use }
    return use
  }

  /// The relations that a function's body names, by its position in ``Catalogue/functions``.
  package func relations(ofFunction function: Int) -> BodyRelations {
    if let known = remembered.withLock({ $0.relations[function] }) { return known }
    let relations = BodyRelations(function, in: self)
    remembered.withLock { $0.relations[function] = relations }
    return relations
  }
}
