import Foundation
import Testing

/// What no source file may hold.
@Suite struct HouseRuleTests {
  /// Stops on input are crashes; a checker that crashes checks nothing. Force unwrapping is swift-format's to find.
  @Test func nothingCrashesOnInput() throws {
    let forbidden = try Pattern(#"\btry!|\bas!|\bfatalError\("#)
    for path in Repository.swiftFiles(under: "Sources/") {
      for line in SourceLine.all(of: path) {
        #expect(forbidden.firstMatch(in: line.code) == nil, "\(line)")
      }
    }
  }

  @Test func nothingIsLeftToDo() throws {
    let forbidden = try Pattern(#"\b(TO"# + #"DO|FIX"# + #"ME|XX"# + #"X)\b"#)
    for path in Repository.files where path.hasPrefix("Sources/") || path.hasPrefix("Rules/") {
      for (index, line) in (Repository.text(path) ?? "").split(separator: "\n", omittingEmptySubsequences: false)
        .enumerated()
      {
        #expect(forbidden.firstMatch(in: line) == nil, "\(path):\(index + 1): \(line)")
      }
    }
  }

  /// A file that needs a table of contents wants to be two.
  @Test func noSourceFileIsTooLong() {
    for path in Repository.swiftFiles(under: "Sources/") {
      let count = (Repository.text(path) ?? "").split(separator: "\n", omittingEmptySubsequences: false).count
      #expect(count <= 900, "\(path) has \(count) lines")
    }
  }

  /// Only Project and the command read files, print, or look at the clock and the environment: everything else is a
  /// function of its input. (The build tool and the benchmark are programs of their own.)
  @Test func onlyProjectAndTheCommandTouchTheWorld() throws {
    let allowed: Set<String> = ["Project", "blealint", "blealint-bench", "blealint-peers", "embed-rules", "EmbedRules"]
    let words = try Pattern(
      #"(?<![.\w])(?<!func )(open|fopen|print|debugPrint|puts|fputs|readLine|getenv|secure_getenv|clock_gettime|gettimeofday|isatty"#
        + #"|opendir|readdir|posix_spawn|system)\(|(?<![.\w])time\((nil|&)"#
        + #"|\b(ProcessInfo|FileManager|FileHandle|FileDescriptor|CommandLine|ContinuousClock|SuspendingClock"#
        + #"|SystemRandomNumberGenerator)\b|\.random\(|\.shuffled\(|\.randomElement\("#)
    for path in Repository.swiftFiles(under: "Sources/") {
      guard let target = Repository.target(of: path), !allowed.contains(target) else { continue }
      for line in SourceLine.all(of: path) {
        #expect(words.firstMatch(in: line.code) == nil, "\(line)")
      }
    }
  }

  /// Names that say nothing gather what belongs nowhere.
  @Test func noFileIsAJunkDrawer() throws {
    let junk = try Pattern(#"(Manager|Helpers?|Utils?|Utilities|Misc|Common|Shared)(\+\w+)?\.swift$"#)
    for path in Repository.swiftFiles(under: "Sources/") {
      #expect(junk.firstMatch(in: path) == nil, "\(path)")
    }
  }
}
