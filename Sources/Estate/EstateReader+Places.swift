import CEL
import CloudFormation
import Documents
import SourceText
import Values

extension EstateReader {
  /// Where a path of members from an object stands: the value's region; where it is not written, the key of the
  /// nearest ancestor that is; at last the object's own name. Nil for values that stand nowhere.
  package func place(of value: Value, members: [String]) -> Origin? {
    guard case .object(let object) = value else { return nil }
    guard let name = members.first else { return place(of: object) }
    guard let model = estate.model.member(name, of: object.typeName) else { return place(of: object) }
    let property: [String]
    switch model.source {
    case .property: property = [name]
    case .attribute:
      let rest = members.dropFirst().map(PathElement.init)
      return resolver.origin(of: ResourceID(object.id), attribute: name, path: rest).origin
    case .reference(let reference):
      property = reference.path
      if members.count > 1 { return placeBehind(name, of: object, Array(members.dropFirst())) }
    case .native:
      if let origin = nativePlace(name, of: object, Array(members.dropFirst())) { return origin }
      if members.count > 1 { return placeBehind(name, of: object, Array(members.dropFirst())) }
      return place(of: object)
    case .referrers, .all, .derived:
      if let place = model.place, Model.isResource(object.typeName) || estate.model.isStructure(object.typeName) {
        if members.count > 1, case .object = member(name, of: object).value {
          return placeBehind(name, of: object, Array(members.dropFirst()))
        }
        // What stands at a property that is read otherwise is no part of it.
        if estate.model.isStructure(object.typeName) { return structurePlace(object, [place]) }
        return origin(of: ResourceID(object.id), [place])
      } else if let origin = nativePlace(name, of: object, Array(members.dropFirst())) {
        return origin
      } else if members.count > 1 {
        return placeBehind(name, of: object, Array(members.dropFirst()))
      } else {
        return place(of: object)
      }
    }
    if estate.model.isStructure(object.typeName) { return structurePlace(object, property + members.dropFirst()) }
    return origin(of: ResourceID(object.id), property + members.dropFirst())
  }

  private func placeBehind(_ name: String, of object: ObjectValue, _ rest: [String]) -> Origin? {
    let reading = member(name, of: object)
    if case .object = reading.value, reading.presence.known != false { return place(of: reading.value, members: rest) }
    return place(of: .object(object), members: [name])
  }

  /// Where an object itself stands: the name of a resource, of a table, of a policy.
  private func place(of object: ObjectValue) -> Origin? {
    switch object.typeName {
    case Model.estate, "Resources": return nil
    // A fact of ours stands in no file of the user's.
    case let name where estate.model.tables[name] != nil: return nil
    case "cfn::Parameter", "cfn::Output": return declarationPlace(nil, of: object)
    case "cfn::Tag":
      guard let (tag, id) = tag(object) else { return nil }
      return tag.origin ?? estate.deployment.resource(id).origin
    case let name where name.hasPrefix("sql::"): return schemaPlace(of: object)
    case let name where estate.model.isStructure(name): return structurePlace(object, [])
    default: return estate.deployment.resource(ResourceID(object.id)).origin
    }
  }

  private func nativePlace(_ name: String, of object: ObjectValue, _ rest: [String]) -> Origin? {
    if object.typeName.hasPrefix("sql::") { return schemaPlace(of: name, of: object) }
    if object.typeName == "iam::Statement" { return structurePlace(object, [Self.statementKey(of: name)]) }
    if let place = declarationPlace(name, of: object) { return place }
    guard Model.isResource(object.typeName) else { return nil }
    switch name {
    case "tags", "effectiveTags", "tagEntries":
      // A tag by its key: where its value is written.
      if let key = rest.first {
        let tags = tags(of: ResourceID(object.id))
        if let origin = (tags.own + tags.inherited).first(where: { $0.key == key })?.origin { return origin }
      }
      return origin(of: ResourceID(object.id), ["Tags"])
    case "passwordIsHiddenParameter", "passwordIsComputed":
      return origin(of: ResourceID(object.id), ["MasterUserPassword"])
    case "gatewayKind": return origin(of: ResourceID(object.id), ["GatewayId"])
    default: return nil
    }
  }

  private func origin(of id: ResourceID, _ path: [String]) -> Origin {
    resolver.origin(of: id, path: path.map(PathElement.init), in: path.first.map { property($0, of: id) }).origin
  }

  /// Where a path of members is written as a plain scalar, so that a fix can replace it; nil for a value that comes
  /// from elsewhere.
  package func literalSpan(of value: Value, members: [String]) -> Span? {
    guard case .object(let object) = value, let name = members.first else { return nil }
    let resolved: ResolvedValue
    switch estate.model.member(name, of: object.typeName)?.source {
    case .property: resolved = written(members, of: object)
    case .attribute: resolved = resolver.attribute(name, of: ResourceID(object.id)).descending(members.dropFirst())
    case .reference, .derived:
      return literalSpan(of: self.member(name, of: object).value, members: Array(members.dropFirst()))
    default: return nil
    }
    guard case .scalar = resolved.content, resolved.hops.isEmpty else { return nil }
    return resolved.origin?.span
  }

  /// The format that a template is written in.
  package func format(of file: FileID) -> DocumentFormat {
    estate.deployment.stacks.first { $0.template.document.file == file }?.template.document.format ?? .yaml
  }

  /// The CDK construct that made an object, where the assembly says.
  package func constructPath(of value: Value) -> String? { declaration(of: value)?.constructPath }

  /// The name of the stack that a value is declared in, behind those it is nested in.
  package func stackPath(of value: Value) -> String? {
    declaration(of: value).map { estate.deployment.stackPath($0.stack) }
  }

  /// The resource that an object is, or is written in.
  private func declaration(of value: Value) -> Resource? {
    guard case .object(let object) = value else { return nil }
    if object.typeName == "cfn::Tag" { return tag(object).map { estate.deployment.resource($0.resource) } }
    guard Model.isResource(object.typeName) || estate.model.isStructure(object.typeName) else { return nil }
    return estate.deployment.resource(resource(of: object))
  }

  /// What a reader calls an object: `cluster 'Database'`, `table public.users`.
  package func label(of value: Value) -> String {
    switch value {
    case .object(let object):
      if object.typeName == Model.estate { return "the project" }
      let label = estate.model.types[object.typeName]?.label ?? object.typeName
      if object.typeName == "cfn::Tag" { return tag(object).map { "tag '\($0.tag.key)'" } ?? label }
      if let table = estate.model.tables[object.typeName] { return "\(label) as of \(table.asOf)" }
      if object.typeName == "cfn::Parameter" { return "parameter '\(parameterReference(object)?.name ?? "")'" }
      if object.typeName == "cfn::Output" { return "output '\(output(object)?.declaration.name ?? "")'" }
      if object.typeName.hasPrefix("sql::") {
        let name = schemaName(of: object)
        return name.isEmpty ? label : "\(label) \(name)"
      }
      if estate.model.isStructure(object.typeName) {
        // By its place, for another reader than this one may have met it.
        guard let structure = estate.structures[object.id] else { return label }
        let owner = estate.deployment.resource(structure.resource)
        let named = object.typeName == "cfn::Variable" ? "\(label) '\(structure.key)'" : label
        return "\(named) of \(self.label(of: .object(ObjectValue(owner.type, structure.resource.rawValue))))"
      }
      return "\(label) '\(estate.deployment.resource(ResourceID(object.id)).logicalID)'"
    case .string(let text): return "'\(text)'"
    case .int(let number): return "\(number)"
    case .bool(let bool): return "\(bool)"
    default: return "a value"
    }
  }

  /// What identifies an element across scenarios: the object, or the scalar; anything else by its position, for a list
  /// that depends on an open choice is another list once the choice is made.
  package func key(of value: Value, at position: Int) -> ElementKey {
    switch value {
    case .object(let object): .object(object)
    case .bool, .int, .uint, .double, .string: .value(value)
    default: .position(position)
    }
  }
}

extension PathElement {
  /// A step of a path as rules write it: a number is a position in a list.
  init(_ text: String) { self = Int(text).map { .index($0) } ?? .key(text) }
}
