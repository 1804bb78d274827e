import Documents
import SourceText

/// The statements of a PL/pgSQL body as partial evaluation needs them: with declarations, targets, RETURN, RAISE and
/// exception handlers.
struct TriggerBody: Sendable {
  /// Verbatim SQL or an expression of the body.
  struct Fragment: Sendable {
    let text: [UInt8]
    /// Where it stands in the body; nil where it cannot be found.
    let range: Range<Int>?
  }

  struct Variable: Sendable {
    let name: String
    let initial: Fragment?
  }

  struct Handler: Sendable {
    /// `others`, `unique_violation`, …
    let conditions: [String]
    let steps: [Step]
    let place: Range<Int>
  }

  struct Step: Sendable {
    indirect enum Form: Sendable {
      /// Plain SQL, and the variables behind INTO.
      case sql(Fragment, into: [String])
      case perform(Fragment)
      /// Dynamic SQL, and the variables behind INTO.
      case execute(Fragment, arguments: [Fragment], into: [String])
      case branch([(condition: Fragment?, steps: [Step])])
      /// CASE with a subject: the conditions compare the named variable.
      case selection(variable: String, subject: Fragment, [(condition: Fragment?, steps: [Step])])
      /// A loop over a query's rows, or over something else.
      case loop(variables: [String], query: Fragment?, [Step])
      case block([Step], [Handler])
      case assignment(variable: String, Fragment)
      case returning(Fragment?)
      /// RAISE; only the level of an exception ends the statement.
      case raise(isException: Bool)
      case other
    }

    let form: Form
    let place: Range<Int>
  }

  let variables: [Variable]
  let steps: [Step]

  /// Reads the parser's JSON of a body.
  init(_ bytes: [UInt8], _ function: Documents.Node) {
    var reader = Reader(bytes: bytes, datums: function["datums"].map { Array($0.items) } ?? [])
    variables = reader.variables()
    steps = reader.steps(function["action"].map { [$0] } ?? [])
  }

  /// Turns the JSON into steps. It has line numbers and verbatim queries, no offsets: a fragment's place is its next
  /// occurrence.
  private struct Reader {
    let bytes: [UInt8]
    let datums: [Documents.Node]
    private var cursor = 0
    private var lineStarts: [Int] = [0]

    init(bytes: [UInt8], datums: [Documents.Node]) {
      self.bytes = bytes
      self.datums = datums
      for (index, byte) in bytes.enumerated() where byte == 0x0A { lineStarts.append(index + 1) }
    }

    /// Parameters have no line, declared variables have one.
    mutating func variables() -> [Variable] {
      datums.compactMap { datum in
        guard let entry = datum.entries.first, entry.key.text == "PLpgSQL_var" || entry.key.text == "PLpgSQL_rec",
          entry.value["lineno"] != nil, let name = entry.value["refname"]?.text, !name.hasPrefix("__Case"),
          name != "sqlstate", name != "sqlerrm"
        else { return nil }
        return Variable(name: name, initial: fragment(entry.value["default_val"]))
      }
    }

    /// The names under which a datum is assigned to: `x`, or `new.x`.
    private func name(_ number: Documents.Node?) -> String {
      guard let number = number.flatMap({ Int($0.text) }), datums.indices.contains(number),
        let entry = datums[number].entries.first
      else { return "" }
      if let field = entry.value["fieldname"]?.text {
        guard let parent = entry.value["recparentno"].flatMap({ Int($0.text) }), datums.indices.contains(parent),
          let record = datums[parent].entries.first?.value["refname"]?.text
        else { return "" }
        return record + "." + field
      }
      return entry.value["refname"]?.text ?? ""
    }

    private func names(_ target: Documents.Node?) -> [String] {
      guard let row = target?.entries.first?.value else { return [] }
      if let fields = row["fields"] { return fields.items.compactMap { $0["name"]?.text } }
      return row["refname"].map { [$0.text] } ?? []
    }

    private func list(_ node: Documents.Node?) -> [Documents.Node] { node.map { Array($0.items) } ?? [] }

    mutating func steps(_ nodes: [Documents.Node]) -> [Step] {
      nodes.compactMap { node in node.entries.first.map { step($0.key.text, $0.value) } }
    }

    private mutating func step(_ name: String, _ node: Documents.Node) -> Step {
      let line = Int(node["lineno"]?.text ?? "") ?? 1
      let start = lineStarts[min(max(line - 1, 0), lineStarts.count - 1)]
      let form = form(name, node)
      return Step(form: form, place: start..<max(start, cursor))
    }

    private mutating func form(_ name: String, _ node: Documents.Node) -> Step.Form {
      switch name {
      case "PLpgSQL_stmt_execsql":
        return fragment(node["sqlstmt"]).map { .sql($0, into: names(node["target"])) } ?? .other
      case "PLpgSQL_stmt_perform", "PLpgSQL_stmt_call":
        return fragment(node["expr"]).map { .perform($0) } ?? .other
      case "PLpgSQL_stmt_dynexecute":
        let arguments = list(node["params"]).compactMap { fragment($0) }
        return fragment(node["query"]).map { .execute($0, arguments: arguments, into: names(node["target"])) } ?? .other
      case "PLpgSQL_stmt_assign":
        guard let fragment = fragment(node["expr"]) else { return .other }
        return .assignment(variable: self.name(node["varno"]), TriggerBody.assigned(fragment))
      case "PLpgSQL_stmt_return_query" where node["query"] != nil:
        return fragment(node["query"]).map { .sql($0, into: []) } ?? .other
      case "PLpgSQL_stmt_return": return .returning(fragment(node["expr"]))
      case "PLpgSQL_stmt_raise":
        // ERROR is 21; a RAISE without a level raises one too.
        return .raise(isException: (Int(node["elog_level"]?.text ?? "") ?? 21) >= 21)
      case "PLpgSQL_stmt_if":
        var branches = [(condition: fragment(node["cond"]), steps: steps(list(node["then_body"])))]
        for elsif in list(node["elsif_list"]) {
          guard let content = elsif.entries.first?.value else { continue }
          branches.append((fragment(content["cond"]), steps(list(content["stmts"]))))
        }
        if node["else_body"] != nil { branches.append((nil, steps(list(node["else_body"])))) }
        return .branch(branches)
      case "PLpgSQL_stmt_case":
        let subject = fragment(node["t_expr"])
        var branches: [(condition: Fragment?, steps: [Step])] = []
        for when in list(node["case_when_list"]) {
          guard let content = when.entries.first?.value else { continue }
          branches.append((fragment(content["expr"]), steps(list(content["stmts"]))))
        }
        // Without ELSE, a CASE that no branch takes is an error.
        let otherwise = steps(list(node["else_stmts"]))
        let isGiven = node["have_else"] != nil
        branches.append((nil, isGiven ? otherwise : [Step(form: .raise(isException: true), place: cursor..<cursor)]))
        return subject.map { .selection(variable: self.name(node["t_varno"]), subject: $0, branches) }
          ?? .branch(branches)
      case "PLpgSQL_stmt_fors", "PLpgSQL_stmt_dynfors", "PLpgSQL_stmt_forc":
        let query = name == "PLpgSQL_stmt_fors" ? fragment(node["query"]) : nil
        return .loop(variables: names(node["var"]), query: query, steps(list(node["body"])))
      case "PLpgSQL_stmt_foreach_a":
        let expression = fragment(node["expr"])
        let query = expression.map { Fragment(text: Array("SELECT ".utf8) + $0.text, range: nil) }
        return .loop(variables: [self.name(node["varno"])], query: query, steps(list(node["body"])))
      case "PLpgSQL_stmt_fori", "PLpgSQL_stmt_loop", "PLpgSQL_stmt_while":
        return .loop(variables: [], query: nil, steps(list(node["body"])))
      case "PLpgSQL_stmt_block":
        let body = steps(list(node["body"]))
        var handlers: [Handler] = []
        for exception in list(node["exceptions"]?["PLpgSQL_exception_block"]?["exc_list"]) {
          guard let content = exception.entries.first?.value else { continue }
          let conditions = list(content["conditions"]).compactMap {
            $0["PLpgSQL_condition"]?["condname"]?.text.lowercased()
          }
          let place = handlerPlace(conditions)
          handlers.append(Handler(conditions: conditions, steps: steps(list(content["action"])), place: place))
        }
        return .block(body, handlers)
      default: return .other
      }
    }

    /// `WHEN others` from WHEN on.
    private mutating func handlerPlace(_ conditions: [String]) -> Range<Int> {
      let tokens = SQLLexer.tokens(of: bytes, min(cursor, bytes.count)..<bytes.count)
      var isInException = false
      for index in tokens.indices.dropLast() {
        if bytes.isKeyword(tokens[index], "exception") { isInException = true }
        guard isInException || cursor == handlersEnd, bytes.isKeyword(tokens[index], "when") else { continue }
        if bytes.name(tokens[index + 1]) == conditions.first ?? "" {
          cursor = tokens[index + 1].upper
          handlersEnd = cursor
          return tokens[index].lower..<tokens[index + 1].upper
        }
      }
      for index in tokens.indices.dropLast()
      where bytes.isKeyword(tokens[index], "when") && bytes.name(tokens[index + 1]) == conditions.first ?? "" {
        cursor = tokens[index + 1].upper
        return tokens[index].lower..<tokens[index + 1].upper
      }
      return cursor..<cursor
    }
    private var handlersEnd = -1

    private mutating func fragment(_ expression: Documents.Node?) -> Fragment? {
      guard let query = expression?["PLpgSQL_expr"]?["query"]?.text else { return nil }
      let wanted = Array(query.utf8)
      if let found = find(wanted) { return Fragment(text: wanted, range: found) }
      // PERFORM is rewritten to SELECT.
      if wanted.starts(with: "SELECT ".utf8), let found = find(Array(wanted.dropFirst(7))) {
        return Fragment(text: wanted, range: found.lowerBound - 7..<found.upperBound)
      }
      return Fragment(text: wanted, range: nil)
    }

    private mutating func find(_ wanted: [UInt8]) -> Range<Int>? {
      guard let first = wanted.first, wanted.count <= bytes.count else { return nil }
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

  /// `variable := value` without what stands in front of the value.
  private static func assigned(_ fragment: Fragment) -> Fragment {
    let tokens = SQLLexer.tokens(of: fragment.text)
    var depth = 0
    for (index, token) in tokens.enumerated() where index + 1 < tokens.count {
      if fragment.text.isPunctuation(token, "(") || fragment.text.isPunctuation(token, "[") { depth += 1 }
      if fragment.text.isPunctuation(token, ")") || fragment.text.isPunctuation(token, "]") { depth -= 1 }
      guard depth == 0, token.kind == .operator, [":=", "="].contains(fragment.text.text(token)) else { continue }
      let start = tokens[index + 1].lower
      return Fragment(
        text: Array(fragment.text[start...]), range: fragment.range.map { $0.lowerBound + start..<$0.upperBound })
    }
    return fragment
  }
}
