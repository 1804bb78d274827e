import CPgQuery

extension Replay {
  mutating func drop(_ statement: PgQuery__DropStmt, _ context: StatementContext) {
    let cascades = statement.behavior == PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE
    for object in nodes(statement.n_objects, statement.objects) {
      let parts = object.listItems.compactMap(\.string)
      switch statement.remove_type {
      case PG_QUERY__OBJECT_TYPE__OBJECT_TABLE, PG_QUERY__OBJECT_TYPE__OBJECT_FOREIGN_TABLE:
        if case .table(let slot)? = resolve(parts) { dropTable(slot, cascading: cascades, context) }
      case PG_QUERY__OBJECT_TYPE__OBJECT_VIEW, PG_QUERY__OBJECT_TYPE__OBJECT_MATVIEW:
        if case .view(let slot)? = resolve(parts) { dropView(slot, cascading: cascades) }
      case PG_QUERY__OBJECT_TYPE__OBJECT_SEQUENCE:
        if case .sequence(let slot)? = resolve(parts) { removeSequence(slot) }
      case PG_QUERY__OBJECT_TYPE__OBJECT_POLICY:
        if case .table(let slot)? = resolve(parts.dropLast()) {
          state.tables[slot]?.policies.removeAll { $0.name == parts.last }
          note(context.condition, .policies, of: slot)
        }
      case PG_QUERY__OBJECT_TYPE__OBJECT_TRIGGER: dropTrigger(parts, context)
      case PG_QUERY__OBJECT_TYPE__OBJECT_INDEX: dropIndex(parts)
      case PG_QUERY__OBJECT_TYPE__OBJECT_FUNCTION, PG_QUERY__OBJECT_TYPE__OBJECT_PROCEDURE,
        PG_QUERY__OBJECT_TYPE__OBJECT_ROUTINE:
        if let target = object.objectWithArgs?.pointee, let slot = existingFunction(target) {
          dropFunction(slot, cascading: cascades)
        }
      case PG_QUERY__OBJECT_TYPE__OBJECT_AGGREGATE:
        if let target = object.objectWithArgs?.pointee, let slot = existingFunction(target) {
          dropFunction(slot, cascading: cascades)
        }
      case PG_QUERY__OBJECT_TYPE__OBJECT_SCHEMA:
        if let name = object.string { dropSchema(name, context) }
      case PG_QUERY__OBJECT_TYPE__OBJECT_EXTENSION:
        state.catalogue.extensions.removeAll { $0.name == object.string }
      case PG_QUERY__OBJECT_TYPE__OBJECT_EVENT_TRIGGER:
        state.catalogue.eventTriggers.removeAll { $0.name == object.string }
      case PG_QUERY__OBJECT_TYPE__OBJECT_TYPE, PG_QUERY__OBJECT_TYPE__OBJECT_DOMAIN:
        if let type = object.typeName?.pointee {
          if let position = self.type(nodes(type.n_names, type.names).compactMap(\.string)) {
            state.typeNames.remove(state.catalogue.types.remove(at: position).name)
          }
        }
      case PG_QUERY__OBJECT_TYPE__OBJECT_PUBLICATION:
        state.catalogue.publications.removeAll { $0.name == object.string }
      case PG_QUERY__OBJECT_TYPE__OBJECT_RULE:
        dropRule(parts)
      default: break
      }
    }
  }

  func resolve(_ parts: some Collection<String>) -> ReplayState.Relation? {
    let parts = Array(parts)
    guard let name = parts.last else { return nil }
    return resolve(parts.count > 1 ? parts[parts.count - 2] : "", name)
  }

  /// Partitions go with their table; CASCADE takes views, foreign keys and other tables' policies that depend on it.
  mutating func dropTable(_ slot: Int, cascading: Bool, _ context: StatementContext) {
    guard let table = state.tables[slot] else { return }
    if let condition = context.condition {
      state.tables[slot]?.uncertainty.add(condition, to: [.existence])
      return
    }
    for child in state.descendants(of: slot) where state.tables[child]?.isPartition == true || cascading {
      dropTable(child, cascading: cascading, context)
    }
    for view in state.viewsByTable.removeValue(forKey: slot) ?? [] where cascading { dropView(view, cascading: true) }
    for sequence in sequences(ownedBy: slot) { removeSequence(sequence) }
    state.removeTable(slot)
    guard cascading else { return }
    for other in state.tables.indices where state.tables[other] != nil {
      state.tables[other]?.constraints.removeAll { $0.reference?.table == slot }
      state.tables[other]?.policies.removeAll { policy in
        policy.relations.contains { $0.name == table.name.description }
      }
    }
  }

  mutating func dropView(_ slot: Int, cascading: Bool) {
    guard let view = state.views[slot] else { return }
    state.removeView(slot)
    guard cascading else { return }
    for other in state.views.indices {
      guard let candidate = state.views[other],
        candidate.relations.contains(where: { $0.name == view.name.description })
      else { continue }
      dropView(other, cascading: true)
    }
  }

  private mutating func dropTrigger(_ parts: [String], _ context: StatementContext) {
    switch resolve(parts.dropLast()) {
    case .table(let slot):
      state.tables[slot]?.triggers.removeAll { $0.name == parts.last }
      for child in state.descendants(of: slot) {
        state.tables[child]?.triggers.removeAll { $0.name == parts.last && $0.clonedFrom != nil }
      }
      note(context.condition, .triggers, of: slot)
    case .view(let slot): state.views[slot]?.triggers.removeAll { $0.name == parts.last }
    case .sequence, nil: break
    }
  }

  private mutating func dropIndex(_ parts: [String]) {
    guard let name = parts.last else { return }
    let schemas = parts.count > 1 ? [parts[parts.count - 2]] : session.searchPath
    for schema in schemas {
      guard let slot = state.indexNames.removeValue(forKey: QualifiedName(schema, name)) else { continue }
      state.tables[slot]?.indexes.removeAll { $0.name == name }
      return
    }
  }

  mutating func dropFunction(_ slot: Int, cascading: Bool) {
    guard let function = state.functions[slot] else { return }
    state.functions[slot] = nil
    state.functionsByName[function.name]?.removeAll { $0 == slot }
    guard cascading else { return }
    for table in state.tables.indices where state.tables[table] != nil {
      state.tables[table]?.triggers.removeAll { $0.function == slot }
      state.tables[table]?.policies.removeAll { policy in
        policy.functions.contains { $0.name == function.name.description || $0.name == function.name.name }
      }
    }
  }

  mutating func dropSchema(_ name: String, _ context: StatementContext) {
    guard let position = state.schemaPositions.removeValue(forKey: name) else { return }
    state.catalogue.schemas.remove(at: position)
    for (other, at) in state.schemaPositions where at > position { state.schemaPositions[other] = at - 1 }
    for slot in state.tables.indices where state.name(ofTable: slot)?.schema == name {
      dropTable(slot, cascading: true, context)
    }
    for slot in state.views.indices where state.views[slot]?.name.schema == name { dropView(slot, cascading: true) }
    for slot in state.functions.indices where state.functions[slot]?.name.schema == name {
      dropFunction(slot, cascading: true)
    }
    for slot in state.sequences.indices {
      guard let sequence = state.sequences[slot], sequence.name.schema == name else { continue }
      removeSequence(slot)
    }
    for slot in state.tables.indices where state.name(ofTable: slot)?.schema == name { state.removeTable(slot) }
    state.catalogue.types.removeAll { $0.name.schema == name }
    state.typeNames = state.typeNames.filter { $0.schema != name }
  }
}
