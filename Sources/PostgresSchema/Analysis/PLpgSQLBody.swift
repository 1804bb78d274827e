import Documents
import SourceText

/// The statements of a PL/pgSQL body, as far as replay and analysis need them, each with its place in the body.
struct PLpgSQLBody {
  /// The decoded body; every range counts into it.
  let text: MappedText
  private(set) var statements: [Step] = []

  /// One PL/pgSQL statement.
  struct Step {
    enum Kind {
      /// Plain SQL.
      case sql
      case perform, call
      /// EXECUTE: the query is an expression that makes the SQL.
      case execute
      /// Branches in order: (condition, steps); the last may have no condition (ELSE).
      case branch([(condition: Range<Int>?, steps: [Step])])
      /// FOREACH variable IN ARRAY query.
      case forEach(variable: String, [Step])
      /// Any other loop.
      case loop([Step])
      case block([Step])
      /// variable := query
      case assignment(variable: String)
      case other
    }

    let kind: Kind
    /// The SQL or expression; nil where it cannot be found in the body.
    let query: Range<Int>?
    /// From the statement's line to the end of its query: what reports show of it.
    let place: Range<Int>
    /// The variables that INTO or a loop fills, in order.
    var targets: [String] = []
    /// The parser's name of the statement, without its prefix: `fors`, `dynfors`, `return`, `raise`.
    var name = ""
    /// The query as the parser gives it, without an INTO clause.
    var queryText = ""
    /// The bounds of `FOR i IN lower..upper`.
    var bounds: [Range<Int>] = []
    /// FOR … IN REVERSE counts down.
    var isReverse = false
    /// A block with EXCEPTION: what fails in it fails for itself.
    var catchesErrors = false
    /// RAISE EXCEPTION: nothing behind it runs.
    var isFatal = false
    /// CONTINUE rather than EXIT.
    var isContinue = false
    /// EXIT or CONTINUE with a WHEN.
    var isConditional = false
  }

  /// A variable of the body, or a parameter of its function.
  struct Declaration {
    let name: String
    let isRecord: Bool
    /// The value it starts with.
    let initial: Range<Int>?
  }

  private(set) var declarations: [Declaration] = []

  /// More blocks within blocks than this are not followed: the parser's recursion is its own.
  static let nestingLimit = 200

  /// Parses a body; nil when PostgreSQL's PL/pgSQL grammar (or libpg_query's part of it) rejects it.
  /// The header is what stands in front of `AS` in a statement that would create it, so that parameters are known.
  init?(_ text: MappedText, header: String) {
    self.text = text
    guard PLpgSQLBody.isShallow(text.bytes) else { return nil }
    var delimiter = "$blea$"
    while text.string.contains(delimiter) { delimiter = "$b" + delimiter.dropFirst() }
    func parsed(_ bytes: [UInt8]) -> [UInt8]? {
      let statement = Array((header + delimiter).utf8) + bytes + Array(delimiter.utf8)
      guard case .success(let json) = SyntaxTree.parsePLpgSQL(statement) else { return nil }
      return json
    }
    var bytes = text.bytes
    var fields: [Int: String] = [:]
    var result = parsed(bytes)
    if result == nil {
      (bytes, fields) = PLpgSQLBody.withoutFields(text.bytes)
      if !fields.isEmpty { result = parsed(bytes) }
    }
    guard let json = result else { return nil }
    let source = SourceFile(id: text.file, path: "", bytes: json)
    guard let root = Document.read(source, as: .json).documents.first?.root, let function = root.items.first,
      let action = function["PLpgSQL_function"]?["action"]
    else { return nil }
    let datums = function["PLpgSQL_function"]?["datums"].map { Array($0.items) } ?? []
    var walker = Walker(bytes: bytes, datums: PLpgSQLBody.names(of: datums), fields: fields)
    for datum in datums {
      guard let variable = datum["PLpgSQL_var"], let name = variable["refname"]?.text else { continue }
      let type = variable["datatype"]?["PLpgSQL_type"]?["typname"]?.text ?? ""
      let isRecord = type == "record" || type.hasSuffix("%ROWTYPE") || type.hasSuffix("%rowtype")
      declarations.append(
        Declaration(name: name, isRecord: isRecord, initial: walker.find(variable["default_val"])))
    }
    walker.restart()
    statements = walker.steps([action])
  }

  /// The variables' names; a record's field is `record.field`.
  private static func names(of datums: [Documents.Node]) -> [String] {
    func name(_ datum: Documents.Node) -> String { datum.entries.first?.value["refname"]?.text ?? "" }
    return datums.map { datum in
      guard let field = datum["PLpgSQL_recfield"] else { return name(datum) }
      guard let parent = Int(field["recparentno"]?.text ?? ""), datums.indices.contains(parent) else { return "" }
      return "\(name(datums[parent])).\(field["fieldname"]?.text ?? "")"
    }
  }

  /// The body with `record.field := …` as `record       := …`, for libpg_query knows no records and so no fields of
  /// theirs; and what was assigned to, by where it stands.
  private static func withoutFields(_ bytes: [UInt8]) -> ([UInt8], [Int: String]) {
    let tokens = SQLLexer.tokens(of: bytes)
    var result = bytes
    var fields: [Int: String] = [:]
    for index in tokens.indices.dropLast(3) {
      let isStart =
        index > 0
        && (bytes.isPunctuation(tokens[index - 1], ";")
          || ["begin", "then", "else", "loop"].contains(bytes.folded(tokens[index - 1])))
      let (record, field, sign) = (tokens[index], tokens[index + 2], tokens[index + 3])
      guard isStart, record.kind == .word, bytes.isPunctuation(tokens[index + 1], "."), field.kind == .word,
        sign.kind == .operator, [":=", "="].contains(bytes.text(sign))
      else { continue }
      for place in tokens[index + 1].lower..<field.upper where result[place] != 0x0A { result[place] = 0x20 }
      fields[record.lower] = "\(bytes.folded(record)).\(bytes.folded(field))"
    }
    return (result, fields)
  }

  static func isShallow(_ bytes: [UInt8]) -> Bool {
    var depth = 0
    var previous = ""
    for token in SQLLexer.tokens(of: bytes) where token.kind == .word && token.range.count <= 5 {
      let word = bytes.folded(token)
      switch word {
      case "begin", "loop", "case", "if": if previous != "end" { depth += 1 }
      case "end": depth -= 1
      default: break
      }
      if depth > nestingLimit { return false }
      previous = word
    }
    return true
  }

  /// Turns the JSON into steps. The JSON has line numbers and verbatim queries, no offsets: a query's place is its
  /// next occurrence from its statement's line on.
  private struct Walker {
    let bytes: [UInt8]
    let datums: [String]
    /// Fields of records that are assigned to, by where the assignment stands.
    let fields: [Int: String]
    private let lineStarts: [Int]
    private var cursor = 0

    init(bytes: [UInt8], datums: [String], fields: [Int: String]) {
      self.bytes = bytes
      self.datums = datums
      self.fields = fields
      var starts = [0]
      for (index, byte) in bytes.enumerated() where byte == 0x0A { starts.append(index + 1) }
      lineStarts = starts
    }

    /// Statements are looked for from the start again.
    mutating func restart() { cursor = 0 }

    mutating func steps(_ nodes: some Swift.Sequence<Documents.Node>) -> [Step] {
      nodes.compactMap { node in
        guard let entry = node.entries.first else { return nil }
        let (name, content) = (entry.key.text, entry.value)
        var bounds: [Range<Int>] = []
        if name == "PLpgSQL_stmt_fori" {
          let lower = find(content["lower"])
          let upper = find(content["upper"])
          // `BY` counts by another step than one.
          bounds = content["step"] == nil ? [lower, upper].compactMap { $0 } : []
        }
        var result = step(name, content)
        result.isReverse = content["reverse"]?.text == "true"
        result.bounds = bounds
        result.name = name.hasPrefix("PLpgSQL_stmt_") ? String(name.dropFirst(13)) : name
        result.targets = targets(content["target"] ?? content["var"])
        let expression = content["sqlstmt"] ?? content["query"] ?? content["expr"]
        result.queryText = expression?["PLpgSQL_expr"]?["query"]?.text ?? ""
        result.isFatal = name == "PLpgSQL_stmt_raise" && (Int(content["elog_level"]?.text ?? "") ?? 21) >= 21
        return result
      }
    }

    private func targets(_ node: Documents.Node?) -> [String] {
      guard let content = node?.entries.first?.value else { return [] }
      if let fields = content["fields"] { return fields.items.compactMap { $0["name"]?.text } }
      return content["refname"].map { [$0.text] } ?? []
    }

    private mutating func step(_ name: String, _ node: Documents.Node) -> Step {
      let line = Int(node["lineno"]?.text ?? "") ?? 1
      let start = lineStarts[min(max(line - 1, 0), lineStarts.count - 1)]
      // A body that starts with a line break may count its lines from the next one.
      cursor = max(cursor, lineStarts[min(max(line - 2, 0), lineStarts.count - 1)])
      switch name {
      case "PLpgSQL_stmt_execsql": return simple(.sql, node["sqlstmt"], start)
      case "PLpgSQL_stmt_perform": return simple(.perform, node["expr"], start)
      // What it reads and calls counts; the rows do not.
      case "PLpgSQL_stmt_return_query" where node["query"] != nil: return simple(.perform, node["query"], start)
      case "PLpgSQL_stmt_return", "PLpgSQL_stmt_return_next": return simple(.other, node["expr"], start)
      case "PLpgSQL_stmt_call": return simple(.call, node["expr"], start)
      case "PLpgSQL_stmt_dynexecute": return simple(.execute, node["query"], start)
      case "PLpgSQL_stmt_block":
        let body = steps(Array((node["body"]?.items).map { Array($0) } ?? []))
        var block = Step(kind: .block(body), query: nil, place: start..<max(start, cursor))
        block.catchesErrors = node["exceptions"] != nil
        return block
      case "PLpgSQL_stmt_if": return branch(node, start)
      case "PLpgSQL_stmt_assign":
        let number = Int(node["varno"]?.text ?? "") ?? -1
        let variable = datums.indices.contains(number) ? datums[number] : ""
        let assignment = simple(.assignment(variable: variable), node["expr"], start)
        guard let field = assignment.query.flatMap({ fields[$0.lowerBound] }) else { return assignment }
        return Step(kind: .assignment(variable: field), query: assignment.query, place: assignment.place)
      case "PLpgSQL_stmt_foreach_a":
        let number = Int(node["varno"]?.text ?? "") ?? -1
        let variable = datums.indices.contains(number) ? datums[number] : ""
        let query = find(node["expr"])
        let body = steps(list(node["body"]))
        return Step(
          kind: .forEach(variable: variable, body), query: query, place: start..<max(start, cursor))
      case "PLpgSQL_stmt_fors", "PLpgSQL_stmt_dynfors", "PLpgSQL_stmt_fori", "PLpgSQL_stmt_loop",
        "PLpgSQL_stmt_while", "PLpgSQL_stmt_forc":
        let query = find(node["query"] ?? node["cond"])
        let body = steps(list(node["body"]))
        return Step(kind: .loop(body), query: query, place: start..<max(start, cursor))
      case "PLpgSQL_stmt_exit":
        // EXIT and CONTINUE are one statement to the parser.
        var exit = simple(.other, node["cond"], start)
        exit.isContinue = node["is_exit"]?.text != "true"
        exit.isConditional = node["cond"] != nil
        return exit
      case "PLpgSQL_stmt_case":
        var branches: [(condition: Range<Int>?, steps: [Step])] = []
        for when in list(node["case_when_list"]) {
          guard let content = when.entries.first?.value else { continue }
          let condition = find(content["expr"])
          branches.append((condition ?? start..<start, steps(list(content["stmts"]))))
        }
        branches.append((nil, steps(list(node["else_stmts"]))))
        return Step(kind: .branch(branches), query: nil, place: start..<max(start, cursor))
      default:
        return Step(kind: .other, query: nil, place: start..<max(start, cursor))
      }
    }

    private func list(_ node: Documents.Node?) -> [Documents.Node] { node.map { Array($0.items) } ?? [] }

    private mutating func simple(_ kind: Step.Kind, _ expression: Documents.Node?, _ start: Int) -> Step {
      let query = find(expression)
      return Step(kind: kind, query: query, place: query ?? start..<max(start, cursor))
    }

    private mutating func branch(_ node: Documents.Node, _ start: Int) -> Step {
      var branches: [(condition: Range<Int>?, steps: [Step])] = []
      let condition = find(node["cond"])
      branches.append((condition ?? start..<start, steps(list(node["then_body"]))))
      for elsif in list(node["elsif_list"]) {
        guard let content = elsif.entries.first?.value else { continue }
        let condition = find(content["cond"])
        branches.append((condition ?? start..<start, steps(list(content["stmts"]))))
      }
      if node["else_body"] != nil { branches.append((nil, steps(list(node["else_body"])))) }
      return Step(kind: .branch(branches), query: nil, place: start..<max(start, cursor))
    }

    mutating func find(_ expression: Documents.Node?) -> Range<Int>? {
      guard let query = expression?["PLpgSQL_expr"]?["query"]?.text else { return nil }
      var wanted = Array(query.utf8)
      if let found = find(wanted) { return found }
      // PERFORM is rewritten to SELECT; `variable := value` is one expression.
      if wanted.starts(with: "SELECT ".utf8) {
        wanted.removeFirst(7)
        if let found = find(wanted) { return found }
        return find(Array("SELECT ".utf8) + wanted, skipsBlanks: true)
      }
      return nil
    }

    /// The next occurrence of a text; its blanks may stand for anything where the parser has blanked INTO out.
    private mutating func find(_ wanted: [UInt8], skipsBlanks: Bool = false) -> Range<Int>? {
      guard let first = wanted.first, wanted.count <= bytes.count else { return nil }
      if skipsBlanks {
        var start = cursor
        while start + wanted.count <= bytes.count {
          if bytes[start] | 0x20 == first | 0x20,
            wanted.indices.allSatisfy({ wanted[$0] == 0x20 || wanted[$0] | 0x20 == bytes[start + $0] | 0x20 })
          {
            cursor = start + wanted.count
            return start..<cursor
          }
          start += 1
        }
        return nil
      }
      var index = cursor
      while index + wanted.count <= bytes.count {
        if bytes[index] == first, bytes[index..<index + wanted.count].elementsEqual(wanted) {
          cursor = index + wanted.count
          return index..<cursor
        }
        index += 1
      }
      return nil
    }
  }
}
