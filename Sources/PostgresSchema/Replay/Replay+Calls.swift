import SourceText
import Values

extension Replay {
  mutating func noteCalls(in context: StatementContext) { noteCalls(in: context, Frame(condition: context.condition)) }

  /// Functions that a SELECT, PERFORM or CALL runs: the project's own are run with their constant arguments.
  mutating func noteCalls(in context: StatementContext, _ frame: Frame) {
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
      } else if let slot = callee(parts, arguments, context) {
        call(slot, arguments, context, frame)
      } else {
        _ = callDeclared(parts, arguments, at: index, context, frame)
      }
    }
  }

  /// The function of a name that takes a number of arguments, defaults counted.
  private func callee(_ parts: [String], _ arguments: [Range<Int>], _ context: StatementContext) -> Int? {
    let count = arguments.count
    let name = parts.last ?? ""
    for schema in parts.count > 1 ? [parts[parts.count - 2]] : session.searchPath {
      let slots = (state.functionsByName[QualifiedName(schema, name)] ?? []).filter {
        state.functions[$0].map { !$0.isAssumed } ?? false
      }
      let fitting = slots.filter { slot in
        guard let function = state.functions[slot] else { return false }
        let required = function.parameters.filter { ($0.mode == .in || $0.mode == .inOut) && !$0.hasDefault }.count
        return required <= count && count <= function.argumentTypes.count
      }
      let best = fitting.count < 2 ? nil : fitting.first { takes(arguments, context, $0) }
      if let found = best ?? fitting.first ?? slots.first { return found }
    }
    return nil
  }

  /// Whether the arguments' kinds are those of a function's parameters, as far as constants tell: one of several
  /// functions of a name is the one that is meant.
  private func takes(_ arguments: [Range<Int>], _ context: StatementContext, _ slot: Int) -> Bool {
    let types = state.functions[slot]?.argumentTypes ?? []
    return zip(arguments, types).allSatisfy { element, type in
      guard let first = context.tokens[element].first else { return true }
      let isArray = type.hasSuffix("[]")
      switch first.kind {
      case .word where context.bytes.isKeyword(first, "array"): return isArray
      case .word where ["true", "false"].contains(context.bytes.folded(first)): return type == "boolean"
      case .number: return ["integer", "bigint", "smallint", "numeric", "real", "double precision"].contains(type)
      case .string where element.count == 1:
        return !isArray || StringLiteral.decoded(first, of: context.text)?.string.hasPrefix("{") ?? true
      default:
        // `'{a,b}'::text[]`
        let tokens = context.tokens[element]
        let isCast = tokens.contains { $0.kind == .operator && context.bytes.text($0) == "::" }
        return !isCast || isArray == (tokens.last.map { context.bytes.isPunctuation($0, "]") } ?? false)
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
    _ slot: Int, _ arguments: [Range<Int>], _ context: StatementContext, _ frame: Frame
  ) {
    guard let function = state.functions[slot], let body = function.body?.source else { return }
    let tokens = SQLLexer.tokens(of: body.bytes)
    let aspects = DynamicEffect.namedAspects(of: tokens, in: body.bytes)
    let executes = tokens.contains { body.bytes.isKeyword($0, "execute") || body.bytes.isKeyword($0, "perform") }
    guard executes || !aspects.isEmpty || function.language == "sql" else { return }
    guard depth < Replay.depthLimit else { return noteDynamic(tokens, in: body, at: context.span) }
    let bound = bind(arguments, to: function, context, frame)
    guard function.language != "sql" else {
      runBody(body, Frame(condition: frame.condition, variables: bound, commands: frame.commands))
      return
    }
    guard function.language == "plpgsql" else { return }
    guard let parsed = state.catalogue.bodies.body(body, header: function.header) else {
      return noteDynamic(tokens, in: body, at: context.span)
    }
    run(parsed, Frame(condition: frame.condition, variables: bound, commands: frame.commands))
  }

  /// The statements of a function in language SQL.
  private mutating func runBody(_ body: MappedText, _ frame: Frame) {
    depth += 1
    defer { depth -= 1 }
    for statement in StatementSplitter.split(body) {
      steps += 1
      guard !isAtLimit else { return noteUnfinished(body) }
      guard let first = statement.tokens.first, body.bytes.isKeyword(first, "select") else {
        run(statement, in: body, condition: frame.condition)
        continue
      }
      var context = StatementContext(body, statement)
      context.condition = frame.condition
      noteCalls(in: context, frame)
    }
  }

  /// Parameters with the values of their arguments: by position, by name, and by default.
  private func bind(
    _ arguments: [Range<Int>], to function: Function, _ context: StatementContext, _ frame: Frame
  ) -> [String: Datum] {
    var bound: [String: Datum] = [:]
    let parameters = function.parameters.filter { $0.mode != .out && $0.mode != .table }
    var given: Set<Int> = []
    for (position, element) in arguments.enumerated() where !element.isEmpty {
      let tokens = context.tokens[element]
      var index = position
      var start = tokens[element.lowerBound].lower
      if element.count > 2, ["=>", ":="].contains(context.bytes.text(tokens[element.lowerBound + 1])) {
        let name = context.bytes.name(tokens[element.lowerBound])
        guard let named = parameters.firstIndex(where: { $0.name == name }) else { continue }
        index = named
        start = tokens[element.lowerBound + 2].lower
      }
      guard index < parameters.count else { continue }
      given.insert(index)
      var value = Evaluator.value(
        of: start..<tokens[element.upperBound - 1].upper, in: context.text, self, frame.variables,
        commands: frame.commands)
      if parameters[index].type == "regclass", let string = value?.string { value = regclass(string, context) ?? value }
      if parameters[index].type == "boolean", let string = value?.string {
        value = .bool(["true", "t"].contains(string))
      }
      if parameters[index].type.hasSuffix("[]"), let string = value?.string, string.hasPrefix("{") {
        value = .list(string.dropFirst().dropLast().split(separator: ",").map { made(String($0), context) })
      }
      bound[parameters[index].name] = value
      bound["$\(index + 1)"] = value
    }
    for (index, parameter) in parameters.enumerated() where !given.contains(index) {
      guard let initial = parameter.defaultExpression?.source else { continue }
      let value = Evaluator.value(of: 0..<initial.bytes.count, in: initial, self, [:])
      bound[parameter.name] = value
      bound["$\(index + 1)"] = value
    }
    bound[""] = nil
    return bound
  }

  private func made(_ string: String, _ context: StatementContext) -> Datum {
    var text = MappedText(file: context.text.file)
    text.append(string.utf8, for: context.span.range)
    return .text(text)
  }

  /// A table's name as `regclass` prints it.
  private func regclass(_ string: String, _ context: StatementContext) -> Datum? {
    let bytes = Array(string.utf8)
    let parts = SQLLexer.tokens(of: bytes).filter { $0.kind == .word || $0.kind == .quotedName }.map { bytes.name($0) }
    switch resolve(parts) {
    case .table(let slot)?: return state.tables[slot].map { made($0.name.quoted, context) }
    case .view(let slot)?: return state.views[slot].map { made($0.name.quoted, context) }
    case .sequence?, nil: return nil
    }
  }

  // MARK: Event triggers

  /// Runs what an event trigger does when a table is created; false when its body cannot be followed.
  mutating func runEventTrigger(_ function: Int, onTable slot: Int, tag: String) -> Bool {
    guard let body = state.functions[function]?.body?.source, state.functions[function]?.language == "plpgsql",
      depth < Replay.depthLimit, eventTriggerTable == nil, let table = state.tables[slot],
      let header = state.functions[function]?.header, let parsed = state.catalogue.bodies.body(body, header: header)
    else { return false }
    func made(_ string: String) -> Datum {
      var text = MappedText(file: table.origin.span.file)
      text.append(string.utf8, for: table.origin.span.range)
      return .text(text)
    }
    let command = Datum.Row(
      names: ["objid", "object_type", "schema_name", "object_identity", "command_tag", "in_extension"],
      values: [
        made(table.name.quoted), made("table"), made(table.name.schema), made(table.name.quoted), made(tag),
        .bool(false),
      ])
    var frame = Frame(condition: nil)
    frame.commands = [command]
    frame.variables["tg_tag"] = made(tag)
    frame.variables["tg_event"] = made("ddl_command_end")
    eventTriggerTable = slot
    defer { eventTriggerTable = nil }
    let unresolved = state.catalogue.dynamicSQL.count
    run(parsed, frame)
    return state.catalogue.dynamicSQL.count == unresolved
  }
}
