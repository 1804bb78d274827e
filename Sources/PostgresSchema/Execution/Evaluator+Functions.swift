import CPgQuery
import SourceText

extension Evaluator {
  func call(_ call: PgQuery__FuncCall, _ node: Node, _ scope: [Source]) -> Datum? {
    let names = nodes(call.n_funcname, call.funcname).compactMap(\.string)
    let name = names.last ?? ""
    let argumentNodes = nodes(call.n_args, call.args)
    let arguments = argumentNodes.map { value($0, scope) }
    switch name {
    case "current_schema": return replay.map { made($0.creationSchema) }
    case "format":
      guard case .text(let pattern)?? = arguments.first else { return nil }
      var rest = Array(arguments.dropFirst())
      if call.func_variadic != 0, rest.count == 1, case .list(let elements)? = rest[0] { rest = elements }
      return format(pattern, rest)
    case "to_regclass":
      guard replay != nil, let string = arguments.first??.string else { return nil }
      return relation(string).map { made($0.quoted) } ?? .null
    case "concat": return concatenated(arguments, separator: nil)
    case "concat_ws":
      guard let separator = arguments.first ?? nil else { return nil }
      return concatenated(Array(arguments.dropFirst()), separator: separator)
    default: break
    }
    let known = arguments.compactMap { $0 }
    guard known.count == arguments.count else { return nil }
    if known.contains(where: \.isNull), name != "quote_nullable" { return known.isEmpty ? nil : .null }
    switch name {
    case "quote_ident": return known.first?.string.map { made(QuotedName.of($0)) }
    case "quote_literal", "quote_nullable": return known.first.flatMap(literal)
    case "lower": return known.first?.string.map { made($0.lowercased()) }
    case "upper": return known.first?.string.map { made($0.uppercased()) }
    case "trim", "btrim":
      return known.count == 1 ? known[0].string.map { made(Evaluator.trimmed($0)) } : nil
    case "replace":
      guard known.count == 3, let string = known[0].string, let old = known[1].string, let new = known[2].string,
        !old.isEmpty
      else { return nil }
      return Evaluator.replacing(old, by: new, in: string).map(made)
    case "split_part":
      guard known.count == 3, let string = known[0].string, let separator = known[1].string,
        case .number(let position) = known[2], position != 0
      else { return nil }
      let parts = Evaluator.parts(of: string, between: separator)
      let index = position > 0 ? position - 1 : parts.count + position
      return made(parts.indices.contains(index) ? parts[index] : "")
    case "array_length", "cardinality":
      guard case .list(let elements)? = known.first else { return nil }
      return elements.isEmpty && name == "array_length" ? .null : .number(elements.count)
    case "string_to_array":
      guard known.count == 2, let string = known[0].string, let separator = known[1].string, !separator.isEmpty else {
        return nil
      }
      return .list(string.isEmpty ? [] : Evaluator.parts(of: string, between: separator).map(made))
    case "array_to_string":
      guard known.count == 2, case .list(let elements) = known[0] else { return nil }
      return concatenated(elements, separator: known[1])
    case "length", "char_length", "character_length":
      return known.first?.string.map { .number($0.unicodeScalars.count) }
    case "left", "right", "substr", "substring": return part(name, known)
    case "starts_with":
      guard known.count == 2, let string = known[0].string, let start = known[1].string else { return nil }
      return .bool(string.utf8.starts(with: start.utf8))
    case "regexp_replace": return replaced(known)
    case "pg_table_is_visible": return isVisible(known)
    default: return inlined(names, known)
    }
  }

  /// A project's own SQL function of one query.
  private func inlined(_ names: [String], _ arguments: [Datum]) -> Datum? {
    guard let rows = functionRows(names, arguments), let first = rows.first else { return nil }
    return first.values.first ?? nil
  }

  /// The rows of a project's own function in language SQL that is a single query.
  func functionRows(_ names: [String], _ arguments: [Datum]) -> [Datum.Row]? {
    guard callDepth < 8, let replay, let slot = replay.existingFunction(names, types: nil),
      let function = replay.state.functions[slot],
      function.language == "sql", let body = function.body?.source
    else { return nil }
    let statements = StatementSplitter.split(body)
    guard statements.count == 1 else { return nil }
    var inner: [String: Datum] = [:]
    for (index, argument) in arguments.enumerated() {
      inner["$\(index + 1)"] = argument
      if index < function.argumentNames.count { inner[function.argumentNames[index]] = argument }
    }
    let range = statements[0].range
    return Evaluator.rows(
      of: Array(body.bytes[range]), in: body, base: range.lowerBound, replay, inner, commands: commands,
      callDepth: callDepth + 1)
  }

  /// `regexp_replace(text, pattern, replacement [, flags])`.
  private func replaced(_ arguments: [Datum]) -> Datum? {
    let strings = arguments.compactMap(\.string)
    guard strings.count == arguments.count, (3...4).contains(strings.count) else { return nil }
    let flags = strings.count == 4 ? strings[3] : ""
    guard flags.allSatisfy({ "gi".contains($0) }), !strings[2].contains("\\"),
      let pattern = PostgresPattern(strings[1], ignoresCase: flags.contains("i"))
    else { return nil }
    return pattern.replacing(in: strings[0], by: strings[2], everywhere: flags.contains("g"), within: budget).map(made)
  }

  /// `left`, `right` and `substr` by numbers of characters.
  private func part(_ name: String, _ arguments: [Datum]) -> Datum? {
    guard let string = arguments.first?.string else { return nil }
    let numbers = arguments.dropFirst().compactMap { if case .number(let number) = $0 { number } else { nil } }
    guard numbers.count == arguments.count - 1, let first = numbers.first, first > Int(Int32.min),
      first < Int(Int32.max), numbers.allSatisfy({ $0 < Int(Int32.max) })
    else { return nil }
    let scalars = Array(string.unicodeScalars)
    let range: Range<Int>
    switch (name, numbers.count) {
    case ("left", 1): range = 0..<min(first >= 0 ? first : max(scalars.count + first, 0), scalars.count)
    case ("right", 1): range = min(first >= 0 ? max(scalars.count - first, 0) : -first, scalars.count)..<scalars.count
    case ("substr", 1), ("substring", 1): range = min(max(first - 1, 0), scalars.count)..<scalars.count
    case ("substr", 2), ("substring", 2):
      guard numbers[1] >= 0 else { return nil }
      let lower = min(max(first - 1, 0), scalars.count)
      range = lower..<max(min(first - 1 + numbers[1], scalars.count), lower)
    default: return nil
    }
    return made(scalars[range].map { String($0) }.joined())
  }

  /// Whether a relation is found by its name alone.
  private func isVisible(_ arguments: [Datum]) -> Datum? {
    guard arguments.count == 1, let string = arguments[0].string, let named = relation(string) else { return nil }
    return .bool(relation(QuotedName.of(named.name)) == named)
  }

  private static func parts(of string: String, between separator: String) -> [String] {
    guard !separator.isEmpty else { return [string] }
    return Array(string.utf8).split(separator: Array(separator.utf8), omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }
  }

  private static func trimmed(_ string: String) -> String {
    let start = string.drop { $0 == " " }
    return String(
      start.prefix((start.lastIndex { $0 != " " }.map { start.distance(from: start.startIndex, to: $0) } ?? -1) + 1))
  }

  /// nil where the result is longer than any statement.
  private static func replacing(_ old: String, by new: String, in string: String) -> String? {
    let pieces = parts(of: string, between: old)
    let growth = (pieces.count - 1) * (new.utf8.count - old.utf8.count)
    return string.utf8.count + growth <= EvaluationBudget.textLimit ? pieces.joined(separator: new) : nil
  }

  private func concatenated(_ arguments: [Datum?], separator: Datum?) -> Datum? {
    guard !arguments.contains(where: { $0 == nil }) else { return nil }
    var pieces: [Datum] = []
    for argument in arguments.compactMap({ $0 }) where !argument.isNull {
      if let separator, !pieces.isEmpty { pieces.append(separator) }
      pieces.append(argument)
    }
    return join(pieces)
  }

  private func literal(_ value: Datum) -> Datum? {
    if value.isNull { return made("NULL") }
    guard let string = value.string else { return nil }
    let hasBackslash = string.contains("\\")
    let quoted = string.map { $0 == "'" ? "''" : $0 == "\\" ? "\\\\" : String($0) }.joined()
    return made((hasBackslash ? "E'" : "'") + quoted + "'")
  }

  /// `%s`, `%I`, `%L`, `%n$I` and widths.
  private func format(_ pattern: MappedText, _ arguments: [Datum?]) -> Datum? {
    var result = MappedText(file: pattern.file)
    let bytes = pattern.bytes
    let whole = pattern.span(0..<bytes.count).range
    var index = 0
    var next = 0
    while index < bytes.count {
      guard bytes[index] == UInt8(ascii: "%") else {
        let start = index
        while index < bytes.count, bytes[index] != UInt8(ascii: "%") { index += 1 }
        result.append(pattern, start..<index)
        continue
      }
      index += 1
      var number = 0
      let start = index
      while index < bytes.count, (0x30...0x39).contains(bytes[index]), index - start < 4 {
        number = number * 10 + Int(bytes[index] - 0x30)
        index += 1
      }
      if index < bytes.count, bytes[index] == UInt8(ascii: "$"), index > start {
        next = number - 1
        index += 1
      } else if index > start {
        return nil
      }
      guard index < bytes.count else { return nil }
      let kind = bytes[index]
      index += 1
      if kind == UInt8(ascii: "%") {
        result.append(pattern, index - 1..<index)
        continue
      }
      guard arguments.indices.contains(next), let argument = arguments[next] else { return nil }
      next += 1
      let piece: Datum?
      switch kind {
      case UInt8(ascii: "s"): piece = argument.isNull ? made("") : argument
      case UInt8(ascii: "I"): piece = identifier(argument)
      case UInt8(ascii: "L"): piece = literal(argument)
      default: return nil
      }
      guard let mapped = piece?.mapped(in: pattern.file, for: whole) else { return nil }
      result.append(mapped, 0..<mapped.bytes.count)
      guard result.bytes.count <= EvaluationBudget.textLimit else { return nil }
    }
    return .text(result)
  }

  /// In quotes where needed; what needs none keeps its own place.
  private func identifier(_ value: Datum) -> Datum? {
    guard let string = value.string else { return nil }
    let quoted = QuotedName.of(string)
    return quoted == string ? value : made(quoted)
  }
}
