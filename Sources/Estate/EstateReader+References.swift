import CEL
import CloudFormation
import SourceText
import Values

/// The resources of a type by what one of their properties refers to.
struct ReferrerIndex {
  var byTarget: [ResourceID: [ListValue.Element]] = [:]
  /// Resources whose property cannot be told: they may refer to anything.
  var open: [ListValue.Element] = []
}

extension EstateReader {
  /// What following a property to the resource it names comes to.
  private enum Followed {
    case nothing
    case resource(ResourceID)
    case unknown(Unknown)
  }

  func follow(_ reference: ReferenceModel, _ member: MemberModel, from object: ObjectValue)
    -> (reading: MemberReading, origin: Origin?, hops: [Hop])
  {
    let resolved = written(reference.path, of: object)
    let (origin, hops) = (resolved.origin, resolved.hops)
    guard case .list(.object(let targetType)) = member.type else {
      guard case .object(let targetType) = member.type else { return (.absent, origin, hops) }
      switch follow(resolved, reference, to: targetType) {
      case .nothing:
        return (.absent, origin, hops)
      case .resource(let target):
        return (MemberReading(.object(ObjectValue(targetType, target.rawValue))), origin, hops)
      case .unknown(let unknown):
        return (MemberReading(.unknown(unknown), presence: .unknown(unknown)), origin, hops)
      }
    }
    switch resolved.content {
    case .absent: return (MemberReading(.list([])), origin, hops)
    case .unknown(let unknown): return (MemberReading(.unknown(unknown)), origin, hops)
    case .list(let items, let residual):
      var elements: [ListValue.Element] = []
      var allHops = hops
      for item in items {
        allHops += item.value.hops
        switch follow(item.value, reference, to: targetType) {
        case .nothing: continue
        case .resource(let target):
          elements.append(
            ListValue.Element(.object(ObjectValue(targetType, target.rawValue)), membership: item.membership))
        case .unknown(let unknown):
          elements.append(ListValue.Element(.unknown(unknown), membership: item.membership))
        }
      }
      return (MemberReading(.list(ListValue(elements: elements, residual: residual))), origin, allHops)
    default:
      let reason = Reason(
        .malformed, "\(reference.path.joined(separator: ".")) is no list", at: origin?.span, cure: "write a list")
      return (MemberReading(.unknown(Unknown(reason))), origin, hops)
    }
  }

  private func follow(_ resolved: ResolvedValue, _ reference: ReferenceModel, to type: String) -> Followed {
    var resolved = resolved
    // An alias of an alias does not exist; the bound only guards against templates that loop.
    for _ in 0..<4 {
      switch resolved.content {
      case .absent: return .nothing
      case .unknown(let unknown): return .unknown(unknown)
      case .scalar(let text, _):
        if reference.excludes(text) { return .nothing }
        if let named = resource(of: type, named: text, by: reference) { return .resource(named) }
        let label = estate.model.types[type]?.label ?? type
        return .unknown(
          Unknown(
            Reason(
              .undeclared, "\(label) '\(text)' is declared in no template given", at: resolved.origin?.span,
              cure: "check it together with the template that declares it")))
      case .template(let parts):
        switch shape(of: parts) {
        case .success(let text):
          if reference.excludes(text) { return .nothing }
          if let named = resource(of: type, named: text, by: reference) { return .resource(named) }
        case .failure(let open):
          // `default.${Family}` is a default group, whatever the family.
          if reference.excludes(open.prefix) { return .nothing }
        }
      default: break
      }
      guard let target = target(of: resolved) else {
        return .unknown(
          resolved.unknownPart
            ?? Unknown(
              Reason(
                .deployment, "\(reference.path.last ?? "") is known only when the stack is deployed",
                at: resolved.origin?.span)))
      }
      let found = estate.deployment.resource(target.resource)
      if found.type == type { return .resource(target.resource) }
      if reference.exclusion == found.type { return .nothing }
      guard let next = reference.through[found.type] else {
        return .unknown(
          Unknown(
            Reason(
              .macro, "it comes from '\(found.logicalID)' (\(found.type)), whose result no template shows",
              at: resolved.origin?.span)))
      }
      resolved = resolver.property(next, of: target.resource)
    }
    return .unknown(Unknown(Reason(.other, "its references lead in a circle", at: resolved.origin?.span)))
  }

  /// The one resource of a type that has the name that a literal name or ARN ends in; an ARN's Region must be its
  /// stack's, where both are known. Nil where none has, or several have.
  private func resource(of type: String, named text: String, by reference: ReferenceModel) -> ResourceID? {
    guard let property = reference.nameProperty, let name = text.split(whereSeparator: { ":/".contains($0) }).last
    else { return nil }
    let fields = text.split(separator: ":", omittingEmptySubsequences: false)
    let region = fields.first == "arn" && fields.count > 3 && !text.contains("${AWS::R") ? String(fields[3]) : nil
    let found = resources(of: type, by: property, named: String(name)).filter { id in
      guard resolver.exists(id) == .yes else { return false }
      let own = estate.deployment.stack(estate.deployment.resource(id).stack).input.region
      return region == nil || own == nil || own == region
    }
    return found.count == 1 ? found.first : nil
  }

  /// The resources of a type that a property gives a name. Every reference may ask, so all are looked through once.
  private func resources(of type: String, by property: String, named name: String) -> [ResourceID] {
    let key = type + "." + property
    if let known = namedResources[key] { return known[name] ?? [] }
    var found: [String: [ResourceID]] = [:]
    for id in estate.deployment.resources(ofType: type) {
      if let text = resolver.property(property, of: id).text { found[text, default: []].append(id) }
    }
    namedResources[key] = found
    return found[name] ?? []
  }

  /// The resource a value names: by reference, at the end of an ARN, or as the key of a dynamic reference.
  func target(of resolved: ResolvedValue) -> ReferenceTarget? {
    if case .dynamicReference(let reference) = resolved.content { return reference.target }
    return resolver.target(of: resolved)
  }

  /// The resources that refer to another: surely, or possibly where the property cannot be told or the resource has a
  /// condition.
  func resources(_ referrers: ReferrersModel, to id: ResourceID) -> ListValue {
    if let pattern = referrers.pattern { return resources(referrers, naming: id, by: pattern) }
    let index = referrerIndex(referrers)
    return ListValue(
      elements: (index.byTarget[id] ?? []) + index.open, residual: estate.deployment.residual(ofType: referrers.type))
  }

  private func resources(_ referrers: ReferrersModel, naming id: ResourceID, by pattern: String) -> ListValue {
    ListValue(
      elements: namedCandidates(referrers, pattern).referring(to: ownNames(of: id, by: pattern)),
      residual: estate.deployment.residual(ofType: referrers.type))
  }

  /// The resources that may refer by a name, each with its name: read once, whoever asks for them.
  private func namedCandidates(_ referrers: ReferrersModel, _ pattern: String) -> NamedReferrers {
    if let known = candidates[referrers] { return known }
    func name(of id: ResourceID) -> Swift.Result<String, Shapeless>? {
      resolver.property(referrers.property, of: id).stringParts.map { shape(of: $0) }
    }
    var found: NamedReferrers
    if let base {
      // Only what depends on the choices made here is read again.
      found = base.namedCandidates(referrers, pattern)
      for (id, open) in found.undecided
      where open.contains(where: { touched.contains(estate.deployment.choice($0).stack) }) {
        found.update(id, resolver.exists(id), name(of: id))
      }
    } else {
      found = NamedReferrers(pattern)
      for id in estate.deployment.resources(ofType: referrers.type) {
        found.add(.object(ObjectValue(referrers.type, id.rawValue)), id, resolver.exists(id), name(of: id))
      }
    }
    candidates[referrers] = found
    return found
  }

  private func referrerIndex(_ key: ReferrersModel) -> ReferrerIndex {
    if let known = referrers[key] { return known }
    var index = ReferrerIndex()
    for id in estate.deployment.resources(ofType: key.type) {
      var membership: Unknown?
      switch resolver.exists(id) {
      case .no: continue
      case .yes: break
      case .unknown(let unknown): membership = unknown
      }
      let object = Value.object(ObjectValue(key.type, id.rawValue))
      let resolved = resolver.property(path: key.property.split(separator: ".").map(String.init), of: id)
      guard case .list(let items, let residual) = resolved.content else {
        enter(resolved, of: object, membership, key, &index)
        continue
      }
      for item in items { enter(item.value, of: object, membership.united(item.membership), key, &index) }
      if let residual {
        index.open.append(ListValue.Element(object, membership: membership.united(residual)))
      }
    }
    referrers[key] = index
    return index
  }

  /// Enters one value that refers to something into an index.
  private func enter(
    _ resolved: ResolvedValue, of object: Value, _ membership: Unknown?, _ key: ReferrersModel,
    _ index: inout ReferrerIndex
  ) {
    var resolved = resolved
    // The bound only guards against templates that loop.
    for _ in 0..<4 {
      guard let target = target(of: resolved)?.resource else { break }
      guard let next = key.through[estate.deployment.resource(target).type] else {
        index.byTarget[target, default: []].append(ListValue.Element(object, membership: membership))
        return
      }
      resolved = resolver.property(next, of: target)
    }
    // A literal id names something that exists already, never a resource that these templates will make.
    guard case .unknown(let unknown) = resolved.content else { return }
    index.open.append(ListValue.Element(object, membership: membership.united(unknown)))
  }
}

extension Unknown? {
  /// Both reasons, or the one there is.
  func united(_ other: Unknown?) -> Unknown? {
    guard let self else { return other }
    guard let other else { return self }
    return self.union(other)
  }
}
