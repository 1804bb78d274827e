import Findings
import SourceText
import Testing

@testable import Reporting

/// Edits in files, and the differences they make.
@Suite struct EditedFileTests {
  private static let file = FileID(0)

  /// A file, and which of some fixes it took.
  private func edited(_ text: String, _ fixes: [[(Range<Int>, String)]]) -> (file: EditedFile, taken: [Bool]) {
    var file = EditedFile(SourceFile(id: Self.file, path: "db/rooms.sql", bytes: Array(text.utf8)))
    let taken = fixes.map { edits in file.add(edits.map { TextEdit(Span(Self.file, $0.0), $0.1) }) }
    return (file, taken)
  }

  private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  @Test func editsStandInTheOrderOfTheirPlaces() {
    let edited = edited("abcdef", [[(4..<5, "E")], [(1..<2, "B"), (6..<6, "1")], [(6..<6, "2")], [(4..<4, "-")]])
    #expect(edited.taken == [true, true, true, true])
    #expect(text(edited.file.bytes) == "aBcd-Ef12")
    #expect(text(edited.file.bytes(in: 2..<5)) == "cd-E")
  }

  @Test func oneEditIsMadeOnce() {
    let edited = edited("abc", [[(1..<2, "B"), (3..<3, "!")], [(1..<2, "B"), (3..<3, "!")]])
    #expect(edited.taken == [true, true])
    #expect(text(edited.file.bytes) == "aBc!")
  }

  @Test(arguments: [1..<3, 0..<2, 2..<4, 0..<4, 2..<2, 3..<9])
  func overlappingEditsAreNotTaken(_ range: Range<Int>) {
    let edited = edited("abcd", [[(1..<3, "X")], [(0..<0, ">"), (range, "Y")]])
    #expect(edited.taken == [true, false])
    #expect(text(edited.file.bytes) == "aXd")
  }

  @Test func lineEndsAreThoseOfTheFile() {
    let edited = edited("a\r\nb\r\n", [[(6..<6, "c\nd\r\n")]])
    #expect(text(edited.file.bytes) == "a\r\nb\r\nc\r\nd\r\n")
  }

  /// The difference of a file, read back by the rules of the format.
  @Test func aDifferenceMakesTheNewFileOfTheOld() throws {
    var state: UInt64 = 42
    func number(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    let replacements = ["", "x", "x\n", "\n", "x\ny\n", "x\ny"]
    for _ in 0..<400 {
      var old = (0..<number(40)).map { "line \($0 % 7)\n" }.joined()
      if number(3) == 0 { old += "open" }
      let fixes = (0..<1 + number(4)).map { _ in
        let lower = number(old.utf8.count + 1)
        return [(lower..<min(lower + number(20), old.utf8.count), replacements[number(replacements.count)])]
      }
      let edited = edited(old, fixes).file
      let difference = text(UnifiedDiff.render([edited]))
      let patched = try #require(Patch(difference).applied(to: old), "\(difference)")
      #expect(patched == text(edited.bytes), "\(difference)")
      #expect(difference.isEmpty == (old == text(edited.bytes)))
    }
  }

  /// A reader of unified differences, as strict as `patch` without its guesses.
  private struct Patch {
    private let lines: [String]

    init(_ text: String) { lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) }

    func applied(to text: String) -> String? {
      guard lines.count > 1 else { return text }
      guard lines[0] == "--- a/db/rooms.sql", lines[1] == "+++ b/db/rooms.sql" else { return nil }
      var old: [String] = []
      for line in text.split(separator: "\n", omittingEmptySubsequences: false) { old.append("\(line)\n") }
      // What follows the last line end is no line.
      if let last = old.popLast(), last != "\n" { old.append(String(last.dropLast())) }
      var result: [String] = []
      var taken = 0
      var index = 2
      while index < lines.count - 1 {
        guard let header = try? /@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.wholeMatch(in: lines[index]),
          let from = Int(header.1), let to = Int(header.3)
        else { return nil }
        let removes = header.2.flatMap { Int($0) } ?? 1
        let adds = header.4.flatMap { Int($0) } ?? 1
        let start = removes == 0 ? from : from - 1
        guard start >= taken, start <= old.count else { return nil }
        result += old[taken..<start]
        guard result.count == (adds == 0 ? to : to - 1) else { return nil }
        taken = start
        index += 1
        var seen = (old: 0, new: 0)
        while seen.old < removes || seen.new < adds {
          guard index < lines.count, let sign = lines[index].first else { return nil }
          let isOpen = index + 1 < lines.count && lines[index + 1].hasPrefix("\\")
          let line = lines[index].dropFirst() + (isOpen ? "" : "\n")
          if sign != "+" {
            guard taken < old.count, old[taken] == line else { return nil }
            taken += 1
            seen.old += 1
          }
          if sign != "-" {
            result.append(String(line))
            seen.new += 1
          }
          index += isOpen ? 2 : 1
        }
      }
      return (result + old[taken...]).joined()
    }
  }
}
