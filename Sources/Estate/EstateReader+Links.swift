import CEL
import CloudFormation
import PostgresSchema
import SourceText
import Values

/// The data stores that some SQL is for.
enum SchemaLink {
  /// All of these: one, or one and what replicates it.
  case stores([ResourceID])
  /// It may be any of them, and nothing says which; or which there are is open.
  case unknown(Unknown)
}

/// Which SQL is for which data store: as configured; else by the function that carries the SQL and refers to the data
/// store; else because there is only one.
extension EstateReader {
  /// A member that lists what the SQL for a data store makes; nil for other members.
  func linkedMember(_ name: String, of id: ResourceID) -> MemberReading? {
    let doubts = estate.doubts
    switch name {
    case "hasSchema": return MemberReading(Value(hasSchema(id)))
    case "tables":
      let tables = estate.catalogue.tables.map { ($0.origin.span, $0.uncertainty[.existence]) }
      return linked("sql::Table", tables, estate.catalogue.moreTables, to: id)
    case "roles": return linked("sql::Role", estate.catalogue.roles.map { ($0.origin.span, nil) }, doubts.roles, to: id)
    case "extensions":
      return linked(
        "sql::Extension", estate.catalogue.extensions.map { ($0.origin.span, nil) }, doubts.extensions, to: id)
    case "schemas":
      // Those that every database has stand in no file: they are there wherever some SQL is.
      let schemas = estate.catalogue.schemas.map { ($0.isPredefined ? nil : $0.origin.span, nil as Unknown?) }
      return linked("sql::Schema", schemas, doubts.schemas, to: id)
    case "grants":
      guard case .list(let all) = allGrants else { return MemberReading(allGrants) }
      let grants = estate.privileges.entries.map { ($0.origin.span, nil as Unknown?) }
      return linked("sql::Grant", grants, all.residual, to: id)
    default: return nil
    }
  }

  private func linked(
    _ type: String, _ objects: [(span: Span?, doubt: Unknown?)], _ open: Unknown?, to id: ResourceID
  ) -> MemberReading {
    let has = hasSchema(id)
    if case .no = has { return MemberReading(.list([])) }
    let open = open.united(hiddenCode)
    var elements: [ListValue.Element] = []
    for (index, object) in objects.enumerated() {
      let value = Value.object(ObjectValue(type, Int32(clamping: index)))
      switch object.span.map({ lives(at: $0, in: id) }) ?? has {
      case .no: continue
      case .yes: elements.append(ListValue.Element(value, membership: object.doubt))
      case .unknown(let unknown):
        elements.append(ListValue.Element(value, membership: unknown.union(object.doubt)))
      }
    }
    return MemberReading(.list(ListValue(elements: elements, residual: open)))
  }

  /// Whether any SQL is for a data store.
  private func hasSchema(_ id: ResourceID) -> Truth {
    var truth = hiddenCode.map { .unknown($0) } ?? Truth.no
    guard estate.hasSchema else { return truth }
    guard !estate.sources.isEmpty else { return lives(nil, in: id) }
    for source in estate.sources { truth = truth || lives(source, in: id) }
    return truth
  }

  /// Whether what stands at a place of the SQL is for a data store.
  private func lives(at span: Span, in id: ResourceID) -> Truth {
    lives(estate.source(holding: span), in: id)
  }

  private func lives(_ source: SchemaSource?, in id: ResourceID) -> Truth {
    switch link(of: source) {
    case .stores(let stores): Truth(stores.contains(id))
    case .unknown(let unknown): isDatabase(id) == .no ? .no : .unknown(unknown)
    }
  }

  /// Why some function may hold SQL that no template shows: its inline code is the value of a parameter, say.
  private var hiddenCode: Unknown? {
    if let known = hiddenCodeOfAll { return known }
    var hidden: Unknown?
    for function in estate.deployment.resources(ofType: "AWS::Lambda::Function") {
      hidden = hidden.united(hiddenCode(of: function))
    }
    hiddenCodeOfAll = .some(hidden)
    return hidden
  }

  private func hiddenCode(of function: ResourceID) -> Unknown? {
    resolver.property(path: ["Code", "ZipFile"], of: function).content.unknown
  }

  /// Whether the inline code of a function holds SQL.
  func holdsSQL(_ function: ResourceID) -> Truth {
    if estate.sources.contains(where: { $0.function == function }) { return .yes }
    return hiddenCode(of: function).map { .unknown($0) } ?? .no
  }

  /// Whether the code of a function fills values into its SQL.
  func sqlHasPlaceholders(_ function: ResourceID) -> Truth {
    guard let own = estate.inlineSchemas.first(where: { $0.function == function }) else { return holdsSQL(function) }
    return Truth(own.sources.contains { !$0.holes.isEmpty })
  }

  /// The Lambda function whose inline code holds a place.
  func function(holding span: Span) -> ResourceID? {
    estate.source(holding: span) { $0.function != nil }?.function
  }

  // MARK: Finding the link

  private func link(of source: SchemaSource?) -> SchemaLink {
    if let known = links[source] { return known }
    let found = findLink(of: source)
    links[source] = found
    return found
  }

  private func findLink(of source: SchemaSource?) -> SchemaLink {
    if let stores = source?.stores { return .stores(stores) }
    let candidates: [ResourceID]
    switch databases {
    case .stores(let stores): candidates = stores
    case .unknown(let unknown): return .unknown(unknown)
    }
    let groups = grouped(candidates)
    if groups.count < 2 { return .stores(candidates) }
    if let function = source?.function {
      let named = stores(usedBy: function)
      let meant = groups.filter { !named.isDisjoint(with: $0) }
      if let only = meant.first, meant.count == 1 { return .stores(only) }
      if meant.count > 1 { return ambiguous(meant, source) }
    }
    return ambiguous(groups, source)
  }

  private func ambiguous(_ groups: [[ResourceID]], _ source: SchemaSource?) -> SchemaLink {
    let names = groups.flatMap { $0 }.map { "'\(estate.deployment.resource($0).logicalID)'" }.joined(separator: ", ")
    let subject = source?.function.map { "the SQL of '\(estate.deployment.resource($0).logicalID)'" } ?? "the schema"
    return .unknown(
      Unknown(
        Reason(
          .ambiguous, "\(subject) may live in any of the data stores \(names)",
          cure: "say which with 'cluster' under 'schemas' in .blealint.yaml, or check each with its own schema")))
  }

  /// The data stores for PostgreSQL; unknown while it is open which exist.
  private var databases: SchemaLink {
    var found: [ResourceID] = []
    let types = ["AWS::RDS::DBCluster", "AWS::RDS::DBInstance"]
    for id in types.flatMap({ estate.deployment.resources(ofType: $0) }) {
      switch isDatabase(id) {
      case .no: continue
      case .yes: found.append(id)
      // Which there are may depend on an open choice.
      case .unknown(let unknown) where unknown.undecidedChoice != nil: return .unknown(unknown)
      case .unknown: found.append(id)
      }
    }
    return .stores(found)
  }

  /// Whether a resource is a data store for PostgreSQL: a cluster, or an instance outside one.
  private func isDatabase(_ id: ResourceID) -> Truth {
    let exists = resolver.exists(id)
    if case .no = exists { return .no }
    if estate.deployment.resource(id).type == "AWS::RDS::DBInstance",
      !resolver.property("DBClusterIdentifier", of: id).isAbsent
    {
      return .no
    }
    let engine = resolver.property("Engine", of: id)
    if engine.isAbsent { return .no }
    if let name = engine.text { return exists && Truth(["aurora-postgresql", "postgres"].contains(name)) }
    return exists && .unknown(engine.content.unknown ?? Unknown(Reason(.deployment, "its engine is not known")))
  }

  /// Data stores that hold the same data belong together: the members of a global cluster, and replicas.
  private func grouped(_ stores: [ResourceID]) -> [[ResourceID]] {
    var groups: [[ResourceID]] = []
    var keys: [ResourceID: Int] = [:]
    for store in stores {
      let sources = [
        "GlobalClusterIdentifier", "ReplicationSourceIdentifier", "SourceDBInstanceIdentifier",
        "SourceDBClusterIdentifier",
      ].compactMap { target(of: resolver.property($0, of: store))?.resource }
      if let group = ([store] + sources).compactMap({ keys[$0] }).first {
        groups[group].append(store)
        for key in [store] + sources { keys[key] = group }
      } else {
        for key in [store] + sources { keys[key] = groups.count }
        groups.append([store])
      }
    }
    return groups
  }

  // MARK: What a function refers to

  /// The data stores that a Lambda function refers to: in its environment and code, in the custom resources it serves,
  /// and, where none of these says, in its role's policies.
  func stores(usedBy function: ResourceID) -> Set<ResourceID> {
    var named: Set<ResourceID> = []
    for property in ["Environment", "Code"] { add(resolver.property(property, of: function), to: &named) }
    for resource in estate.deployment.resources {
      guard resource.type.hasPrefix("Custom::") || resource.type == "AWS::CloudFormation::CustomResource",
        resolver.target(of: resolver.property("ServiceToken", of: resource.id))?.resource == function
      else { continue }
      for property in resolver.properties(of: resource.id) where property != "ServiceToken" {
        add(resolver.property(property, of: resource.id), to: &named)
      }
    }
    let direct = databases(behind: named)
    guard direct.isEmpty, let role = resolver.target(of: resolver.property("Role", of: function))?.resource else {
      return direct
    }
    named = []
    add(resolver.property("Policies", of: role), to: &named)
    for type in ["AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"] {
      for policy in estate.deployment.resources(ofType: type) {
        var roles: Set<ResourceID> = []
        add(resolver.property("Roles", of: policy), to: &roles)
        if roles.contains(role) { add(resolver.property("PolicyDocument", of: policy), to: &named) }
      }
    }
    return databases(behind: named)
  }

  /// The data stores behind resources: themselves, the cluster of an instance, what a secret or a proxy is for.
  private func databases(behind resources: Set<ResourceID>) -> Set<ResourceID> {
    var found: Set<ResourceID> = []
    for id in resources {
      switch estate.deployment.resource(id).type {
      case "AWS::RDS::DBCluster": found.insert(id)
      case "AWS::RDS::DBInstance":
        found.insert(target(of: resolver.property("DBClusterIdentifier", of: id))?.resource ?? id)
      case "AWS::SecretsManager::SecretTargetAttachment":
        if let store = target(of: resolver.property("TargetId", of: id))?.resource { found.insert(store) }
      case "AWS::SecretsManager::Secret": found.formUnion(stores(withSecret: id))
      case "AWS::RDS::DBProxy":
        for group in estate.deployment.resources(ofType: "AWS::RDS::DBProxyTargetGroup")
        where target(of: resolver.property("DBProxyName", of: group))?.resource == id {
          add(resolver.property("DBClusterIdentifiers", of: group), to: &found)
          add(resolver.property("DBInstanceIdentifiers", of: group), to: &found)
        }
      default: continue
      }
    }
    return found
  }

  private func stores(withSecret secret: ResourceID) -> Set<ResourceID> {
    var found: Set<ResourceID> = []
    for attachment in estate.deployment.resources(ofType: "AWS::SecretsManager::SecretTargetAttachment")
    where target(of: resolver.property("SecretId", of: attachment))?.resource == secret {
      if let store = target(of: resolver.property("TargetId", of: attachment))?.resource { found.insert(store) }
    }
    for type in ["AWS::RDS::DBCluster", "AWS::RDS::DBInstance"] {
      for store in estate.deployment.resources(ofType: type)
      where target(of: resolver.property("MasterUserPassword", of: store))?.resource == secret { found.insert(store) }
    }
    return found
  }

  /// Adds the resources that a value refers to anywhere in it.
  private func add(_ value: ResolvedValue, to named: inout Set<ResourceID>) {
    switch value.content {
    case .reference(let id, _): named.insert(id)
    case .template(let parts): add(parts, to: &named)
    case .dynamicReference(let reference): add(reference.key, to: &named)
    case .list(let elements, _): for element in elements { add(element.value, to: &named) }
    case .map(let entries, _): for entry in entries { add(entry.value, to: &named) }
    case .absent, .unknown, .scalar: return
    }
  }

  private func add(_ parts: [TemplatePart], to named: inout Set<ResourceID>) {
    for part in parts {
      switch part {
      case .reference(let id, _): named.insert(id)
      case .dynamicReference(let reference): add(reference.key, to: &named)
      case .literal, .pseudo, .unknown: continue
      }
    }
  }
}

extension Unknown {
  /// With the reasons of another, where there is one.
  fileprivate func union(_ other: Unknown?) -> Unknown { other.map { union($0) } ?? self }
}
