import Values

extension CataloguePrinter {
  /// The whole list of privileges: the owner's own, then those granted; nil while nothing has touched it.
  func privileges(_ object: some Securable, kind: PrivilegeKind) -> CatalogueValue? {
    guard object.hasPrivilegeList else { return nil }
    let owned = kind.all.filter { !object.ownerRevocations.contains($0) }
    let granted = object.grants.filter { $0.column == nil }.map { ($0.grantee, $0.privilege, $0.hasGrantOption) }
    return list(owned.map { (owner(object.owner), $0, object.ownerGrantOptions.contains($0)) } + granted)
  }

  func columnPrivileges(_ grants: [Grant], column: String) -> CatalogueValue? {
    let granted = grants.filter { $0.column == column }
    return granted.isEmpty ? nil : list(granted.map { ($0.grantee, $0.privilege, $0.hasGrantOption) })
  }

  private func list(_ entries: [(grantee: String?, privilege: String, isGrantable: Bool)]) -> CatalogueValue {
    var byGrantee: [String: Set<String>] = [:]
    for entry in entries {
      byGrantee[entry.grantee ?? "PUBLIC", default: []].insert(entry.privilege + (entry.isGrantable ? "*" : ""))
    }
    return .object(byGrantee.keys.sorted().map { ($0, .texts((byGrantee[$0] ?? []).sorted())) })
  }

  // MARK: Default privileges

  /// One entry for each role, schema and kind of object; those that equal the built-in defaults have none.
  var defaultPrivileges: [CatalogueValue] {
    struct Key: Hashable {
      let role: String
      let schema: String?
      let objects: String
    }
    var keys: [Key] = []
    var entries: [Key: [DefaultPrivilege]] = [:]
    for entry in catalogue.defaultPrivileges {
      let key = Key(role: entry.role ?? role, schema: entry.schema, objects: entry.objects)
      if entries[key] == nil { keys.append(key) }
      entries[key, default: []].append(entry)
    }
    keys.sort { ($0.role, $0.schema ?? "", $0.objects) < ($1.role, $1.schema ?? "", $1.objects) }
    return keys.compactMap { key in
      let kind = PrivilegeKind(named: key.objects)
      var base: [(grantee: String?, privilege: String, isGrantable: Bool)] = []
      if key.schema == nil {
        base = kind.all.map { (key.role, $0, false) } + kind.publicDefaults.map { (nil, $0, false) }
      }
      let original = list(base)
      for entry in entries[key] ?? [] {
        let place = base.firstIndex { $0.grantee == entry.grantee && $0.privilege == entry.privilege }
        if !entry.isGrant {
          if let place { base.remove(at: place) }
        } else if let place {
          if entry.hasGrantOption { base[place].isGrantable = true }
        } else {
          base.append((entry.grantee, entry.privilege, entry.hasGrantOption))
        }
      }
      let final = list(base)
      guard final != original else { return nil }
      return .object([
        ("role", .text(key.role)), ("schema", key.schema.map { .text($0) } ?? .null), ("objects", .text(key.objects)),
        ("acl", final),
      ])
    }
  }
}
