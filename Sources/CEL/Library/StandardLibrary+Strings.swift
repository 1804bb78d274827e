extension StandardLibrary {
  /// cel-go's `strings` extension. Indices count code points.
  static let strings: [FunctionDeclaration] = [
    text("charAt", [.int], .string, "The character at an index; empty at the very end.") { scalars, arguments in
      guard case .int(let index) = arguments[1] else { return nil }
      guard 0...Int64(scalars.count) ~= index else { return outOfRange(index) }
      return .string(index == scalars.count ? "" : String(scalars[Int(index)]))
    },
    function(
      "indexOf",
      [
        Overload(on: .string, [.string], returning: .int), Overload(on: .string, [.string, .int], returning: .int),
        Overload(on: list, [element], returning: .int),
      ], "Where a string first stands in another, from an index on if one is given; -1 if it does not."
    ) { arguments in
      if case .list(let list) = arguments[0] {
        return .int(Int64(list.elements.firstIndex { $0.value.equals(arguments[1]) == .yes } ?? -1))
      }
      return search(arguments, default: 0) { scalars, wanted, start in
        scalars.firstRange(of: wanted, from: start)?.lowerBound
      }
    },
    function(
      "lastIndexOf",
      [
        Overload(on: .string, [.string], returning: .int), Overload(on: .string, [.string, .int], returning: .int),
        Overload(on: list, [element], returning: .int),
      ], "Where a string last stands in another, up to an index if one is given; -1 if it does not."
    ) { arguments in
      if case .list(let list) = arguments[0] {
        return .int(Int64(list.elements.lastIndex { $0.value.equals(arguments[1]) == .yes } ?? -1))
      }
      return search(arguments, default: nil) { scalars, wanted, start in
        var at = min(start, scalars.count - wanted.count)
        while at >= 0 {
          if scalars[at..<at + wanted.count].elementsEqual(wanted) { return at }
          at -= 1
        }
        return nil
      }
    },
    function(
      "join",
      [
        Overload(on: .list(.string), [], returning: .string),
        Overload(on: .list(.string), [.string], returning: .string),
      ], "The strings of a list, one after the other, with a separator between them."
    ) { arguments in
      guard case .list(let list) = arguments[0] else { return nil }
      var parts: [String] = []
      var length = 0
      for element in list.elements {
        guard case .string(let part) = element.value else { return nil }
        parts.append(part)
        length += part.utf8.count
      }
      var separator = ""
      if arguments.count > 1 {
        guard case .string(let given) = arguments[1] else { return nil }
        separator = given
      }
      length += separator.utf8.count * parts.count
      return length > Arithmetic.lengthLimit ? Arithmetic.tooLong : .string(parts.joined(separator: separator))
    },
    ascii("lowerAscii", "The string with A to Z in lower case.") { 0x41...0x5A ~= $0 ? $0 + 0x20 : $0 },
    ascii("upperAscii", "The string with a to z in upper case.") { 0x61...0x7A ~= $0 ? $0 - 0x20 : $0 },
    function(
      "replace",
      [
        Overload(on: .string, [.string, .string], returning: .string),
        Overload(on: .string, [.string, .string, .int], returning: .string),
      ], "The string with one string in place of another, everywhere or so many times."
    ) { replaced($0) },
    function(
      "split",
      [
        Overload(on: .string, [.string], returning: .list(.string)),
        Overload(on: .string, [.string, .int], returning: .list(.string)),
      ], "The parts of a string between separators, at most so many."
    ) { split($0) },
    function(
      "substring",
      [
        Overload(on: .string, [.int], returning: .string), Overload(on: .string, [.int, .int], returning: .string),
      ], "The part of a string from an index on, up to another if one is given."
    ) { arguments in
      guard case (.string(let text), .int(let start)) = (arguments[0], arguments[1]) else { return nil }
      let scalars = Array(text.unicodeScalars)
      var end = Int64(scalars.count)
      if arguments.count > 2 {
        guard case .int(let given) = arguments[2] else { return nil }
        end = given
      }
      guard start >= 0, start <= Int64(scalars.count) else { return outOfRange(start) }
      guard end >= start, end <= Int64(scalars.count) else { return outOfRange(end) }
      return .string(String(scalars[Int(start)..<Int(end)]))
    },
    text("trim", [], .string, "The string without white space at its ends.") { scalars, _ in
      let isSpace: (Unicode.Scalar) -> Bool = { $0.properties.isWhitespace }
      guard let first = scalars.firstIndex(where: { !isSpace($0) }),
        let last = scalars.lastIndex(where: { !isSpace($0) })
      else { return .string("") }
      return .string(String(scalars[first...last]))
    },
    function(
      "reverse",
      [Overload(on: .string, [], returning: .string), Overload(on: list, [], returning: list)],
      "The string or list from back to front."
    ) { arguments in
      switch arguments[0] {
      case .string(let text): .string(String(Array(text.unicodeScalars.reversed())))
      case .list(let list): .list(ListValue(elements: list.elements.reversed()))
      default: nil
      }
    },
    function("strings.quote", [Overload([.string], returning: .string)], "The string as CEL would write it.") {
      arguments in
      guard case .string(let text) = arguments[0] else { return nil }
      return .string(text.quoted)
    },
    function(
      "format", [Overload(on: .string, [.list(.dyn)], returning: .string)],
      "The string with '%s', '%d', '%f', '%e', '%b', '%x', '%X' and '%o' replaced by the list's elements."
    ) { arguments in
      guard case (.string(let template), .list(let values)) = (arguments[0], arguments[1]) else { return nil }
      return Format.result(template, values.elements.map(\.value))
    },
  ]

  private static func outOfRange(_ index: Int64) -> Value {
    .error(CELError(.outOfRange, "The index '\(index)' is out of range."))
  }

  private static func text(
    _ name: String, _ parameters: [CELType], _ result: CELType, _ documentation: String,
    _ body: @escaping @Sendable ([Unicode.Scalar], [Value]) -> Value?
  ) -> FunctionDeclaration {
    function(name, [Overload(on: .string, parameters, returning: result)], documentation) { arguments in
      guard case .string(let text) = arguments[0] else { return nil }
      return body(Array(text.unicodeScalars), arguments)
    }
  }

  private static func ascii(
    _ name: String, _ documentation: String, _ map: @escaping @Sendable (UInt8) -> UInt8
  ) -> FunctionDeclaration {
    function(name, [Overload(on: .string, [], returning: .string)], documentation) { arguments in
      guard case .string(let text) = arguments[0] else { return nil }
      return .string(String(decoding: text.utf8.map(map), as: UTF8.self))
    }
  }

  private static func search(
    _ arguments: [Value], default start: Int?, _ find: ([Unicode.Scalar], [Unicode.Scalar], Int) -> Int?
  ) -> Value? {
    guard case (.string(let text), .string(let wanted)) = (arguments[0], arguments[1]) else { return nil }
    let scalars = Array(text.unicodeScalars)
    var from = start ?? scalars.count
    if arguments.count > 2 {
      guard case .int(let given) = arguments[2] else { return nil }
      guard 0...Int64(scalars.count) ~= given else { return outOfRange(given) }
      from = Int(given)
    }
    return .int(Int64(find(scalars, Array(wanted.unicodeScalars), from) ?? -1))
  }

  private static func limit(_ arguments: [Value], at index: Int) -> Int?? {
    guard arguments.count > index else { return .some(nil) }
    guard case .int(let limit) = arguments[index] else { return nil }
    return .some(limit < 0 ? nil : Int(clamping: limit))
  }

  private static func replaced(_ arguments: [Value]) -> Value? {
    guard case (.string(let text), .string(let old), .string(let new)) = (arguments[0], arguments[1], arguments[2]),
      let limit = limit(arguments, at: 3)
    else { return nil }
    let scalars = Array(text.unicodeScalars)
    let wanted = Array(old.unicodeScalars)
    var result = ""
    var at = 0
    var count = 0
    while count < limit ?? .max, let found = scalars.firstRange(of: wanted, from: at) {
      result.unicodeScalars.append(contentsOf: scalars[at..<found.lowerBound])
      result += new
      at = found.upperBound
      if wanted.isEmpty {
        guard at < scalars.count else { return .string(result) }
        result.unicodeScalars.append(scalars[at])
        at += 1
      }
      count += 1
      if result.utf8.count > Arithmetic.lengthLimit { return Arithmetic.tooLong }
    }
    result.unicodeScalars.append(contentsOf: scalars[at...])
    return .string(result)
  }

  private static func split(_ arguments: [Value]) -> Value? {
    guard case (.string(let text), .string(let separator)) = (arguments[0], arguments[1]),
      let limit = limit(arguments, at: 2)
    else { return nil }
    if limit == 0 { return .list([]) }
    let scalars = Array(text.unicodeScalars)
    let wanted = Array(separator.unicodeScalars)
    if wanted.isEmpty {
      var parts = scalars.map { String($0) }
      if let limit, parts.count > limit {
        parts = Array(parts[..<(limit - 1)]) + [String(scalars[(limit - 1)...])]
      }
      return .list(parts.map { .string($0) })
    }
    var parts: [Value] = []
    var at = 0
    while parts.count + 1 < limit ?? .max, let found = scalars.firstRange(of: wanted, from: at) {
      parts.append(.string(String(scalars[at..<found.lowerBound])))
      at = found.upperBound
    }
    parts.append(.string(String(scalars[at...])))
    return .list(parts)
  }
}

extension String {
  /// A string of these code points.
  init(_ scalars: some Sequence<Unicode.Scalar>) {
    var view = String.UnicodeScalarView()
    for scalar in scalars { view.append(scalar) }
    self.init(view)
  }
}
