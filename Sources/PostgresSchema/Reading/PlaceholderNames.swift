import SourceText

/// The names that stand for placeholders, and the way back: no file says `__app_`, a reader looks for `${app}`.
package struct PlaceholderNames: Sendable {
  private struct Entry {
    let name: [UInt8]
    let written: [UInt8]
    /// A name such as `_app`, for psql's `:app`, is a part of names that are none of it.
    let isWholeWord: Bool
  }

  /// Longest first: the name of `${app_id}` begins like that of `${app}`.
  private let entries: [Entry]

  package init() { entries = [] }

  init(_ found: [Placeholders.Found]) {
    var entries: [Entry] = []
    for placeholder in found {
      guard let name = placeholder.name.map({ Array($0.utf8) }), !entries.contains(where: { $0.name == name })
      else { continue }
      entries.append(
        Entry(name: name, written: Array(placeholder.text.utf8), isWholeWord: !name.starts(with: "__".utf8)))
    }
    self.entries = entries.sorted { $0.name.count > $1.name.count }
  }

  /// Whether there are none, and every text stays as it is.
  package var isEmpty: Bool { entries.isEmpty }

  /// A text with the placeholders in place of the names that stand for them.
  package func asWritten(_ text: String) -> String {
    guard !entries.isEmpty else { return text }
    let bytes = Array(text.utf8)
    var result: [UInt8] = []
    var place = 0
    var isChanged = false
    while place < bytes.count {
      // Every such name begins with an underscore.
      if bytes[place] == UInt8(ascii: "_"), let entry = entries.first(where: { stands($0, at: place, in: bytes) }) {
        result += entry.written
        place += entry.name.count
        isChanged = true
      } else {
        result.append(bytes[place])
        place += 1
      }
    }
    return isChanged ? String(decoding: result, as: UTF8.self) : text
  }

  /// What a diagnostic says, with the placeholders in place of the names that stand for them.
  func asWritten(_ diagnostic: Diagnostic) -> Diagnostic {
    guard !entries.isEmpty else { return diagnostic }
    var result = diagnostic
    result.message = asWritten(diagnostic.message)
    result.cure = diagnostic.cure.map { asWritten($0) }
    result.related = diagnostic.related.map { Diagnostic.Related($0.span, asWritten($0.message)) }
    return result
  }

  private func stands(_ entry: Entry, at place: Int, in bytes: [UInt8]) -> Bool {
    let end = place + entry.name.count
    guard end <= bytes.count, bytes[place..<end].elementsEqual(entry.name) else { return false }
    guard entry.isWholeWord else { return true }
    return !(place > 0 && Placeholders.isNameByte(bytes[place - 1]))
      && !(end < bytes.count && Placeholders.isNameByte(bytes[end]))
  }
}
