import CEL
import PostgresSchema
import SourceText
import Values

/// What the statements say word by word, as members.
extension EstateReader {
  static let statementTypes: Set<String> = [
    "sql::Call", "sql::CallArgument", "sql::Creation", "sql::PasswordLiteral", "sql::RowField", "sql::Insertion",
    "sql::Lookup", "sql::Feature",
  ]

  /// An argument's id holds its call's; a call has at most 100 arguments.
  private static let argumentBits: Int32 = 7
  /// A function has at most so many fields or INSERT statements, a clause so many comparisons.
  private static let partBits: Int32 = 12

  func statementMember(_ name: String, of object: ObjectValue) -> MemberReading {
    let text = estate.analysis.text
    let index = Int(object.id)
    switch object.typeName {
    case "sql::Call":
      guard text.calls.indices.contains(index) else { return .absent }
      return callMember(name, of: text.calls[index], object.id)
    case "sql::CallArgument":
      guard let argument = callArgument(object) else { return .absent }
      switch name {
      case "text": return MemberReading(.string(argument.text))
      case "literal": return argument.literal.map { MemberReading(.string($0)) } ?? .absent
      case "names": return MemberReading(.list(argument.names.map { .string($0) }))
      case "functions": return MemberReading(.list(argument.functions.map { .string($0) }))
      case "strings": return MemberReading(.list(argument.strings.map { .string($0) }))
      default: return .absent
      }
    case "sql::Creation":
      guard text.creations.indices.contains(index) else { return .absent }
      let creation = text.creations[index]
      switch name {
      case "kind": return MemberReading(.string(creation.kind))
      case "name": return MemberReading(.string(creation.name))
      case "isRepeatable": return MemberReading(.bool(creation.isRepeatable))
      case "isDroppedBefore": return MemberReading(.bool(creation.isDroppedBefore))
      case "script": return MemberReading(.int(Int64(creation.script)))
      case "function":
        guard let function = function(holding: creation.span) else { return .absent }
        return MemberReading(.object(ObjectValue("AWS::Lambda::Function", function.rawValue)))
      case "isVersioned": return MemberReading(.bool(estate.catalogue.sources[creation.source].isVersioned))
      default: return .absent
      }
    case "sql::PasswordLiteral":
      guard text.passwords.indices.contains(index) else { return .absent }
      let password = text.passwords[index]
      switch name {
      case "use": return MemberReading(.string(password.use.rawValue))
      case "subject": return MemberReading(.string(password.subject))
      case "isVerifier": return MemberReading(.bool(password.isVerifier))
      default: return .absent
      }
    case "sql::Feature":
      guard estate.analysis.features.indices.contains(index) else { return .absent }
      let feature = estate.analysis.features[index]
      switch name {
      case "name": return MemberReading(.string(feature.name))
      case "since": return MemberReading(.list(feature.since.map { .string($0) }))
      default: return .absent
      }
    default: return partMember(name, of: object)
    }
  }

  private func callMember(_ name: String, of call: SQLCall, _ id: Int32) -> MemberReading {
    switch name {
    case "name": return MemberReading(.string(call.name))
    case "target": return MemberReading(.string(call.target))
    case "arguments":
      let ids = 0..<Int32(min(call.arguments.count, 1 << Int(Self.argumentBits)))
      return MemberReading(
        .list(
          ids.map { .object(ObjectValue("sql::CallArgument", id << Self.argumentBits | $0)) }))
    default: return .absent
    }
  }

  private func callArgument(_ object: ObjectValue) -> SQLCall.Argument? {
    let calls = estate.analysis.text.calls
    let call = Int(object.id >> Self.argumentBits)
    let index = Int(object.id & (1 << Self.argumentBits - 1))
    guard calls.indices.contains(call), calls[call].arguments.indices.contains(index) else { return nil }
    return calls[call].arguments[index]
  }

  // MARK: Parts of functions and clauses

  private func parts(_ object: ObjectValue) -> (owner: Int, index: Int) {
    (Int(object.id >> Self.partBits), Int(object.id & (1 << Self.partBits - 1)))
  }

  private func list(_ type: String, _ count: Int, of owner: Int32, open: Unknown? = nil) -> MemberReading {
    MemberReading(
      .list(
        ListValue(
          elements: (0..<Int32(min(count, 1 << Int(Self.partBits)))).map {
            ListValue.Element(.object(ObjectValue(type, owner << Self.partBits | $0)))
          }, residual: open)))
  }

  private func partMember(_ name: String, of object: ObjectValue) -> MemberReading {
    let (owner, index) = parts(object)
    switch object.typeName {
    case "sql::RowField":
      guard let field = rowField(object) else { return .absent }
      switch name {
      case "name": return MemberReading(.string(field.name))
      case "isCompared": return MemberReading(.bool(field.isCompared))
      default: return .absent
      }
    case "sql::Insertion":
      guard let insertion = insertion(object) else { return .absent }
      switch name {
      case "table": return MemberReading(.object(ObjectValue("sql::Table", Int32(insertion.table))))
      case "columns": return MemberReading(.list(insertion.columns.map { .string($0) }))
      default: return .absent
      }
    case "sql::Lookup":
      let clauses = estate.analysis.clauses
      guard clauses.indices.contains(owner), clauses[owner].lookups.indices.contains(index) else { return .absent }
      let lookup = clauses[owner].lookups[index]
      switch name {
      case "column": return MemberReading(.string(lookup.column))
      case "expression": return MemberReading(.string(lookup.expression))
      default: return .absent
      }
    default: return .absent
    }
  }

  private func rowField(_ object: ObjectValue) -> RowUse.Field? {
    let (owner, index) = parts(object)
    guard estate.catalogue.functions.indices.contains(owner) else { return nil }
    let fields = estate.analysis.rowUse(of: owner).fields
    return fields.indices.contains(index) ? fields[index] : nil
  }

  private func insertion(_ object: ObjectValue) -> AuditFunction.Insertion? {
    let (owner, index) = parts(object)
    guard estate.catalogue.functions.indices.contains(owner) else { return nil }
    let insertions = estate.analysis.auditing(of: owner).insertions
    return insertions.indices.contains(index) ? insertions[index] : nil
  }

  /// What a function does with the row of its trigger.
  func rowUseMember(_ name: String, of object: ObjectValue) -> MemberReading? {
    let index = Int(object.id)
    switch name {
    case "rowFields":
      let function = estate.catalogue.functions[index]
      let open =
        function.isAssumed || function.body == nil
        ? Unknown(
          Reason(.sql, "the body of function '\(function.name)' is not in the SQL given", at: function.origin.span))
        : nil
      return list("sql::RowField", estate.analysis.rowUse(of: index).fields.count, of: object.id, open: open)
    case "firingTables":
      let tables = estate.catalogue.tables
      let firing = tables.indices.filter { position in
        tables[position].triggers.contains { $0.function == index && $0.clonedFrom == nil && $0.fires }
      }
      return MemberReading(.list(firing.map { .object(ObjectValue("sql::Table", Int32($0))) }))
    case "deletedTables":
      return MemberReading(
        .list(
          estate.analysis.tablesDeletedFrom(byFunction: index).map { .object(ObjectValue("sql::Table", Int32($0))) }))
    case "setFields":
      var seen: Set<String> = []
      let names = estate.analysis.rowUse(of: index).assignments.map(\.field).filter { seen.insert($0).inserted }
      return MemberReading(.list(names.map { .string($0) }))
    case "restoredFields":
      return MemberReading(
        .list(estate.analysis.rowUse(of: index).assignments.filter(\.restoresOld).map { .string($0.field) }))
    case "asksForTable": return MemberReading(.bool(estate.analysis.rowUse(of: index).asksForTable))
    case "raises":
      return MemberReading(.bool(estate.analysis.rowUse(of: index).raises))
    case "insertions":
      let auditing = estate.analysis.auditing(of: index)
      return list("sql::Insertion", auditing.insertions.count, of: object.id, open: auditing.doubt)
    default: return nil
    }
  }

  func lookups(of clause: PolicyClause, _ id: Int32) -> MemberReading {
    list("sql::Lookup", clause.lookups.count, of: id)
  }

  // MARK: Columns

  /// The members of a column that are about what is written to it and how it is labelled.
  func columnFact(_ name: String, of column: Column, _ table: Table, _ tableIndex: Int) -> MemberReading? {
    switch name {
    case "table": return MemberReading(.object(ObjectValue("sql::Table", Int32(tableIndex))))
    case "defaultText": return column.defaultExpression.map { MemberReading(.string($0.text)) } ?? .absent
    case "hasDefault":
      return MemberReading(
        .bool(
          column.defaultExpression != nil || column.identity != nil || column.generationExpression != nil
            || estate.domain(of: column)?.hasDefault == true))
    case "isIdentity": return MemberReading(.bool(column.identity != nil))
    case "isGenerated": return MemberReading(.bool(column.generationExpression != nil))
    case "securityLabel":
      let label = estate.analysis.text.columnLabels.first { label in
        label.column.last == column.name && label.column.dropLast().last == table.name.name
          && (label.column.count < 3 || label.column[label.column.count - 3] == table.name.schema)
      }
      return label.map { MemberReading(.string($0.text)) } ?? .absent
    case "writtenThrough":
      var functions = column.generationExpression.map { Self.functions(in: $0) } ?? []
      for trigger in table.triggers {
        guard let index = trigger.function, trigger.isForEachRow, trigger.timing == .before else { continue }
        functions += estate.analysis.rowUse(of: index).assignments.filter { $0.field == column.name }
          .flatMap(\.functions)
      }
      return MemberReading(
        .list(
          ListValue(
            elements: functions.map { ListValue.Element(.string($0)) }, residual: table.uncertainty[.triggers])))
    case "minimum", "maximum": return bound(name == "minimum", of: column, table)
    default: return nil
    }
  }

  /// The names before an opening bracket.
  private static func functions(in expression: SQLExpression) -> [String] {
    var names: [String] = []
    var word = ""
    for character in expression.text.lowercased() {
      if character.isLetter || character.isNumber || character == "_" {
        word.append(character)
      } else if character == "(", !word.isEmpty {
        names.append(word)
        word = ""
      } else if !character.isWhitespace {
        word = ""
      }
    }
    return names
  }

  private func bound(_ isMinimum: Bool, of column: Column, _ table: Table) -> MemberReading {
    var found: Int64?
    func take(_ bounds: (minimum: Int64?, maximum: Int64?)) {
      guard let value = isMinimum ? bounds.minimum : bounds.maximum else { return }
      found = found.map { isMinimum ? max($0, value) : min($0, value) } ?? value
    }
    for check in estate.domain(of: column)?.checks ?? [] { take(check.bounds(for: "value")) }
    for constraint in table.constraints where constraint.kind == .check && constraint.columns.contains(column.name) {
      if let expression = constraint.expression { take(expression.bounds(for: column.name)) }
    }
    if let found { return MemberReading(.int(found)) }
    if let unknown = table.uncertainty[.constraints] {
      return MemberReading(.unknown(unknown), presence: .unknown(unknown))
    }
    return .absent
  }

  // MARK: Places and names

  func statementPlace(of object: ObjectValue) -> Origin? {
    let text = estate.analysis.text
    let index = Int(object.id)
    func origin(_ span: Span) -> Origin { Origin(span, path: "statement", kind: .statement) }
    switch object.typeName {
    case "sql::Call": return text.calls.indices.contains(index) ? origin(text.calls[index].span) : nil
    case "sql::CallArgument": return callArgument(object).map { origin($0.span) }
    case "sql::Creation": return text.creations.indices.contains(index) ? origin(text.creations[index].span) : nil
    case "sql::PasswordLiteral":
      return text.passwords.indices.contains(index) ? origin(text.passwords[index].span) : nil
    case "sql::Feature":
      let features = estate.analysis.features
      return features.indices.contains(index) ? origin(features[index].span) : nil
    case "sql::RowField": return functionPart(object, rowField(object)?.span)
    case "sql::Insertion": return functionPart(object, insertion(object)?.span)
    case "sql::Lookup":
      let (owner, index) = parts(object)
      let clauses = estate.analysis.clauses
      guard clauses.indices.contains(owner), clauses[owner].lookups.indices.contains(index) else { return nil }
      let clause = clauses[owner]
      let policy = estate.catalogue.tables[clause.table].policies[clause.policy]
      return Origin(clause.lookups[index].span, path: policy.origin.path, kind: .policy)
    default: return nil
    }
  }

  private func functionPart(_ object: ObjectValue, _ span: Span?) -> Origin? {
    let owner = parts(object).owner
    guard let span, estate.catalogue.functions.indices.contains(owner) else { return nil }
    return Origin(span, path: estate.catalogue.functions[owner].origin.path, kind: .function)
  }

  func statementName(of object: ObjectValue) -> String {
    switch object.typeName {
    case "sql::CallArgument": return callArgument(object).map { "'\($0.text)'" } ?? ""
    case "sql::Call", "sql::Creation", "sql::RowField", "sql::Feature":
      if case .string(let text) = statementMember("name", of: object).value { return "'\(text)'" }
      return ""
    case "sql::Lookup":
      if case .string(let text) = statementMember("expression", of: object).value { return "'\(text)'" }
      return ""
    default: return ""
    }
  }
}
