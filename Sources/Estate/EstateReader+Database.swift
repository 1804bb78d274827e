import CEL
import PostgresSchema
import SourceText
import Values

/// The database's objects other than tables: their lists, and where each stands.
extension EstateReader {
  /// A member of the variable `estate` that lists objects of the database.
  func databaseMember(_ name: String) -> MemberReading {
    let doubts = estate.doubts
    switch name {
    case "hasSchema": return MemberReading(.bool(estate.hasSchema))
    case "relations": return list("sql::Table", estate.catalogue.tables.count, nil)
    case "roles": return list("sql::Role", estate.catalogue.roles.count, doubts.roles)
    case "functions": return list("sql::Function", estate.catalogue.functions.count, doubts.functions)
    case "views": return list("sql::View", estate.catalogue.views.count, doubts.views)
    case "schemas": return list("sql::Schema", estate.catalogue.schemas.count, doubts.schemas)
    case "extensions": return list("sql::Extension", estate.catalogue.extensions.count, doubts.extensions)
    case "jobs": return list("sql::Job", estate.catalogue.jobs.count, doubts.functions)
    case "grants": return MemberReading(allGrants)
    case "defaultPrivileges":
      return list("sql::DefaultPrivilege", estate.privileges.defaults.count, doubts.defaultPrivileges)
    case "unparsedStatements": return list("sql::UnparsedStatement", estate.catalogue.unparsedStatements.count, nil)
    case "calls": return list("sql::Call", estate.analysis.text.calls.count, doubts.functions)
    case "features": return list("sql::Feature", estate.analysis.features.count, nil)
    case "creations": return list("sql::Creation", estate.analysis.text.creations.count, scriptDoubt)
    case "passwordLiterals": return list("sql::PasswordLiteral", estate.analysis.text.passwords.count, doubts.roles)
    case "dynamicStatements": return list("sql::DynamicStatement", estate.catalogue.dynamicSQL.count, nil)
    default: return .absent
    }
  }

  /// Dynamic SQL that may be anything may create something too; what runs once only need not be asked.
  private var scriptDoubt: Unknown? {
    estate.catalogue.sources.allSatisfy(\.isVersioned) ? nil : estate.doubts.schemas
  }

  private func list(_ type: String, _ count: Int, _ open: Unknown?) -> MemberReading {
    MemberReading(
      .list(
        ListValue(
          elements: (0..<Int32(clamping: count)).map { ListValue.Element(.object(ObjectValue(type, $0))) },
          residual: open)))
  }

  /// A member of an object that is no table nor part of one; nil for those.
  func databaseMember(_ name: String, of object: ObjectValue) -> MemberReading? {
    let index = Int(object.id)
    switch object.typeName {
    case "sql::Grant": return grantMember(name, of: object)
    case "sql::DefaultPrivilege": return defaultPrivilegeMember(name, of: object)
    case "sql::Membership": return membershipMember(name, of: object)
    case "sql::Constraint": return constraint(object).map { constraintMember(name, of: $0) } ?? .absent
    case "sql::Index": return self.index(object).map { indexMember(name, of: $0) } ?? .absent
    case "sql::Job": return jobMember(name, of: object)
    case "sql::JobStatement": return jobStatementMember(name, of: object)
    case "sql::ManagedPartitioning": return managedPartitioningMember(name, of: object)
    case "sql::Schema":
      guard estate.catalogue.schemas.indices.contains(index) else { return .absent }
      let schema = estate.catalogue.schemas[index]
      switch name {
      case "name": return MemberReading(.string(schema.name))
      case "owner":
        return schema.owner.value.map { role(named: $0, at: schema.owner.origin.span) } ?? .absent
      case "isPredefined": return MemberReading(.bool(schema.isPredefined))
      case "isAssumed": return MemberReading(.bool(schema.isAssumed))
      case "isCreateRevoked":
        if schema.publicRevocations.contains("CREATE") { return MemberReading(.bool(true)) }
        if let doubt = estate.doubts.privileges { return MemberReading(.unknown(doubt)) }
        return MemberReading(.bool(false))
      case "grants": return MemberReading(grants(on: .schema, index, open: estate.doubts.privileges))
      default: return .absent
      }
    case "sql::Extension":
      guard estate.catalogue.extensions.indices.contains(index) else { return .absent }
      let item = estate.catalogue.extensions[index]
      switch name {
      case "name": return MemberReading(.string(item.name))
      case "schema": return item.schema.map { MemberReading(.string($0)) } ?? .absent
      case "version": return item.version.map { MemberReading(.string($0)) } ?? .absent
      default: return .absent
      }
    case "sql::UnparsedStatement":
      guard estate.catalogue.unparsedStatements.indices.contains(index) else { return .absent }
      let statement = estate.catalogue.unparsedStatements[index]
      switch name {
      case "message": return MemberReading(.string(String(statement.message.map { $0 == "\"" ? "'" : $0 })))
      case "newerFeature": return statement.newerFeature.map { MemberReading(.string($0)) } ?? .absent
      case "start": return MemberReading(.string(statement.words.prefix(3).joined(separator: " ").uppercased()))
      default: return .absent
      }
    case "sql::DynamicStatement":
      guard estate.catalogue.dynamicSQL.indices.contains(index), name == "text" else { return .absent }
      return MemberReading(.string(estate.catalogue.dynamicSQL[index].text))
    default: return nil
    }
  }

  func constraint(_ object: ObjectValue) -> Constraint? {
    let part = TablePart(object)
    guard estate.catalogue.tables.indices.contains(part.table) else { return nil }
    let constraints = estate.catalogue.tables[part.table].constraints
    return constraints.indices.contains(part.index) ? constraints[part.index] : nil
  }

  func index(_ object: ObjectValue) -> Index? {
    let part = TablePart(object)
    guard estate.catalogue.tables.indices.contains(part.table) else { return nil }
    let indexes = estate.catalogue.tables[part.table].indexes
    return indexes.indices.contains(part.index) ? indexes[part.index] : nil
  }

  // MARK: Places and names

  func databasePlace(of object: ObjectValue) -> Origin? {
    let index = Int(object.id)
    switch object.typeName {
    case "sql::Grant":
      return estate.privileges.entries.indices.contains(index) ? estate.privileges.entries[index].origin : nil
    case "sql::DefaultPrivilege":
      return estate.privileges.defaults.indices.contains(index) ? estate.privileges.defaults[index].origin : nil
    case "sql::Membership": return membership(object)?.membership.origin
    case "sql::Constraint": return constraint(object)?.origin
    case "sql::Index": return self.index(object)?.origin
    case "sql::Job": return job(object)?.origin
    case "sql::JobStatement": return jobStatement(object).map { Origin($0.span, path: $0.kind, kind: .statement) }
    case "sql::ManagedPartitioning": return managedPartitioning(object)?.origin
    case "sql::Schema":
      return estate.catalogue.schemas.indices.contains(index) ? estate.catalogue.schemas[index].origin : nil
    case "sql::Extension":
      return estate.catalogue.extensions.indices.contains(index) ? estate.catalogue.extensions[index].origin : nil
    case "sql::UnparsedStatement":
      guard estate.catalogue.unparsedStatements.indices.contains(index) else { return nil }
      return Origin(estate.catalogue.unparsedStatements[index].error, path: "statement", kind: .statement)
    case "sql::DynamicStatement":
      return estate.catalogue.dynamicSQL.indices.contains(index) ? estate.catalogue.dynamicSQL[index].origin : nil
    default: return nil
    }
  }

  /// Where a fact about an object was last set.
  func databasePlace(of member: String, of object: ObjectValue) -> Origin? {
    let index = Int(object.id)
    switch object.typeName {
    case "sql::Role" where estate.catalogue.roles.indices.contains(index):
      switch member {
      case "canLogin": return estate.catalogue.roles[index].canLogin.origin
      case "isSuperuser": return estate.catalogue.roles[index].isSuperuser.origin
      case "bypassesRowSecurity": return estate.catalogue.roles[index].bypassesRowSecurity.origin
      default: return nil
      }
    case "sql::View" where estate.catalogue.views.indices.contains(index):
      switch member {
      case "isSecurityInvoker": return estate.catalogue.views[index].isSecurityInvoker.origin
      case "owner": return estate.catalogue.views[index].owner.origin
      default: return nil
      }
    case "sql::Column": return columnPlace(of: member, object)
    case "sql::Job":
      return member == "command" ? job(object)?.command.map { Origin($0.span, path: member, kind: .statement) } : nil
    case "sql::ManagedPartitioning":
      return ["retention", "retentionDays"].contains(member) ? managedPartitioning(object)?.retention?.origin : nil
    default: return nil
    }
  }

  private func columnPlace(of member: String, _ object: ObjectValue) -> Origin? {
    let part = TablePart(object)
    guard estate.catalogue.tables.indices.contains(part.table) else { return nil }
    let table = estate.catalogue.tables[part.table]
    guard table.columns.indices.contains(part.index) else { return nil }
    let column = table.columns[part.index]
    switch member {
    case "defaultValue":
      return column.defaultExpression.map { Origin($0.span, path: column.origin.path, kind: .column) }
    case "allowedValues":
      return table.constraints.first {
        $0.kind == .check && $0.expression?.values(allowedFor: column.name) != nil
      }?.origin
    default: return nil
    }
  }

  func databaseName(of object: ObjectValue) -> String? {
    let index = Int(object.id)
    switch object.typeName {
    case "sql::Grant":
      guard estate.privileges.entries.indices.contains(index) else { return "" }
      let grant = estate.privileges.entries[index]
      return "on \(grant.objectName) to \(grant.grantee ?? "PUBLIC")"
    case "sql::DefaultPrivilege":
      guard estate.privileges.defaults.indices.contains(index) else { return "" }
      let entry = estate.privileges.defaults[index]
      return "on \(entry.objects) to \(entry.grantee ?? "PUBLIC")"
    case "sql::Membership":
      return membership(object).map { "of '\($0.role.name)' in '\($0.membership.role)'" } ?? ""
    case "sql::Constraint": return constraint(object)?.name ?? ""
    case "sql::Index": return self.index(object)?.name ?? ""
    case "sql::Job": return job(object)?.name.map { "'\($0)'" } ?? ""
    case "sql::JobStatement":
      return jobStatement(object).map { "\($0.kind) on \($0.tables.joined(separator: ", "))" } ?? ""
    case "sql::ManagedPartitioning":
      return estate.catalogue.tables.indices.contains(index) ? "of \(estate.catalogue.tables[index].name)" : ""
    case "sql::Schema":
      return estate.catalogue.schemas.indices.contains(index) ? estate.catalogue.schemas[index].name : ""
    case "sql::Extension":
      return estate.catalogue.extensions.indices.contains(index) ? estate.catalogue.extensions[index].name : ""
    case "sql::UnparsedStatement", "sql::DynamicStatement": return ""
    default: return nil
    }
  }
}
