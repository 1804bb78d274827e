import CPgQuery
import SourceText
import Values

extension Replay {
  private static let tablePrivileges = ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"]

  /// One GRANT or REVOKE, taken apart.
  private struct Change {
    var isGrant: Bool
    /// Upper-case privileges with the column they are limited to; nil stands for all privileges.
    var privileges: [(name: String, column: String?)]?
    /// nil: PUBLIC.
    var grantees: [String?]
    var withGrantOption: Bool
    var span: Span

    /// Applies to the grants of one object.
    func apply(to grants: inout [Grant], all: [String], path: String) {
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
          for slot in state.functions.indices where state.functions[slot]?.name.schema == schema {
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
        change.apply(to: &state.catalogue.schemas[position].grants, all: ["USAGE", "CREATE"], path: name)
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
    case .view(let slot):
      let path = state.views[slot]?.name.description ?? ""
      if var grants = state.views[slot]?.grants {
        change.apply(to: &grants, all: Replay.tablePrivileges, path: path)
        state.views[slot]?.grants = grants
      }
    case .sequence(let slot):
      if var grants = state.sequences[slot]?.grants {
        change.apply(to: &grants, all: ["USAGE", "SELECT", "UPDATE"], path: text(relation.relname))
        state.sequences[slot]?.grants = grants
      }
    case .table(let slot): apply(change, toTable: slot, context)
    case nil:
      // A serial column's sequence is none of its own; anything else is a table nobody creates.
      if text(relation.relname).hasSuffix("_seq") { return }
      if let slot = table(relation, context) { apply(change, toTable: slot, context) }
    }
  }

  private mutating func grantOnAll(
    in schema: String, _ change: Change, isSequence: Bool, _ context: StatementContext
  ) {
    if isSequence {
      for slot in state.sequences.indices where state.sequences[slot]?.name.schema == schema {
        if var grants = state.sequences[slot]?.grants {
          change.apply(to: &grants, all: ["USAGE", "SELECT", "UPDATE"], path: schema)
          state.sequences[slot]?.grants = grants
        }
      }
      return
    }
    for slot in state.tables.indices where state.tables[slot]?.name.schema == schema {
      apply(change, toTable: slot, context)
    }
    for slot in state.views.indices where state.views[slot]?.name.schema == schema {
      if var grants = state.views[slot]?.grants {
        change.apply(to: &grants, all: Replay.tablePrivileges, path: state.views[slot]?.name.description ?? "")
        state.views[slot]?.grants = grants
      }
    }
  }

  private mutating func apply(_ change: Change, toTable slot: Int, _ context: StatementContext) {
    guard let table = state.tables[slot] else { return }
    var grants = table.grants
    change.apply(to: &grants, all: Replay.tablePrivileges, path: table.name.description)
    state.tables[slot]?.grants = grants
    note(context.condition, .privileges, of: slot)
    guard let owner = table.owner.value, change.grantees.contains(owner) else { return }
    let names = change.privileges?.filter { $0.column == nil }.map(\.name) ?? Replay.tablePrivileges
    if change.isGrant {
      state.tables[slot]?.ownerRevocations.removeAll(where: names.contains)
      // The owner's own privileges are not grants.
      state.tables[slot]?.grants.removeAll { $0.grantee == owner }
    } else {
      for name in names where !table.ownerRevocations.contains(name) {
        state.tables[slot]?.ownerRevocations.append(name)
      }
    }
  }

  private mutating func apply(_ change: Change, toFunction slot: Int) {
    guard var grants = state.functions[slot]?.grants, let name = state.functions[slot]?.name else { return }
    change.apply(to: &grants, all: ["EXECUTE"], path: name.description)
    state.functions[slot]?.grants = grants
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
    let objects: String
    let all: [String]
    switch action.objtype {
    case PG_QUERY__OBJECT_TYPE__OBJECT_TABLE: (objects, all) = ("tables", Replay.tablePrivileges)
    case PG_QUERY__OBJECT_TYPE__OBJECT_SEQUENCE: (objects, all) = ("sequences", ["USAGE", "SELECT", "UPDATE"])
    case PG_QUERY__OBJECT_TYPE__OBJECT_SCHEMA: (objects, all) = ("schemas", ["USAGE", "CREATE"])
    case PG_QUERY__OBJECT_TYPE__OBJECT_TYPE: (objects, all) = ("types", ["USAGE"])
    default: (objects, all) = ("functions", ["EXECUTE"])
    }
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
                isGrant: change.isGrant, origin: origin))
          }
        }
      }
    }
  }

  mutating func applyDefaultPrivileges(toTable slot: Int) {
    guard let table = state.tables[slot] else { return }
    let grants = withDefaults(table.grants, "tables", schema: table.name.schema)
    state.tables[slot]?.grants = grants
  }

  mutating func applyDefaultPrivileges(toFunction slot: Int) {
    guard let function = state.functions[slot] else { return }
    let grants = withDefaults(function.grants, "functions", schema: function.name.schema)
    state.functions[slot]?.grants = grants
  }

  /// Defaults for every schema replace the built-in ones; those of one schema can only add (PostgreSQL's rule).
  private func withDefaults(_ grants: [Grant], _ objects: String, schema: String) -> [Grant] {
    var grants = grants
    for entry in state.catalogue.defaultPrivileges where entry.objects == objects && entry.role == session.role {
      if entry.schema != nil, entry.schema != schema { continue }
      if entry.isGrant {
        grants.append(
          Grant(
            grantee: entry.grantee, privilege: entry.privilege, column: nil, hasGrantOption: false,
            origin: entry.origin))
      } else if entry.schema == nil {
        grants.removeAll { $0.grantee == entry.grantee && $0.privilege == entry.privilege }
      }
    }
    return grants
  }
}
