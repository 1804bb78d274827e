import SourceText
import Values

extension Replay {
  /// What calling a function of an extension does, as far as an effect declares it. Returns false for a function that
  /// none is declared for.
  mutating func callDeclared(
    _ parts: [String], _ arguments: [Range<Int>], at index: Int, _ context: StatementContext, _ frame: Frame
  ) -> Bool {
    guard let name = parts.last, let candidates = effectsByName[name] else { return false }
    let fitting = candidates.filter { $0.fits(parts, arguments.count) }
    for effect in fitting {
      let values = bind(arguments, to: effect, context, frame)
      let holds = effect.conditions.allSatisfy { parameter, wanted in
        wanted.contains((values[parameter]?.string ?? "").lowercased())
      }
      guard holds else { continue }
      let close = context.closing(index + 1)
      let start = parts.count > 1 && index >= 2 ? index - 2 : index
      let call = context.text.span(context.tokens[start].lower..<context.tokens[close].upper)
      carryOut(effect, values, at: call, context, frame)
      return true
    }
    return !fitting.isEmpty
  }

  private mutating func carryOut(
    _ effect: DeclaredEffect, _ values: [String: MappedText], at call: Span, _ context: StatementContext, _ frame: Frame
  ) {
    if !effect.sql.isEmpty {
      if let sql = EffectTemplate(effect.sql).filled(values, for: call) {
        depth += 1
        defer { depth -= 1 }
        guard depth < Replay.depthLimit else { return }
        for statement in StatementSplitter.split(sql) { run(statement, in: sql, condition: frame.condition) }
      } else {
        // Which table it is about is not known: it may be any.
        var sql = MappedText(file: call.file, at: call.lower)
        sql.append(effect.sql.utf8, for: call.range)
        noteDynamic(SQLLexer.tokens(of: sql.bytes), in: sql, at: call)
      }
    }
    if let job = effect.job { schedule(job, values, at: call, frame) }
    if let name = effect.unscheduledJob.flatMap({ values[$0]?.string }) {
      state.catalogue.jobs.removeAll { $0.name == name }
    }
    if let partitions = effect.partitions, let slot = slot(values[partitions.table], context) {
      state.tables[slot]?.managedPartitioning = ManagedPartitioning(
        manager: partitions.manager, origin: Origin(call, path: effect.name, kind: .statement),
        column: partitions.column.flatMap { values[$0]?.string },
        interval: partitions.interval.flatMap { values[$0]?.string },
        keepsExpired: partitions.manager == "pg_partman")
    }
    if let retention = effect.retention, let period = values[retention.period]?.string,
      let slot = slot(values[retention.table], context)
    {
      let origin = Origin(call, path: effect.name, kind: .statement)
      if state.tables[slot]?.managedPartitioning == nil {
        state.tables[slot]?.managedPartitioning = ManagedPartitioning(
          manager: "timescaledb", origin: origin, column: nil, interval: nil, keepsExpired: false)
      }
      state.tables[slot]?.managedPartitioning?.retention = Fact(period, at: origin)
    }
  }

  private mutating func slot(_ name: MappedText?, _ context: StatementContext) -> Int? {
    guard let name else { return nil }
    let parts = EffectTemplate.nameParts(name)
    guard !parts.isEmpty, case .table(let slot)? = resolve(parts) else { return nil }
    return slot
  }

  /// Parameters with the values of their arguments: by position, by name, and by default.
  private func bind(
    _ arguments: [Range<Int>], to effect: DeclaredEffect, _ context: StatementContext, _ frame: Frame
  ) -> [String: MappedText] {
    var bound: [String: MappedText] = [:]
    var given: Set<String> = []
    for (position, element) in arguments.enumerated() where !element.isEmpty {
      let tokens = context.tokens
      var parameter = position < effect.parameters.count ? effect.parameters[position].name : ""
      var start = element.lowerBound
      if element.count > 2, ["=>", ":="].contains(context.bytes.text(tokens[start + 1])) {
        parameter = context.bytes.name(tokens[start])
        start += 2
      }
      given.insert(parameter)
      let range = tokens[start].lower..<tokens[element.upperBound - 1].upper
      if let value = Evaluator.value(of: range, in: context.text, self, frame.variables, commands: frame.commands) {
        bound[parameter] = value.mapped(in: context.text.file, for: context.text.span(range).range)
      }
    }
    for parameter in effect.parameters where !given.contains(parameter.name) {
      guard let initial = parameter.initial else { continue }
      var text = MappedText(file: context.text.file)
      text.append(initial.utf8, for: context.span.range)
      bound[parameter.name] = text
    }
    return bound
  }

  // MARK: Jobs

  private mutating func schedule(
    _ job: DeclaredEffect.Job, _ values: [String: MappedText], at call: Span, _ frame: Frame
  ) {
    let name = job.name.flatMap { values[$0]?.string }
    // A second job of the same name takes the first one's place.
    if let name { state.catalogue.jobs.removeAll { $0.name == name } }
    guard state.catalogue.jobs.count < 10_000 else { return }
    state.catalogue.jobs.append(
      ScheduledJob(
        name: name, origin: Origin(call, path: name ?? "job", kind: .statement),
        schedule: job.schedule.flatMap { values[$0]?.string }, command: values[job.command].map { SQLExpression($0) },
        database: job.database.flatMap { values[$0]?.string }, uncertainty: frame.condition.map { Unknown($0) }))
  }

  /// Tells what each job does, once all tables and functions are known.
  mutating func analyseJobs() {
    for index in state.catalogue.jobs.indices {
      guard let command = state.catalogue.jobs[index].command else { continue }
      var reader = JobReader(self)
      reader.read(command.source, depth: 0)
      state.catalogue.jobs[index].statements = reader.statements
    }
  }

  // MARK: pg_partman's settings

  /// `UPDATE partman.part_config SET retention = '7 years' WHERE parent_table = 'public.events'`: where pg_partman
  /// keeps what it is told.
  mutating func noteData(_ statement: Statement, in text: MappedText) {
    let bytes = text.bytes
    guard statement.tokens.count > 4, bytes.isKeyword(statement.tokens[0], "update") else { return }
    let context = StatementContext(text, statement)
    guard let set = context.firstToplevel("set"), set < 7,
      statement.tokens[..<set].contains(where: { bytes.name($0) == "part_config" })
    else { return }
    let condition = context.firstToplevel("where", from: set)
    var settings: [String: (value: String, span: Span)] = [:]
    var element = set + 1
    let end = condition ?? statement.tokens.count
    while element < end {
      var next = element
      var depth = 0
      while next < end, depth > 0 || !bytes.isPunctuation(statement.tokens[next], ",") {
        if bytes.isPunctuation(statement.tokens[next], "(") { depth += 1 }
        if bytes.isPunctuation(statement.tokens[next], ")") { depth -= 1 }
        next += 1
      }
      if next - element >= 3 {
        let range = statement.tokens[element + 2].lower..<statement.tokens[next - 1].upper
        if let value = Evaluator.value(of: range, in: text, self, [:])?.string {
          settings[bytes.name(statement.tokens[element])] = (value, text.span(range))
        }
      }
      element = next + 1
    }
    let names = condition.map {
      Set(statement.tokens[$0...].compactMap { StringLiteral.decoded($0, of: text)?.string })
    }
    for slot in state.tables.indices where state.tables[slot]?.managedPartitioning?.manager == "pg_partman" {
      guard let table = state.name(ofTable: slot) else { continue }
      guard names?.contains(table.description) ?? true || names?.contains(table.name) == true else { continue }
      if let retention = settings["retention"] {
        let origin = Origin(retention.span, path: "retention", kind: .statement)
        state.tables[slot]?.managedPartitioning?.retention = Fact(retention.value, at: origin)
      }
      if let keeps = settings["retention_keep_table"] {
        state.tables[slot]?.managedPartitioning?.keepsExpired = ["true", "t", "on"].contains(keeps.value)
      }
    }
  }
}
