import Foundation

/// A regular expression, by the engine of Foundation: it knows look-behind, and is quick in debug builds too.
struct Pattern {
  private let expression: NSRegularExpression

  init(_ text: String) throws { expression = try NSRegularExpression(pattern: text) }

  /// The first match in a text, or nil.
  func firstMatch(in text: some StringProtocol) -> String? {
    let text = String(text)
    let match = expression.firstMatch(in: text, range: NSRange(text.startIndex..., in: text))
    return match.flatMap { Range($0.range, in: text) }.map { String(text[$0]) }
  }
}
