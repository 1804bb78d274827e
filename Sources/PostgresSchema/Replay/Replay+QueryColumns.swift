import CPgQuery
import SourceText
import Values

extension Replay {
  /// The columns of a table made from a query, as far as the query shows them: names, and types of plain columns.
  /// The flag is false when there are others.
  func columns(of query: Node?, named names: [String], table: QualifiedName, origin: Origin) -> (
    [Column], isWhole: Bool
  ) {
    guard let query, query.pointee.node_case == PG_QUERY__NODE__NODE_SELECT_STMT,
      let select = query.pointee.select_stmt?.pointee, select.op == PG_QUERY__SET_OPERATION__SETOP_NONE
    else { return ([], false) }
    let sources = sources(of: nodes(select.n_from_clause, select.from_clause))
    var columns: [Column] = []
    var isWhole = true
    func add(_ name: String, _ type: String?) {
      if type == nil { isWhole = false }
      let name = columns.count < names.count ? names[columns.count] : name
      let place = Origin(origin.span, path: "\(table).\(name)", kind: .column)
      columns.append(
        Column(
          name: name, type: type ?? "", origin: place, nameSpan: origin.span, isNotNull: Fact(false, at: place)))
    }
    for node in nodes(select.n_target_list, select.target_list) {
      guard node.pointee.node_case == PG_QUERY__NODE__NODE_RES_TARGET,
        let target = node.pointee.res_target?.pointee, let value = target.val
      else { return ([], false) }
      let alias = text(target.name)
      guard value.pointee.node_case == PG_QUERY__NODE__NODE_COLUMN_REF,
        let reference = value.pointee.column_ref?.pointee
      else {
        // What an expression is called without an alias depends on its kind: not followed here.
        let name = alias.isEmpty ? Replay.name(ofResult: value) : alias
        guard !name.isEmpty else { return (columns, false) }
        add(name, Replay.type(ofResult: value))
        continue
      }
      let fields = nodes(reference.n_fields, reference.fields)
      let qualifier = fields.count > 1 ? fields[fields.count - 2].string : nil
      let candidates = sources.filter { qualifier == nil || $0.alias == qualifier }
      if fields.last?.pointee.node_case == PG_QUERY__NODE__NODE_A_STAR {
        guard !candidates.isEmpty, candidates.allSatisfy({ $0.table != nil }) else { return (columns, false) }
        for column in candidates.flatMap({ $0.table?.columns ?? [] }) { add(column.name, column.type) }
      } else {
        let name = fields.last?.string ?? ""
        let found = candidates.compactMap { $0.table?.column(named: name) }
        add(alias.isEmpty ? name : alias, found.count == 1 ? found[0].type : nil)
      }
    }
    return (columns, isWhole && !columns.isEmpty)
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
  private static func type(ofResult value: Node) -> String? {
    switch value.pointee.node_case {
    case PG_QUERY__NODE__NODE_TYPE_CAST: return value.pointee.type_cast?.pointee.type_name?.pointee.formatted
    case PG_QUERY__NODE__NODE_A_CONST:
      guard let constant = value.pointee.a_const?.pointee, constant.isnull == 0 else { return "text" }
      switch constant.val_case {
      case PG_QUERY__A__CONST__VAL_IVAL: return "integer"
      case PG_QUERY__A__CONST__VAL_FVAL: return "numeric"
      case PG_QUERY__A__CONST__VAL_BOOLVAL: return "boolean"
      case PG_QUERY__A__CONST__VAL_SVAL: return "text"
      default: return nil
      }
    case PG_QUERY__NODE__NODE_FUNC_CALL:
      switch name(ofResult: value) {
      case "now", "transaction_timestamp", "statement_timestamp", "clock_timestamp": return "timestamp with time zone"
      case "count", "row_number", "rank": return "bigint"
      case "gen_random_uuid", "uuid_generate_v4": return "uuid"
      case "lower", "upper", "concat", "format", "md5": return "text"
      default: return nil
      }
    default: return nil
    }
  }

  /// The tables of a FROM clause with the names they go by; a source that is no known table has none.
  private func sources(of items: [Node]) -> [(alias: String, table: Table?)] {
    var result: [(alias: String, table: Table?)] = []
    var open = items
    while let item = open.popLast(), result.count < 64 {
      switch item.pointee.node_case {
      case PG_QUERY__NODE__NODE_RANGE_VAR:
        guard let relation = item.pointee.range_var?.pointee else { continue }
        var table: Table?
        if case .table(let slot)? = resolve(relation), state.tables[slot]?.uncertainty[.columns] == nil {
          table = state.tables[slot]
        }
        let alias = relation.alias.map { text($0.pointee.aliasname) } ?? text(relation.relname)
        result.append((alias, table))
      case PG_QUERY__NODE__NODE_JOIN_EXPR:
        guard let join = item.pointee.join_expr?.pointee else { continue }
        if let right = join.rarg { open.append(right) }
        if let left = join.larg { open.append(left) }
      default: result.append(("", nil))
      }
    }
    return result
  }
}
