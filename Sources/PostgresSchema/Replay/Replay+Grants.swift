import CPgQuery
import SourceText
import Values

extension Replay {
  /// One GRANT or REVOKE, taken apart.
  fileprivate struct Change {
    var isGrant: Bool
    /// Upper-case privileges with the column they are limited to; nil stands for all privileges.
    var privileges: [(name: String, column: String?)]?
    /// nil: PUBLIC.
    var grantees: [String?]
    var withGrantOption: Bool
    var span: Span

    /// Applies to one object; the owner's own privileges are no grants.
    func apply(to object: inout some Securable, _ kind: PrivilegeKind, path: String) {
      let names = privileges?.filter { $0.column == nil }.map(\.name) ?? kind.all
      if !names.isEmpty { object.hasPrivilegeList = true }
      var others = self
      if let owner = object.owner.value, grantees.contains(owner) {
        if isGrant {
          object.ownerRevocations.removeAll(where: names.contains)
          if withGrantOption { for name in names { object.noteGrantOption(name) } }
          object.grants.removeAll { $0.grantee == owner && $0.column == nil }
        } else {
          object.ownerGrantOptions.removeAll(where: names.contains)
          if !withGrantOption {
            for name in names where !object.ownerRevocations.contains(name) { object.ownerRevocations.append(name) }
          }
        }
        let columns = privileges?.filter { $0.column != nil } ?? []
        if !columns.isEmpty {
          var own = self
          own.grantees = [owner]
          own.privileges = columns
          own.apply(to: &object.grants, all: kind.all, path: path)
        }
        others.grantees.removeAll { $0 == owner }
      }
      others.apply(to: &object.grants, all: kind.all, path: path)
    }

    /// Remembers what was taken from PUBLIC: of a schema that is there before any statement, nothing else tells.
    func noteRevocation(from schema: inout Schema) {
      guard grantees.contains(nil), !withGrantOption else { return }
      let names = privileges?.map(\.name) ?? PrivilegeKind.schema.all
      schema.publicRevocations.removeAll { names.contains($0) }
      if !isGrant { schema.publicRevocations += names }
    }

    private func apply(to grants: inout [Grant], all: [String], path: String) {
      let entries = privileges ?? all.map { ($0, nil) }
      let origin = Origin(span, path: path, kind: .grant)
      for grantee in grantees {
        for (name, column) in entries {
          if isGrant {
            let existing = grants.firstIndex {
              $0.grantee == grantee && $0.privilege == name && $0.column == column
            }
            if let existing {
              if withGrantOption { grants[existing].hasGrantOption = true }
            } else {
              grants.append(
                Grant(
                  grantee: grantee, privilege: name, column: column, hasGrantOption: withGrantOption, origin: origin))
            }
          } else if withGrantOption {
            for index in grants.indices where grants[index].grantee == grantee && grants[index].privilege == name {
              grants[index].hasGrantOption = false
            }
          } else {
            // Revoking the whole privilege takes back column privileges too.
            grants.removeAll { grant in
              guard grant.grantee == grantee, grant.privilege == name else { return false }
              return column == nil || grant.column == column
            }
          }
        }
      }
    }
  }

  mutating func grant(_ statement: PgQuery__GrantStmt, _ context: StatementContext) {
    let change = change(statement, context)
    let isAll = statement.targtype == PG_QUERY__GRANT_TARGET_TYPE__ACL_TARGET_ALL_IN_SCHEMA
    let objects = nodes(statement.n_objects, statement.objects)
    switch statement.objtype {
    case PG_QUERY__OBJECT_TYPE__OBJECT_TABLE, PG_QUERY__OBJECT_TYPE__OBJECT_SEQUENCE:
      for object in objects {
        if isAll, let schema = object.string {
          grantOnAll(
            in: schema, change, isSequence: statement.objtype == PG_QUERY__OBJECT_TYPE__OBJECT_SEQUENCE, context)
        } else if let relation = object.rangeVar?.pointee {
          grant(change, on: relation, context)
        }
      }
    case PG_QUERY__OBJECT_TYPE__OBJECT_FUNCTION, PG_QUERY__OBJECT_TYPE__OBJECT_PROCEDURE,
      PG_QUERY__OBJECT_TYPE__OBJECT_ROUTINE:
      for object in objects {
        if isAll, let schema = object.string {
          for slot in state.functions.indices {
            guard let function = state.functions[slot], function.name.schema == schema else { continue }
            // ROUTINES are both; FUNCTIONS take no procedures, PROCEDURES nothing else.
            if statement.objtype == PG_QUERY__OBJECT_TYPE__OBJECT_FUNCTION, function.isProcedure { continue }
            if statement.objtype == PG_QUERY__OBJECT_TYPE__OBJECT_PROCEDURE, !function.isProcedure { continue }
            apply(change, toFunction: slot)
          }
        } else if let function = object.objectWithArgs?.pointee, let slot = existingFunction(function) {
          apply(change, toFunction: slot)
        }
      }
    case PG_QUERY__OBJECT_TYPE__OBJECT_SCHEMA:
      for object in objects {
        guard let name = object.string else { continue }
        let position = schema(name, at: context.span)
        change.apply(to: &state.catalogue.schemas[position], .schema, path: name)
        change.noteRevocation(from: &state.catalogue.schemas[position])
      }
    case PG_QUERY__OBJECT_TYPE__OBJECT_TYPE, PG_QUERY__OBJECT_TYPE__OBJECT_DOMAIN:
      for object in objects {
        guard let position = type(object.listItems.compactMap(\.string)) else { continue }
        change.apply(
          to: &state.catalogue.types[position], .type, path: state.catalogue.types[position].name.description)
      }
    default: break
    }
  }

  private mutating func change(_ statement: PgQuery__GrantStmt, _ context: StatementContext) -> Change {
    var privileges: [(String, String?)]?
    let columnsOfAll = nodes(statement.n_privileges, statement.privileges)
    if !columnsOfAll.isEmpty {
      privileges = columnsOfAll.flatMap { node -> [(String, String?)] in
        guard let access = node.accessPriv?.pointee else { return [] }
        let columns = nodes(access.n_cols, access.cols).compactMap(\.string)
        let name = text(access.priv_name).uppercased()
        // ALL (columns) has no name.
        let names = name.isEmpty ? ["SELECT", "INSERT", "UPDATE", "REFERENCES"] : [name]
        return names.flatMap { name in columns.isEmpty ? [(name, nil)] : columns.map { (name, $0) } }
      }
    }
    var grantees: [String?] = []
    for node in nodes(statement.n_grantees, statement.grantees) {
      guard let spec = node.roleSpec?.pointee else { continue }
      if spec.roletype == PG_QUERY__ROLE_SPEC_TYPE__ROLESPEC_PUBLIC {
        grantees.append(nil)
      } else if let name = roleName(spec) {
        assumeRole(name, at: context.nameSpan(at: spec.location))
        grantees.append(name)
      }
    }
    return Change(
      isGrant: statement.is_grant != 0, privileges: privileges, grantees: grantees,
      withGrantOption: statement.grant_option != 0, span: context.span)
  }

  private mutating func grant(_ change: Change, on relation: PgQuery__RangeVar, _ context: StatementContext) {
    switch resolve(relation) {
    case .view(let slot): apply(change, toView: slot)
    case .sequence(let slot): apply(change, toSequence: slot)
    case .table(let slot): apply(change, toTable: slot, context)
    case nil:
      // A sequence that nobody creates; anything else is a table nobody creates.
      if text(relation.relname).hasSuffix("_seq") { return }
      if let slot = table(relation, context) { apply(change, toTable: slot, context) }
    }
  }

  private mutating func grantOnAll(
    in schema: String, _ change: Change, isSequence: Bool, _ context: StatementContext
  ) {
    if isSequence {
      for slot in state.sequences.indices where state.sequences[slot]?.name.schema == schema {
        apply(change, toSequence: slot)
      }
      return
    }
    for slot in state.tables.indices where state.name(ofTable: slot)?.schema == schema {
      apply(change, toTable: slot, context)
    }
    for slot in state.views.indices where state.views[slot]?.name.schema == schema { apply(change, toView: slot) }
  }

  private mutating func apply(_ change: Change, toTable slot: Int, _ context: StatementContext) {
    guard let path = state.name(ofTable: slot)?.description else { return }
    state.tables[slot]?.take(change, .relation, path: path)
    note(context.condition, .privileges, of: slot)
  }

  private mutating func apply(_ change: Change, toView slot: Int) {
    guard let path = state.views[slot]?.name.description else { return }
    state.views[slot]?.take(change, .relation, path: path)
  }

  private mutating func apply(_ change: Change, toSequence slot: Int) {
    guard let path = state.sequences[slot]?.name.description else { return }
    state.sequences[slot]?.take(change, .sequence, path: path)
  }

  private mutating func apply(_ change: Change, toFunction slot: Int) {
    guard let path = state.functions[slot]?.name.description else { return }
    state.functions[slot]?.take(change, .function, path: path)
  }

  // MARK: Default privileges

  mutating func setDefaultPrivileges(_ statement: PgQuery__AlterDefaultPrivilegesStmt, _ context: StatementContext) {
    guard let action = statement.action?.pointee else { return }
    var schemas: [String?] = []
    var roles: [String?] = []
    for node in nodes(statement.n_options, statement.options) {
      guard let option = node.defElem?.pointee, let argument = option.arg else { continue }
      switch text(option.defname) {
      case "schemas": schemas = argument.listItems.map(\.string)
      case "roles": roles = argument.listItems.map { $0.roleSpec.flatMap { roleName($0.pointee) } }
      default: break
      }
    }
    if schemas.isEmpty { schemas = [nil] }
    if roles.isEmpty { roles = [session.role] }
    let objects =
      switch action.objtype {
      case PG_QUERY__OBJECT_TYPE__OBJECT_TABLE: "tables"
      case PG_QUERY__OBJECT_TYPE__OBJECT_SEQUENCE: "sequences"
      case PG_QUERY__OBJECT_TYPE__OBJECT_SCHEMA: "schemas"
      case PG_QUERY__OBJECT_TYPE__OBJECT_TYPE: "types"
      default: "functions"
      }
    let all = PrivilegeKind(named: objects).all
    let change = change(action, context)
    let origin = Origin(context.span, path: "default privileges on \(objects)", kind: .grant)
    for role in roles {
      for schema in schemas {
        for grantee in change.grantees {
          for privilege in change.privileges?.map(\.name) ?? all {
            // The last statement about the same privilege counts.
            state.catalogue.defaultPrivileges.removeAll {
              $0.role == role && $0.schema == schema && $0.objects == objects && $0.grantee == grantee
                && $0.privilege == privilege
            }
            state.catalogue.defaultPrivileges.append(
              DefaultPrivilege(
                role: role, schema: schema, objects: objects, grantee: grantee, privilege: privilege,
                isGrant: change.isGrant, hasGrantOption: change.withGrantOption, origin: origin))
          }
        }
      }
    }
  }

  mutating func applyDefaultPrivileges(toTable slot: Int) {
    let schema = state.name(ofTable: slot)?.schema
    state.tables[slot]?.take(state.catalogue.defaultPrivileges, of: "tables", schema: schema)
  }

  mutating func applyDefaultPrivileges(toFunction slot: Int) {
    let schema = state.functions[slot]?.name.schema
    state.functions[slot]?.take(state.catalogue.defaultPrivileges, of: "functions", schema: schema)
  }

  func applyDefaults(_ objects: String, to object: inout some Securable, schema: String?) {
    object.take(state.catalogue.defaultPrivileges, of: objects, schema: schema)
  }
}

extension Securable {
  /// Changes it where it stands: a copy of a table is a copy of all its lists.
  fileprivate mutating func take(_ change: Replay.Change, _ kind: PrivilegeKind, path: String) {
    change.apply(to: &self, kind, path: path)
  }

  /// Defaults for every schema replace the built-in ones; those of one schema can only add (PostgreSQL's rule).
  fileprivate mutating func take(_ defaults: [DefaultPrivilege], of objects: String, schema: String?) {
    for entry in defaults where entry.objects == objects && entry.role == owner.value {
      if entry.schema != nil, entry.schema != schema { continue }
      if entry.grantee != nil, entry.grantee == owner.value {
        if !entry.isGrant, entry.schema == nil {
          hasPrivilegeList = true
          if !ownerRevocations.contains(entry.privilege) { ownerRevocations.append(entry.privilege) }
        } else if entry.isGrant, entry.hasGrantOption {
          hasPrivilegeList = true
          noteGrantOption(entry.privilege)
        }
        continue
      }
      let existing = grants.firstIndex { $0.grantee == entry.grantee && $0.privilege == entry.privilege }
      if entry.isGrant, existing == nil {
        hasPrivilegeList = true
        grants.append(
          Grant(
            grantee: entry.grantee, privilege: entry.privilege, column: nil, hasGrantOption: entry.hasGrantOption,
            origin: entry.origin))
      } else if let existing, !entry.isGrant, entry.schema == nil {
        hasPrivilegeList = true
        grants.remove(at: existing)
      }
    }
  }
}
