/// The control structures of template engines in SQL, worked out before the text is split into statements: Go's
/// `{{if .postgres}} … {{else}} … {{end}}`, Jinja's `{% if … %} … {% endif %}` and ERB's `<% if … %> … <% end %>`.
///
/// Tags and branches that are not taken become blanks, so that every byte keeps its place. Of conditions only those about
/// the kind of database are decided, for PostgreSQL; what stands in other branches and in loops is there perhaps.
struct TemplateControls {
  /// The text with what is not taken blanked out.
  private(set) var bytes: [UInt8]
  /// What is there perhaps, with the tag that decides it; ranges count into the bytes.
  private(set) var undecided: [(range: Range<Int>, tag: Range<Int>)] = []
  /// Calls that stand where a statement would, and yield who knows what: `{{ addColumnIfNeeded "t" "c" }}`.
  private(set) var calls: [Range<Int>] = []

  private enum Keyword { case opens(condition: String?), otherwise(condition: String?), ends, comment, nothing, call }

  private struct Frame {
    let isConditional: Bool
    var tag: Range<Int>
    var start: Int
    /// Whether the branch that runs is taken; nil where that is not known.
    var state: Bool?
    var wasTaken = false
    var isUndecided = false
    /// The undecided branch before is a piece of a statement, to which another branch is the alternative.
    var isFragment = false
  }

  /// nil: a text without control structures, or one that does not close them.
  init?(_ text: [UInt8]) {
    guard TemplateControls.mayOccur(in: text) else { return nil }
    bytes = text
    var frames: [Frame] = []
    var hasControls = false
    var index = 0
    while index + 3 < text.count {
      guard let tag = TemplateControls.tag(at: index, in: text) else {
        index += 1
        continue
      }
      index = tag.upperBound
      switch TemplateControls.keyword(of: tag, in: text) {
      case .nothing: continue
      case .comment: break
      case .call:
        guard isAtStatement(tag.lowerBound) else { continue }
        calls.append(tag)
      case .opens(let condition):
        let state = condition.flatMap(TemplateCondition.value)
        frames.append(Frame(isConditional: condition != nil, tag: tag, start: tag.upperBound, state: state))
        guard frames.count < 100 else { return nil }
      case .otherwise(let condition):
        guard var frame = frames.popLast() else { return nil }
        close(&frame, at: tag.lowerBound)
        frame.state =
          frame.wasTaken ? false : condition.map { TemplateCondition.value($0) } ?? (frame.isUndecided ? nil : true)
        frame.start = tag.upperBound
        frames.append(frame)
      case .ends:
        guard var frame = frames.popLast() else { return nil }
        close(&frame, at: tag.lowerBound)
      }
      hasControls = true
      blank(tag)
    }
    guard frames.isEmpty, hasControls else { return nil }
  }

  private mutating func close(_ frame: inout Frame, at end: Int) {
    let range = frame.start..<max(frame.start, end)
    switch frame.state {
    case true?: frame.wasTaken = true
    case false?: blank(range)
    case nil:
      guard !frame.isFragment else { return blank(range) }
      let last = bytes[range].last { $0 != 0x20 && $0 != 0x0A && $0 != 0x0D && $0 != 0x09 }
      frame.isFragment = last.map { $0 != UInt8(ascii: ";") } ?? false
      frame.isUndecided = true
      undecided.append((range, frame.tag))
    }
  }

  private mutating func blank(_ range: Range<Int>) {
    for index in range where bytes[index] != 0x0A { bytes[index] = 0x20 }
  }

  /// Whether nothing but blanks stands between the end of a statement and a place.
  private func isAtStatement(_ place: Int) -> Bool {
    let before = bytes[..<place].last { $0 != 0x20 && $0 != 0x0A && $0 != 0x0D && $0 != 0x09 }
    return before.map { $0 == UInt8(ascii: ";") } ?? true
  }

  // MARK: Tags

  /// A look at the bytes: most texts have no tag at all.
  private static func mayOccur(in bytes: [UInt8]) -> Bool {
    bytes.withUnsafeBufferPointer { buffer in
      guard buffer.count > 6 else { return false }
      for index in 0..<buffer.count - 1 {
        switch (buffer[index], buffer[index + 1]) {
        case (UInt8(ascii: "{"), UInt8(ascii: "{")), (UInt8(ascii: "{"), UInt8(ascii: "%")),
          (UInt8(ascii: "<"), UInt8(ascii: "%")):
          return true
        default: continue
        }
      }
      return false
    }
  }

  private static func tag(at start: Int, in bytes: [UInt8]) -> Range<Int>? {
    let closing: (UInt8, UInt8)
    switch (bytes[start], bytes[start + 1]) {
    case (UInt8(ascii: "{"), UInt8(ascii: "{")): closing = (UInt8(ascii: "}"), UInt8(ascii: "}"))
    case (UInt8(ascii: "{"), UInt8(ascii: "%")): closing = (UInt8(ascii: "%"), UInt8(ascii: "}"))
    case (UInt8(ascii: "<"), UInt8(ascii: "%")): closing = (UInt8(ascii: "%"), UInt8(ascii: ">"))
    default: return nil
    }
    var index = start + 2
    while index + 1 < bytes.count, index - start < 300 {
      if bytes[index] == closing.0, bytes[index + 1] == closing.1 { return start..<index + 2 }
      index += 1
    }
    return nil
  }

  private static func keyword(of tag: Range<Int>, in bytes: [UInt8]) -> Keyword {
    let isGo = bytes[tag.lowerBound + 1] == UInt8(ascii: "{")
    let isERB = bytes[tag.lowerBound] == UInt8(ascii: "<")
    var inside = bytes[tag.lowerBound + 2..<tag.upperBound - 2]
    if inside.first == UInt8(ascii: "-") || inside.first == UInt8(ascii: "+") { inside.removeFirst() }
    if inside.last == UInt8(ascii: "-") { inside.removeLast() }
    let words = String(decoding: inside, as: UTF8.self).split { $0 == " " || $0 == "\t" || $0 == "\n" }
    guard let first = words.first else { return .nothing }
    let rest = words.dropFirst().joined(separator: " ")
    switch first {
    case "if", "unless": return .opens(condition: first == "if" ? rest : "not (\(rest))")
    case "else":
      return .otherwise(condition: words.dropFirst().first == "if" ? String(rest.dropFirst(3)) : nil)
    case "elif", "elsif": return .otherwise(condition: rest)
    case "end" where isGo || isERB, "endif", "endfor", "endmacro", "endblock", "endcall", "endfilter": return .ends
    case "range" where isGo, "with" where isGo, "define" where isGo, "block" where isGo: return .opens(condition: nil)
    case "for" where !isGo, "macro" where !isGo, "block" where !isGo, "call" where !isGo, "filter" where !isGo:
      return .opens(condition: nil)
    default: break
    }
    if isERB { return first.hasPrefix("=") ? .nothing : words.contains("do") ? .opens(condition: nil) : .nothing }
    guard isGo else { return .nothing }
    if first.hasPrefix("/*") { return .comment }
    let isName = first.utf8.allSatisfy { Placeholders.isNameByte($0) }
    return isName && words.count > 1 && words.dropFirst().allSatisfy { $0 != "|" } ? .call : .nothing
  }
}

/// Conditions of templates about the kind of database.
enum TemplateCondition {
  private static let ours: Set<String> = ["postgres", "postgresql", "pg", "psql", "pgsql"]
  private static let others: Set<String> = [
    "mysql", "sqlite", "sqlite3", "mariadb", "mssql", "sqlserver", "oracle", "cockroach", "cockroachdb", "crdb", "h2",
  ]

  /// What a condition comes to for PostgreSQL: `.postgres`, `or .postgres .sqlite`, `dialect == 'mysql'`; nil where it is
  /// about something else.
  static func value(_ condition: String) -> Bool? {
    var tokens: [String] = []
    var word = ""
    for character in condition {
      if character == "(" || character == ")" || character == " " {
        if !word.isEmpty { tokens.append(word) }
        word = ""
        if character != " " { tokens.append(String(character)) }
      } else {
        word.append(character)
      }
    }
    if !word.isEmpty { tokens.append(word) }
    var rest = tokens.prefix(40)[...]
    let result = expression(&rest, 0)
    return rest.isEmpty ? result : nil
  }

  private static func expression(_ tokens: inout ArraySlice<String>, _ depth: Int) -> Bool? {
    guard let first = tokens.popFirst(), depth < 10 else { return nil }
    switch first {
    case "(":
      let inner = expression(&tokens, depth + 1)
      if tokens.first == ")" { tokens.removeFirst() } else { tokens.removeAll() }
      return inner
    case "not": return expression(&tokens, depth + 1).map { !$0 }
    case "or", "and":
      var results: [Bool?] = []
      while let next = tokens.first, next != ")" { results.append(expression(&tokens, depth + 1)) }
      let decides = first == "or"
      return results.contains(decides) ? decides : results.contains(nil) || results.isEmpty ? nil : !decides
    case "eq", "ne":
      guard tokens.count > 1 else { return nil }
      let names = [tokens.removeFirst(), tokens.removeFirst()]
      guard let answer = names.compactMap(named).first else { return nil }
      return first == "eq" ? answer : !answer
    default:
      guard tokens.first == "==" || tokens.first == "!=" else { return named(first) }
      let isEqual = tokens.removeFirst() == "=="
      guard let answer = tokens.popFirst().flatMap(named) else { return nil }
      return isEqual ? answer : !answer
    }
  }

  private static func named(_ token: String) -> Bool? {
    var name = token.lowercased().filter { $0 != "'" && $0 != "\"" }
    if let dot = name.lastIndex(of: ".") { name = String(name[name.index(after: dot)...]) }
    for prefix in ["is_", "is", "use_"] where name.hasPrefix(prefix) { name = String(name.dropFirst(prefix.count)) }
    return ours.contains(name) ? true : others.contains(name) ? false : nil
  }
}
