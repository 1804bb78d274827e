import Foundation
import Testing

/// The verdicts of other tools in ../shared/corpus/peers: where we differ, somebody has looked at the template and
/// said in Fixtures/peers/settled.yaml who is right and why, and nowhere is it the other tool alone.
@Suite(.enabled(if: PeersCorpus.folder != nil, "needs ../shared/corpus/peers"))
struct PeersCorpusTests {
  @Test func noDisagreementIsUnsettled() throws {
    let folder = try #require(PeersCorpus.folder)
    let program = try #require(Program.executable).deletingLastPathComponent().appending(path: "blealint-peers")
    let run = try Program.run([folder.path()], in: Program.root, executable: program)
    let open = run.output.split(separator: "\n").filter { $0.contains("NOT SETTLED") || $0.hasPrefix("settled, but") }
    #expect(open.isEmpty, "\(open.joined(separator: "\n"))")
    #expect(run.code == 0, "\(run.output.suffix(4000))")
  }
}

enum PeersCorpus {
  static let folder: URL? = [Program.root.appending(path: ".."), Program.root.appending(path: "../..")]
    .map { $0.appending(path: "shared/corpus/peers") }
    .first { FileManager.default.fileExists(atPath: $0.appending(path: "manifest.json").path()) }
}
