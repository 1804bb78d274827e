import CPgQuery
import SourceText
import Values

extension Replay {
  /// A new sequence, with the default privileges of its creator.
  mutating func addSequence(
    _ name: QualifiedName, ownedBy: DatabaseSequence.OwningColumn?, owner: String?, _ origin: Origin
  ) -> Int {
    var sequence = DatabaseSequence(name: name, origin: origin, owner: Fact(owner, at: origin), ownedBy: ownedBy)
    applyDefaults("sequences", to: &sequence, schema: name.schema)
    state.sequences.append(sequence)
    let slot = state.sequences.count - 1
    state.relations[name] = .sequence(slot)
    if let ownedBy { state.link(sequence: slot, to: ownedBy.table) }
    return slot
  }

  /// The sequence behind a serial or identity column, under the name PostgreSQL chooses, or the one that the options
  /// of GENERATED … AS IDENTITY give (`SEQUENCE NAME`, which dumps write).
  mutating func addSequence(
    behind column: String, of slot: Int, _ origin: Origin, options: [Node] = []
  ) -> QualifiedName? {
    guard let table = state.name(ofTable: slot) else { return nil }
    let owner = state.tables[slot]?.owner.value
    let given = options.lazy.compactMap { $0.defElem?.pointee }.first { text($0.defname) == "sequence_name" }
    if let parts = given?.arg?.listItems.compactMap(\.string), let last = parts.last {
      let name = QualifiedName(parts.count > 1 ? parts[parts.count - 2] : table.schema, last)
      _ = addSequence(
        name, ownedBy: DatabaseSequence.OwningColumn(table: slot, column: column), owner: owner, origin)
      return name
    }
    let name = ObjectNames.choose(table.name, column, "seq") { name in
      let qualified = QualifiedName(table.schema, name)
      return state.relations[qualified] != nil || state.indexNames[qualified] != nil
    }
    let qualified = QualifiedName(table.schema, name)
    _ = addSequence(
      qualified, ownedBy: DatabaseSequence.OwningColumn(table: slot, column: column), owner: owner, origin)
    return qualified
  }

  func sequences(ownedBy slot: Int, column: String? = nil) -> [Int] {
    (state.sequencesByTable[slot] ?? []).filter { index in
      guard let owner = state.sequences[index]?.ownedBy, owner.table == slot else { return false }
      return column == nil || owner.column == column
    }
  }

  mutating func removeSequence(_ slot: Int) {
    guard let sequence = state.sequences[slot] else { return }
    state.relations[sequence.name] = nil
    state.sequences[slot] = nil
  }

  mutating func move(sequence slot: Int, to schema: String) {
    guard let name = state.sequences[slot]?.name else { return }
    state.relations[name] = nil
    state.sequences[slot]?.name.schema = schema
    state.relations[QualifiedName(schema, name.name)] = .sequence(slot)
  }

  /// OWNED BY of CREATE and ALTER SEQUENCE.
  mutating func setOwningColumn(_ options: [Node], ofSequence slot: Int) {
    for node in options {
      guard let option = node.defElem?.pointee, text(option.defname) == "owned_by" else { continue }
      let parts = option.arg?.listItems.compactMap(\.string) ?? []
      guard parts.count > 1, case .table(let table)? = resolve(parts.dropLast()) else {
        state.sequences[slot]?.ownedBy = nil
        continue
      }
      state.sequences[slot]?.ownedBy = DatabaseSequence.OwningColumn(table: table, column: parts[parts.count - 1])
      state.link(sequence: slot, to: table)
    }
  }

  /// SET SCHEMA of a table: its indexes and the sequences of its columns go with it.
  mutating func move(table slot: Int, to schema: String) {
    guard let table = state.tables[slot] else { return }
    state.rename(slot, to: QualifiedName(schema, table.name.name))
    for index in table.indexes {
      state.indexNames[QualifiedName(table.name.schema, index.name)] = nil
      state.indexNames[QualifiedName(schema, index.name)] = slot
    }
    for sequence in sequences(ownedBy: slot) { move(sequence: sequence, to: schema) }
  }
}
