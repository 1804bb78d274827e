import SourceText

/// What has changed since a revision: lines of files, as `git diff --unified=0` tells them.
package struct ChangeSet: Sendable {
  /// As it was given.
  package let revision: String
  /// By path from the repository's root.
  private var files: [String: [Hunk]] = [:]

  /// Lines as they are now.
  private enum Hunk {
    /// Lines that were added or changed, the first counted from 1.
    case lines(Range<Int>)
    /// Lines that stood in front of this one were removed.
    case removal(before: Int)
    case all
  }

  /// Reads the output of `git diff --unified=0 --no-color --no-prefix`, and takes in the files that git does not know yet,
  /// by their paths from the repository's root.
  package init(revision: String, diff: [UInt8], untracked: [String] = []) {
    self.revision = revision
    var path: String?
    // Lines of content start with a sign as well: a hunk's header says how many of them follow.
    var content = 0
    for bytes in diff.split(separator: 0x0A, omittingEmptySubsequences: false) {
      if content > 0 {
        if let first = bytes.first, first == UInt8(ascii: "+") || first == UInt8(ascii: "-") { content -= 1 }
        continue
      }
      let line = String(decoding: bytes, as: UTF8.self)
      if line.hasPrefix("+++ ") {
        let name = Self.unquoted(String(line.dropFirst(4)))
        path = name == "/dev/null" ? nil : name
      } else if line.hasPrefix("@@ ") {
        let parts = line.split(separator: " ")
        guard parts.count >= 3, let old = Self.range(parts[1]), let new = Self.range(parts[2]) else { continue }
        content = old.count + new.count
        guard let path else { continue }
        files[path, default: []].append(
          new.count == 0 ? .removal(before: new.start + 1) : .lines(new.start..<new.start + new.count))
      }
    }
    for path in untracked { files[path] = [.all] }
  }

  /// `-12,3` or `+7`.
  private static func range(_ text: Substring) -> (start: Int, count: Int)? {
    let numbers = text.dropFirst().split(separator: ",")
    guard let start = numbers.first.flatMap({ Int($0) }), start >= 0 else { return nil }
    let count = numbers.count > 1 ? Int(numbers[1]) ?? 0 : 1
    return (start, max(0, min(count, 1 << 30)))
  }

  /// git quotes names with characters of C: `"infra/\\303\\251.yaml"`. A tab behind a name with blanks is none of it.
  private static func unquoted(_ written: String) -> String {
    guard written.hasPrefix("\"") else { return written.hasSuffix("\t") ? String(written.dropLast()) : written }
    var bytes: [UInt8] = []
    var rest = Array(written.utf8).dropFirst()
    while let byte = rest.popFirst(), byte != UInt8(ascii: "\"") {
      guard byte == UInt8(ascii: "\\"), let next = rest.first else {
        bytes.append(byte)
        continue
      }
      if let value = UInt8(String(decoding: rest.prefix(3), as: UTF8.self), radix: 8) {
        bytes.append(value)
        rest = rest.dropFirst(3)
      } else {
        let escapes: [UInt8: UInt8] = [UInt8(ascii: "n"): 0x0A, UInt8(ascii: "t"): 0x09, UInt8(ascii: "r"): 0x0D]
        bytes.append(escapes[next] ?? next)
        rest = rest.dropFirst()
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// A part of a file that changed.
  struct Place {
    /// In bytes; of a removal, from the end of the line before it to the start of the line behind it.
    let range: Range<Int>
    let isRemoval: Bool

    /// Whether the change lies in a region or goes into it.
    func touches(_ span: Span) -> Bool {
      isRemoval
        ? span.lower <= range.lowerBound && range.upperBound <= span.upper
        : span.lower < range.upperBound && range.lowerBound < max(span.upper, span.lower + 1)
    }

    /// Whether the change is one of a resource or statement that reaches so far: its last line may be what is gone.
    func concerns(_ whole: Span) -> Bool {
      isRemoval ? whole.lower <= range.lowerBound && range.lowerBound <= whole.upper : touches(whole)
    }
  }

  /// The changed parts of a file; nil where nothing changed.
  func places(in source: SourceFile) -> [Place]? {
    guard let hunks = files[source.path] else { return nil }
    let table = LineTable(source.bytes)
    return hunks.map { hunk in
      switch hunk {
      case .all: return Place(range: 0..<source.bytes.count, isRemoval: false)
      case .lines(let lines):
        let lower = table.range(ofLine: lines.lowerBound)?.lowerBound ?? source.bytes.count
        let upper = table.range(ofLine: lines.upperBound - 1)?.upperBound ?? source.bytes.count
        return Place(range: lower..<max(lower, upper), isRemoval: false)
      case .removal(let line):
        let behind = table.range(ofLine: line)?.lowerBound ?? source.bytes.count
        let before = table.range(ofLine: line - 1)?.upperBound ?? 0
        return Place(range: min(before, behind)..<behind, isRemoval: true)
      }
    }
  }
}
