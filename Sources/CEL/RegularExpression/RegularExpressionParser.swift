/// A pattern as a tree.
indirect enum RegularExpressionTree {
  case empty
  case scalar(Unicode.Scalar, isFolding: Bool)
  case set(CharacterSet, isFolding: Bool)
  case any(includingNewline: Bool)
  case assertion(RegularExpression.Assertion)
  case sequence([RegularExpressionTree])
  case choice([RegularExpressionTree])
  /// At least so often, and at most so often if there is a limit. Whether it is greedy makes no difference to
  /// whether there is a match.
  case repetition(RegularExpressionTree, atLeast: Int, atMost: Int?)

  /// The text that the pattern looks for, when it is nothing but text.
  var literal: [UInt8]? {
    switch self {
    case .empty: return []
    case .scalar(let scalar, isFolding: false): return Array(String(scalar).utf8)
    case .sequence(let parts):
      var result: [UInt8] = []
      for part in parts {
        guard case .scalar(_, isFolding: false) = part, let bytes = part.literal else { return nil }
        result += bytes
      }
      return result
    default: return nil
    }
  }
}

/// Reads RE2's syntax.
struct RegularExpressionParser {
  typealias Mistake = RegularExpression.Mistake
  typealias Tree = RegularExpressionTree

  private struct Flags {
    var isFolding = false
    var isMultiline = false
    var dotTakesNewline = false
  }

  private static let depthLimit = 200
  private static let countLimit = 1_000

  private let scalars: [Unicode.Scalar]
  private var at = 0
  private var flags = Flags()
  private var depth = 0

  init(_ pattern: String) { scalars = Array(pattern.unicodeScalars) }

  mutating func parse() throws(Mistake) -> Tree {
    let tree = try choice()
    guard at == scalars.count else { throw mistake("there is a ')' without a '('.") }
    return tree
  }

  private func mistake(_ message: String) -> Mistake { Mistake(message: message, offset: at) }

  private var current: Unicode.Scalar? { at < scalars.count ? scalars[at] : nil }

  private mutating func take(_ text: String) -> Bool {
    guard scalars[at...].starts(with: text.unicodeScalars) else { return false }
    at += text.unicodeScalars.count
    return true
  }

  private mutating func next(_ missing: String) throws(Mistake) -> Unicode.Scalar {
    guard let scalar = current else { throw mistake(missing) }
    at += 1
    return scalar
  }

  private mutating func choice() throws(Mistake) -> Tree {
    depth += 1
    defer { depth -= 1 }
    guard depth <= RegularExpressionParser.depthLimit else { throw mistake("its groups nest too deep.") }
    var alternatives = [try sequence()]
    while take("|") { alternatives.append(try sequence()) }
    return alternatives.count == 1 ? alternatives[0] : .choice(alternatives)
  }

  private mutating func sequence() throws(Mistake) -> Tree {
    var parts: [Tree] = []
    while let scalar = current, scalar != "|", scalar != ")" {
      if take("\\Q") {
        while at < scalars.count, !take("\\E") {
          parts.append(.scalar(scalars[at], isFolding: flags.isFolding))
          at += 1
        }
        continue
      }
      guard let atom = try atom() else { continue }
      parts.append(try repeated(atom))
    }
    return parts.isEmpty ? .empty : parts.count == 1 ? parts[0] : .sequence(parts)
  }

  private mutating func repeated(_ atom: Tree) throws(Mistake) -> Tree {
    guard let (least, most) = try count() else { return atom }
    _ = take("?")
    let start = at
    if try count() != nil {
      at = start
      throw mistake("a repetition cannot be repeated: put the first in a group.")
    }
    return .repetition(atom, atLeast: least, atMost: most)
  }

  /// A repetition's bounds, or nil when none stands here; braces that hold no counts are plain characters.
  private mutating func count() throws(Mistake) -> (Int, Int?)? {
    if take("*") { return (0, nil) }
    if take("+") { return (1, nil) }
    if take("?") { return (0, 1) }
    guard current == "{" else { return nil }
    let start = at
    at += 1
    guard let least = number() else {
      at = start
      return nil
    }
    var most: Int? = least
    if take(",") { most = current == "}" ? nil : number() ?? -1 }
    guard take("}"), most != -1 else {
      at = start
      return nil
    }
    guard least <= RegularExpressionParser.countLimit, most ?? 0 <= RegularExpressionParser.countLimit else {
      throw mistake("it repeats something more than \(RegularExpressionParser.countLimit) times.")
    }
    guard most ?? least >= least else { throw mistake("a repetition's upper bound is below its lower.") }
    return (least, most)
  }

  private mutating func number() -> Int? {
    let start = at
    while let scalar = current, ("0"..."9").contains(scalar) { at += 1 }
    guard at > start else { return nil }
    return Int(String(scalars[start..<at])) ?? Int.max
  }

  /// One thing that may be repeated; nil for flags, which are no thing.
  private mutating func atom() throws(Mistake) -> Tree? {
    let start = at
    let scalar = try next("")
    switch scalar {
    case "(": return try group()
    case "[": return .set(try set(), isFolding: flags.isFolding)
    case ".": return .any(includingNewline: flags.dotTakesNewline)
    case "^": return .assertion(flags.isMultiline ? .lineStart : .textStart)
    case "$": return .assertion(flags.isMultiline ? .lineEnd : .textEnd)
    case "\\": return try escape()
    case "*", "+", "?":
      at = start
      throw mistake("there is nothing for '\(scalar)' to repeat.")
    case "{":
      at = start
      if try count() != nil {
        at = start
        throw mistake("there is nothing for '{' to repeat.")
      }
      at = start + 1
      return .scalar(scalar, isFolding: false)
    default: return .scalar(scalar, isFolding: flags.isFolding)
    }
  }

  private mutating func group() throws(Mistake) -> Tree? {
    let outer = flags
    if take("?") {
      if take("P<") || take("<") {
        guard current != "=", current != "!" else { throw mistake("look-behind is not supported.") }
        var name = ""
        while let scalar = current, scalar.isWord {
          name.unicodeScalars.append(scalar)
          at += 1
        }
        guard !name.isEmpty, take(">") else { throw mistake("a group's name is not one.") }
      } else if current == "=" || current == "!" {
        throw mistake("look-ahead is not supported.")
      } else {
        try readFlags()
        if take(")") { return nil }
        guard take(":") else { throw mistake("'(?' is followed by something that is not a flag.") }
      }
    }
    let inner = try choice()
    guard take(")") else { throw mistake("a group is not closed.") }
    flags = outer
    return inner
  }

  private mutating func readFlags() throws(Mistake) {
    var value = true
    while let scalar = current, scalar != ")", scalar != ":" {
      switch scalar {
      case "i": flags.isFolding = value
      case "m": flags.isMultiline = value
      case "s": flags.dotTakesNewline = value
      case "U": break
      case "-" where value: value = false
      default: throw mistake("'\(scalar)' is not a flag.")
      }
      at += 1
    }
  }

  // MARK: Escapes

  private mutating func escape() throws(Mistake) -> Tree {
    let letter = try next("it ends with a backslash.")
    switch letter {
    case "A": return .assertion(.textStart)
    case "z": return .assertion(.textEnd)
    case "b": return .assertion(.wordBoundary)
    case "B": return .assertion(.noWordBoundary)
    case "1"..."9": throw mistake("back-references are not supported.")
    default: break
    }
    if let set = try namedSet(letter) { return .set(set, isFolding: flags.isFolding) }
    return .scalar(try character(letter), isFolding: flags.isFolding)
  }

  private mutating func namedSet(_ letter: Unicode.Scalar) throws(Mistake) -> CharacterSet? {
    if let set = CharacterSet.perl(letter) { return set }
    guard letter == "p" || letter == "P" else { return nil }
    var name = ""
    var isNegated = letter == "P"
    if take("{") {
      if take("^") { isNegated.toggle() }
      while let scalar = current, scalar != "}" {
        name.unicodeScalars.append(scalar)
        at += 1
      }
      guard take("}") else { throw mistake("a character property is not closed.") }
    } else {
      name = String(try next("a character property has no name."))
    }
    guard let set = CharacterSet.property(name, isNegated: isNegated) else {
      throw mistake("'\(name)' is not a general category.")
    }
    return set
  }

  /// The character that an escape sequence after its backslash stands for.
  private mutating func character(_ letter: Unicode.Scalar) throws(Mistake) -> Unicode.Scalar {
    switch letter {
    case "a": return "\u{07}"
    case "f": return "\u{0C}"
    case "n": return "\n"
    case "r": return "\r"
    case "t": return "\t"
    case "v": return "\u{0B}"
    case "0":
      at -= 1
      return try code(digits: min(3, scalars[at...].prefix(3).prefix { ("0"..."7").contains($0) }.count), radix: 8)
    case "x":
      guard take("{") else { return try code(digits: 2, radix: 16) }
      let scalar = try code(digits: scalars[at...].prefix { $0 != "}" }.count, radix: 16)
      guard take("}") else { throw mistake("a character's code is not closed.") }
      return scalar
    default:
      guard letter.isASCII, !letter.isWord || letter == "_" else {
        throw mistake("'\\\(letter)' is not an escape sequence.")
      }
      return letter
    }
  }

  private mutating func code(digits: Int, radix: Int) throws(Mistake) -> Unicode.Scalar {
    let spelling = String(scalars[at...].prefix(digits))
    guard digits > 0, let value = UInt32(spelling, radix: radix), let scalar = Unicode.Scalar(value) else {
      throw mistake("'\(spelling)' is not a character's code.")
    }
    at += spelling.unicodeScalars.count
    return scalar
  }

  // MARK: Sets

  private mutating func set() throws(Mistake) -> CharacterSet {
    var set = CharacterSet(items: [])
    set.isNegated = take("^")
    var isFirst = true
    while isFirst || current != "]" {
      isFirst = false
      if take("[:") {
        let isNegated = take("^")
        var name = ""
        while let scalar = current, scalar.isWord {
          name.unicodeScalars.append(scalar)
          at += 1
        }
        guard take(":]"), var named = CharacterSet.posix(name) else {
          throw mistake("'\(name)' is not a class of characters.")
        }
        named.isNegated = isNegated
        set.items.append(.set(named))
        continue
      }
      let first = try next("a set of characters is not closed.")
      var low = first
      if first == "\\" {
        let letter = try next("it ends with a backslash.")
        if let named = try namedSet(letter) {
          set.items.append(.set(named))
          continue
        }
        low = try character(letter)
      }
      var high = low
      if current == "-", at + 1 < scalars.count, scalars[at + 1] != "]" {
        at += 1
        high = try next("a set of characters is not closed.")
        if high == "\\" { high = try character(try next("it ends with a backslash.")) }
        guard low <= high else { throw mistake("the range '\(low)-\(high)' is upside down.") }
      }
      set.items.append(.range(low...high))
    }
    at += 1
    return set
  }
}
