import CPgQuery
import SourceText
import Values

/// Carries statements out against the catalogue, in order, without a server.
///
/// It goes on past what a server would stop at: a missing table, role or function is assumed and marked so.
struct Replay {
  let options: ReplayOptions
  var state = ReplayState()
  var diagnostics: [Diagnostic] = []
  var session: Session
  /// The table for which an event trigger runs: what it does is about that table.
  var eventTriggerTable: Int?
  /// How deep statements run statements (DO blocks, helper functions).
  var depth = 0
  /// Statements that dynamic SQL has run: a bound on what one input can ask for.
  var steps = 0
  /// What evaluating that SQL may still take.
  let budget: EvaluationBudget
  /// Whether code was left before its end for one of these bounds, and that was told.
  var isUnfinished = false

  /// ``ReplayOptions/effects`` by the function's name.
  let effectsByName: [String: [DeclaredEffect]]

  /// What tools fill in before a server sees the SQL.
  var placeholders = Placeholders()

  /// What SET changes and a new connection forgets.
  struct Session {
    /// nil: the role that runs the SQL, which is not named.
    var role: String?
    var searchPath: [String]
    /// SET SESSION AUTHORIZATION: who RESET ROLE returns to.
    var user: String?
    /// What held before the first SET LOCAL of the transaction that runs.
    var beforeLocal: (role: String?, searchPath: [String])?

    init(role: String?, searchPath: [String]) {
      self.role = role
      self.searchPath = searchPath
      user = role
    }

    mutating func endTransaction() {
      guard let before = beforeLocal else { return }
      (role, searchPath) = before
      beforeLocal = nil
    }
  }

  init(_ options: ReplayOptions) {
    self.options = options
    budget = EvaluationBudget(units: options.evaluationUnits)
    effectsByName = Dictionary(grouping: options.effects, by: \.name)
    session = Session(role: options.migrationRole, searchPath: options.searchPath)
  }

  /// Runs a source whose statements the reader has parsed, or is about to.
  mutating func run(_ reading: SourceReader.Reading, from reader: inout SourceReader) {
    let source = reading.source
    if !source.continuesSession {
      // Temporary tables go with their session.
      state.endSession()
      session = Session(role: options.migrationRole, searchPath: options.searchPath)
    }
    if state.catalogue.schemas.isEmpty { addPublicSchema(of: source.text) }
    var end = 0
    var calls = source.templateCalls[...]
    var missing = source.missingScripts[...]
    defer {
      for call in calls { noteTemplate(call.text, at: call.place, in: source.text) }
      for script in missing { noteMissing(script: script.name, at: script.place) }
    }
    for (index, statement) in reading.statements.enumerated() where !reading.undone.contains(index) {
      while let call = calls.first, call.place.lower < source.text.span(statement.range).lower {
        noteTemplate(call.text, at: call.place, in: source.text)
        calls.removeFirst()
      }
      while let script = missing.first, script.place.lower < source.text.span(statement.range).lower {
        noteMissing(script: script.name, at: script.place)
        missing.removeFirst()
      }
      let condition = source.conditions.isEmpty ? nil : templateCondition(of: statement, in: source)
      if reading.mayHavePlaceholders {
        placeholders.readSettings(in: source.text, end..<max(end, statement.range.lowerBound))
        end = statement.range.upperBound
      }
      if reading.isRead[index] {
        parse(statement, in: source.text, condition: condition, reader.nextStatement())
        continue
      }
      if reading.mayHavePlaceholders, statement.kind(in: source.text.bytes) != .data,
        let (text, replaced) = placeholders.replaced(statement, in: source.text)
      {
        if !replaced.tokens.isEmpty { run(replaced, in: text, condition: condition) }
        continue
      }
      if let hole = source.holes.first(where: { $0.overlaps(statement.range) }) {
        // The program fills this statement in: what it says is known only when it runs.
        if case .definition = statement.kind(in: source.text.bytes) {
          noteDynamic(statement.tokens, in: source.text, at: source.text.span(hole))
        }
      } else {
        run(statement, in: source.text, condition: condition)
      }
    }
  }

  /// The tag of a template that decides whether a statement, or a part of it, is there.
  private mutating func templateCondition(of statement: Statement, in source: SQLSource) -> Reason? {
    let range = source.text.span(statement.range).range
    guard let condition = source.conditions.first(where: { $0.range.overlaps(range) }) else { return nil }
    let diagnostic = Diagnostic(
      "sql-placeholder", .note,
      "'\(condition.tag)' is for a template engine: what it decides about is taken to be there perhaps.",
      cure: "Give the SQL as it is run.", at: condition.place)
    if !diagnostics.contains(diagnostic) { diagnostics.append(diagnostic) }
    return Reason(
      .sql, "it depends on the template's '\(condition.tag)'", at: condition.place, cure: "give the SQL as it is run")
  }

  /// A call of a template engine where a statement would stand.
  private mutating func noteTemplate(_ text: String, at place: Span, in source: MappedText) {
    let call = MappedText(SourceFile(id: place.file, path: "", bytes: Array(text.utf8)))
    noteDynamic(SQLLexer.tokens(of: call.bytes), in: call, at: place, changing: DynamicEffect.aspects(named: text))
  }

  /// A script that psql would run here is not there: it may do anything.
  private mutating func noteMissing(script name: String, at place: Span) {
    diagnostics.append(
      Diagnostic(
        "missing-script", .warning, "The script '\(name)', which is run here, is not among the files given.",
        cure: "Give it too, or remove the command; what it does to the schema is not known now.", at: place))
    // A thousand say no more than a hundred, and each marks every table.
    guard state.catalogue.moreObjects?.reasons.count ?? 0 < 100 else { return }
    let reason = Reason(
      .sql, "script '\(name)' is run here and not among the files given", at: place, cure: "give the script too")
    doubtTables(reason, Aspect.allCases)
    let unknown = Unknown(reason)
    state.catalogue.moreTables = state.catalogue.moreTables?.union(unknown) ?? unknown
    state.catalogue.moreObjects = state.catalogue.moreObjects?.union(unknown) ?? unknown
  }

  /// `public` is there before any statement; its origin is the start of the first source.
  private mutating func addPublicSchema(of text: MappedText) {
    let origin = Origin(text.span(0..<0), path: "public", kind: .schema)
    var schema = Schema(name: "public", origin: origin, owner: Fact("pg_database_owner", at: origin))
    schema.isPredefined = true
    schema.hasPrivilegeList = true
    schema.comment = Fact("standard public schema", at: origin)
    let isOld = options.serverVersion.map { $0 < 15 } ?? false
    schema.grants = (isOld ? ["USAGE", "CREATE"] : ["USAGE"]).map {
      Grant(grantee: nil, privilege: $0, column: nil, hasGrantOption: false, origin: origin, isImplicit: true)
    }
    state.schemaPositions["public"] = state.catalogue.schemas.count
    state.catalogue.schemas.append(schema)
  }

  mutating func run(_ statement: Statement, in text: MappedText, condition: Reason? = nil) {
    switch statement.kind(in: text.bytes) {
    case .data:
      noteData(statement, in: text)
    case .other, .begin, .savepoint, .rollbackTo:
      return
    case .commit, .rollback:
      session.endTransaction()
    case .select:
      var context = StatementContext(text, statement)
      context.condition = condition
      // SELECT … INTO makes a table; everything else matters only for the functions it calls.
      if context.firstToplevel("into") != nil {
        parse(statement, in: text, condition: condition)
      } else {
        noteCalls(in: context)
      }
    case .definition:
      parse(statement, in: text, condition: condition)
    }
  }

  private mutating func parse(
    _ statement: Statement, in text: MappedText, condition: Reason?, _ reading: StatementReading? = nil
  ) {
    switch reading ?? StatementReading(statement, in: text.bytes, limits: options.limits) {
    case .excessive(let excess):
      let place = text.span(statement.tokens[0].range)
      diagnostics.append(
        Diagnostic(
          "sql-too-long", .warning,
          "The statement that starts with '\(text.bytes.text(statement.tokens[0]))' \(excess).",
          cure: "Split it into smaller statements; what it does is not known now.", at: place))
      note(unparsed: statement, in: text, error: place, message: excess)
    case .parsed(let tree):
      var context = StatementContext(text, statement)
      context.condition = condition
      apply(tree.statement, context)
    case .rejected(let failure):
      let pieces = StatementRecovery.pieces(of: statement, in: text.bytes, limits: options.limits)
      guard !pieces.isEmpty else {
        reject(statement, failure, in: text)
        return
      }
      var isExplained = false
      for piece in pieces {
        switch SyntaxTree.parse(text.bytes[piece.range]) {
        case .success(let tree):
          var context = StatementContext(text, piece)
          context.condition = condition
          apply(tree.statement, context)
        case .failure(let failure):
          reject(piece, failure, in: text)
          isExplained = true
        }
      }
      // All pieces are right by themselves: what is wrong stands between them.
      if !isExplained { diagnose(failure, at: text.span(errorRange(failure, statement, in: text.bytes))) }
    }
  }

  private mutating func reject(_ statement: Statement, _ failure: SyntaxTree.Failure, in text: MappedText) {
    let error = text.span(errorRange(failure, statement, in: text.bytes))
    diagnose(failure, at: error)
    note(unparsed: statement, in: text, error: error, message: failure.message)
  }

  private mutating func diagnose(_ failure: SyntaxTree.Failure, at error: Span) {
    diagnostics.append(
      Diagnostic(
        "sql-syntax", .warning, "PostgreSQL's grammar rejects this statement: \(clean(failure.message)).",
        cure: "Correct the statement, or end the one before it with a semicolon; "
          + "if it is newer than PostgreSQL 15, what it does is not known.",
        at: error))
  }

  /// Messages quote with double quotes; ours quote with single ones.
  private func clean(_ message: String) -> String {
    String(message.map { $0 == "\"" ? "'" : $0 })
  }

  /// The token the grammar stopped at; the statement's last token where it wanted more.
  private func errorRange(_ failure: SyntaxTree.Failure, _ statement: Statement, in bytes: [UInt8]) -> Range<Int> {
    guard let last = statement.tokens.last else { return statement.range }
    guard let offset = failure.offset else { return statement.tokens[0].range }
    let place = statement.range.lowerBound + offset
    return (statement.tokens.first { $0.upper > place } ?? last).range
  }

  private mutating func note(unparsed statement: Statement, in text: MappedText, error: Span, message: String) {
    let mentions = StatementRecovery.mentions(of: statement, in: text.bytes)
    let span = text.span(statement.range)
    state.catalogue.unparsedStatements.append(
      UnparsedStatement(
        span: span, error: error, message: message, mentions: mentions,
        words: statement.tokens.lazy.filter { $0.kind == .word }.prefix(8).map { text.bytes.folded($0) },
        newerFeature: VersionFeature.newerThanGrammar(statement.tokens, of: text, rejectedWith: message)))
    let reason = Reason(.sql, "a statement about it could not be parsed", at: error, cure: "correct the statement")
    spread(reason, over: mentions, in: text.bytes, statement)
  }

  /// An object that an unparsed statement names may be changed in any way the statement's first words allow.
  private mutating func spread(
    _ reason: Reason, over mentions: [String], in bytes: [UInt8], _ statement: Statement
  ) {
    let aspects = DynamicEffect.aspects(of: statement.tokens, in: bytes)
    let creates =
      statement.tokens.prefix(6).contains { bytes.isKeyword($0, "table") }
      && statement.tokens.first.map { bytes.isKeyword($0, "create") } ?? false
    for mention in mentions {
      let parts = mention.split(separator: ".").map(String.init)
      guard let name = parts.last else { continue }
      for slot in state.tables.indices where state.name(ofTable: slot)?.name == name {
        if parts.count > 1, state.name(ofTable: slot)?.schema != parts[parts.count - 2] { continue }
        state.tables[slot]?.uncertainty.add(reason, to: aspects)
      }
    }
    if creates {
      let more = Unknown(
        Reason(
          .sql, "a CREATE TABLE statement could not be parsed", at: reason.span, cure: "correct the statement"))
      state.catalogue.moreTables = state.catalogue.moreTables?.union(more) ?? more
    }
  }
}

extension Catalogue {
  /// The catalogue after all sources have run in order, and what was wrong with them.
  package static func replay(
    _ sources: [SQLSource], options: ReplayOptions = ReplayOptions()
  ) -> (Catalogue, [Diagnostic]) {
    var replay = Replay(options)
    var reader = SourceReader(sources, limits: options.limits)
    while let reading = reader.nextSource() { replay.run(reading, from: &reader) }
    replay.classifyAuditing()
    replay.analyseJobs()
    var catalogue = replay.state.finished()
    catalogue.sources = sources
    let names = PlaceholderNames(replay.placeholders.found)
    catalogue.placeholderNames = names
    return (catalogue, replay.diagnostics.map(names.asWritten) + replay.placeholders.diagnostics)
  }
}
