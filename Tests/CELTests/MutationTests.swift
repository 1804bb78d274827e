import CEL
import SourceText
import Testing
import Values

/// Whatever is written, something is said and nothing breaks.
@Suite struct MutationTests {
  private static let seeds = [
    "cluster.isPublic && has(cluster.backup) && cluster.backup > 7 ? [1, 2u, 3.5e2] : {'a': b'\\xff', ?'k': m.?x}",
    "clusters.all(c, c.?key.rotates.orValue(false) && !(c.name in ['a', r'\\b', '''t''']))",
    "clusters.map(c, c.port > 1, -c.port).transformList(i, v, {i: v}).sortBy(e, size(e))[0][?1].optMap(v, v).value()",
    "cel.bind(x, wanted.matches('^[a-z]+(?i:x|y)*\\\\d{2,3}$'), x || cluster.tags.`a-b` == \"\\u00e9\\n\") // end",
    "timestamp('2024-02-29T00:00:00+09:00').getDayOfYear('-05:30') % int(duration('1h30m') / 2) == .a.b{c: 1}.d",
    "'%s %.2f %x'.format([wanted, 1.5, 255]).split(' ', 2).join('-').substring(1, 3).indexOf('a') == -9223372036854775",
  ]

  @Test func `mutated expressions never crash`() {
    var random = SeededGenerator(seed: 7)
    let alphabet = Array("()[]{}.,:?|&!<>=+-*/%'\"`\\ \n0123456789abcrux_$é".utf8)
    var environment = SampleTypes.environment
    environment.declare("m", .map(.string, .dyn))
    for round in 0..<6_000 {
      var bytes = Array(MutationTests.seeds[round % MutationTests.seeds.count].utf8)
      for _ in 0...Int.random(in: 0..<4, using: &random) {
        let at = Int.random(in: 0..<max(1, bytes.count), using: &random)
        switch Int.random(in: 0..<5, using: &random) {
        case 0 where !bytes.isEmpty: bytes.remove(at: at)
        case 1: bytes.insert(alphabet.randomElement(using: &random) ?? 0, at: min(at, bytes.count))
        case 2 where !bytes.isEmpty: bytes[at] = alphabet.randomElement(using: &random) ?? 0
        case 3: bytes = Array(bytes[..<min(at, bytes.count)])
        default:
          let end = min(bytes.count, at + Int.random(in: 1...12, using: &random))
          if at < end { bytes.insert(contentsOf: bytes[at..<end], at: Int.random(in: 0...bytes.count, using: &random)) }
        }
      }
      let text = MappedText(SourceFile(id: FileID(0), path: "", bytes: bytes))
      for isChecked in [true, false] {
        let compilation = CEL.Expression.compile(text, in: environment, isChecked: isChecked)
        #expect((compilation.expression == nil) == !compilation.diagnostics.isEmpty)
        for diagnostic in compilation.diagnostics {
          #expect(diagnostic.message.hasSuffix("."), "\(diagnostic.message)")
          #expect((diagnostic.span?.upper ?? .max) <= bytes.count, "\(diagnostic)")
        }
        let values: [Value] = [
          .object(ObjectValue("Cluster", 0)), .list([]), .string("x"), .map(MapValue([("x", .null)])),
        ]
        _ = compilation.expression?.evaluate(values, budget: 10_000).description
      }
    }
  }
}
