import SourceText
import Synchronization
import Values

/// What the policies and audit functions of a schema do, analysed when it is first asked for and then remembered.
package final class SchemaAnalysis: Sendable {
  let catalogue: Catalogue
  let functions: FunctionBodies
  /// Positions of views by their qualified names.
  let views: [String: Int]
  private let remembered = Mutex(Remembered())

  private struct Remembered {
    var clauses: [PolicyClause]?
    var auditing: [Int: AuditFunction] = [:]
    var text: StatementText?
    var features: [VersionFeature]?
    var rowUses: [Int: RowUse] = [:]
  }

  package init(_ catalogue: Catalogue) {
    self.catalogue = catalogue
    functions = FunctionBodies(catalogue)
    views = Dictionary(
      catalogue.views.enumerated().map { ($1.name.description, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The written clauses of all policies, in the order of tables and policies, USING first.
  package var clauses: [PolicyClause] {
    if let known = remembered.withLock({ $0.clauses }) { return known }
    var clauses: [PolicyClause] = []
    for (tableIndex, table) in catalogue.tables.enumerated() {
      for (index, policy) in table.policies.enumerated() {
        if let using = policy.using {
          clauses.append(PolicyClause(using, .using, table: tableIndex, policy: index, functions))
        }
        if let check = policy.withCheck {
          clauses.append(PolicyClause(check, .withCheck, table: tableIndex, policy: index, functions))
        }
      }
    }
    remembered.withLock { $0.clauses = clauses }
    return clauses
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
}
