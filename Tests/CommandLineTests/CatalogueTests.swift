import Foundation
import Testing

/// The page of all rules that the documentation ships, held to what `blealint rules --format markdown` says. It is
/// written anew with BLEALINT_UPDATE=1, and then the test fails once.
@Suite struct CatalogueTests {
  @Test func theShippedPageIsUpToDate() throws {
    let run = try Program.run(["rules", "--format", "markdown", "--no-config"], environment: [:])
    #expect(run.code == 0)
    let page = Program.root.appending(path: "Sources/BleaLintKit/BleaLint.docc/Rules.md")
    let shipped = (try? String(contentsOf: page, encoding: .utf8)) ?? ""
    guard run.output != shipped else { return }
    if ProcessInfo.processInfo.environment["BLEALINT_UPDATE"] == "1" {
      try run.output.write(to: page, atomically: true, encoding: .utf8)
      Issue.record("Rules.md was written anew: look at it, and run again.")
      return
    }
    Issue.record("\(GoldenTests.difference(shipped, run.output)) BLEALINT_UPDATE=1 writes it anew.")
  }
}
