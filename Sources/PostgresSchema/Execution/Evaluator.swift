import CPgQuery
import SourceText
import Values

/// Evaluates the expressions and queries that dynamic SQL is made of: over constants, variables and the catalogue as
/// replayed so far. nil stands for what only a server can tell.
struct Evaluator {
  /// nil where the catalogue is not known: then only constants and variables are.
  let replay: Replay?
  var variables: [String: Datum]
  /// The text that locations of the parsed nodes count into.
  let text: MappedText
  /// Where the parsed text starts in ``text``; negative where something stands in front of it that the text lacks.
  let base: Int
  /// Rows of `pg_event_trigger_ddl_commands()` where an event trigger runs.
  var commands: [Datum.Row] = []
  var depth = 0
  /// How many of the project's functions call each other around the query at hand.
  var callDepth = 0
  let budget: EvaluationBudget
  /// The tables of WITH clauses around the query at hand.
  var commonTables: [String: [Datum.Row]] = [:]
  /// The rows that aggregates are about, where there are groups.
  var group: [[Source]]?
  /// The only relation that the query at hand asks the catalogue about; nil where it asks about more.
  var relationName: String?

  private static let depthLimit = 60
  /// Rows of a result, and elements of an array.
  static let rowLimit = 5_000

  /// The value of an expression that stands in a text.
  static func value(
    of range: Range<Int>, in text: MappedText, _ replay: Replay?, _ variables: [String: Datum],
    commands: [Datum.Row] = []
  ) -> Datum? {
    rows(
      of: Array("SELECT ".utf8) + text.bytes[range.clamped(to: 0..<text.bytes.count)], in: text,
      base: range.lowerBound - 7, replay, variables, commands: commands)?.first?.values.first ?? nil
  }

  /// The rows of a query. Its bytes may differ from the text's, not its length.
  static func rows(
    of query: [UInt8], in text: MappedText, base: Int, _ replay: Replay?, _ variables: [String: Datum],
    commands: [Datum.Row] = [], callDepth: Int = 0
  ) -> [Datum.Row]? {
    // Without a replay constants are all there is.
    let budget = replay?.budget ?? EvaluationBudget(units: 2_000_000)
    guard budget.spend(query.count) else { return nil }
    let tokens = SQLLexer.tokens(of: query)
    guard ParsingLimits.standard.excess(of: tokens[...], in: query) == nil,
      case .success(let tree) = SyntaxTree.parse(query),
      tree.statement.pointee.node_case == PG_QUERY__NODE__NODE_SELECT_STMT,
      let select = tree.statement.pointee.select_stmt
    else { return nil }
    var evaluator = Evaluator(replay: replay, variables: variables, text: text, base: base, budget: budget)
    evaluator.commands = commands
    evaluator.callDepth = callDepth
    return evaluator.rows(select.pointee, outer: [])
  }

  // MARK: Values

  /// What a name can mean within a query: the columns of one source.
  struct Source {
    let alias: String
    var row: Datum.Row
  }

  func value(_ node: Node?, _ scope: [Source]) -> Datum? {
    guard let node, depth < Evaluator.depthLimit, budget.spend(16) else { return nil }
    var deeper = self
    deeper.depth += 1
    guard let value = deeper.evaluate(node, scope) else { return nil }
    switch value {
    case .text(let text):
      return text.bytes.count <= EvaluationBudget.textLimit && budget.spend(text.bytes.count / 8) ? value : nil
    case .list(let elements): return elements.count <= Evaluator.rowLimit ? value : nil
    default: return value
    }
  }

  private func evaluate(_ node: Node, _ scope: [Source]) -> Datum? {
    switch node.pointee.node_case {
    case PG_QUERY__NODE__NODE_A_CONST: return constant(node)
    case PG_QUERY__NODE__NODE_TYPE_CAST: return cast(node, scope)
    case PG_QUERY__NODE__NODE_COLUMN_REF:
      guard let reference = node.pointee.column_ref?.pointee else { return nil }
      return column(nodes(reference.n_fields, reference.fields).compactMap(\.string), scope)
    case PG_QUERY__NODE__NODE_PARAM_REF:
      return node.pointee.param_ref.flatMap { variables["$\($0.pointee.number)"] }
    case PG_QUERY__NODE__NODE_A_EXPR: return node.pointee.a_expr.flatMap { operation($0.pointee, scope) }
    case PG_QUERY__NODE__NODE_BOOL_EXPR: return node.pointee.bool_expr.flatMap { connective($0.pointee, scope) }
    case PG_QUERY__NODE__NODE_NULL_TEST:
      guard let test = node.pointee.null_test?.pointee, let value = value(test.arg, scope) else { return nil }
      return .bool(value.isNull == (test.nulltesttype == PG_QUERY__NULL_TEST_TYPE__IS_NULL))
    case PG_QUERY__NODE__NODE_SUB_LINK: return node.pointee.sub_link.flatMap { subquery($0.pointee, scope) }
    case PG_QUERY__NODE__NODE_FUNC_CALL where group != nil:
      guard let call = node.pointee.func_call?.pointee, let group, let name = Evaluator.aggregateName(of: call) else {
        return node.pointee.func_call.flatMap { self.call($0.pointee, node, scope) }
      }
      var members = self
      members.group = nil
      return members.aggregate(call, name, group, [])
    case PG_QUERY__NODE__NODE_FUNC_CALL: return node.pointee.func_call.flatMap { call($0.pointee, node, scope) }
    case PG_QUERY__NODE__NODE_A_ARRAY_EXPR:
      guard let array = node.pointee.a_array_expr?.pointee else { return nil }
      let elements = nodes(array.n_elements, array.elements).map { value($0, scope) }
      return elements.contains { $0 == nil } ? nil : .list(elements.compactMap { $0 })
    case PG_QUERY__NODE__NODE_COALESCE_EXPR:
      guard let coalesce = node.pointee.coalesce_expr?.pointee else { return nil }
      for argument in nodes(coalesce.n_args, coalesce.args) {
        guard let value = value(argument, scope) else { return nil }
        if !value.isNull { return value }
      }
      return .null
    // Texts are compared by their bytes, whatever the collation.
    case PG_QUERY__NODE__NODE_COLLATE_CLAUSE: return value(node.pointee.collate_clause?.pointee.arg, scope)
    case PG_QUERY__NODE__NODE_CASE_EXPR: return node.pointee.case_expr.flatMap { choice($0.pointee, scope) }
    case PG_QUERY__NODE__NODE_SQLVALUE_FUNCTION:
      guard let function = node.pointee.sqlvalue_function?.pointee else { return nil }
      switch function.op {
      case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_SCHEMA: return replay.map { made($0.creationSchema) }
      case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_USER, PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_USER,
        PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_ROLE:
        return replay?.session.role.map(made)
      default: return nil
      }
    case PG_QUERY__NODE__NODE_A_INDIRECTION:
      guard let indirection = node.pointee.a_indirection?.pointee, case .row(let row)? = value(indirection.arg, scope),
        let field = nodes(indirection.n_indirection, indirection.indirection).first?.string
      else { return nil }
      return row[field] ?? nil
    default: return nil
    }
  }

  /// A string that no constant spells: it stands for the whole text.
  func made(_ string: String) -> Datum {
    var result = MappedText(file: text.file)
    result.append(string.utf8, for: text.span(0..<text.bytes.count).range)
    return .text(result)
  }

  private func constant(_ node: Node) -> Datum? {
    guard let constant = node.pointee.a_const?.pointee else { return nil }
    if constant.isnull != 0 { return .null }
    switch constant.val_case {
    case PG_QUERY__A__CONST__VAL_IVAL: return .number(Int(constant.ival?.pointee.ival ?? 0))
    case PG_QUERY__A__CONST__VAL_BOOLVAL: return .bool(constant.boolval?.pointee.boolval != 0)
    case PG_QUERY__A__CONST__VAL_SVAL:
      let string = constant.sval.map { CPgString.text($0.pointee.sval) } ?? ""
      let place = base + Int(constant.location)
      // The literal in the text maps every character back to its place.
      if constant.location >= 0, place >= 0, let token = token(at: place),
        let literal = StringLiteral.decoded(token, of: text), literal.string == string
      {
        return .text(literal)
      }
      return made(string)
    default: return node.constant.map(made)
    }
  }

  private func token(at place: Int) -> SQLToken? {
    guard place < text.bytes.count else { return nil }
    var lexer = SQLLexer(text.bytes, place..<text.bytes.count)
    return lexer.next().flatMap { $0.lower == place ? $0 : nil }
  }

  private func cast(_ node: Node, _ scope: [Source]) -> Datum? {
    guard let cast = node.pointee.type_cast?.pointee, let type = cast.type_name?.pointee else { return nil }
    let name = nodes(type.n_names, type.names).compactMap(\.string).last ?? ""
    guard let value = value(cast.arg, scope) else { return nil }
    if type.n_array_bounds > 0 { return array(value) }
    switch name {
    case "bool":
      switch value.string {
      case "t", "true", "on", "yes", "1": return .bool(true)
      case "f", "false", "off", "no", "0": return .bool(false)
      default: return value.isNull ? .null : nil
      }
    case "int4", "int8", "int2":
      return value.string.flatMap { Int($0) }.map { .number($0) } ?? (value.isNull ? .null : nil)
    case "regclass": return value.string.map { made(relation($0)?.quoted ?? $0) } ?? .null
    case "text", "varchar", "name", "regnamespace", "regrole", "oid", "regprocedure", "regproc", "regtype", "bpchar",
      "char":
      return value
    default: return value
    }
  }

  /// `'{a,b}'::text[]`.
  private func array(_ value: Datum) -> Datum? {
    if case .list = value { return value }
    guard let string = value.string, string.hasPrefix("{"), string.hasSuffix("}"), !string.contains("\"") else {
      return nil
    }
    return .list(string.dropFirst().dropLast().split(separator: ",").map { made(String($0.drop { $0 == " " })) })
  }

  /// The relation that a string names, as `regclass` reads it.
  func relation(_ string: String) -> QualifiedName? {
    let bytes = Array(string.utf8)
    let parts = SQLLexer.tokens(of: bytes).filter { $0.kind == .word || $0.kind == .quotedName }.map { bytes.name($0) }
    switch replay?.resolve(parts) {
    case .table(let slot)?: return replay?.state.name(ofTable: slot)
    case .view(let slot)?: return replay?.state.views[slot]?.name
    case .sequence(let slot)?: return replay?.state.sequences[slot]?.name
    case nil: return nil
    }
  }

  private func column(_ names: [String], _ scope: [Source]) -> Datum? {
    guard let name = names.last else { return nil }
    if names.count == 1 {
      for source in scope.reversed() {
        if let value = source.row[name] { return value }
      }
      if let source = scope.last(where: { $0.alias == name }) {
        return source.row.values.count == 1 ? source.row.values[0] : .row(source.row)
      }
      return variables[name]
    }
    let qualifier = names[names.count - 2]
    for source in scope.reversed() where source.alias == qualifier {
      if let value = source.row[name] { return value }
    }
    if case .row(let row)? = variables[qualifier] { return row[name] ?? nil }
    // A parameter under its function's name.
    return variables[name]
  }

  private func connective(_ expression: PgQuery__BoolExpr, _ scope: [Source]) -> Datum? {
    let arguments = nodes(expression.n_args, expression.args)
    if expression.boolop == PG_QUERY__BOOL_EXPR_TYPE__NOT_EXPR {
      guard case .bool(let inner)? = arguments.first.flatMap({ value($0, scope) }) else { return nil }
      return .bool(!inner)
    }
    let decisive = expression.boolop == PG_QUERY__BOOL_EXPR_TYPE__OR_EXPR
    var isUnknown = false
    for argument in arguments {
      guard case .bool(let inner)? = value(argument, scope) else {
        isUnknown = true
        continue
      }
      if inner == decisive { return .bool(decisive) }
    }
    return isUnknown ? nil : .bool(!decisive)
  }

  private func choice(_ expression: PgQuery__CaseExpr, _ scope: [Source]) -> Datum? {
    let subject = expression.arg.map { value($0, scope) }
    if case .some(nil) = subject { return nil }
    for node in nodes(expression.n_args, expression.args) {
      guard let when = node.pointee.case_when?.pointee, let condition = value(when.expr, scope) else { return nil }
      if let subject = subject ?? nil {
        guard let isEqual = subject.equals(condition) else { return nil }
        if isEqual { return value(when.result, scope) }
      } else if case .bool(true) = condition {
        return value(when.result, scope)
      }
    }
    return expression.defresult == nil ? .null : value(expression.defresult, scope)
  }

  private func subquery(_ link: PgQuery__SubLink, _ scope: [Source]) -> Datum? {
    guard let node = link.subselect, node.pointee.node_case == PG_QUERY__NODE__NODE_SELECT_STMT,
      let select = node.pointee.select_stmt?.pointee
    else { return nil }
    switch link.sub_link_type {
    case PG_QUERY__SUB_LINK_TYPE__EXISTS_SUBLINK: return exists(select, outer: scope).map { .bool($0) }
    case PG_QUERY__SUB_LINK_TYPE__EXPR_SUBLINK:
      guard let rows = rows(select, outer: scope) else { return nil }
      return rows.first.map { $0.values.first ?? nil } ?? .null
    case PG_QUERY__SUB_LINK_TYPE__ARRAY_SUBLINK:
      guard let rows = rows(select, outer: scope) else { return nil }
      let values = rows.map { $0.values.first ?? nil }
      return values.contains { $0 == nil } ? nil : .list(values.compactMap { $0 })
    case PG_QUERY__SUB_LINK_TYPE__ANY_SUBLINK:
      guard let tested = value(link.testexpr, scope), let rows = rows(select, outer: scope) else { return nil }
      return isAmong(tested, rows.map { $0.values.first ?? nil }).map { .bool($0) }
    default: return nil
    }
  }

  func isAmong(_ value: Datum, _ others: [Datum?]) -> Bool? {
    var isUnknown = false
    for other in others {
      guard let other, let isEqual = value.equals(other) else {
        isUnknown = true
        continue
      }
      if isEqual { return true }
    }
    return isUnknown ? nil : false
  }
}

/// C strings of the parser, where `text` is a variable's name.
private enum CPgString {
  static func text(_ string: UnsafeMutablePointer<CChar>?) -> String { string.map { String(cString: $0) } ?? "" }
}
