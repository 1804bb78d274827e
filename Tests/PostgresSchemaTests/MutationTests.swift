import Foundation
import SourceText
import Testing

@testable import PostgresSchema

/// No input crashes or hangs the readers: fixtures are damaged in many ways, the same ones every time.
struct MutationTests {
  private struct Generator: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state ^ state >> 29
    }
  }

  private static let fixtures: [[UInt8]] = {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Fixtures/sql")
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path))?.sorted() ?? []
    return names.filter { $0.hasSuffix(".sql") || $0.hasSuffix(".py") }.compactMap {
      FileManager.default.contents(atPath: folder.appendingPathComponent($0).path).map { Array($0) }
    }
  }()

  private static let scraps = [
    "'", "\"", "$$", "(", ")", ";", "--", "/*", "\\", "\u{0}", "é", " CASCADE ", " BEGIN ", "EXECUTE ", "@blea a=\"",
    "DO $$", " IF ", "\u{FEFF}", "%I", "E'", "CREATE TABLE ",
  ]

  @Test(arguments: 0..<4) func damagedSQL(_ part: Int) {
    #expect(!MutationTests.fixtures.isEmpty)
    var generator = Generator(state: UInt64(part) + 7)
    for round in 0..<400 {
      let base = MutationTests.fixtures[round % MutationTests.fixtures.count]
      let bytes = damaged(base, &generator)
      let (catalogue, diagnostics) = Catalogue.replay([SQLSource(SourceFile(id: FileID(0), path: "x", bytes: bytes))])
      for table in catalogue.tables { #expect(table.origin.span.upper <= bytes.count) }
      for diagnostic in diagnostics { #expect((diagnostic.span?.upper ?? 0) <= bytes.count) }
      let embedded = EmbeddedSQL.find(inPython: MappedText(SourceFile(id: FileID(0), path: "x", bytes: bytes)))
      for table in Catalogue.replay(embedded).0.tables { #expect(table.origin.span.upper <= bytes.count) }
    }
  }

  private func damaged(_ base: [UInt8], _ generator: inout Generator) -> [UInt8] {
    var bytes = base
    for _ in 0..<Int.random(in: 1...4, using: &generator) where !bytes.isEmpty {
      let at = Int.random(in: 0..<bytes.count, using: &generator)
      switch Int.random(in: 0..<5, using: &generator) {
      case 0: bytes[at] = UInt8.random(in: 0...255, using: &generator)
      case 1: bytes.removeSubrange(at..<min(bytes.count, at + Int.random(in: 1...20, using: &generator)))
      case 2: bytes.insert(contentsOf: (MutationTests.scraps.randomElement(using: &generator) ?? "").utf8, at: at)
      case 3: bytes.removeSubrange(at...)
      default:
        let end = min(bytes.count, at + Int.random(in: 1...60, using: &generator))
        bytes.insert(contentsOf: Array(bytes[at..<end]), at: Int.random(in: 0..<bytes.count, using: &generator))
      }
    }
    return bytes
  }

  @Test(arguments: [
    "CREATE VIEW v AS SELECT " + Array(repeating: "1", count: 60_000).joined(separator: "+"),
    "CREATE VIEW v AS " + Array(repeating: "SELECT 1", count: 20_000).joined(separator: " UNION ALL "),
    "CREATE VIEW v AS SELECT " + String(repeating: "(", count: 50_000),
    "CREATE VIEW v AS SELECT " + String(repeating: "NOT ", count: 50_000) + "true",
    "CREATE VIEW v AS SELECT a" + String(repeating: "[1]", count: 40_000),
    "CREATE VIEW v AS SELECT a" + String(repeating: "::int", count: 40_000),
    "DO $$" + String(repeating: " BEGIN ", count: 30_000) + String(repeating: " END; ", count: 30_000) + "$$",
    "DO $$ BEGIN EXECUTE " + String(repeating: "(", count: 90_000) + "; END $$",
    String(repeating: "CREATE TABLE t (", count: 20_000), String(repeating: "$a", count: 50_000),
    String(repeating: "/*", count: 100_000), String(repeating: "CREATE\n", count: 50_000),
  ])
  func deepInput(_ sql: String) {
    let (_, _) = Catalogue.replay([SQLSource(SourceFile(id: FileID(0), path: "x", bytes: Array(sql.utf8)))])
  }
}
