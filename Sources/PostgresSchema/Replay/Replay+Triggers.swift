import CPgQuery
import SourceText
import Values

extension Replay {
  /// Bits of `tgtype` (`pg_trigger.h`).
  private enum Bits {
    static let before: Int32 = 1 << 1
    static let insert: Int32 = 1 << 2
    static let delete: Int32 = 1 << 3
    static let update: Int32 = 1 << 4
    static let truncate: Int32 = 1 << 5
    static let insteadOf: Int32 = 1 << 6
  }

  mutating func createTrigger(_ statement: PgQuery__CreateTrigStmt, _ context: StatementContext) {
    guard let relation = statement.relation?.pointee else { return }
    if case .view(let slot)? = resolve(relation) {
      guard let name = state.views[slot]?.name else { return }
      let trigger = trigger(statement, on: name, context)
      state.views[slot]?.triggers.append(trigger)
      return
    }
    guard let slot = table(relation, context), let name = state.name(ofTable: slot) else { return }
    let trigger = trigger(statement, on: name, context)
    if let existing = state.tables[slot]?.triggers.firstIndex(where: { $0.name == trigger.name }) {
      // OR REPLACE also enables a disabled trigger again.
      guard statement.replace != 0 else { return }
      state.tables[slot]?.triggers[existing] = trigger
    } else {
      state.tables[slot]?.triggers.append(trigger)
    }
    note(context.condition, .triggers, of: slot)
    guard trigger.isForEachRow, state.tables[slot]?.kind == .partitionedTable else { return }
    for partition in state.descendants(of: slot) where state.tables[partition]?.isPartition == true {
      clone(trigger, of: slot, to: partition)
    }
  }

  mutating func clone(_ trigger: Trigger, of parent: Int, to partition: Int) {
    if state.tables[partition]?.triggers.contains(where: { $0.name == trigger.name }) ?? false { return }
    var copy = trigger
    copy.clonedFrom = parent
    state.tables[partition]?.triggers.append(copy)
  }

  private mutating func trigger(
    _ statement: PgQuery__CreateTrigStmt, on table: QualifiedName, _ context: StatementContext
  ) -> Trigger {
    let name = ObjectNames.truncated(text(statement.trigname))
    let origin = Origin(context.nameSpan(after: "trigger"), path: "\(table).\(name)", kind: .trigger)
    let bits: [(Int32, Trigger.Event)] = [
      (Bits.insert, .insert), (Bits.update, .update), (Bits.delete, .delete), (Bits.truncate, .truncate),
    ]
    let timing: Trigger.Timing =
      statement.timing & Bits.before != 0 ? .before : statement.timing & Bits.insteadOf != 0 ? .insteadOf : .after
    let parts = nodes(statement.n_funcname, statement.funcname).compactMap(\.string)
    let execute = context.firstToplevel("execute") ?? 0
    let functionSpan =
      execute + 2 < context.tokens.count ? context.text.span(context.nameRange(from: execute + 2)) : context.span
    let function = function(parts, arguments: [], at: functionSpan, context)
    let whenIndex = context.firstToplevel("when")
    var oldTable: String?
    var newTable: String?
    for node in nodes(statement.n_transition_rels, statement.transition_rels) {
      guard let transition = node.triggerTransition?.pointee else { continue }
      if transition.is_new != 0 { newTable = text(transition.name) } else { oldTable = text(transition.name) }
    }
    return Trigger(
      name: name, origin: origin, statement: context.span, timing: timing,
      events: bits.filter { statement.events & $0.0 != 0 }.map(\.1), isForEachRow: statement.row != 0,
      updateColumns: nodes(statement.n_columns, statement.columns).compactMap(\.string),
      when: statement.when_clause == nil ? nil : whenIndex.flatMap { context.expression(inBracketsAfter: $0) },
      whenAsksOnlyForChange: statement.when_clause.map(Replay.asksOnlyForChange) ?? false,
      functionName: function.flatMap { state.functions[$0]?.name } ?? builtInOrQualified(parts),
      functionSpan: functionSpan,
      function: function, arguments: nodes(statement.n_args, statement.args).compactMap(\.string),
      enabled: Fact(.origin, at: origin), oldTable: oldTable, newTable: newTable,
      isConstraint: statement.isconstraint != 0, isDeferrable: statement.deferrable != 0)
  }

  private func builtInOrQualified(_ parts: [String]) -> QualifiedName {
    parts.count == 1 && Replay.isBuiltInTrigger(parts[0])
      ? QualifiedName("pg_catalog", parts[0]) : qualified(parts)
  }

  /// `OLD.* IS DISTINCT FROM NEW.*`, either way round: whole rows, so that no change is missed.
  private static func asksOnlyForChange(_ node: Node) -> Bool {
    guard node.pointee.node_case == PG_QUERY__NODE__NODE_A_EXPR, let expression = node.aExpr?.pointee,
      expression.kind == PG_QUERY__A__EXPR__KIND__AEXPR_DISTINCT, let left = expression.lexpr,
      let right = expression.rexpr
    else { return false }
    func row(_ node: Node) -> String? {
      guard node.pointee.node_case == PG_QUERY__NODE__NODE_COLUMN_REF, let reference = node.columnRef?.pointee
      else { return nil }
      let fields = nodes(reference.n_fields, reference.fields)
      let isWhole = fields.count == 1 || fields.last?.pointee.node_case == PG_QUERY__NODE__NODE_A_STAR
      return isWhole && fields.count <= 2 ? fields.first?.string : nil
    }
    return Set([row(left), row(right)]) == ["old", "new"]
  }

  /// ALTER TABLE … ENABLE / DISABLE TRIGGER; partitions' clones follow.
  mutating func enableTriggers(
    _ enablement: Trigger.Enablement, named name: String?, of slot: Int, recursing: Bool, _ context: StatementContext
  ) {
    for index in state.tables[slot]?.triggers.indices ?? 0..<0 {
      guard let trigger = state.tables[slot]?.triggers[index], name == nil || trigger.name == name else { continue }
      let origin = Origin(context.span, path: trigger.origin.path, kind: .trigger)
      state.tables[slot]?.triggers[index].enabled = Fact(enablement, at: origin)
    }
    note(context.condition, .triggers, of: slot)
    guard recursing, state.tables[slot]?.kind == .partitionedTable else { return }
    for partition in state.descendants(of: slot) {
      enableTriggers(enablement, named: name, of: partition, recursing: false, context)
    }
  }
}
