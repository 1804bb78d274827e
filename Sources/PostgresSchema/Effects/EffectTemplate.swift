import SourceText

/// The SQL of a ``DeclaredEffect``, with holes for the names that a call gives.
struct EffectTemplate {
  private enum Piece {
    case text(String)
    /// The name in a parameter, lengthened by a suffix; `isBare` leaves out its schema.
    case name(parameter: String, isBare: Bool, suffix: String)
  }

  private var pieces: [Piece] = []

  /// Reads `{parameter}` and `{parameter.name}`; letters, digits and underscores right behind lengthen the name.
  init(_ sql: String) {
    var rest = Substring(sql)
    while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
      pieces.append(.text(String(rest[..<open])))
      let inside = rest[rest.index(after: open)..<close]
      let isBare = inside.hasSuffix(".name")
      rest = rest[rest.index(after: close)...]
      let suffix = rest.prefix { $0 == "_" || $0.isLetter || $0.isNumber }
      rest = rest.dropFirst(suffix.count)
      pieces.append(
        .name(parameter: String(isBare ? inside.dropLast(5) : inside), isBare: isBare, suffix: String(suffix)))
    }
    pieces.append(.text(String(rest)))
  }

  /// The parameters that the holes name.
  var parameters: [String] {
    pieces.compactMap { if case .name(let parameter, _, _) = $0 { parameter } else { nil } }
  }

  /// The SQL for a call: what the template says stands for the whole call, a name for its argument. nil where an
  /// argument that is needed is not known.
  func filled(_ arguments: [String: MappedText], for call: Span) -> MappedText? {
    var result = MappedText(file: call.file, at: call.lower)
    for piece in pieces {
      switch piece {
      case .text(let text): result.append(text.utf8, for: call.range)
      case .name(let parameter, let isBare, let suffix):
        guard let argument = arguments[parameter] else { return nil }
        var parts = EffectTemplate.nameParts(argument)
        guard let name = parts.last else { return nil }
        parts = isBare ? [name + suffix] : parts.dropLast() + [name + suffix]
        let span = argument.span(0..<argument.bytes.count)
        result.append(
          parts.map(QuotedName.of).joined(separator: ".").utf8, for: span.file == call.file ? span.range : call.range)
      }
    }
    return result
  }

  /// The parts of a name as `regclass` reads it.
  static func nameParts(_ text: MappedText) -> [String] {
    SQLLexer.tokens(of: text.bytes).filter { $0.kind == .word || $0.kind == .quotedName }.map { text.bytes.name($0) }
  }
}
