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
      case .pseudo(let name): text += "${\(name)}"
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

  /// Whether a property names a resource in the way of a pattern such as `/aws/rds/cluster/{DBClusterIdentifier}/*`.
  func names(_ resolved: ResolvedValue, _ pattern: String, _ id: ResourceID) -> Truth {
    guard let parts = resolved.stringParts, let open = pattern.firstIndex(of: "{"),
      let close = pattern.firstIndex(of: "}")
    else { return .no }
    let before = String(pattern[..<open])
    let property = String(pattern[pattern.index(after: open)..<close])
    var after = String(pattern[pattern.index(after: close)...])
    let isOpen = after.hasSuffix("*")
    if isOpen { after.removeLast() }
    let text: String
    switch shape(of: parts) {
    case .success(let whole): text = whole
    case .failure(let open):
      // What is known of the beginning may already tell that it is another name.
      let length = min(open.prefix.utf8.count, before.utf8.count)
      guard open.prefix.utf8.prefix(length).elementsEqual(before.utf8.prefix(length)) else { return .no }
      return .unknown(open.unknown)
    }
    // Most candidates are told apart by how they begin: the object's own name need not be read for those.
    guard text.lowercased().hasPrefix(before.lowercased()) else { return .no }
    var names: [Swift.Result<String, Shapeless>] = [.success(hole(id, nil))]
    if let own = resolver.property(property, of: id).stringParts { names.append(shape(of: own)) }
    var answer = Truth.no
    for name in names {
      switch name {
      case .success(let name):
        // RDS stores identifiers in lower case, and so do the names it makes of them.
        let wanted = before + name + after
        let candidate = name.hasPrefix("${") ? text : text.lowercased()
        let expected = name.hasPrefix("${") ? wanted : wanted.lowercased()
        if isOpen ? candidate.hasPrefix(expected) : candidate == expected { return .yes }
      case .failure(let open):
        if text.hasPrefix(before), !text.contains("${") { answer = .unknown(open.unknown) }
      }
    }
    return answer
  }
}
