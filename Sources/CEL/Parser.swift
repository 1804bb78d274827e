import SourceText

/// Parses an expression; goes on after a mistake, so that the next one is reported as well.
struct Parser {
  typealias ID = SyntaxTree.ID

  /// How deep expressions may nest: far beyond what is written, far below what the stack holds.
  static let depthLimit = 200

  private let text: MappedText
  private let tokens: [Token]
  private var at = 0
  private var depth = 0
  /// After the first complaint about depth nothing more is said: the rest is the same mistake.
  private var isTooDeep = false
  private var isEndReported = false
  private(set) var tree = SyntaxTree()
  private(set) var diagnostics: [Diagnostic]

  init(_ text: MappedText) {
    self.text = text
    var lexer = Lexer(text)
    lexer.run()
    tokens = lexer.tokens
    diagnostics = lexer.diagnostics
  }

  mutating func run() {
    guard tokens.count > 1 else {
      report("The expression is empty.", token.range)
      tree.root = tree.append(.invalid, token.range, over: [])
      return
    }
    tree.root = expression()
    if token.kind != .end, diagnostics.isEmpty { reportUnexpected("after the end of the expression") }
  }

  // MARK: Tokens

  private var token: Token { tokens[at] }
  private var lastEnd: Int { at > 0 ? tokens[at - 1].range.upperBound : 0 }

  private mutating func advance() { if at < tokens.count - 1 { at += 1 } }

  private func isAt(_ symbol: Token.Symbol) -> Bool { token.kind == .symbol(symbol) }

  private mutating func take(_ symbol: Token.Symbol) -> Bool {
    guard isAt(symbol) else { return false }
    advance()
    return true
  }

  private mutating func expect(_ symbol: Token.Symbol, _ context: String) {
    if take(symbol) { return }
    reportUnexpected(context, wanted: symbol.rawValue)
    recover()
    _ = take(symbol)
  }

  private mutating func report(_ message: String, _ range: Range<Int>, cure: String? = nil) {
    guard !isTooDeep else { return }
    diagnostics.append(Diagnostic("cel-syntax", .error, message, cure: cure, at: text.span(range)))
  }

  private mutating func reportUnexpected(_ context: String, wanted: String? = nil) {
    guard token.kind != .invalid else { return }
    let cure = wanted.map { "Write '\($0)'." }
    if token.kind == .end {
      guard !isEndReported else { return }
      isEndReported = true
      report(
        wanted.map { "The expression ends where '\($0)' should follow." } ?? "The expression ends \(context).",
        max(0, lastEnd - 1)..<lastEnd, cure: cure)
    } else {
      let shown = String(decoding: text.bytes[token.range], as: UTF8.self)
      report("'\(shown)' is unexpected \(context).", token.range, cure: wordCure ?? cure)
    }
  }

  /// What to write for the words that other languages have for operators.
  private var wordCure: String? {
    if case .identifier(let word) = token.kind {
      if word.lowercased() == "and" { return "Write '&&'." }
      if word.lowercased() == "or" { return "Write '||'." }
    }
    if at > 0, case .identifier(let word) = tokens[at - 1].kind, word.lowercased() == "not" { return "Write '!'." }
    return nil
  }

  /// Skips to the comma or closing bracket that ends the part in which the mistake is.
  private mutating func recover() {
    var open = 0
    while token.kind != .end {
      if case .symbol(let symbol) = token.kind {
        switch symbol {
        case .leftParenthesis, .leftBracket, .leftBrace: open += 1
        case .rightParenthesis, .rightBracket, .rightBrace:
          if open == 0 { return }
          open -= 1
        case .comma: if open == 0 { return }
        default: break
        }
      }
      advance()
    }
  }

  // MARK: Nodes

  private mutating func node(_ kind: SyntaxTree.Kind, _ start: Int, _ children: [ID] = []) -> ID {
    let id = tree.append(kind, start..<max(start, lastEnd), over: children)
    if tree[id].height > Parser.depthLimit, !isTooDeep {
      reportDepth(tree[id].range)
    }
    return id
  }

  private mutating func reportDepth(_ range: Range<Int>) {
    report("The expression nests more than \(Parser.depthLimit) deep.", range, cure: "Split it.")
    isTooDeep = true
    at = tokens.count - 1
  }

  private mutating func invalid() -> ID { tree.append(.invalid, token.range, over: []) }

  // MARK: Operators

  private mutating func expression() -> ID {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Parser.depthLimit else {
      reportDepth(token.range)
      return invalid()
    }
    let start = token.range.lowerBound
    let condition = binary(0)
    guard take(.question) else { return condition }
    let yes = binary(0)
    expect(.colon, "between the two results of '?'")
    let no = expression()
    return node(.operation(.conditional, [condition, yes, no]), start, [condition, yes, no])
  }

  private static let levels: [[Token.Symbol: SyntaxTree.Operator]] = [
    [.or: .or], [.and: .and],
    [
      .less: .less, .lessOrEqual: .lessOrEqual, .greater: .greater, .greaterOrEqual: .greaterOrEqual, .equal: .equal,
      .notEqual: .notEqual, .in: .in,
    ],
    [.plus: .add, .minus: .subtract], [.star: .multiply, .slash: .divide, .percent: .modulo],
  ]

  private func operation(at level: Int) -> (operator: SyntaxTree.Operator, level: Int)? {
    guard case .symbol(let symbol) = token.kind else { return nil }
    for index in level..<Parser.levels.count {
      if let found = Parser.levels[index][symbol] { return (found, index) }
    }
    return nil
  }

  /// Operators that bind at least as tightly as a level, by precedence climbing; `&&` and `||` take all their
  /// operands into one node, so that long chains are not deep.
  private mutating func binary(_ level: Int) -> ID {
    let start = token.range.lowerBound
    var left = unary()
    while let (found, at) = operation(at: level) {
      advance()
      var operands = [left, binary(at + 1)]
      if found == .and || found == .or {
        while let (next, _) = operation(at: at), next == found {
          advance()
          operands.append(binary(at + 1))
        }
      }
      left = node(.operation(found, operands), start, operands)
    }
    return left
  }

  private mutating func unary() -> ID {
    var signs: [(symbol: SyntaxTree.Operator, start: Int)] = []
    while true {
      if isAt(.minus), case .literal(let value) = tokens[min(at + 1, tokens.count - 1)].kind,
        let negative = value.negated
      {
        advance()
        let literalStart = lastEnd - 1
        advance()
        return wrap(member(of: node(.literal(negative), literalStart), literalStart), signs)
      }
      if take(.not) {
        signs.append((.not, lastEnd - 1))
      } else if take(.minus) {
        signs.append((.negate, lastEnd - 1))
      } else {
        break
      }
    }
    return wrap(member(), signs)
  }

  private mutating func wrap(_ operand: ID, _ signs: [(symbol: SyntaxTree.Operator, start: Int)]) -> ID {
    signs.reversed().reduce(operand) { inner, sign in node(.operation(sign.symbol, [inner]), sign.start, [inner]) }
  }

  // MARK: Members

  private mutating func member() -> ID {
    let start = token.range.lowerBound
    return member(of: primary(), start)
  }

  private mutating func member(of primary: ID, _ start: Int) -> ID {
    var left = primary
    while true {
      if take(.dot) {
        let isOptional = take(.question)
        guard let name = selector() else { return invalid() }
        if !isOptional, take(.leftParenthesis) {
          let arguments = arguments()
          left = call(left, name, arguments, start)
        } else {
          left = node(.select(left, name, isOptional: isOptional), start, [left])
        }
      } else if take(.leftBracket) {
        let isOptional = take(.question)
        let key = expression()
        expect(.rightBracket, "after an index")
        left = node(.index(left, key, isOptional: isOptional), start, [left, key])
      } else if isAt(.leftBrace), let name = qualifiedName(left) {
        return message(name, start)
      } else {
        return left
      }
    }
  }

  private mutating func selector() -> SyntaxTree.Name? {
    let range = token.range
    switch token.kind {
    case .identifier(let name), .quotedIdentifier(let name):
      advance()
      return SyntaxTree.Name(text: name, range: range)
    default:
      reportUnexpected("where a member's name should follow the dot")
      return nil
    }
  }

  private func qualifiedName(_ id: ID) -> String? {
    switch tree[id].kind {
    case .identifier(let name, _): name
    case .select(let operand, let name, isOptional: false): qualifiedName(operand).map { "\($0).\(name.text)" }
    default: nil
    }
  }

  /// `Message{field: value}`: read, so that the mistake is named for what it is, and then rejected.
  private mutating func message(_ name: String, _ start: Int) -> ID {
    advance()
    while !isAt(.rightBrace), token.kind != .end {
      _ = take(.question)
      guard selector() != nil else {
        recover()
        break
      }
      expect(.colon, "after a field's name")
      _ = expression()
      if !take(.comma) { break }
    }
    expect(.rightBrace, "at the end of a message")
    report(
      "'\(name){…}' makes a message, and this language has no message types.", start..<lastEnd,
      cure: "Write a map in braces, without a name in front.")
    return node(.invalid, start)
  }

  private mutating func arguments() -> [ID] {
    var arguments: [ID] = []
    separated(until: .rightParenthesis, "in a list of arguments") { parser in arguments.append(parser.expression()) }
    return arguments
  }

  /// Items between commas up to a closing bracket; after a mistake in one, the next are read all the same.
  private mutating func separated(until end: Token.Symbol, _ context: String, _ item: (inout Parser) -> Void) {
    while !isAt(end), token.kind != .end {
      item(&self)
      if take(.comma) { continue }
      if isAt(end) { break }
      reportUnexpected(context, wanted: end.rawValue)
      recover()
      guard take(.comma) else {
        _ = take(end)
        return
      }
    }
    expect(end, context)
  }

  // MARK: Primaries

  private mutating func primary() -> ID {
    let start = token.range.lowerBound
    switch token.kind {
    case .literal(let value):
      advance()
      if value == .int(.min) { report("'9223372036854775808' does not fit 64 bits.", start..<lastEnd) }
      return node(.literal(value), start)
    case .identifier:
      return identifier(isRooted: false, start)
    case .symbol(.dot):
      advance()
      guard case .identifier = token.kind else { break }
      return identifier(isRooted: true, start)
    case .symbol(.leftParenthesis):
      advance()
      let inner = expression()
      expect(.rightParenthesis, "after an expression in parentheses")
      return inner
    case .symbol(.leftBracket):
      return list(start)
    case .symbol(.leftBrace):
      return map(start)
    case .quotedIdentifier:
      report("A name in backticks may only follow a dot.", token.range)
      advance()
      return invalid()
    default: break
    }
    reportUnexpected(token.kind == .end ? "too early" : "where a value should stand")
    recover()
    return invalid()
  }

  private mutating func identifier(isRooted: Bool, _ start: Int) -> ID {
    guard case .identifier(let text) = token.kind else { return invalid() }
    let name = SyntaxTree.Name(text: text, range: token.range)
    advance()
    if Token.reserved.contains(text) {
      report("'\(text)' is a reserved word.", name.range, cure: "Choose another name.")
    }
    guard take(.leftParenthesis) else { return node(.identifier(text, isRooted: isRooted), start) }
    let arguments = arguments()
    return call(nil, name, arguments, start, isRooted: isRooted)
  }

  private mutating func list(_ start: Int) -> ID {
    advance()
    var items: [SyntaxTree.Item] = []
    separated(until: .rightBracket, "in a list") { parser in
      let isOptional = parser.take(.question)
      items.append(SyntaxTree.Item(value: parser.expression(), isOptional: isOptional))
    }
    return node(.list(items), start, items.map(\.value))
  }

  private mutating func map(_ start: Int) -> ID {
    advance()
    var entries: [SyntaxTree.Entry] = []
    separated(until: .rightBrace, "in a map") { parser in
      let isOptional = parser.take(.question)
      let key = parser.expression()
      // Without its colon an entry is over: the mistake is reported once, and the next entry is read.
      guard parser.take(.colon) else {
        parser.reportUnexpected("after a map's key", wanted: ":")
        parser.recover()
        return
      }
      entries.append(SyntaxTree.Entry(key: key, value: parser.expression(), isOptional: isOptional))
    }
    return node(.map(entries), start, entries.flatMap { [$0.key, $0.value] })
  }

  // MARK: Calls and macros

  private mutating func call(
    _ target: ID?, _ name: SyntaxTree.Name, _ arguments: [ID], _ start: Int, isRooted: Bool = false
  ) -> ID {
    let children = (target.map { [$0] } ?? []) + arguments
    if let macro = macro(target, name, arguments) { return node(macro, start, macro.children) }
    return node(.call(target, name, arguments, isRooted: isRooted), start, children)
  }

  private mutating func macro(_ target: ID?, _ name: SyntaxTree.Name, _ arguments: [ID]) -> SyntaxTree.Kind? {
    guard let target else {
      guard name.text == "has", arguments.count == 1 else { return nil }
      if case .select(let operand, let member, let isOptional) = tree[arguments[0]].kind {
        return .has(operand, member, isOptional: isOptional)
      }
      report(
        "'has()' takes a member, such as 'has(a.b)'.", tree[arguments[0]].range,
        cure: "Write 'k in m' to ask whether a map has a key.")
      return .invalid
    }
    if name.text == "bind", arguments.count == 3, case .identifier("cel", _) = tree[target].kind {
      guard let variable = variable(arguments[0], name) else { return .invalid }
      return .bind(variable, arguments[1], arguments[2])
    }
    if (name.text == "optMap" || name.text == "optFlatMap") && arguments.count == 2 {
      guard let variable = variable(arguments[0], name) else { return .invalid }
      return .optionalMap(target, variable, arguments[1], isFlat: name.text == "optFlatMap")
    }
    guard let (kind, variables) = shape(name.text, arguments.count) else { return nil }
    var names: [SyntaxTree.Name] = []
    for argument in arguments.prefix(variables) {
      guard let variable = variable(argument, name) else { return .invalid }
      names.append(variable)
    }
    if names.count == 2, names[0].text == names[1].text {
      report("'\(names[1].text)' names both variables of '\(name.text)'.", names[1].range)
      return .invalid
    }
    guard let body = arguments.last else { return nil }
    return .comprehension(
      SyntaxTree.Comprehension(
        kind: kind, source: target, first: names[0], second: names.count > 1 ? names[1] : nil,
        filter: arguments.count > variables + 1 ? arguments[variables] : nil, body: body))
  }

  /// Which macro a call is, and how many variables it has; nil when it is none.
  private func shape(_ name: String, _ count: Int) -> (SyntaxTree.Comprehension.Kind, Int)? {
    switch (name, count) {
    case ("all", 2), ("all", 3): (.all, count - 1)
    case ("exists", 2), ("exists", 3): (.exists, count - 1)
    case ("exists_one", 2), ("exists_one", 3), ("existsOne", 2), ("existsOne", 3): (.existsOne, count - 1)
    case ("filter", 2): (.filter, 1)
    case ("map", 2), ("map", 3): (.map, 1)
    case ("sortBy", 2): (.sortBy, 1)
    case ("transformList", 3), ("transformList", 4): (.transformList, 2)
    case ("transformMap", 3), ("transformMap", 4): (.transformMap, 2)
    case ("transformMapEntry", 3), ("transformMapEntry", 4): (.transformMapEntry, 2)
    default: nil
    }
  }

  private mutating func variable(_ id: ID, _ macro: SyntaxTree.Name) -> SyntaxTree.Name? {
    if case .identifier(let text, isRooted: false) = tree[id].kind {
      return SyntaxTree.Name(text: text, range: tree[id].range)
    }
    report("'\(macro.text)' needs a plain name for its variable here.", tree[id].range)
    return nil
  }
}

extension Value {
  /// The literal with a minus sign in front; nil for what is not a signed number.
  fileprivate var negated: Value? {
    switch self {
    case .int(let value): .int(0 &- value)
    case .double(let value): .double(-value)
    default: nil
    }
  }
}
