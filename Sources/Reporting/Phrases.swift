import Findings

extension String {
  /// A clause as a sentence: with a capital, where it starts with a plain word, and a full stop.
  var asSentence: String {
    guard let first else { return self }
    let word = prefix { !$0.isWhitespace }
    let isWord = word.allSatisfy { $0.isLowercase && $0.isASCII }
    let capitalized = isWord ? first.uppercased() + dropFirst() : self
    return capitalized.last.map { ".!?。…".contains($0) } == true ? capitalized : capitalized + "."
  }

  /// A sentence as a clause that goes on.
  var withoutFullStop: String { hasSuffix(".") && !hasSuffix("..") ? String(dropLast()) : self }

  /// The text up to the first blank line, on one line.
  var firstParagraph: String {
    trimmed.split(separator: "\n", omittingEmptySubsequences: false)
      .prefix { !$0.allSatisfy(\.isWhitespace) }
      .map(\.trimmed).joined(separator: " ")
  }

  /// The paragraphs of a text, each on one line.
  var paragraphs: [String] {
    split(separator: "\n", omittingEmptySubsequences: false)
      .split { $0.allSatisfy(\.isWhitespace) }
      .map { $0.map(\.trimmed).joined(separator: " ") }
  }
}

extension Sequence where Element: Hashable {
  /// Each element once, in the order in which they first occur.
  var unique: [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}

extension FrameworkControls {
  /// `NIST SP 800-53 Rev. 5: SC-12, SC-28(3)`.
  var line: String { "\(Framework(id: framework).name): \(ids.joined(separator: ", "))" }
}
