import CPgQuery

/// Types as PostgreSQL prints them (`format_type`).
extension PgQuery__TypeName {
  /// The names of the type without `pg_catalog`.
  private var parts: [String] { nodes(n_names, names).compactMap(\.string) }

  /// `serial` and its kin stand for an integer with a sequence; nil for every other type.
  var serialType: String? {
    guard parts.count == 1 else { return nil }
    switch parts[0] {
    case "serial", "serial4": return "integer"
    case "bigserial", "serial8": return "bigint"
    case "smallserial", "serial2": return "smallint"
    default: return nil
    }
  }

  /// `character varying(255)`, `timestamp with time zone`, `chat.classification`, `integer[]`.
  var formatted: String {
    let parts = parts
    let isBuiltIn = parts.count == 2 && parts[0] == "pg_catalog"
    let name = parts.last ?? ""
    let modifiers = nodes(n_typmods, typmods).compactMap(\.constant)
    var result: String
    switch (isBuiltIn || parts.count == 1, name) {
    case (true, "int4"), (true, "int"): result = "integer"
    case (true, "int8"): result = "bigint"
    case (true, "int2"): result = "smallint"
    case (true, "float8"): result = "double precision"
    case (true, "float4"): result = "real"
    case (true, "bool"): result = "boolean"
    case (true, "varchar"): result = "character varying" + list(modifiers)
    case (true, "bpchar"): result = "character" + list(modifiers)
    case (true, "varbit"): result = "bit varying" + list(modifiers)
    case (true, "decimal"), (true, "numeric"):
      // The scale is always printed.
      result = "numeric" + list(modifiers.count == 1 ? modifiers + ["0"] : modifiers)
    case (true, "timestamptz"): result = "timestamp\(list(modifiers)) with time zone"
    case (true, "timestamp"): result = "timestamp\(list(modifiers)) without time zone"
    case (true, "timetz"): result = "time\(list(modifiers)) with time zone"
    case (true, "time"): result = "time\(list(modifiers)) without time zone"
    case (true, "interval"): result = PgQuery__TypeName.interval(modifiers)
    default:
      result = (isBuiltIn ? name : parts.joined(separator: ".")) + list(modifiers)
    }
    if n_array_bounds > 0 { result += "[]" }
    return result
  }

  private func list(_ modifiers: [String]) -> String {
    modifiers.isEmpty ? "" : "(" + modifiers.joined(separator: ",") + ")"
  }

  /// The first modifier of an interval is a bit mask of its fields (`datetime.h`).
  private static func interval(_ modifiers: [String]) -> String {
    guard let mask = modifiers.first.flatMap({ Int($0) }) else { return "interval" }
    let fields: [Int: String] = [
      1 << 2: " year", 1 << 1: " month", 1 << 3: " day", 1 << 10: " hour", 1 << 11: " minute", 1 << 12: " second",
      1 << 2 | 1 << 1: " year to month", 1 << 3 | 1 << 10: " day to hour",
      1 << 3 | 1 << 10 | 1 << 11: " day to minute", 1 << 3 | 1 << 10 | 1 << 11 | 1 << 12: " day to second",
      1 << 10 | 1 << 11: " hour to minute", 1 << 10 | 1 << 11 | 1 << 12: " hour to second",
      1 << 11 | 1 << 12: " minute to second",
    ]
    let precision = modifiers.count > 1 ? "(\(modifiers[1]))" : ""
    return "interval" + (fields[mask] ?? "") + precision
  }
}
