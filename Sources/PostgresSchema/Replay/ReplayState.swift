/// The catalogue while statements change it: objects keep their slots, so that what refers to them follows renames,
/// and a dropped object leaves a hole.
struct ReplayState {
  enum Relation: Hashable {
    case table(Int), view(Int), sequence(Int)
  }

  var tables: [Table?] = []
  /// The names of ``tables``: a name is asked for more often than all else, and to look into a table is to copy it.
  private var tableNames: [QualifiedName?] = []
  var views: [View?] = []
  var functions: [Function?] = []
  var sequences: [DatabaseSequence?] = []
  var relations = RelationNames()
  /// Slots of the tables that go with the session.
  private(set) var temporaryTables: [Int] = []
  /// Slots of all functions of a name.
  var functionsByName: [QualifiedName: [Int]] = [:]
  /// The views that read a table, by its slot.
  var viewsByTable: [Int: [Int]] = [:]
  /// Names of indexes by schema: generated names must not repeat them.
  var indexNames: [QualifiedName: Int] = [:]
  /// Everything that no other object refers to by slot.
  var catalogue = Catalogue()
  var schemaPositions: [String: Int] = [:]
  var rolePositions: [String: Int] = [:]
  var typeNames: Set<QualifiedName> = []

  /// Slots of tables that inherit from a table or are its partitions, in order, whole subtrees.
  func descendants(of slot: Int) -> [Int] {
    var result: [Int] = []
    var seen: Set<Int> = [slot]
    var open = children[slot] ?? []
    var next = 0
    while next < open.count {
      let child = open[next]
      next += 1
      guard tables[child] != nil, seen.insert(child).inserted else { continue }
      result.append(child)
      open += children[child] ?? []
    }
    return result
  }

  /// Slots of a table's children.
  private(set) var children: [Int: [Int]] = [:]

  mutating func link(child: Int, to parent: Int) {
    tables[child]?.parents.append(parent)
    children[parent, default: []].append(child)
  }

  mutating func unlink(child: Int, from parent: Int) {
    tables[child]?.parents.removeAll { $0 == parent }
    children[parent]?.removeAll { $0 == child }
  }

  /// Slots of the sequences that columns of a table own, or owned once, in order.
  private(set) var sequencesByTable: [Int: [Int]] = [:]

  mutating func link(sequence: Int, to table: Int) {
    var sequences = sequencesByTable[table] ?? []
    guard !sequences.contains(sequence) else { return }
    sequences.append(sequence)
    sequencesByTable[table] = sequences.sorted()
  }

  /// Slots of the tables with foreign keys to a table, or that had some once.
  private(set) var referringTables: [Int: Set<Int>] = [:]

  mutating func add(_ constraint: Constraint, to table: Int) {
    tables[table]?.constraints.append(constraint)
    if let target = constraint.reference?.table { referringTables[target, default: []].insert(table) }
  }

  /// The name of a table; nil for one that was dropped.
  func name(ofTable slot: Int) -> QualifiedName? { tableNames[slot] }

  mutating func add(_ table: Table) -> Int {
    tables.append(table)
    tableNames.append(table.name)
    relations[table.name] = .table(tables.count - 1)
    if table.isTemporary { temporaryTables.append(tables.count - 1) }
    return tables.count - 1
  }

  /// An assumed table is created after all: it keeps its slot and what was done to it.
  mutating func create(_ table: Table, inPlaceOf slot: Int) -> Int {
    guard let assumed = tables[slot] else { return add(table) }
    var table = table
    table.usedBeforeCreation = assumed.origin
    table.policies = assumed.policies
    table.triggers = assumed.triggers
    table.grants = assumed.grants
    // Scripts in whatever order: constraints and indexes that were added before the table was made.
    table.constraints += assumed.constraints.filter { added in !table.constraints.contains { $0.name == added.name } }
    table.indexes += assumed.indexes.filter { added in !table.indexes.contains { $0.name == added.name } }
    if assumed.rowSecurity.uncertainty == nil { table.rowSecurity = assumed.rowSecurity }
    if assumed.forceRowSecurity.uncertainty == nil { table.forceRowSecurity = assumed.forceRowSecurity }
    tables[slot] = table
    return slot
  }

  mutating func rename(_ slot: Int, to name: QualifiedName) {
    guard let old = self.name(ofTable: slot) else { return }
    relations[old] = nil
    tables[slot]?.name = name
    tableNames[slot] = name
    relations[name] = .table(slot)
    renameMentions(of: old, to: name)
  }

  /// The tables and views whose policies and queries mention a relation, by its name, or did so once.
  private var mentioning: [String: Set<Relation>] = [:]

  mutating func note(_ mentions: [Mention], by relation: Relation) {
    for mention in mentions { mentioning[mention.name, default: []].insert(relation) }
  }

  /// Views and policies read a relation whatever it is called.
  mutating func renameMentions(of old: QualifiedName, to new: QualifiedName) {
    let (before, after) = (old.description, new.description)
    guard let relations = mentioning.removeValue(forKey: before) else { return }
    mentioning[after, default: []].formUnion(relations)
    for relation in relations {
      switch relation {
      case .view(let slot):
        for index in views[slot]?.relations.indices ?? 0..<0 where views[slot]?.relations[index].name == before {
          views[slot]?.relations[index].name = after
        }
      case .table(let slot):
        for policy in tables[slot]?.policies.indices ?? 0..<0 {
          let mentions = tables[slot]?.policies[policy].relations ?? []
          for index in mentions.indices where mentions[index].name == before {
            tables[slot]?.policies[policy].relations[index].name = after
          }
        }
      case .sequence: continue
      }
    }
  }

  mutating func endSession() {
    for slot in temporaryTables { removeTable(slot) }
    temporaryTables = []
  }

  mutating func removeTable(_ slot: Int) {
    guard let table = tables[slot] else { return }
    relations[table.name] = nil
    for parent in table.parents { unlink(child: slot, from: parent) }
    for index in table.indexes { indexNames[QualifiedName(table.name.schema, index.name)] = nil }
    tables[slot] = nil
    tableNames[slot] = nil
  }

  mutating func removeView(_ slot: Int) {
    guard let view = views[slot] else { return }
    relations[view.name] = nil
    views[slot] = nil
  }

  /// The catalogue with its holes closed and every reference pointing to the new positions.
  func finished() -> Catalogue {
    var result = catalogue
    let tablePositions = positions(tables)
    let functionPositions = positions(functions)
    func point(_ trigger: Trigger) -> Trigger {
      var trigger = trigger
      trigger.function = trigger.function.flatMap { functionPositions[$0] }
      trigger.clonedFrom = trigger.clonedFrom.flatMap { tablePositions[$0] }
      if let position = trigger.function { trigger.functionName = result.functions[position].name }
      return trigger
    }
    result.functions = functions.compactMap { function in
      guard var function else { return nil }
      for index in function.auditTables.indices {
        function.auditTables[index].table = function.auditTables[index].table.flatMap { tablePositions[$0] }
      }
      return function
    }
    result.tables = tables.compactMap { table in
      guard var table else { return nil }
      table.parents = table.parents.compactMap { tablePositions[$0] }
      table.triggers = table.triggers.map(point)
      for index in table.constraints.indices {
        guard let target = table.constraints[index].reference?.table else { continue }
        table.constraints[index].reference?.table = tablePositions[target]
        if let name = tables[target]?.name { table.constraints[index].reference?.tableName = name }
      }
      return table
    }
    result.views = views.compactMap { view in
      guard var view else { return nil }
      view.tables = view.tables.compactMap { tablePositions[$0] }
      view.triggers = view.triggers.map(point)
      return view
    }
    result.sequences = sequences.compactMap { sequence in
      guard var sequence else { return nil }
      if let owner = sequence.ownedBy {
        sequence.ownedBy = tablePositions[owner.table].map { .init(table: $0, column: owner.column) }
      }
      return sequence
    }
    return result
  }

  private func positions<Object>(_ slots: [Object?]) -> [Int: Int] {
    var result: [Int: Int] = [:]
    var position = 0
    for slot in slots.indices where slots[slot] != nil {
      result[slot] = position
      position += 1
    }
    return result
  }
}
