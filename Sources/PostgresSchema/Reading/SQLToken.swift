/// One lexical element of SQL text: what stands between two places of a ``SQLSource``'s bytes.
package struct SQLToken: Hashable, Sendable {
  package enum Kind: UInt8, Hashable, Sendable {
    /// A name or keyword without quotes.
    case word
    /// A name in double quotes (or `U&"…"`).
    case quotedName
    /// A string in single quotes, with its prefix (`E'…'`, `B'…'`, `U&'…'`).
    case string
    /// `$tag$…$tag$`, delimiters included.
    case dollarString
    case number
    /// `$1`
    case parameter
    /// A run of operator characters, `::`, `:=` or `..`.
    case `operator`
    /// One of `, ( ) [ ] ; . :` or any byte that starts nothing else.
    case punctuation
    case lineComment
    case blockComment
    /// A psql command from its backslash to the end of its line.
    case metaCommand
  }

  package let kind: Kind
  private let start: Int32
  private let end: Int32
  /// False for a string, quoted name or comment that runs into the end of the text.
  package let isTerminated: Bool

  init(_ kind: Kind, _ range: Range<Int>, isTerminated: Bool = true) {
    self.kind = kind
    start = Int32(clamping: range.lowerBound)
    end = Int32(clamping: range.upperBound)
    self.isTerminated = isTerminated
  }

  package var lower: Int { Int(start) }
  package var upper: Int { Int(end) }
  package var range: Range<Int> { lower..<max(lower, upper) }

  package var isComment: Bool { kind == .lineComment || kind == .blockComment }
}
