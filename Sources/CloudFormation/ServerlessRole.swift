import Documents
import SourceText
import Values

/// The role that SAM makes for a function without one, `<LogicalId>Role`: it may write logs, and what the function's
/// `Policies` say (SAM specification, "AWS::Serverless::Function", and "Generated CloudFormation resources").
struct ServerlessRole {
  static let madeType = "AWS::IAM::Role"

  let function: ServerlessFunction

  /// The properties that the role has.
  var names: [String] {
    ["AssumeRolePolicyDocument", "ManagedPolicyArns"]
      + (written("Policies") == nil ? [] : ["Policies"])
      + (written("PermissionsBoundary") == nil ? [] : ["PermissionsBoundary"])
      + (written("RolePath") == nil ? [] : ["Path"])
  }

  func property(_ name: String, _ evaluation: inout Evaluation, path: String, at origin: Origin) -> ResolvedValue {
    switch name {
    case "AssumeRolePolicyDocument":
      let own = value("AssumeRolePolicyDocument", &evaluation, path)
      return own.isAbsent ? trust(at: origin) : own
    case "ManagedPolicyArns": return managedPolicies(&evaluation, path, origin)
    case "Policies": return inlinePolicies(&evaluation, path, origin)
    case "PermissionsBoundary": return value("PermissionsBoundary", &evaluation, path)
    case "Path": return value("RolePath", &evaluation, path)
    case "Tags":
      if value("PropagateTags", &evaluation, path).text == "true" {
        return function.property("Tags", &evaluation, path: path, at: origin) ?? .absent
      }
      return ResolvedValue(.unknown(Unknown(Reason(.macro, "SAM makes the tags of the role", at: origin.span))))
    default: return .absent
    }
  }

  private func written(_ name: String) -> Entry? { function.properties?.entry(name) ?? function.globals?.entry(name) }

  /// What the function says, or Globals.
  private func value(_ name: String, _ evaluation: inout Evaluation, _ path: String) -> ResolvedValue {
    if let entry = function.properties?.entry(name) { return evaluation.value(entry.value, "\(path)/\(name)") }
    return function.globals?.entry(name).map { function.given($0, name, &evaluation) } ?? .absent
  }

  private func trust(at origin: Origin) -> ResolvedValue {
    map(
      [
        ("Version", scalar("2012-10-17", origin)),
        (
          "Statement",
          list(
            [
              map(
                [
                  ("Effect", scalar("Allow", origin)),
                  ("Principal", map([("Service", scalar("lambda.amazonaws.com", origin))], origin)),
                  ("Action", scalar("sts:AssumeRole", origin)),
                ], origin)
            ], origin)
        ),
      ], origin)
  }

  private func managedPolicies(_ evaluation: inout Evaluation, _ path: String, _ origin: Origin) -> ResolvedValue {
    var arns = [managed("service-role/AWSLambdaBasicExecutionRole", origin)]
    if written("VpcConfig") != nil { arns.append(managed("service-role/AWSLambdaVPCAccessExecutionRole", origin)) }
    let (items, residual) = policies(&evaluation, path)
    var elements = arns.map { ResolvedElement($0) }
    for item in items {
      switch item.value.content {
      case .map: continue
      // SAM takes the name of an AWS managed policy too.
      case .scalar(let text, _) where !text.hasPrefix("arn:"):
        elements.append(ResolvedElement(managed(text, item.value.origin ?? origin), membership: item.membership))
      default: elements.append(item)
      }
    }
    return ResolvedValue(
      .list(elements, residual: residual),
      origin: written("Policies")
        .map { evaluation.origin($0.value, "\(path)/Policies") } ?? origin)
  }

  private func inlinePolicies(_ evaluation: inout Evaluation, _ path: String, _ origin: Origin) -> ResolvedValue {
    guard let entry = written("Policies") else { return .absent }
    let (items, residual) = policies(&evaluation, path)
    var elements: [ResolvedElement] = []
    for item in items {
      guard case .map(let entries, _) = item.value.content else { continue }
      let place = item.value.origin ?? origin
      var document = item.value
      if !entries.contains(where: { $0.key == "Statement" }) {
        // Such as S3ReadPolicy: its statements are SAM's own.
        let name = entries.first?.key ?? ""
        document = ResolvedValue(
          .unknown(Unknown(Reason(.macro, "SAM makes the policy of its template '\(name)'", at: place.span))),
          origin: place)
      }
      let name = scalar("SAM\(elements.count)", place)
      elements.append(
        ResolvedElement(
          map([("PolicyName", name), ("PolicyDocument", document)], place), membership: item.membership))
    }
    return ResolvedValue(
      .list(elements, residual: residual), origin: evaluation.origin(entry.value, "\(path)/Policies"))
  }

  /// The items of `Policies`, which may stand alone.
  private func policies(
    _ evaluation: inout Evaluation, _ path: String
  ) -> (items: [ResolvedElement], residual: Unknown?) {
    let value = value("Policies", &evaluation, path)
    switch value.content {
    case .absent: return ([], nil)
    case .list(let items, let residual): return (items, residual)
    case .unknown(let unknown): return ([], unknown)
    default: return ([ResolvedElement(value)], nil)
    }
  }

  // MARK: Values

  private func managed(_ name: String, _ origin: Origin) -> ResolvedValue {
    ResolvedValue(
      .template([.literal("arn:"), .pseudo("AWS::Partition"), .literal(":iam::aws:policy/" + name)]), origin: origin)
  }

  private func scalar(_ text: String, _ origin: Origin) -> ResolvedValue {
    ResolvedValue(.scalar(text, isPlain: false), origin: origin)
  }

  private func list(_ values: [ResolvedValue], _ origin: Origin) -> ResolvedValue {
    ResolvedValue(.list(values.map { ResolvedElement($0) }, residual: nil), origin: origin)
  }

  private func map(_ entries: [(String, ResolvedValue)], _ origin: Origin) -> ResolvedValue {
    ResolvedValue(
      .map(entries.map { ResolvedEntry(key: $0.0, keyOrigin: origin, value: $0.1) }, residual: nil), origin: origin)
  }
}
