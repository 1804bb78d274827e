/// One way in which a trigger function is fired.
struct TriggerContext {
  let event: Trigger.Event
  let isForEachRow: Bool
  let timing: Trigger.Timing
  let oldTable: String?
  let newTable: String?
  /// Positions in ``Catalogue/tables`` of the tables whose triggers fire it so.
  var tables: [Int]

  init(_ event: Trigger.Event, _ trigger: Trigger, table: Int) {
    self.event = event
    isForEachRow = trigger.isForEachRow && event != .truncate
    timing = trigger.timing
    oldTable = trigger.oldTable
    newTable = trigger.newTable
    tables = [table]
  }

  func isSame(as other: TriggerContext) -> Bool {
    event == other.event && isForEachRow == other.isForEachRow && timing == other.timing
      && oldTable == other.oldTable && newTable == other.newTable
  }
}
