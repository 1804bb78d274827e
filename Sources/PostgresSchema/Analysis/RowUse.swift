import SourceText

/// Which fields of NEW and OLD a trigger function names, and which of them it sets, read word by word.
package struct RowUse: Sendable {
  /// `NEW.x` and `OLD.x`, each field once, at its first mention.
  package private(set) var fields: [Field] = []
  /// What is assigned to fields of NEW.
  package private(set) var assignments: [Assignment] = []
  /// It raises an exception somewhere.
  package private(set) var raises = false
  /// It asks which table it is fired for, or with which arguments: not every line is meant for every table.
  package private(set) var asksForTable = false

  /// A field of the row that fired the trigger.
  package struct Field: Hashable, Sendable {
    package let name: String
    package let span: Span
    /// Both NEW and OLD are asked for it.
    package internal(set) var isCompared: Bool
    /// Whether the mention is of NEW.
    let isNew: Bool
  }

  /// `NEW.x := …`
  package struct Assignment: Hashable, Sendable {
    package let field: String
    /// The functions that the assigned value calls.
    package let functions: [String]
    /// It is `OLD.x`: the change is taken back.
    package let restoresOld: Bool
  }

  init(_ function: Function) {
    guard function.isTriggerFunction, let text = function.body?.source else { return }
    let bytes = text.bytes
    let tokens = SQLLexer.tokens(of: bytes)
    asksForTable = tokens.contains { token in
      token.kind == .word
        && ["tg_table_name", "tg_relname", "tg_table_schema", "tg_argv", "tg_relid", "tg_name"].contains(
          bytes.folded(token))
    }
    for index in tokens.indices.dropLast() where bytes.isKeyword(tokens[index], "raise") {
      let level = bytes.folded(tokens[index + 1])
      if !["notice", "warning", "info", "log", "debug"].contains(level) { raises = true }
    }
    for index in tokens.indices.dropLast(2) {
      guard tokens[index].kind == .word, bytes.isPunctuation(tokens[index + 1], "."),
        tokens[index + 2].kind == .word || tokens[index + 2].kind == .quotedName
      else { continue }
      let isNew = bytes.isKeyword(tokens[index], "new")
      guard isNew || bytes.isKeyword(tokens[index], "old") else { continue }
      // `t.new.x` is another's.
      if index > 0, bytes.isPunctuation(tokens[index - 1], ".") { continue }
      let name = bytes.name(tokens[index + 2])
      if let known = fields.firstIndex(where: { $0.name == name }) {
        if fields[known].isNew != isNew { fields[known].isCompared = true }
      } else {
        let span = text.span(tokens[index].lower..<tokens[index + 2].upper)
        fields.append(Field(name: name, span: span, isCompared: false, isNew: isNew))
      }
      if isNew { noteAssignment(tokens, index, name, bytes) }
    }
  }

  private mutating func noteAssignment(_ tokens: [SQLToken], _ index: Int, _ name: String, _ bytes: [UInt8]) {
    let starters = ["begin", "then", "else", "loop", "into", ";", ",", ">>"]
    guard index > 0 else { return }
    let before = bytes.folded(tokens[index - 1])
    let isTarget = before == "into" || before == ","
    guard starters.contains(before) else { return }
    guard index + 3 < tokens.count, [":=", "="].contains(bytes.text(tokens[index + 3])) else {
      if isTarget,
        tokens[..<index].last(where: { bytes.isPunctuation($0, ";") || bytes.isKeyword($0, "into") }).map({
          bytes.isKeyword($0, "into")
        }) ?? false
      {
        assignments.append(Assignment(field: name, functions: [], restoresOld: false))
      }
      return
    }
    guard before != "," else { return }
    var functions: [String] = []
    var position = index + 4
    let start = position
    while position < tokens.count, !bytes.isPunctuation(tokens[position], ";") {
      if position + 1 < tokens.count, bytes.isPunctuation(tokens[position + 1], "("),
        [.word, .quotedName].contains(tokens[position].kind)
      {
        functions.append(bytes.name(tokens[position]))
      }
      position += 1
    }
    let restores =
      position - start == 3 && bytes.isKeyword(tokens[start], "old") && bytes.name(tokens[start + 2]) == name
    assignments.append(Assignment(field: name, functions: functions, restoresOld: restores))
  }
}
