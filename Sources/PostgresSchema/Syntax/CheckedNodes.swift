import CPgQuery

/// The members of a node's C union, each only where the node is of that kind: an unchecked access would read one
/// struct as another.
extension UnsafeMutablePointer where Pointee == PgQuery__Node {
  var aExpr: UnsafeMutablePointer<PgQuery__AExpr>? {
    pointee.node_case == PG_QUERY__NODE__NODE_A_EXPR ? pointee.a_expr : nil
  }

  var accessPriv: UnsafeMutablePointer<PgQuery__AccessPriv>? {
    pointee.node_case == PG_QUERY__NODE__NODE_ACCESS_PRIV ? pointee.access_priv : nil
  }

  var alterTableCmd: UnsafeMutablePointer<PgQuery__AlterTableCmd>? {
    pointee.node_case == PG_QUERY__NODE__NODE_ALTER_TABLE_CMD ? pointee.alter_table_cmd : nil
  }

  var columnDef: UnsafeMutablePointer<PgQuery__ColumnDef>? {
    pointee.node_case == PG_QUERY__NODE__NODE_COLUMN_DEF ? pointee.column_def : nil
  }

  var columnRef: UnsafeMutablePointer<PgQuery__ColumnRef>? {
    pointee.node_case == PG_QUERY__NODE__NODE_COLUMN_REF ? pointee.column_ref : nil
  }

  var constraint: UnsafeMutablePointer<PgQuery__Constraint>? {
    pointee.node_case == PG_QUERY__NODE__NODE_CONSTRAINT ? pointee.constraint : nil
  }

  var defElem: UnsafeMutablePointer<PgQuery__DefElem>? {
    pointee.node_case == PG_QUERY__NODE__NODE_DEF_ELEM ? pointee.def_elem : nil
  }

  var functionParameter: UnsafeMutablePointer<PgQuery__FunctionParameter>? {
    pointee.node_case == PG_QUERY__NODE__NODE_FUNCTION_PARAMETER ? pointee.function_parameter : nil
  }

  var indexElem: UnsafeMutablePointer<PgQuery__IndexElem>? {
    pointee.node_case == PG_QUERY__NODE__NODE_INDEX_ELEM ? pointee.index_elem : nil
  }

  var objectWithArgs: UnsafeMutablePointer<PgQuery__ObjectWithArgs>? {
    pointee.node_case == PG_QUERY__NODE__NODE_OBJECT_WITH_ARGS ? pointee.object_with_args : nil
  }

  var partitionCmd: UnsafeMutablePointer<PgQuery__PartitionCmd>? {
    pointee.node_case == PG_QUERY__NODE__NODE_PARTITION_CMD ? pointee.partition_cmd : nil
  }

  var rangeVar: UnsafeMutablePointer<PgQuery__RangeVar>? {
    pointee.node_case == PG_QUERY__NODE__NODE_RANGE_VAR ? pointee.range_var : nil
  }

  var roleSpec: UnsafeMutablePointer<PgQuery__RoleSpec>? {
    pointee.node_case == PG_QUERY__NODE__NODE_ROLE_SPEC ? pointee.role_spec : nil
  }

  var tableLikeClause: UnsafeMutablePointer<PgQuery__TableLikeClause>? {
    pointee.node_case == PG_QUERY__NODE__NODE_TABLE_LIKE_CLAUSE ? pointee.table_like_clause : nil
  }

  var triggerTransition: UnsafeMutablePointer<PgQuery__TriggerTransition>? {
    pointee.node_case == PG_QUERY__NODE__NODE_TRIGGER_TRANSITION ? pointee.trigger_transition : nil
  }

  var typeName: UnsafeMutablePointer<PgQuery__TypeName>? {
    pointee.node_case == PG_QUERY__NODE__NODE_TYPE_NAME ? pointee.type_name : nil
  }

  var variableSetStmt: UnsafeMutablePointer<PgQuery__VariableSetStmt>? {
    pointee.node_case == PG_QUERY__NODE__NODE_VARIABLE_SET_STMT ? pointee.variable_set_stmt : nil
  }
}
