/// Which relation a name means: tables, views and sequences of one schema share their names.
struct RelationNames {
  typealias Relation = ReplayState.Relation

  /// By the name within its schema first: questions to the catalogue often give no schema.
  private var schemas: [String: [String: Relation]] = [:]

  subscript(name: QualifiedName) -> Relation? {
    get { schemas[name.name]?[name.schema] }
    set {
      schemas[name.name, default: [:]][name.schema] = newValue
      if newValue == nil, schemas[name.name]?.isEmpty == true { schemas[name.name] = nil }
    }
  }

  /// The slots of the tables of a name, in any schema.
  func tables(named name: String) -> [Int] {
    guard let found = schemas[name] else { return [] }
    return found.values.compactMap { if case .table(let slot) = $0 { slot } else { nil } }.sorted()
  }

  /// The slots of the views of a name, in any schema.
  func views(named name: String) -> [Int] {
    guard let found = schemas[name] else { return [] }
    return found.values.compactMap { if case .view(let slot) = $0 { slot } else { nil } }.sorted()
  }
}
