import SourceText
import Values

/// What a clause of a policy really does.
package struct PolicyClause: Sendable {
  package enum Kind: String, Sendable { case using = "USING", withCheck = "WITH CHECK" }

  /// Positions in ``Catalogue/tables`` and ``Table/policies``.
  package let table: Int
  package let policy: Int
  package let kind: Kind
  package let expression: SQLExpression
  /// Whether it is true for every row, whatever the settings are.
  package var isAlwaysTrue: Truth
  /// Whether it lets a row through because a setting is missing: NULL, or `''` as SET LOCAL leaves it.
  package var failsOpen: Truth
  /// Whether it reads a setting, itself or through a function.
  package var readsSettings: Truth
  /// The names of the settings that it reads, those in functions it calls included.
  package var settings: [String]
  /// The table's own columns that it reads.
  package var columns: [String]
  /// Whether a query in it reads the policy's own table, which recurses without end.
  package var readsOwnTable: Bool
  /// Its own calls of `current_setting`.
  package var settingCalls: [SettingCall]
  /// What it calls for each row anew: not in a scalar subquery of its own.
  package var rowCalls: [SettingCall]

  /// One call of a function in a clause.
  package struct SettingCall: Hashable, Sendable {
    /// The setting's name; the function's for another function; empty where it is computed.
    package let name: String
    package let span: Span
    /// Whether a missing setting is NULL rather than an error.
    package let isTolerant: Bool
    /// The type other than text that it is cast to while it may still be `''`; nil where it is not.
    package let unsafeCast: String?
    /// Whether it stands outside every scalar subquery.
    package let isPerRow: Bool
    /// The columns of the policy's table in its arguments.
    package var columns: [String] = []
    /// `IMMUTABLE`, `STABLE` or `VOLATILE`, of one of the project's functions; settings are STABLE.
    package var volatility = "STABLE"
    /// The column of the policy's table that its value is compared with; nil for none.
    package var comparedColumn: String?
  }

  /// A comparison of a column of the policy's own table, outside queries: what an index can serve.
  package struct Lookup: Hashable, Sendable {
    package let column: String
    /// What stands on the column's side, without blanks and brackets; the column's name where it stands alone.
    package let expression: String
    package let span: Span
  }

  /// The comparisons of the table's own columns with something else.
  package var lookups: [Lookup] = []

  init(_ expression: SQLExpression, _ kind: Kind, table: Int, policy: Int, _ functions: FunctionBodies) {
    self.table = table
    self.policy = policy
    self.kind = kind
    self.expression = expression
    settings = []
    columns = []
    readsOwnTable = false
    settingCalls = []
    rowCalls = []
    let bytes = expression.source.bytes
    guard let term = functions.reader.expression(bytes) else {
      let unknown = Unknown(Reason(.sql, "the clause could not be parsed by itself", at: expression.span))
      isAlwaysTrue = .unknown(unknown)
      failsOpen = .unknown(unknown)
      readsSettings = .unknown(unknown)
      return
    }
    let own = functions.table(at: table)
    func evaluate(_ settings: TermEvaluator.Settings) -> Outcome {
      var evaluator = TermEvaluator(settings, functions) { PolicyClause.column($0, of: own) }
      return evaluator.evaluate(term)
    }
    let any = evaluate(.anything)
    isAlwaysTrue = any.canBeTrue && !any.canBeFalse && !any.canBeNull
    let missing = evaluate(.missing)
    let empty = evaluate(.empty)
    readsSettings = PolicyClause.reads(any, missing, empty)
    // What holds for every row does so with or without a setting.
    failsOpen = (missing.opensAsTrue || empty.opensAsTrue) && !isAlwaysTrue
    let row = Row(own)
    readCalls(of: term, row, functions)
    readLookups(of: term, row)
  }

  private static func reads(_ outcomes: Outcome...) -> Truth {
    var result = Truth.no
    for outcome in outcomes {
      if outcome.readsSetting { return .yes }
      // An error comes of a setting too: it is all that can be missing.
      if outcome.isError { return .yes }
      if let doubt = outcome.doubt { result = result || .unknown(doubt) }
    }
    return result
  }

  /// A column of the policy's own table.
  private static func column(_ parts: [String], of table: Table) -> Outcome? {
    guard let name = parts.last, parts.count < 2 || parts[parts.count - 2] == table.name.name else { return nil }
    guard let column = table.column(named: name) else {
      // The whole row, or a column nobody declared.
      return name == table.name.name ? .anything(isNullable: false) : nil
    }
    var value = Outcome.anything(isNullable: column.isNotNull.truth != .yes)
    value.content = .column("own." + name)
    return value
  }

  // MARK: What it reads

  /// The names that terms are compared with, apart from all else that a table has.
  private struct Row {
    let name: String
    let columns: Set<String>

    init(_ table: Table) {
      name = table.name.name
      columns = Set(table.columns.map(\.name))
    }
  }

  private mutating func readCalls(of term: Term, _ own: Row, _ functions: FunctionBodies) {
    var isInQuery = false
    var compared: String?
    let tokens = SQLLexer.tokens(of: expression.source.bytes)
    func visit(_ term: Term, inScalar: Bool, cast: String?, isGuarded: Bool) {
      var cast = cast
      var isGuarded = isGuarded
      switch term.form {
      case .column(let parts):
        guard let name = parts.last, own.columns.contains(name), !columns.contains(name) else { break }
        // In a query a bare name may be the query's own.
        if parts.count > 1 ? parts[parts.count - 2] == own.name : !isInQuery { columns.append(name) }
      case .cast(_, let type): cast = PolicyClause.takesEmptyText(type) ? cast : type
      case .nullIf: isGuarded = true
      case .call(let name, let arguments):
        note(
          name, arguments, term, tokens, functions, inScalar: inScalar, cast: isGuarded ? nil : cast,
          comparedColumn: compared)
        // What a function makes of it is not the setting any more, unless it only changes its letters.
        if !["lower", "upper", "btrim", "trim"].contains(name.last ?? "") { cast = nil }
        isGuarded = false
      case .operation, .quantified, .oneOf, .choice, .coalesce: if case .coalesce = term.form {} else { cast = nil }
      default: break
      }
      let outerCompared = compared
      defer { compared = outerCompared }
      if case .operation(let name, let left?, let right) = term.form, ["=", "<", ">", "<=", ">="].contains(name) {
        compared = PolicyClause.bareColumn(left, own) ?? PolicyClause.bareColumn(right, own)
      }
      for child in term.children { visit(child, inScalar: inScalar, cast: cast, isGuarded: isGuarded) }
      let outer = isInQuery
      for query in term.queries {
        isInQuery = true
        var isScalar = inScalar
        // A subquery that reads the row is run for each row all the same.
        if case .scalar = term.form, query.relations.isEmpty, !readsRow(query) { isScalar = true }
        visit(query, inScalar: isScalar, cast: cast)
      }
      isInQuery = outer
    }
    func readsRow(_ query: Term.Query) -> Bool {
      var reads = false
      query.forEach { term, _ in
        if case .column(let parts) = term.form, let name = parts.last, own.columns.contains(name) { reads = true }
      }
      return reads
    }
    func visit(_ query: Term.Query, inScalar: Bool, cast: String?) {
      for source in query.sources {
        if case .relation(let parts) = source.form, functions.table(parts) == table { readsOwnTable = true }
      }
      for term in query.terms { visit(term, inScalar: inScalar, cast: cast, isGuarded: false) }
      for inner in query.inner { visit(inner, inScalar: inScalar, cast: nil) }
    }
    visit(term, inScalar: false, cast: nil, isGuarded: false)
  }

  private static func takesEmptyText(_ type: String) -> Bool {
    let base = type.split(separator: "(").first.map(String.init) ?? type
    return ["text", "character varying", "character", "name", "citext"].contains(base)
  }

  private mutating func note(
    _ name: [String], _ arguments: [Term], _ term: Term, _ tokens: [SQLToken], _ functions: FunctionBodies,
    inScalar: Bool, cast: String?, comparedColumn: String?
  ) {
    let isSetting = name.last == "current_setting" && (name.count == 1 || name[0] == "pg_catalog")
    guard isSetting || functions.isCreated(name) || name.first == "auth" && name.count == 2 else { return }
    var setting = name.joined(separator: ".")
    var isTolerant = true
    if isSetting {
      setting = ""
      if case .string(let text)? = arguments.first?.form { setting = text }
      isTolerant = arguments.count > 1
      if arguments.count > 1 {
        // `true` is a constant; anything else than false counts as asked for.
        if case .boolean(false) = arguments[1].form { isTolerant = false }
        if case .cast(let inner, _) = arguments[1].form, case .string("f") = inner.form { isTolerant = false }
      }
      if !setting.isEmpty, !settings.contains(setting) { settings.append(setting) }
    } else if let body = functions.body(name, argumentCount: arguments.count), let query = body.query {
      query.forEach { term, _ in
        guard case .call(let inner, let arguments) = term.form, inner.last == "current_setting",
          case .string(let text)? = arguments.first?.form, !settings.contains(text)
        else { return }
        settings.append(text)
      }
    }
    var call = SettingCall(
      name: setting, span: span(of: term, tokens), isTolerant: isTolerant, unsafeCast: cast, isPerRow: !inScalar)
    call.columns = arguments.flatMap { names(in: $0) }
    if !isSetting { call.volatility = functions.volatility(name, argumentCount: arguments.count) ?? "STABLE" }
    call.comparedColumn = comparedColumn
    if isSetting { settingCalls.append(call) }
    if !inScalar { rowCalls.append(call) }
  }

  /// The column of the policy's table that a term is; nil for anything more than that.
  private static func bareColumn(_ term: Term, _ own: Row) -> String? {
    guard case .column(let parts) = term.form, let name = parts.last, own.columns.contains(name),
      parts.count < 2 || parts[parts.count - 2] == own.name
    else { return nil }
    return name
  }

  /// The names in a term that may be columns.
  private func names(in term: Term) -> [String] {
    var found: [String] = []
    term.forEach { inner, _ in
      if case .column(let parts) = inner.form, let name = parts.last { found.append(name) }
    }
    return found
  }

  /// Comparisons in queries are the queries' own; those in functions are not seen by an index.
  private mutating func readLookups(of term: Term, _ own: Row) {
    let tokens = SQLLexer.tokens(of: expression.source.bytes)
    var found: [Lookup] = []
    func side(_ term: Term, against other: [Term]) {
      // An index serves what is the same for all rows and not known before: a constant tells too few rows apart, and a
      // value of the row itself is another for each.
      let isConstant = other.allSatisfy { part in
        !part.contains { inner in
          switch inner.form {
          case .call, .keyword, .scalar, .exists, .arrayOf, .parameter, .column, .quantifiedQuery: true
          default: false
          }
        }
      }
      if !other.isEmpty, isConstant { return }
      if other.contains(where: { $0.contains { PolicyClause.bareColumn($0, own) != nil } }) { return }
      var columns: Set<String> = []
      var hasQuery = false
      term.forEach { inner, isInQuery in
        if !inner.queries.isEmpty { hasQuery = true }
        if !isInQuery, let name = PolicyClause.bareColumn(inner, own) { columns.insert(name) }
      }
      guard !hasQuery, columns.count == 1, let column = columns.first else { return }
      let range = tokens.extent(from: term.start, to: term.end, in: expression.source.bytes)
      let isBare = PolicyClause.bareColumn(term, own) != nil
      let text = expression.source.bytes.text(range).lowercased().filter { !" \n\t\r()\"".contains($0) }
      found.append(
        Lookup(column: column, expression: isBare ? column : text, span: expression.source.span(range)))
    }
    func visit(_ term: Term) {
      switch term.form {
      case .and(let terms), .or(let terms): for term in terms { visit(term) }
      case .operation(let name, let left?, let right) where ["=", "<", ">", "<=", ">=", "@>", "&&"].contains(name):
        side(left, against: [right])
        side(right, against: [left])
      case .oneOf(let subject, let items): side(subject, against: items)
      case .quantified(_, let subject, let array, _): side(subject, against: [array])
      case .quantifiedQuery(_, let subject, _, _): side(subject, against: [])
      default: break
      }
    }
    visit(term)
    for lookup in found
    where !lookups.contains(where: { $0.column == lookup.column && $0.expression == lookup.expression }) {
      lookups.append(lookup)
    }
  }

  /// From the function's name to the bracket that closes its arguments.
  private func span(of term: Term, _ tokens: [SQLToken]) -> Span {
    expression.source.span(tokens.extent(from: term.start, to: term.end, in: expression.source.bytes))
  }
}

extension [SQLToken] {
  /// The text from a place to the end of what starts at another: brackets opened in between are closed, and a name
  /// takes its arguments along.
  func extent(from start: Int, to end: Int, in bytes: [UInt8]) -> Range<Int> {
    guard start <= end, let first = firstIndex(where: { $0.upper > start }) else { return 0..<bytes.count }
    var index = first
    var depth = 0
    var last = self[first]
    while index < count {
      let token = self[index]
      if bytes.isPunctuation(token, "(") || bytes.isPunctuation(token, "[") { depth += 1 }
      if bytes.isPunctuation(token, ")") || bytes.isPunctuation(token, "]") { depth -= 1 }
      if depth < 0 { break }
      last = token
      index += 1
      guard token.lower >= end || token.upper > end, depth == 0 else { continue }
      if index < count, bytes.isPunctuation(self[index], "(") || bytes.isPunctuation(self[index], ".") { continue }
      if bytes.isPunctuation(token, ".") { continue }
      break
    }
    return self[first].lower..<last.upper
  }
}
