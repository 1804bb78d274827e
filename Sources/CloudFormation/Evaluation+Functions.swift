import Documents
import SourceText
import Values

/// The functions of CloudFormation.
extension Evaluation {
  /// What a call comes to.
  mutating func result(of call: Intrinsic, _ path: String) -> ResolvedValue {
    switch call.function {
    case .ref: reference(call, path)
    case .getAtt: attribute(call, path)
    case .sub: substitution(call, path)
    case .join: join(call, path)
    case .split: split(call, path)
    case .select: selection(call, path)
    case .if: conditional(call, path)
    case .findInMap: mapping(call, path)
    case .importValue: imported(call, path)
    case .base64: base64(call, path)
    case .cidr: cidr(call, path)
    case .length: length(call, path)
    case .getAZs: zones(call, path)
    case .toJsonString:
      jsonText(call, path)
    case .transform:
      included(call, path)
        ?? unknown(.macro, "the macro '\(macroName(call))' makes it", call.node, path)
    case .and, .or, .not, .equals, .condition:
      truthValue(call, path)
    case .contains, .eachMemberEquals, .eachMemberIn, .refAll, .valueOf, .valueOfAll:
      unknown(.malformed, "'\(call.function.rawValue)' may stand only in Rules", call.node, path)
    }
  }

  /// What a call of `AWS::Include` as a whole value comes to, where its file was given.
  private mutating func included(_ call: Intrinsic, _ path: String) -> ResolvedValue? {
    guard let location = Inclusion.location(of: call.argument), let node = input.included[location] else { return nil }
    return value(node, path)
  }

  private func macroName(_ call: Intrinsic) -> String {
    let name = call.argument["Name"]
    return name?.kind == .scalar ? name?.text ?? "" : "Fn::Transform"
  }

  /// The value of an argument.
  private mutating func argument(_ call: Intrinsic, _ path: String) -> ResolvedValue {
    value(call.argument, path, ignoringTag: call.isShort)
  }

  private func arity(_ call: Intrinsic, _ needs: String, _ path: String) -> ResolvedValue {
    unknown(.malformed, "'\(call.function.rawValue)' needs \(needs)", call.node, path)
  }

  /// The same value, written at `node`.
  private func placed(_ content: Content, _ node: Node, _ path: String, _ hops: [Hop]) -> ResolvedValue {
    ResolvedValue(content, origin: origin(node, path), hops: hops)
  }

  private func truthValue(_ call: Intrinsic, _ path: String) -> ResolvedValue {
    var copy = self
    let result = copy.condition(call.node, path)
    switch result.truth {
    case .unknown(let unknown): return placed(.unknown(unknown), call.node, path, [])
    case .yes, .no:
      return placed(.scalar(result.truth == .yes ? "true" : "false", isPlain: false), call.node, path, result.hops)
    }
  }

  // MARK: Fn::If

  private mutating func conditional(_ call: Intrinsic, _ path: String) -> ResolvedValue {
    guard let parts = ifParts(call) else { return arity(call, "a condition's name and two values", path) }
    let condition = condition(named: parts.condition, at: call.argument)
    switch condition.truth {
    case .yes, .no:
      var result = value(condition.truth == .yes ? parts.whenTrue : parts.whenFalse, path)
      result.hops = Evaluation.united(steps(parts.condition, condition), result.hops)
      return result
    case .unknown(let unknown):
      let whenTrue = value(parts.whenTrue, path)
      let whenFalse = value(parts.whenFalse, path)
      if Evaluation.isSame(whenTrue.content, whenFalse.content) {
        return placed(whenTrue.content, call.node, path, Evaluation.united(whenTrue.hops, whenFalse.hops))
      }
      return placed(.unknown(unknown), call.node, path, [])
    }
  }

  // MARK: Strings

  /// A value as part of a string.
  private func parts(of value: ResolvedValue, _ node: Node) -> [TemplatePart] {
    if let parts = value.stringParts { return parts }
    return [.unknown(Unknown(Reason(.malformed, "a string is wanted here", at: node.span)))]
  }

  private mutating func substitution(_ call: Intrinsic, _ path: String) -> ResolvedValue {
    var textNode = call.argument
    var variables: Node?
    if call.argument.kind == .sequence {
      let items = call.argument.items
      guard items.count == 2 else { return arity(call, "a text, or a list of a text and a mapping", path) }
      textNode = items[0]
      variables = items[1]
    }
    guard textNode.kind == .scalar, charge(textNode.text.utf8.count / 64) else {
      return arity(call, "a text, or a list of a text and a mapping", path)
    }
    let pieces = SubstitutionText(loopText(textNode.text)).pieces
    var fold = StringFold()
    var hops: [Hop] = []
    for piece in pieces {
      switch piece {
      case .literal(let text): fold.append(text)
      case .variable(let name, _):
        guard charge(1) else { return unknown(.budget, "the value takes too many steps", call.node, path) }
        let value: ResolvedValue
        if let node = variables?[name] {
          value = self.value(node, path)
        } else if let dot = name.firstIndex(of: "."), dot != name.startIndex {
          value = attribute(String(name[name.index(after: dot)...]), of: String(name[..<dot]), call.node, path)
        } else {
          value = named(name, call.node, path)
          // In a text, nothing is the empty string.
          if value.isAbsent { continue }
        }
        if pieces.count == 1, value.parameter != nil, value.stringParts != nil { return value }
        hops = Evaluation.united(hops, value.hops)
        let parts = parts(of: value, call.node)
        guard chargeText(parts) else { return unknown(.budget, "the value grows too long", call.node, path) }
        fold.append(contentsOf: parts)
      }
    }
    return placed(fold.content, call.node, path, hops)
  }

  private mutating func chargeText(_ parts: [TemplatePart]) -> Bool {
    for case .literal(let text) in parts where !charge(text.utf8.count / 64) { return false }
    return charge(parts.count)
  }

  private mutating func join(_ call: Intrinsic, _ path: String) -> ResolvedValue {
    let arguments = call.arguments
    guard call.argument.kind == .sequence, arguments.count == 2, arguments[0].kind == .scalar else {
      return arity(call, "a delimiter and a list", path)
    }
    let list = value(arguments[1], path)
    guard case .list(let elements, let residual) = list.content else {
      let unknown = Evaluation.noList(list, of: "Fn::Join", call)
      return placed(.unknown(unknown), call.node, path, list.hops)
    }
    var open = residual
    for element in elements {
      if let membership = element.membership { open = open.map { $0.union(membership) } ?? membership }
    }
    if let open { return placed(.unknown(open), call.node, path, list.hops) }
    var fold = StringFold()
    var hops = list.hops
    for (index, element) in elements.enumerated() {
      if index > 0 { fold.append(arguments[0].text) }
      hops = Evaluation.united(hops, element.value.hops)
      let parts = parts(of: element.value, call.node)
      guard chargeText(parts), charge(1 + arguments[0].text.utf8.count / 64) else {
        return unknown(.budget, "the value grows too long", call.node, path)
      }
      fold.append(contentsOf: parts)
    }
    return placed(fold.content, call.node, path, hops)
  }

  private mutating func split(_ call: Intrinsic, _ path: String) -> ResolvedValue {
    let arguments = call.arguments
    guard call.argument.kind == .sequence, arguments.count == 2, arguments[0].kind == .scalar,
      !arguments[0].text.isEmpty
    else { return arity(call, "a delimiter and a string", path) }
    let delimiter = arguments[0].text
    let source = value(arguments[1], path)
    guard let parts = source.stringParts else {
      return unknown(.malformed, "'Fn::Split' needs a string", call.node, path)
    }
    // A hole must not hide a delimiter.
    let isSafe = !delimiter.utf8.contains(where: PseudoParameter.isWordByte)
    var folds = [StringFold()]
    for part in parts {
      switch part {
      case .literal(let text):
        guard charge(1 + text.utf8.count / 16) else {
          return unknown(.budget, "the value takes too many steps", call.node, path)
        }
        for (index, piece) in ByteSearch.pieces(of: text, at: delimiter).enumerated() {
          if index > 0 { folds.append(StringFold()) }
          folds[folds.count - 1].append(piece)
        }
      case .pseudo(let name) where isSafe && PseudoParameter.isWordLike(name):
        folds[folds.count - 1].append(contentsOf: [part])
      case .unknown(let unknown): return placed(.unknown(unknown), call.node, path, source.hops)
      case .reference, .pseudo, .dynamicReference:
        return unknown(.deployment, "the parts of the string are known only at deployment", call.node, path)
      }
    }
    let elements = folds.map { ResolvedElement(placed($0.content, call.node, path, source.hops)) }
    return placed(.list(elements, residual: nil), call.node, path, source.hops)
  }

  private mutating func base64(_ call: Intrinsic, _ path: String) -> ResolvedValue {
    let value = argument(call, path)
    switch value.content {
    case .scalar(let text, _):
      guard charge(text.utf8.count / 16) else {
        return unknown(.budget, "the value takes too many steps", call.node, path)
      }
      return placed(.scalar(Base64.encoded(Array(text.utf8)), isPlain: false), call.node, path, value.hops)
    case .unknown: return placed(value.content, call.node, path, value.hops)
    case .template(let parts):
      for case .unknown(let unknown) in parts { return placed(.unknown(unknown), call.node, path, value.hops) }
      return unknown(.deployment, "parts of the encoded text are known only at deployment", call.node, path)
    case .reference, .dynamicReference:
      return unknown(.deployment, "the encoded text is known only at deployment", call.node, path)
    case .absent, .list, .map: return arity(call, "a string", path)
    }
  }

  // MARK: Lists

  private mutating func selection(_ call: Intrinsic, _ path: String) -> ResolvedValue {
    let arguments = call.arguments
    guard call.argument.kind == .sequence, arguments.count == 2 else { return arity(call, "an index and a list", path) }
    let index = value(arguments[0], path)
    guard let text = index.text else {
      let unknown = index.content.unknown ?? Unknown(Reason(.other, "the index is not known", at: call.node.span))
      return placed(.unknown(unknown), call.node, path, index.hops)
    }
    guard let position = Int(text), position >= 0 else { return arity(call, "an index that is a number", path) }
    if case .call(let inner) = Intrinsic.form(of: arguments[1]), inner.function == .getAZs {
      return zone(position, inner, call, path)
    }
    let list = value(arguments[1], path)
    let hops = Evaluation.united(index.hops, list.hops)
    guard case .list(let elements, let residual) = list.content else {
      let unknown = Evaluation.noList(list, of: "Fn::Select", call)
      return placed(.unknown(unknown), call.node, path, hops)
    }
    for element in elements.prefix(position + 1) {
      if let membership = element.membership { return placed(.unknown(membership), call.node, path, hops) }
    }
    guard elements.indices.contains(position) else {
      if let residual { return placed(.unknown(residual), call.node, path, hops) }
      return unknown(
        .malformed, "'Fn::Select' asks for element \(position) of a list of \(elements.count)", call.node, path)
    }
    let chosen = elements[position].value
    return placed(chosen.content, call.node, path, Evaluation.united(hops, chosen.hops))
  }

  /// One availability zone of a region: its name is known only at deployment, but equal indices are equal zones.
  private mutating func zone(_ position: Int, _ zones: Intrinsic, _ call: Intrinsic, _ path: String) -> ResolvedValue {
    let region = argument(zones, path)
    switch region.content {
    case .scalar(let text, _) where text.isEmpty || text == knownRegion:
      return placed(.template([.pseudo("Fn::GetAZs/\(position)")]), call.node, path, region.hops)
    case .template([.pseudo("AWS::Region")]):
      return placed(.template([.pseudo("Fn::GetAZs/\(position)")]), call.node, path, region.hops)
    case .scalar(let text, _):
      return placed(.template([.pseudo("Fn::GetAZs/\(text)/\(position)")]), call.node, path, region.hops)
    default:
      return unknown(.deployment, "the region whose availability zones are asked for is not known", call.node, path)
    }
  }

  /// Why a value that stands for a list is none: it is what a resource returns, or wrong.
  private static func noList(_ value: ResolvedValue, of function: String, _ call: Intrinsic) -> Unknown {
    switch value.content {
    case .unknown(let unknown): unknown
    case .reference, .dynamicReference, .template:
      Unknown(Reason(.deployment, "the list of '\(function)' is known only at deployment", at: call.node.span))
    default: Unknown(Reason(.malformed, "'\(function)' needs a list", at: call.node.span))
    }
  }

  private func zones(_ call: Intrinsic, _ path: String) -> ResolvedValue {
    let reason = Reason(
      .deployment, "the availability zones of the region are known only at deployment", at: call.node.span)
    return placed(.list([], residual: Unknown(reason)), call.node, path, [])
  }

  private mutating func length(_ call: Intrinsic, _ path: String) -> ResolvedValue {
    let list = argument(call, path)
    guard case .list(let elements, let residual) = list.content else {
      let unknown = Evaluation.noList(list, of: "Fn::Length", call)
      return placed(.unknown(unknown), call.node, path, list.hops)
    }
    var open = residual
    for element in elements {
      if let membership = element.membership { open = open.map { $0.union(membership) } ?? membership }
    }
    if let open { return placed(.unknown(open), call.node, path, list.hops) }
    return placed(.scalar(String(elements.count), isPlain: true), call.node, path, list.hops)
  }

  private mutating func cidr(_ call: Intrinsic, _ path: String) -> ResolvedValue {
    let arguments = call.arguments
    guard call.argument.kind == .sequence, (2...3).contains(arguments.count) else {
      return arity(call, "a block, a count and the bits of a subnet", path)
    }
    var texts: [String] = []
    var hops: [Hop] = []
    for node in arguments {
      let value = value(node, path)
      hops = Evaluation.united(hops, value.hops)
      guard let text = value.text else {
        let unknown =
          value.content.unknown
          ?? Unknown(Reason(.deployment, "the block to cut is known only at deployment", at: call.node.span))
        return placed(.unknown(unknown), call.node, path, hops)
      }
      texts.append(text)
    }
    guard let count = Int(texts[1]),
      let blocks = AddressBlock.subnets(
        of: texts[0], count: count, bits: texts.count == 3 ? Int(texts[2]) : nil)
    else { return unknown(.other, "blealint cannot cut the block '\(texts[0])'", call.node, path) }
    let elements = blocks.map { ResolvedElement(placed(.scalar($0, isPlain: false), call.node, path, hops)) }
    return placed(.list(elements, residual: nil), call.node, path, hops)
  }
}
