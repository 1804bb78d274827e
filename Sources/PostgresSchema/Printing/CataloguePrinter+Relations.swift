import Values

extension CataloguePrinter {
  var relations: [CatalogueValue] {
    let tables = catalogue.tables.filter { $0.name.schema != "pg_temp" }.map { ($0.name, table($0)) }
    return sorted(tables + catalogue.views.map { ($0.name, view($0)) }, by: \.0).map(\.1)
  }

  private func table(_ table: Table) -> CatalogueValue {
    let kind =
      switch table.kind {
      case .table: "table"
      case .partitionedTable: "partitioned table"
      case .foreignTable: "foreign table"
      }
    let persistence =
      switch table.persistence {
      case .permanent: "p"
      case .unlogged: "u"
      case .temporary: "t"
      }
    return .members([
      ("schema", .text(table.name.schema)), ("name", .text(table.name.name)), ("kind", .text(kind)),
      ("owner", .text(owner(table.owner))), ("persistence", .text(persistence)),
      ("rls_enabled", .bool(table.rowSecurity.value)), ("rls_forced", .bool(table.forceRowSecurity.value)),
      ("options", options(table.options)), ("acl", privileges(table, kind: .relation)),
      ("comment", comment(table.comment)), ("is_partition", .bool(table.isPartition)),
      ("parents", filled(table.parents.map { .text(catalogue.tables[$0].name.quoted) })),
      ("columns", filled(table.columns.map { column($0, of: table) })),
      ("constraints", filled(constraints(table))),
      ("indexes", filled(sorted(table.indexes, by: \.name).map { index($0, of: table) })),
      ("policies", filled(sorted(table.policies, by: \.name).map(policy))),
      ("triggers", filled(sorted(table.triggers, by: \.name).map { trigger($0, columns: table.columns.map(\.name)) })),
      ("rules", filled(table.rewriteRules.sorted().map { .text($0) })),
      ("server", table.foreignServer.map { .text($0) }),
    ])
  }

  private func view(_ view: View) -> CatalogueValue {
    .members([
      ("schema", .text(view.name.schema)), ("name", .text(view.name.name)),
      ("kind", .text(view.isMaterialized ? "materialized view" : "view")), ("owner", .text(owner(view.owner))),
      ("persistence", .text("p")), ("rls_enabled", .bool(false)), ("rls_forced", .bool(false)),
      ("options", options(view.options)), ("acl", privileges(view, kind: .relation)),
      ("comment", comment(view.comment)), ("is_partition", .bool(false)),
      ("triggers", filled(sorted(view.triggers, by: \.name).map { trigger($0, columns: []) })),
      ("rules", filled(view.rewriteRules.sorted().map { .text($0) })),
      ("depends_on", filled(dependencies(view).map { .text($0) })),
    ])
  }

  private func dependencies(_ view: View) -> [String] {
    let names = view.relations.map { mention in
      let parts = mention.name.split(separator: ".", maxSplits: 1).map(String.init)
      return parts.count == 2 ? QualifiedName(parts[0], parts[1]).quoted : mention.name
    }
    return Set(names.filter { $0 != view.name.quoted && !$0.hasPrefix("pg_catalog.") }).sorted()
  }

  func filled(_ values: [CatalogueValue]) -> CatalogueValue? { values.isEmpty ? nil : .list(values) }

  private func options(_ options: [String: String]) -> CatalogueValue? {
    filled(options.keys.sorted().map { .text("\($0)=\(options[$0] ?? "")") })
  }

  private func column(_ column: Column, of table: Table) -> CatalogueValue {
    .members([
      ("name", .text(column.name)), ("type", .text(typeName(column.type))), ("not_null", .bool(column.isNotNull.value)),
      ("identity", column.identity.map { .text($0 == .always ? "a" : "d") }),
      ("inherited", column.isInherited ? .bool(true) : nil),
      ("acl", columnPrivileges(table.grants, column: column.name)), ("comment", comment(column.comment)),
    ])
  }

  /// The constraints, those of constraint triggers among them.
  private func constraints(_ table: Table) -> [CatalogueValue] {
    let triggers = table.triggers.filter(\.isConstraint).map { trigger in
      let members: [(String, CatalogueValue?)] = [
        ("name", .text(trigger.name)), ("type", .text("trigger")),
        ("deferrable", trigger.isDeferrable ? .bool(true) : nil),
      ]
      return (trigger.name, CatalogueValue.members(members))
    }
    return sorted(triggers + table.constraints.map { ($0.name, constraint($0)) }, by: \.0).map(\.1)
  }

  private func constraint(_ constraint: Constraint) -> CatalogueValue {
    let kind =
      switch constraint.kind {
      case .primaryKey: "primary key"
      case .unique: "unique"
      case .foreignKey: "foreign key"
      case .check: "check"
      case .exclusion: "exclusion"
      }
    return .members([
      ("name", .text(constraint.name)), ("type", .text(kind)),
      ("columns", filled(constraint.columns.map { .text($0) })),
      ("references", constraint.reference.map { .text($0.tableName.quoted) }),
      ("ref_columns", filled(constraint.reference?.columns.map { .text($0) } ?? [])),
      ("validated", constraint.isValidated ? nil : .bool(false)),
      ("deferrable", constraint.isDeferrable ? .bool(true) : nil),
    ])
  }

  private func index(_ index: Index, of table: Table) -> CatalogueValue {
    let isPrimary = table.primaryKey?.name == index.name
    return .members([
      ("name", .text(index.name)), ("unique", .bool(index.isUnique)), ("primary", isPrimary ? .bool(true) : nil),
      ("method", .text(index.method)), ("partial", index.isPartial ? .bool(true) : nil),
      ("columns", filled(index.columns.map { .text($0) })),
    ])
  }

  private func policy(_ policy: Policy) -> CatalogueValue {
    .members([
      ("name", .text(policy.name)), ("permissive", .bool(policy.isPermissive)),
      ("command", .text(policy.command.rawValue)),
      ("roles", .texts(policy.roles.map { $0.isPublic ? "public" : $0.name }.sorted())),
      ("comment", comment(policy.comment)),
    ])
  }

  private func trigger(_ trigger: Trigger, columns: [String]) -> CatalogueValue {
    let timing =
      switch trigger.timing {
      case .before: "before"
      case .after: "after"
      case .insteadOf: "instead of"
      }
    let enabled =
      switch trigger.enabled.value {
      case .origin: "origin"
      case .disabled: "disabled"
      case .replica: "replica"
      case .always: "always"
      }
    let order: [Trigger.Event] = [.insert, .delete, .update, .truncate]
    let updated = columns.filter(trigger.updateColumns.contains)
    return .members([
      ("name", .text(trigger.name)), ("timing", .text(timing)),
      ("events", .texts(order.filter(trigger.events.contains).map(\.rawValue))),
      ("level", .text(trigger.isForEachRow ? "row" : "statement")),
      ("update_of", filled((updated.isEmpty ? trigger.updateColumns : updated).map { .text($0) })),
      ("function", .text(trigger.functionName.quoted)), ("args", filled(trigger.arguments.map { .text($0) })),
      ("when", trigger.when == nil ? nil : .bool(true)), ("old_table", trigger.oldTable.map { .text($0) }),
      ("new_table", trigger.newTable.map { .text($0) }), ("constraint", trigger.isConstraint ? .bool(true) : nil),
      ("enabled", .text(enabled)),
      ("inherited_from", trigger.clonedFrom.map { .text(catalogue.tables[$0].name.quoted) }),
      ("comment", comment(trigger.comment)),
    ])
  }
}
