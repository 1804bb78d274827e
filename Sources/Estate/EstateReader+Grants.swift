import CEL
import PostgresSchema
import SourceText
import Values

extension EstateReader {
  func grantMember(_ name: String, of object: ObjectValue) -> MemberReading {
    guard estate.privileges.entries.indices.contains(Int(object.id)) else { return .absent }
    let grant = estate.privileges.entries[Int(object.id)]
    switch name {
    case "object": return MemberReading(.string(grant.objectName))
    case "kind": return MemberReading(.string(grant.kind.rawValue))
    case "grantee": return MemberReading(.string(grant.grantee ?? "PUBLIC"))
    case "isPublic": return MemberReading(.bool(grant.grantee == nil))
    case "role":
      guard let grantee = grant.grantee else { return .absent }
      return role(named: grantee, at: grant.origin.span)
    case "privileges": return MemberReading(.list(grant.privileges.map { .string($0) }))
    case "columns": return MemberReading(.list(grant.columns.map { .string($0) }))
    case "isComplete": return MemberReading(.bool(grant.isComplete))
    case "hasGrantOption": return MemberReading(.bool(grant.hasGrantOption))
    case "isImplicit": return MemberReading(.bool(grant.isImplicit))
    case "isToOwner": return MemberReading(.bool(grant.grantee != nil && grant.grantee == grant.owner))
    case "table":
      return grant.kind == .table
        ? MemberReading(.object(ObjectValue("sql::Table", Int32(grant.object)))) : .absent
    case "function":
      return grant.kind == .function
        ? MemberReading(.object(ObjectValue("sql::Function", Int32(grant.object)))) : .absent
    default: return .absent
    }
  }

  func defaultPrivilegeMember(_ name: String, of object: ObjectValue) -> MemberReading {
    guard estate.privileges.defaults.indices.contains(Int(object.id)) else { return .absent }
    let entry = estate.privileges.defaults[Int(object.id)]
    switch name {
    case "role": return entry.role.map { MemberReading(.string($0)) } ?? .absent
    case "schema": return entry.schema.map { MemberReading(.string($0)) } ?? .absent
    case "objects": return MemberReading(.string(entry.objects))
    case "grantee": return MemberReading(.string(entry.grantee ?? "PUBLIC"))
    case "isPublic": return MemberReading(.bool(entry.grantee == nil))
    case "privileges": return MemberReading(.list(entry.privileges.map { .string($0) }))
    case "isComplete": return MemberReading(.bool(entry.isComplete))
    case "isGrant": return MemberReading(.bool(entry.isGrant))
    default: return .absent
    }
  }

  /// The grants on an object that statements made or its creation brought.
  func grants(on kind: PrivilegeTable.ObjectKind, _ index: Int, open: Unknown?) -> Value {
    .list(
      ListValue(
        elements: estate.privileges.grants(on: kind, index).map {
          ListValue.Element(.object(ObjectValue("sql::Grant", Int32($0))))
        }, residual: open))
  }

  /// All grants on all objects. What is granted on a table that nobody creates is its creator's to tell.
  var allGrants: Value {
    let open = estate.catalogue.tables.lazy.filter { !$0.isAssumed }.compactMap { $0.uncertainty[.privileges] }.reduce(
      estate.doubts.privileges
    ) { $0?.union($1) ?? $1 }
    return .list(
      ListValue(
        elements: estate.privileges.entries.indices.map {
          ListValue.Element(.object(ObjectValue("sql::Grant", Int32($0))))
        }, residual: open))
  }

  // MARK: Roles

  /// A role by its name; one that no statement mentions but as an owner is unknown.
  func role(named name: String, at span: Span) -> MemberReading {
    if let index = position(ofRole: name) {
      return MemberReading(.object(ObjectValue("sql::Role", Int32(index))))
    }
    return MemberReading(
      .unknown(Unknown(Reason(.sql, "role '\(name)' is created by no statement given", at: span))))
  }

  func roleMember(_ name: String, of object: ObjectValue) -> MemberReading {
    let roles = estate.catalogue.roles
    guard roles.indices.contains(Int(object.id)) else { return .absent }
    let role = roles[Int(object.id)]
    switch name {
    case "name": return MemberReading(.string(role.name))
    case "isAssumed": return MemberReading(.bool(role.isAssumed))
    case "isPredefined": return MemberReading(.bool(role.isPredefined))
    case "isCreated":
      if role.isAssumed, let doubt = estate.doubts.roles { return MemberReading(.unknown(doubt)) }
      return MemberReading(.bool(!role.isAssumed))
    case "canLogin": return attribute(role, role.canLogin.truth)
    case "isSuperuser": return attribute(role, role.isSuperuser.truth)
    case "bypassesRowSecurity": return attribute(role, role.bypassesRowSecurity.truth)
    case "canCreateRole": return attribute(role, Truth(role.canCreateRole))
    case "canCreateDatabase": return attribute(role, Truth(role.canCreateDatabase))
    case "isReplication": return attribute(role, Truth(role.isReplication))
    case "inherits": return attribute(role, Truth(role.inherits))
    case "memberships":
      let ids = role.memberOf.indices.map { object.id << 12 | Int32(truncatingIfNeeded: $0) }
      return MemberReading(
        .list(
          ListValue(
            elements: ids.map { ListValue.Element(.object(ObjectValue("sql::Membership", $0))) },
            residual: membershipDoubt(role))))
    case "memberOf":
      let found = reachable(from: role.name) { name in
        position(ofRole: name).map { roles[$0].memberOf.map(\.role) } ?? []
      }
      return MemberReading(
        .list(
          ListValue(elements: found.map { ListValue.Element(.string($0)) }, residual: membershipDoubt(role))))
    case "loginMembers":
      let members = reachable(from: role.name, directMembers(ofRole:)).compactMap { position(ofRole: $0) }
      let names = members.sorted().filter { roles[$0].canLogin.value }.map { roles[$0].name }
      return MemberReading(
        .list(ListValue(elements: names.map { ListValue.Element(.string($0)) }, residual: estate.doubts.roles)))
    default: return .absent
    }
  }

  private func attribute(_ role: Role, _ truth: Truth) -> MemberReading {
    if role.isAssumed {
      return MemberReading(
        .unknown(
          Unknown(
            Reason(
              .sql, "role '\(role.name)' is created by no statement given", at: role.origin.span,
              cure: "include the SQL that creates it, or correct the name"))))
    }
    return MemberReading(Value(truth))
  }

  private func membershipDoubt(_ role: Role) -> Unknown? {
    guard role.isAssumed else { return estate.doubts.roles }
    let unknown = Unknown(
      Reason(
        .sql, "role '\(role.name)' is created by no statement given", at: role.origin.span,
        cure: "include the SQL that creates it, or correct the name"))
    return estate.doubts.roles?.union(unknown) ?? unknown
  }

  private func position(ofRole name: String) -> Int? {
    if rolesByName == nil {
      rolesByName = Dictionary(
        estate.catalogue.roles.enumerated().map { ($0.element.name, $0.offset) },
        uniquingKeysWith: { first, _ in first })
    }
    return rolesByName?[name]
  }

  private func directMembers(ofRole name: String) -> [String] {
    if membersByRole == nil {
      var members: [String: [String]] = [:]
      for role in estate.catalogue.roles {
        for membership in role.memberOf { members[membership.role, default: []].append(role.name) }
      }
      membersByRole = members
    }
    return membersByRole?[name] ?? []
  }

  /// What can be reached over the given steps, the start left out.
  private func reachable(from start: String, _ next: (String) -> [String]) -> [String] {
    var found: [String] = []
    var seen: Set<String> = [start]
    var open = [start]
    while let name = open.popLast() {
      for other in next(name) where seen.insert(other).inserted {
        found.append(other)
        open.append(other)
      }
    }
    return found
  }

  func membershipMember(_ name: String, of object: ObjectValue) -> MemberReading {
    guard let (role, membership) = membership(object) else { return .absent }
    switch name {
    case "role": return MemberReading(.string(membership.role))
    case "member": return MemberReading(.string(role.name))
    case "hasAdminOption": return MemberReading(.bool(membership.hasAdminOption))
    default: return .absent
    }
  }

  func membership(_ object: ObjectValue) -> (role: Role, membership: Role.Membership)? {
    let roles = estate.catalogue.roles
    guard roles.indices.contains(Int(object.id >> 12)) else { return nil }
    let role = roles[Int(object.id >> 12)]
    let index = Int(object.id & 4095)
    return role.memberOf.indices.contains(index) ? (role, role.memberOf[index]) : nil
  }
}
