import SourceText

/// Evaluates the string expressions from which dynamic SQL is built, where everything in them is known: constants,
/// `||`, `format`, `quote_ident`, `quote_literal`, `concat` and variables with known values. The result maps back to
/// the constants it is made of.
struct ConstantText {
  private let text: MappedText
  private let bytes: [UInt8]
  private let tokens: [SQLToken]
  private let variables: [String: MappedText]
  private var index = 0
  private var depth = 0

  /// The value of the expression that a range of a text spells; nil where it is not known.
  static func value(of range: Range<Int>, in text: MappedText, variables: [String: MappedText]) -> MappedText? {
    var evaluator = ConstantText(text, SQLLexer.tokens(of: text.bytes, range), variables)
    guard let value = evaluator.expression(), evaluator.index == evaluator.tokens.count else { return nil }
    return value
  }

  private init(_ text: MappedText, _ tokens: [SQLToken], _ variables: [String: MappedText]) {
    self.text = text
    bytes = text.bytes
    self.tokens = tokens
    self.variables = variables
  }

  private mutating func expression() -> MappedText? {
    depth += 1
    defer { depth -= 1 }
    guard depth < 50, var value = term() else { return nil }
    while index < tokens.count, tokens[index].kind == .operator, bytes.text(tokens[index]) == "||" {
      index += 1
      guard let next = term() else { return nil }
      value.append(next, 0..<next.bytes.count)
    }
    return value
  }

  private mutating func term() -> MappedText? {
    guard var value = primary() else { return nil }
    while index + 1 < tokens.count, tokens[index].kind == .operator, bytes.text(tokens[index]) == "::" {
      // A cast to text or regclass keeps the spelling.
      guard ["text", "regclass", "name", "varchar"].contains(bytes.folded(tokens[index + 1])) else { return nil }
      index += 2
    }
    if value.bytes.isEmpty { value = MappedText(file: text.file) }
    return value
  }

  private mutating func primary() -> MappedText? {
    guard index < tokens.count else { return nil }
    let token = tokens[index]
    switch token.kind {
    case .string, .dollarString:
      index += 1
      return StringLiteral.decoded(token, of: text)
    case .number:
      index += 1
      var value = MappedText(file: text.file)
      value.append(text, token.range)
      return value
    case .punctuation where bytes.isPunctuation(token, "("):
      index += 1
      guard let value = expression(), skip(")") else { return nil }
      return value
    case .word, .quotedName:
      let name = bytes.name(token)
      index += 1
      guard skip("(") else { return variables[name] }
      guard let arguments = arguments() else { return nil }
      return call(name, arguments)
    default: return nil
    }
  }

  private mutating func skip(_ character: Unicode.Scalar) -> Bool {
    guard index < tokens.count, bytes.isPunctuation(tokens[index], character) else { return false }
    index += 1
    return true
  }

  private mutating func arguments() -> [MappedText]? {
    var arguments: [MappedText] = []
    if skip(")") { return [] }
    while true {
      guard let argument = expression() else { return nil }
      arguments.append(argument)
      if skip(")") { return arguments }
      guard skip(",") else { return nil }
    }
  }

  private func call(_ name: String, _ arguments: [MappedText]) -> MappedText? {
    switch name {
    case "format": return arguments.first.flatMap { format($0, Array(arguments.dropFirst())) }
    case "quote_ident": return arguments.first.map(identifier)
    case "quote_literal": return arguments.first.map(literal)
    case "concat":
      var value = MappedText(file: text.file)
      for argument in arguments { value.append(argument, 0..<argument.bytes.count) }
      return value
    case "lower", "trim", "btrim": return nil
    default: return nil
    }
  }

  /// `%s`, `%I`, `%L` and `%n$s`; widths are not known here.
  private func format(_ pattern: MappedText, _ arguments: [MappedText]) -> MappedText? {
    var result = MappedText(file: text.file)
    let bytes = pattern.bytes
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
      if index > start {
        guard index < bytes.count, bytes[index] == UInt8(ascii: "$") else { return nil }
        index += 1
        next = number - 1
      }
      guard index < bytes.count else { return nil }
      let kind = bytes[index]
      index += 1
      if kind == UInt8(ascii: "%") {
        result.append(pattern, index - 1..<index)
        continue
      }
      guard arguments.indices.contains(next) else { return nil }
      let argument = arguments[next]
      next += 1
      let piece: MappedText
      switch kind {
      case UInt8(ascii: "s"): piece = argument
      case UInt8(ascii: "I"): piece = identifier(argument)
      case UInt8(ascii: "L"): piece = literal(argument)
      default: return nil
      }
      result.append(piece, 0..<piece.bytes.count)
    }
    return result
  }

  /// In double quotes where PostgreSQL would need them (keywords apart, which are rare as names here).
  private func identifier(_ value: MappedText) -> MappedText {
    let isPlain = value.bytes.enumerated().allSatisfy { index, byte in
      (0x61...0x7A).contains(byte) || byte == UInt8(ascii: "_") || index > 0 && (0x30...0x39).contains(byte)
    }
    return isPlain && !value.bytes.isEmpty ? value : quoted(value, UInt8(ascii: "\""))
  }

  private func literal(_ value: MappedText) -> MappedText { quoted(value, UInt8(ascii: "'")) }

  private func quoted(_ value: MappedText, _ quote: UInt8) -> MappedText {
    var result = MappedText(file: text.file)
    let whole = value.span(0..<value.bytes.count).range
    result.append([quote], for: whole)
    for index in value.bytes.indices {
      if value.bytes[index] == quote { result.append([quote], for: whole) }
      result.append(value, index..<index + 1)
    }
    result.append([quote], for: whole)
    return result
  }
}
