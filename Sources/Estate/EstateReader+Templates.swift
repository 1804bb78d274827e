import CEL
import CloudFormation
import SourceText
import Values

/// What templates declare beside their resources, and what they show to those who may describe what they make.
extension EstateReader {
  /// All parameters. What makes resources that nobody here knows, a macro or another stack, may have parameters too.
  func listOfParameters() -> Value {
    .list(
      ListValue(
        elements: estate.parameters.indices.map {
          ListValue.Element(.object(ObjectValue("cfn::Parameter", Int32($0))))
        },
        residual: estate.deployment.residual(ofType: "cfn::Parameter")))
  }

  /// All outputs; one under a condition may not be there.
  func listOfOutputs() -> Value {
    var elements: [ListValue.Element] = []
    for index in estate.outputs.indices {
      let value = Value.object(ObjectValue("cfn::Output", Int32(index)))
      guard let condition = estate.outputs[index].declaration.condition else {
        elements.append(ListValue.Element(value))
        continue
      }
      switch resolver.condition(named: condition, in: estate.outputs[index].stack).truth {
      case .no: continue
      case .yes: elements.append(ListValue.Element(value))
      case .unknown(let unknown): elements.append(ListValue.Element(value, membership: unknown))
      }
    }
    return .list(ListValue(elements: elements, residual: estate.deployment.residual(ofType: "cfn::Output")))
  }

  func parameterMember(_ name: String, of object: ObjectValue) -> MemberReading {
    guard let reference = parameterReference(object), let parameter = estate.deployment.parameter(reference) else {
      return .absent
    }
    switch name {
    case "name": return MemberReading(.string(parameter.name))
    case "type": return MemberReading(.string(parameter.type))
    case "isHidden": return MemberReading(.bool(parameter.noEcho))
    case "defaultValue": return parameter.defaultValue.map { MemberReading(.string($0.text)) } ?? .absent
    case "defaultIsCompared": return MemberReading(.bool(estate.deployment.comparesDefault(of: reference)))
    case "isChoice": return MemberReading(.bool(!parameter.allowedValues.isEmpty))
    case "keys":
      let known = parameterKeys[reference.stack]
      let keys = known ?? estate.deployment.propertyKeys(takingParametersOf: reference.stack)
      parameterKeys[reference.stack] = keys
      return MemberReading(.list((keys[parameter.name] ?? []).map { .string($0) }))
    default: return .absent
    }
  }

  func outputMember(_ name: String, of object: ObjectValue) -> MemberReading {
    guard let output = output(object) else { return .absent }
    switch name {
    case "name": return MemberReading(.string(output.declaration.name))
    case "value": return MemberReading(shape(of: resolver.output(output.declaration.name, of: output.stack)))
    case "written": return MemberReading(written(resolver.output(output.declaration.name, of: output.stack)))
    case "holder": return MemberReading(.string("stack '\(estate.deployment.stack(output.stack).name)'"))
    case "hiddenParameter": return hiddenParameter(of: resolver.output(output.declaration.name, of: output.stack))
    default: return .absent
    }
  }

  func variableMember(_ name: String, of object: ObjectValue) -> MemberReading {
    guard let structure = structures(object) else { return .absent }
    switch name {
    case "name": return MemberReading(.string(structure.key))
    case "value": return MemberReading(shape(of: structure.value))
    case "written": return MemberReading(written(structure.value))
    case "holder":
      let type = estate.deployment.resource(structure.resource).type
      return MemberReading(.string(label(of: .object(ObjectValue(type, structure.resource.rawValue)))))
    case "hiddenParameter": return hiddenParameter(of: structure.value)
    default: return .absent
    }
  }

  /// The environment variables of a function, or of all containers of a task definition.
  func variables(of id: ResourceID) -> MemberReading {
    let containers = resolver.property("ContainerDefinitions", of: id)
    guard containers.isAbsent else {
      guard case .list(let items, var open) = containers.content else {
        return containers.content.unknown.map { MemberReading(.unknown($0)) } ?? .absent
      }
      var elements: [ListValue.Element] = []
      for item in items {
        let environment = item.value.descending(["Environment"])
        open = open.united(environment.content.unknown)
        guard case .list(let pairs, let residual) = environment.content else { continue }
        open = open.united(residual)
        for pair in pairs {
          let written = pair.value.descending(["Name"])
          guard let name = written.text else {
            open = open.united(written.content.unknown)
            continue
          }
          let value = pair.value.descending(["Value"])
          elements.append(
            ListValue.Element(
              .object(structure("cfn::Variable", value, in: id, key: name)),
              membership: item.membership.united(pair.membership)))
        }
      }
      return MemberReading(.list(ListValue(elements: elements, residual: open)))
    }
    let written = resolver.property(path: ["Environment", "Variables"], of: id)
    switch written.content {
    case .map(let entries, let residual):
      return MemberReading(
        .list(
          ListValue(
            elements: entries.map {
              ListValue.Element(
                .object(structure("cfn::Variable", $0.value, in: id, key: $0.key)), membership: $0.membership)
            }, residual: residual)))
    case .unknown(let unknown): return MemberReading(.unknown(unknown))
    default: return MemberReading(.list([]))
    }
  }

  /// A string as far as it stands in the template. What depends on an open choice is unknown until it is made.
  private func written(_ value: ResolvedValue) -> Value {
    var text = ""
    for part in value.stringParts ?? [] {
      if case .unknown(let unknown) = part {
        if unknown.undecidedChoice != nil { return .unknown(unknown) }
        text += "${?}"
        continue
      }
      switch shape(of: [part]) {
      case .success(let known): text += known
      case .failure: text += "${?}"
      }
    }
    return .string(text)
  }

  private func hiddenParameter(of value: ResolvedValue) -> MemberReading {
    guard let reference = value.parameter, estate.deployment.parameter(reference)?.noEcho == true,
      let index = estate.parameters.firstIndex(of: reference)
    else { return .absent }
    return MemberReading(.object(ObjectValue("cfn::Parameter", Int32(index))))
  }

  // MARK: Places and names

  func parameterReference(_ object: ObjectValue) -> ParameterReference? {
    estate.parameters.indices.contains(Int(object.id)) ? estate.parameters[Int(object.id)] : nil
  }

  func output(_ object: ObjectValue) -> Estate.DeclaredOutput? {
    estate.outputs.indices.contains(Int(object.id)) ? estate.outputs[Int(object.id)] : nil
  }

  /// Where a parameter or an output stands; nil for every other object.
  func declarationPlace(_ name: String?, of object: ObjectValue) -> Origin? {
    if object.typeName == "cfn::Output" {
      guard let output = output(object) else { return nil }
      guard name == "value", let value = output.declaration.value else { return output.declaration.origin }
      return Origin(value.span, path: output.declaration.origin.path + "/Value", kind: output.declaration.origin.kind)
    }
    guard object.typeName == "cfn::Parameter", let reference = parameterReference(object),
      let parameter = estate.deployment.parameter(reference)
    else { return nil }
    let key = ["isHidden": "NoEcho", "defaultValue": "Default", "type": "Type"][name ?? ""]
    guard let key, let value = parameter.node[key] else { return parameter.origin }
    return Origin(value.span, path: parameter.origin.path + "/" + key, kind: parameter.origin.kind)
  }
}
