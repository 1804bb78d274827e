import SourceText
import Synchronization
import Values

/// The project's own functions as expressions call them: looked up by name, and read as the query they answer with.
final class FunctionBodies: Sendable {
  private let functions: [Function]
  private let tables: [Table]
  private let byName: [String: [Int]]
  private let tablesByName: [String: [Int]]
  /// The triggers that fire a function, by table and position there; clones on partitions are left out.
  private let triggersByFunction: [Int: [(table: Int, trigger: Int)]]
  /// The names under which triggers, clones too, give a function the rows of a change.
  private let transitionTables: [Int: Set<String>]
  private let bodies = Mutex<[Int: Body]>([:])
  let reader: BodyReader

  init(_ catalogue: Catalogue) {
    reader = catalogue.bodies
    functions = catalogue.functions
    tables = catalogue.tables
    byName = Dictionary(grouping: functions.indices) { catalogue.functions[$0].name.name }
    tablesByName = Dictionary(grouping: tables.indices) { catalogue.tables[$0].name.name }
    var triggers: [Int: [(table: Int, trigger: Int)]] = [:]
    var transitionTables: [Int: Set<String>] = [:]
    for (position, table) in catalogue.tables.enumerated() {
      for (index, trigger) in table.triggers.enumerated() {
        guard let function = trigger.function else { continue }
        for name in [trigger.oldTable, trigger.newTable].compactMap({ $0 }) {
          transitionTables[function, default: []].insert(name)
        }
        if trigger.clonedFrom == nil { triggers[function, default: []].append((position, index)) }
      }
    }
    triggersByFunction = triggers
    self.transitionTables = transitionTables
  }

  /// What a call of a function comes to.
  struct Body: Sendable {
    /// nil where the body is more than one query or RETURN.
    let query: Term.Query?
    let argumentNames: [String]
    /// Whether `current_setting` stands anywhere in the body.
    let readsSettings: Bool
  }

  /// The function that a call means; nil where none of the project's is called so.
  func index(_ parts: [String], argumentCount: Int? = nil) -> Int? {
    let candidates = (byName[parts.last ?? ""] ?? []).filter { index in
      let function = functions[index]
      guard !function.isAssumed else { return false }
      return parts.count < 2 || function.name.schema == parts[parts.count - 2]
    }
    guard let argumentCount else { return candidates.first }
    return candidates.first { functions[$0].argumentTypes.count == argumentCount }
      ?? candidates.first { functions[$0].argumentTypes.count > argumentCount }
  }

  /// How often a function's value may change, where statements create it.
  func volatility(_ parts: [String], argumentCount: Int) -> String? {
    index(parts, argumentCount: argumentCount).map { functions[$0].volatility.uppercased() }
  }

  func isCreated(_ parts: [String]) -> Bool { index(parts) != nil }

  func body(_ parts: [String], argumentCount: Int) -> Body? {
    guard let index = index(parts, argumentCount: argumentCount) else { return nil }
    if let known = bodies.withLock({ $0[index] }) { return known }
    let body = read(functions[index])
    bodies.withLock { $0[index] = body }
    return body
  }

  private func read(_ function: Function) -> Body {
    guard let source = function.body?.source else {
      return Body(query: nil, argumentNames: function.argumentNames, readsSettings: true)
    }
    let bytes = source.bytes
    let tokens = SQLLexer.tokens(of: bytes).filter { !$0.isComment }
    let readsSettings = tokens.contains { bytes.isKeyword($0, "current_setting") }
    return Body(
      query: function.language == "plpgsql" ? returned(by: function, source) : query(bytes, tokens),
      argumentNames: function.argumentNames, readsSettings: readsSettings)
  }

  /// The one query of an SQL body, be it a string, `RETURN …` or `BEGIN ATOMIC … END`.
  private func query(_ bytes: [UInt8], _ tokens: [SQLToken]) -> Term.Query? {
    var tokens = tokens[...]
    while let last = tokens.last, bytes.isPunctuation(last, ";") { tokens.removeLast() }
    guard let first = tokens.first else { return nil }
    if bytes.isKeyword(first, "return"), let start = tokens.dropFirst().first, let last = tokens.last {
      return TermReader.expression(bytes[start.lower..<last.upper]).map(Term.Query.init(returning:))
    }
    if bytes.isKeyword(first, "begin") {
      tokens = tokens.dropFirst(2).dropLast()
      while let last = tokens.last, bytes.isPunctuation(last, ";") { tokens.removeLast() }
    }
    guard let start = tokens.first, let end = tokens.last,
      !tokens.contains(where: { bytes.isPunctuation($0, ";") }),
      case .query(let query)? = TermReader.statement(Array(bytes[start.lower..<end.upper]))
    else { return nil }
    return query
  }

  /// The text of a body's only statement without its semicolon.
  static func single(_ bytes: [UInt8]) -> [UInt8] {
    var tokens = SQLLexer.tokens(of: bytes).filter { !$0.isComment }[...]
    while let last = tokens.last, bytes.isPunctuation(last, ";") { tokens.removeLast() }
    guard let first = tokens.first, let last = tokens.last else { return [] }
    return Array(bytes[first.lower..<last.upper])
  }

  /// The expression of a PL/pgSQL body that is nothing but `RETURN …`.
  private func returned(by function: Function, _ source: MappedText) -> Term.Query? {
    guard let body = reader.triggerBody(source, header: function.header), body.variables.isEmpty else { return nil }
    var steps = body.steps
    while steps.count == 1, case .block(let inner, let handlers) = steps[0].form, handlers.isEmpty { steps = inner }
    // libpg_query adds a bare RETURN to the end.
    guard let first = steps.first, steps.count == 1 || steps.count == 2,
      case .returning(let expression?) = first.form
    else { return nil }
    return TermReader.expression(expression.text).map(Term.Query.init(returning:))
  }

  /// The columns of a relation that the project creates; nil for any other.
  func columns(of parts: [String]) -> [(name: String, isNotNull: Bool)]? {
    table(parts).map { tables[$0].columns.map { ($0.name, $0.isNotNull.truth == .yes) } }
  }

  /// The position in ``Catalogue/tables`` of the table that a name means.
  func table(_ parts: [String]) -> Int? {
    let candidates = tablesByName[parts.last ?? ""] ?? []
    if parts.count > 1 { return table(parts[parts.count - 2], parts[parts.count - 1]) }
    return candidates.first { tables[$0].name.schema == "public" } ?? (candidates.count == 1 ? candidates.first : nil)
  }

  /// The position in ``Catalogue/tables`` of the table of a schema.
  func table(_ schema: String, _ name: String) -> Int? {
    tablesByName[name]?.first { tables[$0].name.schema == schema }
  }

  /// Whether a trigger of a function gives it the rows of a change under a name.
  func isTransitionTable(_ name: String, of function: Int) -> Bool {
    transitionTables[function]?.contains(name) ?? false
  }

  /// The triggers that fire a function, in the order of tables.
  func triggers(of function: Int) -> [(table: Int, trigger: Int)] { triggersByFunction[function] ?? [] }

  func table(at index: Int) -> Table { tables[index] }

  // MARK: Reasons

  func missing(_ parts: [String]) -> Unknown {
    Unknown(
      Reason(
        .sql, "function '\(parts.joined(separator: "."))' is created by no statement given",
        cure: "give the file that creates it"))
  }

  func unevaluated(_ parts: [String]) -> Unknown {
    Unknown(Reason(.sql, "what function '\(parts.joined(separator: "."))' answers is not evaluated"))
  }

  func nested(_ parts: [String]) -> Unknown {
    Unknown(
      Reason(
        .sql, "function '\(parts.joined(separator: "."))' is called by another function, and only that is looked into"))
  }
}

extension Term.Query {
  /// `SELECT expression`
  init(returning term: Term) { targets = [("", term)] }
}
