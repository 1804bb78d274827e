import CPgQuery
import SourceText

/// Reads libpg_query's nodes into terms. The tree's memory goes with its ``SyntaxTree``; terms are values of their own.
struct TermReader {
  /// Expressions nest no deeper than this; what lies below is not told.
  static let nestingLimit = 150

  private var depth = 0

  /// The expression that a text spells. Locations count from the start of the text.
  static func expression(_ text: some Collection<UInt8>) -> Term? {
    let prefix = "SELECT "
    guard case .query(let query)? = statement(Array(prefix.utf8) + Array(text), shift: prefix.utf8.count),
      query.targets.count == 1, query.sources.isEmpty, query.conditions.isEmpty
    else { return nil }
    return query.targets[0].term
  }

  /// What a statement is to the analysis of bodies.
  enum Statement: Sendable {
    case query(Term.Query)
    case insert(Insertion)
    case other
  }

  /// An INSERT: its target, the columns named, and the rows.
  struct Insertion: Sendable {
    let relation: [String]
    let columns: [String]
    let query: Term.Query?
    /// The target's place, in bytes from the start of the text.
    let location: Int
  }

  /// One statement; nil when it does not parse or is too much for the parser.
  static func statement(_ text: [UInt8], shift: Int = 0) -> Statement? {
    parse(text).map { statement($0, shift: shift) }
  }

  static func parse(_ text: [UInt8]) -> SyntaxTree? {
    guard ParsingLimits.standard.excess(of: SQLLexer.tokens(of: text)[...], in: text) == nil,
      case .success(let tree) = SyntaxTree.parse(text)
    else { return nil }
    return tree
  }

  static func statement(_ tree: SyntaxTree, shift: Int) -> Statement {
    var reader = TermReader(shift: shift)
    if let select = tree.statement.selectStmt?.pointee { return .query(reader.query(select)) }
    if let insert = tree.statement.insertStmt?.pointee, let relation = insert.relation?.pointee {
      let columns = nodes(insert.n_cols, insert.cols).compactMap { $0.resTarget.map { text_($0.pointee.name) } }
      return .insert(
        Insertion(
          relation: TermReader.parts(relation), columns: columns,
          query: insert.select_stmt?.selectStmt.map { reader.query($0.pointee) },
          location: Int(relation.location) - shift))
    }
    return .other
  }

  /// Every relation that a statement names, with its schema where that is written, but for those that WITH makes.
  static func relations(of tree: SyntaxTree) -> [[String]] {
    var found: [[String]] = []
    var own: Set<String> = []
    tree.statement.forEachDescendant { descendant in
      switch descendant {
      case .commonTable(let name): own.insert(name)
      case .rangeVar(let relation): found.append(parts(relation))
      default: break
      }
    }
    return found.filter { $0.count > 1 || !own.contains($0.last ?? "") }
  }

  private let shift: Int

  private init(shift: Int) { self.shift = shift }

  // MARK: Expressions

  private mutating func term(_ node: Node?) -> Term {
    guard let node else { return Term(.other([])) }
    guard depth < TermReader.nestingLimit else { return Term(.other([])) }
    depth += 1
    defer { depth -= 1 }
    let (form, location) = form(node)
    var term = Term(form)
    if let location, location >= 0 { term.place(Int(location) - shift) }
    for child in term.children { term.cover(child) }
    for query in term.queries {
      for child in query.terms { term.cover(child) }
    }
    return term
  }

  private mutating func terms(_ count: Int, _ pointer: UnsafeMutablePointer<Node?>?) -> [Term] {
    nodes(count, pointer).map { term($0) }
  }

  private mutating func form(_ node: Node) -> (Term.Form, Int32?) {
    if let constant = node.aConst?.pointee { return (TermReader.constant(constant), constant.location) }
    if let reference = node.columnRef?.pointee {
      let parts = nodes(reference.n_fields, reference.fields).map { $0.isStar ? "*" : $0.string ?? "" }
      return (.column(parts), reference.location)
    }
    if let expression = node.aExpr?.pointee { return (operation(expression), expression.location) }
    if let expression = node.boolExpr?.pointee {
      let arguments = terms(expression.n_args, expression.args)
      switch expression.boolop {
      case PG_QUERY__BOOL_EXPR_TYPE__AND_EXPR: return (.and(arguments), nil)
      case PG_QUERY__BOOL_EXPR_TYPE__OR_EXPR: return (.or(arguments), nil)
      default: return (arguments.first.map { .not($0) } ?? .other([]), nil)
      }
    }
    if let call = node.funcCall?.pointee { return (self.call(call), call.location) }
    if let cast = node.typeCast?.pointee {
      let type = cast.type_name?.pointee
      // `true` is a constant cast to boolean in the grammar's eyes.
      return (.cast(term(cast.arg), type?.formatted ?? ""), type?.location)
    }
    if let test = node.nullTest?.pointee {
      let form = Term.Form.isNull(term(test.arg))
      return (test.nulltesttype == PG_QUERY__NULL_TEST_TYPE__IS_NULL ? form : .not(Term(form)), test.location)
    }
    if let test = node.booleanTest?.pointee { return (truthTest(test), test.location) }
    if let link = node.subLink?.pointee { return (subLink(link), link.location) }
    return conditional(node)
  }

  private mutating func conditional(_ node: Node) -> (Term.Form, Int32?) {
    if let expression = node.coalesceExpr?.pointee {
      return (.coalesce(terms(expression.n_args, expression.args)), expression.location)
    }
    if let expression = node.caseExpr?.pointee {
      let subject = expression.arg.map { term($0) }
      let branches = nodes(expression.n_args, expression.args).compactMap {
        $0.caseWhen.map { when -> (condition: Term, result: Term) in
          (term(when.pointee.expr), term(when.pointee.result))
        }
      }
      return (
        .choice(subject: subject, branches, otherwise: expression.defresult.map { term($0) }), expression.location
      )
    }
    if let value = node.sqlValueFunction?.pointee {
      switch value.op {
      case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_SESSION_USER: return (.keyword(.sessionUser), value.location)
      case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_USER, PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_ROLE,
        PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_USER:
        return (.keyword(.currentUser), value.location)
      case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_TIMESTAMP,
        PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_TIMESTAMP_N,
        PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_LOCALTIMESTAMP,
        PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_LOCALTIMESTAMP_N:
        return (.keyword(.transactionTime), value.location)
      default: return (.keyword(.other), value.location)
      }
    }
    if let expression = node.minMaxExpr?.pointee {
      return (.extremum(terms(expression.n_args, expression.args)), expression.location)
    }
    if let array = node.aArrayExpr?.pointee {
      return (.array(terms(array.n_elements, array.elements)), array.location)
    }
    if let row = node.rowExpr?.pointee { return (.row(terms(row.n_args, row.args)), row.location) }
    if let parameter = node.paramRef?.pointee { return (.parameter(Int(parameter.number)), parameter.location) }
    if let collate = node.collateClause?.pointee { return (term(collate.arg).form, nil) }
    if let named = node.namedArgExpr?.pointee { return (term(named.arg).form, named.location) }
    if let indirection = node.aIndirection?.pointee {
      let field = nodes(indirection.n_indirection, indirection.indirection).last
      return (.element(term(indirection.arg), field: field?.isStar == true ? "*" : field?.string), nil)
    }
    if node.pointee.node_case == PG_QUERY__NODE__NODE_LIST { return (.row(node.listItems.map { term($0) }), nil) }
    return (.other([]), nil)
  }

  private static func constant(_ constant: PgQuery__AConst) -> Term.Form {
    guard constant.isnull == 0 else { return .null }
    switch constant.val_case {
    case PG_QUERY__A__CONST__VAL_IVAL: return .number(constant.ival.map { String($0.pointee.ival) } ?? "0")
    case PG_QUERY__A__CONST__VAL_FVAL: return .number(constant.fval.map { text_($0.pointee.fval) } ?? "0")
    case PG_QUERY__A__CONST__VAL_BOOLVAL: return .boolean(constant.boolval.map { $0.pointee.boolval != 0 } ?? false)
    case PG_QUERY__A__CONST__VAL_SVAL: return .string(constant.sval.map { text_($0.pointee.sval) } ?? "")
    default: return .other([])
    }
  }

  private mutating func operation(_ expression: PgQuery__AExpr) -> Term.Form {
    let name = nodes(expression.n_name, expression.name).last?.string ?? ""
    let left = expression.lexpr.map { term($0) }
    switch expression.kind {
    case PG_QUERY__A__EXPR__KIND__AEXPR_IN:
      guard let left, let list = expression.rexpr else { return .other([]) }
      let form = Term.Form.oneOf(left, list.listItems.map { term($0) })
      return name == "<>" ? .not(Term(form)) : form
    case PG_QUERY__A__EXPR__KIND__AEXPR_BETWEEN, PG_QUERY__A__EXPR__KIND__AEXPR_NOT_BETWEEN,
      PG_QUERY__A__EXPR__KIND__AEXPR_BETWEEN_SYM, PG_QUERY__A__EXPR__KIND__AEXPR_NOT_BETWEEN_SYM:
      guard let left, let bounds = expression.rexpr?.listItems, bounds.count == 2 else { return .other([]) }
      let form = Term.Form.between(left, term(bounds[0]), term(bounds[1]))
      return name.hasPrefix("NOT") ? .not(Term(form)) : form
    default: break
    }
    let right = term(expression.rexpr)
    guard let left else { return .operation(name, nil, right) }
    switch expression.kind {
    case PG_QUERY__A__EXPR__KIND__AEXPR_DISTINCT: return .distinct(left, right)
    case PG_QUERY__A__EXPR__KIND__AEXPR_NOT_DISTINCT: return .not(Term(.distinct(left, right)))
    case PG_QUERY__A__EXPR__KIND__AEXPR_NULLIF: return .nullIf(left, right)
    case PG_QUERY__A__EXPR__KIND__AEXPR_OP_ANY: return .quantified(name, left, right, isAll: false)
    case PG_QUERY__A__EXPR__KIND__AEXPR_OP_ALL: return .quantified(name, left, right, isAll: true)
    default: return .operation(name == "!=" ? "<>" : name, left, right)
    }
  }

  private mutating func call(_ call: PgQuery__FuncCall) -> Term.Form {
    let name = nodes(call.n_funcname, call.funcname).compactMap(\.string)
    var arguments = terms(call.n_args, call.args)
    if let filter = call.agg_filter { arguments.append(Term(.other([term(filter)]))) }
    return .call(name, arguments)
  }

  private mutating func truthTest(_ test: PgQuery__BooleanTest) -> Term.Form {
    let argument = term(test.arg)
    switch test.booltesttype {
    case PG_QUERY__BOOL_TEST_TYPE__IS_TRUE: return .truthTest(argument, true)
    case PG_QUERY__BOOL_TEST_TYPE__IS_NOT_TRUE: return .not(Term(.truthTest(argument, true)))
    case PG_QUERY__BOOL_TEST_TYPE__IS_FALSE: return .truthTest(argument, false)
    case PG_QUERY__BOOL_TEST_TYPE__IS_NOT_FALSE: return .not(Term(.truthTest(argument, false)))
    case PG_QUERY__BOOL_TEST_TYPE__IS_UNKNOWN: return .truthTest(argument, nil)
    default: return .not(Term(.truthTest(argument, nil)))
    }
  }

  private mutating func subLink(_ link: PgQuery__SubLink) -> Term.Form {
    guard let select = link.subselect?.selectStmt?.pointee else { return .other([]) }
    let query = query(select)
    let test = link.testexpr.map { term($0) }
    let name = nodes(link.n_oper_name, link.oper_name).last?.string ?? "="
    switch link.sub_link_type {
    case PG_QUERY__SUB_LINK_TYPE__EXISTS_SUBLINK: return .exists(query)
    case PG_QUERY__SUB_LINK_TYPE__EXPR_SUBLINK: return .scalar(query)
    case PG_QUERY__SUB_LINK_TYPE__ARRAY_SUBLINK: return .arrayOf(query)
    case PG_QUERY__SUB_LINK_TYPE__ANY_SUBLINK:
      return test.map { .quantifiedQuery(name, $0, query, isAll: false) } ?? .other([])
    case PG_QUERY__SUB_LINK_TYPE__ALL_SUBLINK:
      return test.map { .quantifiedQuery(name == "!=" ? "<>" : name, $0, query, isAll: true) } ?? .other([])
    default: return .other([Term(.scalar(query))])
    }
  }

  // MARK: Queries

  private mutating func query(_ select: PgQuery__SelectStmt) -> Term.Query {
    var query = Term.Query()
    guard depth < TermReader.nestingLimit else { return query }
    depth += 1
    defer { depth -= 1 }
    if let left = select.larg?.pointee, let right = select.rarg?.pointee {
      query.branches = [self.query(left), self.query(right)]
      query.isExcept = select.op == PG_QUERY__SET_OPERATION__SETOP_EXCEPT
      return query
    }
    query.rows = nodes(select.n_values_lists, select.values_lists).map { $0.listItems.map { term($0) } }
    for node in nodes(select.n_from_clause, select.from_clause) { add(node, to: &query) }
    for node in nodes(select.n_target_list, select.target_list) {
      guard let target = node.resTarget?.pointee else { continue }
      let value = term(target.val)
      query.targets.append((TermReader.name(target, value), value))
    }
    if let condition = select.where_clause { query.conditions.append(term(condition)) }
    if let condition = select.having_clause { query.conditions.append(term(condition)) }
    query.hasGroups = select.n_group_clause > 0
    query.hasAggregates = query.targets.contains { $0.term.contains(where: TermReader.isAggregate) }
    if let with = select.with_clause?.pointee {
      // What WITH computes is read where FROM names it.
      for node in nodes(with.n_ctes, with.ctes) {
        guard let common = node.commonTableExpr?.pointee, let inner = common.ctequery?.selectStmt?.pointee else {
          continue
        }
        let value = self.query(inner)
        let name = text_(common.ctename)
        query.sources = query.sources.map { source in
          guard case .relation([name]) = source.form else { return source }
          return Term.Source(alias: source.alias, columnNames: source.columnNames, form: .query(value))
        }
      }
    }
    return query
  }

  private static func name(_ target: PgQuery__ResTarget, _ value: Term) -> String {
    if target.name != nil, !text_(target.name).isEmpty { return text_(target.name) }
    switch value.form {
    case .column(let parts): return parts.last ?? ""
    case .call(let name, _): return name.last ?? ""
    case .element(_, let field): return field ?? ""
    default: return ""
    }
  }

  private static func isAggregate(_ term: Term) -> Bool {
    guard case .call(let name, _) = term.form else { return false }
    return [
      "count", "sum", "min", "max", "avg", "bool_or", "bool_and", "every", "array_agg", "string_agg", "json_agg",
      "jsonb_agg", "json_object_agg", "jsonb_object_agg",
    ].contains(name.last ?? "")
  }

  private mutating func add(_ node: Node, to query: inout Term.Query) {
    guard depth < TermReader.nestingLimit else { return }
    depth += 1
    defer { depth -= 1 }
    if let relation = node.rangeVar?.pointee {
      let parts = TermReader.parts(relation)
      let alias = relation.alias.map { text_($0.pointee.aliasname) } ?? parts.last ?? ""
      query.sources.append(
        Term.Source(alias: alias, columnNames: TermReader.columns(relation.alias), form: .relation(parts)))
    } else if let function = node.rangeFunction?.pointee {
      let call = nodes(function.n_functions, function.functions).first?.listItems.first.map { term($0) }
      var name = ""
      if case .call(let parts, _)? = call?.form { name = parts.last ?? "" }
      let alias = function.alias.map { text_($0.pointee.aliasname) } ?? name
      query.sources.append(
        Term.Source(
          alias: alias, columnNames: TermReader.columns(function.alias), form: .function(call ?? Term(.other([])))))
    } else if let subselect = node.rangeSubselect?.pointee, let select = subselect.subquery?.selectStmt?.pointee {
      let alias = subselect.alias.map { text_($0.pointee.aliasname) } ?? ""
      query.sources.append(
        Term.Source(
          alias: alias, columnNames: TermReader.columns(subselect.alias), form: .query(self.query(select))))
    } else if let join = node.joinExpr?.pointee {
      if let left = join.larg { add(left, to: &query) }
      if let right = join.rarg { add(right, to: &query) }
      if let condition = join.quals {
        // An outer join keeps the rows for which its condition does not hold.
        let isInner = join.jointype == PG_QUERY__JOIN_TYPE__JOIN_INNER
        let value = term(condition)
        query.conditions.append(isInner ? value : Term(.coalesce([Term(.boolean(true)), value])))
      }
    }
  }

  private static func parts(_ relation: PgQuery__RangeVar) -> [String] {
    let schema = text_(relation.schemaname)
    return (schema.isEmpty ? [] : [schema]) + [text_(relation.relname)]
  }

  private static func columns(_ alias: UnsafeMutablePointer<PgQuery__Alias>?) -> [String] {
    alias.map { nodes($0.pointee.n_colnames, $0.pointee.colnames).compactMap(\.string) } ?? []
  }
}

/// A C string; empty for NULL. (The module's function of the name is hidden here by parameters called `text`.)
private func text_(_ string: UnsafeMutablePointer<CChar>?) -> String { text(string) }

extension Term {
  mutating func place(_ location: Int) {
    start = Swift.min(start, location)
    end = Swift.max(end, location)
  }

  mutating func cover(_ other: Term) {
    start = Swift.min(start, other.start)
    end = Swift.max(end, other.end)
  }
}
