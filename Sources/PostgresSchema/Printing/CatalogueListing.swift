import Values

extension Catalogue {
  /// The catalogue for people: an object a paragraph, what protects it below it.
  package func listing(role: String) -> String {
    var lines: [String] = []
    // Positions are sorted, not the objects themselves, which are large.
    for position in tables.indices.sorted(by: { tables[$0].name < tables[$1].name }) {
      let table = tables[position]
      if table.isTemporary { continue }
      var flags = [
        table.kind == .partitionedTable ? "partitioned table" : table.kind == .table ? "table" : "foreign table"
      ]
      if table.isPartition, let parent = table.parents.first { flags.append("partition of \(tables[parent].name)") }
      flags.append("owner \(table.owner.value ?? role)")
      flags.append(word(table.rowSecurity, on: "row security", off: "no row security"))
      if table.forceRowSecurity.value { flags.append("forced") }
      if table.isAssumed { flags.append("no SQL creates it") }
      lines.append("\(table.name): \(flags.joined(separator: ", "))")
      for column in table.columns {
        lines.append("  \(column.name) \(column.type)\(column.isNotNull.value ? " not null" : "")")
      }
      for policy in table.policies {
        let roles = policy.roles.map { $0.isPublic ? "public" : $0.name }.joined(separator: ", ")
        lines.append(
          "  policy \(policy.name): \(policy.isPermissive ? "" : "restrictive, ")for \(policy.command.rawValue) to \(roles)"
        )
      }
      for trigger in table.triggers {
        let events = trigger.events.map(\.rawValue).joined(separator: " or ")
        let enabled = trigger.fires ? "" : ", disabled"
        lines.append(
          "  trigger \(trigger.name): \(trigger.timing == .before ? "before" : "after") \(events)"
            + "\(trigger.isForEachRow ? " for each row" : ""), \(trigger.functionName)\(enabled)")
      }
      lines += granted(table.grants)
      lines.append("")
    }
    for view in views.sorted(by: { $0.name < $1.name }) {
      let invoker = view.isSecurityInvoker.value ? ", security invoker" : ""
      lines.append(
        "\(view.name): \(view.isMaterialized ? "materialized view" : "view"), owner \(view.owner.value ?? role)\(invoker)"
      )
      lines += granted(view.grants)
      lines.append("")
    }
    for (signature, position) in functions.indices.map({ (functions[$0].signature, $0) }).sorted(by: <) {
      let function = functions[position]
      let kind = function.isProcedure ? "procedure" : "function"
      if function.isAssumed {
        lines.append("\(signature): \(kind), no SQL creates it")
        continue
      }
      let definer = function.isSecurityDefiner.value ? ", security definer" : ""
      lines.append("\(signature): \(kind), \(function.language)\(definer)")
    }
    if !functions.isEmpty { lines.append("") }
    for found in roles where !found.isPredefined {
      let flags = [
        found.canLogin.value ? "login" : "no login", found.isSuperuser.value ? "superuser" : nil,
        found.bypassesRowSecurity.value ? "bypasses row security" : nil, found.isAssumed ? "no SQL creates it" : nil,
      ]
      lines.append("role \(found.name): \(flags.compactMap { $0 }.joined(separator: ", "))")
    }
    while lines.last == "" { lines.removeLast() }
    return lines.isEmpty ? "" : lines.joined(separator: "\n") + "\n"
  }

  private func word(_ fact: Fact<Bool>, on: String, off: String) -> String {
    fact.uncertainty == nil ? fact.value ? on : off : "\(on) cannot be told"
  }

  private func granted(_ grants: [Grant]) -> [String] {
    var byGrantee: [String: [String]] = [:]
    for grant in grants where !grant.isImplicit {
      byGrantee[grant.grantee ?? "PUBLIC", default: []].append(
        grant.privilege + (grant.column.map { " (\($0))" } ?? ""))
    }
    return byGrantee.keys.sorted().map { "  granted to \($0): \((byGrantee[$0] ?? []).joined(separator: ", "))" }
  }
}
