import Foundation
import SourceText

@testable import PostgresSchema

/// A damaged text: the number says which fixture is damaged, and how.
struct Mutation {
  let number: Int
  /// Where the text before it was damaged comes from.
  let name: String
  let bytes: [UInt8]

  init(_ number: Int) {
    self.number = number
    let fixture = Mutation.fixtures[number % max(Mutation.fixtures.count, 1)]
    name = fixture.name
    var generator = Generator(state: UInt64(number) &* 0x9E37_79B9_7F4A_7C15 &+ 7)
    bytes = Mutation.damaged(fixture.bytes, &generator)
  }

  private struct Generator: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state ^ state >> 29
    }
  }

  /// Every SQL file of the fixtures, the Python and JavaScript that hold SQL, and the SQL in the examples of rules.
  static let fixtures: [(name: String, bytes: [UInt8])] = {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    func files(_ folder: String, _ endings: [String]) -> [(name: String, bytes: [UInt8])] {
      let folder = root.appendingPathComponent(folder)
      let names = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
      return names.sorted().filter { name in endings.contains { name.hasSuffix($0) } }.compactMap { name in
        FileManager.default.contents(atPath: folder.appendingPathComponent(name).path).map { (name, Array($0)) }
      }
    }
    let examples = files("Rules", [".yaml"]).flatMap { file in
      blocks(of: String(decoding: file.bytes, as: UTF8.self)).enumerated().map { index, text in
        ("\(file.name), \(index + 1)", Array(text.utf8))
      }
    }
    return files("Fixtures", [".sql", "setup.py", "setup.mjs"]) + examples
  }()

  /// The texts of `schema: |` in a rule's file.
  private static func blocks(of yaml: String) -> [String] {
    var blocks: [String] = []
    var isInside = false
    var indent = 0
    for line in yaml.split(separator: "\n", omittingEmptySubsequences: false) {
      let depth = line.prefix { $0 == " " }.count
      let content = line.dropFirst(depth)
      if isInside, content.isEmpty || depth > indent {
        blocks[blocks.count - 1] += content + "\n"
      } else if content.hasSuffix("schema: |") {
        isInside = true
        indent = depth
        blocks.append("")
      } else {
        isInside = false
      }
    }
    return blocks
  }

  private static let scraps = [
    "'", "\"", "$$", "(", ")", ";", "--", "/*", "\\", "\u{0}", "é", " CASCADE ", " BEGIN ", "EXECUTE ", "@blea a=\"",
    "DO $$", " IF ", "\u{FEFF}", "%I", "E'", "CREATE TABLE ", "-1", "[]", "::", "9999999999", " NULL ", "\r\n",
  ]

  private static func damaged(_ base: [UInt8], _ generator: inout Generator) -> [UInt8] {
    var bytes = base
    for _ in 0..<Int.random(in: 1...4, using: &generator) where !bytes.isEmpty {
      let at = Int.random(in: 0..<bytes.count, using: &generator)
      switch Int.random(in: 0..<8, using: &generator) {
      case 0: bytes[at] = UInt8.random(in: 0...255, using: &generator)
      case 1: bytes.removeSubrange(at..<min(bytes.count, at + Int.random(in: 1...20, using: &generator)))
      case 2: bytes.insert(contentsOf: (scraps.randomElement(using: &generator) ?? "").utf8, at: at)
      case 3: bytes.removeSubrange(at...)
      case 4:
        let end = min(bytes.count, at + Int.random(in: 1...60, using: &generator))
        bytes.insert(contentsOf: Array(bytes[at..<end]), at: Int.random(in: 0..<bytes.count, using: &generator))
      default: changeTokens(&bytes, &generator)
      }
    }
    return bytes
  }

  /// Leaves a token out, says it twice, or puts another of the text in its place: much of that still parses.
  private static func changeTokens(_ bytes: inout [UInt8], _ generator: inout Generator) {
    let tokens = SQLLexer.tokens(of: bytes)
    guard let token = tokens.randomElement(using: &generator), let other = tokens.randomElement(using: &generator)
    else { return }
    switch Int.random(in: 0..<3, using: &generator) {
    case 0: bytes.removeSubrange(token.range)
    case 1: bytes.insert(contentsOf: Array(bytes[token.range]) + [0x20], at: token.lower)
    default: bytes.replaceSubrange(token.range, with: Array(bytes[other.range]))
    }
  }
}
