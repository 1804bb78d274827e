import CEL
import CloudFormation
import SourceText
import Values

extension EstateReader {
  /// A string with its holes as `Fn::Sub` writes them: `arn:${AWS::Partition}:kms:${Key.Arn}`. A part that cannot be
  /// told makes the whole unknown.
  func shape(of resolved: ResolvedValue) -> Value {
    guard let parts = resolved.stringParts else { return .unknown(Unknown(Reason(.malformed, "it is no string"))) }
    switch shape(of: parts) {
    case .success(let text): return .string(text)
    case .failure(let open): return .unknown(open.unknown)
    }
  }

  /// Why a text has no shape.
  struct Shapeless: Error {
    let unknown: Unknown
    /// What stands before the first part that cannot be told.
    let prefix: String
  }

  func shape(of parts: [TemplatePart]) -> Swift.Result<String, Shapeless> {
    var text = ""
    for part in parts {
      switch part {
      case .literal(let literal): text += literal
      case .reference(let id, let attribute): text += hole(id, attribute)
      case .pseudo(let name): text += PseudoParameter.shown(name)
      case .dynamicReference(let reference):
        switch shape(of: reference.key) {
        case .success(let key): text += "{{resolve:\(reference.kind.rawValue):\(key)}}"
        case .failure(let open): return .failure(Shapeless(unknown: open.unknown, prefix: text))
        }
      case .unknown(let unknown): return .failure(Shapeless(unknown: unknown, prefix: text))
      }
    }
    return .success(text)
  }

  /// `${Key.Arn}`; among several stacks with the stack's name before it, for the same name in another stack is another
  /// resource.
  private func hole(_ id: ResourceID, _ attribute: String?) -> String {
    let resource = estate.deployment.resource(id)
    let stack = estate.deployment.stacks.count < 2 ? "" : estate.deployment.stack(resource.stack).name + "/"
    return "${\(stack)\(resource.logicalID)\(attribute.map { "." + $0 } ?? "")}"
  }

  /// What a return value of a resource is, where the model says which member tells it: the port of a cluster.
  func returned(_ attribute: String?, by id: ResourceID, as type: CELType, _ resolved: ResolvedValue) -> Value? {
    let resource = estate.deployment.resource(id)
    guard let member = estate.model.types[resource.type]?.returns[attribute ?? "Ref"] else { return nil }
    let reading = self.member(member, of: ObjectValue(resource.type, id.rawValue))
    guard reading.presence.known == true else { return nil }
    switch (reading.value, type) {
    case (.unknown, _), (.int, .int), (.string, .string): return reading.value
    case (.int(let number), .string): return .string("\(number)")
    default: return nil
    }
  }

  /// What others may call a resource by: by reference, and by the property that a pattern such as
  /// `/aws/rds/cluster/{DBClusterIdentifier}/*` has in braces.
  func ownNames(of id: ResourceID, by pattern: String) -> [Swift.Result<String, Shapeless>] {
    var names: [Swift.Result<String, Shapeless>] = [.success(hole(id, nil))]
    if let own = resolver.property(NamedReferrers.property(of: pattern), of: id).stringParts {
      names.append(shape(of: own))
    }
    return names
  }
}
