import CPgQuery
import SourceText
import Values

extension Replay {
  /// The columns of a table made from a query, as far as the query shows them: names, and types of plain columns.
  /// The flag is false when there are others.
  func columns(of query: Node?, named names: [String], table: QualifiedName, origin: Origin) -> (
    [Column], isWhole: Bool
  ) {
    guard let select = query?.selectStmt?.pointee else { return ([], false) }
    let (shown, isWhole) = results(of: select, depth: 0)
    let columns = shown.enumerated().map { index, result in
      let name = index < names.count ? names[index] : result.name
      let place = Origin(origin.span, path: "\(table).\(name)", kind: .column)
      return Column(
        name: name, type: result.decided.type ?? "", origin: place, nameSpan: origin.span,
        isNotNull: Fact(false, at: place))
    }
    return (columns, isWhole && !columns.isEmpty && columns.allSatisfy { !$0.type.isEmpty })
  }

  /// A column of a query's result; no type where it is not followed here.
  private struct ResultColumn {
    var name: String
    var type: String?

    /// NULL alone is text.
    var decided: ResultColumn { type == Replay.undecided ? ResultColumn(name: name, type: "text") : self }
  }

  /// The type of NULL before anything says more.
  private static let undecided = "unknown"

  /// What a query gives, from the left; the flag is false where there is more than that.
  private func results(of select: PgQuery__SelectStmt, depth: Int) -> ([ResultColumn], isWhole: Bool) {
    guard depth < 16 else { return ([], false) }
    if select.op != PG_QUERY__SET_OPERATION__SETOP_NONE {
      // The first query names the columns; a constant without a type takes the other's.
      guard let left = select.larg?.pointee, let right = select.rarg?.pointee else { return ([], false) }
      var (columns, isWhole) = results(of: left, depth: depth + 1)
      let (others, _) = results(of: right, depth: depth + 1)
      for index in columns.indices
      where columns[index].type == nil || columns[index].type == Replay.undecided {
        guard index < others.count else { break }
        columns[index].type = others[index].type
      }
      return (columns, isWhole)
    }
    guard select.n_values_lists == 0, select.with_clause == nil else { return ([], false) }
    let sources = sources(of: nodes(select.n_from_clause, select.from_clause), depth: depth)
    var columns: [ResultColumn] = []
    var isWhole = true
    for node in nodes(select.n_target_list, select.target_list) {
      guard let target = node.resTarget?.pointee, let value = target.val else { return (columns, false) }
      let alias = text(target.name)
      guard let reference = value.columnRef?.pointee else {
        // What an expression is called without an alias depends on its kind: not followed here.
        let name = alias.isEmpty ? Replay.name(ofResult: value) : alias
        guard !name.isEmpty else { return (columns, false) }
        columns.append(ResultColumn(name: name, type: type(ofResult: value, sources)))
        continue
      }
      let fields = nodes(reference.n_fields, reference.fields)
      let qualifier = fields.count > 1 ? fields[fields.count - 2].string : nil
      let candidates = sources.filter { qualifier == nil || $0.alias == qualifier }
      if fields.last?.isStar == true {
        guard !candidates.isEmpty, candidates.allSatisfy({ $0.columns != nil }) else { return (columns, false) }
        columns += candidates.flatMap { $0.columns ?? [] }
        isWhole = isWhole && candidates.allSatisfy(\.isWhole)
      } else {
        let name = fields.last?.string ?? ""
        columns.append(ResultColumn(name: alias.isEmpty ? name : alias, type: type(of: reference, sources)))
      }
    }
    return (columns, isWhole)
  }

  /// The type of a column that exactly one source has.
  private func type(of reference: PgQuery__ColumnRef, _ sources: [QuerySource]) -> String? {
    let fields = nodes(reference.n_fields, reference.fields)
    let qualifier = fields.count > 1 ? fields[fields.count - 2].string : nil
    let found = sources.filter { qualifier == nil || $0.alias == qualifier }
      .compactMap { source in source.columns?.first { $0.name == fields.last?.string } }
    return found.count == 1 ? found[0].type : nil
  }

  /// What PostgreSQL calls a column without an alias (`FigureColname`); empty where that is not followed here.
  private static func name(ofResult value: Node) -> String {
    switch value.pointee.node_case {
    case PG_QUERY__NODE__NODE_FUNC_CALL:
      value.pointee.func_call.flatMap { nodes($0.pointee.n_funcname, $0.pointee.funcname).last?.string } ?? ""
    case PG_QUERY__NODE__NODE_A_CONST: "?column?"
    default: ""
    }
  }

  /// The type of a constant, a cast, or a call of a function whose result every server knows.
  private func type(ofResult value: Node, _ sources: [QuerySource], depth: Int = 0) -> String? {
    guard depth < 16 else { return nil }
    if let reference = value.columnRef?.pointee { return type(of: reference, sources) }
    if let expression = value.aExpr?.pointee {
      let name = nodes(expression.n_name, expression.name).last?.string ?? ""
      let isComparison = ["=", "<>", "<", ">", "<=", ">="].contains(name)
      return isComparison && expression.kind == PG_QUERY__A__EXPR__KIND__AEXPR_OP ? "boolean" : nil
    }
    if value.boolExpr != nil || value.nullTest != nil || value.booleanTest != nil { return "boolean" }
    if let coalesce = value.coalesceExpr?.pointee {
      return nodes(coalesce.n_args, coalesce.args).lazy
        .compactMap { self.type(ofResult: $0, sources, depth: depth + 1) }.first
    }
    if let call = value.funcCall?.pointee, call.n_args == 1,
      ["max", "min"].contains(Replay.name(ofResult: value)), let argument = nodes(call.n_args, call.args).first
    {
      return type(ofResult: argument, sources, depth: depth + 1)
    }
    switch value.pointee.node_case {
    case PG_QUERY__NODE__NODE_TYPE_CAST: return value.pointee.type_cast?.pointee.type_name?.pointee.formatted
    case PG_QUERY__NODE__NODE_A_CONST:
      guard let constant = value.pointee.a_const?.pointee, constant.isnull == 0 else {
        return Replay.undecided
      }
      switch constant.val_case {
      case PG_QUERY__A__CONST__VAL_IVAL: return "integer"
      case PG_QUERY__A__CONST__VAL_FVAL: return "numeric"
      case PG_QUERY__A__CONST__VAL_BOOLVAL: return "boolean"
      case PG_QUERY__A__CONST__VAL_SVAL: return "text"
      default: return nil
      }
    case PG_QUERY__NODE__NODE_FUNC_CALL:
      switch Replay.name(ofResult: value) {
      case "now", "transaction_timestamp", "statement_timestamp", "clock_timestamp": return "timestamp with time zone"
      case "count", "row_number", "rank": return "bigint"
      case "gen_random_uuid", "uuid_generate_v4": return "uuid"
      case "lower", "upper", "concat", "format", "md5": return "text"
      default: return nil
      }
    default: return nil
    }
  }

  /// What stands in FROM, with the name it goes by; no columns where they are not known.
  private struct QuerySource {
    let alias: String
    let columns: [ResultColumn]?
    /// False where it may have other columns too.
    var isWhole = true
  }

  private func sources(of items: [Node], depth: Int) -> [QuerySource] {
    var result: [QuerySource] = []
    var open = Array(items.reversed())
    while let item = open.popLast(), result.count < 64 {
      switch item.pointee.node_case {
      case PG_QUERY__NODE__NODE_RANGE_VAR:
        guard let relation = item.pointee.range_var?.pointee else { continue }
        var columns: [ResultColumn]?
        var isWhole = false
        if case .table(let slot)? = resolve(relation), let table = state.tables[slot] {
          columns = table.columns.map { ResultColumn(name: $0.name, type: $0.type.isEmpty ? nil : $0.type) }
          isWhole = table.uncertainty[.columns] == nil
        }
        let alias = relation.alias.map { text($0.pointee.aliasname) } ?? text(relation.relname)
        result.append(QuerySource(alias: alias, columns: columns, isWhole: isWhole))
      case PG_QUERY__NODE__NODE_RANGE_SUBSELECT:
        guard let range = item.pointee.range_subselect?.pointee else { continue }
        var columns: [ResultColumn]?
        if let select = range.subquery?.selectStmt?.pointee, range.alias?.pointee.n_colnames ?? 0 == 0 {
          let (shown, isWhole) = results(of: select, depth: depth + 1)
          columns = isWhole ? shown.map(\.decided) : nil
        }
        result.append(QuerySource(alias: range.alias.map { text($0.pointee.aliasname) } ?? "", columns: columns))
      case PG_QUERY__NODE__NODE_JOIN_EXPR:
        guard let join = item.pointee.join_expr?.pointee else { continue }
        if let right = join.rarg { open.append(right) }
        if let left = join.larg { open.append(left) }
      default: result.append(QuerySource(alias: "", columns: nil))
      }
    }
    return result
  }
}
