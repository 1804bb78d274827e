import Documents
import SourceText
import Values

/// Values that one stack keeps in Systems Manager's Parameter Store and another reads from there.
extension Evaluation {
  /// What a parameter of type `AWS::SSM::Parameter::Value<…>` reads, where exactly one template of the deployment
  /// declares the stored parameter; nil where only the store knows.
  mutating func stored(for parameter: Parameter, _ place: Origin) -> ResolvedValue? {
    guard let key = input.parameters[parameter.name] ?? parameter.defaultValue?.text,
      let found = deployment.storedParameters[key]?.filter(isInReach), found.count == 1, let id = found.first
    else { return nil }
    let resource = deployment.resource(id)
    // Under a condition, another value may be there before.
    guard resource.conditionName == nil, resource.stack != stack,
      let node = resource.declaration.properties?["Value"]
    else { return nil }
    let path = "\(resource.origin.path)/Properties/Value"
    let hop = Hop(
      "Parameter '\(parameter.name)' is read from '\(key)', which stack '\(deployment.stack(resource.stack).name)' stores",
      at: Origin(node.span, path: path, kind: .property))
    let outer = (stack, anchor, loopVariables)
    (stack, anchor, loopVariables) = (resource.stack, place, resource.declaration.loopVariables)
    var result = value(node, path)
    (stack, anchor, loopVariables) = outer
    result.hops = Evaluation.united([hop], result.hops)
    result.parameter = ParameterReference(stack: stack, name: parameter.name)
    result.content = result.content.leavingStack
    if parameter.isList, let text = result.text {
      result.content = .list(
        Parameter.elements(of: text).map {
          ResolvedElement(ResolvedValue(.scalar($0, isPlain: false), origin: place, hops: result.hops))
        }, residual: nil)
    }
    return result
  }

  /// The store is one within an account and region.
  private func isInReach(_ id: ResourceID) -> Bool {
    let other = deployment.stack(deployment.resource(id).stack).input
    if let a = other.account, let b = input.account, a != b { return false }
    if let a = other.region, let b = input.region, a != b { return false }
    return true
  }
}
