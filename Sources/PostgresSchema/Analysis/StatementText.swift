import SourceText

/// What the statements of all sources say word by word, those that only read or write rows included: facts that the
/// catalogue, which knows how things stand at last, does not keep.
package struct StatementText: Sendable {
  /// Calls of functions that have to do with secrets and identifiers, in function bodies too.
  package private(set) var calls: [SQLCall] = []
  /// CREATE statements, in order.
  package private(set) var creations: [Creation] = []
  /// Passwords written as literals.
  package private(set) var passwords: [PasswordLiteral] = []
  /// SECURITY LABEL … ON COLUMN, the last of each provider and column.
  package private(set) var columnLabels: [ColumnLabel] = []

  /// One CREATE statement of a source.
  package struct Creation: Hashable, Sendable {
    /// `TABLE`, `TRIGGER`, `POLICY`, …
    package let kind: String
    /// As written, without quotes; of triggers and policies with their table: `audit on users`.
    package let name: String
    package let span: Span
    /// IF NOT EXISTS or OR REPLACE.
    package let isRepeatable: Bool
    /// A DROP … IF EXISTS of the same object stands before it in its script.
    package let isDroppedBefore: Bool
    /// The position in ``Catalogue/sources``.
    package let source: Int
    /// The source that its script begins with: the strings that one connection executes one after the other are one
    /// script, as a file is.
    package let script: Int
  }

  /// A literal where a password belongs.
  package struct PasswordLiteral: Hashable, Sendable {
    package enum Use: String, Hashable, Sendable {
      case role, userMapping = "user mapping", connection
    }

    package let use: Use
    /// The role's or server's name; empty where it is not written beside it.
    package let subject: String
    package let span: Span
    /// It is what a password hashes to (`SCRAM-SHA-256$…`), not the password.
    package let isVerifier: Bool
  }

  /// A label of a provider such as `anon` on a column.
  package struct ColumnLabel: Hashable, Sendable {
    /// Empty for the only provider there is.
    package let provider: String
    /// The column's name with its table's, and the schema's where it is written.
    package let column: [String]
    package let text: String
    package let span: Span
  }

  init(_ sources: [SQLSource]) {
    var script = Script()
    for (index, source) in sources.enumerated() {
      let statements = StatementSplitter.split(source.text)
      let undone = Transactions.undone(statements, in: source.text.bytes)
      if !source.continuesSession { script = Script(first: index) }
      script.source = index
      for (position, statement) in statements.enumerated() where !undone.contains(position) {
        noteCreation(statement, source.text, &script)
        noteLabel(statement, source.text)
        read(statement.tokens, of: source.text, holes: source.holes, depth: 0)
      }
    }
  }

  // MARK: Creations

  /// What is known of the script that is being read.
  private struct Script {
    var first = 0
    var source = 0
    /// What it dropped IF EXISTS so far, with the kind.
    var dropped: Set<String> = []
  }

  private static let madeOnce: Set<String> = [
    "table", "index", "trigger", "policy", "view", "function", "procedure", "type", "domain", "schema", "sequence",
    "extension", "role", "user", "aggregate", "rule", "publication", "server", "collation", "cast",
  ]

  private static let modifiers: Set<String> = [
    "or", "replace", "temp", "temporary", "unlogged", "unique", "materialized", "constraint", "recursive", "foreign",
    "global", "local", "event", "trusted",
  ]

  private mutating func noteCreation(_ statement: Statement, _ text: MappedText, _ script: inout Script) {
    let bytes = text.bytes
    let tokens = statement.tokens
    guard let first = tokens.first, first.kind == .word, tokens.count > 2 else { return }
    let isDrop = bytes.isKeyword(first, "drop")
    guard isDrop || bytes.isKeyword(first, "create") else { return }
    var index = 1
    while index < tokens.count, tokens[index].kind == .word, Self.modifiers.contains(bytes.folded(tokens[index])) {
      index += 1
    }
    guard index < tokens.count, tokens[index].kind == .word else { return }
    let kind = bytes.folded(tokens[index])
    guard Self.madeOnce.contains(kind) else { return }
    let replaces = tokens.dropFirst().first.map { bytes.isKeyword($0, "or") } ?? false
    index += 1
    if index < tokens.count, bytes.isKeyword(tokens[index], "concurrently") { index += 1 }
    var asks = false
    if index + 1 < tokens.count, bytes.isKeyword(tokens[index], "if") {
      asks = true
      index += bytes.isKeyword(tokens[index + 1], "not") ? 3 : 2
    }
    guard index < tokens.count else { return }
    let start = index
    var name = Self.name(tokens, &index, bytes)
    if kind == "trigger" || kind == "policy" || kind == "rule" {
      guard let on = tokens[index...].firstIndex(where: { bytes.isKeyword($0, "on") }), on + 1 < tokens.count else {
        return
      }
      index = on + 1
      name += " on " + Self.name(tokens, &index, bytes)
    }
    if isDrop {
      if asks { script.dropped.insert(kind + " " + name) }
      return
    }
    let nameEnd = max(start, min(start, tokens.count - 1))
    creations.append(
      Creation(
        kind: kind.uppercased(), name: name, span: text.span(tokens[0].lower..<tokens[nameEnd].upper),
        isRepeatable: asks || replaces, isDroppedBefore: script.dropped.contains(kind + " " + name),
        source: script.source, script: script.first))
  }

  /// A name with its qualifiers; the index stands behind it then.
  private static func name(_ tokens: [SQLToken], _ index: inout Int, _ bytes: [UInt8]) -> String {
    names(tokens, &index, bytes).joined(separator: ".")
  }

  private static func names(_ tokens: [SQLToken], _ index: inout Int, _ bytes: [UInt8]) -> [String] {
    var parts: [String] = []
    while index < tokens.count, tokens[index].kind == .word || tokens[index].kind == .quotedName {
      parts.append(bytes.name(tokens[index]))
      index += 1
      guard index < tokens.count, bytes.isPunctuation(tokens[index], ".") else { break }
      index += 1
    }
    return parts
  }

  private mutating func noteLabel(_ statement: Statement, _ text: MappedText) {
    let bytes = text.bytes
    let tokens = statement.tokens
    guard tokens.count > 5, bytes.isKeyword(tokens[0], "security"), bytes.isKeyword(tokens[1], "label"),
      let on = tokens.firstIndex(where: { bytes.isKeyword($0, "on") }), on + 2 < tokens.count,
      bytes.isKeyword(tokens[on + 1], "column")
    else { return }
    let provider = bytes.isKeyword(tokens[2], "for") ? bytes.name(tokens[3]) : ""
    var index = on + 2
    let column = Self.names(tokens, &index, bytes)
    guard index + 1 < tokens.count, bytes.isKeyword(tokens[index], "is") else { return }
    columnLabels.removeAll { $0.provider == provider && $0.column == column }
    // NULL takes the label away.
    guard let label = StringLiteral.decoded(tokens[index + 1], of: text) else { return }
    columnLabels.append(
      ColumnLabel(
        provider: provider, column: column, text: label.string, span: text.span(tokens[index + 1].range)))
  }

  // MARK: Calls and passwords

  /// Bodies stand in strings, and dynamic SQL in strings of bodies.
  private static let depthLimit = 3

  private mutating func read(_ tokens: [SQLToken], of text: MappedText, holes: [Range<Int>], depth: Int) {
    let bytes = text.bytes
    var passwordUse: PasswordLiteral.Use?
    var subject = ""
    for (index, token) in tokens.enumerated() {
      switch token.kind {
      case .dollarString, .string:
        guard depth < Self.depthLimit, token.kind == .dollarString || holdsCode(tokens, index, bytes),
          let inner = StringLiteral.decoded(token, of: text)
        else { continue }
        read(SQLLexer.tokens(of: inner.bytes), of: inner, holes: [], depth: depth + 1)
      case .punctuation where bytes.isPunctuation(token, ";"):
        passwordUse = nil
      case .word, .quotedName:
        if index + 1 < tokens.count, bytes.isPunctuation(tokens[index + 1], "(") {
          if let call = SQLCall(tokens, index, text), !holes.contains(where: { $0.overlaps(call.range) }) {
            calls.append(call)
            noteConnection(call)
          }
        }
        guard token.kind == .word, index + 2 < tokens.count else {
          notePassword(tokens, index, text, passwordUse, subject, holes)
          continue
        }
        if bytes.isKeyword(token, "create") || bytes.isKeyword(token, "alter") {
          let isRole = ["role", "user", "group"].contains(bytes.folded(tokens[index + 1]))
          passwordUse =
            !isRole ? nil : bytes.isKeyword(tokens[index + 2], "mapping") ? .userMapping : .role
          subject = passwordUse == .role ? bytes.name(tokens[index + 2]) : ""
        } else if passwordUse == .userMapping, bytes.isKeyword(token, "server") {
          subject = bytes.name(tokens[index + 1])
        }
        notePassword(tokens, index, text, passwordUse, subject, holes)
      default: continue
      }
    }
  }

  /// Whether a string in single quotes is code: a body, or what EXECUTE and format make.
  private func holdsCode(_ tokens: [SQLToken], _ index: Int, _ bytes: [UInt8]) -> Bool {
    guard index > 0 else { return false }
    let before = tokens[index - 1]
    if bytes.isPunctuation(before, "("), index > 1 { return bytes.isKeyword(tokens[index - 2], "format") }
    return ["as", "execute", "do"].contains(bytes.folded(before))
  }

  private mutating func notePassword(
    _ tokens: [SQLToken], _ index: Int, _ text: MappedText, _ use: PasswordLiteral.Use?, _ subject: String,
    _ holes: [Range<Int>]
  ) {
    guard let use, index + 1 < tokens.count, tokens[index + 1].kind == .string,
      text.bytes.name(tokens[index]).lowercased() == "password",
      !holes.contains(where: { $0.overlaps(tokens[index + 1].range) }),
      let value = StringLiteral.decoded(tokens[index + 1], of: text)?.string, !Self.isPlaceholder(value)
    else { return }
    let isVerifier = value.hasPrefix("SCRAM-SHA-256$") || value.hasPrefix("md5") && value.utf8.count == 35
    passwords.append(
      PasswordLiteral(
        use: use, subject: subject, span: text.span(tokens[index + 1].range), isVerifier: isVerifier))
  }

  /// `dblink_connect('host=… password=…')`.
  private mutating func noteConnection(_ call: SQLCall) {
    guard call.name.hasPrefix("dblink") else { return }
    for argument in call.arguments {
      guard let literal = argument.literal,
        let value = literal.split(whereSeparator: \.isWhitespace).first(where: {
          $0.lowercased().hasPrefix("password=")
        })
      else { continue }
      let password = value.dropFirst("password=".count)
      guard !password.isEmpty, !Self.isPlaceholder(String(password)) else { continue }
      passwords.append(PasswordLiteral(use: .connection, subject: "", span: argument.span, isVerifier: false))
    }
  }

  /// Nothing, or what another program replaces before PostgreSQL sees it: `${PASSWORD}`, `{{ password }}`, `%s`, `:pw`.
  static func isPlaceholder(_ value: String) -> Bool {
    let value = value.trimmingBlanks
    return value.isEmpty || value.hasPrefix("${") || value.hasPrefix("{{") || value.hasPrefix("$(")
      || value.hasPrefix("%s") || value.hasPrefix("%L") || value.hasPrefix("%(") || value.hasPrefix("<%")
  }
}

extension String {
  fileprivate var trimmingBlanks: String {
    var text = Substring(self)
    while text.first?.isWhitespace ?? false { text.removeFirst() }
    while text.last?.isWhitespace ?? false { text.removeLast() }
    return String(text)
  }
}
