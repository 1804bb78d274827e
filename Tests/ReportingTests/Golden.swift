import Foundation
import Testing

/// Expected outputs, beside the tests. With BLEALINT_UPDATE=1 in the environment they are written anew, and the test
/// still fails: a golden is blessed by whoever reads the difference, never by the run that made it.
enum Golden {
  static func check(_ text: String, _ name: String, location: Testing.SourceLocation = #_sourceLocation) throws {
    let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Goldens").appendingPathComponent(name)
    // Not `String(contentsOf:)`, which drops a byte order mark.
    let expected = (try? Data(contentsOf: url)).map { String(decoding: $0, as: UTF8.self) }
    if let expected, expected == text { return }
    if ProcessInfo.processInfo.environment["BLEALINT_UPDATE"] == "1" {
      try text.write(to: url, atomically: true, encoding: .utf8)
      Issue.record(
        "Blessed '\(name)': read the difference, then run without BLEALINT_UPDATE.", sourceLocation: location)
      return
    }
    let lines = zip(
      (expected ?? "").split(separator: "\n", omittingEmptySubsequences: false),
      text.split(separator: "\n", omittingEmptySubsequences: false))
    let difference = lines.enumerated().first { $1.0 != $1.1 }
      .map { " at line \($0.offset + 1):\n- \($0.element.0)\n+ \($0.element.1)\n" }
    Issue.record(
      """
      '\(name)' differs\(difference ?? " in length"). Set BLEALINT_UPDATE=1 to bless it.
      """, sourceLocation: location)
  }
}
