import SourceText
import Values

/// What a trigger function records of the changes it is fired for.
package struct AuditFunction: Sendable {
  /// The events that its triggers fire for.
  package var events: [Trigger.Event] = []
  /// Whether each of them makes an audit row on every path that does not raise an error.
  package var records: [Trigger.Event: Truth] = [:]
  /// Whether the audit row holds the old values, for UPDATE and DELETE.
  package var keepsOld: [Trigger.Event: Truth] = [:]
  /// Comparisons of NEW with OLD that are NULL where a value comes or goes, and so miss the change.
  package var unsafeComparisons: [Passage] = []
  /// The columns of the audit tables, and what is written to them.
  package var columns: [AuditColumn] = []
  /// Handlers that let the change go through though it could not be recorded.
  package var swallowingHandlers: [Handler] = []
  /// Why its body could not be followed; nil where it was.
  package var doubt: Unknown?

  /// A part of the body.
  package struct Passage: Hashable, Sendable {
    package let text: String
    package let span: Span
  }

  /// An exception handler without an exception of its own.
  package struct Handler: Hashable, Sendable {
    package let span: Span
    /// RAISE WARNING or less tells somebody, but lets the change go through.
    package let warns: Bool
  }

  /// A column of a table that the function inserts into.
  package struct AuditColumn: Hashable, Sendable {
    /// The position in ``Catalogue/tables``.
    package let table: Int
    package let column: Int
    /// Whether any INSERT gives it something other than NULL, or its default does.
    package var isWritten = false
    /// Whether it gets session_user, or current_user in a function that runs with its caller's rights.
    package var namesRole = false
    /// Whether it gets the value of a setting.
    package var holdsSetting = false
    /// Whether it gets a whole row of the change, and which keys were taken out of it.
    package var holdsRow = false
    package var omittedKeys: Set<String> = []
    /// Keys are taken out of the row or replaced that are told only when the function runs.
    package var hasOtherKeys = false
    /// Whether it gets a field of the row, rather than a constant.
    package var holdsField = false
    /// What it always gets, where that is a constant.
    package var constant: String?
    /// `transaction`, `statement` or `clock`, where it gets the server's time.
    package var clock: String?
    /// Why it cannot be told what it gets; nil where it can.
    package var doubt: Unknown?
  }

  /// One INSERT of the function into a table that statements create.
  package struct Insertion: Hashable, Sendable {
    /// The position in ``Catalogue/tables``.
    package let table: Int
    /// The columns it names; empty where it names none.
    package let columns: [String]
    package let span: Span
  }

  /// Its INSERT statements.
  package var insertions: [Insertion] = []

  init(_ index: Int, _ catalogue: Catalogue, _ functions: FunctionBodies) {
    let function = catalogue.functions[index]
    var contexts: [TriggerContext] = []
    for (position, number) in functions.triggers(of: index) {
      let trigger = catalogue.tables[position].triggers[number]
      for event in trigger.events {
        if !events.contains(event) { events.append(event) }
        let context = TriggerContext(event, trigger, table: position)
        if let same = contexts.firstIndex(where: { $0.isSame(as: context) }) {
          contexts[same].tables.append(position)
        } else {
          contexts.append(context)
        }
      }
    }
    events.sort { Trigger.Event.allCases.firstIndex(of: $0) ?? 0 < Trigger.Event.allCases.firstIndex(of: $1) ?? 0 }
    guard let source = function.body?.source,
      let body = catalogue.bodies.triggerBody(source, header: function.header)
    else {
      let unknown = Unknown(
        Reason(.sql, "the body of function '\(function.name)' could not be followed", at: function.origin.span))
      doubt = unknown
      for event in events {
        records[event] = .unknown(unknown)
        keepsOld[event] = .unknown(unknown)
      }
      return
    }
    var writes: [Int: [String: Outcome]] = [:]
    var passages: Set<Range<Int>> = []
    var written: Set<Trigger.Event> = []
    for context in contexts {
      var run = TriggerRun(function, source, context, catalogue, functions)
      let end = run.run(body)
      records[context.event] = (records[context.event] ?? .yes) && end.recorded
      // What is recorded for one table is not lost because nothing is for another.
      if end.hasWritten, written.insert(context.event).inserted {
        keepsOld[context.event] = end.keepsOld
      } else if end.hasWritten || !written.contains(context.event) {
        keepsOld[context.event] = (keepsOld[context.event] ?? .yes) && end.keepsOld
      }
      passages.formUnion(run.unsafeComparisons)
      for insertion in run.insertions where !insertions.contains(insertion) { insertions.append(insertion) }
      for (table, columns) in run.writes {
        for (name, value) in columns { writes[table, default: [:]][name] = writes[table]?[name]?.or(value) ?? value }
      }
    }
    unsafeComparisons = passages.sorted { $0.lowerBound < $1.lowerBound }.map {
      Passage(text: source.bytes.text($0), span: source.span($0))
    }
    columns = AuditFunction.columns(of: function, writes, catalogue, functions)
    noteHandlers(body.steps, function, source)
  }

  private static func columns(
    of function: Function, _ writes: [Int: [String: Outcome]], _ catalogue: Catalogue, _ functions: FunctionBodies
  ) -> [AuditColumn] {
    var columns: [AuditColumn] = []
    for table in writes.keys.sorted() where catalogue.tables.indices.contains(table) {
      for (index, column) in catalogue.tables[table].columns.enumerated() {
        var found = AuditColumn(table: table, column: index)
        var value = writes[table]?[column.name]
        if value == nil, let expression = column.defaultExpression?.source.bytes {
          var evaluator = TermEvaluator(.anything, functions) { _ in nil }
          value = catalogue.bodies.expression(expression).map { evaluator.evaluate($0) }
        }
        if let value {
          found.isWritten = !value.isNull
          found.doubt = value.doubt
          found.holdsRow = !value.marks.isDisjoint(with: .anyRow)
          found.omittedKeys = value.omittedKeys
          found.hasOtherKeys = value.hasOtherKeys
          if case .text(let text) = value.content, value.canBeNull == .no { found.constant = text }
          found.holdsField = !value.marks.isDisjoint(with: [.new, .old])
          if value.marks.contains(.transactionTime) {
            found.clock = "transaction"
          } else if value.marks.contains(.statementTime) {
            found.clock = "statement"
          } else if value.marks.contains(.clockTime) {
            found.clock = "clock"
          }
          found.holdsSetting = value.marks.contains(.setting)
          // A definer function is its owner as far as current_user is concerned.
          found.namesRole =
            value.marks.contains(.sessionUser)
            || value.marks.contains(.currentUser) && function.isSecurityDefiner.truth == .no
        }
        if column.identity != nil || column.generationExpression != nil { found.isWritten = true }
        columns.append(found)
      }
    }
    return columns
  }

  // MARK: Handlers

  private mutating func noteHandlers(_ steps: [TriggerBody.Step], _ function: Function, _ source: MappedText) {
    for step in steps {
      switch step.form {
      case .block(let inner, let handlers):
        if AuditFunction.writes(inner) {
          for handler in handlers where handler.conditions.contains("others") {
            if AuditFunction.alwaysRaises(handler.steps) { continue }
            swallowingHandlers.append(
              Handler(span: source.span(handler.place), warns: AuditFunction.warns(handler.steps)))
          }
        }
        noteHandlers(inner, function, source)
      case .branch(let branches), .selection(_, _, let branches):
        for branch in branches { noteHandlers(branch.steps, function, source) }
      case .loop(_, _, let inner): noteHandlers(inner, function, source)
      default: continue
      }
    }
  }

  /// Whether the steps write or call anything.
  private static func writes(_ steps: [TriggerBody.Step]) -> Bool {
    steps.contains { step in
      switch step.form {
      case .sql, .perform, .execute: true
      case .block(let inner, _), .loop(_, _, let inner): writes(inner)
      case .branch(let branches), .selection(_, _, let branches): branches.contains { writes($0.steps) }
      default: false
      }
    }
  }

  private static func alwaysRaises(_ steps: [TriggerBody.Step]) -> Bool {
    for step in steps {
      switch step.form {
      case .raise(isException: true): return true
      case .returning: return false
      case .block(let inner, _): if alwaysRaises(inner) { return true }
      case .branch(let branches), .selection(_, _, let branches):
        let hasElse = branches.last?.condition == nil
        if hasElse, branches.allSatisfy({ alwaysRaises($0.steps) }) { return true }
      default: continue
      }
    }
    return false
  }

  private static func warns(_ steps: [TriggerBody.Step]) -> Bool {
    steps.contains { if case .raise(isException: false) = $0.form { true } else { false } }
  }
}
