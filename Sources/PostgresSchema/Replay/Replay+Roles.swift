import CPgQuery
import SourceText
import Values

extension Replay {
  mutating func createRole(_ statement: PgQuery__CreateRoleStmt, _ context: StatementContext) {
    let name = text(statement.role)
    let keyword: StaticString =
      statement.stmt_type == PG_QUERY__ROLE_STMT_TYPE__ROLESTMT_USER
      ? "user" : statement.stmt_type == PG_QUERY__ROLE_STMT_TYPE__ROLESTMT_GROUP ? "group" : "role"
    let origin = Origin(context.nameSpan(after: keyword), path: name, kind: .role)
    var role = Role(name, origin: origin)
    if statement.stmt_type == PG_QUERY__ROLE_STMT_TYPE__ROLESTMT_USER { role.canLogin = Fact(true, at: origin) }
    if let position = state.rolePositions[name] {
      guard state.catalogue.roles[position].isAssumed else { return }
      role.memberOf = state.catalogue.roles[position].memberOf
      state.catalogue.roles[position] = role
    } else {
      state.rolePositions[name] = state.catalogue.roles.count
      state.catalogue.roles.append(role)
    }
    setOptions(nodes(statement.n_options, statement.options), ofRole: name, context)
  }

  mutating func alterRole(_ statement: PgQuery__AlterRoleStmt, _ context: StatementContext) {
    guard let spec = statement.role?.pointee, let name = roleName(spec) else { return }
    assumeRole(name, at: context.nameSpan(at: spec.location))
    if let option = nodes(statement.n_options, statement.options).first?.defElem?.pointee,
      text(option.defname) == "rolemembers", let members = option.arg
    {
      // ALTER GROUP … ADD USER
      for member in members.listItems {
        guard let memberName = member.roleSpec.flatMap({ roleName($0.pointee) }) else { continue }
        setMembership(of: memberName, in: name, statement.action > 0, hasAdmin: false, context)
      }
      return
    }
    setOptions(nodes(statement.n_options, statement.options), ofRole: name, context)
  }

  private mutating func setOptions(_ options: [Node], ofRole name: String, _ context: StatementContext) {
    guard let position = state.rolePositions[name] else { return }
    for node in options {
      guard let option = node.defElem?.pointee else { continue }
      let place = context.token(at: option.location).map { context.text.span(context.tokens[$0].range) } ?? context.span
      let origin = Origin(place, path: name, kind: .role)
      let isOn = option.arg?.boolean ?? (option.arg?.integer).map { $0 != 0 } ?? true
      switch text(option.defname) {
      case "canlogin": state.catalogue.roles[position].canLogin = Fact(isOn, at: origin)
      case "superuser": state.catalogue.roles[position].isSuperuser = Fact(isOn, at: origin)
      case "bypassrls": state.catalogue.roles[position].bypassesRowSecurity = Fact(isOn, at: origin)
      case "inherit": state.catalogue.roles[position].inherits = isOn
      case "createrole": state.catalogue.roles[position].canCreateRole = isOn
      case "createdb": state.catalogue.roles[position].canCreateDatabase = isOn
      case "connectionlimit": state.catalogue.roles[position].connectionLimit = option.arg?.integer ?? -1
      case "isreplication": state.catalogue.roles[position].isReplication = isOn
      case "password":
        let literal = context.token(at: option.location).flatMap { start in
          context.tokens[start...].first { $0.kind == .string || $0.kind == .dollarString }
        }
        state.catalogue.roles[position].password = option.arg == nil ? nil : literal.map { context.text.span($0.range) }
      case "addroleto":
        for group in option.arg?.listItems ?? [] {
          guard let groupName = group.roleSpec.flatMap({ roleName($0.pointee) }) else { continue }
          assumeRole(groupName, at: context.nameSpan(at: group.roleSpec?.pointee.location ?? -1))
          setMembership(of: name, in: groupName, true, hasAdmin: false, context)
        }
      case "rolemembers", "adminmembers":
        for member in option.arg?.listItems ?? [] {
          guard let memberName = member.roleSpec.flatMap({ roleName($0.pointee) }) else { continue }
          assumeRole(memberName, at: context.nameSpan(at: member.roleSpec?.pointee.location ?? -1))
          setMembership(of: memberName, in: name, true, hasAdmin: text(option.defname) == "adminmembers", context)
        }
      default: break
      }
    }
    if let condition = context.condition {
      state.catalogue.roles[position].uncertainty.add(condition, to: [.existence])
    }
  }

  mutating func setRoleSetting(_ statement: PgQuery__AlterRoleSetStmt, _ context: StatementContext) {
    guard let spec = statement.role?.pointee, let name = roleName(spec), let set = statement.setstmt?.pointee else {
      return
    }
    assumeRole(name, at: context.nameSpan(at: spec.location))
    guard let position = state.rolePositions[name] else { return }
    state.catalogue.roles[position].settings[text(set.name).lowercased()] =
      set.kind == PG_QUERY__VARIABLE_SET_KIND__VAR_SET_VALUE
      ? nodes(set.n_args, set.args).compactMap(\.constant).joined(separator: ", ") : nil
  }

  mutating func grantRoles(_ statement: PgQuery__GrantRoleStmt, _ context: StatementContext) {
    for group in nodes(statement.n_granted_roles, statement.granted_roles) {
      guard let groupName = group.accessPriv.map({ text($0.pointee.priv_name) }) else { continue }
      assumeRole(groupName, at: context.span)
      for node in nodes(statement.n_grantee_roles, statement.grantee_roles) {
        guard let spec = node.roleSpec?.pointee, let member = roleName(spec) else { continue }
        assumeRole(member, at: context.nameSpan(at: spec.location))
        setMembership(of: member, in: groupName, statement.is_grant != 0, hasAdmin: statement.admin_opt != 0, context)
      }
    }
  }

  private mutating func setMembership(
    of member: String, in group: String, _ isMember: Bool, hasAdmin: Bool, _ context: StatementContext
  ) {
    guard let position = state.rolePositions[member] else { return }
    state.catalogue.roles[position].memberOf.removeAll { $0.role == group }
    guard isMember else { return }
    state.catalogue.roles[position].memberOf.append(
      Role.Membership(
        role: group, hasAdminOption: hasAdmin, origin: Origin(context.span, path: member, kind: .grant)))
  }

  mutating func dropRoles(_ statement: PgQuery__DropRoleStmt) {
    for node in nodes(statement.n_roles, statement.roles) {
      guard let spec = node.roleSpec?.pointee, let name = roleName(spec) else { continue }
      guard let position = state.rolePositions.removeValue(forKey: name) else { continue }
      state.catalogue.roles.remove(at: position)
      for (other, at) in state.rolePositions where at > position { state.rolePositions[other] = at - 1 }
      for index in state.catalogue.roles.indices {
        state.catalogue.roles[index].memberOf.removeAll { $0.role == name }
      }
    }
  }

  mutating func reassignOwned(_ statement: PgQuery__ReassignOwnedStmt, _ context: StatementContext) {
    let old = Set(
      nodes(statement.n_roles, statement.roles).compactMap { $0.roleSpec.flatMap { roleName($0.pointee) } })
    guard let spec = statement.newrole?.pointee else { return }
    let new = roleName(spec)
    reassign(old, to: new, context)
    for slot in state.tables.indices {
      guard let table = state.tables[slot], let owner = table.owner.value, old.contains(owner) else { continue }
      setOwner(new, ofTable: slot, context)
    }
    for slot in state.functions.indices {
      guard let function = state.functions[slot], let owner = function.owner.value, old.contains(owner) else {
        continue
      }
      state.functions[slot]?.owner = Fact(
        new, at: Origin(context.span, path: function.name.description, kind: .function))
    }
  }

  private mutating func reassign(_ old: Set<String>, to new: String?, _ context: StatementContext) {
    func change(_ object: inout some Securable, _ path: String, _ kind: Origin.Kind) {
      guard let owner = object.owner.value, old.contains(owner) else { return }
      object.changeOwner(Fact(new, at: Origin(context.span, path: path, kind: kind)))
    }
    for slot in state.views.indices {
      guard var view = state.views[slot] else { continue }
      change(&view, view.name.description, .view)
      state.views[slot] = view
    }
    for slot in state.sequences.indices {
      guard var sequence = state.sequences[slot] else { continue }
      change(&sequence, sequence.name.description, .type)
      state.sequences[slot] = sequence
    }
    for index in state.catalogue.schemas.indices {
      let path = state.catalogue.schemas[index].name
      change(&state.catalogue.schemas[index], path, .schema)
    }
    for index in state.catalogue.types.indices {
      let path = state.catalogue.types[index].name.description
      change(&state.catalogue.types[index], path, .type)
    }
  }

  /// Marks a role that statements use but none creates.
  mutating func assumeRole(_ name: String, at span: Span) {
    guard state.rolePositions[name] == nil else { return }
    var role = Role(name, origin: Origin(span, path: name, kind: .role))
    role.isPredefined = Replay.isPredefined(name)
    role.isAssumed = !role.isPredefined && name != options.migrationRole
    if role.isAssumed {
      role.uncertainty.add(
        Reason(
          .sql, "no SQL given creates role '\(name)'", at: span,
          cure: "include the SQL that creates it, or correct the name"),
        to: Aspect.allCases)
    }
    state.rolePositions[name] = state.catalogue.roles.count
    state.catalogue.roles.append(role)
  }

  /// Roles of every cluster (`pg_authid.dat`) and those Amazon RDS adds (the RDS user guide).
  private static func isPredefined(_ name: String) -> Bool {
    name.hasPrefix("pg_") || name == "postgres" || name == "rdsadmin" || name.hasPrefix("rds_")
      || ["rdsrepladmin", "rdstopmgr", "rdsproxyadmin", "rdswriteforwarduser"].contains(name)
  }

  // MARK: SET

  /// SET ROLE, SET SESSION AUTHORIZATION and SET search_path.
  mutating func setVariable(_ statement: PgQuery__VariableSetStmt) {
    let arguments = nodes(statement.n_args, statement.args).compactMap(\.constant)
    let isReset = statement.kind != PG_QUERY__VARIABLE_SET_KIND__VAR_SET_VALUE
    if statement.is_local != 0, session.beforeLocal == nil { session.beforeLocal = (session.role, session.searchPath) }
    switch text(statement.name).lowercased() {
    case "session_authorization":
      session.user = isReset || arguments.first == nil ? options.migrationRole : arguments.first
      session.role = session.user
    case "role":
      let name = arguments.first
      session.role = isReset || name == nil || name == "none" ? session.user : name
    case "search_path":
      setSearchPath(isReset ? nil : arguments)
    case "":
      // RESET ALL
      if statement.kind == PG_QUERY__VARIABLE_SET_KIND__VAR_RESET_ALL { setSearchPath(nil) }
    default: break
    }
  }

  mutating func setSearchPath(_ path: [String]?) {
    session.searchPath = path?.filter { $0 != "$user" && !$0.isEmpty } ?? options.searchPath
  }
}
