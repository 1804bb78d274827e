/// The characters that one place of a pattern takes.
struct CharacterSet: Sendable {
  indirect enum Item: Sendable {
    case range(ClosedRange<Unicode.Scalar>)
    case category(@Sendable (Unicode.GeneralCategory) -> Bool, isNegated: Bool)
    case set(CharacterSet)
  }

  var items: [Item]
  var isNegated = false

  func contains(_ scalar: Unicode.Scalar, isFolding: Bool) -> Bool {
    var isIn = has(scalar)
    if !isIn, isFolding {
      isIn = has(scalar.lower) || has(scalar.upper) || has(scalar.folded)
    }
    return isIn != isNegated
  }

  private func has(_ scalar: Unicode.Scalar) -> Bool {
    items.contains { item in
      switch item {
      case .range(let range): range.contains(scalar)
      case .category(let test, let isNegated): test(scalar.properties.generalCategory) != isNegated
      case .set(let set): set.contains(scalar, isFolding: false)
      }
    }
  }

  static func ranges(_ ranges: [ClosedRange<Unicode.Scalar>], isNegated: Bool = false) -> CharacterSet {
    CharacterSet(items: ranges.map { .range($0) }, isNegated: isNegated)
  }

  /// `\d`, `\s`, `\w` and their opposites in capitals: ASCII only, as in RE2.
  static func perl(_ letter: Unicode.Scalar) -> CharacterSet? {
    switch letter {
    case "d", "D": ranges(["0"..."9"], isNegated: letter == "D")
    case "s", "S": ranges(["\t"..."\n", "\u{0C}"..."\r", " "..." "], isNegated: letter == "S")
    case "w", "W": ranges(["0"..."9", "A"..."Z", "_"..."_", "a"..."z"], isNegated: letter == "W")
    default: nil
    }
  }

  /// `[:alpha:]` and its kin.
  static func posix(_ name: String) -> CharacterSet? {
    switch name {
    case "alnum": ranges(["0"..."9", "A"..."Z", "a"..."z"])
    case "alpha": ranges(["A"..."Z", "a"..."z"])
    case "ascii": ranges(["\0"..."\u{7F}"])
    case "blank": ranges(["\t"..."\t", " "..." "])
    case "cntrl": ranges(["\0"..."\u{1F}", "\u{7F}"..."\u{7F}"])
    case "digit": ranges(["0"..."9"])
    case "graph": ranges(["!"..."~"])
    case "lower": ranges(["a"..."z"])
    case "print": ranges([" "..."~"])
    case "punct": ranges(["!"..."/", ":"..."@", "["..."`", "{"..."~"])
    case "space": ranges(["\t"..."\r", " "..." "])
    case "upper": ranges(["A"..."Z"])
    case "word": ranges(["0"..."9", "A"..."Z", "_"..."_", "a"..."z"])
    case "xdigit": ranges(["0"..."9", "A"..."F", "a"..."f"])
    default: nil
    }
  }

  /// `\p{…}` by the name of a general category or of a group of them; nil for scripts and anything else, of which
  /// Swift's standard library has no tables.
  static func property(_ name: String, isNegated: Bool) -> CharacterSet? {
    let item: (@escaping @Sendable (Unicode.GeneralCategory) -> Bool) -> CharacterSet = {
      CharacterSet(items: [.category($0, isNegated: isNegated)])
    }
    if name == "Any" { return item { _ in true } }
    if name.utf8.count == 1 {
      guard "LMNPSZC".contains(name) else { return nil }
      return item { $0.abbreviation.hasPrefix(name) }
    }
    guard categories.contains(name) else { return nil }
    return item { $0.abbreviation == name }
  }

  private static let categories: Set<String> = [
    "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sm",
    "Sc", "Sk", "So", "Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co",
  ]
}

extension Unicode.GeneralCategory {
  /// The two letters by which Unicode and patterns name the category.
  fileprivate var abbreviation: String {
    switch self {
    case .uppercaseLetter: "Lu"
    case .lowercaseLetter: "Ll"
    case .titlecaseLetter: "Lt"
    case .modifierLetter: "Lm"
    case .otherLetter: "Lo"
    case .nonspacingMark: "Mn"
    case .spacingMark: "Mc"
    case .enclosingMark: "Me"
    case .decimalNumber: "Nd"
    case .letterNumber: "Nl"
    case .otherNumber: "No"
    case .connectorPunctuation: "Pc"
    case .dashPunctuation: "Pd"
    case .openPunctuation: "Ps"
    case .closePunctuation: "Pe"
    case .initialPunctuation: "Pi"
    case .finalPunctuation: "Pf"
    case .otherPunctuation: "Po"
    case .mathSymbol: "Sm"
    case .currencySymbol: "Sc"
    case .modifierSymbol: "Sk"
    case .otherSymbol: "So"
    case .spaceSeparator: "Zs"
    case .lineSeparator: "Zl"
    case .paragraphSeparator: "Zp"
    case .control: "Cc"
    case .format: "Cf"
    case .surrogate: "Cs"
    case .privateUse: "Co"
    case .unassigned: "Cn"
    @unknown default: "Cn"
    }
  }
}
