import SourceText

/// A file with the edits of fixes in it.
package struct EditedFile: Sendable {
  package let source: SourceFile
  /// In the order of their places; those that insert at one place in the order in which they came.
  package private(set) var edits: [TextEdit] = []

  package init(_ source: SourceFile) { self.source = source }

  /// Whether the first line ends with both.
  private var hasCRLF: Bool {
    let end = source.bytes.firstIndex(of: UInt8(ascii: "\n")) ?? 0
    return end > 0 && source.bytes[end - 1] == UInt8(ascii: "\r")
  }

  /// Takes the edits of a fix, in the line ends of the file; one that is there already is not made twice.
  ///
  /// - Returns: false, and takes none of them, where one overlaps what is there or reaches out of the file.
  package mutating func add(_ more: [TextEdit]) -> Bool {
    // A large file has thousands of edits, and most fixes add one: no copy is made to return to.
    var inserted: [TextEdit] = []
    for edit in more {
      let hasLines = edit.replacement.utf8.contains(UInt8(ascii: "\n"))
      let wanted = hasLines && hasCRLF ? TextEdit(edit.span, Self.withCRLF(edit.replacement)) : edit
      switch insert(wanted) {
      case .new: inserted.append(wanted)
      case .present: continue
      case .impossible:
        for edit in inserted { remove(edit) }
        return false
      }
    }
    return true
  }

  private enum Insertion {
    case new
    /// It was there already.
    case present
    /// It overlaps another one, or reaches out of the file.
    case impossible
  }

  private mutating func remove(_ edit: TextEdit) {
    let start = edits.partitioningIndex { $0.span.lower >= edit.span.lower }
    if let index = edits[start...].firstIndex(of: edit) { edits.remove(at: index) }
  }

  private mutating func insert(_ edit: TextEdit) -> Insertion {
    guard edit.span.file == source.id, edit.span.lower >= 0, edit.span.lower <= edit.span.upper,
      edit.span.upper <= source.bytes.count
    else { return .impossible }
    // Behind all that begin no later.
    let end = edits.partitioningIndex { $0.span.lower > edit.span.lower }
    var index = end
    while index > 0, edits[index - 1].span.lower == edit.span.lower {
      if edits[index - 1] == edit { return .present }
      index -= 1
    }
    // What is inserted stands before what is replaced at the same place.
    let at = edit.span.isEmpty ? edits[index..<end].firstIndex { !$0.span.isEmpty } ?? end : end
    if at > 0, edits[at - 1].span.upper > edit.span.lower { return .impossible }
    if at < edits.count, edit.span.upper > edits[at].span.lower { return .impossible }
    edits.insert(edit, at: at)
    return .new
  }

  /// The whole file as it becomes.
  package var bytes: [UInt8] { bytes(in: 0..<source.bytes.count) }

  /// What becomes of a part of the file that no edit crosses the bounds of; offsets are those of the file as it is.
  package func bytes(in range: Range<Int>) -> [UInt8] {
    var result: [UInt8] = []
    var offset = range.lowerBound
    let first = edits.partitioningIndex { $0.span.lower >= range.lowerBound }
    for edit in edits[first...].prefix(while: { $0.span.upper <= range.upperBound }) {
      result += source.bytes[offset..<edit.span.lower]
      result += edit.replacement.utf8
      offset = edit.span.upper
    }
    return result + source.bytes[offset..<range.upperBound]
  }

  private static func withCRLF(_ text: String) -> String {
    var result: [UInt8] = []
    for byte in text.utf8 {
      if byte == UInt8(ascii: "\n"), result.last != UInt8(ascii: "\r") { result.append(UInt8(ascii: "\r")) }
      result.append(byte)
    }
    return String(decoding: result, as: UTF8.self)
  }
}
