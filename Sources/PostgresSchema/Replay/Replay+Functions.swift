import CPgQuery
import SourceText
import Values

extension Replay {
  mutating func createFunction(_ statement: PgQuery__CreateFunctionStmt, _ context: StatementContext) {
    let name = qualified(nodes(statement.n_funcname, statement.funcname).compactMap(\.string))
    let isProcedure = statement.is_procedure != 0
    var types: [String] = []
    var names: [String] = []
    let parameters = self.parameters(of: statement, context)
    for node in nodes(statement.n_parameters, statement.parameters) {
      guard let parameter = node.functionParameter?.pointee else { continue }
      switch parameter.mode {
      case PG_QUERY__FUNCTION_PARAMETER_MODE__FUNC_PARAM_OUT, PG_QUERY__FUNCTION_PARAMETER_MODE__FUNC_PARAM_TABLE:
        continue
      default:
        types.append(parameter.arg_type?.pointee.formatted ?? "")
        names.append(text(parameter.name))
      }
    }
    let span = context.nameSpan(after: isProcedure ? "procedure" : "function")
    let origin = Origin(span, path: name.description, kind: .function)
    var function = Function(
      name: name, argumentTypes: types, argumentNames: names, isProcedure: isProcedure,
      returnType: statement.return_type.map { ($0.pointee.setof != 0 ? "SETOF " : "") + $0.pointee.formatted },
      language: "sql", isSecurityDefiner: Fact(false, at: origin), volatility: "VOLATILE", isLeakProof: false,
      settings: [:], body: body(of: statement, context), origin: origin, statement: context.span,
      owner: Fact(session.role, at: origin))
    function.parameters = parameters
    for node in nodes(statement.n_options, statement.options) {
      guard let option = node.defElem?.pointee else { continue }
      if text(option.defname) == "language" {
        function.language = option.arg?.string?.lowercased() ?? "sql"
      } else {
        set(option, on: &function, context)
      }
    }
    function.grants = [
      Grant(grantee: nil, privilege: "EXECUTE", column: nil, hasGrantOption: false, origin: origin, isImplicit: true)
    ]
    if let slot = state.functionsByName[name]?.first(where: { state.functions[$0]?.argumentTypes == types }) {
      // OR REPLACE keeps owner and grants; what was only assumed is now there.
      guard statement.replace != 0 || state.functions[slot]?.isAssumed == true else { return }
      if let old = state.functions[slot], !old.isAssumed {
        function.owner = old.owner
        function.grants = old.grants
        function.ownerRevocations = old.ownerRevocations
        function.ownerGrantOptions = old.ownerGrantOptions
        function.hasPrivilegeList = old.hasPrivilegeList
        function.comment = old.comment
      }
      state.functions[slot] = function
      return
    }
    state.functions.append(function)
    state.functionsByName[name, default: []].append(state.functions.count - 1)
    applyDefaultPrivileges(toFunction: state.functions.count - 1)
  }

  private func parameters(
    of statement: PgQuery__CreateFunctionStmt, _ context: StatementContext
  ) -> [Function.Parameter] {
    nodes(statement.n_parameters, statement.parameters).compactMap { node in
      guard let parameter = node.functionParameter?.pointee else { return nil }
      let mode: Function.Parameter.Mode =
        switch parameter.mode {
        case PG_QUERY__FUNCTION_PARAMETER_MODE__FUNC_PARAM_OUT: .out
        case PG_QUERY__FUNCTION_PARAMETER_MODE__FUNC_PARAM_INOUT: .inOut
        case PG_QUERY__FUNCTION_PARAMETER_MODE__FUNC_PARAM_VARIADIC: .variadic
        case PG_QUERY__FUNCTION_PARAMETER_MODE__FUNC_PARAM_TABLE: .table
        default: .in
        }
      var result = Function.Parameter(
        name: text(parameter.name), type: parameter.arg_type?.pointee.formatted ?? "", mode: mode,
        hasDefault: parameter.defexpr != nil)
      if parameter.defexpr != nil, let type = parameter.arg_type?.pointee,
        let element = context.element(at: type.location),
        let sign = element.first(where: {
          context.bytes.isKeyword(context.tokens[$0], "default") || context.bytes.text(context.tokens[$0]) == "="
        })
      {
        result.defaultExpression = context.expression(tokens: sign + 1..<element.upperBound)
      }
      return result
    }
  }

  /// The string behind AS, decoded; for an SQL-standard body its own text.
  private func body(of statement: PgQuery__CreateFunctionStmt, _ context: StatementContext) -> SQLExpression? {
    if statement.sql_body != nil {
      let start = context.firstToplevel("begin") ?? context.firstToplevel("return")
      return start.flatMap { context.expression(tokens: $0..<context.tokens.count) }
    }
    guard var index = context.firstToplevel("as") else { return nil }
    index += 1
    guard index < context.tokens.count else { return nil }
    return StringLiteral.decoded(context.tokens[index], of: context.text).map { SQLExpression($0) }
  }

  mutating func alterFunction(_ statement: PgQuery__AlterFunctionStmt, _ context: StatementContext) {
    guard let object = statement.func?.pointee, let slot = existingFunction(object),
      var function = state.functions[slot]
    else { return }
    for node in nodes(statement.n_actions, statement.actions) {
      if let option = node.defElem?.pointee { set(option, on: &function, context) }
    }
    state.functions[slot] = function
  }

  private func set(_ option: PgQuery__DefElem, on function: inout Function, _ context: StatementContext) {
    switch text(option.defname) {
    case "security":
      let place = context.token(at: option.location).map {
        context.span(ofTokens: $0..<min($0 + 2, context.tokens.count))
      }
      let origin = Origin(place ?? context.span, path: function.name.description, kind: .function)
      function.isSecurityDefiner = Fact(option.arg?.boolean ?? false, at: origin)
    case "volatility": function.volatility = option.arg?.string?.uppercased() ?? "VOLATILE"
    case "strict": function.isStrict = option.arg?.boolean ?? true
    case "leakproof": function.isLeakProof = option.arg?.boolean ?? true
    case "set":
      guard let set = option.arg?.variableSetStmt?.pointee else { return }
      let name = text(set.name).lowercased()
      switch set.kind {
      case PG_QUERY__VARIABLE_SET_KIND__VAR_SET_VALUE:
        function.settings[name] = nodes(set.n_args, set.args).compactMap(\.constant).joined(separator: ", ")
      case PG_QUERY__VARIABLE_SET_KIND__VAR_RESET_ALL: function.settings.removeAll()
      case PG_QUERY__VARIABLE_SET_KIND__VAR_SET_CURRENT:
        function.settings[name] = name == "search_path" ? session.searchPath.joined(separator: ", ") : ""
      default: function.settings[name] = nil
      }
    default: break
    }
  }

  /// The slot of the function that a name with argument types means; by name alone where types are not given.
  func existingFunction(_ object: PgQuery__ObjectWithArgs) -> Int? {
    let parts = nodes(object.n_objname, object.objname).compactMap(\.string)
    let types = nodes(object.n_objargs, object.objargs).map { $0.typeName?.pointee.formatted ?? "" }
    return existingFunction(parts, types: object.args_unspecified != 0 ? nil : types)
  }

  func existingFunction(_ parts: [String], types: [String]?) -> Int? {
    let name = parts.last ?? ""
    let schemas = parts.count > 1 ? [parts[parts.count - 2]] : session.searchPath
    for schema in schemas {
      let slots = (state.functionsByName[QualifiedName(schema, name)] ?? []).filter { state.functions[$0] != nil }
      if let types, let exact = slots.first(where: { state.functions[$0]?.argumentTypes == types }) { return exact }
      // Types can be spelled in ways that only a server tells apart; one candidate is the one.
      if slots.count == 1 || types == nil, let first = slots.first { return first }
    }
    return nil
  }

  /// Trigger functions that every server has (`pg_proc.dat`).
  static func isBuiltInTrigger(_ name: String) -> Bool {
    ["tsvector_update_trigger", "tsvector_update_trigger_column", "suppress_redundant_updates_trigger"].contains(name)
  }

  /// The slot of a trigger's function; a missing one is assumed.
  mutating func function(
    _ parts: [String], arguments: [String], at span: Span, _ context: StatementContext
  ) -> Int? {
    if let slot = existingFunction(parts, types: arguments) { return slot }
    if parts.count == 1, Replay.isBuiltInTrigger(parts[0]) { return nil }
    let name = qualified(parts)
    guard !Replay.isSystemSchema(name.schema) else { return nil }
    let origin = Origin(span, path: name.description, kind: .function)
    var function = Function(
      name: name, argumentTypes: arguments, argumentNames: [], isProcedure: false, returnType: "trigger",
      language: "", isSecurityDefiner: Fact(false, at: origin), volatility: "VOLATILE", isLeakProof: false,
      settings: [:], body: nil, origin: origin, statement: context.span, owner: Fact(nil, at: origin))
    function.isAssumed = true
    function.uncertainty.add(
      Reason(
        .sql, "no SQL given creates function '\(name)'", at: span,
        cure: "include the SQL that creates it, or correct the name"),
      to: Aspect.allCases)
    state.functions.append(function)
    state.functionsByName[name, default: []].append(state.functions.count - 1)
    return state.functions.count - 1
  }
}
