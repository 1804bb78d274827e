import CPgQuery
import SourceText
import Values

extension Replay {
  /// Statements that statements may run in one replay: a bound on loops within helpers within loops.
  private static let stepLimit = 20_000
  private static let depthLimit = 8

  /// DO: its plain statements are replayed as if they stood at the top.
  mutating func runBlock(_ statement: PgQuery__DoStmt, _ context: StatementContext) {
    guard let token = context.tokens.first(where: { $0.kind == .string || $0.kind == .dollarString }),
      let body = StringLiteral.decoded(token, of: context.text)
    else { return }
    let language = context.firstToplevel("language").map {
      context.bytes.name(context.tokens[min($0 + 1, context.tokens.count - 1)])
    }
    guard language == nil || language == "plpgsql",
      let parsed = PLpgSQLBody(body, header: "CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS ")
    else {
      noteDynamic(SQLLexer.tokens(of: body.bytes), in: body, at: context.span)
      return
    }
    run(parsed.statements, of: body, Frame(condition: context.condition))
  }

  /// What a block's statements can see.
  private struct Frame {
    var condition: Reason?
    /// Variables with known values.
    var variables: [String: MappedText] = [:]
  }

  private mutating func run(_ steps: [PLpgSQLBody.Step], of body: MappedText, _ frame: Frame) {
    guard depth < Replay.depthLimit else { return }
    depth += 1
    defer { depth -= 1 }
    var frame = frame
    for step in steps { run(step, of: body, &frame) }
  }

  private mutating func run(_ step: PLpgSQLBody.Step, of body: MappedText, _ frame: inout Frame) {
    steps += 1
    guard steps < Replay.stepLimit else { return }
    switch step.kind {
    case .sql, .perform, .call:
      guard let query = step.query else { return noteDynamic(step, in: body) }
      run(sql: query, isCall: !step.isPlainSQL, in: body, frame)
    case .execute:
      guard let query = step.query,
        let value = ConstantText.value(of: query, in: body, variables: frame.variables)
      else { return noteDynamic(step, in: body) }
      for statement in StatementSplitter.split(value) { run(statement, in: value, condition: frame.condition) }
    case .block(let steps):
      run(steps, of: body, frame)
    case .branch(let branches):
      run(branches, of: body, frame, step)
    case .forEach(let variable, let steps):
      guard let query = step.query, let values = arrayElements(query, in: body, frame) else {
        return noteDynamic(step, in: body)
      }
      for value in values {
        var inner = frame
        inner.variables[variable] = value
        run(steps, of: body, inner)
      }
    case .loop:
      noteDynamic(step, in: body)
    case .assignment(let variable):
      guard let query = step.query else { return }
      // The expression is `variable := value`.
      let tokens = SQLLexer.tokens(of: body.bytes, query)
      let sign = tokens.firstIndex { $0.kind == .operator && [":=", "="].contains(body.bytes.text($0)) }
      let start = sign.map { tokens[$0].upper } ?? query.lowerBound
      frame.variables[variable] = ConstantText.value(of: start..<query.upperBound, in: body, variables: frame.variables)
    case .other: return
    }
  }

  private mutating func run(sql query: Range<Int>, isCall: Bool, in body: MappedText, _ frame: Frame) {
    let tokens = SQLLexer.tokens(of: body.bytes, query)
    guard !tokens.isEmpty else { return }
    let statement = Statement(range: query, tokens: tokens, leadingComments: [], innerComments: [])
    let isSelect = body.bytes.isKeyword(tokens[0], "select")
    if isCall || isSelect {
      // SELECT … INTO fills a variable here, and makes no table.
      var context = StatementContext(body, statement)
      context.condition = frame.condition
      noteCalls(in: context, variables: frame.variables)
    } else {
      run(statement, in: body, condition: frame.condition)
    }
  }

  /// Takes the branch whose condition holds by the catalogue; where that cannot be told, all of them under a condition.
  private mutating func run(
    _ branches: [(condition: Range<Int>?, steps: [PLpgSQLBody.Step])], of body: MappedText, _ frame: Frame,
    _ step: PLpgSQLBody.Step
  ) {
    var frame = frame
    for branch in branches {
      guard let condition = branch.condition else {
        run(branch.steps, of: body, frame)
        return
      }
      switch CatalogueQuestion.answer(condition, in: body, state) {
      case true?:
        run(branch.steps, of: body, frame)
        return
      case false?: continue
      case nil:
        frame.condition = Reason(
          .sql, "it depends on the condition '\(shortened(body, condition))', which only a server can tell",
          at: body.span(condition))
        run(branch.steps, of: body, frame)
      }
    }
  }

  /// The elements of `ARRAY['a', 'b']` (or `'{a,b}'`).
  private func arrayElements(_ query: Range<Int>, in body: MappedText, _ frame: Frame) -> [MappedText]? {
    let tokens = SQLLexer.tokens(of: body.bytes, query)
    guard let first = tokens.first, body.bytes.isKeyword(first, "array"), tokens.count > 2,
      body.bytes.isPunctuation(tokens[1], "[")
    else { return nil }
    var elements: [MappedText] = []
    var start = tokens[1].upper
    for token in tokens.dropFirst(2) {
      guard body.bytes.isPunctuation(token, ",") || body.bytes.isPunctuation(token, "]") else { continue }
      guard let value = ConstantText.value(of: start..<token.lower, in: body, variables: frame.variables) else {
        return nil
      }
      elements.append(value)
      start = token.upper
      if body.bytes.isPunctuation(token, "]") { return elements }
    }
    return nil
  }

  // MARK: What cannot be evaluated

  private mutating func noteDynamic(_ step: PLpgSQLBody.Step, in body: MappedText) {
    let tokens = SQLLexer.tokens(of: body.bytes, step.place)
    switch step.kind {
    case .execute: break
    default:
      // A loop over rows matters only where it defines something.
      guard
        !DynamicEffect.namedAspects(of: tokens, in: body.bytes).isEmpty
          || tokens.contains(where: { body.bytes.isKeyword($0, "execute") })
      else { return }
    }
    noteDynamic(tokens, in: body, at: body.span(step.place))
  }

  /// Records SQL that could not be evaluated, and marks what it could change of the tables that exist now.
  mutating func noteDynamic(_ tokens: [SQLToken], in body: MappedText, at span: Span) {
    // A thousand say no more than a hundred, and each marks every table.
    guard state.catalogue.dynamicSQL.count < 1_000 else { return }
    let bytes = body.bytes
    let words = DynamicEffect.namedAspects(of: tokens, in: bytes)
    // The statement's text may come from a variable filled elsewhere in the body.
    let wider = words.isEmpty ? DynamicEffect.namedAspects(of: SQLLexer.tokens(of: bytes), in: bytes) : words
    let aspects = wider.isEmpty ? Aspect.allCases : wider
    let text = tokens.isEmpty ? "" : shortened(body, tokens[0].lower..<tokens[tokens.count - 1].upper)
    let mayCreate = DynamicEffect.mayCreateTables(tokens, in: bytes)
    state.catalogue.dynamicSQL.append(
      DynamicSQL(
        origin: Origin(span, path: "dynamic SQL", kind: .statement), text: text, aspects: aspects,
        mayCreateTables: mayCreate))
    let reason = Reason(.sql, "dynamic SQL ('\(text)') may change it", at: span, cure: "write the statement out")
    let disables = tokens.isEmpty || bytes[tokens[0].lower..<tokens[tokens.count - 1].upper].containsWord("disable")
    for slot in state.tables.indices where state.tables[slot] != nil {
      state.tables[slot]?.uncertainty.add(reason, to: aspects.filter { $0 != .rowSecurity && $0 != .owner })
      if aspects.contains(.rowSecurity) { addRowSecurityUncertainty(reason, to: slot, includingEnabled: disables) }
      if aspects.contains(.owner) { state.tables[slot]?.owner.doubt(reason) }
    }
    if mayCreate {
      let unknown = Unknown(Reason(.sql, "dynamic SQL ('\(text)') may create tables", at: span))
      state.catalogue.moreTables = state.catalogue.moreTables?.union(unknown) ?? unknown
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

  // MARK: Calls

  mutating func noteCalls(in context: StatementContext) { noteCalls(in: context, variables: [:]) }

  /// Functions that a SELECT, PERFORM or CALL runs: the project's own are run with their constant arguments.
  private mutating func noteCalls(in context: StatementContext, variables: [String: MappedText]) {
    let bytes = context.bytes
    for index in context.tokens.indices.dropLast() {
      let token = context.tokens[index]
      guard token.kind == .word || token.kind == .quotedName, bytes.isPunctuation(context.tokens[index + 1], "(") else {
        continue
      }
      var parts = [bytes.name(token)]
      if index >= 2, bytes.isPunctuation(context.tokens[index - 1], ".") {
        parts.insert(bytes.name(context.tokens[index - 2]), at: 0)
      }
      let arguments = context.elements(inBracketsAt: index + 1)
      if parts.last == "set_config" {
        setConfiguration(arguments, context)
      } else if let slot = existingFunction(parts, types: nil), state.functions[slot]?.isAssumed == false {
        call(slot, arguments, context, variables)
      } else {
        _ = callKnownFunction(parts.joined(separator: "."), arguments, context)
      }
    }
  }

  /// `SELECT pg_catalog.set_config('search_path', '', false)`, which every dump starts with.
  private mutating func setConfiguration(_ arguments: [Range<Int>], _ context: StatementContext) {
    let values = arguments.prefix(2).map { element in
      context.tokens[element].first.flatMap { StringLiteral.decoded($0, of: context.text)?.string }
    }
    guard values.count == 2, values[0] == "search_path", let path = values[1] else { return }
    setSearchPath(path.split(separator: ",").map { String($0.filter { $0 != " " && $0 != "\"" }) })
  }

  private mutating func call(
    _ slot: Int, _ arguments: [Range<Int>], _ context: StatementContext, _ variables: [String: MappedText]
  ) {
    guard let function = state.functions[slot], function.language == "plpgsql", let body = function.body?.source,
      depth < Replay.depthLimit
    else { return }
    let tokens = SQLLexer.tokens(of: body.bytes)
    let aspects = DynamicEffect.namedAspects(of: tokens, in: body.bytes)
    let executes = tokens.contains { body.bytes.isKeyword($0, "execute") }
    guard executes || !aspects.isEmpty else { return }
    guard let parsed = PLpgSQLBody(body, header: function.header) else {
      return noteDynamic(tokens, in: body, at: context.span)
    }
    var frame = Frame(condition: context.condition)
    for (position, element) in arguments.enumerated() where position < function.argumentNames.count {
      let range = context.tokens[element.lowerBound].lower..<context.tokens[element.upperBound - 1].upper
      frame.variables[function.argumentNames[position]] = ConstantText.value(
        of: range, in: context.text, variables: variables)
    }
    run(parsed.statements, of: body, frame)
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
