/// A piece of a template's text in a message.
enum Excerpt {
  /// The text in single quotes, cut to one line and 60 characters.
  static func quoted(_ text: String) -> String {
    let line = text.prefix { !$0.isNewline }
    let isCut = line.count > 60 || line.endIndex != text.endIndex
    return "'" + (isCut ? line.prefix(60) + "…" : line) + "'"
  }
}
