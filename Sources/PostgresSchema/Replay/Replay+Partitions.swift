import Values

extension Replay {
  /// Slots of the partitions below a table, whole subtrees.
  func partitions(of slot: Int) -> [Int] {
    guard state.tables[slot]?.kind == .partitionedTable else { return [] }
    return state.descendants(of: slot).filter { state.tables[$0]?.isPartition == true }
  }

  /// A partition gets an index for each of the partitioned table's that it has none like.
  mutating func inheritIndexes(from parent: Int, to child: Int) {
    guard let source = state.tables[parent] else { return }
    for constraint in source.constraints where constraint.kind != .check {
      inheritKey(constraint, named: source.nameParts(of: constraint), to: child)
    }
    let behindConstraints = Set(source.constraints.map(\.name))
    for index in source.indexes where !behindConstraints.contains(index.name) { copy(index, to: child) }
    for partition in partitions(of: child) { inheritIndexes(from: parent, to: partition) }
  }

  /// A key or foreign key of the partitioned table, under the name PostgreSQL chooses for the partition's.
  mutating func inheritKey(_ constraint: Constraint, named parts: [String]? = nil, to child: Int) {
    guard let table = state.tables[child] else { return }
    if let twin = table.constraints.firstIndex(where: { $0.kind == constraint.kind && $0.columns == constraint.columns }
    ) {
      state.tables[child]?.constraints[twin].isInherited = true
      return
    }
    var copy = constraint
    let parts = parts ?? constraint.columns
    let joined = parts.joined(separator: "_")
    switch constraint.kind {
    case .primaryKey: copy.name = ObjectNames.choose(table.name.name, nil, "pkey") { isTaken($0, on: child) }
    case .unique: copy.name = ObjectNames.choose(table.name.name, joined, "key") { isTaken($0, on: child) }
    case .exclusion: copy.name = ObjectNames.choose(table.name.name, joined, "excl") { isTaken($0, on: child) }
    case .foreignKey, .check:
      if table.constraint(named: constraint.name) != nil { return }
    }
    copy.isInherited = true
    state.add(copy, to: child)
    addIndex(of: copy, to: child, nameParts: parts)
    guard constraint.kind == .primaryKey else { return }
    for index in table.columns.indices where constraint.columns.contains(table.columns[index].name) {
      if !table.columns[index].isNotNull.value {
        state.tables[child]?.columns[index].isNotNull = Fact(true, at: constraint.origin)
      }
    }
  }

  /// An index like another table's, under a generated name (LIKE INCLUDING INDEXES, partitions).
  mutating func copy(_ index: Index, to slot: Int) {
    guard let table = state.tables[slot] else { return }
    let isThere = table.indexes.contains { other in
      other.columns == index.columns && other.isUnique == index.isUnique && other.method == index.method
        && (other.predicate == nil) == (index.predicate == nil)
    }
    // A partition's own index of the kind is taken over.
    if isThere, table.isPartition { return }
    var copy = index
    let parts = index.nameParts.isEmpty ? index.columns : index.nameParts
    copy.name = ObjectNames.choose(table.name.name, parts.joined(separator: "_"), "idx") { isTaken($0, on: slot) }
    state.indexNames[QualifiedName(table.name.schema, copy.name)] = slot
    state.tables[slot]?.indexes.append(copy)
  }
}
