import CPgQuery
import SourceText
import Values

extension Replay {
  /// Statements that statements may run in one replay: a bound on loops within helpers within loops.
  static let stepLimit = 20_000
  static let depthLimit = 24

  /// DO: its plain statements are replayed as if they stood at the top.
  mutating func runBlock(_ statement: PgQuery__DoStmt, _ context: StatementContext) {
    guard let token = context.tokens.first(where: { $0.kind == .string || $0.kind == .dollarString }),
      let body = StringLiteral.decoded(token, of: context.text)
    else { return }
    let language = context.firstToplevel("language").map {
      context.bytes.name(context.tokens[min($0 + 1, context.tokens.count - 1)])
    }
    guard language == nil || language == "plpgsql",
      let parsed = state.catalogue.bodies.body(
        body, header: "CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS ")
    else {
      noteDynamic(SQLLexer.tokens(of: body.bytes), in: body, at: context.span)
      return
    }
    run(parsed, Frame(condition: context.condition))
  }

  /// What a block's statements can see.
  struct Frame {
    var condition: Reason?
    /// Variables and parameters with known values.
    var variables: [String: Datum] = [:]
    var records: Set<String> = []
    /// The commands that an event trigger is told of.
    var commands: [Datum.Row] = []
  }

  /// Where the program goes on behind a statement.
  enum Flow {
    case next, exit, repetition, end
    /// RAISE EXCEPTION: a block around it may catch it; else nothing behind it runs.
    case failure
  }

  mutating func run(_ body: PLpgSQLBody, _ frame: Frame) {
    var frame = frame
    for declaration in body.declarations {
      if declaration.isRecord { frame.records.insert(declaration.name) }
      if let initial = declaration.initial {
        frame.variables[declaration.name] = value(initial, in: body.text, frame)
      }
    }
    _ = run(body.statements, of: body.text, &frame)
    if isAtLimit { noteUnfinished(body.text) }
  }

  /// Whether too much has run already for anything else to.
  var isAtLimit: Bool { steps >= Replay.stepLimit || budget.isExhausted }

  /// Records a body that was left before its end because too much has run already.
  mutating func noteUnfinished(_ body: MappedText) {
    let tokens = SQLLexer.tokens(of: body.bytes)
    guard mayDefine(tokens, in: body.bytes) else { return }
    if !isUnfinished, let first = tokens.first {
      isUnfinished = true
      diagnostics.append(
        Diagnostic(
          "sql-too-long", .warning, "Running this code takes too long: it is left here, and what follows is not run.",
          cure: "Make its loops smaller, or declare what it does under 'effects'; what it defines is not known now.",
          at: body.span(first.range)))
    }
    noteDynamic(tokens, in: body, at: body.span(0..<body.bytes.count))
  }

  /// Whether statements that are not run could define anything, themselves or through the project's functions.
  func mayDefine(_ tokens: [SQLToken], in bytes: [UInt8]) -> Bool {
    var seen: Set<Int> = []
    return mayDefine(tokens, in: bytes, &seen)
  }

  private func mayDefine(_ tokens: [SQLToken], in bytes: [UInt8], _ seen: inout Set<Int>) -> Bool {
    if DynamicEffect.mayDefine(tokens, in: bytes) { return true }
    for index in tokens.indices.dropLast() where bytes.isPunctuation(tokens[index + 1], "(") {
      guard tokens[index].kind == .word || tokens[index].kind == .quotedName else { continue }
      let isQualified = index >= 2 && bytes.isPunctuation(tokens[index - 1], ".")
      let parts = (isQualified ? [bytes.name(tokens[index - 2])] : []) + [bytes.name(tokens[index])]
      guard let slot = existingFunction(parts, types: nil), seen.insert(slot).inserted,
        let body = state.functions[slot]?.body?.source
      else { continue }
      if mayDefine(SQLLexer.tokens(of: body.bytes), in: body.bytes, &seen) { return true }
    }
    return false
  }

  private func value(_ range: Range<Int>, in body: MappedText, _ frame: Frame) -> Datum? {
    Evaluator.value(of: range, in: body, self, frame.variables, commands: frame.commands)
  }

  private mutating func run(_ steps: [PLpgSQLBody.Step], of body: MappedText, _ frame: inout Frame) -> Flow {
    guard depth < Replay.depthLimit else { return .end }
    depth += 1
    defer { depth -= 1 }
    for step in steps {
      let flow = run(step, of: body, &frame)
      if flow != .next { return flow }
    }
    return .next
  }

  private mutating func run(_ step: PLpgSQLBody.Step, of body: MappedText, _ frame: inout Frame) -> Flow {
    steps += 1
    guard !isAtLimit else { return .end }
    switch step.kind {
    case .sql where !step.targets.isEmpty: fill(step, of: body, &frame)
    case .sql, .perform, .call:
      guard let query = step.query else {
        noteDynamic(step, in: body)
        return .next
      }
      run(sql: query, isCall: !step.isPlainSQL, in: body, frame)
    case .execute:
      guard let query = step.query, case .text(let value)? = value(query, in: body, frame),
        budget.spend(4 * value.bytes.count)
      else {
        noteDynamic(step, in: body)
        return .next
      }
      for target in step.targets { frame.variables[target] = nil }
      for statement in StatementSplitter.split(value) { run(statement, in: value, condition: frame.condition) }
    case .block(let steps):
      let flow = run(steps, of: body, &frame)
      return flow == .failure && step.catchesErrors ? .next : flow
    case .branch(let branches):
      return run(branches, of: body, &frame)
    case .forEach(let variable, let steps):
      guard let query = step.query, case .list(let values)? = value(query, in: body, frame) else {
        return perhaps(step, steps, variables: [variable], of: body, &frame)
      }
      return repeated(values.map { [variable: $0] }, steps, of: body, &frame)
    case .loop(let steps):
      return loop(step, steps, of: body, &frame)
    case .assignment(let variable):
      assign(variable, step, of: body, &frame)
    case .other:
      switch step.name {
      case "return": return .end
      case "exit": return leave(step, of: body, &frame)
      default: return step.isFatal ? .failure : .next
      }
    }
    return .next
  }

  private func assign(_ variable: String, _ step: PLpgSQLBody.Step, of body: MappedText, _ frame: inout Frame) {
    guard let query = step.query else {
      frame.variables[variable] = nil
      return
    }
    // The expression is `variable := value`.
    let tokens = SQLLexer.tokens(of: body.bytes, query)
    let sign = tokens.firstIndex { $0.kind == .operator && [":=", "="].contains(body.bytes.text($0)) }
    let start = sign.map { tokens[$0].upper } ?? query.lowerBound
    let value = value(start..<query.upperBound, in: body, frame)
    guard let dot = variable.firstIndex(of: "."), frame.variables[variable] == nil else {
      frame.variables[variable] = value
      return
    }
    // A field of a record.
    let record = String(variable[..<dot])
    guard case .row(var row)? = frame.variables[record],
      let position = row.names.firstIndex(of: String(variable[variable.index(after: dot)...]))
    else {
      frame.variables[record] = nil
      return
    }
    row.values[position] = value
    frame.variables[record] = .row(row)
  }

  /// SELECT … INTO, from the first row.
  private mutating func fill(_ step: PLpgSQLBody.Step, of body: MappedText, _ frame: inout Frame) {
    let place = step.query ?? step.place
    if let query = step.query, !step.queryText.isEmpty {
      // Functions that the query calls run all the same.
      run(sql: query, isCall: true, in: body, frame)
    }
    let rows = Evaluator.rows(
      of: Array(step.queryText.utf8), in: body, base: place.lowerBound, self, frame.variables, commands: frame.commands)
    assign(rows.map { $0.first }, to: step.targets, &frame)
    frame.variables["found"] = rows.map { .bool(!$0.isEmpty) }
  }

  /// nil: not known; an inner nil: no row.
  private func assign(_ row: Datum.Row??, to targets: [String], _ frame: inout Frame) {
    if targets.count == 1, frame.records.contains(targets[0]) {
      frame.variables[targets[0]] = row.map { row in row.map { .row($0) } ?? .null }
      return
    }
    for (index, target) in targets.enumerated() {
      guard let row else {
        frame.variables[target] = nil
        continue
      }
      frame.variables[target] = row.map { $0.values.indices.contains(index) ? $0.values[index] : nil } ?? .null
    }
  }

  private mutating func loop(
    _ step: PLpgSQLBody.Step, _ steps: [PLpgSQLBody.Step], of body: MappedText, _ frame: inout Frame
  ) -> Flow {
    switch step.name {
    case "fori":
      guard step.bounds.count == 2, case .number(let lower)? = value(step.bounds[0], in: body, frame),
        case .number(let upper)? = value(step.bounds[1], in: body, frame), let variable = step.targets.first
      else { break }
      let (first, last) = step.isReverse ? (upper, lower) : (lower, upper)
      guard first <= last else { return .next }
      guard !last.subtractingReportingOverflow(first).overflow, last - first < 1_000 else { break }
      let numbers = Array(first...last)
      return repeated(
        (step.isReverse ? numbers.reversed() : numbers).map { [variable: .number($0)] }, steps, of: body, &frame)
    case "fors":
      guard let query = step.query,
        let rows = Evaluator.rows(
          of: Array(body.bytes[query]), in: body, base: query.lowerBound, self, frame.variables,
          commands: frame.commands)
      else { break }
      return repeated(rows, targets: step.targets, steps, of: body, &frame)
    case "while", "loop":
      return repeated(step, while: step.name == "while" ? step.query : nil, steps, of: body, &frame)
    case "dynfors":
      guard let query = step.query, case .text(let text)? = value(query, in: body, frame),
        let rows = Evaluator.rows(of: text.bytes, in: text, base: 0, self, frame.variables, commands: frame.commands)
      else { break }
      return repeated(rows, targets: step.targets, steps, of: body, &frame)
    default: break
    }
    return perhaps(step, steps, variables: step.targets, of: body, &frame)
  }

  /// A loop over what only a server can tell: its statements run perhaps, and what they build from its variables is not
  /// known. What they only read or write of rows changes no definition.
  private mutating func perhaps(
    _ step: PLpgSQLBody.Step, _ steps: [PLpgSQLBody.Step], variables: [String], of body: MappedText,
    _ frame: inout Frame
  ) -> Flow {
    for variable in variables + Replay.assigned(steps) + ["found"] { frame.variables[variable] = nil }
    let place = step.query ?? step.place
    let reason = Reason(
      .sql, "it depends on the rows of '\(shortened(body, place))', which only a server can tell", at: body.span(place))
    return run(steps, of: body, under: reason, &frame)
  }

  private mutating func repeated(
    _ rows: [Datum.Row], targets: [String], _ steps: [PLpgSQLBody.Step], of body: MappedText, _ frame: inout Frame
  ) -> Flow {
    for row in rows {
      assign(row, to: targets, &frame)
      switch run(steps, of: body, &frame) {
      case .next, .repetition: continue
      case .exit: return .next
      case .end: return .end
      case .failure: return .failure
      }
    }
    return .next
  }

  private mutating func repeated(
    _ values: [[String: Datum]], _ steps: [PLpgSQLBody.Step], of body: MappedText, _ frame: inout Frame
  ) -> Flow {
    for value in values {
      frame.variables.merge(value) { $1 }
      switch run(steps, of: body, &frame) {
      case .next, .repetition: continue
      case .exit: return .next
      case .end: return .end
      case .failure: return .failure
      }
    }
    return .next
  }

  /// EXIT and CONTINUE; where their condition cannot be told, what follows runs perhaps.
  private func leave(_ step: PLpgSQLBody.Step, of body: MappedText, _ frame: inout Frame) -> Flow {
    let flow: Flow = step.isContinue ? .repetition : .exit
    guard step.isConditional else { return flow }
    guard let condition = step.query else { return .next }
    switch value(condition, in: body, frame) {
    case .bool(true)?: return flow
    case .bool(false)?, .null?: return .next
    default:
      frame.condition = Reason(
        .sql, "it depends on the condition '\(shortened(body, condition))', which only a server can tell",
        at: body.span(condition))
      return .next
    }
  }

  /// WHILE and LOOP, as long as the condition can be told; a LOOP ends at its EXIT.
  private mutating func repeated(
    _ step: PLpgSQLBody.Step, while condition: Range<Int>?, _ steps: [PLpgSQLBody.Step], of body: MappedText,
    _ frame: inout Frame
  ) -> Flow {
    for _ in 0..<1_000 {
      if step.name == "while" {
        guard let condition else { break }
        switch value(condition, in: body, frame) {
        case .bool(true)?: break
        case .bool(false)?, .null?: return .next
        default: return perhaps(step, steps, variables: [], of: body, &frame)
        }
      }
      switch run(steps, of: body, &frame) {
      case .next, .repetition: continue
      case .exit: return .next
      case .end: return .end
      case .failure: return .failure
      }
    }
    // What never ends here ends by something that cannot be told.
    noteDynamic(step, in: body)
    return .next
  }

  private mutating func run(sql query: Range<Int>, isCall: Bool, in body: MappedText, _ frame: Frame) {
    guard budget.spend(query.count) else { return }
    let tokens = SQLLexer.tokens(of: body.bytes, query)
    guard !tokens.isEmpty else { return }
    let statement = Statement(range: query, tokens: tokens, leadingComments: [], innerComments: [])
    let isSelect = body.bytes.isKeyword(tokens[0], "select")
    if isCall || isSelect {
      // SELECT … INTO fills a variable here, and makes no table.
      var context = StatementContext(body, statement)
      context.condition = frame.condition
      noteCalls(in: context, frame)
    } else {
      run(statement, in: body, condition: frame.condition)
    }
  }

  /// Takes the branch whose condition holds; where that cannot be told, all of them under a condition.
  private mutating func run(
    _ branches: [(condition: Range<Int>?, steps: [PLpgSQLBody.Step])], of body: MappedText, _ frame: inout Frame
  ) -> Flow {
    var condition: Reason?
    // A branch that may be taken and leaves what is around it: what stands behind runs perhaps.
    var mayLeave = false
    func after(_ flow: Flow, _ frame: inout Frame) -> Flow {
      guard let condition else { return flow }
      if mayLeave || (flow != .next && flow != .failure) { frame.condition = frame.condition ?? condition }
      return .next
    }
    for branch in branches {
      guard let question = branch.condition else {
        return after(run(branch.steps, of: body, under: condition, &frame), &frame)
      }
      var answer: Bool?
      switch value(question, in: body, frame) {
      case .bool(let value)?: answer = value
      case .null?: answer = false
      default: answer = CatalogueQuestion.answer(question, in: body, state)
      }
      switch answer {
      case true?: return after(run(branch.steps, of: body, under: condition, &frame), &frame)
      case false?: continue
      case nil:
        condition = Reason(
          .sql, "it depends on the condition '\(shortened(body, question))', which only a server can tell",
          at: body.span(question))
        let flow = run(branch.steps, of: body, under: condition, &frame)
        mayLeave = mayLeave || (flow != .next && flow != .failure)
      }
    }
    return after(.next, &frame)
  }

  /// What runs only perhaps leaves its variables unknown.
  private mutating func run(
    _ steps: [PLpgSQLBody.Step], of body: MappedText, under condition: Reason?, _ frame: inout Frame
  ) -> Flow {
    guard let condition else { return run(steps, of: body, &frame) }
    var inner = frame
    inner.condition = condition
    let flow = run(steps, of: body, &inner)
    for variable in Replay.assigned(steps) {
      frame.variables[variable] = nil
      if let dot = variable.firstIndex(of: ".") { frame.variables[String(variable[..<dot])] = nil }
    }
    return flow
  }

  private static func assigned(_ steps: [PLpgSQLBody.Step]) -> [String] {
    steps.flatMap { step -> [String] in
      switch step.kind {
      case .assignment(let variable): return [variable]
      case .block(let inner), .loop(let inner), .forEach(_, let inner): return step.targets + assigned(inner)
      case .branch(let branches): return branches.flatMap { assigned($0.steps) }
      default: return step.targets
      }
    }
  }

  // MARK: What cannot be evaluated

  private mutating func noteDynamic(_ step: PLpgSQLBody.Step, in body: MappedText) {
    let tokens = SQLLexer.tokens(of: body.bytes, step.place)
    guard case .execute = step.kind else {
      // A loop over rows matters only where it defines something.
      guard mayDefine(tokens, in: body.bytes) else { return }
      return noteDynamic(tokens, in: body, at: body.span(step.place))
    }
    let expression = step.query.map { SQLLexer.tokens(of: body.bytes, $0) } ?? []
    let words = DynamicEffect.leadingWords(of: expression, in: body.bytes)
    switch DynamicEffect.subject(of: words) {
    case .nothing: return
    case .others: noteDynamic(tokens, in: body, at: body.span(step.place), changing: [], words)
    case .newTable: noteDynamic(tokens, in: body, at: body.span(step.place), changing: [])
    case .anything: noteDynamic(tokens, in: body, at: body.span(step.place))
    }
  }

  /// Records SQL that could not be evaluated, and marks what it could change of the tables that exist now.
  /// Without aspects given, the words tell them.
  mutating func noteDynamic(
    _ tokens: [SQLToken], in body: MappedText, at span: Span, changing known: [Aspect]? = nil, _ leading: [String] = []
  ) {
    // A thousand say no more than a hundred, and each marks every table.
    guard state.catalogue.dynamicSQL.count < 1_000 else { return }
    let bytes = body.bytes
    let words = DynamicEffect.namedAspects(of: tokens, in: bytes)
    // The statement's text may come from a variable filled elsewhere in the body.
    let wider = words.isEmpty ? DynamicEffect.namedAspects(of: SQLLexer.tokens(of: bytes), in: bytes) : words
    let aspects = known ?? (wider.isEmpty ? Aspect.allCases : wider)
    let text = tokens.isEmpty ? "" : shortened(body, tokens[0].lower..<tokens[tokens.count - 1].upper)
    let mayCreate = DynamicEffect.mayCreateTables(tokens, in: bytes)
    state.catalogue.dynamicSQL.append(
      DynamicSQL(
        origin: Origin(span, path: "dynamic SQL", kind: .statement), text: text, words: leading, aspects: aspects,
        mayCreateTables: mayCreate))
    let reason = Reason(.sql, "dynamic SQL ('\(text)') may change it", at: span, cure: "write the statement out")
    let disables = tokens.isEmpty || bytes[tokens[0].lower..<tokens[tokens.count - 1].upper].containsWord("disable")
    doubtTables(reason, aspects, includingEnabled: disables)
    if mayCreate {
      let unknown = Unknown(Reason(.sql, "dynamic SQL ('\(text)') may create tables", at: span))
      state.catalogue.moreTables = state.catalogue.moreTables?.union(unknown) ?? unknown
    }
  }

  /// Marks what could have changed of the tables that exist now.
  mutating func doubtTables(_ reason: Reason, _ aspects: [Aspect], includingEnabled: Bool = true) {
    for slot in eventTriggerTable.map({ $0..<$0 + 1 }) ?? state.tables.indices where state.tables[slot] != nil {
      state.tables[slot]?.uncertainty.add(reason, to: aspects.filter { $0 != .rowSecurity && $0 != .owner })
      if aspects.contains(.rowSecurity) {
        addRowSecurityUncertainty(reason, to: slot, includingEnabled: includingEnabled)
      }
      if aspects.contains(.owner) { state.tables[slot]?.owner.doubt(reason) }
    }
  }

  /// ENABLE in a text that nowhere says DISABLE leaves alone what is enabled already.
  private mutating func addRowSecurityUncertainty(_ reason: Reason, to slot: Int, includingEnabled: Bool) {
    guard let table = state.tables[slot] else { return }
    if includingEnabled || !table.rowSecurity.value { state.tables[slot]?.rowSecurity.doubt(reason) }
    if includingEnabled || !table.forceRowSecurity.value {
      state.tables[slot]?.forceRowSecurity.doubt(reason)
    }
  }

  private func shortened(_ body: MappedText, _ range: Range<Int>) -> String {
    let words = body.bytes.text(range).split { $0 == " " || $0 == "\n" || $0 == "\t" || $0 == "\r" || $0 == "\r\n" }
    let line = words.prefix(24).joined(separator: " ")
    return line.count > 80 ? line.prefix(79) + "…" : line
  }
}

extension PLpgSQLBody.Step {
  fileprivate var isPlainSQL: Bool {
    if case .sql = kind { true } else { false }
  }
}

extension ArraySlice<UInt8> {
  /// Whether an ASCII word in lower case occurs, in any case of letters.
  fileprivate func containsWord(_ word: StaticString) -> Bool {
    let count = word.utf8CodeUnitCount
    guard self.count >= count else { return false }
    return (startIndex...endIndex - count).contains { start in
      (0..<count).allSatisfy { self[start + $0] | 0x20 == word.utf8Start[$0] }
    }
  }
}
