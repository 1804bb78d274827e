import CPgQuery
import SourceText
import Values

/// The relations that the static statements of a function's body name.
package struct BodyRelations: Sendable {
  /// Positions in ``Catalogue/tables``, in the order of their first mention; of a view, the tables it reads.
  package private(set) var tables: [Int] = []
  /// Why the body may use more: dynamic SQL, a language other than SQL and PL/pgSQL, or text that does not parse.
  package private(set) var more: Unknown?

  private let function: Function
  private let catalogue: Catalogue

  package init(_ function: Function, in catalogue: Catalogue) {
    self.function = function
    self.catalogue = catalogue
    guard let body = function.body?.source else {
      doubt("its body is not in the SQL given", nil)
      return
    }
    switch function.language {
    case "sql": for statement in StatementSplitter.split(body) { read(statement, of: body) }
    case "plpgsql":
      guard let parsed = PLpgSQLBody(body, header: function.header) else {
        doubt("its body cannot be parsed", function.body?.span)
        return
      }
      for step in parsed.statements { read(step, of: body) }
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

  private mutating func read(_ step: PLpgSQLBody.Step, of body: MappedText) {
    switch step.kind {
    case .sql, .perform, .call:
      if let query = step.query { read(query, of: body) }
    case .assignment:
      guard let query = step.query else { return }
      let sign = SQLLexer.tokens(of: body.bytes, query).first {
        $0.kind == .operator && [":=", "="].contains(body.bytes.text($0))
      }
      read((sign?.upper ?? query.lowerBound)..<query.upperBound, of: body)
    case .block(let steps), .forEach(_, let steps): for step in steps { read(step, of: body) }
    case .loop(let steps):
      if let query = step.query { read(query, of: body) }
      for step in steps { read(step, of: body) }
    case .branch(let branches):
      for branch in branches {
        if let condition = branch.condition, !condition.isEmpty { read(condition, of: body) }
        for step in branch.steps { read(step, of: body) }
      }
    case .other:
      if let query = step.query, !query.isEmpty { read(query, of: body) }
    case .execute: break
    }
  }

  private mutating func read(_ query: Range<Int>, of body: MappedText) {
    let tokens = SQLLexer.tokens(of: body.bytes, query)
    guard !tokens.isEmpty else { return }
    read(Statement(range: query, tokens: tokens, leadingComments: [], innerComments: []), of: body)
  }

  private mutating func read(_ statement: Statement, of body: MappedText) {
    guard ParsingLimits.standard.excess(of: statement.tokens[...], in: body.bytes) == nil else { return }
    let context = StatementContext(body, statement)
    if case .success(let tree) = SyntaxTree.parse(body.bytes[statement.range]) {
      collect(tree.statement, context, offset: 0)
      return
    }
    // Expressions, and what PERFORM leaves out.
    let select = Array("SELECT ".utf8)
    if case .success(let tree) = SyntaxTree.parse(select + body.bytes[statement.range]) {
      collect(tree.statement, context, offset: Int32(select.count))
    }
  }

  private mutating func collect(_ node: SyntaxTree.Node, _ context: StatementContext, offset: Int32) {
    var names: [(schema: String, name: String)] = []
    var own: Set<String> = []
    // SELECT … INTO fills a variable here.
    let target = context.firstToplevel("into").flatMap { index -> Int? in
      context.tokens.first.map { context.bytes.isKeyword($0, "select") } == true ? index + 1 : nil
    }
    node.forEachDescendant { descendant in
      switch descendant {
      case .commonTable(let name): own.insert(name)
      case .rangeVar(let relation):
        let location = relation.location < 0 ? -1 : relation.location - offset
        if let target, context.token(at: location) == target { return }
        names.append((text(relation.schemaname), text(relation.relname)))
      default: break
      }
    }
    for (schema, name) in names where !schema.isEmpty || !own.contains(name) { resolve(schema, name) }
  }

  private mutating func resolve(_ schema: String, _ name: String) {
    let path = function.searchPath.map { $0.split(separator: ",").map { String($0.filter { !" '\"".contains($0) }) } }
    let schemas = schema.isEmpty ? path ?? [function.name.schema, "public"] : [schema]
    // The rows of the change, under the names the triggers give them.
    let own = function.name
    let isTransition = catalogue.tables.contains { table in
      table.triggers.contains { $0.functionName == own && ($0.oldTable == name || $0.newTable == name) }
    }
    if schema.isEmpty, isTransition { return }
    for schema in schemas {
      if let index = catalogue.tables.firstIndex(where: { $0.name == QualifiedName(schema, name) }) {
        if !tables.contains(index) { tables.append(index) }
        return
      }
      if let view = catalogue.views.first(where: { $0.name == QualifiedName(schema, name) }) {
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
