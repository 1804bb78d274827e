import SourceText

extension Checker {
  // MARK: Operators

  mutating func operation(
    _ operation: SyntaxTree.Operator, _ operands: [ID], _ facts: Facts, _ range: Range<Int>
  ) -> Checked {
    switch operation {
    case .and: return and(operands, facts, range)
    case .or: return or(operands, facts, range)
    case .not:
      let operand = check(operands[0], facts)
      requireBool(operand, operands[0])
      return Checked(
        type: .bool, step: emit(.not(operand.step), range), whenTrue: operand.whenFalse, whenFalse: operand.whenTrue)
    case .negate:
      let operand = check(operands[0], facts)
      switch operand.type {
      case .int, .double, .dyn, .error: break
      default: report("type-mismatch", "'-' does not take '\(operand.type)'.", range)
      }
      return Checked(type: operand.type, step: emit(.negate(operand.step), range))
    case .conditional: return conditional(operands, facts, range)
    case .less, .lessOrEqual, .greater, .greaterOrEqual:
      let (left, right) = (check(operands[0], facts), check(operands[1], facts))
      if !Checker.areOrdered(left.type, right.type) { reportOperands(operation, left, right, operands, range) }
      return Checked(type: .bool, step: emit(.compare(operation, left.step, right.step), range))
    case .equal, .notEqual: return equality(operands, isNegated: operation == .notEqual, facts, range)
    case .in: return membership(operands, facts, range)
    case .add, .subtract, .multiply, .divide, .modulo:
      let (left, right) = (check(operands[0], facts), check(operands[1], facts))
      var type = Checker.arithmeticType(operation, left.type, right.type)
      if type == nil {
        reportOperands(operation, left, right, operands, range)
        type = .error
      }
      return Checked(type: type ?? .error, step: emit(.arithmetic(operation, left.step, right.step), range))
    }
  }

  private mutating func reportOperands(
    _ operation: SyntaxTree.Operator, _ left: Checked, _ right: Checked, _ operands: [ID], _ range: Range<Int>
  ) {
    var cure: String?
    for (checked, id) in zip([left, right], operands) {
      if case .optional(let wrapped) = checked.type {
        let shown = source(tree[id].range)
        cure = "'\(shown)' may be absent: give it a value for that case, such as '\(shown).orValue(\(wrapped.sample))'."
      }
    }
    report(
      "type-mismatch", "'\(operation.rawValue)' does not take '\(left.type)' and '\(right.type)'.", range, cure: cure)
  }

  private mutating func and(_ operands: [ID], _ facts: Facts, _ range: Range<Int>) -> Checked {
    var known = facts
    var whenTrue = Facts.none
    var whenFalse: Facts?
    var steps: [Program.ID] = []
    for id in operands {
      let checked = check(id, known)
      requireBool(checked, id)
      steps.append(checked.step)
      known = known.and(checked.whenTrue)
      whenTrue = whenTrue.and(checked.whenTrue)
      whenFalse = whenFalse?.or(checked.whenFalse) ?? checked.whenFalse
    }
    return Checked(
      type: .bool, step: emit(.and(program.run(steps)), range), whenTrue: whenTrue, whenFalse: whenFalse ?? .none)
  }

  private mutating func or(_ operands: [ID], _ facts: Facts, _ range: Range<Int>) -> Checked {
    var known = facts
    var whenFalse = Facts.none
    var whenTrue: Facts?
    var steps: [Program.ID] = []
    for id in operands {
      let checked = check(id, known)
      requireBool(checked, id)
      steps.append(checked.step)
      known = known.and(checked.whenFalse)
      whenFalse = whenFalse.and(checked.whenFalse)
      whenTrue = whenTrue?.or(checked.whenTrue) ?? checked.whenTrue
    }
    return Checked(
      type: .bool, step: emit(.or(program.run(steps)), range), whenTrue: whenTrue ?? .none, whenFalse: whenFalse)
  }

  private mutating func conditional(_ operands: [ID], _ facts: Facts, _ range: Range<Int>) -> Checked {
    let condition = check(operands[0], facts)
    requireBool(condition, operands[0])
    let yes = check(operands[1], facts.and(condition.whenTrue))
    let no = check(operands[2], facts.and(condition.whenFalse))
    if !yes.type.fits(no.type), !no.type.fits(yes.type) {
      report(
        "type-mismatch", "The results of '?:' have different types, '\(yes.type)' and '\(no.type)'.", range,
        cure: "Write 'dyn()' around one of them if that is meant.")
    }
    return Checked(
      type: yes.type.joined(with: no.type), step: emit(.conditional(condition.step, yes.step, no.step), range),
      whenTrue: condition.whenTrue.and(yes.whenTrue).or(condition.whenFalse.and(no.whenTrue)),
      whenFalse: condition.whenTrue.and(yes.whenFalse).or(condition.whenFalse.and(no.whenFalse)))
  }

  private mutating func equality(
    _ operands: [ID], isNegated: Bool, _ facts: Facts, _ range: Range<Int>
  ) -> Checked {
    let (left, right) = (check(operands[0], facts), check(operands[1], facts))
    if !left.type.fits(right.type), !right.type.fits(left.type) {
      reportOperands(isNegated ? .notEqual : .equal, left, right, operands, range)
    }
    var checked = Checked(
      type: .bool, step: emit(.equal(left.step, right.step, isNegated: isNegated), range))
    // `a.?b.orValue('x') == 'y'` can only be true where the member is there.
    for (side, other) in [(operands[0], operands[1]), (operands[1], operands[0])] {
      guard case .call(_?, let name, let arguments, _) = tree[side].kind, name.text == "orValue", arguments.count == 1,
        case .literal(let fallback) = tree[arguments[0]].kind, case .literal(let compared) = tree[other].kind,
        let path = (side == operands[0] ? left : right).defaultedPath
      else { continue }
      let present = Facts(present: prefixes(of: path))
      let isFallback = fallback.equals(compared) == .yes
      if isFallback == isNegated { checked.whenTrue = present } else { checked.whenFalse = present }
    }
    return checked
  }

  private mutating func membership(_ operands: [ID], _ facts: Facts, _ range: Range<Int>) -> Checked {
    let (element, collection) = (check(operands[0], facts), check(operands[1], facts))
    let wanted: CELType
    switch collection.type {
    case .list(let inner): wanted = inner
    case .map(let key, _): wanted = key
    case .dyn, .error: wanted = .dyn
    default:
      reportOperands(.in, element, collection, operands, range)
      wanted = .error
    }
    if !element.type.fits(wanted), !wanted.fits(element.type) {
      reportOperands(.in, element, collection, operands, range)
    }
    return Checked(type: .bool, step: emit(.contains(element.step, collection.step), range))
  }

  private static func areOrdered(_ left: CELType, _ right: CELType) -> Bool {
    let isNumber: (CELType) -> Bool = { $0 == .int || $0 == .uint || $0 == .double }
    if left.isOpen || right.isOpen {
      return [left, right].allSatisfy { $0.isOpen || isOrdered($0) }
    }
    return (isNumber(left) && isNumber(right)) || (left == right && isOrdered(left))
  }

  private static func isOrdered(_ type: CELType) -> Bool {
    switch type {
    case .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration: true
    default: false
    }
  }

  /// The type of a result, or nil when the operator does not take such operands.
  private static func arithmeticType(
    _ operation: SyntaxTree.Operator, _ left: CELType, _ right: CELType
  ) -> CELType? {
    let rows: [(CELType, CELType, CELType)] =
      switch operation {
      case .add:
        [
          (.int, .int, .int), (.uint, .uint, .uint), (.double, .double, .double), (.string, .string, .string),
          (.bytes, .bytes, .bytes), (.duration, .duration, .duration), (.timestamp, .duration, .timestamp),
          (.duration, .timestamp, .timestamp),
        ]
      case .subtract:
        [
          (.int, .int, .int), (.uint, .uint, .uint), (.double, .double, .double), (.duration, .duration, .duration),
          (.timestamp, .duration, .timestamp), (.timestamp, .timestamp, .duration),
        ]
      case .modulo: [(.int, .int, .int), (.uint, .uint, .uint)]
      default: [(.int, .int, .int), (.uint, .uint, .uint), (.double, .double, .double)]
      }
    if operation == .add {
      if case (.list, .list) = (left, right) { return left.joined(with: right) }
      if case .list = left, right.isOpen { return .list(.dyn) }
      if case .list = right, left.isOpen { return .list(.dyn) }
    }
    let fitting = rows.filter { left.fits($0.0) && right.fits($0.1) }
    guard let first = fitting.first else { return nil }
    return fitting.allSatisfy { $0.2 == first.2 } && !(left.isOpen && right.isOpen) ? first.2 : .dyn
  }

  // MARK: Calls

  mutating func call(
    _ target: ID?, _ name: SyntaxTree.Name, _ arguments: [ID], isRooted: Bool, _ facts: Facts, _ range: Range<Int>
  ) -> Checked {
    var function: FunctionDeclaration?
    var isMember = false
    if let target {
      if let prefix = namespace(target) {
        function =
          candidates("\(prefix.name).\(name.text)", isRooted: prefix.isRooted)
          .lazy.compactMap(environment.function).first
      }
      if function == nil {
        isMember = true
        function = environment.function(name.text)
      }
    } else {
      function = candidates(name.text, isRooted: isRooted).lazy.compactMap(environment.function).first
    }
    let operands = (isMember ? target.map { [$0] } ?? [] : []) + arguments
    guard let function, !isMember || function.overloads.contains(where: { $0.receiver != nil }) else {
      return unknownFunction(target, name, operands, isMember: isMember, facts, range)
    }
    references.functions.insert(function.name)
    let checked = operands.map { check($0, facts) }
    let (type, isCertain) = result(of: function, isMember: isMember, checked, operands, name, range)
    let step: Program.Step
    if function.name == "matches", let regex = literalPattern(operands, checked) {
      step = program.matches(checked[0].step, regex)
    } else {
      step = program.call(
        Program.Call(
          function: function, arguments: checked.map(\.step), isMember: isMember, isVerified: isCertain))
    }
    var result = Checked(type: type, step: emit(step, range))
    if isMember { addPresence(function.name, operands, checked, &result) }
    return result
  }

  /// The dotted name that is called on, when it is not a variable.
  private func namespace(_ id: ID) -> (name: String, isRooted: Bool)? {
    switch tree[id].kind {
    case .identifier(let name, let isRooted): (isVariable(name) ? nil : (name, isRooted))
    case .select(let operand, let name, isOptional: false):
      namespace(operand).map { ("\($0.name).\(name.text)", $0.isRooted) }
    default: nil
    }
  }

  private mutating func unknownFunction(
    _ target: ID?, _ name: SyntaxTree.Name, _ operands: [ID], isMember: Bool, _ facts: Facts, _ range: Range<Int>
  ) -> Checked {
    if let target, let prefix = namespace(target) {
      let functions = environment.functionNames.filter { $0.hasPrefix("\(prefix.name).") }
      if !functions.isEmpty {
        let full = "\(prefix.name).\(name.text)"
        report(
          "unknown-function", "There is no function '\(full)'.", name.range,
          cure: Checker.suggestion(full, functions))
        return raise(.noSuchOverload, "There is no function '\(full)'.", range)
      }
    }
    let macros = [
      "all", "exists", "exists_one", "existsOne", "filter", "map", "sortBy", "transformList", "transformMap",
      "transformMapEntry", "optMap", "optFlatMap",
    ]
    let known = environment.functionNames.filter { name in
      let function = environment.function(name)
      return function?.overloads.contains { ($0.receiver != nil) == isMember } ?? false
    }
    let suggestion = Suggestion.nearest(to: name.text, among: known + (isMember ? macros : ["has"]))
    let isMacro = isMember && (macros.contains(name.text) || macros.contains(suggestion ?? ""))
    // A macro's arguments speak of variables that it would have made: nothing can be said about them.
    let found = (isMacro ? Array(operands.prefix(1)) : operands).map { check($0, facts) }
    // Where the receiver is a mistake already, nobody knows what could be called on it.
    if isMember, found.first?.type == .error {
      return raise(.noSuchOverload, "There is no function '\(name.text)'.", range)
    }
    if isMember, macros.contains(name.text) {
      report(
        "unknown-function", "The macro '\(name.text)' does not take \(operands.count - 1) arguments.", name.range)
    } else {
      report(
        "unknown-function", "There is no function '\(name.text)'\(isMember ? " to call on a value" : "").", name.range,
        cure: suggestion.map { "Did you mean '\($0)'?" })
    }
    return raise(.noSuchOverload, "There is no function '\(name.text)'.", range)
  }

  /// The type of a call's result, and whether the arguments surely fit.
  private mutating func result(
    of function: FunctionDeclaration, isMember: Bool, _ arguments: [Checked], _ operands: [ID],
    _ name: SyntaxTree.Name, _ range: Range<Int>
  ) -> (CELType, Bool) {
    var results: [CELType] = []
    var candidates: [[CELType]] = []
    for overload in function.overloads {
      guard let types = overload.signature(isMember: isMember, count: arguments.count) else { continue }
      candidates.append(types)
      var bindings: [String: CELType] = [:]
      let fits = zip(arguments, types).allSatisfy { argument, type in argument.type.fits(type, &bindings) }
      if fits { results.append(overload.result.substituting(bindings)) }
    }
    if let first = results.first {
      let isGradual = arguments.contains { $0.type.isGradual }
      // Where types are known the first overload that fits is the one; where they are not, any of them may be.
      return (!isGradual || results.allSatisfy { $0 == first } ? first : .dyn, !isGradual)
    }
    let given = arguments.map(\.type.description).joined(separator: ", ")
    guard candidates.count == 1, let wanted = candidates.first,
      let at = wrongArgument(arguments, wanted)
    else {
      report("type-mismatch", "'\(name.text)' does not take (\(given)).", range)
      return (.error, false)
    }
    // That 'a.b' may be absent was said already, where '.orValue()' and its kin are called on it without '.?'.
    let operandSpan = text.span(tree[operands[at]].range)
    if let last = diagnostics.last, last.id == "optional-without-guard", last.span == operandSpan {
      return (.error, false)
    }
    let actual = arguments[at].type
    let shown = source(tree[operands[at]].range)
    var cure: String?
    if case .optional = actual { cure = "'\(shown)' may be absent: use '\(shown).orValue(…)'." }
    report(
      "type-mismatch", "'\(name.text)' needs '\(wanted[at])' here, not '\(actual)'.", tree[operands[at]].range,
      cure: cure)
    return (.error, false)
  }

  private func wrongArgument(_ arguments: [Checked], _ wanted: [CELType]) -> Int? {
    var bindings: [String: CELType] = [:]
    return zip(arguments, wanted).enumerated().first { !$0.element.0.type.fits($0.element.1, &bindings) }?.offset
  }

  /// The compiled pattern of `matches('…')`; reports one that does not compile.
  private mutating func literalPattern(_ operands: [ID], _ arguments: [Checked]) -> RegularExpression? {
    guard operands.count == 2, arguments[0].type == .string || arguments[0].type.isOpen,
      case .literal(.string(let pattern)) = tree[operands[1]].kind
    else { return nil }
    switch RegularExpression.compile(pattern) {
    case .success(let regex): return regex
    case .failure(let mistake):
      report("invalid-regex", "The pattern does not compile: \(mistake.message)", tree[operands[1]].range)
      return nil
    }
  }

  /// What calls on optionals tell about presence.
  private func addPresence(_ name: String, _ operands: [ID], _ arguments: [Checked], _ result: inout Checked) {
    guard let path = arguments.first?.optionalPath else { return }
    let present = Facts(present: prefixes(of: path))
    switch name {
    case "hasValue": result.whenTrue = present
    case "value": result.path = path
    case "orValue":
      result.defaultedPath = path
      if operands.count == 2, case .literal(.bool(let fallback)) = tree[operands[1]].kind {
        if fallback { result.whenFalse = present } else { result.whenTrue = present }
      }
    default: break
    }
  }
}

extension CELType {
  /// A literal of the type, to show in a suggestion.
  var sample: String {
    switch self {
    case .bool: "false"
    case .int: "0"
    case .uint: "0u"
    case .double: "0.0"
    case .string: "''"
    case .list: "[]"
    case .map: "{}"
    default: "…"
    }
  }
}
