import CEL
import CloudFormation
import SourceText
import Values

/// The tags of a resource: its own, then those it gets from its stack.
///
/// An own tag wins over a stack's tag of the same key (CloudFormation User Guide, "Resource tag").
struct ResourceTags {
  struct Tag {
    let key: String
    let value: Value
    /// Where the value is written; nil for a stack's tag, which stands in no template.
    let origin: Origin?
    let membership: Unknown?
  }

  var own: [Tag] = []
  var inherited: [Tag] = []
  /// Why there may be more tags on the resource itself.
  var residual: Unknown?
  /// Why there may be more from the stack.
  var stackResidual: Unknown?

  var ownMap: MapValue { map(own, residual) }

  var effectiveMap: MapValue {
    let open = residual.map { left in stackResidual.map { left.union($0) } ?? left } ?? stackResidual
    return map(inherited + own, open)
  }

  private func map(_ tags: [Tag], _ residual: Unknown?) -> MapValue {
    MapValue(
      tags.map { MapValue.Entry(.string($0.key), $0.value, membership: $0.membership) }, residual: residual)
  }
}

extension EstateReader {
  /// Ids of tag objects: a resource's tags take a block of this many.
  private static let tagsPerResource: Int32 = 128

  func resourceMember(_ name: String, of id: ResourceID) -> MemberReading {
    let resource = estate.deployment.resource(id)
    switch name {
    case "logicalId": return MemberReading(.string(resource.logicalID))
    case "resourceType": return MemberReading(.string(resource.type))
    case "stackName": return MemberReading(.string(estate.deployment.stack(resource.stack).name))
    case "tags": return MemberReading(.map(tags(of: id).ownMap))
    case "effectiveTags": return MemberReading(.map(tags(of: id).effectiveMap))
    case "tagEntries":
      let tags = tags(of: id)
      let elements = (tags.own + tags.inherited).indices.prefix(Int(Self.tagsPerResource)).map { index in
        ListValue.Element(
          .object(ObjectValue("cfn::Tag", id.rawValue * Self.tagsPerResource + Int32(index))),
          membership: (tags.own + tags.inherited)[index].membership)
      }
      // What values are asked of are the tags that are written; whether one is missing is another question.
      return MemberReading(.list(ListValue(elements: elements, residual: tags.residual)))
    case "stackTagsAreKnown":
      return MemberReading(.bool(estate.deployment.stack(resource.stack).input.tagsKnown))
    case "region":
      if let region = estate.deployment.stack(resource.stack).input.region { return MemberReading(.string(region)) }
      return MemberReading(
        .unknown(
          Unknown(
            Reason(
              .deployment, "the Region of stack '\(estate.deployment.stack(resource.stack).name)' is not known",
              cure: "check a cloud assembly whose stacks name their environment"))))
    case "account":
      if let account = estate.deployment.stack(resource.stack).input.account {
        return MemberReading(.string(account))
      }
      return MemberReading(
        .unknown(
          Unknown(
            Reason(
              .deployment, "the account of stack '\(estate.deployment.stack(resource.stack).name)' is not known",
              cure: "check a cloud assembly whose stacks name their environment, or write ${AWS::AccountId}"))))
    case "passwordIsHiddenParameter": return MemberReading(.bool(passwordIsHiddenParameter(of: id)))
    case "passwordIsComputed": return MemberReading(.bool(passwordIsComputed(of: id)))
    case "gatewayKind": return gatewayKind(of: id)
    case "backupSelections": return MemberReading(backupSelections(of: id))
    case "clients": return MemberReading(clients(of: id))
    case "variables": return variables(of: id)
    case "holdsSQL": return MemberReading(Value(holdsSQL(id)))
    case "sqlHasPlaceholders": return MemberReading(Value(sqlHasPlaceholders(id)))
    default: return linkedMember(name, of: id) ?? .absent
    }
  }

  func tagMember(_ name: String, of object: ObjectValue) -> MemberReading {
    guard let (tag, id) = tag(object) else { return .absent }
    switch name {
    case "key": return MemberReading(.string(tag.key))
    case "value": return MemberReading(tag.value)
    case "resource": return MemberReading(.string(estate.deployment.resource(id).logicalID))
    default: return .absent
    }
  }

  /// The tag behind an object, and the resource that carries it.
  func tag(_ object: ObjectValue) -> (tag: ResourceTags.Tag, resource: ResourceID)? {
    let id = ResourceID(object.id / Self.tagsPerResource)
    let tags = tags(of: id)
    let all = tags.own + tags.inherited
    let index = Int(object.id % Self.tagsPerResource)
    return index < all.count ? (all[index], id) : nil
  }

  func tags(of id: ResourceID) -> ResourceTags {
    if let latestTags, latestTags.resource == id { return latestTags.tags }
    let tags = readTags(of: id)
    latestTags = (id, tags)
    return tags
  }

  private func readTags(of id: ResourceID) -> ResourceTags {
    var tags = ResourceTags()
    var resolved = resolver.property("Tags", of: id)
    if resolved.isAbsent { resolved = resolver.property("BackupVaultTags", of: id) }
    switch resolved.content {
    case .unknown(let unknown): tags.residual = unknown
    case .list(let items, let residual):
      tags.residual = residual
      for item in items { add(item, to: &tags) }
    case .map(let entries, let residual):
      // AWS Backup, SSM and others write tags as a mapping.
      tags.residual = residual
      for entry in entries {
        tags.own.append(
          .init(key: entry.key, value: tagValue(entry.value), origin: entry.value.origin, membership: entry.membership))
      }
    default: break
    }
    let stack = estate.deployment.stack(estate.deployment.resource(id).stack)
    for (key, value) in stack.input.tags.sorted(by: { $0.key < $1.key })
    where !tags.own.contains(where: { $0.key == key }) {
      tags.inherited.append(
        .init(key: key, value: .string(value), origin: stack.input.tagOrigins[key], membership: nil))
    }
    if !stack.input.tagsKnown {
      tags.stackResidual = Unknown(
        Reason(
          .other, "the tags of stack '\(stack.name)' are not in its template", at: nil,
          cure: "check the cloud assembly, or give them with --stack-tag KEY=VALUE"))
    }
    return tags
  }

  private func add(_ item: ResolvedElement, to tags: inout ResourceTags) {
    guard case .map(let entries, _) = item.value.content,
      let key = entries.first(where: { $0.key == "Key" })?.value,
      let value = entries.first(where: { $0.key == "Value" })
    else {
      if case .unknown(let unknown) = item.value.content {
        tags.residual = tags.residual.map { $0.union(unknown) } ?? unknown
      }
      return
    }
    guard let text = key.text else {
      let unknown: Unknown
      if case .unknown(let reason) = key.content {
        unknown = reason
      } else {
        unknown = Unknown(
          Reason(.deployment, "the key of a tag is known only when the stack is deployed", at: key.origin?.span))
      }
      tags.residual = tags.residual.map { $0.union(unknown) } ?? unknown
      return
    }
    tags.own.append(
      .init(key: text, value: tagValue(value.value), origin: value.value.origin, membership: item.membership))
  }

  private func tagValue(_ resolved: ResolvedValue) -> Value {
    switch resolved.content {
    case .scalar(let text, _): .string(text)
    case .unknown(let unknown): .unknown(unknown)
    default:
      .unknown(
        Unknown(
          Reason(.deployment, "the tag's value is known only when the stack is deployed", at: resolved.origin?.span)))
    }
  }

  /// Whether the master password is a parameter with NoEcho that has no default, so that no template shows it.
  private func passwordIsHiddenParameter(of id: ResourceID) -> Bool {
    guard let reference = resolver.property("MasterUserPassword", of: id).parameter,
      let parameter = estate.deployment.parameter(reference)
    else { return false }
    return parameter.noEcho && parameter.defaultValue == nil
  }

  /// Whether the master password is what a custom resource returns, so that code makes it which no template shows.
  private func passwordIsComputed(of id: ResourceID) -> Bool {
    let parts = resolver.property("MasterUserPassword", of: id).stringParts ?? []
    return parts.contains { part in
      guard case .reference(let target, .some) = part else { return false }
      let type = estate.deployment.resource(target).type
      return type.hasPrefix("Custom::") || type == "AWS::CloudFormation::CustomResource"
    }
  }

  /// What a route's GatewayId names: known for a resource of this project and for a literal id by its prefix.
  private func gatewayKind(of id: ResourceID) -> MemberReading {
    let resolved = resolver.property("GatewayId", of: id)
    if let target = resolver.target(of: resolved) {
      switch estate.deployment.resource(target.resource).type {
      case "AWS::EC2::InternetGateway": return MemberReading(.string("internet gateway"))
      case "AWS::EC2::VPNGateway": return MemberReading(.string("virtual private gateway"))
      // The attachment's Ref is a name no route takes; CDK depends on it, but never routes to it.
      case "AWS::EC2::VPCGatewayAttachment": return MemberReading(.string("internet gateway"))
      default: return MemberReading(.string("other"))
      }
    }
    switch resolved.content {
    case .absent: return .absent
    case .scalar(let text, _):
      if text.hasPrefix("igw-") { return MemberReading(.string("internet gateway")) }
      if text.hasPrefix("vgw-") { return MemberReading(.string("virtual private gateway")) }
      return MemberReading(.string(text == "local" ? "local" : "other"))
    case .unknown(let unknown): return MemberReading(.unknown(unknown), presence: .unknown(unknown))
    default:
      return MemberReading(
        .unknown(
          Unknown(
            Reason(.deployment, "the gateway is known only when the stack is deployed", at: resolved.origin?.span))))
    }
  }
}
