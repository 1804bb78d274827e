import SourceText
import Values

extension Replay {
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
