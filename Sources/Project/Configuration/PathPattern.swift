/// A pattern of paths: `*` and `?` stand for characters within one part, `**` for any number of parts. A pattern that
/// names a folder matches everything in it.
package struct PathPattern: Hashable, Sendable {
  /// As it is written.
  package let text: String
  private let parts: [Substring]
  private let separator: Character
  private let matchesBelow: Bool

  /// A pattern of files and folders, or of construct paths.
  package init(_ text: String) { self.init(text, separator: "/", matchesBelow: true) }

  /// A pattern of qualified SQL names, whose parts are set apart by dots: `legacy.*` is every table of the schema, and
  /// with it what belongs to them.
  package static func table(_ text: String) -> PathPattern {
    PathPattern(text, separator: ".", matchesBelow: true)
  }

  /// A pattern of names that must match from end to end.
  package static func name(_ text: String) -> PathPattern {
    PathPattern(text, separator: "/", matchesBelow: false)
  }

  private init(_ text: String, separator: Character, matchesBelow: Bool) {
    self.text = text
    self.separator = separator
    self.matchesBelow = matchesBelow
    var parts = text.split(separator: separator)
    if separator == "/", parts.first == "." { parts.removeFirst() }
    self.parts = parts
  }

  /// Whether a path, whose parts are set apart as the pattern's are, is meant.
  package func matches(_ path: String) -> Bool {
    var given = path.split(separator: separator)
    if separator == "/", given.first == "." { given.removeFirst() }
    // For every part of the path, the positions in the pattern that it can have been read up to: linear in both.
    var reached: Set<Int> = closure([0])
    if reached.contains(parts.count), matchesBelow { return true }
    for part in given {
      var next: Set<Int> = []
      for position in reached where position < parts.count {
        if parts[position] == "**" {
          next.insert(position)
        } else if Self.matches(Array(parts[position].unicodeScalars), Array(part.unicodeScalars)) {
          next.insert(position + 1)
        }
      }
      reached = closure(next)
      if matchesBelow, reached.contains(parts.count) { return true }
      if reached.isEmpty { return false }
    }
    return reached.contains(parts.count)
  }

  /// `**` may stand for nothing.
  private func closure(_ positions: Set<Int>) -> Set<Int> {
    var result = positions
    for position in positions {
      var at = position
      while at < parts.count, parts[at] == "**" {
        at += 1
        result.insert(at)
      }
    }
    return result
  }

  /// `*` and `?` within one part; goes back to the last `*` only, which suffices.
  private static func matches(_ pattern: [Unicode.Scalar], _ text: [Unicode.Scalar]) -> Bool {
    var (at, next) = (0, 0)
    var star: (pattern: Int, text: Int)?
    while next < text.count {
      if at < pattern.count, pattern[at] == "*" {
        star = (at, next)
        at += 1
      } else if at < pattern.count, pattern[at] == "?" || pattern[at] == text[next] {
        at += 1
        next += 1
      } else if let back = star {
        star = (back.pattern, back.text + 1)
        at = back.pattern + 1
        next = back.text + 1
      } else {
        return false
      }
    }
    while at < pattern.count, pattern[at] == "*" { at += 1 }
    return at == pattern.count
  }
}
