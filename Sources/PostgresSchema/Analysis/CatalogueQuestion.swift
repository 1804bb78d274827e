import SourceText

/// Answers the conditions under which migrations define things: `[NOT] EXISTS (SELECT … FROM pg_roles WHERE …)`.
enum CatalogueQuestion {
  /// Whether the condition holds in the catalogue as replayed so far; nil when it asks something else.
  static func answer(_ condition: Range<Int>, in text: MappedText, _ state: ReplayState) -> Bool? {
    let bytes = text.bytes
    let tokens = SQLLexer.tokens(of: bytes, condition)
    var words = tokens[...]
    var isNegated = false
    if let first = words.first, bytes.isKeyword(first, "not") {
      isNegated = true
      words = words.dropFirst()
    }
    guard let exists = words.first, bytes.isKeyword(exists, "exists") else { return nil }
    // Anything but one EXISTS with conditions joined by AND is beyond this.
    guard words.filter({ bytes.isKeyword($0, "exists") }).count == 1,
      !words.contains(where: { bytes.isKeyword($0, "or") || bytes.isKeyword($0, "like") || bytes.isKeyword($0, "in") })
    else { return nil }
    guard let found = hasRow(Array(words), in: text, state) else { return nil }
    return found != isNegated
  }

  /// The relation asked about and the strings compared with: the row is there when one object has all the names.
  private static func hasRow(_ tokens: [SQLToken], in text: MappedText, _ state: ReplayState) -> Bool? {
    let bytes = text.bytes
    guard let from = tokens.firstIndex(where: { bytes.isKeyword($0, "from") }), from + 1 < tokens.count else {
      return nil
    }
    var relation = bytes.name(tokens[from + 1])
    if from + 3 < tokens.count, bytes.isPunctuation(tokens[from + 2], ".") { relation = bytes.name(tokens[from + 3]) }
    var names: Set<String> = []
    for (index, token) in tokens.enumerated() where token.kind == .string {
      guard let value = StringLiteral.decoded(token, of: text)?.string else { return nil }
      // These compare with a letter that tells kinds apart, not with a name.
      if index >= 2,
        ["relkind", "contype", "typtype", "prokind", "polcmd", "table_type", "constraint_type"]
          .contains(bytes.name(tokens[index - 2]))
      {
        continue
      }
      // 'public.t'::regclass is a name in two parts.
      names.formUnion(value.split(separator: ".").map(String.init))
    }
    guard !names.isEmpty else { return nil }
    let tables = state.tables.lazy.compactMap { $0 }
    func ofTable(_ members: (Table) -> [String]) -> Bool {
      tables.contains { table in
        let own = members(table)
        return !names.isDisjoint(with: own)
          && names.subtracting(own).subtracting([table.name.name, table.name.schema]).isEmpty
      }
    }
    switch relation {
    case "pg_roles", "pg_user", "pg_authid", "pg_catalog.pg_roles":
      return names.contains { name in state.rolePositions[name].map { !state.catalogue.roles[$0].isAssumed } ?? false }
    case "pg_namespace", "schemata": return names.contains { state.schemaPositions[$0] != nil }
    case "pg_extension": return names.contains { state.catalogue.hasExtension($0) }
    case "pg_type": return state.typeNames.contains { names.contains($0.name) }
    case "pg_tables", "tables", "pg_class":
      return tables.contains {
        names.contains($0.name.name) && names.subtracting([$0.name.name, $0.name.schema]).isEmpty
      }
    case "columns", "pg_attribute": return ofTable { $0.columns.map(\.name) }
    case "pg_policies", "pg_policy": return ofTable { $0.policies.map(\.name) }
    case "pg_trigger", "triggers": return ofTable { $0.triggers.map(\.name) }
    case "pg_constraint", "table_constraints": return ofTable { $0.constraints.map(\.name) }
    case "pg_indexes": return ofTable { $0.indexes.map(\.name) }
    case "pg_proc", "routines": return state.functions.contains { $0.map { names.contains($0.name.name) } ?? false }
    default: return nil
    }
  }
}
