import CEL
import CloudFormation
import SourceText
import Values

/// Which functions connect to a data store, as far as templates tell.
///
/// Only what names the data store counts. A parameter without a value may be its endpoint, but so may anything: such a
/// function is none that a template shows to connect. What depends on an open choice is told apart by scenarios.
extension EstateReader {
  /// What functions refer to, read once.
  struct Mentions {
    var targets: Set<ReferenceTarget> = []
    /// Why there may be more, where that is an open choice.
    var open: Unknown?
  }

  func clients(of id: ResourceID) -> Value {
    let type = "AWS::Lambda::Function"
    let store = ObjectValue(estate.deployment.resource(id).type, id.rawValue)
    var secrets: Set<ResourceID> = []
    if case .list(let list) = member("secrets", of: store).value {
      for case .object(let secret) in list.elements.map(\.value) { secrets.insert(ResourceID(secret.id)) }
    }
    var elements: [ListValue.Element] = []
    for function in estate.deployment.resources(ofType: type) {
      var membership: Unknown?
      switch resolver.exists(function) {
      case .no: continue
      case .yes: break
      case .unknown(let unknown): membership = unknown
      }
      let object = ObjectValue(type, function.rawValue)
      let own = mentions(inCodeOf: function)
      // It connects to the proxy, and the proxy to the data store.
      if own.targets.contains(where: { estate.deployment.resource($0.resource).type == "AWS::RDS::DBProxy" }) {
        continue
      }
      let names = own.targets.contains { connects($0, to: id, secrets) }
      let permission = names ? .yes : permission(of: object, toConnectTo: id, secrets)
      switch permission {
      case .yes: elements.append(ListValue.Element(.object(object), membership: membership))
      case .unknown(let unknown):
        elements.append(ListValue.Element(.object(object), membership: membership.united(own.open.united(unknown))))
      case .no:
        guard let open = own.open else { continue }
        elements.append(ListValue.Element(.object(object), membership: membership.united(open)))
      }
    }
    return .list(ListValue(elements: elements, residual: estate.deployment.residual(ofType: type)))
  }

  /// Whether a reference is to the endpoint of a data store or to the secret of its password. Its identifier is what
  /// one starts and stops it by.
  private func connects(_ target: ReferenceTarget, to id: ResourceID, _ secrets: Set<ResourceID>) -> Bool {
    if target.resource == id {
      return target.attribute.map { $0.contains("Endpoint") || $0.hasPrefix("MasterUserSecret") } ?? false
    }
    return secrets.contains(secret(behind: target.resource))
  }

  private func secret(behind id: ResourceID) -> ResourceID {
    guard estate.deployment.resource(id).type == "AWS::SecretsManager::SecretTargetAttachment",
      let target = resolver.target(of: resolver.property("SecretId", of: id))
    else { return id }
    return target.resource
  }

  /// Whether something is so, and why that cannot be told.
  private enum Answer {
    case yes
    case no
    case unknown(Unknown)
  }

  /// Whether the role of a function lets it read the secret of a data store, or connect to it by IAM authentication.
  ///
  /// A statement that is about the data store or its secret counts as a doubt where its effect or its actions are
  /// unknown. One whose resources are unknown is about anything, and none that a template shows to be about these.
  private func permission(
    of function: ObjectValue, toConnectTo id: ResourceID, _ secrets: Set<ResourceID>
  ) -> Answer {
    guard case .object(let role) = member("role", of: function).value,
      case .list(let statements) = member("statements", of: role).value
    else { return .no }
    var doubt: Unknown?
    for element in statements.elements {
      guard case .object(let statement) = element.value else { continue }
      switch permission(by: statement, toConnectTo: id, secrets) {
      case .no: continue
      case .unknown(let unknown): doubt = doubt.united(unknown)
      case .yes:
        guard let membership = element.membership else { return .yes }
        doubt = doubt.united(membership)
      }
    }
    return doubt.map(Answer.unknown) ?? .no
  }

  private func permission(
    by statement: ObjectValue, toConnectTo id: ResourceID, _ secrets: Set<ResourceID>
  ) -> Answer {
    var found = Mentions()
    collect(written(["Resource"], of: statement), &found)
    let wanted = found.targets.compactMap { target -> String? in
      if target.resource == id {
        if target.attribute?.hasSuffix("ResourceId") ?? false { return "rds-db:connect" }
        return target.attribute?.hasPrefix("MasterUserSecret") ?? false ? "secretsmanager:GetSecretValue" : nil
      }
      return secrets.contains(secret(behind: target.resource)) ? "secretsmanager:GetSecretValue" : nil
    }
    guard !wanted.isEmpty else { return .no }
    var doubt: Unknown?
    switch member("Effect", of: statement).value {
    case .string("Allow"): break
    case .unknown(let unknown): doubt = unknown
    default: return .no
    }
    switch member("Action", of: statement).value {
    case .unknown(let unknown): return .unknown(doubt.map { $0.union(unknown) } ?? unknown)
    case .list(let actions):
      var open = actions.residual
      for element in actions.elements {
        switch element.value {
        case .string(let pattern):
          guard wanted.contains(where: { Wildcard.matches(pattern, $0, ignoringCase: true) }) else { continue }
          if let membership = element.membership {
            open = open.united(membership)
          } else {
            return doubt.map(Answer.unknown) ?? .yes
          }
        case .unknown(let unknown): open = open.united(unknown)
        default: continue
        }
      }
      guard let open else { return .no }
      return .unknown(doubt.map { $0.union(open) } ?? open)
    default: return .no
    }
  }

  private func mentions(inCodeOf function: ResourceID) -> Mentions {
    if let known = codeMentions[function] { return known }
    var found = Mentions()
    collect(resolver.property(path: ["Environment", "Variables"], of: function), &found)
    collect(resolver.property(path: ["Code", "ZipFile"], of: function), &found)
    codeMentions[function] = found
    return found
  }

  private func collect(_ value: ResolvedValue, _ found: inout Mentions) {
    func note(_ unknown: Unknown?) {
      if let unknown, unknown.undecidedChoice != nil { found.open = found.open.united(unknown) }
    }
    switch value.content {
    case .list(let elements, let residual):
      note(residual)
      for element in elements { collect(element.value, &found) }
    case .map(let entries, let residual):
      note(residual)
      for entry in entries { collect(entry.value, &found) }
    default: collect(value.stringParts ?? [], &found)
    }
  }

  private func collect(_ parts: [TemplatePart], _ found: inout Mentions) {
    for part in parts {
      switch part {
      case .literal, .pseudo: continue
      case .reference(let id, let attribute):
        found.targets.insert(ReferenceTarget(resource: id, attribute: attribute))
      case .unknown(let unknown):
        if unknown.undecidedChoice != nil { found.open = found.open.united(unknown) }
      case .dynamicReference(let reference): collect(reference.key, &found)
      }
    }
  }
}
