/// A piece of a template's text in a message.
enum Excerpt {
  /// The text in single quotes, cut to one line and 60 characters.
  static func quoted(_ text: String) -> String {
    let start = text.prefix(61)
    let line = start.prefix { !$0.isNewline }.prefix(60)
    return "'" + line + (line.endIndex == text.endIndex ? "" : "…") + "'"
  }
}
