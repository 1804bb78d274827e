import SourceText

/// Types an expression and turns it into a program, in one pass from the leaves up. Facts about presence flow in
/// evaluation order: from the condition of `?:` to its results, from the left of `&&` and `||` to the right.
struct Checker {
  typealias ID = SyntaxTree.ID

  /// What checking a node yields.
  struct Checked {
    var type: CELType
    let step: Program.ID
    /// The path that the node reads, if it is one.
    var path: MemberPath?
    /// The presence that follows when the node is true, and when it is false.
    var whenTrue = Facts.none
    var whenFalse = Facts.none
    /// For `a.?b`: the path whose presence the optional stands for.
    var optionalPath: MemberPath?
    /// For `a.?b.orValue(…)`: likewise.
    var defaultedPath: MemberPath?
    /// For a list: what is present in every element, as the paths from it.
    var elementFacts: [[MemberPath.Segment]] = []
  }

  private struct Local {
    let name: String
    let slot: Int
    let type: CELType
    let path: MemberPath
    let elementFacts: [[MemberPath.Segment]]
  }

  let environment: Environment
  let text: MappedText
  let tree: SyntaxTree
  /// Whether mistakes of typing are reported here, or left to the evaluation.
  let isStrict: Bool

  var program = Program()
  var diagnostics: [Diagnostic] = []
  var references = References()
  private var locals: [Local] = []

  init(_ tree: SyntaxTree, _ text: MappedText, in environment: Environment, isStrict: Bool) {
    self.environment = environment
    self.text = text
    self.tree = tree
    self.isStrict = isStrict
    program.slotCount = environment.variables.count
  }

  // MARK: Tools

  mutating func report(_ id: String, _ message: String, _ range: Range<Int>, cure: String? = nil) {
    guard isStrict else { return }
    diagnostics.append(
      Diagnostic(id, .error, message, cure: cure ?? Self.generalCures[id], at: text.span(range)))
  }

  /// What to do about a mistake where nothing more particular can be said.
  private static let generalCures = [
    "invalid-regex": "Write the pattern in RE2's syntax (https://github.com/google/re2/wiki/Syntax).",
    "type-mismatch": "Give both sides one type, by int(), double() or string() where they differ.",
    "unknown-function": "Use a function of CEL (https://cel.dev) or of the program that evaluates the expression.",
    "unknown-identifier": "Declare the variable, or mend its name.",
    "unknown-member": "Look up the members of the type.",
  ]

  mutating func emit(_ step: Program.Step, _ range: Range<Int>) -> Program.ID { program.append(step, range) }

  mutating func raise(_ kind: CELError.Kind, _ message: String, _ range: Range<Int>) -> Checked {
    let error = CELError(kind, message, at: text.span(range))
    return Checked(type: .error, step: emit(program.constant(.error(error)), range))
  }

  func source(_ range: Range<Int>) -> String { String(decoding: text.bytes[range], as: UTF8.self) }

  /// The name that was probably meant. Of single letters nobody can tell.
  static func suggestion(_ name: String, _ candidates: some Sequence<String>) -> String? {
    guard name.utf8.count > 1 else { return nil }
    return Suggestion.nearest(to: name, among: candidates).map { "Did you mean '\($0)'?" }
  }

  private func memberCure(_ name: String, _ candidates: some Sequence<String>) -> String? {
    let isFunction = environment.function(name)?.overloads.contains { $0.receiver != nil } ?? false
    return isFunction ? "'\(name)' is a function: write '\(name)()'." : Checker.suggestion(name, candidates)
  }

  private static func path(ofSlot slot: Int) -> MemberPath { MemberPath("#\(slot)") }

  /// Runs with one more variable in scope.
  private mutating func scoped<Result>(
    _ name: String, _ type: CELType, path: MemberPath? = nil, elementFacts: [[MemberPath.Segment]] = [],
    _ body: (inout Checker, Int) -> Result
  ) -> Result {
    let slot = program.slotCount
    program.slotCount += 1
    // No variable of an environment begins with '#', so facts about a macro's variable stay within it.
    let path = path ?? Checker.path(ofSlot: slot)
    locals.append(Local(name: name, slot: slot, type: type, path: path, elementFacts: elementFacts))
    defer { locals.removeLast() }
    return body(&self, slot)
  }

  private func local(_ name: String) -> Local? { locals.last { $0.name == name } }

  func isVariable(_ name: String) -> Bool {
    local(name) != nil || candidates(name, isRooted: false).contains { environment.slot(of: $0) != nil }
  }

  // MARK: Nodes

  mutating func check(_ id: ID, _ facts: Facts) -> Checked {
    let node = tree[id]
    let range = node.range
    switch node.kind {
    case .literal(let value):
      var checked = Checked(type: value.runtimeType, step: emit(program.constant(value), range))
      if case .bool(let value) = value {
        if value { checked.whenFalse = .unreachable } else { checked.whenTrue = .unreachable }
      }
      return checked
    case .identifier, .select:
      if let qualified = qualifiedReference(id, facts) { return qualified }
      guard case .select(let operand, let name, let isOptional) = node.kind else { return unknownIdentifier(id) }
      return select(operand, name, isOptional: isOptional, facts, range)
    case .index(let operand, let key, let isOptional):
      return index(operand, key, isOptional: isOptional, facts, range)
    case .call(let target, let name, let arguments, let isRooted):
      return call(target, name, arguments, isRooted: isRooted, facts, range)
    case .operation(let operation, let operands):
      return self.operation(operation, operands, facts, range)
    case .list(let items):
      return list(items, facts, range)
    case .map(let entries):
      return map(entries, facts, range)
    case .has(let operand, let name, let isOptional):
      return has(operand, name, isOptional: isOptional, facts, range)
    case .comprehension(let comprehension):
      return self.comprehension(comprehension, facts, range)
    case .bind(let name, let initial, let body):
      let value = check(initial, facts)
      return scoped(name.text, value.type, path: value.path, elementFacts: value.elementFacts) { checker, slot in
        var result = checker.check(body, facts)
        result.path = nil
        return Checked(
          type: result.type, step: checker.emit(.bind(slot: Program.Index(slot), value.step, result.step), range),
          whenTrue: result.whenTrue, whenFalse: result.whenFalse, elementFacts: result.elementFacts)
      }
    case .optionalMap(let target, let name, let body, let isFlat):
      return optionalMap(target, name, body, isFlat: isFlat, facts, range)
    case .invalid:
      return raise(.invalidArgument, "This part of the expression could not be read.", range)
    }
  }

  // MARK: Names

  /// The dotted name that a chain of plain selections spells, in its parts from the left.
  private func chain(_ id: ID) -> (names: [SyntaxTree.Name], isRooted: Bool)? {
    var names: [SyntaxTree.Name] = []
    var id = id
    while true {
      switch tree[id].kind {
      case .select(let operand, let name, isOptional: false):
        names.append(name)
        id = operand
      case .identifier(let text, let isRooted):
        names.append(SyntaxTree.Name(text: text, range: tree[id].range))
        return (names.reversed(), isRooted)
      default: return nil
      }
    }
  }

  /// A name as it may be declared: in the container and its outer containers first, then by itself.
  func candidates(_ name: String, isRooted: Bool) -> [String] {
    guard !isRooted, !environment.container.isEmpty else { return [name] }
    var parts = environment.container.split(separator: ".")
    var result: [String] = []
    while !parts.isEmpty {
      result.append(parts.joined(separator: ".") + "." + name)
      parts.removeLast()
    }
    return result + [name]
  }

  /// A variable or type named by the longest prefix of a dotted name, if that prefix is the whole of the node:
  /// shorter prefixes are found when the operand of the selection is checked.
  private mutating func qualifiedReference(_ id: ID, _ facts: Facts) -> Checked? {
    guard let (names, isRooted) = chain(id), let first = names.first else { return nil }
    let range = tree[id].range
    if !isRooted, let local = local(first.text) {
      guard names.count == 1 else { return nil }
      return Checked(
        type: local.type, step: emit(.slot(Program.Index(local.slot)), range), path: local.path,
        elementFacts: local.elementFacts)
    }
    let name = names.map(\.text).joined(separator: ".")
    for candidate in candidates(name, isRooted: isRooted) {
      if let slot = environment.slot(of: candidate) {
        references.identifiers.insert(candidate)
        return Checked(
          type: environment.variables[slot].type, step: emit(.slot(Program.Index(slot)), range),
          path: MemberPath(candidate))
      }
    }
    if let type = CELType.denotations[name] {
      return Checked(type: .type, step: emit(program.constant(.type(type)), range))
    }
    if name.contains("."), environment.provider.members(of: name) != nil {
      return Checked(type: .type, step: emit(program.constant(.type(.object(name))), range))
    }
    return nil
  }

  private mutating func unknownIdentifier(_ id: ID) -> Checked {
    let range = tree[id].range
    let name = source(range)
    let known = locals.map(\.name) + environment.variables.map(\.name)
    report(
      "unknown-identifier", "There is no variable '\(name)' here.", range, cure: Checker.suggestion(name, known))
    return raise(.unboundVariable, "There is no variable '\(name)'.", range)
  }

  // MARK: Members

  /// The type of a member and whether it may be absent; reports one that there is not.
  private mutating func memberType(
    _ operand: Checked, _ name: SyntaxTree.Name
  ) -> (type: CELType, isOptional: Bool) {
    var type = operand.type
    if case .optional(let wrapped) = type { type = wrapped }
    switch type {
    case .dyn, .error: return (type, false)
    case .map(_, let value): return (value, false)
    case .object(let typeName):
      guard let members = environment.provider.members(of: typeName) else { return (.dyn, false) }
      if let member = members[name.text] {
        references.members.insert(References.Member(typeName: typeName, name: name.text))
        return (member.type, member.isOptional)
      }
      report(
        "unknown-member", "'\(typeName)' has no member '\(name.text)'.", name.range,
        cure: memberCure(name.text, members.keys.sorted()))
    default:
      report(
        "unknown-member", "A value of type '\(type)' has no members, so no '\(name.text)'.", name.range,
        cure: memberCure(name.text, []))
    }
    return (.error, false)
  }

  private mutating func select(
    _ operandID: ID, _ name: SyntaxTree.Name, isOptional: Bool, _ facts: Facts, _ range: Range<Int>
  ) -> Checked {
    let operand = check(operandID, facts)
    let (type, mayBeAbsent) = memberType(operand, name)
    let base = operand.path ?? operand.optionalPath
    let path = base?.appending(.member(name.text))
    if case .optional = operand.type {
      return Checked(
        type: .optional(type), step: emit(.optionalSelect(operand.step, program.name(name.text)), range),
        optionalPath: path)
    }
    if isOptional {
      return Checked(
        type: .optional(type), step: emit(.optionalSelect(operand.step, program.name(name.text)), range),
        optionalPath: path)
    }
    if mayBeAbsent, !(path.map(facts.contains) ?? false) {
      let shown = source(range)
      let operandText = source(tree[operandID].range)
      report(
        "optional-without-guard", "'\(shown)' may be absent.", range,
        cure: "Write '\(operandText).?\(name.text)', or test 'has(\(shown))' first.")
    }
    return Checked(type: type, step: emit(.select(operand.step, program.name(name.text)), range), path: path)
  }

  private mutating func has(
    _ operandID: ID, _ name: SyntaxTree.Name, isOptional: Bool, _ facts: Facts, _ range: Range<Int>
  ) -> Checked {
    let operand = check(operandID, facts)
    _ = memberType(operand, name)
    let base = operand.path ?? operand.optionalPath
    var present: [MemberPath] = []
    if let base {
      present.append(base.appending(.member(name.text)))
      // What has a member is there itself, and so is all that it was reached through.
      if operand.optionalPath != nil { present += prefixes(of: base) }
    }
    return Checked(
      type: .bool, step: emit(.has(operand.step, program.name(name.text)), range), whenTrue: Facts(present: present))
  }

  /// The path and every shorter one, down to the variable.
  func prefixes(of path: MemberPath) -> [MemberPath] {
    (0..<path.segments.count).map { MemberPath(path.variable, Array(path.segments[...$0])) }
  }

  private mutating func index(
    _ operandID: ID, _ keyID: ID, isOptional: Bool, _ facts: Facts, _ range: Range<Int>
  ) -> Checked {
    let operand = check(operandID, facts)
    let key = check(keyID, facts)
    var type = operand.type
    var isChained = isOptional
    if case .optional(let wrapped) = type {
      type = wrapped
      isChained = true
    }
    let element: CELType
    switch type {
    case .list(let inner):
      element = inner
      if !key.type.fits(.int) {
        report("type-mismatch", "A list is indexed by an int, not by '\(key.type)'.", tree[keyID].range)
      }
    case .map(let keyType, let value):
      element = value
      if !key.type.fits(keyType) {
        report(
          "type-mismatch", "The map's keys have type '\(keyType)', not '\(key.type)'.", tree[keyID].range)
      }
    case .dyn, .error: element = type
    default:
      report("type-mismatch", "A value of type '\(type)' cannot be indexed.", range)
      element = .error
    }
    var segment: MemberPath.Segment?
    if case .literal(let literal) = tree[keyID].kind {
      switch literal {
      case .string(let text): segment = .key(text)
      case .int(let number): segment = .index(Int(number))
      default: break
      }
    }
    let path = segment.flatMap { segment in (operand.path ?? operand.optionalPath)?.appending(segment) }
    guard isChained else {
      return Checked(type: element, step: emit(.index(operand.step, key.step), range), path: path)
    }
    return Checked(
      type: .optional(element), step: emit(.optionalIndex(operand.step, key.step), range), optionalPath: path)
  }

  // MARK: Collections

  private mutating func optionalItem(_ id: ID, _ facts: Facts) -> Checked {
    var checked = check(id, facts)
    switch checked.type {
    case .optional(let wrapped): checked.type = wrapped
    case .dyn, .error: break
    default:
      report("type-mismatch", "After '?' an optional value is wanted, not '\(checked.type)'.", tree[id].range)
    }
    return checked
  }

  private mutating func list(_ items: [SyntaxTree.Item], _ facts: Facts, _ range: Range<Int>) -> Checked {
    var type = CELType.error
    var built: [Program.Item] = []
    for (offset, item) in items.enumerated() {
      let checked = item.isOptional ? optionalItem(item.value, facts) : check(item.value, facts)
      type = offset == 0 ? checked.type : type.joined(with: checked.type)
      built.append(Program.Item(value: checked.step, isOptional: item.isOptional))
    }
    // A list of literals, as after `in`, is made once and not at every evaluation.
    let constants = built.compactMap { item -> Value? in
      guard !item.isOptional, let value = program.constant(at: item.value), !value.isError else { return nil }
      return value
    }
    let step = constants.count == built.count ? program.constant(.list(constants)) : program.list(built)
    return Checked(type: .list(type), step: emit(step, range))
  }

  private mutating func map(_ entries: [SyntaxTree.Entry], _ facts: Facts, _ range: Range<Int>) -> Checked {
    var keyType = CELType.error
    var valueType = CELType.error
    var built: [Program.Entry] = []
    for (offset, entry) in entries.enumerated() {
      let key = check(entry.key, facts)
      if !key.type.isKey {
        report("type-mismatch", "'\(key.type)' cannot be the type of a map's key.", tree[entry.key].range)
      }
      let value = entry.isOptional ? optionalItem(entry.value, facts) : check(entry.value, facts)
      keyType = offset == 0 ? key.type : keyType.joined(with: key.type)
      valueType = offset == 0 ? value.type : valueType.joined(with: value.type)
      built.append(Program.Entry(key: key.step, value: value.step, isOptional: entry.isOptional))
    }
    return Checked(type: .map(keyType, valueType), step: emit(program.map(built), range))
  }

  // MARK: Macros

  private mutating func comprehension(
    _ macro: SyntaxTree.Comprehension, _ facts: Facts, _ range: Range<Int>
  ) -> Checked {
    let source = check(macro.source, facts)
    let first: CELType
    let second: CELType
    var element = CELType.error
    switch source.type {
    case .list(let inner):
      (first, second) = macro.second == nil ? (inner, .error) : (.int, inner)
      element = inner
    case .map(let key, let value):
      (first, second) = (key, value)
      element = key
    case .dyn, .error: (first, second, element) = (.dyn, .dyn, .dyn)
    default:
      let isOptional = if case .optional = source.type { true } else { false }
      report(
        "type-mismatch", "'\(source.type)' is not a collection to go through.", tree[macro.source].range,
        cure: isOptional ? "Give it a value for when it is absent, such as '.orValue([])'." : nil)
      (first, second) = (.error, .error)
    }
    return scoped(macro.first.text, first) { checker, firstSlot in
      guard let name = macro.second else {
        return checker.loop(macro, source, element, firstSlot, nil, facts, range)
      }
      return checker.scoped(name.text, second) { checker, secondSlot in
        checker.loop(macro, source, element, firstSlot, secondSlot, facts, range)
      }
    }
  }

  private mutating func loop(
    _ macro: SyntaxTree.Comprehension, _ source: Checked, _ elementType: CELType, _ first: Int, _ second: Int?,
    _ facts: Facts, _ range: Range<Int>
  ) -> Checked {
    // What is present in every element is so in the variable that stands for one.
    let element = Checker.path(ofSlot: second ?? first)
    var facts = facts
    if case .list = source.type {
      facts = facts.and(
        Facts(present: source.elementFacts.map { MemberPath(element.variable, element.segments + $0) }))
    }
    var filter: Checked?
    if let id = macro.filter {
      let checked = check(id, facts)
      requireBool(checked, id)
      facts = facts.and(checked.whenTrue)
      filter = checked
    }
    let body = check(macro.body, facts)
    let type: CELType
    switch macro.kind {
    case .all, .exists, .existsOne:
      requireBool(body, macro.body)
      type = .bool
    case .filter:
      requireBool(body, macro.body)
      type = .list(elementType)
    case .sortBy: type = .list(elementType)
    case .map, .transformList: type = .list(body.type)
    case .transformMap:
      if case .map(let key, _) = source.type {
        type = .map(key, body.type)
      } else {
        type = .map(source.type.isOpen ? .dyn : .int, body.type)
      }
    case .transformMapEntry:
      if !body.type.fits(.map(.dyn, .dyn)) {
        report("type-mismatch", "A map with one entry is wanted here, not '\(body.type)'.", tree[macro.body].range)
      }
      type = if case .map = body.type { body.type } else { .map(.dyn, .dyn) }
    }
    let loop = Program.Loop(
      kind: macro.kind, source: source.step, first: first, second: second, filter: filter?.step, body: body.step)
    var result = Checked(type: type, step: emit(program.loop(loop), range))
    switch macro.kind {
    case .filter: result.elementFacts = facts.and(body.whenTrue).extensions(of: element)
    case .sortBy: result.elementFacts = source.elementFacts
    case .map, .transformList: result.elementFacts = body.path.map(facts.extensions) ?? []
    default: break
    }
    return result
  }

  mutating func requireBool(_ checked: Checked, _ id: ID) {
    guard !checked.type.fits(.bool) else { return }
    let isOptional = if case .optional = checked.type { true } else { false }
    report(
      "type-mismatch", "'\(source(tree[id].range))' is of type '\(checked.type)', and a bool is wanted.",
      tree[id].range, cure: isOptional ? "Say what holds when it is absent, such as '.orValue(false)'." : nil)
  }

  private mutating func optionalMap(
    _ target: ID, _ name: SyntaxTree.Name, _ bodyID: ID, isFlat: Bool, _ facts: Facts, _ range: Range<Int>
  ) -> Checked {
    let optional = check(target, facts)
    let wrapped: CELType
    switch optional.type {
    case .optional(let inner): wrapped = inner
    case .dyn, .error: wrapped = .dyn
    default:
      report(
        "type-mismatch", "'\(isFlat ? "optFlatMap" : "optMap")' needs an optional value, not '\(optional.type)'.",
        tree[target].range)
      wrapped = .error
    }
    let inside = facts.and(Facts(present: optional.optionalPath.map { prefixes(of: $0) } ?? []))
    return scoped(name.text, wrapped, path: optional.optionalPath) { checker, slot in
      let body = checker.check(bodyID, inside)
      var type = CELType.optional(body.type)
      if isFlat {
        if !body.type.fits(.optional(.dyn)) {
          checker.report(
            "type-mismatch", "'optFlatMap' needs an expression that is optional, not '\(body.type)'.",
            checker.tree[bodyID].range)
        }
        type = if case .optional = body.type { body.type } else { .optional(.dyn) }
      }
      return Checked(
        type: type,
        step: checker.emit(.optionalMap(optional.step, slot: Program.Index(slot), body.step, isFlat: isFlat), range))
    }
  }
}
