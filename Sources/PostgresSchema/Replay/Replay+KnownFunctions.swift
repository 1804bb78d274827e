import SourceText
import Values

extension Replay {
  /// What calls to functions of widely used audit packages do, when the functions themselves come with an extension
  /// and no SQL of the project shows their bodies. Returns false for any other function.
  ///
  /// - `audit.audit_table('t'[, rows…])` of the 2ndQuadrant audit trigger: a row trigger, and one for TRUNCATE.
  /// - `audit.enable_tracking('t'::regclass)` and `audit.disable_tracking` of supa_audit.
  mutating func callKnownFunction(_ name: String, _ arguments: [Range<Int>], _ context: StatementContext) -> Bool {
    switch name {
    case "audit.audit_table":
      guard let slot = tableArgument(arguments, context) else { return true }
      // The second argument says whether rows are audited; without it they are.
      let rows = arguments.count < 2 || context.expression(tokens: arguments[1])?.text.lowercased() != "false"
      if rows {
        attach(
          "audit_trigger_row", [.insert, .update, .delete], isForEachRow: true, "if_modified_func", to: slot, context)
      }
      attach(
        "audit_trigger_stm", rows ? [.truncate] : Trigger.Event.allCases, isForEachRow: false, "if_modified_func",
        to: slot, context)
    case "audit.enable_tracking":
      guard let slot = tableArgument(arguments, context) else { return true }
      attach(
        "audit_i_u_d", [.insert, .update, .delete], isForEachRow: true, "insert_update_delete_trigger", to: slot,
        context)
      attach("audit_t", [.truncate], isForEachRow: false, "truncate_trigger", to: slot, context)
    case "audit.disable_tracking":
      guard let slot = tableArgument(arguments, context) else { return true }
      state.tables[slot]?.triggers.removeAll { $0.name == "audit_i_u_d" || $0.name == "audit_t" }
    default: return false
    }
    return true
  }

  /// The table that the first argument names in a string.
  private mutating func tableArgument(_ arguments: [Range<Int>], _ context: StatementContext) -> Int? {
    guard let first = arguments.first, let token = context.tokens[first].first,
      let value = StringLiteral.decoded(token, of: context.text)
    else { return nil }
    let bytes = value.bytes
    let parts = SQLLexer.tokens(of: bytes).filter { $0.kind == .word || $0.kind == .quotedName }.map { bytes.name($0) }
    switch resolve(parts) {
    case .table(let slot): return slot
    case .view, .sequence: return nil
    case nil: return assumeTable(qualified(parts), at: context.text.span(token.range), context)
    }
  }

  private mutating func attach(
    _ name: String, _ events: [Trigger.Event], isForEachRow: Bool, _ function: String, to slot: Int,
    _ context: StatementContext
  ) {
    guard let table = state.tables[slot], table.trigger(named: name) == nil else { return }
    let origin = Origin(context.span, path: "\(table.name).\(name)", kind: .trigger)
    let functionSlot = self.function(["audit", function], arguments: [], at: context.span, context)
    state.tables[slot]?.triggers.append(
      Trigger(
        name: name, origin: origin, statement: context.span, timing: .after, events: events,
        isForEachRow: isForEachRow, updateColumns: [], when: nil, whenAsksOnlyForChange: false,
        functionName: QualifiedName("audit", function), functionSpan: context.span, function: functionSlot,
        arguments: [], enabled: Fact(.origin, at: origin), oldTable: nil, newTable: nil, isConstraint: false))
    note(context.condition, .triggers, of: slot)
  }

  // MARK: Event triggers

  /// A table that is created under an event trigger may be changed by its function in every way the body names.
  mutating func noteEventTriggers(onTable slot: Int) {
    for trigger in state.catalogue.eventTriggers
    where trigger.event == "ddl_command_end" && trigger.enabled.value != .disabled {
      if !trigger.tags.isEmpty, !trigger.tags.contains("CREATE TABLE") { continue }
      let parts = trigger.functionName.split(separator: ".").map(String.init)
      var aspects = Aspect.allCases.filter { $0 != .existence && $0 != .columns }
      if let function = existingFunction(parts, types: nil), let body = state.functions[function]?.body?.source {
        let tokens = SQLLexer.tokens(of: body.bytes)
        guard tokens.contains(where: { body.bytes.isKeyword($0, "execute") }) else { continue }
        if runEventTrigger(function, onTable: slot, tag: "CREATE TABLE") { continue }
        let named = DynamicEffect.namedAspects(of: tokens, in: body.bytes)
        if !named.isEmpty { aspects = named }
      }
      let reason = Reason(
        .sql, "event trigger '\(trigger.name)' runs when the table is created, and may change it",
        at: trigger.origin.span)
      state.tables[slot]?.uncertainty.add(reason, to: aspects.filter { $0 != .rowSecurity && $0 != .owner })
      if aspects.contains(.rowSecurity) {
        state.tables[slot]?.rowSecurity.doubt(reason)
        state.tables[slot]?.forceRowSecurity.doubt(reason)
      }
      if aspects.contains(.owner) { state.tables[slot]?.owner.doubt(reason) }
    }
  }
}
