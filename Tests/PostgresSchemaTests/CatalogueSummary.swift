@testable import PostgresSchema

extension Catalogue {
  /// The catalogue in lines, in the terms of the server's own catalogue, to compare with one.
  var summary: String {
    var lines: [String] = []
    for table in tables.sorted(by: { $0.name < $1.name }) {
      lines.append(
        "table \(table.name) owner=\(table.owner.value ?? "?") rls=\(table.rowSecurity.value)/\(table.forceRowSecurity.value)"
      )
      for column in table.columns {
        lines.append(
          "  column \(column.name) \(column.type)\(column.isNotNull.value ? " not null" : "")"
            + (column.defaultExpression.map { " default \($0.text)" } ?? ""))
      }
      for constraint in table.constraints.sorted(by: { $0.name < $1.name }) {
        lines.append(
          "  constraint \(constraint.name) \(constraint.kind) (\(constraint.columns.joined(separator: ",")))"
            + (constraint.reference.map { " -> \($0.tableName) (\($0.columns.joined(separator: ",")))" } ?? ""))
      }
      for index in table.indexes.sorted(by: { $0.name < $1.name }) {
        lines.append(
          "  index \(index.name) (\(index.columns.joined(separator: ",")))\(index.isUnique ? " unique" : "")")
      }
      for policy in table.policies.sorted(by: { $0.name < $1.name }) {
        lines.append(
          "  policy \(policy.name) \(policy.command) to \(policy.roles.map(\.name).joined(separator: ","))"
            + " using \(policy.using?.text ?? "-") check \(policy.withCheck?.text ?? "-")")
      }
      for trigger in table.triggers.sorted(by: { $0.name < $1.name }) {
        lines.append(
          "  trigger \(trigger.name) \(trigger.timing) \(trigger.events.map(\.rawValue).joined(separator: ","))"
            + " \(trigger.isForEachRow ? "row" : "statement") \(trigger.functionName) \(trigger.enabled.value.rawValue)"
        )
      }
      let grants = table.grants.map { grant in
        "  grant \(grant.grantee ?? "PUBLIC") \(grant.privilege)" + (grant.column.map { "(\($0))" } ?? "")
      }
      lines += grants.sorted()
      if !table.ownerRevocations.isEmpty {
        lines.append("  owner lacks \(table.ownerRevocations.joined(separator: ","))")
      }
    }
    for function in functions {
      lines.append(
        "function \(function.signature) \(function.language) owner=\(function.owner.value ?? "?")"
          + " definer=\(function.isSecurityDefiner.value) path=\(function.searchPath ?? "-")"
          + " public=\(function.grants.contains { $0.grantee == nil }) audit=\(function.isAuditFunction.known.map(String.init) ?? "?")"
          + " -> \(function.auditTables.map(\.name).joined(separator: ","))")
    }
    for role in roles {
      lines.append(
        "role \(role.name) login=\(role.canLogin.value) in \(role.memberOf.map(\.role).joined(separator: ","))")
    }
    return lines.joined(separator: "\n")
  }
}
