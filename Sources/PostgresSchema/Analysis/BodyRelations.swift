import SourceText
import Values

/// The relations that the static statements of a function's body name.
package struct BodyRelations: Sendable {
  /// Positions in ``Catalogue/tables``, in the order of their first mention; of a view, the tables it reads.
  package private(set) var tables: [Int] = []
  /// Those that the body names itself, not through a view.
  package private(set) var named: [Int] = []
  /// Why the body may use more: dynamic SQL, a language other than SQL and PL/pgSQL, or text that does not parse.
  package private(set) var more: Unknown?
  /// False where the text of the body does not parse.
  package private(set) var isParsed = true

  private let function: Function
  /// The position of the function in ``Catalogue/functions``.
  private let index: Int
  private let analysis: SchemaAnalysis

  init(_ index: Int, in analysis: SchemaAnalysis) {
    let function = analysis.catalogue.functions[index]
    self.function = function
    self.index = index
    self.analysis = analysis
    guard let body = function.body?.source else {
      doubt("its body is not in the SQL given", nil)
      return
    }
    switch function.language {
    case "sql":
      for statement in StatementSplitter.split(body) { resolve(bodies.relations(Array(body.bytes[statement.range]))) }
    case "plpgsql":
      guard let parsed = bodies.body(body, header: function.header) else {
        isParsed = false
        doubt("its body cannot be parsed", function.body?.span)
        return
      }
      for query in parsed.queries { read(query) }
      if let dynamic = SQLLexer.tokens(of: body.bytes).first(where: { body.bytes.isKeyword($0, "execute") }) {
        doubt("it runs dynamic SQL", body.span(dynamic.range))
      }
    default: doubt("it is written in \(function.language)", function.origin.span)
    }
  }

  private mutating func doubt(_ why: String, _ span: Span?) {
    let unknown = Unknown(Reason(.sql, "what function '\(function.name)' reads cannot be told: \(why)", at: span))
    more = more?.union(unknown) ?? unknown
  }

  private var bodies: BodyReader { analysis.catalogue.bodies }

  /// A query or an expression by itself, without a place.
  private mutating func read(_ query: String) {
    let bytes = Array(query.utf8)
    if let relations = bodies.relations(bytes) ?? bodies.relations(bytes, prefix: "SELECT ") {
      resolve(relations)
      return
    }
    // `variable := value` is one expression.
    let sign = SQLLexer.tokens(of: bytes).first { $0.kind == .operator && bytes.text($0) == ":=" }
    if let sign { resolve(bodies.relations(Array(bytes[sign.upper...]), prefix: "SELECT ")) }
  }

  private mutating func resolve(_ relations: [[String]]?) {
    for parts in relations ?? [] { resolve(parts.count > 1 ? parts[parts.count - 2] : "", parts.last ?? "") }
  }

  private mutating func resolve(_ schema: String, _ name: String) {
    // The rows of the change, under the names the triggers give them.
    if schema.isEmpty, analysis.functions.isTransitionTable(name, of: index) { return }
    let path = function.searchPath.map { $0.split(separator: ",").map { String($0.filter { !" '\"".contains($0) }) } }
    for schema in schema.isEmpty ? path ?? [function.name.schema, "public"] : [schema] {
      if let table = analysis.functions.table(schema, name) {
        if !tables.contains(table) { tables.append(table) }
        if !named.contains(table) { named.append(table) }
        return
      }
      if let view = analysis.view(named: QualifiedName(schema, name).description) {
        tables += view.tables.filter { !tables.contains($0) }
        return
      }
    }
  }
}

extension Function {
  /// Whether its body raises an exception before it does anything else, so that no trigger with it lets a change pass.
  package var refusesEverything: Bool {
    guard language == "plpgsql", let body = body?.source else { return false }
    let tokens = SQLLexer.tokens(of: body.bytes)
    guard let begin = tokens.firstIndex(where: { body.bytes.isKeyword($0, "begin") }), begin + 2 < tokens.count,
      body.bytes.isKeyword(tokens[begin + 1], "raise")
    else { return false }
    let level = tokens[begin + 2]
    return level.kind != .word
      || !["debug", "log", "info", "notice", "warning"].contains(body.bytes.folded(level))
  }
}
