import CPgQuery
import SourceText
import Values

extension Replay {
  /// Carries out one parsed statement. What is not named here changes nothing that the catalogue holds.
  mutating func apply(_ node: Node, _ context: StatementContext) {
    switch node.pointee.node_case {
    case PG_QUERY__NODE__NODE_CREATE_STMT:
      if let statement = node.pointee.create_stmt { createTable(statement.pointee, context) }
    case PG_QUERY__NODE__NODE_CREATE_FOREIGN_TABLE_STMT:
      if let statement = node.pointee.create_foreign_table_stmt?.pointee, let base = statement.base_stmt {
        createTable(base.pointee, context, kind: .foreignTable)
        if let relation = base.pointee.relation?.pointee, case .table(let slot)? = resolve(relation) {
          state.tables[slot]?.foreignServer = text(statement.servername)
        }
      }
    case PG_QUERY__NODE__NODE_CREATE_TABLE_AS_STMT:
      if let statement = node.pointee.create_table_as_stmt { createTable(as: statement.pointee, context) }
    case PG_QUERY__NODE__NODE_SELECT_STMT:
      if let statement = node.pointee.select_stmt { selectInto(node, statement.pointee, context) }
    case PG_QUERY__NODE__NODE_ALTER_TABLE_STMT:
      if let statement = node.pointee.alter_table_stmt { alterTable(statement.pointee, context) }
    case PG_QUERY__NODE__NODE_INDEX_STMT:
      if let statement = node.pointee.index_stmt { createIndex(statement.pointee, context) }
    case PG_QUERY__NODE__NODE_CREATE_POLICY_STMT:
      if let statement = node.pointee.create_policy_stmt { createPolicy(statement.pointee, context) }
    case PG_QUERY__NODE__NODE_ALTER_POLICY_STMT:
      if let statement = node.pointee.alter_policy_stmt { alterPolicy(statement.pointee, context) }
    case PG_QUERY__NODE__NODE_CREATE_TRIG_STMT:
      if let statement = node.pointee.create_trig_stmt { createTrigger(statement.pointee, context) }
    case PG_QUERY__NODE__NODE_CREATE_FUNCTION_STMT:
      if let statement = node.pointee.create_function_stmt { createFunction(statement.pointee, context) }
    case PG_QUERY__NODE__NODE_ALTER_FUNCTION_STMT:
      if let statement = node.pointee.alter_function_stmt { alterFunction(statement.pointee, context) }
    case PG_QUERY__NODE__NODE_VIEW_STMT:
      if let statement = node.pointee.view_stmt { createView(statement.pointee, context) }
    case PG_QUERY__NODE__NODE_DO_STMT:
      if let statement = node.pointee.do_stmt { runBlock(statement.pointee, context) }
    case PG_QUERY__NODE__NODE_CALL_STMT:
      noteCalls(in: context)
    case PG_QUERY__NODE__NODE_DROP_STMT:
      if let statement = node.pointee.drop_stmt { drop(statement.pointee, context) }
    case PG_QUERY__NODE__NODE_RENAME_STMT:
      if let statement = node.pointee.rename_stmt { rename(statement.pointee, context) }
    case PG_QUERY__NODE__NODE_ALTER_OBJECT_SCHEMA_STMT:
      if let statement = node.pointee.alter_object_schema_stmt { setSchema(statement.pointee, context) }
    case PG_QUERY__NODE__NODE_ALTER_OWNER_STMT:
      if let statement = node.pointee.alter_owner_stmt { setOwner(statement.pointee, context) }
    case PG_QUERY__NODE__NODE_COMMENT_STMT:
      if let statement = node.pointee.comment_stmt { comment(statement.pointee, context) }
    case PG_QUERY__NODE__NODE_SEC_LABEL_STMT:
      if let statement = node.pointee.sec_label_stmt { securityLabel(statement.pointee, context) }
    case PG_QUERY__NODE__NODE_GRANT_STMT:
      if let statement = node.pointee.grant_stmt { grant(statement.pointee, context) }
    case PG_QUERY__NODE__NODE_ALTER_DEFAULT_PRIVILEGES_STMT:
      if let statement = node.pointee.alter_default_privileges_stmt { setDefaultPrivileges(statement.pointee, context) }
    default:
      applyClusterStatement(node, context)
    }
  }

  /// Statements about what is not a relation, policy, trigger or function.
  private mutating func applyClusterStatement(_ node: Node, _ context: StatementContext) {
    switch node.pointee.node_case {
    case PG_QUERY__NODE__NODE_CREATE_SCHEMA_STMT:
      if let statement = node.pointee.create_schema_stmt { createSchema(statement.pointee, context) }
    case PG_QUERY__NODE__NODE_CREATE_ROLE_STMT:
      if let statement = node.pointee.create_role_stmt { createRole(statement.pointee, context) }
    case PG_QUERY__NODE__NODE_ALTER_ROLE_STMT:
      if let statement = node.pointee.alter_role_stmt { alterRole(statement.pointee, context) }
    case PG_QUERY__NODE__NODE_ALTER_ROLE_SET_STMT:
      if let statement = node.pointee.alter_role_set_stmt { setRoleSetting(statement.pointee, context) }
    case PG_QUERY__NODE__NODE_DROP_ROLE_STMT:
      if let statement = node.pointee.drop_role_stmt { dropRoles(statement.pointee) }
    case PG_QUERY__NODE__NODE_GRANT_ROLE_STMT:
      if let statement = node.pointee.grant_role_stmt { grantRoles(statement.pointee, context) }
    case PG_QUERY__NODE__NODE_REASSIGN_OWNED_STMT:
      if let statement = node.pointee.reassign_owned_stmt { reassignOwned(statement.pointee, context) }
    case PG_QUERY__NODE__NODE_CREATE_EXTENSION_STMT:
      if let statement = node.pointee.create_extension_stmt { createExtension(statement.pointee, context) }
    case PG_QUERY__NODE__NODE_CREATE_ENUM_STMT:
      if let statement = node.pointee.create_enum_stmt?.pointee {
        let labels = nodes(statement.n_vals, statement.vals).compactMap(\.string)
        createType(nodes(statement.n_type_name, statement.type_name), .enumeration, context) { $0.labels = labels }
      }
    case PG_QUERY__NODE__NODE_CREATE_DOMAIN_STMT:
      if let statement = node.pointee.create_domain_stmt { createDomain(statement.pointee, context) }
    case PG_QUERY__NODE__NODE_COMPOSITE_TYPE_STMT:
      if let relation = node.pointee.composite_type_stmt?.pointee.typevar?.pointee {
        addType(target(of: relation), .composite, context.nameSpan(after: "type")) { _ in }
      }
    case PG_QUERY__NODE__NODE_CREATE_RANGE_STMT:
      if let statement = node.pointee.create_range_stmt?.pointee {
        createType(nodes(statement.n_type_name, statement.type_name), .range, context) { _ in }
      }
    case PG_QUERY__NODE__NODE_ALTER_ENUM_STMT:
      if let statement = node.pointee.alter_enum_stmt { alterEnum(statement.pointee) }
    case PG_QUERY__NODE__NODE_CREATE_SEQ_STMT:
      if let statement = node.pointee.create_seq_stmt { createSequence(statement.pointee, context) }
    case PG_QUERY__NODE__NODE_ALTER_SEQ_STMT:
      if let statement = node.pointee.alter_seq_stmt?.pointee, let relation = statement.sequence?.pointee,
        case .sequence(let slot)? = resolve(relation)
      {
        setOwningColumn(nodes(statement.n_options, statement.options), ofSequence: slot)
      }
    case PG_QUERY__NODE__NODE_ALTER_DOMAIN_STMT:
      if let statement = node.pointee.alter_domain_stmt { alterDomain(statement.pointee, context) }
    case PG_QUERY__NODE__NODE_DEFINE_STMT:
      if let statement = node.pointee.define_stmt { define(statement.pointee, context) }
    case PG_QUERY__NODE__NODE_RULE_STMT:
      if let statement = node.pointee.rule_stmt { createRule(statement.pointee) }
    case PG_QUERY__NODE__NODE_CREATE_PUBLICATION_STMT:
      if let statement = node.pointee.create_publication_stmt?.pointee {
        let name = text(statement.pubname)
        state.catalogue.publications.append(
          Publication(
            name: name, origin: Origin(context.nameSpan(after: "publication"), path: name, kind: .statement),
            isForAllTables: statement.for_all_tables != 0))
      }
    case PG_QUERY__NODE__NODE_ALTER_DATABASE_SET_STMT:
      if let statement = node.pointee.alter_database_set_stmt { setDatabaseSetting(statement.pointee) }
    case PG_QUERY__NODE__NODE_ALTER_EXTENSION_STMT: break
    case PG_QUERY__NODE__NODE_DROP_OWNED_STMT:
      if let statement = node.pointee.drop_owned_stmt { dropOwned(statement.pointee, context) }
    case PG_QUERY__NODE__NODE_CREATE_EVENT_TRIG_STMT:
      if let statement = node.pointee.create_event_trig_stmt { createEventTrigger(statement.pointee, context) }
    case PG_QUERY__NODE__NODE_ALTER_EVENT_TRIG_STMT:
      if let statement = node.pointee.alter_event_trig_stmt { alterEventTrigger(statement.pointee, context) }
    case PG_QUERY__NODE__NODE_VARIABLE_SET_STMT:
      if let statement = node.pointee.variable_set_stmt { setVariable(statement.pointee) }
    default:
      break
    }
  }

  // MARK: Names

  /// The name that a statement gives to what it creates.
  func target(of relation: PgQuery__RangeVar) -> QualifiedName {
    let schema = text(relation.schemaname)
    if !schema.isEmpty { return QualifiedName(schema, text(relation.relname)) }
    let isTemporary = text(relation.relpersistence) == "t"
    return QualifiedName(isTemporary ? "pg_temp" : creationSchema, ObjectNames.truncated(text(relation.relname)))
  }

  /// The schema in which unqualified names are created: the first of the search path that exists.
  var creationSchema: String {
    session.searchPath.first { state.schemaPositions[$0] != nil } ?? session.searchPath.first { $0 != "pg_catalog" }
      ?? "public"
  }

  /// The relation that a name means along the search path.
  func resolve(_ relation: PgQuery__RangeVar) -> ReplayState.Relation? {
    resolve(text(relation.schemaname), text(relation.relname))
  }

  func resolve(_ schema: String, _ name: String) -> ReplayState.Relation? {
    if !schema.isEmpty { return state.relations[QualifiedName(schema, name)] }
    for schema in ["pg_temp"] + session.searchPath {
      if let found = state.relations[QualifiedName(schema, name)] { return found }
    }
    return nil
  }

  /// The qualified name that the parts of a name mean for something to be created.
  func qualified(_ parts: [String]) -> QualifiedName {
    parts.count > 1
      ? QualifiedName(parts[parts.count - 2], parts[parts.count - 1])
      : QualifiedName(creationSchema, parts.last ?? "")
  }

  /// The slot of the table that a statement changes; a missing one is assumed, unless the statement says IF EXISTS.
  mutating func table(_ relation: PgQuery__RangeVar, _ context: StatementContext, isOptional: Bool = false) -> Int? {
    switch resolve(relation) {
    case .table(let slot): return slot
    case .view, .sequence: return nil
    case nil:
      if isOptional { return nil }
      return assumeTable(target(of: relation), at: context.nameSpan(at: relation.location), context)
    }
  }

  /// A table that no statement creates but one uses.
  mutating func assumeTable(_ name: QualifiedName, at span: Span, _ context: StatementContext) -> Int? {
    guard !Replay.isSystemSchema(name.schema) else { return nil }
    var table = Table(
      name, kind: .table, origin: Origin(span, path: name.description, kind: .table), statement: context.span,
      owner: nil)
    table.isAssumed = true
    let reason = Reason(
      .sql, "no SQL given creates table '\(name)'", at: span,
      cure: "include the SQL that creates it, or correct the name")
    table.uncertainty.add(reason, to: Aspect.allCases)
    table.rowSecurity.uncertainty = Unknown(reason)
    table.forceRowSecurity.uncertainty = Unknown(reason)
    table.owner.uncertainty = Unknown(reason)
    return state.add(table)
  }

  static func isSystemSchema(_ schema: String) -> Bool {
    schema == "pg_catalog" || schema == "information_schema" || schema.hasPrefix("pg_toast")
  }

  /// Marks what ran only under a condition that could not be told.
  mutating func note(_ condition: Reason?, _ aspect: Aspect, of slot: Int) {
    if let condition { state.tables[slot]?.uncertainty.add(condition, to: [aspect]) }
  }
}
