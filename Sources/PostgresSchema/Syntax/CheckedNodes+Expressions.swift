import CPgQuery

/// The members of the C union that value expressions and queries are made of.
extension UnsafeMutablePointer where Pointee == PgQuery__Node {
  var aArrayExpr: UnsafeMutablePointer<PgQuery__AArrayExpr>? {
    pointee.node_case == PG_QUERY__NODE__NODE_A_ARRAY_EXPR ? pointee.a_array_expr : nil
  }

  var aConst: UnsafeMutablePointer<PgQuery__AConst>? {
    pointee.node_case == PG_QUERY__NODE__NODE_A_CONST ? pointee.a_const : nil
  }

  var aIndirection: UnsafeMutablePointer<PgQuery__AIndirection>? {
    pointee.node_case == PG_QUERY__NODE__NODE_A_INDIRECTION ? pointee.a_indirection : nil
  }

  var boolExpr: UnsafeMutablePointer<PgQuery__BoolExpr>? {
    pointee.node_case == PG_QUERY__NODE__NODE_BOOL_EXPR ? pointee.bool_expr : nil
  }

  var booleanTest: UnsafeMutablePointer<PgQuery__BooleanTest>? {
    pointee.node_case == PG_QUERY__NODE__NODE_BOOLEAN_TEST ? pointee.boolean_test : nil
  }

  var caseExpr: UnsafeMutablePointer<PgQuery__CaseExpr>? {
    pointee.node_case == PG_QUERY__NODE__NODE_CASE_EXPR ? pointee.case_expr : nil
  }

  var caseWhen: UnsafeMutablePointer<PgQuery__CaseWhen>? {
    pointee.node_case == PG_QUERY__NODE__NODE_CASE_WHEN ? pointee.case_when : nil
  }

  var coalesceExpr: UnsafeMutablePointer<PgQuery__CoalesceExpr>? {
    pointee.node_case == PG_QUERY__NODE__NODE_COALESCE_EXPR ? pointee.coalesce_expr : nil
  }

  var namedArgExpr: UnsafeMutablePointer<PgQuery__NamedArgExpr>? {
    pointee.node_case == PG_QUERY__NODE__NODE_NAMED_ARG_EXPR ? pointee.named_arg_expr : nil
  }

  var collateClause: UnsafeMutablePointer<PgQuery__CollateClause>? {
    pointee.node_case == PG_QUERY__NODE__NODE_COLLATE_CLAUSE ? pointee.collate_clause : nil
  }

  var commonTableExpr: UnsafeMutablePointer<PgQuery__CommonTableExpr>? {
    pointee.node_case == PG_QUERY__NODE__NODE_COMMON_TABLE_EXPR ? pointee.common_table_expr : nil
  }

  var funcCall: UnsafeMutablePointer<PgQuery__FuncCall>? {
    pointee.node_case == PG_QUERY__NODE__NODE_FUNC_CALL ? pointee.func_call : nil
  }

  var insertStmt: UnsafeMutablePointer<PgQuery__InsertStmt>? {
    pointee.node_case == PG_QUERY__NODE__NODE_INSERT_STMT ? pointee.insert_stmt : nil
  }

  var isStar: Bool { pointee.node_case == PG_QUERY__NODE__NODE_A_STAR }

  var joinExpr: UnsafeMutablePointer<PgQuery__JoinExpr>? {
    pointee.node_case == PG_QUERY__NODE__NODE_JOIN_EXPR ? pointee.join_expr : nil
  }

  var minMaxExpr: UnsafeMutablePointer<PgQuery__MinMaxExpr>? {
    pointee.node_case == PG_QUERY__NODE__NODE_MIN_MAX_EXPR ? pointee.min_max_expr : nil
  }

  var nullTest: UnsafeMutablePointer<PgQuery__NullTest>? {
    pointee.node_case == PG_QUERY__NODE__NODE_NULL_TEST ? pointee.null_test : nil
  }

  var paramRef: UnsafeMutablePointer<PgQuery__ParamRef>? {
    pointee.node_case == PG_QUERY__NODE__NODE_PARAM_REF ? pointee.param_ref : nil
  }

  var rangeFunction: UnsafeMutablePointer<PgQuery__RangeFunction>? {
    pointee.node_case == PG_QUERY__NODE__NODE_RANGE_FUNCTION ? pointee.range_function : nil
  }

  var rangeSubselect: UnsafeMutablePointer<PgQuery__RangeSubselect>? {
    pointee.node_case == PG_QUERY__NODE__NODE_RANGE_SUBSELECT ? pointee.range_subselect : nil
  }

  var resTarget: UnsafeMutablePointer<PgQuery__ResTarget>? {
    pointee.node_case == PG_QUERY__NODE__NODE_RES_TARGET ? pointee.res_target : nil
  }

  var rowExpr: UnsafeMutablePointer<PgQuery__RowExpr>? {
    pointee.node_case == PG_QUERY__NODE__NODE_ROW_EXPR ? pointee.row_expr : nil
  }

  var selectStmt: UnsafeMutablePointer<PgQuery__SelectStmt>? {
    pointee.node_case == PG_QUERY__NODE__NODE_SELECT_STMT ? pointee.select_stmt : nil
  }

  var sortBy: UnsafeMutablePointer<PgQuery__SortBy>? {
    pointee.node_case == PG_QUERY__NODE__NODE_SORT_BY ? pointee.sort_by : nil
  }

  var sqlValueFunction: UnsafeMutablePointer<PgQuery__SQLValueFunction>? {
    pointee.node_case == PG_QUERY__NODE__NODE_SQLVALUE_FUNCTION ? pointee.sqlvalue_function : nil
  }

  var subLink: UnsafeMutablePointer<PgQuery__SubLink>? {
    pointee.node_case == PG_QUERY__NODE__NODE_SUB_LINK ? pointee.sub_link : nil
  }

  var typeCast: UnsafeMutablePointer<PgQuery__TypeCast>? {
    pointee.node_case == PG_QUERY__NODE__NODE_TYPE_CAST ? pointee.type_cast : nil
  }
}
