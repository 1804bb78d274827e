import SourceText
import Values

extension Replay {
  /// Trigger functions of widely used audit and history packages, which their extensions or scripts create
  /// (names from the packages' own sources).
  private static let knownAuditFunctions: Set<String> = [
    "audit.insert_update_delete_trigger", "audit.truncate_trigger", "audit.if_modified_func", "versioning",
    "temporal_tables.versioning", "periods.write_history", "pgmemento.log_insert", "pgmemento.log_update",
    "pgmemento.log_delete", "pgmemento.log_truncate", "pgmemento.log_transaction",
  ]

  /// Tells for every trigger function whether it writes about the change, and marks the tables it writes to.
  mutating func classifyAuditing() {
    var transitionTables: [Int: Set<String>] = [:]
    var firesLater: Set<Int> = []
    var firesBeforeInsert: Set<Int> = []
    for slot in state.tables.indices {
      for trigger in state.tables[slot]?.triggers ?? [] {
        guard let function = trigger.function else { continue }
        if trigger.timing == .before, Array(trigger.events) == [.insert] {
          firesBeforeInsert.insert(function)
        } else {
          firesLater.insert(function)
        }
        for name in [trigger.oldTable, trigger.newTable].compactMap({ $0 }) {
          transitionTables[function, default: []].insert(name)
        }
      }
    }
    var slotsByName: [String: [Int]] = [:]
    for slot in state.tables.indices {
      if let name = state.name(ofTable: slot)?.name { slotsByName[name, default: []].append(slot) }
    }
    state.catalogue.bodies.readAhead(
      state.functions.compactMap { function in
        guard let function, function.isTriggerFunction, function.language == "plpgsql", let body = function.body else {
          return nil
        }
        return (body.source, function.header)
      })
    for slot in state.functions.indices {
      guard let function = state.functions[slot], function.isTriggerFunction else { continue }
      let isBeforeInsertOnly = firesBeforeInsert.contains(slot) && !firesLater.contains(slot)
      classify(slot, function, transitionTables[slot] ?? [], slotsByName, isBeforeInsertOnly)
    }
  }

  private mutating func classify(
    _ slot: Int, _ function: Function, _ transitionTables: Set<String>, _ slotsByName: [String: [Int]],
    _ isBeforeInsertOnly: Bool
  ) {
    if Replay.isKnown(function.name) {
      state.functions[slot]?.isAuditFunction = .yes
      return
    }
    guard let body = function.body else {
      if let unknown = function.uncertainty[.existence] { state.functions[slot]?.isAuditFunction = .unknown(unknown) }
      return
    }
    guard function.language == "plpgsql" else {
      state.functions[slot]?.isAuditFunction = .unknown(
        Unknown(
          Reason(
            .sql, "function '\(function.name)' is written in \(function.language), which is not analysed",
            at: function.origin.span)))
      return
    }
    let bodies = state.catalogue.bodies
    var targets = AuditTargets.find(
      in: body.source, header: function.header, transitionTables: transitionTables, bodies)
    var source = body.source
    var path = function.searchPath
    if targets.isEmpty, let helper = auditHelper(of: function, body.source) {
      // The trigger function hands the change to another function, which writes it.
      targets = AuditTargets.find(
        in: helper.source, header: helper.function.header, transitionTables: Set(helper.function.argumentNames), bodies)
      source = helper.source
      path = helper.function.searchPath
    }
    // A trigger that makes a member of each new account writes about no change: neither is its target called like an
    // audit table, nor does it keep the row or the operation.
    if !AuditTargets.keepsChange(in: source) {
      // What is made before a row is inserted is what the row refers to: the base of a subtype, whatever its name.
      if isBeforeInsertOnly { return }
      targets.removeAll { $0.parts.map { !AuditTargets.isNamedLikeAudit($0) } ?? false }
    }
    guard !targets.isEmpty else { return }
    state.functions[slot]?.isAuditFunction = .yes
    for target in targets {
      let table = target.parts.flatMap { tableSlot($0, searchPath: path, slotsByName) }
      let name = target.parts?.joined(separator: ".") ?? source.bytes.text(target.range)
      let span = source.span(target.range)
      if state.functions[slot]?.auditTables.contains(where: { $0.name == name }) == true { continue }
      state.functions[slot]?.auditTables.append(
        Function.AuditTarget(name: name, span: span, table: table, isComputed: target.parts == nil))
      if let table { state.tables[table]?.isAuditTable = true }
    }
  }

  private static func isKnown(_ name: QualifiedName) -> Bool {
    knownAuditFunctions.contains(name.description) || knownAuditFunctions.contains(name.name)
  }

  /// The first function of the project that the body calls with NEW or OLD in its arguments.
  private func auditHelper(of function: Function, _ body: MappedText) -> (function: Function, source: MappedText)? {
    let bytes = body.bytes
    let tokens = SQLLexer.tokens(of: bytes)
    for index in tokens.indices.dropLast()
    where tokens[index].kind == .word && bytes.isPunctuation(tokens[index + 1], "(") {
      var parts = [bytes.name(tokens[index])]
      if index >= 2, bytes.isPunctuation(tokens[index - 1], ".") { parts.insert(bytes.name(tokens[index - 2]), at: 0) }
      guard let slot = existingFunction(parts, types: nil), let helper = state.functions[slot],
        helper.name != function.name, helper.language == "plpgsql", let source = helper.body?.source
      else { continue }
      let arguments = tokens[(index + 1)...].prefix(64).prefix { !bytes.isPunctuation($0, ";") }
      if arguments.contains(where: { ["new", "old", "tg_op", "tg_table_name"].contains(bytes.folded($0)) }) {
        return (helper, source)
      }
    }
    return nil
  }

  /// The table that a body means by a name: along the function's own search path where it has one.
  private func tableSlot(_ parts: [String], searchPath: String?, _ slotsByName: [String: [Int]]) -> Int? {
    let name = parts.last ?? ""
    let path = searchPath?.split(separator: ",").map { String($0.filter { $0 != " " && $0 != "\"" }) }
    let schemas = parts.count > 1 ? [parts[parts.count - 2]] : path ?? session.searchPath
    for schema in schemas {
      if case .table(let slot)? = state.relations[QualifiedName(schema, name)] { return slot }
    }
    guard parts.count == 1, path == nil else { return nil }
    // Without a path of its own the caller's counts: a name that only one table has is that table.
    let candidates = slotsByName[name] ?? []
    return candidates.count == 1 ? candidates[0] : nil
  }
}

extension Function {
  /// What stands in front of `AS` in a statement that would create the function.
  var header: String {
    let parameters = zip(argumentTypes, argumentNames + Array(repeating: "", count: argumentTypes.count)).map {
      $1.isEmpty ? $0 : "\"\($1)\" \($0)"
    }
    return
      "CREATE FUNCTION f(\(parameters.joined(separator: ", "))) RETURNS \(returnType ?? "void") LANGUAGE plpgsql AS "
  }
}
