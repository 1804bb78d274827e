import SourceText
import Values

/// Runs a trigger function's body for one event over sets of possible values: TG_OP is known, rows are symbolic, and
/// a condition that cannot be told is taken both ways.
struct TriggerRun {
  private let function: Function
  private let source: MappedText
  private let context: TriggerContext
  private let catalogue: Catalogue
  private let functions: FunctionBodies
  /// How many calls of helper functions are around.
  private var level: Int
  /// The state in which the body returns, over all paths so far.
  private var ended: State?
  private(set) var unsafeComparisons: Set<Range<Int>> = []
  /// What is written to the audit tables' columns, by position in ``Catalogue/tables``.
  private(set) var writes: [Int: [String: Outcome]] = [:]
  /// The INSERT statements that were carried out.
  private(set) var insertions: [AuditFunction.Insertion] = []
  private var arguments: [Outcome] = []

  /// What holds at one point of all the paths that lead there.
  struct State {
    var variables: [String: Outcome] = [:]
    var recorded: Truth = .no
    /// Whether what is recorded keeps OLD: a path that records nothing loses the record, not the old values of one.
    var keepsOld: Truth = .no
    /// Whether any path has recorded something, or perhaps has.
    var hasWritten = false

    /// Takes note of one more record. Where not every path had one before, it is the first of some.
    mutating func record(_ isSure: Truth, keepingOld keeps: Truth) {
      keepsOld = keepsOld && recorded || keeps
      recorded = recorded || isSure
      hasWritten = true
    }

    func joined(_ other: State?) -> State {
      guard let other else { return self }
      var state = self
      for (name, value) in other.variables { state.variables[name] = variables[name]?.or(value) ?? value }
      state.recorded = recorded && other.recorded
      if hasWritten, other.hasWritten {
        state.keepsOld = keepsOld && other.keepsOld
      } else {
        state.keepsOld = hasWritten ? keepsOld : other.keepsOld
      }
      state.hasWritten = hasWritten || other.hasWritten
      return state
    }
  }

  init(
    _ function: Function, _ source: MappedText, _ context: TriggerContext, _ catalogue: Catalogue,
    _ functions: FunctionBodies, level: Int = 0
  ) {
    self.function = function
    self.source = source
    self.context = context
    self.catalogue = catalogue
    self.functions = functions
    self.level = level
  }

  /// The state at the end of all paths; where every path raises an error, nothing is lost.
  mutating func run(_ body: TriggerBody, parameters: [String: Outcome] = [:]) -> State {
    var state = State()
    state.variables = parameters
    for variable in body.variables {
      state.variables[variable.name] = variable.initial.map { evaluate($0, state) } ?? .null
    }
    let last = run(body.steps, state)
    if let last { end(last) }
    var nothing = State()
    nothing.recorded = .yes
    nothing.keepsOld = .yes
    nothing.hasWritten = true
    return ended ?? nothing
  }

  private mutating func end(_ state: State) { ended = state.joined(ended) }

  /// The state behind the steps; nil where no path gets there.
  private mutating func run(_ steps: [TriggerBody.Step], _ state: State) -> State? {
    var state = state
    for step in steps {
      guard let next = run(step, state) else { return nil }
      state = next
    }
    return state
  }

  private mutating func run(_ step: TriggerBody.Step, _ state: State) -> State? {
    var state = state
    switch step.form {
    case .sql(let fragment, let into): sql(fragment, into: into, &state)
    case .perform(let fragment): sql(fragment, into: [], &state)
    case .execute(let fragment, let arguments, let into):
      execute(fragment, arguments, &state)
      for name in into { state.variables[name] = .anything() }
    case .assignment(let variable, let fragment): state.variables[variable] = evaluate(fragment, state)
    case .returning:
      end(state)
      return nil
    case .raise(isException: true): return nil
    case .block(let steps, _): return run(steps, state)
    case .branch(let branches): return branch(branches, state)
    case .selection(let variable, let subject, let branches):
      state.variables[variable] = evaluate(subject, state)
      return branch(branches, state)
    case .loop(let variables, let query, let steps):
      let rows = query.map { bind(variables, to: $0, &state) } ?? false
      let after = run(steps, state)
      // A loop over the change itself runs at least once.
      return rows ? after : after.map(state.joined) ?? state
    case .raise, .other: break
    }
    return state
  }

  private mutating func branch(
    _ branches: [(condition: TriggerBody.Fragment?, steps: [TriggerBody.Step])], _ state: State
  ) -> State? {
    var after: State?
    for branch in branches {
      let condition = branch.condition.map { evaluate($0, state) } ?? .boolean(true)
      if condition.neverHolds { continue }
      let end = run(branch.steps, state)
      after = end.map { $0.joined(after) } ?? after
      // What a setting says is no certainty; what the row says is, where the row changed.
      if condition.isSurelyTrue { return after }
    }
    return state.joined(after)
  }

  // MARK: Statements

  private mutating func sql(_ fragment: TriggerBody.Fragment, into: [String], _ state: inout State) {
    switch catalogue.bodies.statement(fragment.text) {
    case .insert(let insertion)?:
      insert(insertion, fragment, &state)
      for name in into { state.variables[name] = .anything() }
    case .query(let query)?:
      var evaluator = evaluator(state)
      let (targets, _) = evaluator.evaluateTargets(query)
      note(evaluator, fragment)
      for (index, name) in into.enumerated() {
        var value = targets.indices.contains(index) ? targets[index].value : .anything()
        // A query without a row leaves NULL.
        if !query.sources.isEmpty, !query.hasAggregates { value.canBeNull = .yes }
        state.variables[name] = value
      }
      for target in query.targets { call(target.term, fragment, &state) }
    case .other?, nil: break
    }
  }

  /// A helper function that writes the audit row is looked into, one level deep.
  private mutating func call(_ term: Term, _ fragment: TriggerBody.Fragment, _ state: inout State) {
    guard case .call(let name, let terms) = term.form, level == 0 else { return }
    var evaluator = evaluator(state)
    let values = terms.map { evaluator.evaluate($0) }
    guard let index = functions.index(name, argumentCount: terms.count) else {
      let isAboutTheRow = values.contains { !$0.marks.isDisjoint(with: [.newRow, .oldRow]) }
      guard isAboutTheRow, name.count > 1 || !BuiltInFunctions.contains(name.last ?? "") else { return }
      let missing = Truth.unknown(functions.missing(name))
      state.record(missing, keepingOld: missing)
      return
    }
    let helper = catalogue.functions[index]
    guard helper.name != function.name, let body = helper.body?.source else { return }
    if helper.language == "sql" {
      guard case .insert(let insertion)? = TermReader.statement(FunctionBodies.single(body.bytes)) else { return }
      let outer = arguments
      arguments = values
      for (name, value) in zip(helper.argumentNames, values) where !name.isEmpty { state.variables[name] = value }
      insert(insertion, TriggerBody.Fragment(text: body.bytes, range: nil), &state)
      arguments = outer
      return
    }
    guard helper.language == "plpgsql", let steps = catalogue.bodies.triggerBody(body, header: helper.header)
    else { return }
    var run = TriggerRun(helper, body, context, catalogue, functions, level: level + 1)
    let parameters = Dictionary(zip(helper.argumentNames, values)) { first, _ in first }
    let end = run.run(steps, parameters: parameters)
    if end.hasWritten { state.record(end.recorded, keepingOld: end.keepsOld) }
    for (table, columns) in run.writes { add(columns, to: table) }
    insertions += run.insertions
  }

  private mutating func execute(
    _ fragment: TriggerBody.Fragment, _ terms: [TriggerBody.Fragment], _ state: inout State
  ) {
    let text = MappedText(SourceFile(id: source.file, path: "", bytes: fragment.text))
    let values = terms.map { evaluate($0, state) }
    if case .text(let constant)? = Evaluator.value(of: 0..<fragment.text.count, in: text, nil, [:]) {
      let outer = arguments
      arguments = values
      if case .insert(let insertion)? = TermReader.statement(constant.bytes) {
        insert(insertion, TriggerBody.Fragment(text: constant.bytes, range: nil), &state)
      }
      arguments = outer
      return
    }
    guard SQLLexer.tokens(of: fragment.text).contains(where: { mentionsInsert($0, fragment.text) }) else { return }
    let unknown = Unknown(
      Reason(
        .sql, "function '\(function.name)' builds its INSERT when it runs",
        at: fragment.range.map { source.span($0) } ?? function.origin.span,
        cure: "write the INSERT as a statement of its own"))
    state.record(.unknown(unknown), keepingOld: .unknown(unknown))
  }

  private func mentionsInsert(_ token: SQLToken, _ bytes: [UInt8]) -> Bool {
    switch token.kind {
    case .string: bytes.text(token).lowercased().contains("insert")
    case .dollarString: bytes.text(token).lowercased().contains("insert")
    // The text is in a variable.
    case .word: token.range.count == bytes.count
    default: false
    }
  }

  private mutating func insert(
    _ insertion: TermReader.Insertion, _ fragment: TriggerBody.Fragment, _ state: inout State
  ) {
    guard isAuditTarget(insertion.relation) else { return }
    let table = functions.table(insertion.relation)
    if let table {
      insertions.append(
        AuditFunction.Insertion(
          table: table, columns: insertion.columns,
          span: fragment.range.map { source.span($0) } ?? function.origin.span))
    }
    var keeps = Truth.no
    defer { state.record(.yes, keepingOld: keeps) }
    guard let query = insertion.query else { return }
    var evaluator = evaluator(state)
    let (targets, _) = evaluator.evaluateTargets(query)
    note(evaluator, fragment)
    let names =
      insertion.columns.isEmpty
      ? (functions.columns(of: insertion.relation) ?? []).map(\.name)
      : insertion.columns
    var columns: [String: Outcome] = [:]
    var isSpread = false
    for (index, target) in targets.enumerated() {
      keeps = keeps || keepsOld(target.value)
      // A row spreads over all the columns that follow.
      if isSpread || names.count > targets.count, case .row = target.value.content { isSpread = true }
      if names.indices.contains(index) { columns[names[index]] = target.value }
      if isSpread {
        for name in names.dropFirst(index + 1) where columns[name] == nil {
          columns[name] = TermEvaluator.part(of: target.value, named: name)
        }
      }
    }
    if let table { add(columns, to: table) }
  }

  private mutating func add(_ columns: [String: Outcome], to table: Int) {
    for (name, value) in columns { writes[table, default: [:]][name] = writes[table]?[name]?.or(value) ?? value }
  }

  /// Where several tables are written to, those named like audit tables count.
  private func isAuditTarget(_ parts: [String]) -> Bool {
    func isNamedSo(_ name: String) -> Bool {
      let name = name.lowercased()
      return ["audit", "history", "log", "journal", "archive", "event", "version", "change"].contains {
        name.contains($0)
      }
    }
    let targets = function.auditTables.map(\.name)
    return isNamedSo(parts.joined(separator: ".")) || !targets.contains(where: isNamedSo)
  }

  private func keepsOld(_ value: Outcome) -> Truth {
    if value.content == .nothing { return .no }
    func holds(_ marks: Outcome.Marks) -> Bool {
      marks.contains(.oldRow) || marks.contains(.old) && !value.oldColumns.subtracting(keys).isEmpty
    }
    if holds(value.sureMarks) { return .yes }
    guard holds(value.marks) else { return .no }
    return .unknown(
      value.doubt
        ?? Unknown(
          Reason(
            .sql, "whether function '\(function.name)' writes OLD depends on a condition that is not evaluated",
            at: function.origin.span)))
  }

  /// What only tells which row it was.
  private var keys: Set<String> {
    var keys: Set<String> = ["id", "uuid", "key"]
    for table in context.tables { keys.formUnion(catalogue.tables[table].primaryKey?.columns ?? []) }
    return keys
  }

  // MARK: Values

  /// Gives the variables what a row of the query has; true where the rows are those of the change.
  private mutating func bind(_ names: [String], to fragment: TriggerBody.Fragment, _ state: inout State) -> Bool {
    guard case .query(let query)? = catalogue.bodies.statement(fragment.text) else { return false }
    var evaluator = evaluator(state)
    let (targets, _) = evaluator.evaluateTargets(query)
    note(evaluator, fragment)
    if names.count == 1, targets.count != 1 {
      state.variables[names[0]] = .anything(isNullable: false).flowing(from: targets.map(\.value))
      for target in targets { state.variables[names[0] + "." + target.name] = target.value }
    } else {
      for (index, name) in names.enumerated() {
        state.variables[name] = targets.indices.contains(index) ? targets[index].value : .anything()
      }
    }
    return query.contains { term in
      guard case .column(let parts) = term.form, let first = parts.first else { return false }
      if first == "new" || first == "old" { return true }
      return state.variables[first].map { !$0.marks.isDisjoint(with: [.newRow, .oldRow]) } ?? false
    } || query.relations.contains { $0 == [context.oldTable ?? ""] || $0 == [context.newTable ?? ""] }
  }

  private mutating func evaluate(_ fragment: TriggerBody.Fragment, _ state: State) -> Outcome {
    // An assigned value may be a whole query's: `x := count(*) FROM t`.
    guard case .query(let query)? = catalogue.bodies.statement(fragment.text, prefix: "SELECT ") else {
      return .unknown(
        Unknown(
          Reason(
            .sql, "an expression of function '\(function.name)' could not be parsed by itself",
            at: fragment.range.map { source.span($0) } ?? function.origin.span)))
    }
    var evaluator = evaluator(state)
    let value =
      query.sources.isEmpty && query.conditions.isEmpty && query.targets.count == 1
      ? evaluator.evaluate(query.targets[0].term) : evaluator.scalar(query)
    note(evaluator, fragment)
    return value
  }

  private func evaluator(_ state: State) -> TermEvaluator {
    let context = context
    let catalogue = catalogue
    var evaluator = TermEvaluator(.anything, functions) { parts in
      TriggerRun.value(of: parts, in: state, context, catalogue)
    }
    evaluator.assumesChange = context.event == .update
    evaluator.arguments = arguments
    return evaluator
  }

  /// Comparisons are told of where an old and a new row can meet.
  private mutating func note(_ evaluator: TermEvaluator, _ fragment: TriggerBody.Fragment) {
    guard context.event == .update, let range = fragment.range, level == 0, !evaluator.unsafeComparisons.isEmpty
    else { return }
    let tokens = SQLLexer.tokens(of: fragment.text)
    for comparison in evaluator.unsafeComparisons {
      let part = tokens.extent(from: comparison.start, to: comparison.end, in: fragment.text)
      unsafeComparisons.insert(range.lowerBound + part.lowerBound..<range.lowerBound + part.upperBound)
    }
  }

  private static func value(
    of parts: [String], in state: State, _ context: TriggerContext, _ catalogue: Catalogue
  ) -> Outcome? {
    guard let first = parts.first else { return nil }
    if first.hasPrefix("transition:") {
      let name = String(first.dropFirst("transition:".count))
      if name == context.oldTable { return row(.oldRow, isThere: true) }
      if name == context.newTable { return row(.newRow, isThere: true) }
      return nil
    }
    if let assigned = state.variables[parts.joined(separator: ".")] { return assigned }
    switch first {
    case "new", "old":
      let isThere =
        context.isForEachRow && context.event != .truncate
        && (first == "new" ? context.event != .delete : context.event != .insert)
      guard parts.count > 1 else { return row(first == "new" ? .newRow : .oldRow, isThere: isThere) }
      guard isThere else { return .null }
      return column(parts[1], ofNew: first == "new", context, catalogue)
    case "tg_op": return .text(context.event.rawValue.uppercased())
    case "tg_level": return .text(context.isForEachRow ? "ROW" : "STATEMENT")
    case "tg_when":
      switch context.timing {
      case .before: return .text("BEFORE")
      case .after: return .text("AFTER")
      case .insteadOf: return .text("INSTEAD OF")
      }
    case let name where name.hasPrefix("tg_"): return .anything(isNullable: false)
    default:
      guard parts.count > 1, let record = state.variables[first] else { return nil }
      return TermEvaluator.part(of: record, named: parts[1])
    }
  }

  private static func row(_ mark: Outcome.Marks, isThere: Bool) -> Outcome {
    guard isThere else { return .null }
    var row = Outcome.anything(isNullable: false)
    row.content = .row(isJSON: false)
    row.marks = mark
    row.sureMarks = mark
    return row
  }

  private static func column(
    _ name: String, ofNew isNew: Bool, _ context: TriggerContext, _ catalogue: Catalogue
  ) -> Outcome {
    let isNotNull = context.tables.allSatisfy {
      catalogue.tables[$0].column(named: name)?.isNotNull.truth == .yes
    }
    var value = Outcome.anything(isNullable: !isNotNull)
    value.content = .column((isNew ? "new." : "old.") + name)
    value.marks = isNew ? .new : .old
    value.sureMarks = value.marks
    if !isNew { value.oldColumns = [name] }
    return value
  }
}
