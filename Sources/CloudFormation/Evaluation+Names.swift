import Documents
import SourceText
import Values

/// References by name: parameters, pseudo parameters, resources, attributes.
extension Evaluation {
  /// The name of the parameter or pseudo parameter that a node is just a reference to.
  static func variableName(_ node: Node) -> String? {
    guard case .call(let call) = Intrinsic.form(of: node), call.argument.kind == .scalar else { return nil }
    switch call.function {
    case .ref: return call.argument.text
    case .sub:
      let pieces = SubstitutionText(call.argument.text).pieces
      guard pieces.count == 1, case .variable(let name, _)? = pieces.first else { return nil }
      return name
    default: return nil
    }
  }

  /// True for a scalar that stands for itself.
  static func isLiteral(_ node: Node) -> Bool {
    node.kind == .scalar && Intrinsic.isPlainData(node) && !StringFold.mayHoldDynamicReference(node.text)
  }

  /// What is known of a pseudo parameter in a stack; nil when only the deployment knows.
  static func pseudoText(_ name: String, of input: TemplateInput) -> String? {
    switch name {
    case "AWS::AccountId": input.account
    case "AWS::Region": input.region
    case "AWS::Partition": input.region.map(PseudoParameter.partition(ofRegion:))
    case "AWS::URLSuffix": input.region.map(PseudoParameter.urlSuffix(ofRegion:))
    case "AWS::StackName": input.isStackNameKnown ? input.stackName : nil
    default: nil
    }
  }

  /// `Ref`.
  mutating func reference(_ call: Intrinsic, _ path: String) -> ResolvedValue {
    let argument = call.argument
    guard argument.kind == .scalar, call.isShort || Intrinsic.isPlainData(argument) else {
      return computed(call.argument, ignoringTag: call.isShort, "'Ref' needs a name", call, path) {
        $0.named($1, call.node, path)
      }
    }
    return named(loopText(argument.text), call.node, path)
  }

  /// With AWS::LanguageExtensions a name may be computed: what it comes to.
  private mutating func computed(
    _ node: Node, ignoringTag: Bool = false, _ needs: String, _ call: Intrinsic, _ path: String,
    _ named: (inout Evaluation, String) -> ResolvedValue
  ) -> ResolvedValue {
    let name = value(node, path, ignoringTag: ignoringTag)
    guard let text = name.text else {
      guard let open = name.content.unknown else { return unknown(.malformed, needs, call.node, path) }
      return ResolvedValue(.unknown(open), origin: origin(call.node, path), hops: name.hops)
    }
    var result = named(&self, text)
    result.hops = Evaluation.united(name.hops, result.hops)
    return result
  }

  /// What a name refers to: a loop's variable, a pseudo parameter, a parameter, or a resource.
  mutating func named(_ name: String, _ node: Node, _ path: String) -> ResolvedValue {
    if let text = loopVariables[name] {
      return ResolvedValue(.scalar(text, isPlain: false), origin: origin(node, path))
    }
    if name.hasPrefix("AWS::") { return pseudo(name, node, path) }
    if let parameter = template.parameter(name) { return value(of: parameter, node, path) }
    if let resource = deployment.resource(name, in: stack) {
      return ResolvedValue(.reference(resource, attribute: nil), origin: origin(node, path))
    }
    return undeclared(name, node, path)
  }

  private func undeclared(_ name: String, _ node: Node, _ path: String) -> ResolvedValue {
    if template.mayDeclareMore {
      return unknown(.macro, "'\(name)' may come from a macro or a loop", node, path)
    }
    return unknown(
      .undeclared, "the template declares no '\(name)'", node, path, cure: "declare it, or correct the name")
  }

  /// The stack's region, where its environment or the scenario says it.
  var knownRegion: String? {
    if let region = input.region { return region }
    guard case .known(let text, _)? = deployment.bindings[stack.index]["AWS::Region"]?.state(under: scenario) else {
      return nil
    }
    return text
  }

  private mutating func pseudo(_ name: String, _ node: Node, _ path: String) -> ResolvedValue {
    let origin = origin(node, path)
    if name == "AWS::NoValue" { return .absent }
    if let text = Evaluation.pseudoText(name, of: input) {
      return ResolvedValue(.scalar(text, isPlain: false), origin: origin)
    }
    if name == "AWS::NotificationARNs" {
      return unknown(.deployment, "'AWS::NotificationARNs' is known only at deployment", node, path)
    }
    guard PseudoParameter.names.contains(name) else {
      return unknown(.undeclared, "'\(name)' is no pseudo parameter", node, path)
    }
    // Where conditions compare it, a scenario may have decided it; else it is a hole with a name.
    if case .known(let text, let hops)? = deployment.bindings[stack.index][name]?.state(under: scenario) {
      return ResolvedValue(.scalar(text, isPlain: false), origin: origin, hops: hops)
    }
    return ResolvedValue(.template([.pseudo(name)]), origin: origin)
  }

  private mutating func value(of parameter: Parameter, _ node: Node, _ path: String) -> ResolvedValue {
    let origin = origin(node, path)
    var result = ResolvedValue(
      .absent, origin: origin, parameter: ParameterReference(stack: stack, name: parameter.name))
    guard let binding = deployment.bindings[stack.index][parameter.name] else {
      return undeclared(parameter.name, node, path)
    }
    if parameter.isStoreName, let stored = stored(for: parameter, origin) { return stored }
    switch binding.state(under: scenario) {
    case .undecided(let unknown), .unknown(let unknown), .other(_, let unknown): result.content = .unknown(unknown)
    case .passed(let passed): return value(passed, of: parameter, result)
    case .known(let text, let hops):
      guard charge(text.utf8.count / 64) else {
        return unknown(.budget, "the value takes more steps than blealint allows", node, path)
      }
      result.hops = hops
      if parameter.isList {
        result.content = .list(
          Parameter.elements(of: text).map { element in
            ResolvedElement(ResolvedValue(.scalar(element, isPlain: false), origin: origin, hops: hops))
          }, residual: nil)
      } else {
        var fold = StringFold()
        fold.append(text)
        result.content = fold.content
      }
    }
    return result
  }

  /// `Fn::GetAtt`.
  mutating func attribute(_ call: Intrinsic, _ path: String) -> ResolvedValue {
    if call.argument.kind == .sequence, call.argument.items.count == 2, let first = call.argument.items.first,
      !Intrinsic.isPlainData(first)
    {
      let attribute = value(call.argument.items[1], path)
      return computed(first, "'Fn::GetAtt' needs a logical id and an attribute", call, path) { evaluation, name in
        guard let text = attribute.text else {
          return evaluation.unknown(.other, "the attribute's name is computed", call.node, path)
        }
        return evaluation.attribute(text, of: name, call.node, path)
      }
    }
    guard let reference = call.attributeReference else {
      return unknown(.malformed, "'Fn::GetAtt' needs a logical id and an attribute", call.node, path)
    }
    if let literal = reference.attribute {
      return attribute(literal, of: reference.name, call.node, path)
    }
    // With AWS::LanguageExtensions the attribute may be computed.
    guard call.argument.items.count == 2 else {
      return unknown(.malformed, "'Fn::GetAtt' needs a logical id and an attribute", call.node, path)
    }
    let name = value(call.argument.items[1], path)
    guard let text = name.text else {
      let open = name.content.unknown ?? Unknown(Reason(.other, "the attribute's name is computed", at: call.node.span))
      return ResolvedValue(.unknown(open), origin: origin(call.node, path), hops: name.hops)
    }
    return attribute(text, of: reference.name, call.node, path)
  }

  mutating func attribute(_ attribute: String, of logicalID: String, _ node: Node, _ path: String) -> ResolvedValue {
    let name = loopText(logicalID)
    guard let resource = deployment.resource(name, in: stack) else { return undeclared(name, node, path) }
    if attribute.hasPrefix("Outputs."), let child = deployment.nested[resource] {
      return output(String(attribute.dropFirst("Outputs.".count)), of: child, node, path)
    }
    return ResolvedValue(.reference(resource, attribute: attribute), origin: origin(node, path))
  }
}
