import Documents
import SourceText
import Values

/// `AWS::Serverless::Function` (AWS SAM): the `AWS::Lambda::Function` that its transform makes of it, under the same
/// logical id, with what Globals give to all functions. The rules are those of the SAM specification: single values of
/// the function win, mappings are merged, lists are joined with those of Globals in front.
struct ServerlessFunction {
  static let type = "AWS::Serverless::Function"
  /// What it becomes.
  static let madeType = "AWS::Lambda::Function"

  let properties: Node?
  /// `Globals.Function`.
  let globals: Node?
  /// The role that SAM makes for it; nil when it has one.
  var role: ResourceID?

  /// Whether properties name a role, or may: a call that makes them shows nothing.
  static func namesRole(_ properties: Node?) -> Bool {
    guard let properties else { return false }
    return properties.entry("Role") != nil
      || properties.entries.contains { $0.key.text.hasPrefix("Fn::") }
  }

  /// Properties of a Lambda function that SAM takes under another name or in another shape.
  private static let remade: Set<String> = ["InlineCode", "CodeUri", "ImageUri", "Tags", "Policies", "Events"]

  /// Properties that SAM reads and a Lambda function does not have.
  private static let consumed: Set<String> = [
    "Policies", "Events", "AutoPublishAlias", "DeploymentPreference", "FunctionUrlConfig", "PermissionsBoundary",
    "AssumeRolePolicyDocument", "RolePath", "EventInvokeConfig", "ProvisionedConcurrencyConfig", "VersionDescription",
    "PropagateTags", "InlineCode", "CodeUri", "ImageUri", "AutoPublishCodeSha256", "AutoPublishAliasAllProperties",
  ]

  /// The names that the function has as Lambda knows them, in order of writing.
  var names: [String] {
    var names: [String] = []
    for node in [properties, globals].compactMap({ $0 }) where node.kind == .mapping {
      for entry in node.entries where !ServerlessFunction.consumed.contains(entry.key.text) {
        if !entry.key.text.hasPrefix("Fn::"), !names.contains(entry.key.text) { names.append(entry.key.text) }
      }
    }
    return names + ["Code"] + (names.contains("Role") ? [] : ["Role"])
  }

  /// A property of the Lambda function; nil where it is the function's own, written as Lambda takes it.
  func property(_ name: String, _ evaluation: inout Evaluation, path: String, at origin: Origin) -> ResolvedValue? {
    switch name {
    case "Code": return code(&evaluation, path, origin)
    case "Tags": return tags(&evaluation, path, origin)
    case "Role" where !ServerlessFunction.namesRole(properties) && !ServerlessFunction.namesRole(globals):
      if let role { return ResolvedValue(.reference(role, attribute: "Arn"), origin: origin) }
      let reason = Reason(.macro, "SAM makes the role of the function", at: origin.span)
      return ResolvedValue(.unknown(Unknown(reason)))
    default: break
    }
    if ServerlessFunction.remade.contains(name) || ServerlessFunction.consumed.contains(name) { return .absent }
    guard let global = globals?.entry(name) else { return nil }
    let shared = given(global, name, &evaluation)
    guard let entry = properties?.entry(name) else { return shared }
    let own = evaluation.value(entry.value, "\(path)/\(name)")
    return merged(own, over: shared)
  }

  /// What Globals give, with the hop that says so.
  func given(_ entry: Entry, _ name: String, _ evaluation: inout Evaluation) -> ResolvedValue {
    let path = "Globals/Function/\(name)"
    var value = evaluation.value(entry.value, path)
    let hop = Hop("Globals give '\(name)' to all functions", at: Origin(entry.key.span, path: path, kind: .property))
    value.hops = Evaluation.united([hop], value.hops)
    return value
  }

  func merged(_ own: ResolvedValue, over shared: ResolvedValue, depth: Int = 0) -> ResolvedValue {
    guard depth < 32 else { return own }
    var result = own
    switch (own.content, shared.content) {
    case (.absent, _): return shared
    case (.map(let entries, let residual), .map(let others, let more)):
      var all: [ResolvedEntry] = others
      for entry in entries {
        if let index = all.firstIndex(where: { $0.key == entry.key }) {
          let below = all[index].value
          all[index] = entry
          all[index].value = merged(entry.value, over: below, depth: depth + 1)
        } else {
          all.append(entry)
        }
      }
      result.content = .map(all, residual: residual.map { a in more.map { a.union($0) } ?? a } ?? more)
    case (.list(let elements, let residual), .list(let others, let more)):
      result.content = .list(others + elements, residual: residual.map { a in more.map { a.union($0) } ?? a } ?? more)
    default: return own
    }
    result.hops = Evaluation.united(own.hops, shared.hops)
    return result
  }

  /// `InlineCode` is Lambda's `Code.ZipFile`; what is packaged is known only afterwards.
  private func code(_ evaluation: inout Evaluation, _ path: String, _ origin: Origin) -> ResolvedValue {
    if let entry = properties?.entry("InlineCode") {
      let place = evaluation.origin(entry.value, "\(path)/InlineCode")
      let key = evaluation.origin(entry.key, "\(path)/InlineCode")
      let value = evaluation.value(entry.value, "\(path)/InlineCode")
      return ResolvedValue(
        .map([ResolvedEntry(key: "ZipFile", keyOrigin: key, value: value)], residual: nil), origin: place)
    }
    let written = properties?.entry("CodeUri") ?? properties?.entry("ImageUri") ?? globals?.entry("CodeUri")
    let reason = Reason(.macro, "SAM packages the code of the function", at: written?.value.span ?? origin.span)
    return ResolvedValue(
      .unknown(Unknown(reason)), origin: written.map { evaluation.origin($0.value, "\(path)/\($0.key.text)") })
  }

  /// SAM's mapping of tags as Lambda's list, with the tag that SAM adds.
  private func tags(_ evaluation: inout Evaluation, _ path: String, _ origin: Origin) -> ResolvedValue {
    var value = ResolvedValue.absent
    if let entry = globals?.entry("Tags") { value = given(entry, "Tags", &evaluation) }
    if let entry = properties?.entry("Tags") {
      value = merged(evaluation.value(entry.value, "\(path)/Tags"), over: value)
    }
    var elements: [ResolvedElement] = []
    var residual: Unknown?
    switch value.content {
    case .map(let entries, let more):
      residual = more
      elements = entries.map { entry in
        element(key: entry.key, at: entry.keyOrigin, entry.value, membership: entry.membership)
      }
    case .absent: break
    case .unknown(let unknown): residual = unknown
    default: return value
    }
    elements.append(
      element(key: "lambda:createdBy", at: origin, ResolvedValue(.scalar("SAM", isPlain: false)), membership: nil))
    return ResolvedValue(.list(elements, residual: residual), origin: value.origin, hops: value.hops)
  }

  private func element(
    key: String, at origin: Origin, _ value: ResolvedValue, membership: Unknown?
  ) -> ResolvedElement {
    let pair = [
      ResolvedEntry(
        key: "Key", keyOrigin: origin, value: ResolvedValue(.scalar(key, isPlain: false), origin: origin)),
      ResolvedEntry(key: "Value", keyOrigin: origin, value: value),
    ]
    return ResolvedElement(
      ResolvedValue(.map(pair, residual: nil), origin: value.origin ?? origin), membership: membership)
  }
}
