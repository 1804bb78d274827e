import CEL
import PostgresSchema
import SourceText
import Values

/// Parts of functions and clauses are objects of their own: their ids tell whose they are and the position in it.
private struct AnalysisPart {
  let owner: Int
  let index: Int

  /// An audit table has at most 1,600 columns, and a function writes to few.
  private static let bits: Int32 = 12

  init(_ object: ObjectValue) {
    owner = Int(object.id >> AnalysisPart.bits)
    index = Int(object.id & (1 << AnalysisPart.bits - 1))
  }

  static func list(_ type: String, _ count: Int, of owner: Int32, from start: Int = 0) -> ListValue {
    let ids = Int32(start)..<Int32(min(start + count, 1 << AnalysisPart.bits))
    return ListValue(
      elements: ids.map { ListValue.Element(.object(ObjectValue(type, owner << AnalysisPart.bits | $0))) })
  }
}

/// Which policy of which table, by their positions.
struct PolicyPosition: Hashable {
  let table: Int
  let index: Int
}

/// What the analysis of policies and functions tells, as members.
extension EstateReader {
  static let analysisTypes: Set<String> = [
    "sql::PolicyClause", "sql::SettingCall", "sql::Function", "sql::AuditTarget", "sql::AuditColumn",
    "sql::Comparison", "sql::ExceptionHandler", "sql::View",
  ]

  /// Calls that are made for each row stand behind those of settings.
  private static let rowCallStart = 1 << 11

  func analysisMember(_ name: String, of object: ObjectValue) -> MemberReading {
    switch object.typeName {
    case "sql::PolicyClause": return clauseMember(name, of: object)
    case "sql::SettingCall": return callMember(name, of: object)
    case "sql::Function": return functionMember(name, of: object)
    case "sql::View": return viewMember(name, of: object)
    default: break
    }
    let part = AnalysisPart(object)
    guard estate.catalogue.functions.indices.contains(part.owner) else { return .absent }
    let function = estate.catalogue.functions[part.owner]
    switch object.typeName {
    case "sql::AuditTarget" where function.auditTables.indices.contains(part.index):
      let target = function.auditTables[part.index]
      switch name {
      case "name": return MemberReading(.string(target.name))
      case "isQualified":
        if target.isComputed { return MemberReading(.unknown(Unknown(computed(target, function)))) }
        return MemberReading(.bool(target.name.contains(".")))
      case "table":
        return target.table.map { MemberReading(.object(ObjectValue("sql::Table", Int32($0)))) } ?? .absent
      default: return .absent
      }
    case "sql::AuditColumn": return auditColumnMember(name, part)
    case "sql::Comparison":
      let passages = estate.analysis.auditing(of: part.owner).unsafeComparisons
      guard name == "text", passages.indices.contains(part.index) else { return .absent }
      return MemberReading(.string(oneLine(passages[part.index].text)))
    case "sql::ExceptionHandler":
      let handlers = estate.analysis.auditing(of: part.owner).swallowingHandlers
      guard name == "warns", handlers.indices.contains(part.index) else { return .absent }
      return MemberReading(.bool(handlers[part.index].warns))
    default: return .absent
    }
  }

  // MARK: Policies

  func policyMember(_ name: String, of policy: Policy, _ table: Int, _ index: Int) -> MemberReading {
    switch name {
    case "name": return MemberReading(.string(policy.name))
    case "sqlName": return MemberReading(.string(QuotedName.of(policy.name)))
    case "isPermissive": return MemberReading(.bool(policy.isPermissive))
    case "command": return MemberReading(.string(policy.command.rawValue.uppercased()))
    case "isForPublic": return MemberReading(.bool(policy.isForPublic))
    case "roles":
      let roles = policy.roles.filter { !$0.isPublic }.compactMap { role in
        estate.catalogue.roles.firstIndex { $0.name == role.name }
      }
      return MemberReading(.list(roles.map { .object(ObjectValue("sql::Role", Int32($0))) }))
    case "clauses":
      let own = clauses(of: PolicyPosition(table: table, index: index))
      return MemberReading(.list(own.map { .object(ObjectValue("sql::PolicyClause", $0)) }))
    default: return policyFact(name, of: policy, estate.catalogue.tables[table])
    }
  }

  /// The clauses of a policy, by their positions. Every policy is asked for them, so all are looked through once.
  private func clauses(of policy: PolicyPosition) -> [Int32] {
    if clausesByPolicy == nil {
      var found: [PolicyPosition: [Int32]] = [:]
      for (position, clause) in estate.analysis.clauses.enumerated() {
        found[PolicyPosition(table: clause.table, index: clause.policy), default: []].append(Int32(position))
      }
      clausesByPolicy = found
    }
    return clausesByPolicy?[policy] ?? []
  }

  private func clauseMember(_ name: String, of object: ObjectValue) -> MemberReading {
    let clauses = estate.analysis.clauses
    guard clauses.indices.contains(Int(object.id)) else { return .absent }
    let clause = clauses[Int(object.id)]
    switch name {
    case "kind": return MemberReading(.string(clause.kind.rawValue))
    case "text": return MemberReading(.string(oneLine(clause.expression.text)))
    case "isAlwaysTrue": return MemberReading(Value(clause.isAlwaysTrue))
    case "failsOpen": return MemberReading(Value(clause.failsOpen))
    case "readsSettings": return MemberReading(Value(clause.readsSettings))
    case "settings": return MemberReading(.list(clause.settings.map { .string($0) }))
    case "columns": return MemberReading(.list(clause.columns.map { .string($0) }))
    case "lookups": return lookups(of: clause, object.id)
    case "readsOwnTable": return MemberReading(.bool(clause.readsOwnTable))
    case "settingCalls":
      return MemberReading(.list(AnalysisPart.list("sql::SettingCall", clause.settingCalls.count, of: object.id)))
    case "rowCalls":
      return MemberReading(
        .list(
          AnalysisPart.list(
            "sql::SettingCall", clause.rowCalls.count, of: object.id, from: EstateReader.rowCallStart)))
    default: return .absent
    }
  }

  private func call(_ object: ObjectValue) -> PolicyClause.SettingCall? {
    let part = AnalysisPart(object)
    let clauses = estate.analysis.clauses
    guard clauses.indices.contains(part.owner) else { return nil }
    let clause = clauses[part.owner]
    if clause.settingCalls.indices.contains(part.index) { return clause.settingCalls[part.index] }
    let index = part.index - EstateReader.rowCallStart
    return clause.rowCalls.indices.contains(index) ? clause.rowCalls[index] : nil
  }

  private func callMember(_ name: String, of object: ObjectValue) -> MemberReading {
    guard let call = call(object) else { return .absent }
    switch name {
    case "name": return MemberReading(.string(call.name))
    case "isTolerant": return MemberReading(.bool(call.isTolerant))
    case "unsafeCast": return call.unsafeCast.map { MemberReading(.string($0)) } ?? .absent
    case "isPerRow": return MemberReading(.bool(call.isPerRow))
    case "columns": return MemberReading(.list(call.columns.map { .string($0) }))
    case "volatility": return MemberReading(.string(call.volatility))
    case "comparedColumn": return call.comparedColumn.map { MemberReading(.string($0)) } ?? .absent
    default: return .absent
    }
  }

  // MARK: Functions

  private func functionMember(_ name: String, of object: ObjectValue) -> MemberReading {
    guard estate.catalogue.functions.indices.contains(Int(object.id)) else { return .absent }
    let index = Int(object.id)
    let function = estate.catalogue.functions[index]
    switch name {
    case "name": return MemberReading(.string(function.name.name))
    case "qualifiedName": return MemberReading(.string(function.name.description))
    case "language": return MemberReading(.string(function.language))
    case "isTrigger": return MemberReading(.bool(function.isTriggerFunction))
    case "isAssumed": return MemberReading(.bool(function.isAssumed))
    case "isAudit": return MemberReading(Value(function.isAuditFunction))
    case "isSecurityDefiner": return MemberReading(Value(function.isSecurityDefiner.truth))
    case "searchPath":
      if let path = function.searchPath { return MemberReading(.string(path)) }
      return estate.doubts.functionSettings.map { MemberReading(.unknown($0), presence: .unknown($0)) } ?? .absent
    case "owner": return function.owner.value.map { MemberReading(.string($0)) } ?? .absent
    case "bypassedTables": return MemberReading(.list(tables(estate.analysis.tablesBypassed(byFunction: index))))
    case "auditTargets":
      return MemberReading(.list(AnalysisPart.list("sql::AuditTarget", function.auditTables.count, of: object.id)))
    default: break
    }
    let auditing = estate.analysis.auditing(of: index)
    switch name {
    case "events": return MemberReading(.list(auditing.events.map { .string($0.rawValue.uppercased()) }))
    case "recordedEvents": return MemberReading(.list(events(auditing.events, auditing.records)))
    case "eventsKeepingOld":
      let events = auditing.events.filter { $0 == .update || $0 == .delete }
      return MemberReading(.list(self.events(events, auditing.keepsOld)))
    case "auditColumns":
      var list = AnalysisPart.list("sql::AuditColumn", auditing.columns.count, of: object.id)
      // A table that no statement creates may have any column.
      if let target = function.auditTables.first(where: { $0.table == nil }) {
        let reason =
          target.isComputed
          ? computed(target, function)
          : Reason(
            .sql, "table '\(target.name)' is created by no statement given", at: target.span,
            cure: "give the file that creates it")
        list = ListValue(elements: list.elements, residual: Unknown(reason))
      }
      if let doubt = auditing.doubt { list = ListValue(elements: list.elements, residual: doubt) }
      return MemberReading(.list(list))
    case "unsafeComparisons":
      let list = AnalysisPart.list("sql::Comparison", auditing.unsafeComparisons.count, of: object.id)
      return MemberReading(.list(ListValue(elements: list.elements, residual: auditing.doubt)))
    case "swallowingHandlers":
      let list = AnalysisPart.list("sql::ExceptionHandler", auditing.swallowingHandlers.count, of: object.id)
      return MemberReading(.list(ListValue(elements: list.elements, residual: auditing.doubt)))
    default: return rowUseMember(name, of: object) ?? functionFact(name, of: object)
    }
  }

  private func computed(_ target: Function.AuditTarget, _ function: Function) -> Reason {
    Reason(
      .sql, "function '\(function.name)' builds its INSERT when it runs", at: target.span,
      cure: "write the INSERT as a statement of its own")
  }

  private func events(_ events: [Trigger.Event], _ truths: [Trigger.Event: Truth]) -> ListValue {
    ListValue(
      elements: events.compactMap { event in
        let value = Value.string(event.rawValue.uppercased())
        switch truths[event] ?? .no {
        case .yes: return ListValue.Element(value)
        case .no: return nil
        case .unknown(let unknown): return ListValue.Element(value, membership: unknown)
        }
      })
  }

  private func auditColumnMember(_ name: String, _ part: AnalysisPart) -> MemberReading {
    let columns = estate.analysis.auditing(of: part.owner).columns
    guard columns.indices.contains(part.index) else { return .absent }
    let column = columns[part.index]
    switch name {
    case "name": return MemberReading(.string(estate.catalogue.tables[column.table].columns[column.column].name))
    case "table": return MemberReading(.object(ObjectValue("sql::Table", Int32(column.table))))
    case "isWritten": return MemberReading(.bool(column.isWritten))
    case "namesRole": return MemberReading(.bool(column.namesRole))
    case "holdsSetting": return MemberReading(.bool(column.holdsSetting))
    case "holdsRow": return value(column.holdsRow, column)
    case "holdsField": return value(column.holdsField, column)
    case "omittedKeys":
      return MemberReading(
        .list(
          ListValue(
            elements: column.omittedKeys.sorted().map { ListValue.Element(.string($0)) },
            residual: column.hasOtherKeys
              ? Unknown(
                Reason(
                  .sql, "which keys are taken out of the row is told only when the function runs",
                  at: estate.catalogue.functions[part.owner].origin.span))
              : nil)))
    case "constantValue":
      if column.constant == nil, let doubt = column.doubt {
        return MemberReading(.unknown(doubt), presence: .unknown(doubt))
      }
      return column.constant.map { MemberReading(.string($0)) } ?? .absent
    case "clock":
      if column.clock == nil, let doubt = column.doubt {
        return MemberReading(.unknown(doubt), presence: .unknown(doubt))
      }
      return column.clock.map { MemberReading(.string($0)) } ?? .absent
    case "column":
      return MemberReading(
        .object(ObjectValue("sql::Column", Int32(column.table << 12 | column.column))))
    default: return .absent
    }
  }

  /// What is surely so, and what may be where the value could not be told.
  private func value(_ holds: Bool, _ column: AuditFunction.AuditColumn) -> MemberReading {
    if !holds, let doubt = column.doubt { return MemberReading(.unknown(doubt)) }
    return MemberReading(.bool(holds))
  }

  // MARK: Views

  private func viewMember(_ name: String, of object: ObjectValue) -> MemberReading {
    guard estate.catalogue.views.indices.contains(Int(object.id)) else { return .absent }
    let view = estate.catalogue.views[Int(object.id)]
    switch name {
    case "name": return MemberReading(.string(view.name.name))
    case "qualifiedName": return MemberReading(.string(view.name.description))
    case "sqlName": return MemberReading(.string(view.name.quoted))
    case "isMaterialized": return MemberReading(.bool(view.isMaterialized))
    case "isSecurityInvoker": return MemberReading(Value(view.isSecurityInvoker.truth))
    case "bypassedTables": return MemberReading(.list(tables(estate.analysis.tablesBypassed(byView: Int(object.id)))))
    default: return viewFact(name, of: object)
    }
  }

  private func tables(_ bypassed: [SchemaAnalysis.Bypass]) -> ListValue {
    ListValue(
      elements: bypassed.map {
        ListValue.Element(.object(ObjectValue("sql::Table", Int32($0.table))), membership: $0.doubt)
      })
  }

  private func oneLine(_ text: String) -> String {
    text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  // MARK: Places and names

  func analysisPlace(of object: ObjectValue) -> Origin? {
    switch object.typeName {
    case "sql::PolicyClause":
      let clauses = estate.analysis.clauses
      guard clauses.indices.contains(Int(object.id)) else { return nil }
      let clause = clauses[Int(object.id)]
      let policy = estate.catalogue.tables[clause.table].policies[clause.policy]
      return Origin(clause.expression.span, path: policy.origin.path, kind: .policy)
    case "sql::SettingCall":
      guard let call = call(object) else { return nil }
      let clause = estate.analysis.clauses[AnalysisPart(object).owner]
      return Origin(
        call.span, path: estate.catalogue.tables[clause.table].policies[clause.policy].origin.path, kind: .policy)
    case "sql::Function":
      return estate.catalogue.functions.indices.contains(Int(object.id))
        ? estate.catalogue.functions[Int(object.id)].origin : nil
    case "sql::View":
      return estate.catalogue.views.indices.contains(Int(object.id))
        ? estate.catalogue.views[Int(object.id)].origin : nil
    default: break
    }
    let part = AnalysisPart(object)
    guard estate.catalogue.functions.indices.contains(part.owner) else { return nil }
    let function = estate.catalogue.functions[part.owner]
    func origin(_ span: Span) -> Origin { Origin(span, path: function.origin.path, kind: .function) }
    let auditing = estate.analysis.auditing(of: part.owner)
    switch object.typeName {
    case "sql::AuditTarget" where function.auditTables.indices.contains(part.index):
      return origin(function.auditTables[part.index].span)
    case "sql::AuditColumn" where auditing.columns.indices.contains(part.index):
      let column = auditing.columns[part.index]
      let definition = estate.catalogue.tables[column.table].columns[column.column]
      return Origin(definition.nameSpan, path: definition.origin.path, kind: .column)
    case "sql::Comparison" where auditing.unsafeComparisons.indices.contains(part.index):
      return origin(auditing.unsafeComparisons[part.index].span)
    case "sql::ExceptionHandler" where auditing.swallowingHandlers.indices.contains(part.index):
      return origin(auditing.swallowingHandlers[part.index].span)
    default: return function.origin
    }
  }

  /// Where a fact about a function was last set, or stands in its body.
  func analysisPlace(of member: String, of object: ObjectValue) -> Origin? {
    guard object.typeName == "sql::Function", estate.catalogue.functions.indices.contains(Int(object.id)) else {
      return databasePlace(of: member, of: object)
    }
    let index = Int(object.id)
    let function = estate.catalogue.functions[index]
    func origin(_ span: Span?) -> Origin? { span.map { Origin($0, path: function.origin.path, kind: .function) } }
    switch member {
    case "isSecurityDefiner": return function.isSecurityDefiner.origin
    // Of several, the first is where to begin.
    case "unsafeComparisons": return origin(estate.analysis.auditing(of: index).unsafeComparisons.first?.span)
    case "swallowingHandlers": return origin(estate.analysis.auditing(of: index).swallowingHandlers.first?.span)
    case "auditTargets":
      return origin(
        (function.auditTables.first { !$0.name.contains(".") } ?? function.auditTables.first)?.span)
    default: return nil
    }
  }

  func analysisName(of object: ObjectValue) -> String {
    switch object.typeName {
    case "sql::PolicyClause":
      let clauses = estate.analysis.clauses
      guard clauses.indices.contains(Int(object.id)) else { return "" }
      let clause = clauses[Int(object.id)]
      let table = estate.catalogue.tables[clause.table]
      return "\(clause.kind.rawValue) of policy '\(table.policies[clause.policy].name)' on \(table.name)"
    case "sql::SettingCall": return call(object).map { "of '\($0.name)'" } ?? ""
    case "sql::Function":
      return estate.catalogue.functions.indices.contains(Int(object.id))
        ? estate.catalogue.functions[Int(object.id)].name.description : ""
    case "sql::View":
      return estate.catalogue.views.indices.contains(Int(object.id))
        ? estate.catalogue.views[Int(object.id)].name.description : ""
    case "sql::AuditTarget", "sql::AuditColumn", "sql::Comparison":
      if case .string(let text) = analysisMember(object.typeName == "sql::Comparison" ? "text" : "name", of: object)
        .value
      {
        return "'\(text)'"
      }
      return ""
    default: return ""
    }
  }
}
