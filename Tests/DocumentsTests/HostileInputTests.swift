import SourceText
import Testing

@testable import Documents

@Suite("Hostile input")
struct HostileInputTests {
  private func read(_ text: String, _ format: DocumentFormat, _ limits: ReadingLimits = .standard) -> DocumentReading {
    Document.read(SourceFile(id: FileID(0), path: "x", bytes: Array(text.utf8)), as: format, limits: limits)
  }

  @Test(arguments: ["[", "{\"a\":", "[{\"a\":"])
  func `Deep nesting is refused`(_ opening: String) {
    for format in [DocumentFormat.yaml, .json] {
      let reading = read(String(repeating: opening, count: 20_000), format)
      #expect(reading.diagnostics.map(\.id) == ["nested-too-deeply"])
      #expect(reading.documents.isEmpty)
    }
  }

  @Test func `Deep blocks are refused`() {
    #expect(read(String(repeating: "- ", count: 20_000), .yaml).diagnostics.map(\.id) == ["nested-too-deeply"])
    let steps = (0..<500).map { String(repeating: " ", count: $0) + "a:\n" }.joined()
    #expect(read(steps, .yaml).diagnostics.map(\.id) == ["nested-too-deeply"])
  }

  @Test func `The limit of depth is exact`() {
    for format in [DocumentFormat.yaml, .json] {
      let reading = read(String(repeating: "[", count: 200) + String(repeating: "]", count: 200), format)
      #expect(reading.diagnostics.isEmpty)
      let deeper = read(String(repeating: "[", count: 201) + String(repeating: "]", count: 201), format)
      #expect(deeper.diagnostics.map(\.id) == ["nested-too-deeply"])
    }
  }

  @Test func `Aliases that multiply are refused without being written out`() {
    var text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
    for level in 1..<30 {
      let aliases = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ")
      text += "a\(level): &a\(level) [\(aliases)]\n"
    }
    let reading = read(text, .yaml)
    #expect(reading.diagnostics.map(\.id) == ["too-many-aliases"])
    #expect(reading.documents.isEmpty)
  }

  @Test func `Aliases that nest are refused`() {
    let text = "a0: &a0 [x]\n" + (1..<5_000).map { "a\($0): &a\($0) [*a\($0 - 1)]\n" }.joined()
    #expect(read(text, .yaml).diagnostics.map(\.id) == ["nested-too-deeply"])
  }

  @Test func `Merge keys that multiply are refused`() {
    let base = "base: &base { " + (0..<1_000).map { "k\($0): 1" }.joined(separator: ", ") + " }\n"
    let uses = (0..<200).map { "m\($0): { <<: *base }\n" }.joined()
    let limits = ReadingLimits(depth: 200, bytes: 1 << 20, nodes: 1_000_000, expansion: 100_000, diagnostics: 10)
    #expect(read(base + uses, .yaml, limits).diagnostics.map(\.id) == ["too-many-aliases"])
  }

  @Test func `Size is limited`() {
    var small = ReadingLimits.standard
    small.bytes = 10
    var few = ReadingLimits.standard
    few.nodes = 3
    for format in [DocumentFormat.yaml, .json] {
      #expect(read("[1, 2, 3, 4, 5]", format, small).diagnostics.map(\.id) == ["document-too-large"])
      #expect(read("[1, 2, 3, 4, 5]", format, few).diagnostics.map(\.id) == ["too-many-nodes"])
    }
  }

  @Test func `Undefined aliases in great number are read in no time`() {
    let text = (0..<20_000).map { "a\($0): &anchor\($0) x\nb\($0): *undefined\($0)\n" }.joined()
    #expect(read(text, .yaml).diagnostics.last?.id == "too-many-problems")
  }

  @Test func `Mutated documents are read without harm`() {
    var random = Mutations(seed: 0xB1EA)
    let fixtures = Fixture.all + Fixture.templates
    var decoded = 0
    var inexact: [String] = []
    #expect(!fixtures.isEmpty)
    for turn in 0..<5_000 {
      guard let fixture = fixtures.isEmpty ? nil : fixtures[turn % fixtures.count] else { return }
      let source = SourceFile(id: FileID(0), path: fixture.path, bytes: random.mutate(fixture.bytes))
      let reading = Document.read(source, as: fixture.format)
      if reading.documents.isEmpty { #expect(reading.diagnostics.contains { $0.severity == .error }) }
      for diagnostic in reading.diagnostics {
        let span = diagnostic.span ?? Span(source.id, 0..<0)
        if span.lower > span.upper || span.upper > source.bytes.count {
          Issue.record("\(fixture.path), turn \(turn): \(diagnostic)")
        }
      }
      for node in reading.documents.compactMap(\.root).flatMap(\.all) {
        let span = node.span
        if span.lower > span.upper || span.upper > source.bytes.count {
          Issue.record("\(fixture.path), turn \(turn): \(span)")
        }
        for position in node.items.indices where !node.span.contains(node.items.span(at: position)) {
          Issue.record("\(fixture.path), turn \(turn): an element of \(span) stands outside")
        }
        // Merged entries stand elsewhere.
        for entry in node.entries where span.contains(entry.key.span) && !span.contains(entry.span) {
          Issue.record("\(fixture.path), turn \(turn): an entry of \(span) stands outside")
        }
        guard node.record.place != .file else { continue }
        decoded += 1
        if node.mappedText.string != node.text { Issue.record("\(fixture.path), turn \(turn): '\(node.text)'") }
        guard node.storage.format == .yaml else { continue }
        let exact = source.bytes.withUnsafeBufferPointer {
          YAMLScalarMap.mapped($0, node.contentSpan.range, node.style, ArraySlice(node.text.utf8), in: source.id)
        }
        if exact == nil { inexact.append("turn \(turn): " + source.text(node.span)) }
      }
    }
    // The walk back gives up on a few oddities, such as blank lines deeper than an indentation given by a digit.
    #expect(inexact.count * 200 < decoded, "\(inexact.prefix(20))")
  }
}

/// Small harms to a file, the same ones in every run.
struct Mutations {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  private mutating func next(_ bound: Int) -> Int {
    // Knuth's MMIX generator; its high bits are the good ones.
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(state >> 33) % max(1, bound)
  }

  mutating func mutate(_ original: [UInt8]) -> [UInt8] {
    var bytes = original
    for _ in 0...next(3) where !bytes.isEmpty {
      let at = next(bytes.count)
      switch next(6) {
      case 0: bytes[at] ^= 1 << UInt8(next(8))
      case 1: bytes[at] = Array("{}[]:,'\"|>&*!%@#-?\\ \n\t\r".utf8)[next(23)]
      case 2: bytes.removeSubrange(at...)
      case 3: bytes.removeSubrange(at..<min(bytes.count, at + 1 + next(20)))
      case 4: bytes.insert(contentsOf: Array(bytes[at..<min(bytes.count, at + 1 + next(40))]), at: next(bytes.count))
      default: bytes.insert(contentsOf: Array("{}[]:,'\"|>&*!%@#-?\\ \n\t\r".utf8)[next(23)...].prefix(1), at: at)
      }
    }
    return bytes
  }
}
