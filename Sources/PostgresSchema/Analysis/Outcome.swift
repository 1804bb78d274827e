import Values

/// What an expression can come to, for some row, in one world: which truth values are possible, what is known of a
/// value that is not NULL, and what flowed into it. Nothing possible at all means that it raises an error.
struct Outcome: Sendable {
  /// What is known of the value where it is not NULL.
  enum Content: Hashable, Sendable {
    /// It is never anything but NULL.
    case nothing
    case text(String)
    /// The `''` that a setting has when SET LOCAL is over, or a value made of nothing else: no row has it.
    case emptySetting
    /// The array that splitting an empty setting makes.
    case emptyArray
    /// A column's value for the row at hand, the same wherever it is named.
    case column(String)
    /// A whole row or its JSON; the fields of an hstore or text may be NULL where those of JSON are a JSON null.
    case row(isJSON: Bool)
    case anything
  }

  /// Where values come from.
  struct Marks: OptionSet, Hashable, Sendable {
    let rawValue: Int
    static let setting = Marks(rawValue: 1)
    static let sessionUser = Marks(rawValue: 2)
    static let currentUser = Marks(rawValue: 4)
    /// The whole NEW or OLD row.
    static let newRow = Marks(rawValue: 8)
    static let oldRow = Marks(rawValue: 16)
    /// A part of NEW or OLD.
    static let new = Marks(rawValue: 32)
    static let old = Marks(rawValue: 64)
    /// A time: when the transaction began, when the statement came in, now.
    static let transactionTime = Marks(rawValue: 128)
    static let statementTime = Marks(rawValue: 256)
    static let clockTime = Marks(rawValue: 512)

    static let anyNew: Marks = [.newRow, .new]
    static let anyOld: Marks = [.oldRow, .old]
    static let anyRow: Marks = [.newRow, .oldRow]
  }

  var canBeNull: Truth
  var canBeTrue: Truth
  var canBeFalse: Truth
  /// Whether it can be true, or false, because a setting is missing: by an arm that reads one.
  var opensAsTrue: Truth = .no
  var opensAsFalse: Truth = .no
  var content: Content
  /// Where the value may come from, and surely does.
  var marks: Marks = []
  var sureMarks: Marks = []
  /// The columns of OLD in it.
  var oldColumns: Set<String> = []
  /// The keys that were taken out of a row's JSON (`to_jsonb(NEW) - 'email'`).
  var omittedKeys: Set<String> = []
  /// Keys were taken out, or others put in their place, that are told only when it runs.
  var hasOtherKeys = false
  /// Why it is not known what it is.
  var doubt: Unknown?

  /// NULL and nothing else.
  static let null = Outcome(canBeNull: .yes, canBeTrue: .no, canBeFalse: .no, content: .nothing)

  /// An error.
  static let error = Outcome(canBeNull: .no, canBeTrue: .no, canBeFalse: .no, content: .nothing)

  /// Any value; NULL too unless told otherwise.
  static func anything(isNullable: Bool = true) -> Outcome {
    Outcome(canBeNull: Truth(isNullable), canBeTrue: .yes, canBeFalse: .yes, content: .anything)
  }

  static func text(_ text: String) -> Outcome {
    let truth: Bool? =
      switch text.lowercased() {
      case "true", "t", "on", "yes", "1": true
      case "false", "f", "off", "no", "0": false
      default: nil
      }
    return Outcome(
      canBeNull: .no, canBeTrue: Truth(truth ?? false), canBeFalse: Truth(truth == false), content: .text(text))
  }

  /// A moment of the server's.
  static func time(_ mark: Marks) -> Outcome {
    var value = Outcome.anything(isNullable: false)
    value.marks = mark
    value.sureMarks = mark
    return value
  }

  static func boolean(_ value: Bool) -> Outcome { .text(value ? "true" : "false") }

  /// A truth value of which only these are possible.
  static func truth(null: Truth, true yes: Truth, false no: Truth) -> Outcome {
    let content: Content =
      if yes == .no && no == .no { .nothing } else { .anything }
    return Outcome(canBeNull: null, canBeTrue: yes, canBeFalse: no, content: content)
  }

  /// Not known at all.
  static func unknown(_ unknown: Unknown) -> Outcome {
    var outcome = Outcome(
      canBeNull: .unknown(unknown), canBeTrue: .unknown(unknown), canBeFalse: .unknown(unknown), content: .anything)
    outcome.doubt = unknown
    outcome.opensAsTrue = .unknown(unknown)
    outcome.opensAsFalse = .unknown(unknown)
    return outcome
  }

  var isError: Bool { canBeNull == .no && canBeTrue == .no && canBeFalse == .no && content == .nothing }
  var isNull: Bool { canBeNull == .yes && content == .nothing }
  var isSurelyTrue: Bool { canBeTrue == .yes && canBeFalse == .no && canBeNull == .no }
  /// Surely false or NULL: a condition that does not hold.
  var neverHolds: Bool { canBeTrue == .no }
  var readsSetting: Bool { marks.contains(.setting) }

  /// A single truth test settles whether a setting is behind it.
  func settled() -> Outcome {
    var copy = self
    // What is not known may read one.
    let reads: Truth = readsSetting ? .yes : doubt.map { .unknown($0) } ?? .no
    copy.opensAsTrue = reads && canBeTrue
    copy.opensAsFalse = reads && canBeFalse
    return copy
  }

  /// With what flowed into other values: for results that are made of them.
  func flowing(from others: Outcome...) -> Outcome { flowing(from: others) }

  func flowing(from others: [Outcome]) -> Outcome {
    var copy = self
    for other in others {
      copy.marks.formUnion(other.marks)
      copy.sureMarks.formUnion(other.sureMarks)
      copy.oldColumns.formUnion(other.oldColumns)
      copy.takeKeys(of: other)
      if let doubt = other.doubt { copy.doubt = copy.doubt?.union(doubt) ?? doubt }
    }
    return copy
  }

  /// Of several rows, what each of them lacks is lacking.
  private mutating func takeKeys(of other: Outcome) {
    guard !other.marks.isDisjoint(with: .anyRow) else { return }
    let isFirst = keyHolders == 0
    omittedKeys = isFirst ? other.omittedKeys : omittedKeys.intersection(other.omittedKeys)
    hasOtherKeys = isFirst ? other.hasOtherKeys : hasOtherKeys && other.hasOtherKeys
    keyHolders += 1
  }

  /// How many rows ``omittedKeys`` speaks of.
  var keyHolders = 0

  /// For results that depend on other values without holding them: a comparison tells of a setting, no row.
  func depending(on others: Outcome...) -> Outcome { depending(on: others) }

  func depending(on others: [Outcome]) -> Outcome {
    var copy = self
    for other in others {
      copy.marks.formUnion(other.marks.intersection(.setting))
      if let doubt = other.doubt { copy.doubt = copy.doubt?.union(doubt) ?? doubt }
    }
    return copy
  }

  /// One or the other.
  func or(_ other: Outcome) -> Outcome {
    if isError { return other }
    if other.isError { return self }
    var joined = Outcome(
      canBeNull: canBeNull || other.canBeNull, canBeTrue: canBeTrue || other.canBeTrue,
      canBeFalse: canBeFalse || other.canBeFalse, content: content)
    if content == .nothing {
      joined.content = other.content
    } else if other.content != .nothing, other.content != content {
      joined.content = .anything
    }
    joined.opensAsTrue = opensAsTrue || other.opensAsTrue
    joined.opensAsFalse = opensAsFalse || other.opensAsFalse
    joined.marks = marks.union(other.marks)
    // What is NULL on one side holds nothing there.
    joined.sureMarks = sureMarks.intersection(other.sureMarks)
    joined.oldColumns = oldColumns.union(other.oldColumns)
    if marks.isDisjoint(with: .anyRow) {
      (joined.omittedKeys, joined.hasOtherKeys) = (other.omittedKeys, other.hasOtherKeys)
    } else if other.marks.isDisjoint(with: .anyRow) {
      (joined.omittedKeys, joined.hasOtherKeys) = (omittedKeys, hasOtherKeys)
    } else {
      joined.omittedKeys = omittedKeys.intersection(other.omittedKeys)
      joined.hasOtherKeys = hasOtherKeys && other.hasOtherKeys
    }
    joined.doubt = doubt.map { mine in other.doubt.map(mine.union) ?? mine } ?? other.doubt
    return joined
  }
}
