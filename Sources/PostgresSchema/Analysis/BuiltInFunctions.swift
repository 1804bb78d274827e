/// PostgreSQL's own functions that policies and audit functions use; all answer NULL to NULL unless evaluated by name.
enum BuiltInFunctions {
  static func contains(_ name: String) -> Bool { names.contains(name) || isPredicate(name) }

  /// Answers true or false.
  static func isPredicate(_ name: String) -> Bool { predicates.contains(name) }

  private static let predicates: Set<String> = [
    "starts_with", "regexp_like", "has_table_privilege", "has_schema_privilege", "has_database_privilege",
    "has_column_privilege", "has_function_privilege", "pg_has_role", "row_security_active", "isempty", "isfinite",
    "jsonb_exists", "jsonb_path_exists", "pg_is_in_recovery", "bool_or", "bool_and", "every", "upper_inf", "lower_inf",
  ]

  private static let names: Set<String> = [
    "now", "random", "gen_random_uuid", "uuid_generate_v4", "uuid_generate_v1", "clock_timestamp",
    "statement_timestamp", "transaction_timestamp", "timeofday", "txid_current", "pg_current_xact_id",
    "pg_backend_pid", "inet_client_addr", "inet_client_port", "inet_server_addr", "inet_server_port",
    "current_database", "current_schema", "current_schemas", "version", "pg_trigger_depth", "current_query", "lastval",
    "nextval", "currval", "abs", "ceil", "floor", "round", "mod", "power", "sqrt", "trunc", "sign", "width_bucket",
    "date_trunc", "date_part", "extract", "age", "make_interval", "make_date", "make_timestamptz", "timezone",
    "to_char", "to_date", "to_timestamp", "to_number", "replace", "translate", "split_part", "substr", "substring",
    "left", "right", "lpad", "rpad", "repeat", "reverse", "position", "strpos", "initcap", "ascii", "chr", "overlay",
    "md5", "sha224", "sha256", "sha384", "sha512", "encode", "decode", "digest", "hmac", "crypt", "gen_salt",
    "pgp_sym_encrypt", "pgp_sym_decrypt", "quote_ident", "quote_literal", "quote_nullable", "regexp_replace",
    "regexp_match", "regexp_matches", "regexp_split_to_array", "regexp_split_to_table", "array_length",
    "cardinality", "array_position", "array_positions", "array_remove", "array_cat", "array_prepend", "array_to_string",
    "unnest", "generate_series", "string_to_table", "text", "uuid", "int4", "int8", "bool", "numeric", "varchar",
    "jsonb_extract_path", "jsonb_extract_path_text", "json_extract_path", "json_extract_path_text",
    "jsonb_array_elements", "jsonb_array_elements_text", "json_array_elements", "json_array_elements_text",
    "jsonb_array_length", "jsonb_object_keys", "json_object_keys", "jsonb_each", "jsonb_each_text", "json_each",
    "json_each_text", "jsonb_typeof", "jsonb_set", "jsonb_insert", "jsonb_strip_nulls", "json_strip_nulls",
    "jsonb_pretty", "jsonb_populate_record", "jsonb_to_record", "jsonb_object", "json_object", "jsonb_delete",
    "hstore_to_json", "hstore_to_jsonb", "hstore_to_matrix", "akeys", "avals", "skeys", "svals", "each", "slice",
    "delete", "array_to_json", "jsonb_concat", "count", "sum", "min", "max", "avg", "array_agg", "string_agg",
    "json_agg", "jsonb_agg", "json_object_agg", "jsonb_object_agg", "row_number", "rank", "host", "family", "masklen",
    "network", "text_ops", "oid", "to_regclass", "to_regrole", "pg_get_userbyid", "obj_description",
    "col_description", "format_type", "pg_advisory_xact_lock", "pg_notify", "lower_inc", "upper_inc", "daterange",
    "tstzrange", "int4range", "range_merge", "convert_from", "convert_to", "get_byte", "bit_length", "similar_escape",
    "similar_to_escape", "like_escape", "set_masklen", "hashtext", "pg_column_size", "xmin", "isnull",
    "session_user", "concat", "jsonb_path_query", "jsonb_path_query_array", "justify_days", "date", "timestamptz",
    "percentile_cont", "pg_typeof", "txid_current_if_assigned", "pg_current_xact_id_if_assigned", "hstore",
  ]
}
