import CEL
import PostgresSchema
import SourceText
import Values

/// The parts of a table that are objects of their own: their ids tell the table and the position in it.
struct TablePart {
  let table: Int
  let index: Int

  private static let bits: Int32 = 12

  init(_ object: ObjectValue) {
    table = Int(object.id >> TablePart.bits)
    index = Int(object.id & (1 << TablePart.bits - 1))
  }

  static func list(_ type: String, _ count: Int, of table: Int32, open: Unknown?) -> Value {
    // PostgreSQL allows 1,600 columns; more triggers or policies than ids is beyond any schema.
    let ids = 0..<Int32(min(count, 1 << TablePart.bits))
    return .list(
      ListValue(
        elements: ids.map { ListValue.Element(.object(ObjectValue(type, table << TablePart.bits | $0))) },
        residual: open))
  }
}

extension EstateReader {
  func schemaMember(_ name: String, of object: ObjectValue) -> MemberReading {
    switch object.typeName {
    case "sql::Table": return tableMember(name, of: object)
    case "sql::Role": return roleMember(name, of: object)
    case let type where EstateReader.analysisTypes.contains(type): return analysisMember(name, of: object)
    case let type where EstateReader.statementTypes.contains(type): return statementMember(name, of: object)
    default: break
    }
    if let reading = databaseMember(name, of: object) { return reading }
    let part = TablePart(object)
    guard estate.catalogue.tables.indices.contains(part.table) else { return .absent }
    let table = estate.catalogue.tables[part.table]
    switch object.typeName {
    case "sql::Column" where table.columns.indices.contains(part.index):
      return columnFact(name, of: table.columns[part.index], table, part.table)
        ?? columnMember(name, of: table.columns[part.index], table)
    case "sql::Policy" where table.policies.indices.contains(part.index):
      return policyMember(name, of: table.policies[part.index], part.table, part.index)
    case "sql::Trigger" where table.triggers.indices.contains(part.index):
      return triggerMember(name, of: table.triggers[part.index])
    default: return .absent
    }
  }

  private func tableMember(_ name: String, of object: ObjectValue) -> MemberReading {
    guard estate.catalogue.tables.indices.contains(Int(object.id)) else { return .absent }
    let table = estate.catalogue.tables[Int(object.id)]
    switch name {
    case "name": return MemberReading(.string(table.name.name))
    case "schema": return MemberReading(.string(table.name.schema))
    case "qualifiedName": return MemberReading(.string(table.name.description))
    case "sqlName": return MemberReading(.string(table.name.quoted))
    case "kind":
      switch table.kind {
      case .table: return MemberReading(.string("table"))
      case .partitionedTable: return MemberReading(.string("partitioned table"))
      case .foreignTable: return MemberReading(.string("foreign table"))
      }
    case "isTemporary": return MemberReading(.bool(table.isTemporary))
    case "isBookkeeping": return MemberReading(.bool(table.isMigrationBookkeeping))
    case "isPartition": return MemberReading(.bool(table.isPartition))
    case "isAssumed": return MemberReading(.bool(table.isAssumed))
    case "partitionKey": return table.partitionKey.map { MemberReading(.string($0.text)) } ?? .absent
    case "isAuditTable": return MemberReading(.bool(table.isAuditTable))
    case "rowSecurity":
      return MemberReading(Value(fact(table.rowSecurity, table.uncertainty[.rowSecurity])))
    case "forceRowSecurity":
      return MemberReading(Value(fact(table.forceRowSecurity, table.uncertainty[.rowSecurity])))
    case "policies":
      return MemberReading(
        TablePart.list("sql::Policy", table.policies.count, of: object.id, open: table.uncertainty[.policies]))
    case "triggers":
      return MemberReading(
        TablePart.list("sql::Trigger", table.triggers.count, of: object.id, open: table.uncertainty[.triggers]))
    case "columns":
      return MemberReading(
        TablePart.list("sql::Column", table.columns.count, of: object.id, open: table.uncertainty[.columns]))
    case "annotations": return MemberReading(annotations(table.annotations, table.uncertainty[.comment]))
    case "securityLabels": return MemberReading(labels(table.securityLabels, table.uncertainty[.comment]))
    case "owner":
      if let unknown = table.owner.uncertainty ?? table.uncertainty[.owner] {
        return MemberReading(.unknown(unknown), presence: .unknown(unknown))
      }
      guard let owner = table.owner.value else { return .absent }
      return role(named: owner, at: table.owner.origin.span)
    case "ownerName": return table.owner.value.map { MemberReading(.string($0)) } ?? .absent
    default: return relationMember(name, of: table, object.id)
    }
  }

  private func fact(_ fact: Fact<Bool>, _ uncertainty: Unknown?) -> Truth {
    uncertainty.map { .unknown($0) } ?? fact.truth
  }

  private func labels(_ labels: [SecurityLabel], _ open: Unknown?) -> Value {
    .map(MapValue(labels.map { ($0.provider, .string($0.label.value)) }, residual: open))
  }

  private func annotations(_ annotations: [Annotation], _ open: Unknown?) -> Value {
    // Of the same key the first counts: the comment's comes before the line comments'.
    .map(MapValue(annotations.reversed().map { ($0.key, .string($0.value)) }, residual: open))
  }

  private func columnMember(_ name: String, of column: Column, _ table: Table) -> MemberReading {
    switch name {
    case "name": return MemberReading(.string(column.name))
    case "sqlName": return MemberReading(.string(QuotedName.of(column.name)))
    case "type": return MemberReading(.string(column.type))
    case "isNotNull":
      if estate.domain(of: column)?.isNotNull == true { return MemberReading(.bool(true)) }
      return MemberReading(Value(column.isNotNull.truth))
    case "defaultValue":
      return column.defaultExpression?.constant.map { MemberReading(.string($0)) } ?? .absent
    case "annotations": return MemberReading(annotations(column.annotations, table.uncertainty[.comment]))
    case "securityLabels": return MemberReading(labels(column.securityLabels, table.uncertainty[.comment]))
    case "writtenAnnotations": return MemberReading(annotations(column.annotations, nil))
    default: return columnRule(name, of: column, table)
    }
  }

  private func triggerMember(_ name: String, of trigger: Trigger) -> MemberReading {
    switch name {
    case "name": return MemberReading(.string(trigger.name))
    case "sqlName": return MemberReading(.string(QuotedName.of(trigger.name)))
    case "functionName": return MemberReading(.string(trigger.functionName.description))
    case "function":
      guard let index = trigger.function, estate.catalogue.functions.indices.contains(index),
        !estate.catalogue.functions[index].isAssumed
      else { return .absent }
      return MemberReading(.object(ObjectValue("sql::Function", Int32(index))))
    case "isAudit":
      guard let index = trigger.function, estate.catalogue.functions.indices.contains(index) else {
        return Self.isBuiltIn(trigger.functionName) ? MemberReading(.bool(false)) : notCreated(trigger)
      }
      return MemberReading(Value(estate.catalogue.functions[index].isAuditFunction))
    case "isEnabled":
      return MemberReading(Value(trigger.enabled.uncertainty.map { .unknown($0) } ?? Truth(trigger.fires)))
    case "enabledState":
      if let unknown = trigger.enabled.uncertainty { return MemberReading(.unknown(unknown)) }
      switch trigger.enabled.value {
      case .origin: return MemberReading(.string("enabled"))
      case .always: return MemberReading(.string("always"))
      case .replica: return MemberReading(.string("replica"))
      case .disabled: return MemberReading(.string("disabled"))
      }
    case "timing":
      switch trigger.timing {
      case .before: return MemberReading(.string("BEFORE"))
      case .after: return MemberReading(.string("AFTER"))
      case .insteadOf: return MemberReading(.string("INSTEAD OF"))
      }
    case "level": return MemberReading(.string(trigger.isForEachRow ? "ROW" : "STATEMENT"))
    case "events": return MemberReading(.list(trigger.events.map { .string($0.rawValue.uppercased()) }))
    case "hasTransitionTables": return MemberReading(.bool(trigger.oldTable != nil || trigger.newTable != nil))
    case "arguments": return MemberReading(.list(trigger.arguments.map { .string($0) }))
    case "updateColumns": return MemberReading(.list(trigger.updateColumns.map { .string($0) }))
    case "firesForAllColumns": return MemberReading(.bool(trigger.updateColumns.isEmpty))
    case "refusesChanges":
      guard let index = trigger.function, estate.catalogue.functions.indices.contains(index) else {
        return Self.isBuiltIn(trigger.functionName) ? MemberReading(.bool(false)) : notCreated(trigger)
      }
      let function = estate.catalogue.functions[index]
      if function.isAssumed, let unknown = function.uncertainty[.existence] { return MemberReading(.unknown(unknown)) }
      return MemberReading(.bool(trigger.timing == .before && function.refusesEverything))
    case "isConditional": return MemberReading(.bool(trigger.when != nil && !trigger.whenAsksOnlyForChange))
    default: return .absent
    }
  }

  /// The trigger functions that every database has: they fill a tsvector, or leave out an UPDATE that changes nothing
  /// (PostgreSQL 15, "Functions and Operators", 9.28 and 12.4.3).
  private static func isBuiltIn(_ name: QualifiedName) -> Bool {
    guard ["", "pg_catalog"].contains(name.schema) else { return false }
    return ["tsvector_update_trigger", "tsvector_update_trigger_column", "suppress_redundant_updates_trigger"]
      .contains(name.name)
  }

  private func notCreated(_ trigger: Trigger) -> MemberReading {
    let reason = Reason(
      .sql, "function '\(trigger.functionName)' is created by no statement given", at: trigger.functionSpan,
      cure: "give the file that creates it")
    return MemberReading(.unknown(Unknown(reason)))
  }

  // MARK: Places and names

  func schemaPlace(of object: ObjectValue) -> Origin? {
    switch object.typeName {
    case "sql::Table":
      return estate.catalogue.tables.indices.contains(Int(object.id))
        ? estate.catalogue.tables[Int(object.id)].origin : nil
    case "sql::Role":
      return estate.catalogue.roles.indices.contains(Int(object.id))
        ? estate.catalogue.roles[Int(object.id)].origin : nil
    case let type where EstateReader.analysisTypes.contains(type): return analysisPlace(of: object)
    case let type where EstateReader.statementTypes.contains(type): return statementPlace(of: object)
    default: break
    }
    if let origin = databasePlace(of: object) { return origin }
    let part = TablePart(object)
    guard estate.catalogue.tables.indices.contains(part.table) else { return nil }
    let table = estate.catalogue.tables[part.table]
    switch object.typeName {
    case "sql::Column" where table.columns.indices.contains(part.index):
      let column = table.columns[part.index]
      return Origin(column.nameSpan, path: column.origin.path, kind: .column)
    case "sql::Policy" where table.policies.indices.contains(part.index): return table.policies[part.index].origin
    case "sql::Trigger" where table.triggers.indices.contains(part.index): return table.triggers[part.index].origin
    default: return table.origin
    }
  }

  /// Where a fact about a database object was last set.
  func schemaPlace(of member: String, of object: ObjectValue) -> Origin? {
    if object.typeName == "sql::Function" { return analysisPlace(of: member, of: object) }
    if object.typeName == "sql::Table", estate.catalogue.tables.indices.contains(Int(object.id)) {
      let table = estate.catalogue.tables[Int(object.id)]
      switch member {
      case "rowSecurity": return table.rowSecurity.origin
      case "forceRowSecurity":
        // Never set: the place to mend is where row security was switched on.
        return table.forceRowSecurity.origin == table.origin ? table.rowSecurity.origin : table.forceRowSecurity.origin
      case "owner": return table.owner.origin
      case "classification": return classificationPlace(table)
      case "isUsedBeforeCreation": return table.usedBeforeCreation
      default: return nil
      }
    }
    if let origin = databasePlace(of: member, of: object) { return origin }
    let part = TablePart(object)
    guard object.typeName == "sql::Trigger", estate.catalogue.tables.indices.contains(part.table),
      estate.catalogue.tables[part.table].triggers.indices.contains(part.index)
    else { return nil }
    let trigger = estate.catalogue.tables[part.table].triggers[part.index]
    return ["isEnabled", "enabledState"].contains(member) ? trigger.enabled.origin : nil
  }

  /// Where a table's classification is said: the annotation, else the default of its classification column.
  private func classificationPlace(_ table: Table) -> Origin {
    if let annotation = table.annotation("classification") {
      return Origin(annotation.span, path: table.origin.path, kind: .table)
    }
    for column in table.columns
    where ["security_classification", "data_classification", "classification"].contains(column.name) {
      if let expression = column.defaultExpression, expression.constant != nil {
        return Origin(expression.span, path: column.origin.path, kind: .column)
      }
    }
    return table.origin
  }

  func schemaName(of object: ObjectValue) -> String {
    switch object.typeName {
    case "sql::Table":
      return estate.catalogue.tables.indices.contains(Int(object.id))
        ? estate.catalogue.tables[Int(object.id)].name.description : ""
    case "sql::Role":
      return estate.catalogue.roles.indices.contains(Int(object.id)) ? estate.catalogue.roles[Int(object.id)].name : ""
    case let type where EstateReader.analysisTypes.contains(type): return analysisName(of: object)
    case let type where EstateReader.statementTypes.contains(type): return statementName(of: object)
    default: break
    }
    if let name = databaseName(of: object) { return name }
    let part = TablePart(object)
    guard estate.catalogue.tables.indices.contains(part.table) else { return "" }
    let table = estate.catalogue.tables[part.table]
    switch object.typeName {
    case "sql::Column" where table.columns.indices.contains(part.index):
      return "\(table.name).\(table.columns[part.index].name)"
    case "sql::Policy" where table.policies.indices.contains(part.index):
      return "'\(table.policies[part.index].name)' on \(table.name)"
    case "sql::Trigger" where table.triggers.indices.contains(part.index):
      return "'\(table.triggers[part.index].name)' on \(table.name)"
    default: return "\(table.name)"
    }
  }
}
