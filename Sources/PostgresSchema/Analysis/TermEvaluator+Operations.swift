import Values

/// Operators, functions and queries.
extension TermEvaluator {
  // MARK: Operators

  mutating func operation(_ name: String, _ left: Outcome, _ right: Outcome, _ term: Term) -> Outcome {
    if left.isError || right.isError { return .error }
    if left.isNull || right.isNull {
      // Concatenating JSON or text with NULL is NULL as well.
      return Outcome.null.depending(on: left, right).settled()
    }
    if name == "=" || name == "<>" {
      noteComparison(left, right, term)
      return comparison(isEqual: name == "=", left, right).depending(on: left, right).settled()
    }
    switch name {
    case "->", "->>", "#>", "#>>": return field(name, of: left, right)
    case "||":
      if let joined = concatenated(left, right) { return joined.flowing(from: left, right) }
      if !left.marks.isDisjoint(with: .anyRow), left.content == .row(isJSON: true) {
        // What stands on the right takes the place of the row's own: `to_jsonb(NEW) || '{"email": "***"}'`.
        var both = strictValue([left, right], content: left.content)
        let keys = TermEvaluator.keys(in: term)
        both.omittedKeys = left.omittedKeys.union(keys)
        both.hasOtherKeys = left.hasOtherKeys || keys.isEmpty
        return both
      }
      return strictValue([left, right], content: left.content == .row(isJSON: true) ? left.content : .anything)
    case "-" where !left.marks.isDisjoint(with: [.newRow, .oldRow]):
      // A row's JSON without some of its keys; of two rows, what differs.
      var rest = strictValue([left], content: left.content).depending(on: right)
      let keys = TermEvaluator.strings(in: term)
      rest.omittedKeys.formUnion(keys)
      rest.hasOtherKeys = rest.hasOtherKeys || keys.isEmpty
      return rest
    case "~~", "~~*", "~", "~*":
      if right.content == .emptySetting, name.hasPrefix("~~") {
        return comparison(isEqual: true, left, right).depending(on: left, right).settled()
      }
    default: break
    }
    return Outcome.anything(isNullable: left.canBeNull != .no || right.canBeNull != .no)
      .depending(on: left, right).keeping(left, right).settled()
  }

  /// Whether two values can be equal, and can differ.
  private func comparison(isEqual: Bool, _ left: Outcome, _ right: Outcome) -> Outcome {
    var equal: Truth = .yes
    var different: Truth = .yes
    switch (left.content, right.content) {
    case (.text(let a), .text(let b)):
      let same = a == b || (Double(a).map { $0 == Double(b) } ?? false)
      (equal, different) = (Truth(same), Truth(!same))
    case (.emptySetting, .emptySetting): different = .no
    case (.emptySetting, .text(let text)), (.text(let text), .emptySetting):
      (equal, different) = (Truth(text.isEmpty), Truth(!text.isEmpty))
    case (.emptySetting, _), (_, .emptySetting):
      equal = .no
    case (.column(let a), .column(let b)) where a == b: different = .no
    default: break
    }
    if assumesChange, TermEvaluator.areOldAndNew(left, right) { (equal, different) = (.no, .yes) }
    if let doubt = left.doubt ?? right.doubt {
      equal = equal && .unknown(doubt)
      // A column does not come to the same for every row, whatever the function says.
      if case .column = left.content {
      } else if case .column = right.content {
      } else {
        different = different && .unknown(doubt)
      }
    }
    return .truth(
      null: left.canBeNull || right.canBeNull, true: isEqual ? equal : different, false: isEqual ? different : equal)
  }

  func distinct(_ left: Outcome, _ right: Outcome) -> Outcome {
    if left.isError || right.isError { return .error }
    let result: Outcome
    switch (left.isNull, right.isNull) {
    case (true, true): result = .boolean(false)
    case (true, false): result = .truth(null: .no, true: notNull(right), false: right.canBeNull)
    case (false, true): result = .truth(null: .no, true: notNull(left), false: left.canBeNull)
    default:
      if assumesChange, TermEvaluator.areOldAndNew(left, right) {
        result = .boolean(true)
      } else {
        let differs = comparison(isEqual: false, left, right)
        result = .truth(
          null: .no, true: differs.canBeTrue || (left.canBeNull || right.canBeNull),
          false: differs.canBeFalse || (left.canBeNull && right.canBeNull))
        // The same column on both sides is never distinct from itself.
        if case .column(let a) = left.content, right.content == .column(a) {
          return Outcome.boolean(false).depending(on: left, right).settled()
        }
      }
    }
    return result.depending(on: left, right).settled()
  }

  private func notNull(_ value: Outcome) -> Truth {
    value.content == .nothing ? .no : value.doubt.map { .unknown($0) } ?? .yes
  }

  static func areOldAndNew(_ a: Outcome, _ b: Outcome) -> Bool {
    func isOnly(_ value: Outcome, _ wanted: Outcome.Marks, _ other: Outcome.Marks) -> Bool {
      !value.marks.isDisjoint(with: wanted) && value.marks.isDisjoint(with: other)
    }
    return isOnly(a, .anyNew, .anyOld) && isOnly(b, .anyOld, .anyNew)
      || isOnly(b, .anyNew, .anyOld) && isOnly(a, .anyOld, .anyNew)
  }

  private mutating func noteComparison(_ left: Outcome, _ right: Outcome, _ term: Term) {
    guard !isBesideNullTest, TermEvaluator.areOldAndNew(left, right),
      left.canBeNull != .no || right.canBeNull != .no, term.start <= term.end
    else { return }
    if unsafeComparisons.contains(where: { $0.start == term.start && $0.end == term.end }) { return }
    unsafeComparisons.append((term.start, term.end))
  }

  /// `->` of a row's JSON is a JSON null where the column is NULL; `->>` and hstore's `->` are NULL.
  private func field(_ name: String, of row: Outcome, _ key: Outcome) -> Outcome {
    var column = ""
    if case .text(let text) = key.content { column = text }
    var value = TermEvaluator.part(of: row, named: column)
    if name == "->", case .row(isJSON: true) = row.content {
      value.canBeNull = row.canBeNull
      value.content = .row(isJSON: true)
    }
    return value.depending(on: row, key)
  }

  private func concatenated(_ left: Outcome, _ right: Outcome) -> Outcome? {
    func text(_ value: Outcome) -> String? {
      switch value.content {
      case .text(let text) where value.canBeNull == .no: text
      case .emptySetting: ""
      default: nil
      }
    }
    guard let a = text(left), let b = text(right) else { return nil }
    if a.isEmpty, b.isEmpty, left.content == .emptySetting || right.content == .emptySetting { return left }
    return .text(a + b)
  }

  // MARK: Functions

  /// A function or operator that answers NULL to NULL and of which nothing else is known.
  func strict(_ values: [Outcome]) -> Outcome { strictValue(values, content: .anything).settled() }

  func strictValue(_ values: [Outcome], content: Outcome.Content) -> Outcome {
    if values.contains(where: \.isError) { return .error }
    if values.contains(where: \.isNull) { return Outcome.null.depending(on: values) }
    var value = Outcome.anything(isNullable: values.contains { $0.canBeNull != .no })
    value.content = content
    // What is made of an empty setting is no row's value either.
    if content == .anything, values.contains(where: { $0.content == .emptySetting }) { value.content = .emptySetting }
    return value.flowing(from: values)
  }

  mutating func call(_ parts: [String], _ terms: [Term]) -> Outcome {
    let name = parts.last ?? ""
    let isBuiltIn = parts.count == 1 || parts[0] == "pg_catalog"
    if isBuiltIn, name == "current_setting" { return setting(terms) }
    if let helper = known(parts) { return helper }
    let values = terms.map { evaluate($0) }
    if let body = functions.body(parts, argumentCount: terms.count) { return inlined(body, values, parts) }
    guard isBuiltIn else { return .unknown(functions.missing(parts)) }
    switch name {
    case "to_jsonb", "to_json", "row_to_json": return row(values, isJSON: true)
    case "hstore": return row(values, isJSON: false)
    case "lower", "upper", "btrim", "trim", "ltrim", "rtrim":
      guard let first = values.first else { return .anything() }
      if case .text(let text) = first.content, values.count == 1, name == "lower" || name == "upper" {
        return Outcome.text(name == "lower" ? text.lowercased() : text.uppercased()).flowing(from: first)
      }
      return first.content == .emptySetting ? first : strict(values)
    case "string_to_array":
      guard let first = values.first, first.content == .emptySetting else { return strict(values) }
      var array = first
      array.content = .emptyArray
      return array
    case "length", "char_length", "octet_length":
      guard let first = values.first, first.content == .emptySetting else { return strict(values) }
      return Outcome.text("0").flowing(from: first)
    case "concat", "concat_ws", "format":
      if values.contains(where: \.isError) { return .error }
      var value = Outcome.anything(isNullable: false).flowing(from: values)
      if values.allSatisfy({ $0.isNull || $0.content == .emptySetting }), value.readsSetting {
        value.content = .emptySetting
      }
      return value.settled()
    case "jsonb_build_object", "json_build_object", "jsonb_build_array", "json_build_array", "array_append",
      "num_nulls", "num_nonnulls":
      return Outcome.anything(isNullable: false).flowing(from: values)
    case "now", "transaction_timestamp": return Outcome.time(.transactionTime)
    case "statement_timestamp": return Outcome.time(.statementTime)
    case "clock_timestamp", "timeofday": return Outcome.time(.clockTime)
    case "jsonb_set", "jsonb_set_lax":
      guard let first = values.first else { return .anything() }
      var changed = strictValue([first], content: first.content).flowing(from: Array(values.dropFirst()))
      let keys = terms.dropFirst().prefix(1).flatMap { TermEvaluator.strings(in: $0) }.map {
        $0.filter { !"{}\"".contains($0) }
      }
      changed.omittedKeys = first.omittedKeys.union(keys)
      changed.hasOtherKeys = first.hasOtherKeys || keys.isEmpty
      return changed
    case "session_user": return Outcome.anything(isNullable: false)
    case "set_config": return strict(Array(values.dropFirst()))
    default:
      guard BuiltInFunctions.contains(name) else { return .unknown(functions.missing(parts)) }
      let value = strict(values)
      // What a boolean function makes of an empty string is not evaluated: starts_with(x, '') is true.
      if value.content == .emptySetting, BuiltInFunctions.isPredicate(name) {
        return .unknown(functions.unevaluated(parts))
      }
      return value
    }
  }

  /// The strings on the right of an operator: the keys of `row - 'a'` and `row - ARRAY['a', 'b']`.
  static func strings(in term: Term) -> [String] {
    var found: [String] = []
    var start = term
    if case .operation(_, _, let right) = term.form { start = right }
    start.forEach { inner, _ in
      guard case .string(let text) = inner.form else { return }
      // `'{a,b}'::text[]`
      if text.hasPrefix("{"), text.hasSuffix("}"), !text.contains(":") {
        found += text.dropFirst().dropLast().split(separator: ",").map { $0.filter { !" \"".contains($0) } }
      } else {
        found.append(text)
      }
    }
    return found
  }

  /// The keys of the object on the right of `||`: of `jsonb_build_object('email', …)` or of a literal.
  private static func keys(in term: Term) -> [String] {
    guard case .operation(_, _, let right) = term.form else { return [] }
    var object = right
    while case .cast(let inner, _) = object.form { object = inner }
    if case .call(_, let arguments) = object.form {
      return arguments.enumerated().compactMap { index, argument in
        if index % 2 == 0, case .string(let key) = argument.form { key } else { nil }
      }
    }
    guard case .string(let text) = object.form, text.hasPrefix("{") else { return [] }
    // Every other string of `{"a": "x", "b": 1}` before a colon is a key.
    return text.split(separator: ":").dropLast().compactMap { part in
      let pieces = part.split(separator: "\"", omittingEmptySubsequences: false)
      return pieces.count > 2 ? String(pieces[pieces.count - 2]) : nil
    }
  }

  private func row(_ values: [Outcome], isJSON: Bool) -> Outcome {
    guard let first = values.first else { return .anything() }
    if first.isNull || first.isError { return first }
    if values.count == 1, !first.marks.isDisjoint(with: [.newRow, .oldRow]) {
      var value = first
      value.content = .row(isJSON: isJSON)
      return value
    }
    return strict(values)
  }

  /// `current_setting(name)` and `current_setting(name, missing_ok)`.
  private mutating func setting(_ terms: [Term]) -> Outcome {
    var isTolerant = false
    if terms.count > 1 { isTolerant = !evaluate(terms[1]).neverHolds }
    var value: Outcome
    switch settings {
    case .missing:
      guard isTolerant else { return .error }
      value = .null
    case .empty: value = Outcome(canBeNull: .no, canBeTrue: .no, canBeFalse: .no, content: .emptySetting)
    case .anything: value = .anything(isNullable: isTolerant)
    }
    value.marks = .setting
    value.sureMarks = .setting
    return value
  }

  /// Supabase's helpers read the token from a setting, and answer NULL when there is none.
  private func known(_ parts: [String]) -> Outcome? {
    guard parts.count == 2, parts[0] == "auth", ["uid", "jwt", "role", "email"].contains(parts[1]),
      !functions.isCreated(parts)
    else { return nil }
    var value: Outcome = if case .anything = settings { .anything() } else { .null }
    value.marks = [.setting, .sessionUser]
    value.sureMarks = value.marks
    return value
  }

  private mutating func inlined(_ body: FunctionBodies.Body, _ values: [Outcome], _ parts: [String]) -> Outcome {
    guard level == 0 else {
      return body.readsSettings ? .unknown(functions.nested(parts)) : Outcome.anything().flowing(from: values)
    }
    guard let query = body.query else { return .unknown(functions.unevaluated(parts)) }
    let inner = self
    var evaluator = self
    evaluator.scopes = []
    evaluator.arguments = values
    evaluator.argumentNames = body.argumentNames
    evaluator.level = level + 1
    // The row's columns are not in sight of a function.
    evaluator.column = { _ in nil }
    let result = evaluator.scalar(query)
    _ = inner
    return result
  }

  // MARK: Queries

  /// The scope that a query's FROM makes, and whether its conditions can hold.
  private mutating func enter(_ query: Term.Query) -> Outcome {
    var scope = Scope()
    for source in query.sources {
      switch source.form {
      case .relation(let parts):
        let row = column(["transition:" + (parts.last ?? "")]) ?? .anything(isNullable: false)
        var columns: [String: Outcome]?
        if parts.count > 1 || column(["transition:" + (parts.last ?? "")]) == nil {
          columns = functions.columns(of: parts).map { known in
            Dictionary(
              known.map { ($0.name, column("\(scopes.count).\(source.alias).\($0.name)", isNotNull: $0.isNotNull)) }
            ) { first, _ in first }
          }
        }
        scope.rows.append((source.alias, columns, row))
      case .function(let term):
        let value = evaluate(term)
        scope.rows.append((source.alias, functionColumns(term, value, source.columnNames), value))
      case .query(let inner):
        let (targets, _) = evaluateTargets(inner)
        var columns: [String: Outcome] = [:]
        for (index, target) in targets.enumerated() {
          let name = source.columnNames.indices.contains(index) ? source.columnNames[index] : target.name
          columns[name] = target.value
        }
        scope.rows.append((source.alias, columns, Outcome.anything().flowing(from: targets.map(\.value))))
      }
    }
    scopes.append(scope)
    let conditions = query.conditions.map { evaluate($0) }
    return conditions.isEmpty ? .boolean(true) : meet(conditions)
  }

  private func column(_ key: String, isNotNull: Bool) -> Outcome {
    var value = Outcome.anything(isNullable: !isNotNull)
    value.content = .column(key)
    return value
  }

  /// The columns of a set-returning function in FROM.
  private func functionColumns(_ term: Term, _ value: Outcome, _ names: [String]) -> [String: Outcome] {
    guard case .call(let parts, _) = term.form else { return [:] }
    var columns: [String: Outcome] = [:]
    let key = Outcome.anything(isNullable: false)
    switch parts.last ?? "" {
    case "jsonb_each", "json_each", "jsonb_each_text", "json_each_text", "each":
      var field = TermEvaluator.part(of: value, named: "value")
      if parts.last == "jsonb_each" || parts.last == "json_each", !field.isNull {
        field.canBeNull = .no
        field.content = .row(isJSON: true)
      }
      columns[names.first ?? "key"] = key
      columns[names.count > 1 ? names[1] : "value"] = field
    case "jsonb_object_keys", "json_object_keys", "skeys", "akeys":
      columns[names.first ?? parts.last ?? ""] = key
    default:
      for name in names { columns[name] = TermEvaluator.part(of: value, named: name) }
    }
    return columns
  }

  /// What a query's columns come to, and its condition.
  mutating func evaluateTargets(_ query: Term.Query) -> (targets: [(name: String, value: Outcome)], holds: Outcome) {
    if let first = query.branches.first {
      var (targets, holds) = evaluateTargets(first)
      guard !query.isExcept else { return (targets, holds) }
      for branch in query.branches.dropFirst() {
        let (more, other) = evaluateTargets(branch)
        for (index, target) in more.enumerated() where targets.indices.contains(index) {
          targets[index].value = targets[index].value.or(target.value)
        }
        holds = join([holds, other])
      }
      return (targets, holds)
    }
    if let first = query.rows.first {
      var targets = first.enumerated().map { ("column\($0.offset + 1)", evaluate($0.element)) }
      for row in query.rows.dropFirst().prefix(100) {
        for (index, term) in row.enumerated() where targets.indices.contains(index) {
          targets[index].1 = targets[index].1.or(evaluate(term))
        }
      }
      return (targets.map { (name: $0.0, value: $0.1) }, .boolean(true))
    }
    let holds = enter(query)
    defer { scopes.removeLast() }
    var targets: [(name: String, value: Outcome)] = []
    for target in query.targets {
      // `SELECT *` has the columns of everything in FROM.
      if case .column(let parts) = target.term.form, parts == ["*"], let scope = scopes.last {
        for source in scope.rows {
          guard let columns = source.columns, !columns.isEmpty else {
            targets.append((source.alias, source.row))
            continue
          }
          for name in columns.keys.sorted() { targets.append((name, columns[name] ?? .anything())) }
        }
        continue
      }
      targets.append((target.name, evaluate(target.term)))
    }
    return (targets, holds)
  }

  mutating func exists(_ query: Term.Query) -> Outcome {
    let (targets, holds) = evaluateTargets(query)
    if holds.isError || targets.contains(where: { $0.value.isError }) { return .error }
    let always = query.sources.isEmpty && query.branches.isEmpty && holds.isSurelyTrue
    var result = Outcome.truth(null: .no, true: holds.canBeTrue, false: Truth(!always)).depending(on: holds)
    result = result.settled()
    // Of rows that are there without the setting, it tells nothing.
    result.opensAsTrue = holds.opensAsTrue
    if holds.canBeTrue != .no, holds.doubt == nil, holds.opensAsTrue == .no { result.opensAsFalse = .no }
    return result
  }

  mutating func scalar(_ query: Term.Query) -> Outcome {
    let (targets, holds) = evaluateTargets(query)
    if holds.isError { return .error }
    guard var value = targets.first?.value else { return .anything() }
    if value.isError { return query.sources.isEmpty ? .error : .error }
    if query.hasAggregates, !query.hasGroups {
      return Outcome.anything().flowing(from: value).depending(on: holds).settled()
    }
    if holds.neverHolds { return Outcome.null.depending(on: value, holds) }
    if !query.sources.isEmpty || !holds.isSurelyTrue { value.canBeNull = .yes }
    return value.depending(on: holds)
  }

  /// IN and its kin over a query.
  mutating func membership(
    _ name: String, _ value: Outcome, _ query: Term.Query, isAll: Bool, _ term: Term
  ) -> Outcome {
    let (targets, holds) = evaluateTargets(query)
    if holds.isError || value.isError || targets.first?.value.isError == true { return .error }
    // Over no rows, ANY is false and ALL true, whatever is asked.
    if holds.neverHolds { return Outcome.boolean(isAll).depending(on: value, holds).settled() }
    let element = targets.first?.value ?? .anything()
    let comparison = operation(name, value, element, term)
    var result = Outcome.truth(
      null: comparison.canBeNull, true: isAll ? .yes : comparison.canBeTrue,
      false: isAll ? comparison.canBeFalse : .yes
    ).depending(on: comparison, holds)
    result = result.settled()
    if !isAll {
      // A row is in the set by what the set's condition says, by the comparison, or by both.
      result.opensAsTrue = (holds.opensAsTrue && comparison.canBeTrue) || comparison.opensAsTrue
    }
    return result
  }
}

extension Outcome {
  /// Also with what flowed into its operands: for operators that make a value of them.
  fileprivate func keeping(_ values: Outcome...) -> Outcome {
    flowing(from: values)
  }
}
