import SourceText
import Values

/// Evaluates terms in three-valued logic over sets of possible values, in one world: what settings hold, what columns
/// stand for, and which functions can be looked into.
struct TermEvaluator {
  /// What `current_setting` answers.
  enum Settings: Sendable {
    /// Never set in this session: NULL, or an error from the one-argument form.
    case missing
    /// `''`, as after the end of SET LOCAL.
    case empty
    /// Any value or none.
    case anything
  }

  let settings: Settings
  /// The project's functions.
  let functions: FunctionBodies
  /// What a column outside all queries stands for.
  var column: ([String]) -> Outcome?
  /// What the FROM items of the queries around stand for, the innermost last.
  var scopes: [Scope] = []
  /// The arguments of the function that is being looked into.
  var arguments: [Outcome] = []
  var argumentNames: [String] = []
  /// How many functions are around: they are looked into one level deep.
  var level = 0
  /// In an UPDATE the row is taken to have changed: NEW and OLD differ.
  var assumesChange = false
  /// A comparison beside a test for NULL is not the whole of its condition.
  var isBesideNullTest = false
  /// Comparisons of NEW with OLD that miss changes from or to NULL: where they start and end.
  var unsafeComparisons: [(start: Int, end: Int)] = []

  init(_ settings: Settings, _ functions: FunctionBodies, column: @escaping ([String]) -> Outcome?) {
    self.settings = settings
    self.functions = functions
    self.column = column
  }

  /// The sources of one query, by alias.
  struct Scope {
    var rows: [(alias: String, columns: [String: Outcome]?, row: Outcome)] = []
  }

  mutating func evaluate(_ term: Term) -> Outcome {
    switch term.form {
    case .null: return .null
    case .boolean(let value): return .boolean(value)
    case .string(let text), .number(let text): return .text(text)
    case .column(let parts): return name(parts)
    case .parameter(let number):
      return arguments.indices.contains(number - 1) ? arguments[number - 1] : .anything()
    case .keyword(let keyword): return self.keyword(keyword)
    case .not(let term): return negation(evaluate(term))
    case .and(let terms): return conjunction(terms)
    case .or(let terms): return disjunction(terms)
    case .operation("=", let left?, let right) where left.truthConstant != nil || right.truthConstant != nil:
      // `x = true` is x, and `x = false` is NOT x, in all three truth values.
      let value = evaluate(right.truthConstant == nil ? right : left)
      return right.truthConstant ?? left.truthConstant ?? true ? value : negation(value)
    case .operation("<>", let left?, let right) where left.truthConstant != nil || right.truthConstant != nil:
      let value = evaluate(right.truthConstant == nil ? right : left)
      return right.truthConstant ?? left.truthConstant ?? true ? negation(value) : value
    case .operation(let name, let left?, let right):
      let (left, right) = (evaluate(left), evaluate(right))
      return operation(name, left, right, term)
    case .operation(let name, nil, let right):
      let operand = evaluate(right)
      if name == "-", case .text(let number) = operand.content { return .text("-" + number) }
      return strict([operand])
    case .distinct(let a, let b):
      return distinct(evaluate(a), evaluate(b))
    case .between(let value, let low, let high):
      let outcomes = [evaluate(value), evaluate(low), evaluate(high)]
      if outcomes.contains(where: \.isError) { return .error }
      if outcomes.contains(where: \.isNull) { return Outcome.null.depending(on: outcomes) }
      return Outcome.anything(isNullable: outcomes.contains { $0.canBeNull != .no }).depending(on: outcomes).settled()
    case .oneOf(let term, let items):
      let value = evaluate(term)
      return join(items.map { operation("=", value, evaluate($0), term) })
    default: return evaluateMore(term)
    }
  }

  private mutating func evaluateMore(_ term: Term) -> Outcome {
    switch term.form {
    case .isNull(let term):
      let value = evaluate(term)
      if value.isError { return .error }
      // A whole row IS NULL when all of its columns are.
      let notNull: Truth = value.content == .nothing ? .no : value.doubt.map { .unknown($0) } ?? .yes
      return Outcome.truth(null: .no, true: value.canBeNull, false: notNull).depending(on: value).settled()
    case .truthTest(let term, let wanted):
      let value = evaluate(term)
      if value.isError { return .error }
      let holds: Truth
      let fails: Truth
      switch wanted {
      case true: (holds, fails) = (value.canBeTrue, value.canBeFalse || value.canBeNull)
      case false: (holds, fails) = (value.canBeFalse, value.canBeTrue || value.canBeNull)
      default: (holds, fails) = (value.canBeNull, value.canBeTrue || value.canBeFalse)
      }
      return Outcome.truth(null: .no, true: holds, false: fails).depending(on: value).settled()
    case .quantified(let name, let value, let array, let isAll):
      let value = evaluate(value)
      if case .array(let items) = array.form {
        let joined = items.map { operation(name, value, evaluate($0), term) }
        return isAll ? meet(joined) : join(joined)
      }
      let array = evaluate(array)
      if array.content == .emptyArray { return Outcome.boolean(isAll).depending(on: value, array).settled() }
      return operation(name, value, array, term)
    case .nullIf(let a, let b):
      let (a, b) = (evaluate(a), evaluate(b))
      let comparison = operation("=", a, b, term)
      if comparison.isSurelyTrue { return Outcome.null.flowing(from: a) }
      if comparison.neverHolds { return a }
      var value = a
      value.canBeNull = value.canBeNull || comparison.canBeTrue
      return value
    case .coalesce(let terms): return coalesce(terms)
    case .extremum(let terms):
      let values = terms.map { evaluate($0) }
      return Outcome.anything(isNullable: values.allSatisfy { $0.canBeNull != .no }).flowing(from: values).settled()
    case .choice(let subject, let branches, let otherwise): return choice(subject, branches, otherwise)
    case .cast(let term, let type): return cast(evaluate(term), type)
    case .call(let name, let terms): return call(name, terms)
    case .array(let terms), .row(let terms), .other(let terms):
      return Outcome.anything(isNullable: false).flowing(from: terms.map { evaluate($0) })
    case .element(let term, let field):
      let value = evaluate(term)
      if value.isNull || value.isError { return value }
      if case .call = term.form { return TermEvaluator.part(of: value, named: field ?? "") }
      return TermEvaluator.part(of: value, named: field ?? "")
    case .exists(let query): return exists(query)
    case .scalar(let query): return scalar(query)
    case .arrayOf(let query):
      let value = scalar(query)
      return Outcome.anything(isNullable: false).flowing(from: value)
    case .quantifiedQuery(let name, let term, let query, let isAll):
      return membership(name, evaluate(term), query, isAll: isAll, term)
    default: return .anything()
    }
  }

  // MARK: Names

  private func name(_ parts: [String]) -> Outcome {
    // `t.*` and `t` both mean t's whole row.
    let parts = parts.last == "*" ? Array(parts.dropLast()) : parts
    guard let last = parts.last else {
      return scopes.last.map { scope in Outcome.anything(isNullable: false).flowing(from: scope.rows.map(\.row)) }
        ?? .anything()
    }
    for scope in scopes.reversed() {
      if parts.count > 1 {
        let alias = parts[parts.count - 2]
        if let source = scope.rows.first(where: { $0.alias == alias }) {
          return source.columns?[last] ?? TermEvaluator.part(of: source.row, named: last)
        }
      } else {
        if let source = scope.rows.first(where: { $0.columns?[last] != nil }), let found = source.columns?[last] {
          return found
        }
        if let source = scope.rows.first(where: { $0.alias == last }) { return source.row }
        if column(parts) == nil, let source = scope.rows.first(where: { $0.columns == nil }) {
          return TermEvaluator.part(of: source.row, named: last)
        }
      }
    }
    if let index = argumentNames.firstIndex(of: last), arguments.indices.contains(index) { return arguments[index] }
    return column(parts) ?? .anything()
  }

  /// A field of a row or of its JSON.
  static func part(of row: Outcome, named name: String) -> Outcome {
    if row.isNull || row.isError || row.doubt != nil { return row }
    var value = Outcome.anything()
    let isKey = name == "key"
    if !isKey {
      if !row.marks.isDisjoint(with: .anyNew) { value.marks.insert(.new) }
      if !row.marks.isDisjoint(with: .anyOld) {
        value.marks.insert(.old)
        value.oldColumns.insert(name.isEmpty ? "(part)" : name)
      }
      if !row.sureMarks.isDisjoint(with: .anyNew) { value.sureMarks.insert(.new) }
      if !row.sureMarks.isDisjoint(with: .anyOld) { value.sureMarks.insert(.old) }
      let others: Outcome.Marks = [.setting, .sessionUser, .currentUser]
      value.marks.formUnion(row.marks.intersection(others))
      value.sureMarks.formUnion(row.sureMarks.intersection(others))
    }
    return value
  }

  private func keyword(_ keyword: Term.Keyword) -> Outcome {
    var value = Outcome.anything(isNullable: false)
    switch keyword {
    case .sessionUser: value.marks = .sessionUser
    case .currentUser: value.marks = .currentUser
    case .transactionTime: value.marks = .transactionTime
    case .other: break
    }
    value.sureMarks = value.marks
    return value
  }

  // MARK: Logic

  func negation(_ value: Outcome) -> Outcome {
    var copy = value
    swap(&copy.canBeTrue, &copy.canBeFalse)
    swap(&copy.opensAsTrue, &copy.opensAsFalse)
    if case .text = value.content { copy.content = .anything }
    return copy
  }

  /// OR as far as it goes: an error ends it, but not for rows that an arm before it lets through.
  private mutating func disjunction(_ terms: [Term]) -> Outcome {
    let outer = isBesideNullTest
    defer { isBesideNullTest = outer }
    isBesideNullTest =
      outer
      || terms.contains {
        $0.contains { if case .isNull = $0.form { true } else { false } }
      }
    var values: [Outcome] = []
    for term in terms {
      let value = evaluate(term)
      if value.isError {
        if values.isEmpty { return .error }
        var last = join(values)
        last.canBeNull = .no
        last.canBeFalse = .no
        return last
      }
      values.append(value)
      if value.isSurelyTrue && !value.readsSetting { break }
    }
    return join(values)
  }

  private mutating func conjunction(_ terms: [Term]) -> Outcome {
    var values: [Outcome] = []
    for term in terms {
      let value = evaluate(term)
      if value.isError {
        guard !values.isEmpty else { return .error }
        var last = meet(values)
        last.canBeTrue = .no
        last.opensAsTrue = .no
        return last
      }
      values.append(value)
    }
    return meet(values)
  }

  /// OR of values.
  func join(_ values: [Outcome]) -> Outcome {
    let values = values.filter { !$0.isError }
    guard !values.isEmpty else { return .error }
    var result = Outcome.truth(
      null: values.reduce(.no) { $0 || $1.canBeNull }, true: values.reduce(.no) { $0 || $1.canBeTrue },
      false: values.reduce(.yes) { $0 && $1.canBeFalse })
    // One arm that is always true settles it, and one that is never true or false leaves NULL at best.
    if values.contains(where: \.isSurelyTrue) {
      result.canBeNull = .no
      result.canBeFalse = .no
    }
    result = result.depending(on: values)
    result.opensAsTrue = values.reduce(.no) { $0 || $1.opensAsTrue }
    result.opensAsFalse = values.reduce(.no) { $0 || $1.opensAsFalse } && result.canBeFalse
    return result
  }

  /// AND of values.
  func meet(_ values: [Outcome]) -> Outcome { negation(join(values.map(negation))) }

  // MARK: Choices

  private mutating func coalesce(_ terms: [Term]) -> Outcome {
    var result: Outcome?
    var firstColumn: Term?
    for term in terms {
      if let first = firstColumn, assumesRowPart(first, sameAs: term) { break }
      if firstColumn == nil { firstColumn = term }
      var value = evaluate(term)
      if value.isError { return result ?? .error }
      if value.isNull {
        result = result.map { $0.depending(on: value) } ?? value
        continue
      }
      if var known = result {
        known.canBeNull = .no
        let hadContent = known.content != .nothing
        let isSure = known.sureMarks
        value = value.depending(on: known)
        result = hadContent ? known.or(value) : value
        if hadContent { result?.sureMarks.formUnion(isSure.intersection(value.sureMarks)) }
      } else {
        result = value
      }
      if value.canBeNull == .no { break }
      result?.canBeNull = value.canBeNull
    }
    return (result ?? .null).settled()
  }

  /// `COALESCE(NEW.id, OLD.id)`: of the row that there is.
  private func assumesRowPart(_ a: Term, sameAs b: Term) -> Bool {
    guard case .column(let first) = a.form, case .column(let second) = b.form, first.count == second.count,
      let name = first.last, name == second.last, first.count < 3
    else { return false }
    let rows = Set([first[0].lowercased(), second[0].lowercased()])
    guard rows == ["new", "old"] else { return false }
    return column(first).map { !$0.isNull } ?? false
  }

  private mutating func choice(
    _ subject: Term?, _ branches: [(condition: Term, result: Term)], _ otherwise: Term?
  ) -> Outcome {
    let value = subject.map { evaluate($0) }
    var result: Outcome?
    var conditions: [Outcome] = []
    for branch in branches {
      var condition = evaluate(branch.condition)
      if let value { condition = operation("=", value, condition, branch.condition) }
      if condition.isError { return result ?? .error }
      conditions.append(condition)
      if condition.neverHolds { continue }
      let value = evaluate(branch.result)
      result = result.map { $0.or(value) } ?? value
      if condition.isSurelyTrue { return (result ?? .null).depending(on: conditions).settled() }
    }
    let last = otherwise.map { evaluate($0) } ?? .null
    return (result.map { $0.or(last) } ?? last).depending(on: conditions).settled()
  }

  func cast(_ value: Outcome, _ type: String) -> Outcome {
    if value.isNull || value.isError { return value }
    let base = type.split(separator: "(").first.map(String.init) ?? type
    let isText = ["text", "character varying", "character", "name", "bpchar", "citext"].contains(base)
    switch value.content {
    case .emptySetting:
      // Only text takes an empty string; arrays, numbers, uuids, dates, booleans and JSON raise an error.
      return isText ? value : .error
    case .text(let text) where type == "boolean": return Outcome.text(text).flowing(from: value)
    case .text where isText || base.hasPrefix("int") || base == "uuid" || base == "bigint" || base == "numeric":
      return value
    case .text:
      var copy = value
      copy.content = .anything
      return copy
    default: return value
    }
  }
}

extension Term {
  /// Which truth value it is written as; nil for all else.
  fileprivate var truthConstant: Bool? {
    if case .boolean(let value) = form { return value }
    return nil
  }
}
