import CPgQuery
import SourceText
import Values

extension Replay {
  mutating func createPolicy(_ statement: PgQuery__CreatePolicyStmt, _ context: StatementContext) {
    guard let relation = statement.table?.pointee, let slot = table(relation, context),
      let table = state.name(ofTable: slot)
    else { return }
    let name = ObjectNames.truncated(text(statement.policy_name))
    // A second policy of the name is an error: the first stays.
    if state.tables[slot]?.policies.contains(where: { $0.name == name }) ?? false { return }
    var policy = Policy(
      name: name,
      origin: Origin(context.nameSpan(after: "policy"), path: "\(table).\(name)", kind: .policy),
      statement: context.span, command: Policy.Command(rawValue: text(statement.cmd_name)) ?? .all,
      isPermissive: statement.permissive != 0, roles: roles(statement.n_roles, statement.roles, context))
    fill(&policy, using: statement.qual, withCheck: statement.with_check, context)
    state.tables[slot]?.policies.append(policy)
    state.note(policy.relations, by: .table(slot))
    note(context.condition, .policies, of: slot)
  }

  mutating func alterPolicy(_ statement: PgQuery__AlterPolicyStmt, _ context: StatementContext) {
    guard let relation = statement.table?.pointee, let slot = table(relation, context),
      let index = state.tables[slot]?.policies.firstIndex(where: { $0.name == text(statement.policy_name) }),
      var policy = state.tables[slot]?.policies[index]
    else { return }
    if statement.n_roles > 0 { policy.roles = roles(statement.n_roles, statement.roles, context) }
    fill(&policy, using: statement.qual, withCheck: statement.with_check, context)
    state.tables[slot]?.policies[index] = policy
    state.note(policy.relations, by: .table(slot))
    note(context.condition, .policies, of: slot)
  }

  private mutating func fill(
    _ policy: inout Policy, using: Node?, withCheck: Node?, _ context: StatementContext
  ) {
    if let using, let keyword = context.firstToplevel("using") {
      policy.using = context.expression(inBracketsAfter: keyword, constant: using.constant)
    }
    if let withCheck, let keyword = context.firstToplevel("check") {
      policy.withCheck = context.expression(inBracketsAfter: keyword, constant: withCheck.constant)
    }
    for expression in [using, withCheck] {
      for mention in mentionedRelations(expression, context) where !policy.relations.contains(mention) {
        policy.relations.append(mention)
        assume(mention, context)
      }
      for mention in mentionedFunctions(expression, context) where !policy.functions.contains(mention) {
        policy.functions.append(mention)
      }
    }
  }

  /// A relation that a policy or view needs to exist.
  mutating func assume(_ mention: Mention, _ context: StatementContext) {
    let parts = mention.name.split(separator: ".", maxSplits: 1).map(String.init)
    guard parts.count == 2, resolve(parts[0], parts[1]) == nil else { return }
    // Names like pg_roles stand in pg_catalog, which every search path has.
    guard !parts[1].hasPrefix("pg_") else { return }
    _ = assumeTable(QualifiedName(parts[0], parts[1]), at: mention.origin.span, context)
  }

  func mentionedFunctions(_ node: Node?, _ context: StatementContext) -> [Mention] {
    var mentions: [Mention] = []
    node?.forEachDescendant { descendant in
      guard case .functionCall(let call) = descendant else { return }
      let name = nodes(call.n_funcname, call.funcname).compactMap(\.string).joined(separator: ".")
      mentions.append(
        Mention(name: name, origin: Origin(context.nameSpan(at: call.location), path: name, kind: .function)))
    }
    return mentions
  }

  /// The roles of a TO clause; roles nobody created are assumed.
  mutating func roles(_ count: Int, _ pointer: UnsafeMutablePointer<Node?>?, _ context: StatementContext)
    -> [RoleReference]
  {
    nodes(count, pointer).compactMap { node in
      guard let role = node.roleSpec?.pointee else { return nil }
      let span = context.nameSpan(at: role.location)
      guard let name = roleName(role) else {
        let isPublic = role.roletype == PG_QUERY__ROLE_SPEC_TYPE__ROLESPEC_PUBLIC
        // Without a TO clause the parser adds PUBLIC without a place.
        let place = isPublic && role.location < 0 ? context.span : span
        return RoleReference(name: isPublic ? "public" : "current_user", isPublic: isPublic, span: place)
      }
      assumeRole(name, at: span)
      return RoleReference(name: name, isPublic: false, span: span)
    }
  }

  /// The role's name; nil for PUBLIC and for a current role that is not named.
  func roleName(_ role: PgQuery__RoleSpec) -> String? {
    switch role.roletype {
    case PG_QUERY__ROLE_SPEC_TYPE__ROLESPEC_CSTRING: text(role.rolename)
    case PG_QUERY__ROLE_SPEC_TYPE__ROLESPEC_CURRENT_ROLE, PG_QUERY__ROLE_SPEC_TYPE__ROLESPEC_CURRENT_USER: session.role
    case PG_QUERY__ROLE_SPEC_TYPE__ROLESPEC_SESSION_USER: options.migrationRole
    default: nil
    }
  }
}
