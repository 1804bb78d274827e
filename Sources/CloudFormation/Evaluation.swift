import Documents
import SourceText
import Values

/// One evaluation: a property, an output or a condition, under a scenario, within a budget.
struct Evaluation {
  let deployment: Deployment
  let scenario: Scenario
  /// By stack, then by position: the conditions decided so far.
  let conditions: [[ConditionResult]]
  /// What the exports are called whose names depend on the scenario, in the order of ``ExportIndex/open``; nil while
  /// that is not told yet.
  let openExports: [OpenExport]?
  var stack: StackID
  /// What values stand in; `.statement` is the Rules section.
  let kind: Origin.Kind
  /// The values of the `Fn::ForEach` variables in scope.
  var loopVariables: [String: String] = [:]
  /// Where values stand that come from elsewhere (a default, a mapping, another stack): the place that asks for them.
  var anchor: Origin?
  /// The exports being followed, against going in circles.
  var importing: [Int] = []

  /// Node visits and 64-byte steps of text left.
  private var budget = Evaluation.standardBudget
  private var depth = 0

  /// Bounds the work for one value: far above any template within AWS's limit of 1 MB.
  static let standardBudget = 400_000
  /// Bounds recursion: functions in functions, and imports of imports.
  static let depthLimit = 128
  /// A reader gains nothing from more.
  static let hopLimit = 24

  init(
    _ deployment: Deployment, _ scenario: Scenario, _ conditions: [[ConditionResult]],
    openExports: [OpenExport]? = nil, stack: StackID, kind: Origin.Kind
  ) {
    self.deployment = deployment
    self.scenario = scenario
    self.conditions = conditions
    self.openExports = openExports
    self.stack = stack
    self.kind = kind
  }

  var template: Template { deployment.stacks[stack.index].template }
  var input: TemplateInput { deployment.stacks[stack.index].input }

  func origin(_ node: Node, _ path: String) -> Origin { anchor ?? Origin(node.span, path: path, kind: kind) }

  func unknown(_ kind: Reason.Kind, _ text: String, _ node: Node, _ path: String, cure: String? = nil) -> ResolvedValue
  {
    ResolvedValue(.unknown(Unknown(Reason(kind, text, at: node.span, cure: cure))), origin: origin(node, path))
  }

  /// Pays for work; false when the budget is spent.
  mutating func charge(_ steps: Int) -> Bool {
    budget -= steps
    return budget > 0
  }

  static func united(_ a: [Hop], _ b: [Hop]) -> [Hop] {
    guard !b.isEmpty else { return a }
    var all = a
    for hop in b where all.count < hopLimit && !all.contains(hop) { all.append(hop) }
    return all
  }

  // MARK: Values

  /// What a node comes to. `path` is the written value's path, for its origin; the tag is ignored for the argument of
  /// a short form.
  mutating func value(_ node: Node, _ path: String, ignoringTag: Bool = false) -> ResolvedValue {
    guard charge(1), depth < Evaluation.depthLimit else {
      let limit =
        budget > 0 ? "nests more than \(Evaluation.depthLimit) functions" : "takes more steps than blealint allows"
      return unknown(.budget, "the value \(limit)", node, path)
    }
    depth += 1
    defer { depth -= 1 }
    switch Intrinsic.form(of: node, ignoringTag: ignoringTag) {
    case .call(let call): return result(of: call, path)
    case .unknownFunction(let name, _):
      return unknown(.malformed, "'\(name)' is no function of CloudFormation", node, path)
    case .mixed(let names, _):
      return unknown(
        .malformed, "the function '\(names.first ?? "")' has other keys beside it in its mapping", node, path)
    case .data: break
    }
    switch node.kind {
    case .scalar: return scalar(node, path)
    case .sequence: return list(node, path)
    case .mapping: return map(node, path)
    }
  }

  private mutating func scalar(_ node: Node, _ path: String) -> ResolvedValue {
    if node.isNull { return unknown(.malformed, "the value is null, which CloudFormation refuses", node, path) }
    let text = loopText(node.text)
    guard charge(text.utf8.count / 64) else {
      return unknown(.budget, "the value takes more steps than blealint allows", node, path)
    }
    if StringFold.mayHoldDynamicReference(text) {
      var fold = StringFold()
      fold.append(text)
      return ResolvedValue(fold.content, origin: origin(node, path))
    }
    return ResolvedValue(.scalar(text, isPlain: node.style == .plain), origin: origin(node, path))
  }

  /// A text with the variables of the loops around it put in.
  func loopText(_ text: String) -> String {
    loopVariables.isEmpty ? text : LoopExpansion.text(text, under: loopVariables)
  }

  private mutating func list(_ node: Node, _ path: String) -> ResolvedValue {
    var elements: [ResolvedElement] = []
    for (index, item) in node.items.enumerated() {
      append(item, "\(path)/\(index)", under: nil, hops: [], to: &elements)
    }
    return ResolvedValue(.list(elements, residual: nil), origin: origin(node, path))
  }

  /// Appends what an element of a list comes to: nothing for `AWS::NoValue`, guarded elements for an open condition.
  private mutating func append(
    _ item: Node, _ path: String, under membership: Unknown?, hops: [Hop], to elements: inout [ResolvedElement]
  ) {
    depth += 1
    defer { depth -= 1 }
    if depth < Evaluation.depthLimit, case .call(let call) = Intrinsic.form(of: item), call.function == .if,
      let parts = ifParts(call)
    {
      let condition = condition(named: parts.condition, at: call.argument)
      if case .unknown(let open) = condition.truth {
        var branches: [[ResolvedElement]] = []
        for branch in [parts.whenTrue, parts.whenFalse] {
          guard charge(1) else { break }
          var found: [ResolvedElement] = []
          append(branch, path, under: membership, hops: hops, to: &found)
          branches.append(found)
        }
        if branches.count == 2, let first = branches[0].first, branches[0].count == 1, branches[1].count == 1,
          first.membership == membership, branches[1][0].membership == membership,
          Evaluation.isSame(first.value.content, branches[1][0].value.content)
        {
          elements.append(first)
          return
        }
        for element in branches.joined() {
          var element = element
          element.membership = element.membership.map { $0.union(open) } ?? open
          elements.append(element)
        }
        return
      }
    }
    var value = value(item, path)
    guard !value.isAbsent else { return }
    value.hops = Evaluation.united(hops, value.hops)
    elements.append(ResolvedElement(value, membership: membership))
  }

  private mutating func map(_ node: Node, _ path: String) -> ResolvedValue {
    var entries: [ResolvedEntry] = []
    var residual: Unknown?
    for entry in Inclusion.entries(of: node, input.included) {
      let key = entry.key.text
      if Intrinsic.isLoop(key) {
        let loop = self.entries(of: entry, path)
        for made in loop.made {
          let path = path + "/" + made.key
          let value = self.value(of: made, path)
          guard !value.isAbsent else { continue }
          entries.append(ResolvedEntry(key: made.key, keyOrigin: origin(made.entry.key, path), value: value))
        }
        if let open = loop.residual { residual = residual.map { $0.union(open) } ?? open }
        continue
      }
      if key == Intrinsic.Function.transform.rawValue {
        let reason = Unknown(Reason(.macro, "'\(key)' adds entries here", at: entry.key.span))
        residual = residual.map { $0.union(reason) } ?? reason
        continue
      }
      let path = path + "/" + key
      let value: ResolvedValue
      var membership: Unknown?
      if let (only, open) = optionalBranch(entry.value) {
        value = self.value(only, path)
        membership = open
      } else {
        value = self.value(entry.value, path)
      }
      guard !value.isAbsent else { continue }
      entries.append(
        ResolvedEntry(key: key, keyOrigin: origin(entry.key, path), value: value, membership: membership))
    }
    return ResolvedValue(.map(entries, residual: residual), origin: origin(node, path))
  }

  /// Where an open condition keeps or removes an entry: the branch that keeps it. Then it is the entry's presence that
  /// is open, not its value.
  private func optionalBranch(_ node: Node) -> (branch: Node, open: Unknown)? {
    guard case .call(let call) = Intrinsic.form(of: node), call.function == .if, let parts = ifParts(call),
      Evaluation.isNoValue(parts.whenTrue) != Evaluation.isNoValue(parts.whenFalse),
      case .unknown(let open) = condition(named: parts.condition, at: call.argument).truth
    else { return nil }
    return (Evaluation.isNoValue(parts.whenTrue) ? parts.whenFalse : parts.whenTrue, open)
  }

  // MARK: Branches

  /// What stands at a node after the conditions around it.
  enum Branch {
    case node(Node, hops: [Hop])
    /// Nothing to go on with: absent or unknown.
    case value(ResolvedValue)
  }

  /// Follows `Fn::If` to the branch that the scenario chooses.
  mutating func branch(of node: Node, _ path: String) -> Branch {
    var node = node
    var hops: [Hop] = []
    for _ in 0..<Evaluation.depthLimit {
      guard case .call(let call) = Intrinsic.form(of: node) else { return .node(node, hops: hops) }
      switch call.function {
      case .if:
        guard let parts = ifParts(call) else {
          return .value(unknown(.malformed, "'Fn::If' needs a condition's name and two values", node, path))
        }
        let condition = condition(named: parts.condition, at: call.argument)
        hops = Evaluation.united(hops, steps(parts.condition, condition))
        switch condition.truth {
        case .yes: node = parts.whenTrue
        case .no: node = parts.whenFalse
        case .unknown(let unknown):
          return .value(ResolvedValue(.unknown(unknown), origin: origin(node, path)))
        }
      case .ref where call.argument.text == "AWS::NoValue": return .value(.absent)
      case .transform where !call.isShort: return .node(node, hops: hops)
      default: return .value(value(node, path))
      }
    }
    return .value(unknown(.budget, "the conditions nest too deep", node, path))
  }

  func ifParts(_ call: Intrinsic) -> (condition: String, whenTrue: Node, whenFalse: Node)? {
    guard call.argument.kind == .sequence, call.argument.items.count == 3 else { return nil }
    let items = call.argument.items
    guard items[0].kind == .scalar else { return nil }
    return (loopText(items[0].text), items[1], items[2])
  }

  /// The hops that a decided condition adds to a value.
  func steps(_ name: String, _ result: ConditionResult) -> [Hop] {
    guard let truth = result.truth.known, let section = template.condition(name) else { return result.hops }
    return Evaluation.united([Hop("Condition '\(name)' is \(truth)", at: section.origin)], result.hops)
  }

  /// True where two contents are the same and known, wherever they are written.
  static func isSame(_ a: Content, _ b: Content) -> Bool {
    switch (a, b) {
    case (.scalar(let a, _), .scalar(let b, _)): a == b
    case (.reference, .reference), (.absent, .absent): a == b
    case (.template(let parts), .template): a == b && !holdsUnknown(parts)
    case (.dynamicReference(let reference), .dynamicReference): a == b && !holdsUnknown(reference.key)
    default: false
    }
  }

  static func holdsUnknown(_ parts: [TemplatePart]) -> Bool {
    parts.contains { part in
      switch part {
      case .unknown: true
      case .dynamicReference(let reference): holdsUnknown(reference.key)
      default: false
      }
    }
  }

  static func isNoValue(_ node: Node) -> Bool {
    guard case .call(let call) = Intrinsic.form(of: node), call.function == .ref else { return false }
    return call.argument.text == "AWS::NoValue"
  }
}
